"""Which of the project's own requirements lead to an entry."""

from __future__ import annotations

import time
from typing import Any

from tests.build import entry, lock, requirement
from whypin.model.lock import Edge, Entry, Lock
from whypin.model.reach import Reach


def needing(name: str, *targets: int, direct: bool = False, gate: str = "", **fields: Any) -> Entry:
    edges = tuple(Edge(str(target), (target,), gate=gate) for target in targets)
    return entry(name, "1", direct=direct, edges=edges, **fields)


def test_all_direct_ones_that_lead_there_and_no_others() -> None:
    subject = lock(
        needing("app", 3, direct=True),
        needing("web", 3, direct=True),
        needing("alone", direct=True),
        needing("middle", 4),
        needing("leaf"),
    )
    reach = Reach(subject)
    assert reach.to([4]) == ["app", "web"]
    assert reach.to([2]) == ["alone"]
    assert reach.to([4, 2]) == ["app", "web", "alone"]


def test_a_cycle_gives_each_of_its_entries_the_same() -> None:
    subject = lock(
        needing("one", 2, direct=True),
        needing("two", 3, direct=True),
        needing("a", 3),
        needing("b", 4),
        needing("c", 2),
    )
    reach = Reach(subject)
    assert reach.to([2]) == reach.to([3]) == reach.to([4]) == ["one", "two"]


def test_a_member_is_not_what_brings_anything() -> None:
    subject = lock(needing("app", 1, 2, member=True), needing("web", 2, direct=True), needing("leaf"))
    assert Reach(subject).to([2]) == ["web"]


def test_an_extra_counts_only_where_the_project_asks_for_it() -> None:
    plain = needing("plain", 2, direct=True, gate="extra:x")
    asked = needing("asked", 2, direct=True, gate="extra:x")
    subject = lock(plain, asked, needing("leaf"))
    wanted = [requirement("plain"), requirement("asked", extras=("x",))]
    assert Reach(subject, wanted).to([2]) == ["asked"]
    assert Reach(subject).to([2]) == ["plain", "asked"]


def test_a_lock_without_edges_tells_nothing() -> None:
    reach = Reach(lock(entry("a", "1"), entry("b", "1", direct=False, edges=None), entry("c", edges=None)))
    assert reach.recorded
    bare = Reach(lock(entry("a", "1", edges=None), entry("b", "1", direct=False, edges=None)))
    assert (bare.recorded, bare.to([1])) == (False, [])


def test_thousands_of_packages_under_hundreds_of_requirements_take_no_time() -> None:
    reach, seconds = _timed(_deep(5000, 500))
    assert reach.to([5499]) == [f"direct-{at}" for at in range(500)]
    assert seconds < 2


def _deep(number: int, direct: int) -> Lock:
    """A lock of one long chain with ways across, each requirement of which begins somewhere in it, backwards."""
    heads = [needing(f"direct-{at}", direct + number // direct * at, direct=True) for at in range(direct)]
    last = direct + number - 1
    chain = [
        needing(f"p{at}", *{min(at + step, last) for step in (1, 2, 7, 50)} - {at}) for at in range(direct, last + 1)
    ]
    return lock(*heads, *chain)


def _timed(subject: Lock) -> tuple[Reach, float]:
    begun = time.perf_counter()
    reach = Reach(subject)
    return reach, time.perf_counter() - begun
