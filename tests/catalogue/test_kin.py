from __future__ import annotations

from tests.build import entry, lock, manifest, project, requirement
from whypin.catalogue.kin import MOST_WAYS, Kin
from whypin.model.lock import Edge, Entry
from whypin.model.project import Package, Project


def of(subject: Project, name: str) -> list[Package]:
    return [package for package in subject.packages if package.name == name]


def ways(subject: Project, name: str) -> list[list[str]]:
    return [[step.name for step in way] for way in Kin(subject).ways(of(subject, name)).shown]


def chain(*edges: tuple[str, str], direct: str = "a", cycle: bool = False) -> Project:
    """A project of entries a to z, as far as they are named, with these edges."""
    names = sorted({name for edge in edges for name in edge})
    entries: list[Entry] = [
        entry(
            name,
            "1.0",
            direct=name in direct,
            edges=tuple(Edge(child, (names.index(child),)) for parent, child in edges if parent == name),
        )
        for name in names
    ]
    return project(locks=[lock(*entries)])


def test_a_way_goes_from_a_direct_package_to_what_needs_the_package_itself() -> None:
    subject = chain(("a", "b"), ("b", "c"), ("c", "d"))
    assert ways(subject, "d") == [["a", "b", "c"]]
    assert ways(subject, "b") == [["a"]]
    assert ways(subject, "a") == []


def test_of_several_ways_the_shortest_is_told_and_shorter_ones_come_first() -> None:
    subject = chain(("a", "b"), ("b", "d"), ("a", "c"), ("c", "e"), ("e", "d"), ("f", "d"), direct="af")
    assert ways(subject, "d") == [["f"], ["a", "b"]]


def test_more_ways_than_a_dozen_are_counted() -> None:
    direct = "abcdefghijklmno"
    subject = chain(*((name, "z") for name in direct), direct=direct)
    found = Kin(subject).ways(of(subject, "z"))
    assert len(found.shown) == MOST_WAYS == 12
    assert found.more == 3
    assert Kin(subject).dependents(of(subject, "z")) == 15


def test_a_cycle_ends_and_counts_everyone_once() -> None:
    subject = chain(("a", "b"), ("b", "c"), ("c", "b"), ("c", "d"))
    assert ways(subject, "b") == [["a"]]
    assert Kin(subject).dependents(of(subject, "d")) == 3
    assert Kin(subject).dependents(of(subject, "b")) == 2


def test_members_are_no_dependents() -> None:
    entries = (
        entry("app", "0.1", member=True, source="editable", edges=(Edge("numpy", (1,)),)),
        entry("numpy", edges=()),
    )
    subject = project(locks=[lock(*entries)])
    assert ways(subject, "numpy") == []
    assert Kin(subject).dependents(of(subject, "numpy")) == 0


def test_an_edge_behind_an_extra_counts_where_the_manifest_asks_for_the_extra() -> None:
    entries = (entry("web", "1.0", edges=(Edge("six", (1,), gate="extra:old"),)), entry("six", "1.0", direct=False))

    def asked(extras: tuple[str, ...]) -> Project:
        return project(locks=[lock(*entries)], manifests=[manifest(requirement("web", extras=extras))])

    assert ways(asked(("old",)), "six") == [["web"]]
    assert ways(asked(()), "six") == []


def test_the_same_packages_of_several_locks_count_once() -> None:
    entries = (entry("a", "1.0", edges=(Edge("b", (1,)),)), entry("b", "1.0", direct=False))
    subject = project(locks=[lock(*entries), lock(*entries, path="other/uv.lock")])
    assert ways(subject, "b") == [["a"]]
    assert Kin(subject).dependents(of(subject, "b")) == 1
