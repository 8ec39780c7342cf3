from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files

from tests import build as small
from tests.built import MATERIAL, broken_links, build, build_again, links, pages, search_index
from tests.catalogue.hostile import PAYLOADS, hostile_project
from tests.catalogue.reading import ACTIVE, dangers, elements, text
from tests.folders import write
from tests.history.repository import Repository
from whypin import app, mkdocs_plugin

RECORD = """\
title: Hold NumPy below 2
status: accepted
deciders: [data-platform]
packages:
  numpy: "<2,>=1.26"
rationale: The pipeline was validated with the 1.x series, and its kumquat stage crashes with 2.0.
"""
ATOM = "{http://www.w3.org/2005/Atom}"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>'
FILES = {
    "requirements.txt": "numpy==1.26.4\nsix==1.16.0\n    # via python-dateutil\npython-dateutil==2.9.0\n",
    "decisions/2026-11-20-numpy.yaml": RECORD,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("team"), FILES)


def test_a_strict_build_has_every_page(site: Path) -> None:
    assert {path for path in pages(site) if path.startswith("catalogue/")} == {
        "catalogue/index.html",
        "catalogue/packages/index.html",
        "catalogue/decisions/index.html",
        "catalogue/findings/index.html",
        "catalogue/read-first/index.html",
        "catalogue/reviews/index.html",
        "catalogue/policy/index.html",
        "catalogue/debt/index.html",
        "catalogue/packages/numpy/index.html",
        "catalogue/packages/six/index.html",
        "catalogue/packages/python-dateutil/index.html",
        "catalogue/decisions/2026-11-20-numpy/index.html",
    }
    assert "What is locked in requirements.txt and why, as of 2026-11-22." in text(pages(site)["catalogue/index.html"])


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs", MATERIAL], ids=["mkdocs", "readthedocs", "material"])
@pytest.mark.parametrize("directories", [True, False])
def test_every_link_leads_somewhere(tmp_path: Path, theme: object, directories: bool) -> None:
    built = build(tmp_path, FILES, theme=theme, use_directory_urls=directories)
    assert any("packages/numpy" in address for _, address in links(built))
    assert broken_links(built) == []


def test_generated_pages_stay_out_of_the_nav(site: Path) -> None:
    addresses = {address for path, address in links(site) if path == "index.html"}
    assert "catalogue/" in addresses
    assert not any("packages" in address or "decisions" in address for address in addresses)


def test_the_search_knows_names_and_words_of_the_rationale(site: Path) -> None:
    entries = search_index(site)
    assert {"numpy", "six", "python-dateutil", "Hold NumPy below 2"} <= {entry["title"] for entry in entries}
    assert {entry["location"].partition("#")[0] for entry in entries if "kumquat" in entry["text"]} == {
        "catalogue/read-first/",
        "catalogue/packages/numpy/",
        "catalogue/decisions/2026-11-20-numpy/",
    }


def test_style_and_script_come_from_the_site(site: Path) -> None:
    html = pages(site)["catalogue/index.html"]
    assert '<link rel="stylesheet" href="../assets/whypin/catalogue.css">' in html
    assert '<script src="../assets/whypin/catalogue.js"></script>' in html
    assert (site / "assets/whypin/catalogue.css").stat().st_size > 1000
    assert (site / "assets/whypin/catalogue.js").stat().st_size > 500


def test_nothing_is_written_to_the_sources(tmp_path: Path) -> None:
    build(tmp_path, FILES)
    assert [path.name for path in (tmp_path / "docs").iterdir()] == ["index.md"]


def test_root_folder_title_and_package_url_are_the_sites_choice(tmp_path: Path) -> None:
    options = {
        "root": "..",
        "folder": "stack/why",
        "title": "Why these",
        "package_url": "https://p.example/{name}?v={version}",
    }
    files = {f"../{path}": content for path, content in FILES.items()}
    built = build(tmp_path / "site", files, plugins=[{"whypin": options}], nav=["index.md", "stack/why/index.md"])
    html = pages(built)["stack/why/packages/numpy/index.html"]
    assert "https://p.example/numpy?v=1.26.4" in [e.attributes.get("href") for e in elements(html)]
    assert "Why these" in text(html)


