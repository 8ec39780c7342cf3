"""Which packages to call critical: told by how a project uses them, not by a list of names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from whypin.model.caps import caps
from whypin.model.lock import SOURCE_TREES, Edge, Entry, Lock
from whypin.model.policy import is_production
from whypin.model.project import Package, Project, entry_key
from whypin.model.reach import Reach

#: A list that is longer is not read, and what is on it soon not decided either.
MOST = 10
#: Points from which on a package is proposed in any case, and how many of these make a list.
_ENOUGH, _FEWEST = 3, 3

#: What can stand in the configuration as it is: a name that whypin would compare, and no glob.
_NAME = re.compile(r"(?:conda:)?[A-Za-z0-9_][A-Za-z0-9._-]*\Z")


class Proposal(NamedTuple):
    """A package that a decision should be asked for, and why, in one line; `points` is the weight of the reasons."""

    name: str
    why: str
    points: int


class Asked(NamedTuple):
    """What to ask decisions for: the `critical` packages, or where none stand out all direct ones of production.

    `candidates` is how many direct production packages there are.
    """

    critical: tuple[Proposal, ...]
    candidates: int


class _Sign(NamedTuple):
    points: int
    words: str


def propose(project: Project, explained: Collection[str] = (), most: int = MOST) -> Asked:
    """Return the direct production packages that it would cost most to be wrong about, the weightiest first.

    `explained` are those for which the team wrote down a reason beside the requirement. Time is about linear in the
    edges of the locks.
    """
    found = sorted(_weighed(project, explained), key=lambda proposal: (-proposal.points, proposal.name))
    enough = [proposal for proposal in found if proposal.points >= _ENOUGH]
    if len(enough) < min(_FEWEST, (len(found) + 1) // 2):
        # A handful can all be asked for; of many, a few that stand out a little are better than none.
        enough = [] if len(found) <= most else [each for each in found[:_FEWEST] if each.points]
    return Asked(tuple(enough[:most]), len(found))


def _weighed(project: Project, explained: Collection[str]) -> Iterator[Proposal]:
    chosen: dict[str, list[Package]] = defaultdict(list)
    for package in project.packages:
        if _is_candidate(package, project):
            chosen[package.name].append(package)
    needed, brought = _needed(project.locks), _brought(project)
    declared, indexes = _declared(project), Counter(entry.index for lock in project.locks for entry in lock.entries)
    main = indexes.most_common(1)[0][0] if indexes else None
    for name, packages in chosen.items():
        signs = [
            *_by_graph(needed[name], brought[name]),
            *declared[name],
            *_by_lock(packages, main),
            *([_Sign(3, "a comment says why it is held")] if name in explained else ()),
        ]
        signs.sort(key=lambda sign: -sign.points)
        yield Proposal(name, "; ".join(sign.words for sign in signs[:2]), sum(sign.points for sign in signs))


def _is_candidate(package: Package, project: Project) -> bool:
    """Whether somebody chose this for production, and a record could accept every version of it."""
    return _NAME.match(package.name) is not None and all(
        entry.version is not None
        and entry.direct
        and not entry.member
        and entry.source not in SOURCE_TREES
        and is_production(entry.groups, project.settings.policy)
        for entry in package.entries
    )


def _needed(locks: Iterable[Lock]) -> defaultdict[str, set[str]]:
    """Return which locked packages need a package themselves, by its name."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for lock in locks:
        for entry in lock.entries:
            if not entry.member:
                for target in _targets(entry.edges or ()):
                    found[entry_key(lock.entries[target])].add(entry_key(entry))
    return found


def _targets(edges: Iterable[Edge]) -> Iterator[int]:
    for edge in edges:
        yield from edge.targets


def _brought(project: Project) -> Counter[str]:
    """Return how many locked packages come with each direct one, in the lock where they are most."""
    most: Counter[str] = Counter()
    for lock in project.locks:
        requirements = [need for each in project.manifests if lock.path in each.locks for need in each.requirements]
        reach = Reach(lock, requirements)
        if not reach.recorded:
            continue
        counted: Counter[str] = Counter()
        for position, entry in enumerate(lock.entries):
            if not entry.member:
                key = entry_key(entry)
                counted.update(name for name in reach.to([position]) if name != key)
        most |= counted
    return most


def _by_graph(needed: set[str], brought: int) -> Iterator[_Sign]:
    if len(needed) > 1:
        yield _Sign(min(6, len(needed) // 3), f"{len(needed)} locked packages need it")
    if brought >= 5:
        yield _Sign(min(6, brought // 8), f"it brings {brought} packages")


def _declared(project: Project) -> defaultdict[str, list[_Sign]]:
    """Return what the manifests say of packages beyond asking for them."""
    found: defaultdict[str, list[_Sign]] = defaultdict(list)
    for cap in caps(project):
        need = cap.requirement
        if not found[need.key]:
            found[need.key].append(_Sign(3, f"{_plain(need.location.path)} holds it at {_plain(','.join(need.caps))}"))
    for manifest in project.manifests:
        for override in manifest.overrides:
            need = override.requirement
            words = f"{_plain(need.location.path)} has {_OVERRIDE[override.kind]} for it"
            if not any(sign.words == words for sign in found[need.key]):
                found[need.key].append(_Sign(3, words))
    return found


_OVERRIDE = {"override": "an override", "constraint": "a constraint", "exclude": "an exclusion"}


def _by_lock(packages: Iterable[Package], main: str | None) -> Iterator[_Sign]:
    entries: list[Entry] = [entry for package in packages for entry in package.entries]
    versions = {entry.version for entry in entries}
    if len(versions) > 1:
        yield _Sign(3, f"locked at {len(versions)} versions")
    sources = sorted({entry.source for entry in entries} - {"registry", "conda"})
    if sources:
        yield _Sign(3, f"comes from {_SOURCE.get(sources[0], 'elsewhere')}")
    elif main is not None and any(entry.index not in (None, main) for entry in entries):
        yield _Sign(3, "comes from another index than the rest")


_SOURCE = {"git": "a repository", "url": "a URL", "path": "a file"}


def _plain(text: str) -> str:
    """Return a text as it can stand in a comment: on one line, nothing that ends or hides it."""
    line = "".join(character if character.isprintable() else "?" for character in text)
    return line if len(line) <= 60 else f"{line[:59]}…"
