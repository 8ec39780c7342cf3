"""Packages that a lock lists once for each platform: one entry for each version and source of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import MAIN, Edge, Entry, Source
from whypin.model.names import is_valid, normalise
from whypin.syntax.marker import without

#: What is listed for several environments multiplies: a lock that a tool wrote stays far below.
MAX_PLACES = 2000
_MAX_STEPS = 2_000_000
_MAX_MARKER = 20_000
_ASKED = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([A-Za-z0-9._, -]*)\])?\s*(?=[@(=<>!~;]|\Z)")
_EXTRA = re.compile(r"""\bextra\s*==\s*(["'])([A-Za-z0-9._-]+)\1""")


class Need(NamedTuple):
    """One package asks for another by its name, as conda spells it or normalised."""

    name: str
    extras: tuple[str, ...] = ()
    gate: str = ""
    marker: str | None = None


def asked(text: str) -> list[Need]:
    """Return what a requirement of an index asks for, once for each extra behind which it does; [] where it is none.

    Its versions are not looked at: a place holds one of them.
    """
    wanted, _, marker = text.partition(";")
    match = _ASKED.match(wanted)
    if not match or not is_valid(match[1]) or len(marker) > _MAX_MARKER:
        return []
    extras = tuple(sorted({normalise(extra.strip()) for extra in (match[2] or "").split(",")} - {""}))
    rest, gates = _behind(marker.strip())
    return [Need(normalise(match[1]), extras, gate, rest) for gate in gates]


def _behind(marker: str) -> tuple[str | None, list[str]]:
    """Return a marker without the extras that it names, and the gates that these are."""
    found = dict.fromkeys(f"extra:{normalise(match[2])}" for match in _EXTRA.finditer(marker))
    if not found:
        return marker or None, [""]
    if "(" not in marker and not all(map(_EXTRA.search, marker.split(" or "))):
        return None, ["", *found]
    return without(marker, lambda term: _EXTRA.match(term.strip()) is not None), [*found]


class Package(NamedTuple):
    """One package as the lock lists it, for one platform or several.

    `places` are the environments and platforms that it is locked for, one bit for each: what it needs is locked in the
    same. `conda` tells whether name and needs are conda's.
    """

    name: str
    version: str | None
    source: Source
    registry: str | None
    ref: str | None
    conda: bool
    line: int
    needs: Sequence[Need]
    hashed: bool
    places: int
    platforms: Iterable[str]
    groups: Iterable[str]
    member: bool = False
    uploaded: str | None = None


#: How many fields of a package tell it from others.
_IDENTITY = 6


class _Joined:
    """What is one entry: the packages of the lock that differ only in their platform and build."""

    __slots__ = ("groups", "packages", "places", "platforms")

    def __init__(self) -> None:
        self.packages: list[Package] = []
        self.places = 0
        self.platforms: set[str] = set()
        self.groups: set[str] = set()

    def add(self, package: Package) -> None:
        self.packages.append(package)
        self.places |= package.places
        self.platforms.update(package.platforms)
        self.groups.update(package.groups)


def entries(packages: Iterable[Package], path: str, hint: str) -> tuple[Entry, ...]:
    """Return the entries in the order in which each comes first; raises WhypinError where they take too long."""
    joined: dict[tuple[object, ...], _Joined] = {}
    for package in packages:
        key = package[:_IDENTITY]
        if key not in joined:
            joined[key] = _Joined()
        joined[key].add(package)
    finder = _Finder(list(joined.values()), path, hint)
    return tuple(finder.entry(position) for position in range(len(joined)))


class _Finder:
    """Leads every need to the entries that it can mean."""

    def __init__(self, joined: list[_Joined], path: str, hint: str) -> None:
        self.joined = joined
        self.path = path
        self.hint = hint
        self.steps = 0
        self.conda: dict[str, list[int]] = {}
        self.pypi: dict[str, list[int]] = {}
        self.stands_in: dict[str, list[int]] = {}
        for position, each in enumerate(joined):
            first = each.packages[0]
            if first.conda:
                self.conda.setdefault(first.name.lower(), []).append(position)
                self.stands_in.setdefault(normalise(first.name), []).append(position)
            else:
                self.pypi.setdefault(first.name, []).append(position)

    def entry(self, position: int) -> Entry:
        each = self.joined[position]
        first = each.packages[0]
        edges, implied = self._edges(position)
        uploaded = min((package.uploaded for package in each.packages if package.uploaded), default=None)
        return Entry(
            # A source tree goes by the name that records know it by.
            normalise(first.name) if first.source != "conda" else first.name,
            first.version,
            first.source,
            Location(self.path, first.line),
            first.registry,
            first.ref,
            edges=edges,
            hashed=all(package.hashed for package in each.packages),
            member=any(package.member for package in each.packages),
            groups=tuple(sorted(each.groups, key=lambda group: (group != MAIN, group))),
            implied=implied,
            uploaded=uploaded,
            platforms=tuple(sorted(each.platforms)),
        )

    def _edges(self, position: int) -> tuple[tuple[Edge, ...], tuple[tuple[str, str], ...]]:
        """Return the edges of all platforms, and the extras that a package asks of itself with their gates."""
        found: dict[Need, set[int]] = {}
        implied: dict[tuple[str, str], None] = {}
        for package in self.joined[position].packages:
            for need in package.needs:
                targets = self._targets(need.name, package)
                if targets == [position]:
                    implied.update(dict.fromkeys((need.gate, extra) for extra in need.extras))
                else:
                    found.setdefault(need, set()).update(targets)
        edges = (
            Edge(need.name, tuple(sorted(targets)), need.extras, need.gate, need.marker)
            for need, targets in found.items()
        )
        return tuple(edges), tuple(implied)

    def _targets(self, name: str, package: Package) -> list[int]:
        """Return what is locked under the name where the package is; a package of an index may need one of conda's."""
        if package.conda:
            return self._among(self.conda.get(name.lower(), ()), package)
        return self._among(self.pypi.get(name, ()), package) or self._among(self.stands_in.get(name, ()), package)

    def _among(self, positions: Sequence[int], package: Package) -> list[int]:
        self.steps += len(positions)
        if self.steps > _MAX_STEPS:
            message = f"its dependencies take more than {_MAX_STEPS:,} steps to follow"
            raise WhypinError(message, Location(self.path, package.line), self.hint)
        return [position for position in positions if self.joined[position].places & package.places]