def test_several_catalogues_stand_side_by_side(tmp_path: Path) -> None:
    other = {f"b/{path}": content for path, content in FILES.items()}
    plugins = [{"whypin": {"root": "."}}, {"whypin": {"root": "b", "folder": "b"}}]
    built = build(tmp_path, {**FILES, **other, "whypin.toml": "exclude = ['b/**']\n"}, plugins=plugins)
    html = pages(built)["b/packages/numpy/index.html"]
    assert html.count("assets/whypin/catalogue.css") == html.count("assets/whypin/catalogue.js") == 1
    assert broken_links(built) == []


@pytest.mark.parametrize(
    ("options", "environment", "day"),
    [
        ({"today": "2026-03-04"}, {}, "2026-03-04"),
        ({"today": "2026-03-04"}, {"SOURCE_DATE_EPOCH": "0"}, "2026-03-04"),
        ({}, {"SOURCE_DATE_EPOCH": "1767225599"}, "2025-12-31"),
        ({}, {"SOURCE_DATE_EPOCH": "1767225600"}, "2026-01-01"),
    ],
)
def test_the_day_can_be_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, str], environment: dict[str, str], day: str
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    built = build(tmp_path, FILES, plugins=[{"whypin": options}], theme="mkdocs")
    assert f"as of {day}." in text(pages(built)["catalogue/index.html"])


def test_equal_inputs_give_equal_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    first = pages(build(tmp_path, FILES))
    assert pages(build_again(tmp_path, site_dir=str(tmp_path / "other"))) == first


@pytest.mark.parametrize(
    ("files", "options", "said"),
    [
        ({"requirements.txt": "# nothing yet\n"}, {}, "whypin: no lock file found below"),
        ({"uv.lock": "["}, {}, "whypin: uv.lock:1:"),
        ({"whypin.toml": "lokcs = []"}, {}, "whypin: whypin.toml:1:1: lokcs: 'lokcs' is not a key here"),
        ({}, {"root": "nowhere"}, "nowhere is not a folder"),
        ({}, {"today": "tomorrow"}, "whypin: today 'tomorrow' is not a day like 2026-11-22"),
        ({}, {"folder": "../x"}, "whypin: folder '../x' is not a folder of the site"),
        ({}, {"folder": ""}, "whypin: folder '' is not a folder of the site"),
        ({}, {"package_url": "javascript:{name}"}, "whypin: package_url 'javascript:{name}' is not a web address"),
        ({}, {"source_url": "file:///{path}"}, "whypin: source_url 'file:///{path}' is not a web address"),
        ({"docs/catalogue/index.md": "# Mine"}, {}, "whypin: there is a page catalogue/index.md already"),
    ],
)
def test_what_cannot_be_built_is_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, files: dict[str, str], options: Any, said: str
) -> None:
    with pytest.raises(Abort):
        build(tmp_path, {**FILES, **files}, plugins=[{"whypin": options}], theme="mkdocs")
    (message,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert said in message
    assert "\n" not in message


@pytest.mark.parametrize("epoch", ["soon", "9" * 30])
def test_a_wrong_epoch_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(Abort):
        build(tmp_path, FILES, plugins=["whypin"], theme="mkdocs")
    assert f"SOURCE_DATE_EPOCH '{epoch}' is no time" in caplog.text


@pytest.mark.parametrize(
    ("fail_on", "warned"), [("never", []), ("error", ["WHY101"]), ("warning", ["WHY101", "WHY103"])]
)
def test_findings_count_where_the_site_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fail_on: str, warned: list[str]
) -> None:
    """A warning is what makes a strict build fail."""
    files = FILES | {
        "whypin.toml": "[policy]\ncritical = ['six']\n",
        "decisions/2026-11-21-gone.yaml": RECORD.replace("numpy:", "gone:").replace("NumPy", "it"),
    }
    plugins = [{"whypin": {"today": "2026-11-22", "fail_on": fail_on}}]
    if warned:
        with pytest.raises(Abort):
            build(tmp_path, files, plugins=plugins, theme="mkdocs")
    else:
        build(tmp_path, files, plugins=plugins, theme="mkdocs")
    said = [record.getMessage() for record in caplog.records if record.name == "mkdocs.plugins.whypin"]
    told = [re.search(r"\.(?:txt|yaml):\d+:\d+: (?:error|warning) (WHY\d+) .", line) for line in said]
    codes = {match[1] for match in told if match}
    assert all(told) and codes & {"WHY101", "WHY103"} == set(warned)
    assert fail_on == "warning" or codes == set(warned)


