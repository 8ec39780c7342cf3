"""Requirements files that pin everything: pip-compile, uv and `pip freeze` write them, and people do."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from whypin.model.lock import MAIN, Edge, Entry, Lock
from whypin.model.names import normalise
from whypin.syntax.requirements import Load, ParsedRequirement, RequirementsFile, group_of, named, parse

NAME = "requirements"

#: Sources after `via` that bound a version and ask for nothing.
_NO_ROOT = re.compile(r"(?:-c|--constraints?|--overrides?) ")
#: uv's source for what a dependency group of a pyproject.toml asks for.
_PYPROJECT_GROUP = re.compile(r"\(.*pyproject\.toml:([A-Za-z0-9._-]+)\)\Z")
_FULL_PATH = re.compile(r"file:|/|[A-Za-z]:[\\/]", re.IGNORECASE)


@lru_cache(maxsize=64)
def parsed(text: str, path: str, load: Load) -> RequirementsFile:
    """Return the file as `parse` does; whether it is a lock is asked before it is read as one, and parsed once."""
    return parse(text, path, load)


def is_exact(file: RequirementsFile) -> bool:
    """Whether every requirement of a parsed file is exact, so that the file is a lock.

    Exact is one version, a URL, or a repository at a full commit hash. Local paths are the project's own and do not
    count, but something else has to be there.
    """
    others = [requirement for requirement in file.requirements if not requirement.local]
    return bool(others) and all(map(_is_pinned, others))


def _is_pinned(requirement: ParsedRequirement) -> bool:
    if requirement.source == "registry":
        return requirement.version is not None
    return requirement.commit is not None or (requirement.source == "url" and not _is_repository(requirement))


def _is_repository(requirement: ParsedRequirement) -> bool:
    return requirement.ref is not None and requirement.ref.partition("+")[0].lower() in ("hg", "svn", "bzr")


def read(text: str, path: str, load: Load) -> Lock:
    """Read a requirements file, with those it includes, as a lock; raises WhypinError with a place.

    What is not exact has no version. The edges are those of the `# via` comments, and None where there are none.
    The project itself (`.`) and a local path that no name can be told of are left out: nobody chose a version of them.
    """
    file = parsed(text, path, load)
    found = _without_repeats(named(file))
    has_via = any(requirement.via for _, requirement in found)
    edges = _edges(found) if has_via else {}
    entries = [_entry(name, each, file, tuple(edges.get(name, ())) if has_via else None) for name, each in found]
    roots = _roots(found, group_of(path)) if has_via else None
    return Lock(path, NAME, tuple(entries), roots, covers=_covers(found))


Named = list[tuple[str, ParsedRequirement]]


def _without_repeats(requirements: Named) -> Named:
    """Leave out what is said again, such as `dash` and `dash[compress]` at one version: it is no fork."""
    kept: dict[tuple[object, ...], tuple[str, ParsedRequirement]] = {}
    for name, found in requirements:
        key = (name, found.version, found.specifier, found.marker, found.source, found.ref, found.index_url)
        if key in kept:
            first = kept[key][1]
            via, hashes = tuple(dict.fromkeys(first.via + found.via)), first.hashes + found.hashes
            found = first._replace(via=via, hashes=hashes)
        kept[key] = (name, found)
    return list(kept.values())


def _entry(name: str, requirement: ParsedRequirement, file: RequirementsFile, edges: tuple[Edge, ...] | None) -> Entry:
    index = requirement.index_url or file.index_url
    return Entry(
        name,
        requirement.version,
        requirement.source,
        requirement.location,
        index=index if requirement.source == "registry" else None,
        ref=requirement.ref,
        marker=requirement.marker,
        edges=edges,
        hashed=requirement.hashes > 0,
        member=_is_member(requirement),
    )


def _is_member(requirement: ParsedRequirement) -> bool:
    """Whether it is the project's own source tree; `pip freeze` also writes the build folders of others, in full."""
    if requirement.source == "directory":
        return not _FULL_PATH.match(requirement.ref or "")
    return requirement.source == "editable"


def _edges(requirements: Named) -> dict[str, list[Edge]]:
    """Return for every locked name the edges to what it pulls in: a fork gets them all, for comments name no fork."""
    locked = {name for name, _ in requirements}
    children: dict[str, dict[str, list[int]]] = {}
    for position, (name, requirement) in enumerate(requirements):
        for parent in requirement.via:
            if parent in locked:
                children.setdefault(parent, {}).setdefault(name, []).append(position)
    return {
        parent: [Edge(name, tuple(targets)) for name, targets in found.items()] for parent, found in children.items()
    }


def _roots(requirements: Named, group: str) -> tuple[Edge, ...]:
    """Return the edges to what a file, the project's own, or anything that is not locked here asks for."""
    locked = {name for name, requirement in requirements if not _is_member(requirement)}
    targets: dict[tuple[str, str], list[int]] = {}
    for position, (name, requirement) in enumerate(requirements):
        for each in _groups_that_ask(requirement.via, locked, group):
            targets.setdefault((name, each), []).append(position)
    return tuple(Edge(name, tuple(found), gate="" if each == MAIN else each) for (name, each), found in targets.items())


def _covers(requirements: Named) -> tuple[str, ...] | None:
    """Return the groups of a pyproject that the file was made for, where nothing but these asks; else None."""
    locked = {name for name, requirement in requirements if not _is_member(requirement)}
    roots = {source for _, requirement in requirements for source in _asking(requirement.via, locked)}
    matches = [_PYPROJECT_GROUP.search(source) for source in roots]
    groups = {f"group:{normalise(match[1])}" for match in matches if match}
    return tuple(sorted(groups)) if matches and all(matches) else None


def _asking(via: Sequence[str], locked: Collection[str]) -> list[str]:
    return [source for source in via if source not in locked and not _NO_ROOT.match(source)]


def _groups_that_ask(via: Sequence[str], locked: Collection[str], group: str) -> set[str]:
    """Return the groups in which the project itself asks for what has these sources; uv names those of a pyproject."""
    if not via:
        return {group}
    matches = [_PYPROJECT_GROUP.search(source) for source in _asking(via, locked)]
    return {f"group:{normalise(match[1])}" if match else group for match in matches}
