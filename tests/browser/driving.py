"""Driving Debian's chromium by its own chromedriver: what the tests of the site in a browser share."""

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
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
REQUIRED = os.environ.get("WHYPIN_BROWSER") == "required"

needs_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER) and not REQUIRED,
    reason="no chromium with chromedriver here; WHYPIN_BROWSER=required makes this a failure",
)

Driver = webdriver.Chrome


def serve(folder: Path, policy: str = "") -> Iterator[str]:
    """Serve a folder on a free port of this machine, perhaps with a content security policy; yield its address."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def end_headers(self) -> None:
            if policy:
                self.send_header("Content-Security-Policy", policy)
            super().end_headers()

    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


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


def dark(driver: Driver, on: bool) -> None:
    """Let the reader prefer dark pages, or light ones."""
    feature = {"name": "prefers-color-scheme", "value": "dark" if on else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


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