def test_no_more_findings_are_told_than_anybody_reads(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    locked = "".join(f"package-{number}==1.0\n" for number in range(30))
    files = {"requirements.txt": locked, "whypin.toml": "[policy]\nrequire = 'all'\n"}
    with pytest.raises(Abort):
        build(tmp_path, files, plugins=[{"whypin": {"fail_on": "error"}}], theme="mkdocs")
    said = [record.getMessage() for record in caplog.records if record.name == "mkdocs.plugins.whypin"]
    assert len(said) == 21
    assert "and 10 more: whypin check tells them all" in said[-1]


def test_what_is_for_programs_stands_beside_the_pages(site: Path) -> None:
    data = json.loads((site / "catalogue/catalogue.json").read_text(encoding="utf-8"))
    for item in (*data["packages"], *data["decisions"]):
        assert (site / "catalogue" / item["page"] / "index.html").is_file()
    feed = ElementTree.parse(site / "catalogue/decisions.atom")
    (link,) = feed.findall(f"{ATOM}entry/{ATOM}link")
    assert (site / "catalogue" / link.attrib["href"] / "index.html").is_file()
    assert b"BEGIN:VEVENT\r\n" in (site / "catalogue/reviews.ics").read_bytes()
    addresses = {address for path, address in links(site) if path == "catalogue/index.html"}
    assert {"catalogue.json", "decisions.atom", "reviews.ics"} <= addresses
    head = [e.attributes for e in elements(pages(site)["catalogue/index.html"]) if e.tag == "link"]
    assert "decisions.atom" in [one["href"] for one in head if one.get("type") == "application/atom+xml"]


@pytest.mark.parametrize(("directories", "end"), [(True, "/"), (False, ".html")])
def test_a_feed_of_a_site_with_an_address_has_whole_links(tmp_path: Path, directories: bool, end: str) -> None:
    site_url = "https://team.example/docs/"
    built = build(tmp_path, FILES, theme="mkdocs", site_url=site_url, use_directory_urls=directories)
    feed = ElementTree.parse(built / "catalogue/decisions.atom")
    (link,) = feed.findall(f"{ATOM}entry/{ATOM}link")
    assert link.attrib["href"] == f"{site_url}catalogue/decisions/2026-11-20-numpy{end}"
    own = {one.attrib["rel"]: one.attrib["href"] for one in feed.findall(f"{ATOM}link")}
    assert own["self"] == f"{site_url}catalogue/decisions.atom"


@pytest.mark.parametrize("theme", ["mkdocs", MATERIAL], ids=["mkdocs", "material"])
@pytest.mark.parametrize("directories", [True, False])
def test_images_beside_a_record_show(tmp_path: Path, theme: object, directories: bool) -> None:
    words = "rationale: |\n  See below.\n\n  ![The loss](plots/loss%20curve.PNG)\n\n  It grows ![here](a.svg).\n"
    files = FILES | {"decisions/2026-11-20-numpy.yaml": RECORD.partition("rationale:")[0] + words}
    write(tmp_path, {"decisions/a.svg": SVG, "decisions/plots/loss curve.PNG": "PNG", "decisions/private.png": "x"})
    built = build(tmp_path, files, theme=theme, use_directory_urls=directories)
    for page in ("packages/numpy", "decisions/2026-11-20-numpy"):
        path = f"catalogue/{page}/index.html" if directories else f"catalogue/{page}.html"
        images = [e.attributes for e in elements(pages(built)[path]) if e.tag == "img"]
        assert [image["alt"] for image in images] == ["The loss", "here"]
        shown = [((built / path).parent / image["src"]).resolve() for image in images]
        assert [image.read_text() for image in shown] == ["PNG", SVG]
        html = pages(built)[path]
        assert html.index("See below") < html.index('alt="The loss"') < html.index("It grows")
    assert not [path for path in built.rglob("*.png") if path.read_text("latin-1") == "x"]


def test_no_image_comes_from_outside_of_the_records_or_runs(tmp_path: Path) -> None:
    names = [
        "../secret.png",
        "/etc/x.png",
        "%2e%2e/secret.png",
        "..\\\\secret.png",
        "link.png",
        "up/secret.png",
        "run.svg",
    ]
    words = "rationale: |\n" + "".join(f"  ![word{at}]({name})\n\n" for at, name in enumerate(names))
    files = FILES | {"decisions/2026-11-20-numpy.yaml": RECORD.partition("rationale:")[0] + words}
    write(tmp_path, {"secret.png": "SECRET", "decisions/run.svg": SVG.replace("<g/>", "<script>pwned</script>")})
    (tmp_path / "decisions/link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "decisions/up").symlink_to(tmp_path)
    built = build(tmp_path, files, theme="mkdocs")
    html = pages(built)["catalogue/decisions/2026-11-20-numpy/index.html"]
    assert [e for e in elements(html) if e.tag == "img"] == []
    assert all(f"word{at}" in text(html) for at in range(len(names)))
    assert not [path for path in built.rglob("*") if path.is_file() and b"SECRET" in path.read_bytes()]
    assert not list(built.rglob("catalogue/images/*"))


def test_of_very_many_pages_the_words_of_a_decision_are_found_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mkdocs_plugin, "_MANY", 5)
    found = [entry for entry in search_index(build(tmp_path, FILES)) if "kumquat" in entry["text"]]
    assert not [entry["location"] for entry in found if "/packages/" in entry["location"]]
    assert [entry["location"] for entry in found if "/decisions/" in entry["location"]]


WORDS = """\
rationale: |
  !!! warning "Mind"
      The kumquat stage crashes.[^1] {onclick=window.pwned=1}

  - [x] Read ++f1++
  - [ ] Run `#!python import numpy`

  --8<-- "/etc/passwd"

  [^1]: See <b>there</b>.
"""
OWN = ["admonition", "footnotes", "attr_list", "md_in_html", {"toc": {"permalink": True}}, "abbr", "smarty"] + [
    f"pymdownx.{name}" for name in ("superfences", "tasklist", "keys", "inlinehilite", "snippets", "emoji", "tabbed")
]


@pytest.mark.parametrize("theme", ["mkdocs", MATERIAL], ids=["mkdocs", "material"])
def test_records_are_read_with_the_sites_own_markdown(
    tmp_path: Path, theme: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mkdocs.plugins.whypin")
    files = FILES | {"decisions/2026-11-20-numpy.yaml": RECORD.partition("rationale:")[0] + WORDS}
    built = build(tmp_path, files, theme=theme, markdown_extensions=OWN)
    for page in ("packages/numpy", "decisions/2026-11-20-numpy"):
        html = pages(built)[f"catalogue/{page}/index.html"]
        body = html.partition('class="whypin-prose"')[2].partition("</article>")[0]
        assert '<div class="admonition warning">' in body and '<kbd class="key-f1">' in body
        assert '<input type="checkbox" disabled checked' in body and '<span class="kn">import</span>' in body
        assert "<b>there" not in body and "onclick=" not in body and "root:" not in body
    assert broken_links(built) == []
    assert "records are read without pymdownx.tabbed; see trusted_extensions" in caplog.text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pymdownx.snippets", "trusted_extensions: pymdownx.snippets reads files; records never get it"),
        ("pymdownx.tabbed", "trusted_extensions: 'pymdownx.tabbed' is none of the site's markdown_extensions"),
    ],
)
def test_an_extension_is_trusted_only_where_that_can_be(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, said: str
) -> None:
    with pytest.raises(Abort):
        build(tmp_path, FILES, plugins=[{"whypin": {"trusted_extensions": [name]}}], theme="mkdocs")
    assert said in caplog.text


