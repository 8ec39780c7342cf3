"""What a known checker of accessibility finds on our pages: nothing serious, in light and dark, wide and narrow."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.browser.driving import Driver, dark, find, needs_browser, size

AXE = Path(__file__).with_name("node_modules") / "axe-core" / "axe.min.js"

pytestmark = [
    needs_browser,
    pytest.mark.skipif(
        not AXE.is_file() and os.environ.get("WHYPIN_AXE") != "required",
        reason="axe-core is not installed; npm ci in tests/browser does it, WHYPIN_AXE=required makes this a failure",
    ),
]

PAGES = (
    "",
    "tutorial/",
    "levels/",
    "guide/",
    "guide/update-a-dependency/",
    "ci/",
    "reference/rules/WHY101/",
    "demo/",
    "demo/packages/",
    "demo/packages/numpy/",
    "demo/decisions/",
    "demo/decisions/2026-11-20-numpy/",
    "demo/policy/",
    "demo/reviews/",
    "demo/read-first/",
)

#: Only what stands in the page's own text is ours; what stands around it is the theme's.
RUN = """
const done = arguments[arguments.length - 1];
axe.run({include: [["article"]]}, {resultTypes: ["violations"]}).then(
  found => done(JSON.stringify(found.violations.map(one => ({
    rule: one.id, impact: one.impact, help: one.help, places: one.nodes.slice(0, 3).map(node => node.html.slice(0, 200))
  })))), error => done(JSON.stringify([{rule: "axe", impact: "critical", help: String(error), places: []}])));
"""


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "in_the_dark"), [(1280, False), (390, True)], ids=["wide, light", "narrow, dark"])
def test_nothing_serious_is_found(browser: Driver, site: str, path: str, width: int, in_the_dark: bool) -> None:
    size(browser, width)
    dark(browser, in_the_dark)
    browser.get(site + path)
    # The theme keeps the scheme that a page had first, whatever the reader prefers by now.
    browser.execute_script("localStorage.clear()")
    browser.get(site + path)
    find(browser, f"body[data-md-color-scheme={'slate' if in_the_dark else 'default'}] article h1")
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    found = json.loads(browser.execute_async_script(RUN))
    assert [one for one in found if one["impact"] in ("serious", "critical")] == []
