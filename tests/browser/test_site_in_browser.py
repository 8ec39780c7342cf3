"""The built site in a real browser: search, reading, narrow screens, light and dark, hostile records."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.driving import (
    Driver,
    dark,
    find,
    follow,
    logged,
    needs_browser,
    requested,
    rows,
    scripts,
    search,
    serve,
    size,
    wait_for_first,
)  # fmt: skip
from tests.built import build
from tests.catalogue.hostile import PAYLOADS, hostile_project
from whypin import app

pytestmark = needs_browser


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
    box.send_keys("NUMPY no-such-word")
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
     "demo/decisions/2026-11-20-tensorflow/", "demo/reviews/", "demo/policy/", "demo/debt/", "demo/read-first/",
     "demo/findings/", "demo/packages/google-auth/", "catalogue/decisions/2026-11-22-pyyaml/", "reference/record/",
     "reference/settings/", "reference/commands/", "reference/json/", "reference/locks/", "reference/rules/"],
)  # fmt: skip
@pytest.mark.parametrize("with_scripts", [True, False], ids=["scripts", "no scripts"])
def test_no_screen_scrolls_sideways(browser: Driver, site: str, path: str, with_scripts: bool) -> None:
    scripts(browser, with_scripts)
    browser.get(f"{site}{path}")
    for width in (390, 800, 1024, 1280):
        size(browser, width)
        assert browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]["width"] <= width


@pytest.mark.parametrize("in_the_dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    "path",
    ["demo/", "demo/packages/", "demo/decisions/", "demo/packages/numpy/", "demo/reviews/", "demo/policy/",
     "demo/debt/", "demo/read-first/", "demo/decisions/2026-11-20-tensorflow/"],
)  # fmt: skip
def test_every_word_can_be_read_in_light_and_dark(browser: Driver, site: str, path: str, in_the_dark: bool) -> None:
    dark(browser, in_the_dark)
    browser.get(f"{site}{path}")
    browser.execute_script("localStorage.clear()")
    browser.get(f"{site}{path}")
    find(browser, f"body[data-md-color-scheme={'slate' if in_the_dark else 'default'}]")
    faint: list[str] = browser.execute_script(_FAINT)
    assert faint == []


#: The words of an article whose contrast to what is behind them is below 4.5, or 3 where they are large (WCAG 2.2).
_FAINT = """
const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
const over = (behind, color) => {
  canvas.fillStyle = `rgb(${behind})`; canvas.fillRect(0, 0, 1, 1);
  canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
};
const luminance = (color) => {
  const [r, g, b] = color.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (node) => {
  const chain = [];
  for (let one = node; one; one = one.parentElement) chain.unshift(getComputedStyle(one).backgroundColor);
  return chain.reduce(over, [255, 255, 255]);
};
const faint = [];
const walker = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
for (let text = walker.nextNode(); text; text = walker.nextNode()) {
  const node = text.parentElement;
  if (!text.data.trim() || !node.checkVisibility()) continue;
  if (node.closest(".headerlink, .whypin-unseen, title, desc")) continue;
  const style = getComputedStyle(node), ground = behind(node);
  const [a, b] = [luminance(over(ground, node instanceof SVGElement ? style.fill : style.color)), luminance(ground)];
  const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (contrast < (large ? 3 : 4.5)) faint.push(`${text.data.trim()} ${contrast.toFixed(2)} ${node.className}`);
}
return faint;
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