def test_a_decision_can_be_edited_where_the_site_says(tmp_path: Path) -> None:
    options = {"edit_url": "https://git.example/edit/{path}"}
    built = build(tmp_path, FILES, plugins=[{"whypin": options}], theme="mkdocs")
    html = pages(built)["catalogue/decisions/2026-11-20-numpy/index.html"]
    (link,) = [e for e in elements(html) if e.text == ["Edit"]]
    assert link.attributes["href"] == "https://git.example/edit/decisions/2026-11-20-numpy.yaml"


def _moved(folder: Path) -> Repository:
    """A repository in which numpy moved twice in three months, and six went and came."""
    repository = Repository(folder)
    lock = FILES["requirements.txt"]
    repository.commit("Begin", {"requirements.txt": lock.replace("1.26.4", "1.24.3")})
    repository.commits += 24 * 40
    moved = {
        "requirements.txt": lock.replace("1.26.4", "1.25.0").replace("six==1.16.0\n    # via python-dateutil\n", "")
    }
    repository.commit("Bump <script>window.pwned=1</script> | numpy", moved)
    repository.commits += 24 * 40
    repository.commit("Hold it", FILES)
    return repository


@pytest.mark.parametrize("theme", ["mkdocs", MATERIAL], ids=["mkdocs", "material"])
def test_the_history_shows_where_it_is_asked_for(tmp_path: Path, theme: object) -> None:
    repository = _moved(tmp_path)
    plugins = [{"whypin": {"today": "2026-11-22", "history": True}}]
    built = build(tmp_path, {}, plugins=plugins, theme=theme)
    html = pages(built)["catalogue/packages/numpy/index.html"]
    assert dangers(html.partition('<svg viewBox="0 0 320')[2].partition("</table>")[0]) == []
    shown = text(html)
    assert "1.24.3 from 2026-01-01 to 2026-02-10; 1.25.0 from 2026-02-10 to 2026-03-22; 1.26.4 from" in shown
    assert f"2026-03-221.25.01.26.4{repository.head()[:9]}Hold it · Hold NumPy below 2" in shown
    assert "2026-01-01–1.24.3" in shown and "Bump <script>window.pwned=1</script> | numpy" in shown
    debt = text(pages(built)["catalogue/debt/index.html"]).partition("Over time")[2]
    assert "Locked packages2026-01: 3; 2026-11: 3; at most 3." in debt
    assert "Locked versions that moved in the last year" in debt and "Feb 1, Mar 1," in debt
    assert broken_links(built) == []


