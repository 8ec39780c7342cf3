"""Findings as text and as JSON."""

from __future__ import annotations

import json

from whypin.model.finding import Finding, Report, Severity, Summary
from whypin.model.location import Location
from whypin.reporters import renderer

FINDINGS = (
    Finding(
        Location("decisions/a.yaml", 4, 8),
        "numpy is not locked",
        "correct the name",
        "numpy",
        "a",
        "WHY103",
        "not-locked",
        "warning",
    ),
    Finding(Location("uv.lock", 3, 1), "torch is locked 2.2.0", "lock it", "torch", "b", "WHY102", "version-mismatch"),
    Finding(Location("uv.lock", 9, 1), "jax has no decision", "write one", "jax", None, "WHY101", "undecided"),
)
REPORT = Report(FINDINGS, Summary(2, 1, 40, 3, 1, 0, 2))


def test_text_is_grouped_by_file_and_sums_up_on_its_last_line() -> None:
    assert (
        renderer("text")(REPORT, False)
        == """\
decisions/a.yaml:4:8: warning WHY103 numpy is not locked
  fix: correct the name

uv.lock:3:1: error WHY102 torch is locked 2.2.0
  fix: lock it
uv.lock:9:1: error WHY101 jax has no decision
  fix: write one

2 errors, 1 warning in 40 packages: 1 decided, 0 exempt, 2 undecided; 3 required
"""
    )


def flood(path: str, number: int, severity: Severity = "warning", code: str = "WHY203") -> list[Finding]:
    return [
        Finding(Location(path, line, 1), "unpinned", "pin it", f"p{line}", None, code, "unpinned", severity)
        for line in range(1, number + 1)
    ]


def test_a_flood_of_one_rule_about_one_file_is_cut_unless_everything_is_asked_for() -> None:
    from whypin.reporters.text import render

    found = [*flood("a.toml", 25), *flood("b.toml", 20), *flood("c.toml", 25, "error")]
    found.insert(10, Finding(Location("a.toml", 10, 1), "stale", "lock", None, None, "WHY206", "lock-stale", "error"))
    report = Report(tuple(found), Summary(26, 45, 1, 0, 0, 0, 1))
    lines = render(report, False, everything=False).splitlines()
    assert sum(line.startswith("a.toml:") for line in lines) == 5 + 1 + 1
    assert "a.toml:10:1: error WHY206 stale" in lines
    assert "a.toml: warning WHY203 20 more like these: whypin check --all lists them" in lines
    assert [sum(line.startswith(path) for line in lines) for path in ("b.toml", "c.toml")] == [20, 25]
    assert lines[-1].startswith("26 errors, 45 warnings")
    assert len(render(report).splitlines()) == 2 * 71 + 3 + 1


def test_colour_is_there_only_when_it_is_asked_for() -> None:
    assert "\x1b[31;1merror\x1b[0m" in renderer("text")(REPORT, True)
    assert "\x1b" not in renderer("text")(REPORT, False)


def test_a_clean_report_is_one_line() -> None:
    clean = Report((), Summary(0, 0, 1, 0, 1, 0, 0))
    assert (
        renderer("text")(clean, False)
        == "0 errors, 0 warnings in 1 package: 1 decided, 0 exempt, 0 undecided; 0 required\n"
    )


def test_json_is_the_contract() -> None:
    data = json.loads(renderer("json")(REPORT, False))
    assert data["version"] == 1
    assert data["findings"][0] == {
        "code": "WHY103",
        "slug": "not-locked",
        "severity": "warning",
        "path": "decisions/a.yaml",
        "line": 4,
        "column": 8,
        "message": "numpy is not locked",
        "fix": "correct the name",
        "package": "numpy",
        "record": "a",
    }
    assert data["findings"][2]["record"] is None
    states = {"packages": 40, "required": 3, "decided": 1, "exempt": 0, "undecided": 2}
    assert data["summary"] == {"error": 2, "warning": 1, **states}
