from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from mkdocs.config import load_config
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from tests.built import broken_links, build_again, links, pages, search_index
from tests.catalogue.reading import ADDRESSES, dangers, elements, text
from tests.corpus import CORPUS, needs_corpus
from tests.site_examples import DEMO, ROOT, agrees, all_steps, blocks, run
from whypin import app, cli, manifests
from whypin.cli import exit_codes
from whypin.locks import FORMATS
from whypin.mkdocs_plugin import WhypinConfig
from whypin.model.finding import Finding
from whypin.model.location import Location
from whypin.records.format import RECORD
from whypin.reporters.json import render
from whypin.reporters.packages import render_json
from whypin.rules import RULES
from whypin.schema.fields import Object
from whypin.settings.format import SETTINGS

SOURCES = sorted((ROOT / "site").rglob("*.md"))
WITH_EXAMPLES = [page for page in SOURCES if all_steps(page)]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project's own site, built strictly: a warning raises."""
    return build_again(ROOT, site_dir=str(tmp_path_factory.mktemp("site")))


@pytest.fixture(scope="session")
def html(site: Path) -> dict[str, str]:
    return pages(site)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "site").as_posix()


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=name_of)
def test_every_command_of_a_page_prints_what_the_page_says(page: Path, tmp_path: Path) -> None:
    printed = run(page, tmp_path)
    for step, output in zip(all_steps(page), printed, strict=True):
        assert agrees(step.expected, output), f"$ {step.command}\n{output}"


def test_the_tutorial_is_among_them() -> None:
    assert {"index.md", "tutorial.md", "reference/json.md"} <= {name_of(page) for page in WITH_EXAMPLES}


@needs_corpus
def test_the_resolver_said_what_the_tutorial_quotes() -> None:
    log = (CORPUS / "article/poetry-lock/article-asis.log").read_text(encoding="utf-8")
    (quoted,) = [block.text for block in blocks(ROOT / "site/tutorial.md") if block.title == "poetry lock"]
    assert quoted in log
    asked = (CORPUS / "article/poetry-asis/pyproject.toml").read_text(encoding="utf-8").replace("==", '" = "')
    (wanted,) = [block.text for block in blocks(ROOT / "site/tutorial.md") if 'tensorflow = "2.12.0"' in block.text]
    assert set(re.findall(r'(\S+) = "(.*)"', wanted)) == set(re.findall(r'"(\S+)" = "(.*)"', asked))
    assert float(re.findall(r"real\s+0m(.*)s", log)[0]) < 3


def test_what_the_pages_quote_from_the_demo_project_stands_there() -> None:
    record = (ROOT / DEMO / "decisions/2026-11-20-numpy.yaml").read_text(encoding="utf-8")
    (shown,) = [block.text for block in blocks(ROOT / "site/index.md") if block.title]
    assert shown in record
    (policy,) = [block.text for block in blocks(ROOT / "site/tutorial.md") if block.title == "pyproject.toml"]
    assert policy in (ROOT / DEMO / "pyproject.toml").read_text(encoding="utf-8")


def test_every_link_leads_somewhere(site: Path) -> None:
    assert broken_links(site) == []


def test_generated_pages_stay_out_of_the_nav(html: dict[str, str]) -> None:
    nav = re.findall(r'<nav class="md-nav md-nav--primary.*?</nav>\s*</div>', html["index.html"], re.DOTALL)
    assert len(nav) == 1
    addresses = {element.attributes.get("href", "") for element in elements(nav[0])}
    assert {"tutorial/", "catalogue/", "demo/", "reference/record/", "reference/rules/"} <= addresses
    assert not any(re.search("packages/|decisions/|WHY", address) for address in addresses)


def test_the_search_finds_our_packages_and_the_words_of_our_reasons(site: Path) -> None:
    entries = search_index(site)
    titles = {entry["title"] for entry in entries if entry["location"].startswith("catalogue/packages/")}
    direct = {package.name for package in app.load(str(ROOT)).packages if package.direct and not package.member}
    assert direct <= titles and len(direct) > 10
    found = {entry["location"].partition("#")[0] for entry in entries if "segfault" in entry["text"]}
    assert "catalogue/packages/pyyaml/" in found


def documented(html: dict[str, str], page: str) -> list[str]:
    """The code on a page, piece by piece."""
    return [
        "".join(element.text) for element in elements(html[f"reference/{page}/index.html"]) if element.tag == "code"
    ]


def named(table: Object) -> Iterator[str]:
    """The names of all fields, those of inner tables included."""
    for field in table.fields:
        yield field.name
        inner = getattr(field.kind, "kind", field.kind)
        if isinstance(inner, Object):
            yield from named(inner)


def test_every_field_of_a_record_is_documented(html: dict[str, str]) -> None:
    assert set(named(RECORD)) - set(documented(html, "record")) == set()
    words = text(html["reference/record/index.html"])
    assert all(field.doc.replace("`", "") in words for field in RECORD.fields)


def test_every_setting_is_documented(html: dict[str, str]) -> None:
    assert set(named(SETTINGS)) - set(documented(html, "settings")) == set()


def test_every_command_and_option_is_documented(html: dict[str, str]) -> None:
    words = text(html["reference/commands/index.html"])
    for name in cli.COMMANDS:
        command = cli.whypin.get_command(click.Context(cli.whypin), name)
        assert command is not None and f"whypin {name} " in words
        for parameter in command.params:
            if getattr(parameter, "hidden", False):
                continue
            assert all(option in words for option in (parameter.opts if parameter.param_type_name == "option" else ()))
            help_text = getattr(parameter, "help", None)
            assert help_text is None or help_text in words


