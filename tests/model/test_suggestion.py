"""What to decide next: the parts of a score, their sum, and the order."""

from __future__ import annotations

from typing import Any

import pytest

from tests.build import entry, lock, manifest, override, project, record, requirement
from whypin.model import suggestion
from whypin.model.change import Change, Commit
from whypin.model.lock import Edge
from whypin.model.suggestion import Suggestion, suggestions


def only(*entries: Any, **more: Any) -> Suggestion:
    (found,) = suggestions(project(locks=[lock(*entries)], **more))
    return found


def change(old: str, new: str, day: str, package: str = "numpy") -> Change:
    return Change(package, (old,) * bool(old), (new,), "uv.lock", Commit("0" * 40, f"{day}T09:00:00+00:00", "x", "y"))


def test_what_is_decided_is_not_suggested() -> None:
    held = lock(entry("numpy"), entry("pandas", "2.2.3"))
    assert [one.package for one in suggestions(project(record(), locks=[held]))] == ["pandas"]


def test_the_required_comes_first_then_the_exempt_whatever_else_is_said() -> None:
    """The other parts together are fewer than the distance to either."""
    rest = (
        suggestion.PRODUCTION + suggestion.CAPPED + suggestion.OVERRIDDEN + suggestion.MOST_DEPENDENTS
        + suggestion.DOWNGRADED + suggestion.MOST_MOVES + suggestion.EACH_YEAR * suggestion.MOST_YEARS
    )  # fmt: skip
    assert suggestion.REQUIRED > suggestion.EXEMPT > rest
    held = lock(entry("rich", direct=False), entry("numpy", direct=False), entry("pandas", "2.2.3"))
    found = suggestions(
        project(
            locks=[held],
            policy={"critical": ("numpy", "rich")},
            exemptions={"uv.lock": {"rich": ("1.26.4",)}},
        )
    )
    assert [(one.package, one.parts[0].name) for one in found] == [
        ("numpy", "required"),
        ("rich", "exempt"),
        ("pandas", "direct"),
    ]
    assert found[0].why == "undecided: it is critical"


def test_a_decision_that_rejects_what_is_locked_is_named() -> None:
    (found,) = suggestions(project(record(packages="{numpy: 1.25.2}"), locks=[lock(entry("numpy"))]))
    assert found.parts[0] == ("required", suggestion.REQUIRED, "undecided: 2026-11-22-numpy does not accept it")


def test_transitive_packages_float_unless_something_limits_them() -> None:
    held = lock(entry("a", direct=False), entry("b", direct=False), entry("c", direct=False, groups=("group:dev",)))
    declared = manifest(override("constraint", "b", "<2", 7))
    (found,) = suggestions(project(locks=[held], manifests=[declared]))
    assert (found.package, found.why) == ("b", "constraint without a reason: b <2 (pyproject.toml:7)")


@pytest.mark.parametrize(("groups", "points"), [(("main",), 30), (("group:dev",), 10), (("group:dev", "main"), 30)])
def test_production_weighs_more_than_development(groups: tuple[str, ...], points: int) -> None:
    assert only(entry("numpy", groups=groups)).score == points


@pytest.mark.parametrize(
    ("specifier", "name", "words"),
    [
        ("<2,>=1.26", "capped", "capped without a reason: numpy <2,>=1.26 (pyproject.toml:5)"),
        ("==1.26.4", "pinned", "pinned without a reason: numpy ==1.26.4 (pyproject.toml:5)"),
        (">=1.26", None, None),
    ],
)
def test_caps_and_pins_without_a_reason_count(specifier: str, name: str | None, words: str | None) -> None:
    declared = manifest(requirement("numpy", specifier, 5))
    told: dict[str, str] = {part.name: part.why for part in only(entry("numpy"), manifests=[declared]).parts}
    assert told.get(name or "capped") == words


def test_pinned_requirements_that_are_their_own_lock_say_nothing_more() -> None:
    held = lock(entry("numpy"), path="requirements.txt", format="requirements")
    own = manifest(requirement("numpy", "==1.26.4"), path="requirements.txt", locks=["requirements.txt"])
    (found,) = suggestions(project(locks=[held], manifests=[own]))
    assert [part.name for part in found.parts] == ["direct"]


def test_what_depends_on_it_counts_up_to_twenty() -> None:
    users = [entry(f"user{at}", direct=False, edges=(Edge("numpy", (0,)),)) for at in range(25)]
    roots = tuple(Edge(f"user{at}", (at + 1,)) for at in range(25))
    (found,) = suggestions(project(locks=[lock(entry("numpy"), *users, roots=(Edge("numpy", (0,)), *roots))]))
    assert found.parts[1] == ("dependents", 20, "25 packages need it")


def test_age_counts_by_years_where_the_lock_tells() -> None:
    assert [part.points for part in only(entry("numpy", uploaded="2025-11-23")).parts] == [30]
    assert only(entry("numpy", uploaded="2024-11-20")).parts[1] == ("old", 10, "published 2024-11-20, 2 years ago")
    assert only(entry("numpy", uploaded="2001-01-01")).parts[1].points == 15
    assert len(only(entry("numpy", uploaded="yesterday")).parts) == 1


def test_history_adds_downgrades_and_moves_of_the_last_year() -> None:
    changes = [
        change("1.26.3", "1.26.4", "2026-10-01"),
        change("2.0.0", "1.26.3", "2026-09-01"),
        change("1.25.0", "2.0.0", "2025-01-01"),
        change("", "1.25.0", "2024-01-01"),
        change("1.0", "2.0", "2026-10-01", "pandas"),
    ]
    (found,) = suggestions(project(locks=[lock(entry("numpy"))]), changes)
    assert list(found.parts[1:]) == [
        ("downgraded", 20, "downgraded from 2.0.0 to 1.26.3 on 2026-09-01"),
        ("moved", 4, "moved 2 times within a year"),
    ]


def test_one_suggestion_for_all_locks_that_need_it() -> None:
    locks = [lock(entry("numpy", version), path=path) for path, version in (("a/uv.lock", "1"), ("b/uv.lock", "2"))]
    (found,) = suggestions(project(locks=locks))
    assert (found.versions, found.locks) == (("1", "2"), ("a/uv.lock", "b/uv.lock"))


def test_nobody_chose_the_projects_own_members_and_what_has_no_version() -> None:
    own = entry("app", "1.0", member=True, source="virtual")
    tree, commit = entry("tree", "1.0", source="editable"), entry("git", None, source="git")
    assert suggestions(project(locks=[lock(own, tree, commit)], policy={"require": "all"})) == []


def test_a_proposal_is_to_be_finished_and_not_begun_again() -> None:
    proposed = record(status="proposed", rationale='""')
    (found,) = suggestions(project(proposed, locks=[lock(entry("numpy"))]))
    assert found.fix == "say why in decisions/2026-11-22-numpy.yaml, and set status: accepted"
    (other,) = suggestions(project(locks=[lock(entry("numpy"))]))
    assert other.fix == "whypin new numpy"


def test_the_order_is_by_score_then_by_name() -> None:
    held = lock(entry("b"), entry("a"), entry("c", groups=("group:dev",)), entry("d", uploaded="2020-01-01"))
    assert [one.package for one in suggestions(project(locks=[held]))] == ["d", "a", "b", "c"]
