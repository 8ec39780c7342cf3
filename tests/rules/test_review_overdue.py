"""WHY301: a review that has come."""

import pytest

from tests.build import entry, found, lock, project, record
from whypin import rules
from whypin.rules.review_overdue import RULE


@pytest.mark.parametrize(
    ("fields", "severities"),
    [
        ({"review_by": "2026-11-23"}, []),
        ({"review_by": "2026-11-22"}, ["warning"]),
        ({"review_by": "2026-11-08"}, ["error"]),
        ({"review_by": "never"}, []),
        ({"date": "2026-05-27"}, []),
        ({"date": "2026-05-26"}, ["warning"]),
        ({"date": "2020-01-01"}, ["error"]),
    ],
)
def test_due_today_warns_due_tomorrow_is_quiet_and_grace_ends(fields: dict[str, str], severities: list[str]) -> None:
    assert [finding.own for finding in found(RULE, project(record(**fields)))] == severities


def test_the_place_is_the_day_where_it_is_written() -> None:
    written, counted = record("a", review_by="2026-11-22"), record("b", date="2026-05-26")
    first, second = found(RULE, project(written, counted))
    assert first.message == "a was due for review on 2026-11-22; from 2026-12-06 on that is an error"
    assert [str(first.location), str(second.location)] == ["decisions/a.yaml:7:12", "decisions/b.yaml:6:7"]


def test_superseded_and_closed_records_are_not_reviewed() -> None:
    old = record("a", review_by="2026-01-01")
    new = record("b", supersedes="[a]")
    assert found(RULE, project(old, new)) == []
    assert found(RULE, project(old._replace(status="deprecated"))) == []


@pytest.mark.parametrize(("setting", "severity"), [("warning", "warning"), ("error", "error")])
def test_a_severity_in_the_settings_wins_and_nothing_else_is_announced(setting: str, severity: str) -> None:
    for day in ("2026-11-22", "2026-01-01"):
        subject = project(record(review_by=day), locks=[lock(entry("numpy"))], rules={"WHY301": setting})
        (finding,) = rules.run(subject)
        assert (finding.severity, finding.message[-10:]) == (severity, day)
