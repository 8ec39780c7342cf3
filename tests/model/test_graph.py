from __future__ import annotations

import pytest

from whypin.model.graph import settle
from whypin.model.location import Location
from whypin.model.lock import Edge, Entry, Lock
from whypin.model.manifest import Requirement

HERE = Location("x.lock")
Settled = list[tuple[str, bool, tuple[str, ...]]]


def entry(name: str, *edges: Edge, version: str = "1", **more: object) -> Entry:
    """Return an entry with its edges."""
    return Entry(name, version, "registry", HERE, edges=edges)._replace(**more)  # type: ignore[arg-type]


def need(target: int, gate: str = "", *extras: str) -> Edge:
    """Return an edge to the entry at a position."""
    return Edge(f"at-{target}", (target,), extras, gate)


def asked(name: str, group: str = "main", specifier: str = "", **more: object) -> Requirement:
    """Return a declared requirement."""
    return Requirement(name, specifier, group, HERE)._replace(**more)  # type: ignore[arg-type]


def settled(*entries: Entry, roots: tuple[Edge, ...] | None = None, by: list[Requirement] | None = None) -> Settled:
    """Return (name, direct, groups) of every entry of the settled lock."""
    lock = settle(Lock("poetry.lock", "poetry", entries, roots), by)
    return [(each.name, each.direct, each.groups) for each in lock.entries]


def test_a_member_makes_direct_what_it_requires_and_groups_what_that_needs() -> None:
    assert settled(
        entry("shop", need(1), need(2, "group:dev"), need(2, "extra:web"), member=True),
        entry("a", need(3)),
        entry("b", need(3)),
        entry("c"),
        entry("d"),
    ) == [
        ("shop", False, ()),
        ("a", True, ("main",)),
        ("b", True, ("extra:web", "group:dev")),
        ("c", False, ("main", "extra:web", "group:dev")),
        ("d", False, ()),
    ]


def test_what_stands_behind_an_extra_counts_only_where_the_extra_is_asked_for() -> None:
    plain, gpu = entry("torch", need(2, "extra:gpu"), need(3)), entry("cuda")
    assert settled(entry("shop", need(1), member=True), plain, gpu, entry("numpy"))[2:] == [
        ("cuda", False, ()),
        ("numpy", False, ("main",)),
    ]
    both = entry("shop", need(1), need(1, "extra:fast", "gpu"), member=True)
    assert settled(both, plain, gpu, entry("numpy"))[2:] == [
        ("cuda", False, ("extra:fast",)),
        ("numpy", False, ("main", "extra:fast")),
    ]


def test_an_extra_that_implies_others_of_its_own_turns_them_on() -> None:
    library = entry("lib", need(2, "extra:web"), implied=(("extra:all", "more"), ("extra:more", "web")))
    assert settled(entry("shop", need(1, "", "all"), member=True), library, entry("jinja2"))[2] == (
        "jinja2",
        False,
        ("main",),
    )
    shop = entry("shop", need(1, "extra:web"), member=True, implied=(("extra:all", "web"),))
    assert settled(shop, entry("jinja2")) == [("shop", False, ()), ("jinja2", True, ("extra:all", "extra:web"))]


def test_a_member_that_another_needs_is_direct_and_brings_its_own_along() -> None:
    assert settled(
        entry("app", need(1, "group:dev"), member=True),
        entry("lib", need(2), need(3, "extra:x"), member=True),
        entry("a"),
        entry("b"),
    ) == [
        ("app", False, ()),
        ("lib", True, ("group:dev",)),
        ("a", True, ("main", "group:dev")),
        ("b", True, ("extra:x",)),
    ]


def test_cycles_end() -> None:
    found = settled(entry("shop", need(1), member=True), entry("a", need(2)), entry("b", need(1), need(0)))
    assert found[1:] == [("a", True, ("main",)), ("b", False, ("main",))]


