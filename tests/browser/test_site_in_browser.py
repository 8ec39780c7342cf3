"""The built site in a real browser: Debian's chromium, driven by its own chromedriver."""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.built import build, build_again
from tests.catalogue.hostile import PAYLOADS, hostile_project
from tests.site_examples import ROOT
from whypin import app

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
REQUIRED = os.environ.get("WHYPIN_BROWSER") == "required"
ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
)  # fmt: skip

pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER) and not REQUIRED,
    reason="no chromium with chromedriver here; WHYPIN_BROWSER=required makes this a failure",
)

Driver = webdriver.Chrome


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine; yield its address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve(build_again(ROOT, site_dir=str(tmp_path_factory.mktemp("site"))))


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    assert CHROMIUM and DRIVER, "WHYPIN_BROWSER=required, and there is no chromium with chromedriver"
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield browser
    browser.quit()


@pytest.fixture
def browser(driver: Driver, site: str) -> Iterator[Driver]:
    """A window of ordinary width with scripts; whatever a test does in it, nothing may go wrong or leave the site."""
    size(driver, 1280)
    scripts(driver, True)
    logged(driver, "browser")
    logged(driver, "performance")
    yield driver
    assert [entry for entry in logged(driver, "browser") if entry["level"] == "SEVERE"] == []
    assert [url for url in requested(driver) if not url.startswith((site, "data:", "blob:", "chrome:", "about:"))] == []


def logged(driver: Driver, kind: str) -> list[dict[str, str]]:
    """What chromium has logged of a kind since the last look."""
    entries: list[dict[str, str]] = driver.get_log(kind)  # type: ignore[no-untyped-call]
    return entries


def requested(driver: Driver) -> list[str]:
    """The addresses of all requests since the last look."""
    messages = (json.loads(entry["message"])["message"] for entry in logged(driver, "performance"))
    return [
        message["params"]["request"]["url"] for message in messages if message["method"] == "Network.requestWillBeSent"
    ]


def size(driver: Driver, width: int) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def scripts(driver: Driver, on: bool) -> None:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not on})


def find(driver: Driver, selector: str) -> WebElement:
    """The first element of a selector, once it is there."""
    return WebDriverWait(driver, 10).until(lambda _: driver.find_elements(By.CSS_SELECTOR, selector))[0]


def follow(driver: Driver, words: str) -> None:
    """Click a link of the page's own text, as the theme's table of contents may repeat it."""
    find(driver, "article").find_element(By.LINK_TEXT, words).click()


def rows(driver: Driver) -> list[str]:
    """The text of the rows that can be seen of the page's first table."""
    found = find(driver, "article table").find_elements(By.CSS_SELECTOR, "tbody tr")
    return [row.text for row in found if row.is_displayed()]


def search(driver: Driver, words: str) -> None:
    """Type words into the search."""
    driver.execute_script("document.querySelector('label[for=__search]').click()")
    box = find(driver, ".md-search__input")
    box.clear()
    box.send_keys(words)


def wait_for_first(driver: Driver, address: str) -> None:
    """Wait until the best thing that the search has found is this page."""
    first = "return document.querySelector('.md-search-result__item a')?.href || ''"
    WebDriverWait(driver, 20).until(lambda _: driver.execute_script(first).startswith(address))


def test_the_search_finds_a_package_by_its_name(browser: Driver, site: str) -> None:
    browser.get(site)
    search(browser, "scikit-learn")
    wait_for_first(browser, f"{site}demo/packages/scikit-learn/")
    search(browser, "selenium")
    wait_for_first(browser, f"{site}catalogue/packages/selenium/")


def test_the_search_finds_a_decision_by_a_word_of_its_rationale(browser: Driver, site: str) -> None:
    browser.get(site)
    search(browser, "pickles")
    found = f".md-search-result__item a[href^='{site}demo/decisions/2026-11-21-scikit-learn/']"
    assert "Hold scikit-learn at 1.2.2" in find(browser, found).text


def test_the_filter_narrows_the_table_and_says_to_what(browser: Driver, site: str) -> None:
    browser.get(f"{site}demo/")
    everything = rows(browser)
    box = find(browser, ".whypin-filter")
    box.send_keys("NUMPY report")
    assert rows(browser) == []
    box.clear()
    box.send_keys("pandas  DECIDED")
    shown = rows(browser)
    assert 0 < len(shown) < len(everything)
    assert all("pandas" in row for row in shown)
    assert find(browser, ".whypin-filter-count").text == f"{len(shown)} of {len(everything)}"
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys(Keys.DELETE)
    assert rows(browser) == everything
    assert find(browser, ".whypin-filter-count").text == ""