@pytest.mark.parametrize("case", ["not asked", "no repository", "shallow"])
def test_without_all_of_the_history_there_is_none(tmp_path: Path, caplog: pytest.LogCaptureFixture, case: str) -> None:
    caplog.set_level("INFO", "mkdocs.plugins.whypin")
    folder = tmp_path / "whole"
    if case == "no repository":
        write(folder, FILES)
    else:
        _moved(folder)
    if case == "shallow":
        address = folder.as_uri()
        subprocess.run(["git", "clone", "-q", "--depth=1", address, str(tmp_path / "cut")], check=True)
        folder = tmp_path / "cut"
    built = build(folder, {}, plugins=[{"whypin": {"history": case != "not asked"}}], theme="mkdocs")
    for path in ("packages/numpy", "debt"):
        html = pages(built)[f"catalogue/{path}/index.html"]
        assert "Timeline" not in html and "Locked versions" not in html
    said = {"not asked": "", "no repository": "is in no git repository", "shallow": "this clone is shallow"}[case]
    assert (f"no timelines: {said}" if case == "shallow" else said) in caplog.text
    assert ("no timelines" in caplog.text) == (case != "not asked")


def test_an_option_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Abort):
        build(tmp_path, FILES, plugins=[{"whypin": {"tilte": "x"}}])


def test_a_broken_record_is_a_finding_and_not_a_broken_build(tmp_path: Path) -> None:
    built = build(tmp_path, {**FILES, "decisions/2026-11-21-x.yaml": "title: x\n"}, theme="mkdocs")
    assert "decisions/2026-11-21-x.yaml:1:1" in text(pages(built)["catalogue/index.html"])


def test_serve_watches_what_the_pages_are_made_of(tmp_path: Path) -> None:
    watched: set[str] = set()

    class Server:
        def watch(self, path: str) -> None:
            watched.add(Path(path).resolve().relative_to(tmp_path.resolve()).as_posix())

    read = {"requirements.txt": "numpy==1.26.4\n", "requirements.in": "numpy\n", "pyproject.toml": "[tool.whypin]\n"}
    build(tmp_path, {**FILES, **read})
    config = load_config(str(tmp_path / "mkdocs.yml"))
    config.plugins.on_files(Files([]), config=config)
    config.plugins.on_serve(Server(), config=config, builder=None)  # type: ignore[arg-type]
    assert watched == {"decisions", "pyproject.toml", "requirements.txt", "requirements.in"}


