"""The paths that lead to a package, as a person reads them: the shortest first, grouped by their length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from whypin.model.ancestry import Path, Step
from whypin.model.explanation import Holding
from whypin.model.lock import MAIN, Lock
from whypin.reporters.layout import Line, Part, block, shortened
from whypin.reporters.text import count

#: So many paths are shown, and of each length so many if they can be.
_MOST = 12
_EACH = 3
_MARKER = 48


def blocks(holding: Holding, everything: bool) -> Iterator[Line]:
    """Yield what needs the package: the paths from the direct dependencies, and how many packages there are."""
    ancestry = holding.ancestry
    if not ancestry.recorded:
        yield Line(1, (Part("this format records no edges: what else needs it is not known"),))
        return
    if not ancestry.reached:
        yield from () if holding.package.member else _unreached(holding)
    elif ancestry.paths:
        yield from _paths(holding, everything)
    elif not ancestry.dependents:
        yield Line(1, (Part("no other package needs it"),))
    else:
        entries = holding.package.lock.entries
        names = list(dict.fromkeys(entries[at].name for at in ancestry.dependents))
        yield from block(1, f"only what it needs itself needs it in turn: {some(names, 8)}")
    yield from _needs(holding)


def _unreached(holding: Holding) -> Iterator[Line]:
    entries = holding.package.lock.entries
    names = list(dict.fromkeys(entries[at].name for found in holding.ancestry.parents for at in found))
    ask = f"; {some(names, 8)} may need it, but that part of it nobody asks for" if names else ""
    yield from block(1, f"nothing that the project declares leads to it{ask}")


def _paths(holding: Holding, everything: bool) -> Iterator[Line]:
    ancestry, lock = holding.ancestry, holding.package.lock
    starts = len({lock.entries[next(path.walk()).position].name for path in ancestry.paths})
    words = "direct dependency needs it" if starts == 1 else "direct dependencies need it"
    if not ancestry.rooted:
        yield Line(1, (Part("no manifest tells what the project asks for: paths begin at what nothing else needs"),))
        words = "of these needs it" if starts == 1 else "of these need it"
    needed = f"{count(len(ancestry.dependents), 'package')} in all, directly or not"
    yield Line(1, (Part(f"{starts} {words}; {needed}:"),))
    groups: dict[int, list[Path]] = {}
    for path in ancestry.paths:
        groups.setdefault(path.length - 2, []).append(path)
    shares = [len(paths) for paths in groups.values()] if everything else _shares(list(map(len, groups.values())))
    names = Counter(entry.name for entry in lock.entries)
    members = sum(entry.member for entry in lock.entries)
    for (between, paths), share in zip(groups.items(), shares, strict=True):
        yield Line(2, (Part(f"{_through(between)} ({len(paths)})" if len(paths) > share else _through(between)),))
        for path in paths[:share]:
            yield from block(3, _path(path, holding, names, members > 1))
    left = len(ancestry.paths) - sum(shares)
    if left:
        yield Line(2, (Part(f"and {left} more: --all", "fix"),))


def _shares(sizes: Sequence[int]) -> list[int]:
    """Return how many paths of each length are shown: some of each, then as many of the shortest as there is room."""
    shares: list[int] = []
    for size in sizes:
        shares.append(min(size, _EACH, _MOST - sum(shares)))
    for at, size in enumerate(sizes):
        shares[at] += min(size - shares[at], _MOST - sum(shares))
    return shares


def _through(between: int) -> str:
    return f"through {count(between, 'other')}" if between else "directly"


def _path(path: Path, holding: Holding, names: Counter[str], with_members: bool) -> str:
    lock = holding.package.lock
    *before, last = path.steps
    steps = [_step(step, lock, names) for step in before]
    steps.append(_last(last, before[-1].position, holding))
    notes = [] if MAIN in path.groups else list(path.groups)
    if with_members and path.members:
        notes.insert(0, f"of {some([lock.entries[position].name for position in path.members], 2)}")
    return " -> ".join(steps) + (f"  [{', '.join(notes)}]" if notes else "")


def _step(step: Step, lock: Lock, names: Counter[str]) -> str:
    entry = lock.entries[step.position]
    version = f" {entry.version}" if names[entry.name] > 1 and entry.version else ""
    extras = f"[{','.join(step.extras)}]" if step.extras else ""
    return f"{entry.name}{extras}{version}{_marker(step)}"


def _last(step: Step, parent: int, holding: Holding) -> str:
    """Return the package at the end; where the step before can't mean all of its forks, with the versions it can."""
    package = holding.package
    name = package.entries[0].name
    found = [
        entry.version or "(no version)"
        for entry, parents in zip(package.entries, holding.ancestry.parents, strict=True)
        if parent in parents
    ]
    if len(found) == len(package.entries):
        return name + (_marker(step) if len(found) == 1 else "")
    versions = ", ".join(dict.fromkeys(found))
    return f"{name} {versions}" + (_marker(step) if len(found) == 1 else "")


def _marker(step: Step) -> str:
    """Return the marker of a way; of one that is too long to be read in passing, what has to hold first."""
    marker = step.marker or ""
    if len(marker) > _MARKER:
        marker = "..." if " or " in marker else f"{shortened(marker.partition(' and ')[0], _MARKER)} ..."
    return f" (if {marker})" if marker else ""


def _needs(holding: Holding) -> Iterator[Line]:
    package = holding.package
    needs = {
        edge.name: None
        for entry in package.entries
        for edge in entry.edges or ()
        if edge.targets and edge.name != entry.name
    }
    if needs:
        yield from block(1, f"it needs {some(list(needs), 12)}")
    elif all(entry.edges is not None for entry in package.entries):
        yield Line(1, (Part("it needs no other package"),))


def some(names: Sequence[str], most: int) -> str:
    """Return names in a row; where they are many, the first of them and how many more there are."""
    if len(names) <= most + 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
