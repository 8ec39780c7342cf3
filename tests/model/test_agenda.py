"""The agenda: spans of time, what falls due within them, and when it turns into an error."""

from __future__ import annotations

from datetime import date

import pytest

from tests.build import TODAY, entry, lock, project, record
from whypin.model.agenda import agenda, parse_span
from whypin.model.project import Project
from whypin.model.settings import IgnoredFinding


@pytest.mark.parametrize(
    ("span", "day", "last"),
    [
        ("0d", "2026-11-22", "2026-11-22"),
        ("30d", "2026-11-22", "2026-12-22"),
        ("6w", "2026-11-22", "2027-01-03"),
        ("1m", "2026-11-22", "2026-12-22"),
        ("1m", "2026-12-31", "2027-01-31"),
        ("1m", "2026-10-31", "2026-11-30"),
        ("3m", "2026-11-30", "2027-02-28"),
        ("15m", "2026-11-30", "2028-02-29"),
        ("1y", "2028-02-29", "2029-02-28"),
        ("4y", "2028-02-29", "2032-02-29"),
        ("999999999d", "2026-11-22", "9999-12-31"),
        ("9000y", "2026-11-22", "9999-12-31"),
        ("999999999y", "2026-11-22", "9999-12-31"),
    ],
)
def test_a_span_ends_on_a_day(span: str, day: str, last: str) -> None:
    assert str(parse_span(span).after(date.fromisoformat(day))) == last


@pytest.mark.parametrize(
    "text", ["", "d", "30", "30 d", "30D", "-1d", "+1d", "1.5w", "1y6m", "soon", "3h", "٣d", "²d", "1" * 5000 + "d"]
)
def test_nonsense_is_no_span(text: str) -> None:
    with pytest.raises(ValueError, match="is not a span like 30d, 6w, 3m or 1y"):
        parse_span(text)


def turning(subject: Project) -> list[tuple[str, str | None, str]]:
    tasks = agenda(subject, parse_span("9000y")).tasks
    return [(task.kind, task.rule, str(task.error_from)) for task in tasks]


HELD = record(
    review_by="2027-01-31",
    exit_criteria="[{date: 2027-02-01}]",
    waivers="[{advisory: CVE-2023-44271, reason: No fonts., expires: 2026-12-24}]",
)
WAITING = record("2026-05-01-scipy", status="proposed")
IGNORED = (IgnoredFinding("WHY102", "numpy", "known", date(2027, 3, 1)),)


def test_what_first_warns_turns_into_an_error_when_the_grace_period_is_over() -> None:
    subject = project(HELD, WAITING, policy={"grace_days": 10}, ignore_findings=IGNORED)
    assert turning(subject) == [
        ("proposal", "WHY303", "None"),
        ("waiver", "WHY304", "2027-01-03"),
        ("review", "WHY301", "2027-02-10"),
        ("exit", "WHY302", "None"),
        ("ignored", None, "None"),
    ]


def test_the_settings_say_what_is_an_error_at_once_and_what_never_is() -> None:
    subject = project(HELD, rules={"WHY301": "warning", "WHY302": "error", "WHY304": "off"})
    assert turning(subject) == [
        ("waiver", "WHY304", "None"),
        ("review", "WHY301", "None"),
        ("exit", "WHY302", "2027-02-01"),
    ]


@pytest.mark.parametrize(
    ("expires", "error_from"),
    [(None, "None"), (date(2027, 12, 1), "2027-12-01"), (date(2027, 1, 1), "2027-02-14")],
)
def test_what_the_settings_ignore_is_no_error_until_then(expires: date | None, error_from: str) -> None:
    ignored = (
        IgnoredFinding("WHY301", None, "moving", expires),
        IgnoredFinding("WHY301", "numpy", "a review has no package", date(2030, 1, 1)),
        IgnoredFinding("WHY302", None, "another rule", None),
    )
    subject = project(record(review_by="2027-01-31"), ignore_findings=ignored)
    assert ("review", "WHY301", error_from) in turning(subject)


def test_a_grace_period_past_the_end_of_the_calendar_never_ends() -> None:
    subject = project(record(review_by="2027-01-31"), policy={"grace_days": 999_999_999})
    assert turning(subject) == [("review", "WHY301", "None")]


def test_the_last_day_of_the_span_counts_and_what_is_overdue_always_does() -> None:
    records = [record(f"{day}-a", review_by=day) for day in ("2024-01-01", "2026-11-22", "2026-11-29", "2026-11-30")]
    found = agenda(project(*records), parse_span("1w"))
    assert (found.today, found.until) == (TODAY, date(2026, 11, 29))
    assert [task.days for task in found.tasks] == [-1056, 0, 7]


def test_an_exemption_that_can_go_has_no_day_and_is_due_now() -> None:
    locked = lock(entry("numpy", "1.26.4"), entry("rich", "13.0"), entry("attrs", "23.1"))
    exempt = {"uv.lock": {"attrs": ("23.1",), "numpy": ("1.26.3", "1.26.4"), "rich": ("12.0",)}}
    late = record("2026-11-01-a", packages="{scipy: 1.0}", review_by="2026-11-21")
    subject = project(late, locks=[locked], exemptions=exempt, policy={"critical": ("attrs", "numpy", "rich")})
    assert [(task.day, task.days, task.what) for task in agenda(subject, parse_span("0d")).tasks] == [
        (date(2026, 11, 21), -1, "review of 2026-11-01-a"),
        (None, 0, "exemption of numpy 1.26.3 in uv.lock: locked no more"),
        (None, 0, "exemption of rich 12.0 in uv.lock: it moved to 13.0"),
    ]
