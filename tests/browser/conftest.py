from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium import webdriver

from tests.browser.driving import CHROMIUM, DRIVER, Driver, dark, logged, requested, scripts, serve, size
from tests.built import build_again
from tests.site_examples import ROOT

ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
)  # fmt: skip


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve(build_again(ROOT, site_dir=str(tmp_path_factory.mktemp("site"))))


@pytest.fixture(scope="session")
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
def browser(driver: Driver) -> Iterator[Driver]:
    """A light window of ordinary width with scripts; whatever a test does in it, nothing may go wrong or go outside."""
    size(driver, 1280)
    scripts(driver, True)
    dark(driver, False)
    logged(driver, "browser")
    logged(driver, "performance")
    yield driver
    # The theme asks for a site map after a click, at a wrong place where pages are files: not ours to mend.
    wrong = [entry for entry in logged(driver, "browser") if "/sitemap.xml" not in entry["message"]]
    assert [entry for entry in wrong if entry["level"] == "SEVERE"] == []
    ours = ("http://127.0.0.1:", "file:", "data:", "blob:", "chrome:", "about:")
    assert [url for url in requested(driver) if not url.startswith(ours)] == []
