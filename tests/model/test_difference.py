"""What a change comes to: how each package stands, who brought it, what became of the records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.build import entry, lock, project, record
from whypin.model.difference import Difference, Moved, difference
from whypin.model.lock import Edge, Entry, Lock
from whypin.model.project import Project
from whypin.model.record import Record

CRITICAL = {"require": "critical", "critical": ("numpy",)}


def told(
    before: Sequence[Lock],
    after: Sequence[Lock],
    records: Sequence[Record] = (),
    earlier: Sequence[Record] | None = None,
    **settings: Any,
) -> Difference:
    base = project(*(records if earlier is None else earlier), locks=before)
    return difference(project(*records, locks=after, base=base, **settings), "abc")


def only(found: Difference) -> Moved:
    (moved,) = found.moved
    return moved


def needing(name: str, version: str, *targets: int, direct: bool = True) -> Entry:
    return entry(name, version, direct=direct, edges=tuple(Edge(str(at), (at,)) for at in targets))


def test_nothing_moved_is_no_lock() -> None:
    found = told([lock(entry("numpy"))], [lock(entry("numpy"))])
    assert (found.locks, found.moved, found.counts["moved"]) == ((), (), 0)
    assert difference(project(), "abc").locks == ()


def test_direct_packages_come_first_then_what_became_of_them() -> None:
    before = lock(entry("up", "1.0"), entry("gone", "1"), entry("deep", "1", direct=False), entry("down", "2"))
    after = lock(entry("down", "1"), entry("deep", "2", direct=False), entry("up", "1.1"), entry("new", "1"))
    found = told([before], [after])
    assert [(one.name, one.kind, one.step, one.direct) for one in found.moved] == [
        ("new", "added", None, True),
        ("gone", "removed", None, True),
        ("up", "upgraded", "minor", True),
        ("down", "downgraded", "major", True),
        ("deep", "upgraded", "major", False),
    ]
    counts = {key: number for key, number in found.counts.items() if number}
    assert counts == {
        "moved": 5, "direct": 4, "transitive": 1,
        "added": 1, "removed": 1, "upgraded": 2, "downgraded": 1, "not-required": 4,
    }  # fmt: skip


def test_the_projects_own_members_are_left_out() -> None:
    before, after = (lock(entry("app", version, source="virtual", member=True)) for version in ("1", "2"))
    assert told([before], [after]).locks == ()


def test_a_decision_that_was_there_before_covers_the_move() -> None:
    known = record(packages='{numpy: ">=1.26,<2"}')
    moved = only(told([lock(entry("numpy"))], [lock(entry("numpy", "1.26.5"))], [known], policy=CRITICAL))
    assert (moved.deciding, moved.rejecting, moved.undecided, moved.fix) == ((known,), (), False, "")


def test_a_floor_accepts_and_does_not_decide() -> None:
    floor = record(packages='{numpy: ">=1.26"}')
    moved = only(told([lock(entry("numpy"))], [lock(entry("numpy", "2.0"))], [floor], policy=CRITICAL))
    assert (moved.accepting, moved.deciding, moved.undecided) == ((floor,), (), True)
    assert moved.fix == "write decisions/2026-11-22-numpy.yaml with packages: {numpy: 2.0}"


def test_a_decision_against_it_says_what_to_type() -> None:
    known = record()
    moved = only(told([lock(entry("numpy"))], [lock(entry("numpy", "2.0"))], [known]))
    assert (moved.rejecting, moved.undecided) == ((known,), True)
    assert moved.fix == "lock numpy as decided, or run whypin supersede 2026-11-22-numpy and say why"


def test_exempt_at_its_new_version() -> None:
    after = [lock(entry("numpy", "2.0"))]
    found = told([lock(entry("numpy"))], after, policy=CRITICAL, exemptions={"uv.lock": {"numpy": ("2.0",)}})
    assert (only(found).undecided, found.counts["exempt"]) == (False, 1)
    assert [one.versions for one in found.records.exempted] == [("2.0",)]


def test_a_record_in_force_that_still_names_what_is_gone() -> None:
    known, elsewhere = record(), record("2026-11-21-numpy", locks="[other/uv.lock]")
    moved = only(told([lock(entry("numpy"), entry("a"))], [lock(entry("a"))], [known, elsewhere]))
    assert (moved.package, moved.accepting, moved.undecided) == (None, (known,), False)


def test_what_moved_itself_brought_a_transitive_one() -> None:
    before = lock(needing("torch", "1", 2), needing("web", "1", 2), needing("leaf", "1", direct=False))
    after = lock(needing("torch", "2", 2), needing("web", "1", 2), needing("leaf", "2", direct=False))
    found = {one.name: one.brought_by for one in told([before], [after]).moved}
    assert found == {"torch": (), "leaf": ("torch",)}


def test_where_no_direct_one_moved_all_that_lead_there_are_told() -> None:
    before = lock(needing("torch", "1", 2), needing("web", "1", 2), needing("leaf", "1", direct=False))
    after = lock(needing("torch", "1", 2), needing("web", "1", 2), needing("leaf", "2", direct=False))
    assert only(told([before], [after])).brought_by == ("torch", "web")


def test_what_is_gone_was_brought_by_what_the_base_says() -> None:
    before = lock(needing("torch", "1", 1), needing("leaf", "1", direct=False), needing("web", "1"))
    after = lock(needing("torch", "2"), needing("web", "1"))
    found = {one.name: one.brought_by for one in told([before], [after]).moved}
    assert found == {"torch": (), "leaf": ("torch",)}


def test_of_a_fork_the_new_version_was_brought() -> None:
    before = lock(needing("old", "1", 2), needing("new", "1"), needing("leaf", "1", direct=False))
    fork = needing("leaf", "2", direct=False)
    after = lock(needing("old", "1", 2), needing("new", "1", 3), needing("leaf", "1", direct=False), fork)
    moved = only(told([before], [after]))
    assert (moved.kind, moved.brought_by) == ("forked", ("new",))


def test_a_conda_package_has_the_name_that_records_write() -> None:
    def side(version: str) -> Lock:
        entries = needing("python", version, 1), needing("openssl", version, direct=False)
        return lock(*(one._replace(source="conda") for one in entries))

    found = {one.name: one.brought_by for one in told([side("1")], [side("2")]).moved}
    assert found == {"conda:python": (), "conda:openssl": ("conda:python",)}


def test_a_format_without_edges_does_not_tell() -> None:
    before, after = (
        lock(entry("a", "1", edges=None), entry("leaf", version, direct=False, edges=None)) for version in ("1", "2")
    )
    assert only(told([before], [after])).brought_by is None


def test_locks_that_are_new_gone_or_of_another_format() -> None:
    here, there = entry("numpy"), entry("pandas", "2.2")
    before = [lock(here, path="a/poetry.lock", format="poetry"), lock(there, path="b/uv.lock")]
    after = [lock(here, path="a/uv.lock"), lock(there, path="c/uv.lock")]
    found = told(before, after)
    assert [(one.path, one.kind, one.was, len(one.moved)) for one in found.locks] == [
        ("a/uv.lock", "replaced", "a/poetry.lock", 0),
        ("c/uv.lock", "added", None, 1),
        ("b/uv.lock", "removed", None, 1),
    ]


def test_where_it_comes_from_is_told_where_both_sides_tell_and_differ() -> None:
    def moved(old: str | None, new: str | None) -> Moved:
        before, after = entry("numpy", "1", index=old), entry("numpy", "2", index=new)
        return only(told([lock(before)], [lock(after)]))

    one, other = "https://index.example/simple/", "https://other.example/simple"
    assert moved(one, other).sources == (
        "registry https://index.example/simple",
        "registry https://other.example/simple",
    )
    assert moved(one, one.rstrip("/")).sources is None
    assert moved(None, other).sources is None


def test_what_became_of_the_records() -> None:
    old, kept = record("2026-11-01-numpy"), record("2026-11-02-pandas", packages="{pandas: 2.2}", title="As it was")
    gone = record("2026-11-03-torch", packages="{torch: 2.2}")
    new = record("2026-11-22-numpy", supersedes="[2026-11-01-numpy]", packages="{numpy: 2.0, scipy: 1}")
    edited = record("2026-11-02-pandas", packages="{pandas: 2.2}", title="As it is", tags="[x]")
    found = told([], [], [old, edited, new], earlier=[old, kept, gone]).records
    assert [one.id for one in found.added] == ["2026-11-22-numpy"]
    assert [(one.id, fields) for one, fields in found.edited] == [("2026-11-02-pandas", ("title", "tags"))]
    assert [(one.record.id, one.by, one.packages) for one in found.superseded] == [
        ("2026-11-01-numpy", "2026-11-22-numpy", ("numpy",))
    ]
    assert [one.id for one in found.deleted] == ["2026-11-03-torch"]


def test_what_was_superseded_before_is_not_told_again() -> None:
    both = [record("2026-11-01-numpy"), record("2026-11-02-numpy", supersedes="[2026-11-01-numpy]")]
    assert told([], [], both).records.superseded == ()


STEPS = '[{run: "pytest -q"}, {check: look at it}]'


def checklist(before: list[Record], after: list[Record], versions: tuple[str, str] = ("1.26.4", "2.0")) -> list[str]:
    old, new = ([lock(entry("numpy", version), entry("pandas", "2.2"))] for version in versions)
    return [f"{one.record.id} {one.step.text}" for one in told(old, new, after, before).checklist]


def test_each_step_is_asked_for_once() -> None:
    old, other = record("2026-11-01-numpy", confirmation=STEPS), record("2026-11-02-numpy", confirmation=STEPS)
    assert checklist([old, other], [old, other]) == ["2026-11-01-numpy pytest -q", "2026-11-01-numpy look at it"]


def test_steps_of_what_this_change_supersedes_edits_or_deletes_still_count() -> None:
    old = record("2026-11-01-numpy", confirmation=STEPS)
    successor = record("2026-11-22-numpy", supersedes="[2026-11-01-numpy]", packages="{numpy: 2.0}")
    expected = ["2026-11-01-numpy pytest -q", "2026-11-01-numpy look at it"]
    assert checklist([old], [old, successor]) == expected
    assert checklist([old], [record("2026-11-01-numpy")]) == expected
    assert checklist([old], []) == expected


def test_steps_for_what_did_not_move_was_proposed_or_long_superseded_do_not() -> None:
    pandas = record("2026-11-01-pandas", packages="{pandas: 2.2}", confirmation=STEPS)
    proposed = record("2026-11-02-numpy", status="proposed", confirmation=STEPS)
    old = record("2026-11-03-numpy", confirmation=STEPS)
    successor = record("2026-11-04-numpy", supersedes="[2026-11-03-numpy]")
    every = [pandas, proposed, old, successor]
    assert checklist(every, every) == []
    assert checklist([pandas], [pandas], ("1", "1")) == []


def test_a_project_without_a_base_has_no_difference() -> None:
    alone: Project = project(locks=[lock(entry("numpy"))])
    assert difference(alone, "abc").moved == ()
