"""The lifecycle: what falls due and when, and which exit criteria are met."""

from __future__ import annotations

from datetime import date

import pytest

from tests.build import TODAY, entry, lock, project, record
from whypin.model.lifecycle import due, in_force, lapse, met_by
from whypin.model.lock import Entry
from whypin.model.settings import IgnoredFinding

TENSORFLOW = '[{locked: "tensorflow>=2.12.1"}]'


@pytest.mark.parametrize(
    ("day", "grace", "severity"),
    [
        ("2026-11-23", 14, None),
        ("2026-11-22", 14, "warning"),
        ("2026-11-09", 14, "warning"),
        ("2026-11-08", 14, "error"),
        ("2026-11-22", 0, "error"),
        ("2026-11-22", 999_999_999, "warning"),
    ],
)
def test_what_has_come_warns_first_and_fails_after_the_grace_period(day: str, grace: int, severity: str | None) -> None:
    passed = lapse(project(policy={"grace_days": grace}), date.fromisoformat(day))
    assert (passed and passed.severity) == severity


@pytest.mark.parametrize(
    ("criterion", "entries", "met"),
    [
        (TENSORFLOW, [entry("tensorflow", "2.15.0")], "tensorflow is locked 2.15.0"),
        (TENSORFLOW, [entry("tensorflow", "2.12.0")], ""),
        (TENSORFLOW, [entry("tensorflow", "2.15.0"), entry("tensorflow", "2.12.0")], ""),
        (TENSORFLOW, [entry("tensorflow", None)], ""),
        (TENSORFLOW, [entry("tensorflow", "2.15.0", source="conda")], ""),
        (TENSORFLOW, [entry("numpy")], ""),
        ("[{locked: conda:x>=1}]", [entry("x", "1.0", source="conda")], "conda:x is locked 1.0"),
        ("[{locked: torch==2.1.0}]", [entry("torch", "2.1.0+cu118")], "torch is locked 2.1.0+cu118"),
        ("[{locked: torch==2.1.0+cu118}]", [entry("torch", "2.1.0")], ""),
        ("[{unlocked: Open_CV}]", [entry("numpy")], "open-cv is no longer locked"),
        ("[{unlocked: numpy}]", [entry("numpy")], ""),
        ("[{date: 2026-11-22}]", [], "it was to hold until 2026-11-22"),
        ("[{date: 2026-11-23}]", [], ""),
        ("[{issue: 'https://a.example/1'}]", [entry("numpy")], ""),
    ],
)  # fmt: skip
def test_when_an_exit_criterion_is_met(criterion: str, entries: list[Entry], met: str) -> None:
    subject = record(exit_criteria=criterion)
    words = met_by(project(subject, locks=[lock(*entries)]), subject, subject.exit_criteria[0])
    assert words.partition(", and this waited for ")[0] == met


def test_only_the_locks_in_the_records_scope_count() -> None:
    locks = [
        lock(entry("tensorflow", "2.15.0"), path="a/uv.lock"),
        lock(entry("tensorflow", "2.9.0"), path="b/uv.lock"),
    ]
    wide, narrow = record("a", exit_criteria=TENSORFLOW), record("b", exit_criteria=TENSORFLOW, locks="[a/*]")
    gone = record("c", exit_criteria="[{unlocked: pandas}]", locks="[elsewhere/*]")
    subject = project(wide, narrow, gone, locks=locks)
    met = [met_by(subject, one, one.exit_criteria[0]) for one in (wide, narrow, gone)]
    assert [bool(words) for words in met] == [False, True, False]


def test_a_record_is_in_force_while_anything_that_it_names_is() -> None:
    old = record("a", packages="{numpy: 1.0, scipy: 1.0}")
    half = record("b", packages="{numpy: 1.26.4}", supersedes="[a]")
    rest = record("c", packages="{scipy: 1.1}", supersedes="[a]")
    closed = record("d", status="deprecated")
    assert [one.id for one in in_force(project(old, half, closed))] == ["a", "b"]
    assert [one.id for one in in_force(project(old, half, rest))] == ["b", "c"]


def test_everything_that_falls_due_comes_by_day() -> None:
    held = record(
        "2026-11-22-numpy",
        review_by="2027-01-31",
        exit_criteria="[{date: 2027-02-01}, {unlocked: pandas}, {locked: numpy>=2}]",
        waivers="[{advisory: CVE-2023-44271, reason: No fonts., expires: 2026-12-24}]",
    )
    others = [
        record("2026-05-01-scipy", status="proposed"),
        record("2026-05-02-scipy", review_by="never"),
        record("2026-05-03-scipy", status="rejected"),
    ]
    ignored = (
        IgnoredFinding("WHY102", "numpy", "known", date(2027, 3, 1)),
        IgnoredFinding("WHY103", None, "known", None),
    )
    found = due(project(held, *others, locks=[lock(entry("numpy"))], ignore_findings=ignored))
    assert [(str(one.day), one.kind, one.record) for one in found] == [
        ("2026-10-28", "proposal", "2026-05-01-scipy"),
        (str(TODAY), "exit", "2026-11-22-numpy"),
        ("2026-12-24", "waiver", "2026-11-22-numpy"),
        ("2027-01-31", "review", "2026-11-22-numpy"),
        ("2027-02-01", "exit", "2026-11-22-numpy"),
        ("2027-03-01", "ignored", None),
    ]


def test_a_day_past_the_end_of_the_calendar_never_comes() -> None:
    late = record("a", date="9999-12-31")
    assert due(project(late)) == []
    assert lapse(project(), date(9999, 12, 31)) is None
