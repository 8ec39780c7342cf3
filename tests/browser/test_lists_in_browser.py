"""The lists in a real browser: filter, sort, send a view, all of it by keyboard, with a thousand rows and without."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import markdown  # type: ignore[import-untyped]
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from benchmarks.projects import make
from tests import build as small
from tests.browser.driving import Driver, find, needs_browser, rows, scripts, serve
from tests.built import build
from whypin import app, catalogue
from whypin.model.project import Project

pytestmark = needs_browser

#: No script or style but from files of the site itself.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
ASSETS = Path(catalogue.__file__).parent / "assets"


def team() -> Project:
    """A project in which every kind of attention is wanted once."""
    records = [
        small.record("2026-11-01-numpy", title="Hold NumPy", deciders="[ml-platform]", tags="[numerics]"),
        small.record(
            "2026-03-01-torch", title="Hold torch", packages="{torch: 2.10.0}", deciders="[ml-platform]",
            review_by="2026-11-20", tags="[numerics, gpu]",
        ),
        small.record(
            "2026-10-01-rich", title="Hold rich", packages="{rich: 13.9.0}", deciders="[tools]",
            exit_criteria="[{unlocked: gone}]",
        ),
    ]  # fmt: skip
    entries = [
        small.entry("numpy", uploaded="2024-02-06"),
        small.entry("torch", "2.10.0", 2, uploaded="2026-01-21"),
        small.entry("rich", "13.9.0", 3, groups=("group:dev",), uploaded="2024-10-01"),
        small.entry("django", "5.2.1", 4, uploaded=None),
        small.entry("django-stubs", "5.10.0", 5, direct=False, uploaded="2025-05-02"),
        small.entry("six", "5.9.0", 6, direct=False, uploaded="2026-11-01"),
    ]
    return small.project(*records, locks=[small.lock(*entries)], policy={"critical": ("django", "torch")})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "load", lambda *_, **__: team())
        return build(tmp_path_factory.mktemp("team"), {}, use_directory_urls=False, nav=["index.md"])


@pytest.fixture(scope="module")
def packages(built: Path) -> Iterator[str]:
    """The address of the list of packages, of a site that stands in a folder of its server."""
    for server in serve(built.parent):
        yield f"{server}{built.name}/catalogue/packages/index.html"


def names(driver: Driver) -> list[str]:
    """The packages that can be seen, in their order."""
    return [row.split("\n")[0] for row in rows(driver)]


def choose(driver: Driver, facet: str, value: str) -> None:
    Select(find(driver, f".whypin-choice-{facet}")).select_by_visible_text(value)


def head(driver: Driver, title: str) -> str:
    """Press the head of a column, and return how the column is sorted then."""
    for cell in driver.find_elements(By.CSS_SELECTOR, "article thead th"):
        if cell.text.startswith(title):
            cell.find_element(By.TAG_NAME, "button").click()
            return cell.get_attribute("aria-sort") or ""
    raise AssertionError(title)


def asked(driver: Driver, expected: dict[str, list[str]]) -> None:
    """Wait until the address asks for this and nothing else."""
    WebDriverWait(driver, 5).until(lambda _: parse_qs(urlsplit(driver.current_url).query) == expected)


ALL = ["django", "django-stubs", "numpy", "rich", "six", "torch"]


@pytest.mark.parametrize(
    ("facet", "value", "left"),
    [
        ("state", "undecided", ["django"]),
        ("role", "required", ["django", "torch"]),
        ("group", "group:dev", ["rich"]),
        ("tag", "gpu", ["torch"]),
        ("owner", "ml-platform", ["numpy", "torch"]),
    ],
)
def test_each_facet_narrows_the_list_and_can_be_cleared(
    browser: Driver, packages: str, facet: str, value: str, left: list[str]
) -> None:
    browser.get(packages)
    choose(browser, facet, value)
    assert names(browser) == left
    assert find(browser, ".whypin-filter-count").text == f"{len(left)} of 6"
    asked(browser, {facet: [value]})
    find(browser, ".whypin-clear").click()
    assert names(browser) == ALL
    asked(browser, {})


def test_attention_is_wanted_by_what_is_undecided_due_or_lapsed(browser: Driver, packages: str) -> None:
    browser.get(packages)
    find(browser, ".whypin-attention").click()
    assert names(browser) == ["django", "rich", "torch"]
    find(browser, ".whypin-filter").send_keys("review due")
    assert names(browser) == ["torch"]


def test_every_column_sorts_both_ways_and_a_dash_comes_last(browser: Driver, packages: str) -> None:
    browser.get(packages)
    assert head(browser, "Locked") == "ascending"
    versions = [cell.text for cell in browser.find_elements(By.CSS_SELECTOR, "article tbody td:nth-child(2)")]
    assert versions == ["1.26.4", "2.10.0", "5.2.1", "5.9.0", "5.10.0", "13.9.0"]
    assert head(browser, "Age") == "ascending"
    assert names(browser) == ["six", "torch", "django-stubs", "rich", "numpy", "django"]
    assert head(browser, "Age") == "descending"
    assert names(browser) == ["numpy", "rich", "django-stubs", "torch", "six", "django"]
    assert len(browser.find_elements(By.CSS_SELECTOR, "[aria-sort]")) == 1
    asked(browser, {"sort": ["-age"]})


def test_a_view_can_be_sent(browser: Driver, packages: str) -> None:
    browser.get(packages)
    choose(browser, "owner", "ml-platform")
    find(browser, ".whypin-filter").send_keys("hold")
    head(browser, "Package")
    head(browser, "Package")
    asked(browser, {"owner": ["ml-platform"], "q": ["hold"], "sort": ["-package"]})
    sent, seen = browser.current_url, names(browser)
    assert seen == ["torch", "numpy"]
    browser.get("about:blank")
    browser.get(sent)
    assert names(browser) == seen
    assert find(browser, ".whypin-filter").get_attribute("value") == "hold"
    assert Select(find(browser, ".whypin-choice-owner")).first_selected_option.text == "ml-platform"
    assert browser.find_elements(By.CSS_SELECTOR, "[aria-sort=descending]")[0].text.startswith("Package")


def test_an_address_that_asks_for_what_is_not_there_shows_everything(browser: Driver, packages: str) -> None:
    browser.get(f"{packages}?state=<script>&owner=nobody&sort=-nothing&unrelated=1")
    assert names(browser) == ALL
    find(browser, ".whypin-filter").send_keys("six")
    WebDriverWait(browser, 5).until(lambda _: "q=six" in browser.current_url)
    assert "unrelated=1" in browser.current_url


def test_the_numbers_of_the_first_page_lead_to_their_lists(browser: Driver, packages: str) -> None:
    start = packages.replace("packages/index.html", "index.html")
    for words, left in (("required packages decided", ["django", "torch"]), ("undecided", ["django"])):
        browser.get(start)
        find(browser, "article").find_element(By.PARTIAL_LINK_TEXT, words).click()
        WebDriverWait(browser, 5).until(lambda _: "/packages/" in browser.current_url)
        assert names(browser) == left
    browser.get(start)
    find(browser, "article").find_element(By.PARTIAL_LINK_TEXT, "review due").click()
    WebDriverWait(browser, 5).until(lambda _: "/reviews" in browser.current_url)
    assert "Hold torch" in find(browser, "#due-now ~ * table, #due-now ~ table").text


def test_everything_works_by_keyboard_and_shows_where_one_is(browser: Driver, packages: str) -> None:
    browser.get(packages)
    find(browser, ".whypin-filter").click()
    reached = []
    for _ in range(20):
        here = browser.switch_to.active_element
        reached.append((here.get_attribute("class") or "").split(" ")[0])
        outline = browser.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", reached
        if reached[-1] == "whypin-sort":
            break
        here.send_keys(Keys.TAB)
    assert reached == ["whypin-filter", *["whypin-choice"] * 5, "whypin-attention", "whypin-sort"]
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    browser.switch_to.active_element.send_keys(Keys.SPACE)
    assert names(browser) == ALL[::-1]


def test_every_control_and_drawing_has_a_name(browser: Driver, packages: str) -> None:
    for address in (packages, packages.replace("packages/index.html", "index.html")):
        browser.get(address)
        find(browser, ".whypin-filter")
        for control in browser.find_elements(By.CSS_SELECTOR, "article :is(input, select, button, svg, table)"):
            assert control.accessible_name or not control.is_displayed(), control.get_attribute("outerHTML")
        heads = browser.find_elements(By.CSS_SELECTOR, "article th")
        assert heads and all(cell.get_attribute("scope") == "col" for cell in heads)


def test_a_list_works_from_a_file(browser: Driver, built: Path) -> None:
    browser.get(f"{(built / 'catalogue/packages/index.html').as_uri()}?role=required&sort=-package")
    assert names(browser) == ["torch", "django"]
    find(browser, ".whypin-filter").send_keys("torch")
    assert names(browser) == ["torch"]


def bare(folder: Path, project: Project, path: str) -> Path:
    """Write one page of a catalogue, without any theme, beside its style and script; return the folder."""
    (page,) = [page for page in catalogue.pages(project, ()) if page.path == f"catalogue/{path}"]
    body = markdown.markdown(page.text, extensions=["tables", "toc"])
    for name in (catalogue.STYLE, catalogue.SCRIPT):
        shutil.copy(ASSETS / name, folder)
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="{catalogue.STYLE}"><script src="{catalogue.SCRIPT}"></script>'
        f"<main><article>{body}</article></main>",
        encoding="utf-8",
    )
    return folder


def test_a_thousand_rows_filter_and_sort_under_a_strict_policy(browser: Driver, tmp_path: Path) -> None:
    project = app.load(str(make(tmp_path / "project", 1000)))
    (tmp_path / "page").mkdir()
    for server in serve(bare(tmp_path / "page", project, "packages/index.md"), POLICY):
        browser.get(f"{server}?sort=-package")
        shown = "return [...document.querySelectorAll('tbody tr:not([hidden]) td:first-child a')].map(a => a.innerText)"
        assert browser.execute_script(shown)[:2] == ["package-00999", "package-00998"]
        find(browser, ".whypin-filter").send_keys("package-0042")
        assert find(browser, ".whypin-filter-count").text == "10 of 1000"
        assert browser.execute_script(shown) == [f"package-0042{digit}" for digit in range(9, -1, -1)]


def test_without_scripts_a_list_is_whole_and_has_no_dead_controls(browser: Driver, packages: str) -> None:
    scripts(browser, False)
    browser.get(f"{packages}?role=required")
    assert names(browser) == ALL
    assert browser.find_elements(By.CSS_SELECTOR, "article :is(button, input, select)") == []
