"""What an alert counts for: by its severity, by the groups that reach the package, by the settings of the rule."""

from __future__ import annotations

from typing import Any

import pytest

from tests.advisories.osv import advisory, affected, alerted
from tests.build import TODAY, entry, lock, record
from whypin import rules
from whypin.model.alert import CODE, Standing, standings
from whypin.model.lock import Entry
from whypin.model.project import Project
from whypin.model.record import Record
from whypin.model.settings import IgnoredFinding, Policy, Settings

DEV, MAIN = ("group:dev",), ("main",)


def subject(rating: str, policy: Policy, *records: Record, groups: tuple[str, ...] = MAIN, **settings: Any) -> Project:
    word = {"database_specific": {"severity": rating.upper()}} if rating != "unknown" else {}
    return held(advisory("A-1", **word), policy, *records, locked=entry("pillow", "9.5.0", groups=groups), **settings)


def held(data: Any, policy: Policy, *records: Record, locked: Entry, **settings: Any) -> Project:
    chosen = Settings(policy=policy, **settings)
    return alerted(Project(today=TODAY, records=records, locks=[lock(locked)], settings=chosen), data)


def standing(subject: Project) -> Standing:
    """What the one alert of a project comes to; `check` has to say the same."""
    (found,) = standings(subject)
    assert [finding.severity for finding in rules.run(subject, {CODE})] == [found.level] * (found.level is not None)
    return found


@pytest.mark.parametrize(
    ("rating", "least", "level"),
    [
        ("none", "any", "error"),
        ("low", "any", "error"),
        ("none", "low", "warning"),
        ("low", "low", "error"),
        ("medium", "high", "warning"),
        ("high", "high", "error"),
        ("critical", "high", "error"),
        ("high", "critical", "warning"),
        ("unknown", "any", "error"),
        ("unknown", "critical", "error"),  # malicious packages have no rating
    ],
)
def test_what_is_rated_below_the_threshold_only_warns(rating: str, least: Any, level: str) -> None:
    assert standing(subject(rating, Policy(fail_on_severity=least))).level == level


@pytest.mark.parametrize(
    ("groups", "setting", "state", "level"),
    [
        (DEV, "error", "open", "error"),
        (DEV, "warning", "open", "warning"),
        (DEV, "off", "ignored", None),
        ((*DEV, "main"), "off", "open", "error"),
        (("extra:gpu", *DEV), "off", "open", "error"),
        ((), "off", "open", "error"),  # nothing says that it is for development
    ],
)
def test_what_only_development_needs_counts_as_the_policy_says(
    groups: tuple[str, ...], setting: Any, state: str, level: str | None
) -> None:
    found = standing(subject("critical", Policy(development_alerts=setting), groups=groups))
    assert (found.state, found.level) == (state, level)


def test_the_policy_says_which_groups_are_for_development() -> None:
    policy = Policy(development=("bench",), development_alerts="warning")
    assert standing(subject("high", policy, groups=("group:bench",))).level == "warning"
    assert standing(subject("high", policy, groups=DEV)).level == "error"


def test_a_low_severity_in_production_and_development_follow_both_settings() -> None:
    policy = Policy(fail_on_severity="high", development_alerts="error")
    assert standing(subject("low", policy, groups=DEV)).level == "warning"
    assert standing(subject("high", policy, groups=DEV)).level == "error"


@pytest.mark.parametrize(("given", "level"), [("error", "error"), ("warning", "warning"), ("off", None)])
def test_a_severity_of_the_rule_counts_before_the_threshold(given: str, level: str | None) -> None:
    policy = Policy(fail_on_severity="high", development_alerts="off")
    assert standing(subject("low", policy, rules={CODE: given})).level == level
    assert standing(subject("low", policy, rules={CODE: given}, groups=DEV)).level is None


def test_an_ignored_finding_is_told_with_its_reason() -> None:
    ignored = (IgnoredFinding(CODE, "pillow", "Gone next week.", None),)
    found = standing(subject("high", Policy(), ignore_findings=ignored))
    assert (found.state, found.level, found.reason) == ("ignored", None, "Gone next week.")
    other = (IgnoredFinding(CODE, "numpy", "Gone next week.", None), IgnoredFinding(CODE, None, "Old.", TODAY))
    assert standing(subject("high", Policy(), ignore_findings=other)).state == "open"


@pytest.mark.parametrize(("packages", "state"), [("{pillow: 9.5.0}", "blocked"), ('{pillow: "<11"}', "open")])
def test_a_record_that_keeps_the_fix_out_blocks(packages: str, state: str) -> None:
    found = standing(subject("high", Policy(), record("2026-11-20-pillow", packages=packages)))
    assert (found.state, found.level) == (state, "error")


def test_the_waiver_that_holds_longest_is_told() -> None:
    waivers = "[{advisory: A-1, reason: A., expires: 2027-01-01}, {advisory: A-1, reason: B., expires: 2027-02-01}]"
    records = [
        record("2026-11-20-pillow", packages="{pillow: '<12'}", waivers=waivers),
        record("2026-11-21-pillow", packages="{pillow: '<12'}", waivers=waivers.replace("2027", "2026")),
    ]
    found = standing(subject("high", Policy(), *records))
    assert found.state == "waived" and found.waiver is not None
    assert (found.waiver.record.id, found.waiver.waiver.reason) == ("2026-11-20-pillow", "B.")


def test_the_threshold_reads_the_vector_where_the_advisory_has_no_word() -> None:
    vector = "CVSS:3.0/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"
    data = advisory("A-1", affected("pillow", "introduced 0"), severity=[{"type": "CVSS_V3", "score": vector}])
    found = standing(held(data, Policy(fail_on_severity="medium"), locked=entry("pillow", "9.5.0")))
    assert (found.hit.advisory.severity.rating, found.level) == ("low", "warning")
