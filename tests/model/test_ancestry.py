"""The paths that lead to a package of a lock."""

from __future__ import annotations

import pytest

from tests.corpus import CORPUS, needs_corpus
from whypin import locks
from whypin.model.ancestry import Ancestry, trace
from whypin.model.graph import settle
from whypin.model.location import Location
from whypin.model.lock import Edge, Entry, Lock
from whypin.model.manifest import Requirement

HERE = Location("x.lock")


def entry(name: str, *edges: Edge, version: str = "1", **more: object) -> Entry:
    """Return an entry with its edges."""
    return Entry(name, version, "registry", HERE, edges=edges)._replace(**more)  # type: ignore[arg-type]


def need(target: int, gate: str = "", *extras: str, marker: str | None = None) -> Edge:
    """Return an edge to the entry at a position."""
    return Edge(f"at-{target}", (target,), extras, gate, marker)


def asked(name: str, group: str = "main", *extras: str) -> Requirement:
    """Return a declared requirement."""
    return Requirement(name, "", group, HERE, extras)


def traced(
    *entries: Entry, to: tuple[int, ...], roots: tuple[Edge, ...] | None = None, by: list[Requirement] | None = None
) -> Ancestry:
    """Return what leads to the positions, in a settled lock of these entries."""
    lock = settle(Lock("x.lock", "uv", entries, roots), by)
    return trace(lock, to, by or ())


def ways(ancestry: Ancestry) -> list[list[int]]:
    """Return the positions of each path."""
    return [[step.position for step in path.steps] for path in ancestry.paths]


def test_each_direct_dependency_has_one_shortest_path_and_the_shortest_comes_first() -> None:
    found = traced(
        entry("app", need(1), need(2), need(5), member=True),
        entry("seaborn", need(2), need(3)),
        entry("pandas", need(4)),
        entry("scipy", need(4)),
        entry("numpy"),
        entry("attrs"),
        to=(4,),
    )
    assert ways(found) == [[2, 4], [1, 2, 4]]
    assert (found.dependents, found.parents) == ((1, 2, 3), ((2, 3),))


def test_a_package_that_is_asked_for_itself_has_no_path_but_its_member_as_a_parent() -> None:
    found = traced(entry("app", need(1), member=True), entry("numpy"), to=(1,))
    assert (found.paths, found.parents, found.dependents, found.reached) == ((), ((0,),), (), True)


def test_an_edge_behind_an_extra_counts_only_where_the_extra_is_asked_for() -> None:
    pandas, numba, numpy = entry("pandas", need(2, "extra:fast")), entry("numba", need(3)), entry("numpy")
    assert ways(traced(entry("app", need(1), member=True), pandas, numba, numpy, to=(3,))) == []
    found = traced(entry("app", need(1, "", "fast"), member=True), pandas, numba, numpy, to=(3,))
    assert ways(found) == [[1, 2, 3]]
    assert found.paths[0].steps[0].extras == ("fast",)


def test_an_extra_that_implies_another_makes_no_path_longer() -> None:
    shop = entry("shop", need(2, "extra:web"), implied=(("extra:all", "web"),))
    found = traced(entry("app", need(1, "", "all"), member=True), shop, entry("flask"), to=(2,))
    assert ways(found) == [[1, 2]]
    assert found.paths[0].steps[0].extras == ("all", "web")


def test_what_a_member_asks_of_its_own_extras_is_asked_for() -> None:
    app = entry("app", need(1, "extra:web"), member=True, implied=(("extra:all", "web"),))
    assert traced(app, entry("flask"), to=(1,)).reached


def test_a_path_tells_groups_members_and_the_marker_of_each_way() -> None:
    found = traced(
        entry("app", need(2, "group:dev"), member=True),
        entry("lib", need(2), member=True),
        entry("pandas", need(3, marker="python_version < '3.12'")),
        entry("numpy"),
        to=(3,),
    )
    (path,) = found.paths
    assert (set(path.groups), path.members) == ({"main", "group:dev"}, (0, 1))
    assert [step.marker for step in path.steps] == [None, "python_version < '3.12'"]


@pytest.mark.parametrize(
    ("markers", "expected"), [(("a", "b"), "a or b"), (("a", None), None), (("a", "a"), "a"), ((None,), None)]
)
def test_several_edges_to_one_entry_hold_where_any_of_them_does(
    markers: tuple[str | None, ...], expected: str | None
) -> None:
    pandas = entry("pandas", *(need(2, marker=marker) for marker in markers))
    found = traced(entry("app", need(1), member=True), pandas, entry("numpy"), to=(2,))
    assert found.paths[0].steps[-1].marker == expected


