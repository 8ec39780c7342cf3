"""Sites, built as MkDocs builds them, and what is in them."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from tests.catalogue.reading import elements
from tests.folders import write

MATERIAL = {"name": "material", "font": False}


def build(folder: Path, files: dict[str, str], **config: Any) -> Path:
    """Write the files, build the site strictly and return its folder; raises what MkDocs raises."""
    settings = {
        "site_name": "Team",
        "theme": MATERIAL,
        "strict": True,
        "plugins": ["search", {"whypin": {"today": "2026-11-22"}}],
        "validation": {"links": {"anchors": "warn", "unrecognized_links": "warn", "absolute_links": "warn"}},
        "nav": ["index.md", "catalogue/index.md"],
    } | config
    write(folder, {"docs/index.md": "# Team\n", **files, "mkdocs.yml": yaml.safe_dump(settings)})
    return build_again(folder)


def build_again(folder: Path, **overrides: Any) -> Path:
    """Build the site that is described in the folder."""
    config = load_config(str(folder / "mkdocs.yml"), **overrides)
    config.plugins.on_startup(command="build", dirty=False)
    try:
        mkdocs_build(config)
    finally:
        config.plugins.on_shutdown()
    return Path(config.site_dir)


def pages(site: Path) -> dict[str, str]:
    """Return the HTML of every page by its path."""
    return {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}


def links(site: Path) -> Iterator[tuple[str, str]]:
    """Yield (page, address) for every link of every page."""
    for path, html in pages(site).items():
        for element in elements(html):
            if element.tag == "a" and "href" in element.attributes:
                yield path, element.attributes["href"]


def broken_links(site: Path) -> list[tuple[str, str]]:
    """Return the links within the site that lead to no file, or to a place on a page that is not there."""
    found = pages(site)
    places = {path: {e.attributes.get("id") for e in elements(html)} | {""} for path, html in found.items()}
    broken = []
    for path, address in links(site):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or path == "404.html":
            continue
        target = (
            posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
        )
        page = next((one for one in (target, posixpath.normpath(f"{target}/index.html")) if one in found), None)
        if page is None and not parts.fragment and (site / target).is_file():
            continue
        if page is None or unquote(parts.fragment) not in places[page]:
            broken.append((path, address))
    return broken


def search_index(site: Path) -> list[dict[str, str]]:
    """Return what the search knows: entries of location, title and text."""
    docs: list[dict[str, str]] = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    return docs
