"""`whypin pages`, run as a user runs it, and what site generators make of the files."""

from __future__ import annotations

import json
import os
import posixpath
import re
import subprocess
import sys
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from tests.built import broken_links, links, pages
from tests.cli.test_check import whypin
from tests.folders import record, uv_lock, write
from tests.site_examples import ROOT

DAY = ("--today", "2026-11-22")
DEMO = ("--root", "tests/data/projects/demo")
PROJECT: dict[str, str | bytes] = {
    "uv.lock": uv_lock(numpy="1.26.4", six="1.16.0"),
    "decisions/2026-11-20-numpy.yaml": record() + "context: '![The loss](loss.png)'\n",
    "decisions/loss.png": b"PNG",
}


def targets(folder: Path) -> list[tuple[str, str]]:
    """Every link of every page to another file, as (page, target), both below the folder."""
    found = []
    for path in folder.rglob("*.md"):
        page = path.relative_to(folder).as_posix()
        for target in re.findall(r'\]\(([^)]*)\)|href="([^"]*)"', path.read_text(encoding="utf-8")):
            parts = urlsplit(unescape("".join(target)))
            if not parts.scheme:
                there = posixpath.join(posixpath.dirname(page), parts.path or path.name)
                found.append((page, posixpath.normpath(there)))
    return found


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of a site with the pages of the demo project."""
    docs = tmp_path_factory.mktemp("team") / "docs"
    write(docs, {"index.md": "# Team\n\n[Why these versions](catalogue/index.md)\n"})
    done = whypin(ROOT, "pages", str(docs / "catalogue"), *DEMO, *DAY)
    assert (done.returncode, done.stderr) == (0, "")
    return docs


def test_every_link_leads_from_file_to_file(docs: Path) -> None:
    found = targets(docs / "catalogue")
    assert ("index.md", "packages/numpy.md") in found
    assert [(page, target) for page, target in found if not (docs / "catalogue" / target).is_file()] == []


def test_the_files_for_programs_lead_to_the_files(docs: Path) -> None:
    data = json.loads((docs / "catalogue/catalogue.json").read_text())
    assert data["version"] == 1
    for item in (*data["packages"], *data["decisions"]):
        assert (docs / "catalogue" / item["page"]).is_file()
    assert "decisions/2026-11-20-numpy.md" in (docs / "catalogue/decisions.atom").read_text()
    assert (docs / "catalogue/reviews.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")


@pytest.mark.parametrize("directories", [True, False])
def test_mkdocs_without_the_plugin_builds_them_strictly(docs: Path, tmp_path: Path, directories: bool) -> None:
    settings = {
        "site_name": "Team", "docs_dir": str(docs), "strict": True, "use_directory_urls": directories,
        "site_dir": str(tmp_path / "site"), "theme": "mkdocs", "plugins": [], "nav": ["index.md"],
        "validation": {"nav": {"omitted_files": "ignore"}, "links": {"anchors": "warn", "unrecognized_links": "warn"}},
    }  # fmt: skip
    write(tmp_path, {"mkdocs.yml": yaml.safe_dump(settings)})
    mkdocs_build(load_config(str(tmp_path / "mkdocs.yml")))
    assert broken_links(tmp_path / "site") == []
    assert any("packages/numpy" in address for _, address in links(tmp_path / "site"))


@pytest.mark.skipif(
    find_spec("zensical") is None and "WHYPIN_ZENSICAL" not in os.environ,
    reason="Zensical is not installed, and WHYPIN_ZENSICAL names no program",
)
def test_zensical_builds_them_strictly(docs: Path, tmp_path: Path) -> None:
    write(tmp_path, {f"docs/{path.relative_to(docs).as_posix()}": path.read_bytes() for path in _files(docs)})
    settings = {
        "site_name": "Team", "theme": {"name": "material", "font": False},
        "extra_css": ["catalogue/assets/catalogue.css"], "extra_javascript": ["catalogue/assets/catalogue.js"],
    }  # fmt: skip
    write(tmp_path, {"mkdocs.yml": yaml.safe_dump(settings)})
    program = [os.environ["WHYPIN_ZENSICAL"]] if "WHYPIN_ZENSICAL" in os.environ else [sys.executable, "-m", "zensical"]
    done = subprocess.run([*program, "build", "--strict"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    html = pages(tmp_path / "site")
    assert {"catalogue/index.html", "catalogue/packages/numpy/index.html"} <= set(html)
    assert broken_links(tmp_path / "site") == []
    assert (tmp_path / "site/catalogue/catalogue.json").is_file()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_folder_follows_its_project_and_keeps_what_has_not_changed(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    first = whypin(tmp_path, "pages", "out", *DAY)
    count = len(_files(tmp_path / "out")) - 1
    assert first.stdout == f"out: {count} files, {count} written\n"
    assert (tmp_path / "out/packages/six.md").is_file()
    assert [path.read_bytes() for path in (tmp_path / "out/images").iterdir()] == [b"PNG"]
    assert whypin(tmp_path, "pages", "out", *DAY).stdout == f"out: {count} files, 0 written\n"
    write(tmp_path, {"uv.lock": uv_lock(numpy="1.26.4")})
    assert whypin(tmp_path, "pages", "out", *DAY).stdout.endswith(", 1 removed\n")
    assert not (tmp_path / "out/packages/six.md").exists()


def test_equal_inputs_give_equal_files(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    for name in ("a", "b"):
        assert whypin(tmp_path, "pages", f"../{tmp_path.name}/{name}", *DAY).returncode == 0
    first, second = (sorted(path.read_bytes() for path in _files(tmp_path / name)) for name in ("a", "b"))
    assert first == second


def test_a_folder_outside_of_the_root(tmp_path: Path) -> None:
    write(tmp_path / "project", PROJECT)
    assert whypin(tmp_path / "project", "pages", str(tmp_path / "wiki"), *DAY).returncode == 0
    assert (tmp_path / "wiki/index.md").is_file()


def test_a_folder_with_other_files_is_refused_and_the_project_stays_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    for folder in (".", "decisions"):
        done = whypin(tmp_path, "pages", folder, *DAY)
        assert (done.returncode, done.stdout) == (2, "")
        assert "which whypin pages has not written" in done.stderr
    assert {path.relative_to(tmp_path).as_posix() for path in _files(tmp_path)} == set(PROJECT)


def test_title_and_addresses_are_the_teams_choice(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    done = whypin(
        tmp_path, "--title", "Why <these>", "--package-url", "https://p.example/{name}", "pages", "out", *DAY,
        "--source-url", "https://s.example/{path}#L{line}",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((tmp_path / "out/catalogue.json").read_text())["title"] == "Why <these>"
    page = (tmp_path / "out/packages/numpy.md").read_text()
    assert "p&#46;example" in page or "p.example" in page


@pytest.mark.parametrize("option", ["--package-url", "--source-url"])
def test_an_address_that_no_page_may_link_to_is_refused(tmp_path: Path, option: str) -> None:
    done = whypin(write(tmp_path, PROJECT), "pages", "out", option, "javascript:{name}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'javascript:{name}' is not a web address; begin it with https://" in done.stderr.replace("\n", " ")
    assert not (tmp_path / "out").exists()


def test_an_input_that_cannot_be_read_writes_nothing(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {**PROJECT, "uv.lock": "["}), "pages", "out")
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()