@pytest.mark.parametrize(
    ("path", "content", "shown"),
    [
        ("decisions/2026-11-20-numpy.yaml", RECORD.replace("Hold NumPy below 2", "Stay below 2"), "Stay below 2"),
        ("requirements.txt", "numpy==1.26.3\n", "1.26.3"),
    ],
)
def test_serve_builds_again_when_something_changes(tmp_path: Path, path: str, content: str, shown: str) -> None:
    """As `mkdocs serve` does it: a page waits for the next build, and then has what was changed."""
    build(tmp_path, FILES, theme="mkdocs")
    config = load_config(str(tmp_path / "mkdocs.yml"), site_dir=str(tmp_path / "served"))
    built = threading.Event()

    def builder() -> None:
        mkdocs_build(load_config(str(tmp_path / "mkdocs.yml"), site_dir=str(tmp_path / "served")))
        built.set()

    server = LiveReloadServer(builder, "127.0.0.1", 0, str(tmp_path / "served"), polling_interval=0.05)
    config.plugins.on_files(Files([]), config=config)
    config.plugins.on_serve(server, config=config, builder=builder)
    server.observer.start()
    thread = threading.Thread(target=server._build_loop, daemon=True)
    thread.start()
    try:
        assert shown not in text(pages(tmp_path / "site")["catalogue/packages/numpy/index.html"])
        # Written again where the first came before the watch had looked.
        assert any(write(tmp_path, {path: content}) and built.wait(3) for _ in range(10))
    finally:
        server.shutdown()
        thread.join(30)
    assert shown in text(pages(tmp_path / "served")["catalogue/packages/numpy/index.html"])


#: Extensions of a site that could make something of a text that is none of theirs.
EXTENSIONS = [
    *("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "smarty", "toc"),
    *("pymdownx.arithmatex", "pymdownx.caret", "pymdownx.critic", "pymdownx.details", "pymdownx.emoji"),
    *("pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.keys", "pymdownx.magiclink", "pymdownx.mark"),
    *("pymdownx.snippets", "pymdownx.superfences", "pymdownx.tasklist", "pymdownx.tilde"),
]


def active(html: str) -> Counter[str]:
    """How many elements a page has that run, load or send something, by tag."""
    return Counter(element.tag for element in elements(html) if element.tag in ACTIVE - {"svg"})


@pytest.mark.parametrize("extensions", [[], EXTENSIONS], ids=["plain", "extensions"])
def test_no_text_of_a_file_runs_or_breaks_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extensions: list[str]
) -> None:
    """Each payload as every value of a project: what the pages load and run is what a tame project's page does."""
    harmless = small.project(locks=[small.lock(small.entry("numpy"))])
    monkeypatch.setattr(app, "load", lambda *_, **__: harmless)
    tame = build(tmp_path / "tame", {}, markdown_extensions=extensions, nav=["index.md"])
    wanted = active(pages(tame)["catalogue/packages/numpy/index.html"])
    first = active(pages(tame)["catalogue/index.html"])
    monkeypatch.setattr(app, "load", lambda *_, **__: hostile_project())
    evil = build(tmp_path / "evil", {}, markdown_extensions=extensions, nav=["index.md"])
    checked = {path: html for path, html in pages(evil).items() if path.startswith("catalogue/")}
    assert len(checked) > 2 * len(PAYLOADS)
    for path, html in checked.items():
        assert active(html) == (first if path == "catalogue/index.html" else wanted), path
        assert [danger for danger in dangers(html) if not danger.startswith("<")] == [], path
        assert not any("pwned" in "".join(e.text) for e in elements(html) if e.tag in ("script", "style")), path
    assert broken_links(evil) == []


def test_a_title_is_escaped_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    title = "Hold <b>NumPy</b> & co. {{ below }} 2"
    subject = small.project(small.record(title=f"'{title}'"), locks=[small.lock(small.entry("numpy"))])
    monkeypatch.setattr(app, "load", lambda *_, **__: subject)
    built = build(tmp_path, {})
    html = pages(built)["catalogue/decisions/2026-11-22-numpy/index.html"]
    shown = [" ".join("".join(element.text).split()) for element in elements(html) if element.tag == "title"]
    assert shown == [f"{title} - Team"]
    assert html.count("Hold &#60;b&#62;NumPy") >= 2
    assert "<b>" not in html


def test_check_never_imports_the_site_generator(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("numpy==1.26.4\n")
    code = "import sys; from whypin.cli import run, whypin; run(lambda: whypin(['check'], standalone_mode=False)); " + (
        "print([name for name in sys.modules if name.split('.')[0] in ('mkdocs', 'material', 'markdown', 'jinja2')"
        " or name.startswith('whypin.catalogue')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
