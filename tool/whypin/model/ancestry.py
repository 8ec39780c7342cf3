"""Why an entry is in a lock: the paths that lead to it, and what needs it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from whypin.model.lock import MAIN, Edge, Entry, Lock
from whypin.model.manifest import Requirement

#: An entry by its position, and what of it is asked for: `""` for the entry itself, `extra:NAME` for an extra.
Node = tuple[int, str]

_EXTRA = "extra:"


class Step(NamedTuple):
    """One entry on a path: its position, those extras of it that the path goes through, and the marker of the way."""

    position: int
    extras: tuple[str, ...]
    marker: str | None


class Path(NamedTuple):
    """A shortest path from a direct dependency to the package.

    `groups` are those in which the project asks for the first step, `members` the positions of the members that do.
    `length` is the number of steps, both ends included; `walk` gives them: a lock may hold many long paths, and few of
    them are looked at.
    """

    groups: tuple[str, ...]
    members: tuple[int, ...]
    length: int
    walk: Callable[[], Iterator[Step]]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps from the direct dependency to the package itself."""
        return tuple(self.walk())


class Ancestry(NamedTuple):
    """What leads to one package of a lock.

    `recorded` is whether the lock records edges at all, `rooted` whether anything tells what the project itself asks
    for; where nothing does, paths begin at what nothing else needs. `reached` is whether anything leads to it.
    `paths` has one for each direct entry that needs it, the shortest first. `parents` are, for each entry of the
    package, the positions of what needs it directly, members of the project included: where nothing leads to the
    package, of what would need it if somebody asked for that. `dependents` are the positions of all that need it,
    directly or not; members don't count.
    """

    recorded: bool
    rooted: bool
    reached: bool
    paths: tuple[Path, ...]
    parents: tuple[tuple[int, ...], ...]
    dependents: tuple[int, ...]


def trace(lock: Lock, targets: Sequence[int], requirements: Iterable[Requirement] = ()) -> Ancestry:
    """Return what leads to the entries at these positions, in a settled lock.

    The requirements are those of the manifests that the lock fixes: where the lock doesn't tell which extras the
    project asks for, they do. An edge behind an extra counts only where somebody asks for the extra. Time is linear in
    the edges.
    """
    graph = Graph(lock.entries)
    asked, rooted = asked_for(lock, requirements, graph)
    back = graph.walk_from(asked)
    ahead = _walk_back([(target, "") for target in targets], back)
    reached = any((target, "") in back for target in targets)
    return Ancestry(
        recorded=any(entry.edges is not None for entry in lock.entries),
        rooted=rooted,
        reached=reached,
        paths=_paths(targets, asked, ahead, back, lock.entries),
        parents=tuple(_parents(targets, asked, back if reached else graph.every_edge())),
        dependents=_dependents(targets, ahead, lock.entries),
    )


class _Asked:
    """What the project itself asks of one entry: in which groups, by which members, with which extras."""

    def __init__(self) -> None:
        self.groups: dict[str, None] = {}
        self.members: dict[int, None] = {}
        self.nodes: dict[str, None] = {"": None}

    def add(self, group: str, extras: Iterable[str], member: int | None = None) -> None:
        """Add one requirement."""
        self.groups[group or MAIN] = None
        self.nodes.update((f"{_EXTRA}{extra}", None) for extra in extras)
        if member is not None:
            self.members[member] = None


_Asks = dict[int, _Asked]
#: From node to the nodes that lead to it, each with the markers of its ways: there may be several, one for each marker.
_Back = dict[Node, dict[Node, dict[str | None, None]]]
#: From node to its distance from the package, and the next node on the way there.
_Ahead = dict[Node, tuple[int, Node | None]]


