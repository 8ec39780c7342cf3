"""Who needs whom: the shortest ways from what the project asks for to a package, and how much depends on it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from whypin.model.ancestry import trace
from whypin.model.lock import Entry, Lock
from whypin.model.order import closure
from whypin.model.project import entry_key

if TYPE_CHECKING:
    from whypin.model.project import Package, Project

#: More ways than these are no tree that anybody reads.
MOST_WAYS = 12


class Ways(NamedTuple):
    """The shortest ways to a package, each from a direct dependency to what needs the package itself.

    `more` is the number of further direct dependencies that lead to it.
    """

    shown: tuple[tuple[Entry, ...], ...]
    more: int


class Kin:
    """The kinship of all packages of a project; every lock is walked once. Sets of packages are bits, one a name."""

    def __init__(self, project: Project) -> None:
        self._bits: dict[str, int] = {}
        for package in project.packages:
            if not package.member:
                self._bits.setdefault(package.name, 1 << len(self._bits))
        self._locks = {lock.path: _Lock(lock, project, self._bits) for lock in project.locks}

    def ways(self, packages: Sequence[Package], most: int = MOST_WAYS) -> Ways:
        """Return the ways to a package from other direct dependencies, the shortest first, equal ones once."""
        shown: dict[tuple[tuple[str, str | None], ...], tuple[Entry, ...]] = {}
        starts = 0
        for package in packages:
            kin = self._locks[package.lock.path]
            targets = kin.positions(package)
            starts |= kin.above(targets) & kin.direct
            for way in kin.ways(targets, most):
                shown.setdefault(tuple((entry.name, entry.version) for entry in way), way)
        ordered = sorted(shown.values(), key=lambda way: (len(way), way[0].name))[:most]
        told = [*(entry_key(way[0]) for way in ordered), *(package.name for package in packages)]
        return Ways(tuple(ordered), (starts & ~self._all(told)).bit_count())

    def dependents(self, packages: Sequence[Package]) -> int:
        """Return how many packages need any of these, directly or not, these themselves aside."""
        found = 0
        for package in packages:
            kin = self._locks[package.lock.path]
            found |= kin.above(kin.positions(package))
        return (found & ~self._all(package.name for package in packages)).bit_count()

    def _all(self, names: Iterable[str]) -> int:
        found = 0
        for name in names:
            found |= self._bits.get(name, 0)
        return found

    def children(self, packages: Sequence[Package]) -> list[Entry]:
        """Return what a package needs directly, one entry for each name and version."""
        own = {package.name for package in packages}
        entries = [entry for package in packages for entry in self._locks[package.lock.path].children(package)]
        found = {(entry_key(entry), entry.version or ""): entry for entry in entries if not entry.member}
        return [found[key] for key in sorted(found) if key[0] not in own]


class _Lock:
    """The kinship within one lock, by the positions of its entries; an edge that nobody asks for doesn't count."""

    def __init__(self, lock: Lock, project: Project, bits: Mapping[str, int]) -> None:
        asked = [need for one in project.manifests if lock.path in one.locks for need in one.requirements]
        self._entries = lock.entries
        self._parents = trace(lock, range(len(lock.entries)), asked).parents
        self._children: dict[int, list[int]] = {}
        for child, parents in enumerate(self._parents):
            for parent in parents:
                self._children.setdefault(parent, []).append(child)
        self._at = {id(entry): position for position, entry in enumerate(lock.entries)}
        self._bits = [bits.get(entry_key(entry), 0) for entry in lock.entries]
        self._above = closure(self._parents, self._bits)
        self.direct = 0
        for entry, bit in zip(lock.entries, self._bits, strict=True):
            self.direct |= bit if entry.direct else 0

    def positions(self, package: Package) -> list[int]:
        """Return where the entries of a package are."""
        return [self._at[id(entry)] for entry in package.entries]

    def above(self, targets: Iterable[int]) -> int:
        """Return all that need any of these, as bits; members have none."""
        found = 0
        for target in targets:
            found |= self._above[target]
        return found

    def children(self, package: Package) -> Iterator[Entry]:
        """Yield what a package needs; of one that nothing leads to, what it would need."""
        for position in self.positions(package):
            found = self._children.get(position)
            if found is None:
                edges = self._entries[position].edges or ()
                found = [target for edge in edges if not edge.gate for target in edge.targets]
            yield from (self._entries[child] for child in found)

    def ways(self, targets: Sequence[int], most: int) -> Iterator[tuple[Entry, ...]]:
        """Walk back from the targets, breadth first, until enough direct dependencies are found."""
        ahead: dict[int, int | None] = dict.fromkeys(targets)
        waiting, left = deque(ahead), most
        while waiting and left:
            position = waiting.popleft()
            if self._entries[position].direct and position not in targets:
                left -= 1
                yield self._walk(position, ahead)
            for parent in self._parents[position]:
                if parent not in ahead and not self._entries[parent].member:
                    ahead[parent] = position
                    waiting.append(parent)

    def _walk(self, start: int, ahead: Mapping[int, int | None]) -> tuple[Entry, ...]:
        way, position = [self._entries[start]], ahead[start]
        while position is not None and ahead[position] is not None:
            way.append(self._entries[position])
            position = ahead[position]
        return tuple(way)
