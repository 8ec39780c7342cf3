"""Who asked for what: direct entries, and the groups that reach each entry of a lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whypin.model.lock import MAIN, Edge, Entry, Lock
from whypin.model.manifest import Requirement
from whypin.model.version import to_specifiers

#: Locks that hold the project as a member, and yet not all that it asks for.
PARTLY = "pixi"

_DIRECT = Entry._fields.index("direct")


def settle(lock: Lock, requirements: Sequence[Requirement] | None) -> Lock:
    """Return the lock with `direct` and `groups` of every entry filled in.

    The roots are the lock's own, and what its members require; where the lock tells neither (or is one of pixi's), the
    requirements of the manifests beside it. Where there is no manifest (None), nothing is known, and everything is
    direct. Groups that the lock itself told stay, but for `main` where only an extra of the project leads to the entry.
    An entry that nothing reaches has no groups; in a lock without edges it may belong to any. Time is linear in the
    edges.
    """
    members = [at for at, entry in enumerate(lock.entries) if entry.member and entry.edges is not None]
    roots = lock.roots
    if roots is None and requirements is not None and (not members or lock.format == PARTLY):
        roots = _by_name(lock.entries, requirements)
    if roots is None and not members:
        return lock._replace(entries=tuple(map(_unknown, lock.entries)))
    walk = _Walk(lock.entries, vague=lock.format == "poetry")
    walk.start(members, roots or ())
    walk.run()
    return lock._replace(entries=tuple(walk.settled()))


def _unknown(entry: Entry) -> Entry:
    return entry._replace(direct=True, groups=entry.groups or (MAIN,))


class _Walk:
    """A walk from the roots along the edges; every entry and every extra of one collects groups as bits."""

    def __init__(self, entries: Sequence[Entry], vague: bool) -> None:
        self.entries = entries
        self.vague = vague
        self.bits: dict[str, int] = {}
        self.masks: dict[tuple[int, str], int] = {}
        self.waiting: list[tuple[int, str]] = []
        self.direct: set[int] = set()
        self.edges: list[dict[str, list[Edge]]] = []
        for entry in entries:
            by_gate: dict[str, list[Edge]] = {}
            for edge in entry.edges or ():
                by_gate.setdefault(edge.gate, []).append(edge)
            self.edges.append(by_gate)

    def start(self, members: Iterable[int], roots: Iterable[Edge]) -> None:
        """Put in front the roots and all that members require; the gates of these edges are the groups."""
        for member in members:
            for edge in self.entries[member].edges or ():
                self._ask(edge)
            for gate, extra in self.entries[member].implied:
                self._reach(member, f"extra:{extra}", self._bit(gate))
        for edge in roots:
            self._ask(edge)

    def run(self) -> None:
        """Follow every edge that holds, again where more groups have come to it."""
        while self.waiting:
            position, gate = node = self.waiting.pop()
            mask = self.masks[node]
            for edge in self.edges[position].get(gate, ()):
                self._follow(edge, mask)
            for behind, extra in self.entries[position].implied:
                if behind == gate:
                    self._reach(position, f"extra:{extra}", mask)

    def settled(self) -> Iterable[Entry]:
        """Yield the entries with what the walk has found."""
        anywhere = sum(set(self.bits.values())) if all(entry.edges is None for entry in self.entries) else 0
        names: dict[int, tuple[str, ...]] = {0: ()}
        for position, entry in enumerate(self.entries):
            mask = self.masks.get((position, ""), 0) or anywhere
            if mask not in names:
                names[mask] = _sorted(group for group, bit in self.bits.items() if mask & bit)
            told = tuple(self._kind(group) for group in entry.groups)
            groups = (_combined(told, names[mask]) if self.vague else told) if told else names[mask]
            yield Entry._make((*entry[:_DIRECT], position in self.direct, groups, *entry[_DIRECT + 2 :]))

    def _kind(self, group: str) -> str:
        """Return a group that the lock told as the extra that it is; PDM's lock does not tell them apart."""
        extra = "extra:" + group.removeprefix("group:")
        return extra if group not in self.bits and extra in self.bits else group

    def _ask(self, edge: Edge) -> None:
        self.direct.update(edge.targets)
        self._follow(edge, self._bit(edge.gate))

    def _bit(self, gate: str) -> int:
        return self.bits.setdefault(gate or MAIN, 1 << len(self.bits))

    def _follow(self, edge: Edge, mask: int) -> None:
        for target in edge.targets:
            self._reach(target, "", mask)
            for extra in edge.extras:
                self._reach(target, f"extra:{extra}", mask)

    def _reach(self, position: int, gate: str, mask: int) -> None:
        node = (position, gate)
        known = self.masks.get(node, 0)
        if mask & ~known:
            self.masks[node] = known | mask
            self.waiting.append(node)


def _by_name(entries: Sequence[Entry], requirements: Iterable[Requirement]) -> tuple[Edge, ...]:
    """Return the requirements as edges to the entries that they can mean."""
    by_name: dict[tuple[bool, str], list[int]] = {}
    for position, entry in enumerate(entries):
        conda = entry.source == "conda"
        by_name.setdefault((conda, entry.name.lower() if conda else entry.name), []).append(position)
    return tuple(
        Edge(
            requirement.name,
            _meant(entries, by_name.get((requirement.conda, requirement.name), ()), requirement),
            requirement.extras,
            "" if requirement.group == MAIN else requirement.group,
            requirement.marker,
        )
        for requirement in requirements
    )


def _meant(entries: Sequence[Entry], positions: Sequence[int], requirement: Requirement) -> tuple[int, ...]:
    """Return those of the entries of one name that the requirement admits, or all where it admits none."""
    if len(positions) < 2:
        return tuple(positions)
    if requirement.url is not None:
        return tuple(at for at in positions if entries[at].source != "registry") or tuple(positions)
    if not requirement.specifier:
        return tuple(positions)
    return tuple(at for at in positions if _admits(requirement.specifier, entries[at].version)) or tuple(positions)


def _admits(specifier: str, version: str | None) -> bool:
    try:
        return version is None or to_specifiers(specifier).contains(version, prereleases=True)
    except ValueError:
        return True


def _combined(told: tuple[str, ...], reached: tuple[str, ...]) -> tuple[str, ...]:
    """Return the groups that the lock told, made exact by those that reach the entry.

    Poetry's lock calls an extra of the project `main`, and before 1.5 every group that is not main `dev`.
    """
    if not reached:
        return told
    groups = {group for group in told if group != MAIN}
    if MAIN in told:
        groups.update(group for group in reached if not group.startswith("group:"))
        return _sorted(groups or told)
    if groups.isdisjoint(reached):
        groups = {group for group in reached if group.startswith("group:")} or groups
    return _sorted(groups)


def _sorted(groups: Iterable[str]) -> tuple[str, ...]:
    """Sort groups: main, extras, then groups by name."""
    return tuple(sorted(groups, key=lambda group: (group != MAIN, group)))
