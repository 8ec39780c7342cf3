"""What needs each entry of a lock, directly or not: one pass for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from whypin.model.ancestry import Graph, asked_for
from whypin.model.lock import Lock
from whypin.model.manifest import Requirement
from whypin.model.order import closure
from whypin.model.project import entry_key


class Dependents:
    """What needs the entries of one settled lock; `recorded` is whether the lock records edges at all.

    The requirements are those of the manifests that the lock fixes: an edge behind an extra counts only where somebody
    asks for the extra. Entries are given by their positions; members of the project are no dependents. Time is about
    linear in the edges, times the entries over the bits of a word.
    """

    def __init__(self, lock: Lock, requirements: Iterable[Requirement] = ()) -> None:
        self.recorded = any(entry.edges is not None for entry in lock.entries)
        self._names = [entry_key(entry) for entry in lock.entries]
        self._parents: list[dict[int, None]] = [{} for _ in lock.entries]
        self._above: list[int] | None = None
        if not self.recorded:
            return
        graph = Graph(lock.entries)
        for (target, _), ways in graph.walk_from(asked_for(lock, requirements, graph)[0]).items():
            for position, _ in ways:
                if position != target and not lock.entries[position].member:
                    self._parents[target][position] = None

    def names(self, positions: Iterable[int]) -> list[str]:
        """Return the names of what needs any of these entries directly, sorted."""
        own = list(positions)
        needing = {self._names[parent] for position in own for parent in self._parents[position]}
        return sorted(needing - {self._names[position] for position in own})

    def count(self, positions: Iterable[int]) -> int:
        """Return how many packages need any of these entries, directly or not."""
        own = list(positions)
        if self._above is None:
            self._above = closure(self._parents, [1 << position for position in range(len(self._parents))])
        mask = 0
        for position in own:
            mask |= self._above[position]
        for position in own:
            mask &= ~(1 << position)
        return mask.bit_count()
