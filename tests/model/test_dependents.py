"""What needs each entry: directly, in all, and only where somebody asks for the extra between them."""

from __future__ import annotations

from tests.build import entry, lock, requirement
from whypin.model.dependents import Dependents
from whypin.model.lock import Edge


def test_names_are_those_of_direct_parents_and_the_count_is_of_all() -> None:
    held = lock(
        entry("app", None, member=True, direct=False, edges=(Edge("top", (1,)), Edge("base", (3,)))),
        entry("top", edges=(Edge("middle", (2,)),)),
        entry("middle", direct=False, edges=(Edge("base", (3,)),)),
        entry("base"),
    )
    found = Dependents(held)
    assert (found.names([3]), found.count([3])) == (["middle"], 2)
    assert (found.names([1]), found.count([1])) == ([], 0)


def test_packages_that_need_each_other_are_counted_once_and_not_for_themselves() -> None:
    held = lock(
        entry("a", edges=(Edge("b", (1,)),)),
        entry("b", direct=False, edges=(Edge("a", (0,)), Edge("b", (1,)))),
        entry("c", direct=False, edges=(Edge("a", (0,)),)),
        roots=(Edge("a", (0,)),),
    )
    found = Dependents(held)
    assert (found.count([0]), found.count([1])) == (1, 1)
    assert (found.names([0]), found.names([1])) == (["b"], ["a"])


def test_an_extra_that_nobody_asks_for_needs_nothing() -> None:
    held = lock(entry("top", edges=(Edge("extra", (1,), gate="extra:plot"),)), entry("extra", direct=False), roots=None)
    assert Dependents(held, [requirement("top")]).names([1]) == []
    assert Dependents(held, [requirement("top", extras=("plot",))]).names([1]) == ["top"]


def test_forks_are_needed_together() -> None:
    held = lock(
        entry("one", edges=(Edge("torch", (2,)),)),
        entry("two", edges=(Edge("torch", (3,)),)),
        entry("torch", "2.10.0", direct=False),
        entry("torch", "2.10.0+cu128", direct=False),
        roots=(Edge("one", (0,)), Edge("two", (1,))),
    )
    found = Dependents(held)
    assert (found.names([2, 3]), found.count([2, 3])) == (["one", "two"], 2)


def test_where_no_edges_are_recorded_nothing_is_known() -> None:
    found = Dependents(lock(entry("a", edges=None), entry("b", edges=None)))
    assert (found.recorded, found.names([0]), found.count([0])) == (False, [], 0)
