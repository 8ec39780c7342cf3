from __future__ import annotations

import tomllib
from datetime import date

import pytest

from tests.build import project, record
from whypin.emitters.osv_scanner import render
from whypin.errors import WhypinError

PATH = "osv-scanner.toml"
WAIVERS = """[{advisory: CVE-2023-44271, reason: 'We render no "user" fonts.', expires: 2027-05-22},
  {advisory: GHSA-aaaa-bbbb-cccc, reason: over, expires: 2026-11-01}]"""
ONE = project(record("2026-11-20-pillow", packages="{pillow: 10.0.0}", waivers=WAIVERS))
SECTION = """\
# whypin: begin. Written by whypin emit osv-scanner: change the decision records instead.
[[IgnoredVulns]]
id = "CVE-2023-44271"
ignoreUntil = 2027-05-22
reason = "We render no \\"user\\" fonts. (decisions/2026-11-20-pillow.yaml)"
# whypin: end
"""
BY_HAND = """\
# ours
[[IgnoredVulns]]
id = "GO-2022-0968"   # why not
reason = '''no
ssh'''

[[PackageOverrides]]
name = "lib"
ignore = true
"""


def test_a_waiver_is_ignored_until_it_ends() -> None:
    assert render(ONE, None, PATH).text == SECTION
    (found,) = tomllib.loads(SECTION)["IgnoredVulns"]
    assert found["ignoreUntil"] == date(2027, 5, 22)


@pytest.mark.parametrize("text", [BY_HAND, BY_HAND.rstrip("\n"), BY_HAND.replace("\n", "\r\n"), ""])
def test_what_is_written_by_hand_stays_to_the_byte(text: str) -> None:
    first = render(ONE, text, PATH).text or ""
    assert first.startswith(text) and render(ONE, first, PATH).text == first
    assert [each["id"] for each in tomllib.loads(first)["IgnoredVulns"]][-1] == "CVE-2023-44271"
    assert first.count("\r\n") in (0, first.count("\n"))
    nothing = render(project(), first, PATH).text or ""
    assert nothing.startswith(text) and "CVE" not in nothing and render(ONE, nothing, PATH).text == first


def test_a_section_may_stand_where_the_user_wants_it() -> None:
    text = "# whypin: begin\n# whypin: end\n\n" + BY_HAND
    found = render(ONE, text, PATH).text or ""
    assert found.endswith("# whypin: end\n\n" + BY_HAND) and len(tomllib.loads(found)["IgnoredVulns"]) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[PackageOverrides]]\n# whypin: begin\n# whypin: end\nname = "lib"\n', ":2:1: .* within a table"),
        ("# whypin: begin\n# whypin: end\n# whypin: begin\n# whypin: end\n", ":3:1: a second marked section"),
        ("IgnoredVulns = []\n", "not valid TOML"),
        ("= 1\n", ":1:1: not valid TOML"),
    ],
)
def test_what_cannot_be_merged_is_one_clear_line(text: str, message: str) -> None:
    with pytest.raises(WhypinError, match=f"^osv-scanner.toml.*{message}"):
        render(ONE, text, PATH)


def test_without_waivers_nothing_is_begun() -> None:
    assert (render(project(), None, PATH).text, render(project(), BY_HAND, PATH).text) == (None, BY_HAND)


def test_what_is_ignored_by_hand_too_is_said() -> None:
    text = '[[IgnoredVulns]]\nid = "CVE-2023-44271"\n'
    assert render(ONE, text, PATH).notes == (
        "osv-scanner.toml ignores CVE-2023-44271 by hand too: take that out, so that the reason stands in one place",
    )
