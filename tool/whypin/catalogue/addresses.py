"""Where a page is found from the catalogue's folder, once a generator has made a site of it, or none has."""

from __future__ import annotations

from typing import Literal

#: `markdown`: the files themselves (`x.md`); `html`: a file for each (`x.html`); `folder`: a folder for each (`x/`).
Style = Literal["markdown", "html", "folder"]


def address(path: str, folder: str, style: Style) -> str:
    """Return the address of a page, given by its path, relative to the catalogue's folder."""
    inner = path.removeprefix(f"{folder}/")
    if style == "markdown":
        return inner
    stem = inner.removesuffix(".md")
    if style == "html":
        return f"{stem}.html"
    return f"{stem.removesuffix('index')}" or "./" if stem.rpartition("/")[2] == "index" else f"{stem}/"