class Graph:
    """The edges of a lock as ways between nodes."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self._by_gate: dict[int, dict[str, list[Edge]]] = {}

    def ways(self, node: Node) -> Iterator[tuple[Node, str | None]]:
        """Yield every node that a node leads to, with the marker of the way."""
        position, gate = node
        for edge in self.gates(position).get(gate, ()):
            for target in edge.targets:
                yield (target, ""), edge.marker
                for extra in edge.extras:
                    yield (target, f"{_EXTRA}{extra}"), edge.marker
        for behind, extra in self.entries[position].implied:
            if behind == gate:
                yield (position, f"{_EXTRA}{extra}"), None

    def gates(self, position: int) -> Mapping[str, list[Edge]]:
        """Return the edges of an entry by their gates."""
        if position not in self._by_gate:
            found: dict[str, list[Edge]] = {}
            for edge in self.entries[position].edges or ():
                found.setdefault(edge.gate, []).append(edge)
            self._by_gate[position] = found
        return self._by_gate[position]

    def walk_from(self, asked: _Asks) -> _Back:
        """Follow every way that holds, and return the ways back."""
        back: _Back = {(position, gate): {} for position, each in asked.items() for gate in each.nodes}
        waiting = list(back)
        while waiting:
            node = waiting.pop()
            for target, marker in self.ways(node):
                if target not in back:
                    back[target] = {}
                    waiting.append(target)
                back[target].setdefault(node, {})[marker] = None
        return back

    def every_edge(self) -> _Back:
        """Return the ways back over all edges, whether anything asks for them or not."""
        back: _Back = {}
        for position, entry in enumerate(self.entries):
            for edge in entry.edges or ():
                for target in edge.targets:
                    back.setdefault((target, ""), {}).setdefault((position, edge.gate), {})[edge.marker] = None
        return back


def asked_for(lock: Lock, requirements: Iterable[Requirement], graph: Graph) -> tuple[_Asks, bool]:
    """Return what the project asks for, entry by entry, and whether anything tells that at all."""
    asked: _Asks = {}
    for edge in lock.roots or ():
        _ask(asked, edge)
    for position, entry in enumerate(lock.entries):
        if entry.member:
            for edge in entry.edges or ():
                _ask(asked, edge, position)
            for gate, extra in entry.implied:
                asked.setdefault(position, _Asked()).add(gate, (extra,))
    by_name: dict[tuple[bool, str], list[Requirement]] = {}
    for requirement in requirements:
        by_name.setdefault((requirement.conda, requirement.name), []).append(requirement)
    told = lock.roots is not None or any(entry.member and entry.edges is not None for entry in lock.entries)
    rooted = told or bool(by_name)
    # What is direct was settled when the lock was read; a lock may tell a part of it only.
    starts = [at for at, entry in enumerate(lock.entries) if entry.direct] if rooted else _tops(graph)
    for position in starts:
        if position not in asked:
            asked[position] = _Asked()
            entry = lock.entries[position]
            conda = entry.source == "conda"
            for requirement in by_name.get((conda, entry.name.lower() if conda else entry.name), ()):
                asked[position].add(requirement.group, requirement.extras)
    return asked, rooted


def _ask(asked: _Asks, edge: Edge, member: int | None = None) -> None:
    for target in edge.targets:
        asked.setdefault(target, _Asked()).add(edge.gate, edge.extras, member)


def _tops(graph: Graph) -> Sequence[int]:
    """Return the positions that no other entry needs; all of them where there are none."""
    needed = {target for (target, _), ways in graph.every_edge().items() if any(at != target for at, _ in ways)}
    return [at for at in range(len(graph.entries)) if at not in needed] or range(len(graph.entries))


def _walk_back(targets: Iterable[Node], back: _Back) -> _Ahead:
    """Walk back from the targets, breadth first; a way from an entry to its own extra has no length."""
    ahead: _Ahead = dict.fromkeys(targets, (0, None))
    waiting = deque(ahead)
    while waiting:
        node = waiting.popleft()
        for before in back.get(node, ()):
            length = ahead[node][0] + (before[0] != node[0])
            if before not in ahead or ahead[before][0] > length:
                ahead[before] = (length, node)
                (waiting.append if before[0] != node[0] else waiting.appendleft)(before)
    return ahead


def _paths(
    targets: Sequence[int], asked: _Asks, ahead: _Ahead, back: _Back, entries: Sequence[Entry]
) -> tuple[Path, ...]:
    found: list[tuple[str, int, Path]] = []
    for position, each in asked.items():
        starts = [(position, gate) for gate in each.nodes if (position, gate) in ahead]
        if starts and position not in targets and not entries[position].member:
            start = min(starts, key=lambda node: ahead[node][0])
            walk = partial(_steps, start, ahead, back)
            path = Path(tuple(each.groups), tuple(each.members), ahead[start][0] + 1, walk)
            found.append((entries[position].name, position, path))
    found.sort(key=lambda item: (item[2].length, item[0], item[1]))
    return tuple([path for *_, path in found])


def _steps(start: Node, ahead: _Ahead, back: _Back) -> Iterator[Step]:
    node: Node | None = start
    marker: str | None = None
    while node is not None:
        last, way, extras = node, marker, list[str]()
        while node is not None and node[0] == last[0]:
            extras += [node[1].removeprefix(_EXTRA)] if node[1] else []
            last, node = node, ahead[node][1]
        yield Step(last[0], tuple(extras), way)
        marker = _any_of(back[node][last]) if node is not None else None


def _any_of(markers: Collection[str | None]) -> str | None:
    """Return the marker that holds where any of them does."""
    told = [marker for marker in markers if marker]
    return " or ".join(told) if len(told) == len(markers) else None


def _parents(targets: Sequence[int], asked: _Asks, back: _Back) -> Iterator[tuple[int, ...]]:
    for target in targets:
        found = {position for position, _ in back.get((target, ""), ())}
        found.update(asked[target].members if target in asked else ())
        yield tuple(sorted(found.difference((target,))))


def _dependents(targets: Sequence[int], ahead: _Ahead, entries: Sequence[Entry]) -> tuple[int, ...]:
    found = {position for position, _ in ahead if not entries[position].member}
    return tuple(sorted(found.difference(targets)))
