"""Which entries of a lock are direct, and which groups reach the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from whypin.model.lock import MAIN, Edge, Entry, Lock
from whypin.model.manifest import Requirement
from whypin.model.version import to_specifiers

_NO_EXTRA = ""


def settle(lock: Lock, requirements: Sequence[Requirement] | None) -> Lock:
    """Return the lock with `direct` and `groups` filled in.

    `requirements` are those of the manifests beside it, for a lock that does not tell what the project itself asks
    for; None where there is no manifest: then nothing is known, and every entry counts as direct. Groups that the lock
    itself tells are kept, but for optional packages that only an extra asks for. Time is linear in the edges.
    """
    roots = list(_roots(lock, requirements))
    if not roots and requirements is None and lock.roots is None and not any(entry.member for entry in lock.entries):
        entries = (entry._replace(direct=True, groups=entry.groups or (MAIN,)) for entry in lock.entries)
        return lock._replace(entries=tuple(entries))
    direct = {target for edge in roots for target in edge.targets}
    groups = _Reach(lock.entries, roots).groups()
    return lock._replace(
        entries=tuple(
            entry._replace(direct=position in direct, groups=_merged(entry.groups, reached))
            for position, (entry, reached) in enumerate(zip(lock.entries, groups, strict=True))
        )
    )


def _merged(told: tuple[str, ...], reached: tuple[str, ...]) -> tuple[str, ...]:
    """Return the groups that the lock tells, or those that reach the entry.

    poetry.lock lists what only an extra asks for under main: there the extra says more.
    """
    if not told:
        return reached
    if MAIN in told and reached and MAIN not in reached:
        extras = tuple(group for group in reached if group.startswith("extra:"))
        return extras + tuple(group for group in told if group != MAIN) if extras else told
    return told


def _roots(lock: Lock, requirements: Sequence[Requirement] | None) -> Iterator[Edge]:
    """Yield what the project itself asks for; the gate of each edge is its group, `""` for main."""
    yield from lock.roots or ()
    for entry in lock.entries:
        if entry.member:
            yield from entry.edges or ()
    if lock.roots is None and requirements:
        positions: dict[str, list[int]] = {}
        for position, entry in enumerate(lock.entries):
            positions.setdefault(entry.name, []).append(position)
        for requirement in requirements:
            targets = _admitted(requirement, positions.get(requirement.name, ()), lock.entries)
            gate = "" if requirement.group == MAIN else requirement.group
            yield Edge(requirement.name, targets, requirement.extras, gate, requirement.marker)


def _admitted(requirement: Requirement, positions: Sequence[int], entries: Sequence[Entry]) -> tuple[int, ...]:
    """Return the entries that a requirement can mean: of several versions, those that its specifier admits."""
    if len(positions) < 2 or not requirement.specifier:
        return tuple(positions)
    specifiers = to_specifiers(requirement.specifier)
    admitted = [at for at in positions if (version := entries[at].version) and specifiers.contains(version, True)]
    return tuple(admitted or positions)


class _Reach:
    """Carries groups, as bits, along the edges until nothing changes; a node is an entry with one of its extras."""

    def __init__(self, entries: Sequence[Entry], roots: Iterable[Edge]) -> None:
        self._entries = entries
        self._bits: dict[str, int] = {}
        self._masks: dict[tuple[int, str], int] = {}
        self._todo: list[tuple[int, str]] = []
        for edge in roots:
            self._follow(edge, self._bits.setdefault(edge.gate or MAIN, 1 << len(self._bits)))
        while self._todo:
            self._spread(*self._todo.pop())

    def groups(self) -> Iterator[tuple[str, ...]]:
        """Yield the groups that reach each entry: main, then extras, then groups, by name."""
        order = sorted(self._bits, key=lambda group: (group != MAIN, group))
        names: dict[int, tuple[str, ...]] = {}
        reached = [0] * len(self._entries)
        for (position, _), mask in self._masks.items():
            reached[position] |= mask
        for mask in reached:
            if mask not in names:
                names[mask] = tuple(group for group in order if mask & self._bits[group])
            yield names[mask]

    def _spread(self, position: int, extra: str) -> None:
        entry, mask = self._entries[position], self._masks[position, extra]
        gate = f"extra:{extra}" if extra else ""
        for edge in entry.edges or ():
            if edge.gate == gate:
                self._follow(edge, mask)
        for implied_gate, implied in entry.implied:
            if implied_gate == gate:
                self._reach((position, implied), mask)

    def _follow(self, edge: Edge, mask: int) -> None:
        for target in edge.targets:
            for extra in (_NO_EXTRA, *edge.extras):
                self._reach((target, extra), mask)

    def _reach(self, node: tuple[int, str], mask: int) -> None:
        before = self._masks.get(node, 0)
        if before | mask != before:
            self._masks[node] = before | mask
            self._todo.append(node)