def test_a_long_chain_needs_no_recursion() -> None:
    chain = [entry(f"p{at}", need(at + 1)) for at in range(1, 5000)]
    found = settled(entry("shop", need(1), member=True), *chain, entry("last"))
    assert found[-1] == ("last", False, ("main",))


def test_the_roots_of_the_lock_count_before_any_manifest() -> None:
    roots = (need(0), need(1, "group:dev"))
    assert settled(entry("a", need(2)), entry("b"), entry("c"), roots=roots, by=[asked("c")]) == [
        ("a", True, ("main",)),
        ("b", True, ("group:dev",)),
        ("c", False, ("main",)),
    ]
    assert settled(entry("a"), roots=()) == [("a", False, ())]


@pytest.mark.parametrize(
    ("requirement", "direct"),
    [
        (asked("numpy"), [True, True, True]),
        (asked("numpy", specifier="<2"), [True, False, False]),
        (asked("numpy", specifier=">=2"), [False, True, True]),
        (asked("numpy", specifier=">=9"), [True, True, True]),
        (asked("numpy", url="https://git.example/numpy.git"), [False, False, True]),
        (asked("scipy"), [False, False, False]),
    ],
)
def test_a_declared_requirement_means_the_versions_it_admits(requirement: Requirement, direct: list[bool]) -> None:
    forks = [entry("numpy", version="1.26.4"), entry("numpy", version="2.1.0rc1")]
    found = settled(*forks, entry("numpy", version="2.2", source="git"), by=[requirement])
    assert [each[1] for each in found] == direct


def test_a_conda_package_is_not_what_a_python_requirement_asks_for() -> None:
    assert settled(entry("numpy", source="conda"), by=[asked("numpy")]) == [("numpy", False, ())]


def test_extras_of_a_requirement_open_their_gates() -> None:
    web = asked("flask", "extra:web", extras=("async",))
    assert settled(entry("flask", need(1, "extra:async")), entry("asgiref"), by=[web]) == [
        ("flask", True, ("extra:web",)),
        ("asgiref", False, ("extra:web",)),
    ]


@pytest.mark.parametrize(
    ("told", "asking", "groups"),
    [
        (("main",), ["extra:web"], ("extra:web",)),
        (("main", "group:dev"), ["extra:web", "group:dev"], ("extra:web", "group:dev")),
        (("main",), ["main", "extra:web"], ("main", "extra:web")),
        (("main",), ["group:dev"], ("main",)),
        (("group:dev",), ["main"], ("group:dev",)),
        (("group:dev",), ["group:docs"], ("group:docs",)),
        (("group:dev",), ["group:dev", "group:docs"], ("group:dev",)),
        (("group:dev", "main"), [], ("group:dev", "main")),
    ],
)
def test_groups_that_the_lock_tells_stay_but_for_what_the_manifest_knows_better(
    told: tuple[str, ...], asking: list[str], groups: tuple[str, ...]
) -> None:
    assert settled(entry("a", groups=told), by=[asked("a", group) for group in asking])[0][2] == groups


def test_without_a_manifest_everything_is_direct() -> None:
    assert settled(entry("a", need(1)), entry("b", groups=("group:dev",))) == [
        ("a", True, ("main",)),
        ("b", True, ("group:dev",)),
    ]


def test_where_no_edges_are_recorded_an_entry_may_belong_to_any_group_asked_for() -> None:
    flat = [entry("a", edges=None), entry("b", edges=None), entry("c", edges=None)]
    assert settled(*flat, by=[asked("a", "group:dev"), asked("b")]) == [
        ("a", True, ("group:dev",)),
        ("b", True, ("main",)),
        ("c", False, ("main", "group:dev")),
    ]
    assert settled(*flat, by=[]) == [("a", False, ()), ("b", False, ()), ("c", False, ())]


def test_all_else_stays_as_it_was() -> None:
    before = entry("a", marker="m", ref="r", hashed=True, implied=(("extra:x", "y"),))
    lock = settle(Lock("x.lock", "x", (before,)), [asked("a")])
    assert lock == Lock("x.lock", "x", (before._replace(direct=True, groups=("main",)),))
