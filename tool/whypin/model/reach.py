"""Which of the project's own requirements lead to each entry of a lock: one forward pass for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from whypin.model.ancestry import Graph, Node, asked_for
from whypin.model.lock import Lock
from whypin.model.manifest import Requirement
from whypin.model.order import post_order
from whypin.model.project import entry_key


class Reach:
    """What leads to the entries of one settled lock; `recorded` is whether the lock records edges at all.

    The requirements are those of the manifests that the lock fixes. Where nothing tells which extras the project asks
    for, all of them count. An entry collects the direct ones as bits, in an order in which most have all of theirs
    before they pass them on: time is about linear in the edges, times the direct ones over the bits of a word.
    """

    def __init__(self, lock: Lock, requirements: Iterable[Requirement] = ()) -> None:
        self.recorded = any(entry.edges is not None for entry in lock.entries)
        self._entries = lock.entries
        self._names = list(
            dict.fromkeys(entry_key(entry) for entry in lock.entries if entry.direct and not entry.member)
        )
        self._masks: dict[Node, int] = {}
        self._graph = Graph(lock.entries)
        if self.recorded:
            self._start(lock, list(requirements))
            self._pass_on()

    def _start(self, lock: Lock, requirements: Sequence[Requirement]) -> None:
        asked, rooted = asked_for(lock, requirements, self._graph)
        bits = {name: 1 << at for at, name in enumerate(self._names)}
        for position, entry in enumerate(lock.entries):
            if entry.direct and not entry.member:
                gates = asked[position].nodes if rooted and position in asked else ("", *self._graph.gates(position))
                for gate in gates:
                    self._masks[position, gate] = bits[entry_key(entry)]

    def _pass_on(self) -> None:
        # What needs others comes before these, as far as there is no cycle.
        order = post_order(list(self._masks), self._ways)[::-1]
        changed = True
        while changed:
            changed = False
            for node in order:
                mask = self._masks[node]
                for target, _ in self._graph.ways(node):
                    if not self._entries[target[0]].member and mask & ~self._masks.get(target, 0):
                        self._masks[target] = self._masks.get(target, 0) | mask
                        changed = True

    def _ways(self, node: Node) -> Iterator[Node]:
        return (target for target, _ in self._graph.ways(node) if not self._entries[target[0]].member)

    def to(self, positions: Iterable[int]) -> list[str]:
        """Return the direct packages, as records name them, that lead to any of these entries."""
        mask = 0
        for position in positions:
            mask |= self._masks.get((position, ""), 0)
        return [name for at, name in enumerate(self._names) if mask >> at & 1] if mask else []
