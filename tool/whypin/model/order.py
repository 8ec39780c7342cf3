"""Walks over what needs what, whatever the nodes are: no recursion, and cycles come to an end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def post_order(starts: Iterable[Node], following: Callable[[Node], Iterable[Node]]) -> list[Node]:
    """Return the starts and all that follows them, each behind what follows it, as far as there is no cycle."""
    done: list[Node] = []
    seen: set[Node] = set()
    for start in starts:
        waiting = [(start, iter(following(start)))] if start not in seen else []
        seen.add(start)
        while waiting:
            node, ahead = waiting[-1]
            unseen = next((other for other in ahead if other not in seen), None)
            if unseen is None:
                done.append(node)
                waiting.pop()
            else:
                seen.add(unseen)
                waiting.append((unseen, iter(following(unseen))))
    return done


def closure(parents: Sequence[Collection[int]], bits: Sequence[int]) -> list[int]:
    """Return for each position the bits of all that is above it: parents first, and again while a cycle changes any."""
    found = [0] * len(parents)
    order, changed = post_order(range(len(parents)), parents.__getitem__), True
    while changed:
        changed = False
        for position in order:
            mask = found[position]
            for parent in parents[position]:
                mask |= found[parent] | bits[parent]
            if mask != found[position]:
                found[position], changed = mask, True
    return found
