"""The numbers beside the levels: coverage, age, caps, reviews."""

from __future__ import annotations

from datetime import date

import pytest

from tests.build import entry, lock, manifest, project, record, requirement
from whypin.metrics.debt import age, coverage, debt, reviews
from whypin.model.debt import Cap, Coverage, Debt
from whypin.model.location import Location


def test_coverage_counts_the_required_by_state_and_the_direct_of_production() -> None:
    locked = lock(
        entry("numpy"),
        entry("pandas", "2.0.2"),
        entry("scipy", "1.11"),
        entry("jax", "0.4", direct=False),
        entry("pytest", "9", groups=("group:dev",)),
        entry("app", "1", source="editable", member=True),
    )
    subject = project(
        record(packages="{numpy: 1.26.4, pytest: 9}"),
        locks=[locked],
        policy={"require": "direct"},
        exemptions={"uv.lock": {"pandas": ("2.0.2",)}},
    )
    assert coverage(subject) == Coverage(required=4, decided=2, exempt=1, undecided=1, direct=3, direct_decided=1)


def test_age_is_the_median_of_what_is_known_and_names_the_oldest_direct_ones() -> None:
    locked = lock(
        entry("numpy", uploaded="2026-11-12"),
        entry("pandas", "2", uploaded="2026-10-23"),
        entry("six", "1", uploaded="2016-11-22", direct=False),
        entry("scipy", "1"),
        entry("app", "1", source="virtual", member=True, uploaded="2000-01-01"),
    )
    found = age(project(locks=[locked]))
    assert (found.known, found.of, found.median) == (3, 4, 30)
    assert [(one.name, one.days) for one in found.oldest] == [("pandas", 30), ("numpy", 10)]


def test_five_of_the_oldest_are_enough() -> None:
    locked = lock(*(entry(f"p{day}", "1", uploaded=f"2026-11-{day:02}") for day in range(20, 0, -1)))
    assert [one.name for one in age(project(locks=[locked])).oldest] == ["p1", "p2", "p3", "p4", "p5"]


def test_where_no_lock_tells_when_versions_were_published_the_age_is_unknown() -> None:
    found = age(project(locks=[lock(entry("numpy"), entry("pandas", uploaded="once upon a time"))]))
    assert (found.known, found.of, found.median, found.oldest) == (0, 2, None, ())


def test_what_is_published_after_the_day_is_no_days_old() -> None:
    assert age(project(locks=[lock(entry("numpy", uploaded="2027-01-01"))])).median == 0


def test_a_cap_is_explained_by_a_record_or_by_a_comment_or_by_nothing() -> None:
    needs = manifest(
        requirement("numpy", "<2", 1),
        requirement("pandas", "!=2.1", 2, comment="crashes"),
        requirement("scipy", "~=1.11", 3),
        requirement("torch", "==2.2.0", 4),
        requirement("jax", ">=0.4", 5),
        requirement("click", ">=8,<9", 6, written="^8"),
        requirement("pytest", "<9", 7, group="group:dev"),
    )
    names = ("numpy", "pandas", "scipy", "torch", "jax", "click", "pytest")
    why = record(packages="{numpy: '<2'}")
    found = debt(project(why, locks=[lock(*(entry(name) for name in names))], manifests=[needs])).caps
    assert [(cap.package, cap.explained) for cap in found] == [
        ("numpy", "record"),
        ("pandas", "comment"),
        ("scipy", "nothing"),
        ("pytest", "nothing"),
    ]
    assert found[0] == Cap(Location("pyproject.toml", 1), "numpy<2", "numpy", ("<2",), "record", (why.id,))


@pytest.mark.parametrize(
    ("review_by", "kind"),
    [
        ("2026-11-21", "due"),
        ("2026-11-22", "due"),
        ("2026-11-23", "soon"),
        ("2026-12-22", "soon"),
        ("2026-12-23", None),
        ("never", None),
    ],
)
def test_a_review_is_due_on_its_day_and_told_thirty_days_ahead(review_by: str, kind: str | None) -> None:
    found = reviews(project(record(review_by=review_by)))._asdict()
    assert [name for name, listed in found.items() if listed] == ([kind] if kind else [])


def test_without_a_day_of_its_own_the_policys_period_counts() -> None:
    (found,) = reviews(project(record("2026-05-26-numpy"))).due
    assert (found.due, found.days) == (date(2026, 11, 22), 0)
    assert found.location == Location("decisions/2026-05-26-numpy.yaml", 1, 1)
    assert not reviews(project(record("2026-05-26-numpy"), policy={"review_after_days": 999_999_999})).due


def test_only_what_is_in_force_is_reviewed_and_a_proposal_is_told_apart() -> None:
    old, new = record("2025-01-01-a"), record("2026-11-20-b", supersedes="[2025-01-01-a]")
    proposed, rejected = record("2025-01-01-c", status="proposed"), record("2025-01-01-d", status="rejected")
    found = reviews(project(old, new, proposed, rejected))
    assert (found.due, found.soon) == ((), ())
    assert [(one.record, one.due, one.location.line) for one in found.proposed] == [("2025-01-01-c", None, 2)]


def test_a_decision_about_artifacts_only_is_reviewed_too() -> None:
    artifact = "[{name: cuda, kind: image, version: 12.1.1}]"
    (found,) = reviews(project(record("2025-01-01-cuda", packages=None, artifacts=artifact))).due
    assert found.record == "2025-01-01-cuda"


def test_reviews_come_in_the_order_of_their_days() -> None:
    found = reviews(project(record("2025-02-01-a"), record("2025-01-01-b"), record("2025-03-01-c"))).due
    assert [one.record for one in found] == ["2025-01-01-b", "2025-02-01-a", "2025-03-01-c"]


def bare(*levels: str) -> Debt:
    needs = [
        manifest(requirement("numpy", specifier), path=f"{at}.in", locks=()) for at, specifier in enumerate(levels)
    ]
    return debt(project(manifests=needs))


def test_a_project_is_under_a_level_that_its_lowest_manifest_does_not_reach() -> None:
    found = bare("==1", ">=1")
    assert (found.level, [found.is_under(level) for level in (1, 2, 3)]) == (2, [False, False, True])


def test_without_a_manifest_no_level_is_shown_and_without_production_none_is_needed() -> None:
    assert debt(project(locks=[lock(entry("numpy"))])).is_under(1)
    only_tests = manifest(requirement("pytest", group="group:dev"), locks=())
    assert not debt(project(manifests=[only_tests])).is_under(5)
