"""Severities: from the word that an advisory has, else from its CVSS vector, else unknown."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.advisories.osv import advisory, affected, alerts
from tests.build import entry, lock, project
from whypin.advisories import severity
from whypin.advisories.severity import rated
from whypin.model.advisory import Severity

V2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P"
V3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
LOW = "CVSS:3.0/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"
NONE = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N"
V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N"


@pytest.mark.parametrize(
    ("vector", "score", "word"),
    # As the calculators of FIRST and of the NVD have them.
    [(V2, 7.5, "high"), (V3, 9.8, "critical"), (LOW, 1.8, "low"), (NONE, 0.0, "none"), (V4, 6.9, "medium")],
)
def test_a_vector_of_every_version_is_rated(vector: str, score: float, word: str) -> None:
    assert rated(Severity(vector=vector)) == Severity(word, vector, score)


def test_the_word_of_the_advisory_counts_before_that_of_the_score() -> None:
    assert rated(Severity("low", V3)) == Severity("low", V3, 9.8)


BROKEN = [
    "CVSS:3.1/AV:N/AC:L",
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:Z",
    "CVSS:9.9/AV:N",
    "CVSS:3.1/",
    "CVSS:4.0",
    "/////",
    ":",
    "9.8",
    V3 * 100,
    "\x00",
    "\ud800",
]


@pytest.mark.parametrize("vector", BROKEN)
def test_a_vector_that_is_broken_says_nothing_and_is_kept(vector: str) -> None:
    assert rated(Severity("unknown", vector)) == Severity("unknown", vector, None)
    assert rated(Severity("high", vector)) == Severity("high", vector, None)


@given(st.lists(st.sampled_from([*"/:.", *V3.split("/"), *V4.split("/"), *V2.split("/"), "X", "E:", "RC:ND"])))
def test_no_vector_breaks_the_check(parts: list[str]) -> None:
    rating = rated(Severity("unknown", "/".join(parts))).rating
    assert rating in ("unknown", "none", "low", "medium", "high", "critical")


def test_without_the_library_it_is_unknown_with_its_vector(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "cvss"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cvss", None)
    severity._scored.cache_clear()
    assert rated(Severity("unknown", V3)) == Severity("unknown", V3, None)
    severity._scored.cache_clear()


def hit(*about: Any, **more: Any) -> Severity:
    subject = project(locks=[lock(entry("pillow", "9.5.0"))])
    (found,) = alerts(subject, advisory("A-1", *about, **more)).hits
    return found.advisory.severity


def cvss(vector: str, kind: str = "CVSS_V3") -> dict[str, Any]:
    return {"severity": [{"type": kind, "score": vector}]}


def test_what_is_said_of_the_package_replaces_what_is_said_of_all() -> None:
    own = affected("pillow", "introduced 0", **cvss(LOW))
    assert hit(own, **cvss(V3), database_specific={"severity": "CRITICAL"}) == Severity("low", LOW, 1.8)
    assert hit(**cvss(V3)).rating == "critical"


def test_the_latest_kind_of_vector_is_taken() -> None:
    both = [{"type": "CVSS_V2", "score": V2}, {"type": "CVSS_V4", "score": V4}, {"type": "CVSS_V3", "score": V3}]
    assert hit(severity=both) == Severity("medium", V4, 6.9)


def test_without_a_vector_it_is_unknown_which_is_not_low() -> None:
    assert hit() == Severity("unknown", "", None)


def test_only_what_is_affected_is_rated() -> None:
    """The library is imported for nothing else: a check without alerts does not wait for it."""
    severity._scored.cache_clear()
    subject = project(locks=[lock(entry("pillow", "10.0.0"))])
    assert alerts(subject, advisory("A-1", **cvss(V3))).hits == ()
    assert severity._scored.cache_info().misses == 0