def test_every_exit_code_is_documented(html: dict[str, str]) -> None:
    codes = {str(value) for name, value in vars(exit_codes).items() if name.isupper()}
    for page in ("commands", "json"):
        assert codes <= set(documented(html, page))


def test_every_rule_has_its_page(html: dict[str, str]) -> None:
    index = html["reference/rules/index.html"]
    listed = {
        element.attributes["href"]
        for element in elements(index)
        if element.attributes.get("href", "").startswith("WHY")
    }
    assert listed == {f"{rule.code}/" for rule in RULES}
    for rule in RULES:
        words = text(html[f"reference/rules/{rule.code}/index.html"])
        assert f"{rule.code} {rule.slug}" in words
        assert all(section in words for section in ("What it does", "Why", "Example", "Fix"))


def test_every_lock_format_is_documented_and_no_other(html: dict[str, str]) -> None:
    listed = documented(html, "locks")
    assert {name for known in FORMATS for name in known.names} - set(listed) <= {
        "requirements/*.txt",
        "requirements/*.lock",
    }
    assert html["reference/locks/index.html"].count("<tr>") == len(FORMATS) + 1


def test_every_manifest_format_is_documented_and_no_other(html: dict[str, str]) -> None:
    listed = documented(html, "manifests")
    assert [name for known in manifests.FORMATS for name in known.names if name not in listed] == []
    assert html["reference/manifests/index.html"].count("<tr>") == len(manifests.FORMATS) + 2


def test_every_option_of_the_plugin_is_documented(html: dict[str, str]) -> None:
    rows = dict(
        re.findall(
            r"<tr>\s*<td><code>(\w+)</code></td>\s*<td>.*?</td>\s*<td>(.*?)</td>", html["reference/plugin/index.html"]
        )
    )
    config = WhypinConfig()
    config.validate()
    assert set(rows) == set(config)
    for name in ("folder", "title", "package_url"):
        assert text(rows[name]) == config[name]


def test_every_key_of_the_json_is_documented(html: dict[str, str]) -> None:
    listed = documented(html, "json")
    project = app.load(str(ROOT / DEMO))
    report = app.check(project)._replace(findings=(Finding(Location("x"), "wrong", "mend it"),))
    said = json.loads(render(report))
    keys = {*said, *said["findings"][0], *json.loads(render_json(project.packages))["packages"][0]}
    assert keys - {"version"} <= set(listed)
    assert set(said["summary"]) <= set(re.findall(r"\w+", text(html["reference/json/index.html"])))


def test_no_page_asks_another_host_for_anything(site: Path, html: dict[str, str]) -> None:
    fetched = set(ADDRESSES) - {"href"}
    for path, page in html.items():
        for element in elements(page):
            names = {*fetched, "href"} if element.tag in ("link", "use", "image") else fetched
            if element.attributes.get("rel") != "canonical":
                outside = [element.attributes[name] for name in names & set(element.attributes)]
                assert not [address for address in outside if re.match(r"(?:\w+:)?//", address)], (path, element)
    for sheet in site.rglob("*.css"):
        asked = re.findall(r"url\(\s*['\"]?([^)'\"]+)|@import\s+['\"]?([^'\";]+)", sheet.read_text(encoding="utf-8"))
        assert [address for pair in asked for address in pair if re.match(r"(?:https?:)?//", address)] == [], sheet


def test_our_script_knows_no_address_and_the_themes_needs_none(site: Path, html: dict[str, str]) -> None:
    assert "//" not in re.sub(r"^\s*//.*$", "", (site / "assets/whypin/catalogue.js").read_text(), flags=re.MULTILINE)
    known = {"api.github.com", "clipboardjs.com", "unpkg.com"}
    scripts = [path.read_text(encoding="utf-8") for path in (site / "assets/javascripts").glob("bundle*.js")]
    assert {host for script in scripts for host in re.findall(r"https?://([\w.-]+)", script)} <= known
    # The theme asks GitHub about a repository that the header names, and fetches mermaid for a diagram.
    assert not any('data-md-component="source"' in page or 'class="mermaid"' in page for page in html.values())


def test_nothing_on_a_catalogue_page_runs(html: dict[str, str]) -> None:
    inner = [
        re.findall(r"<article.*?</article>", page, re.DOTALL) for path, page in html.items() if "decisions" in path
    ]
    assert len(inner) > 15
    assert all(danger == "<svg>" for (article,) in inner for danger in dangers(article))


def test_other_sites_are_linked_by_https(site: Path) -> None:
    outside = {address for _, address in links(site) if re.match(r"\w+:", address)}
    assert {address for address in outside if not address.startswith("https://")} == set()


def test_the_screenshot_is_small_and_shown() -> None:
    assert (ROOT / "site/assets/catalogue.png").stat().st_size < 200_000
    assert "(site/assets/catalogue.png)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_part_of_the_reference_that_does_not_exist_fails_the_build(site: Path) -> None:
    config = load_config(str(ROOT / "mkdocs.yml"))
    page = Page(None, File("x.md", "", "", True), config)
    with pytest.raises(PluginError, match=r"x\.md: there is no part 'recrod'; known are record-fields"):
        config.plugins.on_page_markdown("<!-- reference: recrod -->", page=page, config=config, files=None)  # type: ignore[arg-type]
