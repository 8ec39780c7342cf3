"""Requirements files that are compiled on top of one another: one is the constraints of the next."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter

from whypin.model.lock import Lock
from whypin.model.project import Project
from whypin.trials import plan

#: A file that is named as constraints or requirements: in a manifest, in the head of what was compiled, behind `via`.
_NAMED = re.compile(r"(?:^|\s)(?:-[cr]|--constraints?|--requirements?)[\s=]*([^\s=#]+)", re.MULTILINE)


def layered(project: Project, locks: Sequence[Lock], text: Callable[[str], str]) -> tuple[Lock, ...]:
    """Return the locks and those that are compiled with one of them beside it, each behind what it is compiled with.

    What was compiled with the old versions does not go together with the new ones.
    """
    if locks[0].format != "requirements":
        return tuple(locks)
    beside = {posixpath.basename(lock.path): lock for lock in plan.beside(project, locks[0])}
    below = {name: list(_below(project, lock, beside.keys() - {name}, text)) for name, lock in beside.items()}
    try:
        order = list(TopologicalSorter(below).static_order())
    except CycleError:
        return tuple(locks)
    found = {posixpath.basename(lock.path) for lock in locks}
    for name in order:
        if not found.isdisjoint(below[name]):
            found.add(name)
    return tuple(beside[name] for name in order if name in found)


def _below(project: Project, lock: Lock, names: set[str], text: Callable[[str], str]) -> Iterator[str]:
    """Yield those of some files that a lock is compiled with; none for one that nothing compiles."""
    inputs = [each.path for each in project.manifests if lock.path in each.locks and each.path != lock.path]
    if inputs:
        said = "\n".join(map(text, (*inputs, lock.path)))
        yield from dict.fromkeys(name for name in map(posixpath.basename, _NAMED.findall(said)) if name in names)