def test_members_are_roots_and_never_a_direct_dependency_of_each_other() -> None:
    found = traced(entry("app", need(1), member=True), entry("lib", need(2), member=True), entry("numpy"), to=(2,))
    assert (found.paths, found.dependents, found.parents) == ((), (), ((1,),))


def test_cycles_end() -> None:
    ring = entry("a", need(2), need(1)), entry("b", need(1), need(3)), entry("c", need(2))
    found = traced(entry("app", need(1), member=True), *ring, to=(3,))
    assert ways(found) == [[1, 2, 3]]
    assert found.dependents == (1, 2)


def test_forks_of_a_direct_dependency_have_a_path_each_to_the_fork_that_they_need() -> None:
    found = traced(
        entry("app", Edge("torch", (1, 2)), member=True),
        entry("torch", need(3), version="2.1+cpu"),
        entry("torch", need(4), version="2.2"),
        entry("numpy"),
        entry("numpy", version="2"),
        to=(3, 4),
    )
    assert ways(found) == [[1, 3], [2, 4]]
    assert found.parents == ((1,), (2,))


def test_the_roots_of_the_lock_are_roots_where_it_has_no_member() -> None:
    entries = entry("pandas", need(1)), entry("numpy")
    found = traced(*entries, to=(1,), roots=(Edge("pandas", (0,), gate="group:dev"),))
    assert (ways(found), found.paths[0].groups, found.rooted) == ([[0, 1]], ("group:dev",), True)


def test_the_manifest_tells_the_roots_and_their_extras_where_the_lock_does_not() -> None:
    entries = entry("pandas", need(1, "extra:fast")), entry("numba"), entry("numpy")
    assert ways(traced(*entries, to=(1,), by=[asked("pandas")])) == []
    found = traced(*entries, to=(1,), by=[asked("pandas", "extra:ml", "fast")])
    assert (ways(found), found.paths[0].groups) == ([[0, 1]], ("extra:ml",))


def test_what_is_direct_counts_even_where_the_lock_tells_only_a_part_of_it() -> None:
    members_and_more = Lock(
        "pixi.lock",
        "pixi",
        (entry("app", need(1), member=True), entry("python"), entry("pandas", need(3), direct=True), entry("numpy")),
    )
    found = trace(members_and_more, (3,), [asked("pandas", "group:test")])
    assert (ways(found), found.paths[0].groups) == ([[2, 3]], ("group:test",))


def test_where_nothing_tells_the_roots_paths_begin_at_what_nothing_else_needs() -> None:
    found = traced(entry("pandas", need(2)), entry("seaborn", need(0)), entry("numpy"), to=(2,))
    assert (found.rooted, ways(found)) == (False, [[1, 0, 2]])
    ring = traced(entry("a", need(1)), entry("b", need(0)), to=(1,))
    assert ways(ring) == [[0, 1]]


def test_what_nothing_leads_to_says_who_might_have_asked() -> None:
    found = traced(entry("app", need(1), member=True), entry("a", need(2, "extra:x")), entry("b"), to=(2,))
    assert (found.reached, found.paths, found.parents, found.dependents) == (False, (), ((1,),), ())


def test_a_lock_without_edges_says_so() -> None:
    found = traced(entry("numpy", edges=None), entry("pandas", edges=None), to=(0,))
    assert (found.recorded, found.paths) == (False, ())


def test_thousands_of_packages_in_a_row_are_no_problem() -> None:
    """All of them are direct: the paths together would have twelve million steps."""
    chain = [entry(f"p{at}", need(at + 1)) for at in range(5000)]
    found = traced(*chain, entry("end"), to=(5000,), roots=tuple(Edge(f"p{at}", (at,)) for at in range(5000)))
    assert [path.length for path in found.paths] == list(range(2, 5002))
    assert len(found.paths[-1].steps) == 5001


@needs_corpus
def test_the_largest_lock_of_the_corpus() -> None:
    text = (CORPUS / "stress/uv.lock").read_text(encoding="utf-8")
    lock = settle(locks.read(text, "uv.lock", lambda path: ""), None)
    numpy = [at for at, entry in enumerate(lock.entries) if entry.name == "numpy"]
    found = trace(lock, numpy)
    assert len(numpy) == 2 and len(found.dependents) > 100
    assert {path.steps[-1].position for path in found.paths} <= set(numpy)
    for path in found.paths:
        assert lock.entries[path.steps[0].position].direct
        for parent, child in zip(path.steps, path.steps[1:], strict=False):
            edges = lock.entries[parent.position].edges or ()
            assert any(
                child.position in edge.targets and (not edge.gate or edge.gate.removeprefix("extra:") in parent.extras)
                for edge in edges
            )