@pytest.mark.parametrize("path", ["demo/packages/", "demo/decisions/", "catalogue/"])
def test_every_list_has_a_filter(browser: Driver, site: str, path: str) -> None:
    browser.get(f"{site}{path}")
    find(browser, ".whypin-filter").send_keys("no such thing")
    assert rows(browser) == []


def test_a_reader_gets_from_the_table_to_the_reason(browser: Driver, site: str) -> None:
    browser.get(f"{site}demo/")
    follow(browser, "numpy")
    WebDriverWait(browser, 10).until(lambda _: browser.current_url == f"{site}demo/packages/numpy/")
    assert browser.title == "numpy - whypin"
    follow(browser, "Hold NumPy at 1.24.3, the newest that TensorFlow 2.12.1 admits")
    WebDriverWait(browser, 10).until(lambda _: "/decisions/2026-11-20-numpy/" in browser.current_url)
    follow(browser, "Hold NumPy at 1.23.5 for TensorFlow 2.12.0")
    WebDriverWait(browser, 10).until(lambda _: "/decisions/2026-06-02-numpy/" in browser.current_url)
    assert "superseded" in find(browser, ".whypin-lead").text


def test_the_pages_are_complete_without_scripts(browser: Driver, site: str) -> None:
    browser.get(f"{site}demo/")
    with_scripts = rows(browser)
    scripts(browser, False)
    browser.get(f"{site}demo/")
    assert rows(browser) == with_scripts
    assert browser.find_elements(By.CSS_SELECTOR, ".whypin-filter") == []
    browser.get(f"{site}demo/packages/tensorflow/")
    assert "2.12.0 declares" in find(browser, ".whypin-prose").text


@pytest.mark.parametrize(
    "path",
    ["", "tutorial/", "catalogue/", "demo/", "demo/packages/", "demo/packages/numpy/", "demo/decisions/",
     "demo/decisions/2026-11-20-tensorflow/", "catalogue/decisions/2026-11-22-pyyaml/", "reference/record/",
     "reference/settings/", "reference/commands/", "reference/json/", "reference/locks/", "reference/rules/"],
)  # fmt: skip
@pytest.mark.parametrize("with_scripts", [True, False], ids=["scripts", "no scripts"])
def test_no_screen_scrolls_sideways(browser: Driver, site: str, path: str, with_scripts: bool) -> None:
    scripts(browser, with_scripts)
    browser.get(f"{site}{path}")
    for width in (390, 800, 1024, 1280):
        size(browser, width)
        assert browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]["width"] <= width


def test_labels_can_be_read_in_light_and_dark(browser: Driver, site: str) -> None:
    for scheme in ("default", "slate"):
        for path in ("demo/", "demo/decisions/", "demo/packages/numpy/"):
            browser.get(f"{site}{path}")
            find(browser, f"body[data-md-color-scheme={scheme}]")
            contrasts: list[float] = browser.execute_script(_CONTRASTS)
            assert contrasts and min(contrasts) >= 4.5
        find(browser, ".md-header__option label:not([hidden])").click()


#: The contrast of each label of a page against its own background, as WCAG 2 counts it.
_CONTRASTS = """
const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
const channels = (color) => {
  canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
};
const luminance = (color) => {
  const [r, g, b] = channels(color).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
return [...document.querySelectorAll(".whypin-chip, .whypin-group, .whypin-count")].map((label) => {
  const style = getComputedStyle(label);
  const [a, b] = [luminance(style.color), luminance(style.backgroundColor)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
});
"""


def test_hostile_records_neither_run_nor_break_the_page(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "load", lambda *_, **__: hostile_project())
    built = build(tmp_path, {}, nav=["index.md", "catalogue/index.md"])
    size(driver, 390)
    scripts(driver, True)
    logged(driver, "performance")
    for site in serve(built):
        for path in sorted(path.relative_to(built).as_posix() for path in (built / "catalogue").rglob("*.html"))[::4]:
            driver.get(f"{site}{path}")
            assert driver.execute_script("return window.pwned") is None, path
            assert driver.execute_script("return document.documentElement.scrollWidth") <= 390, path
        driver.get(f"{site}catalogue/")
        assert len(rows(driver)) == len(PAYLOADS)
        search(driver, "script")
        find(driver, ".md-search-result__item a")
        assert driver.execute_script("return window.pwned") is None
        assert [url for url in requested(driver) if not url.startswith((site, "data:", "blob:"))] == []
