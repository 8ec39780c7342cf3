"""lock-stale: the lock does not hold what the manifest declares.

## What it does
Compares each manifest with the locks that fix it, by names and versions: a requirement that the lock does not hold, or
holds in a version outside of what is declared. Only groups that the lock was made for count, after the tool's
overrides; in a workspace those of its root. A requirement with a marker has to be locked where the marker can hold in
an environment that `requires-python` admits; in a lock made for one environment, only where it holds in all. Where
names and versions agree and the content hash that the lock keeps of its manifest does not, that alone is a warning.

## Why
What is installed is not what is declared. Whoever reads the manifest in review reads a wish, and the next `lock` of
somebody else brings changes that nobody meant.

## Example
`dependencies = ["numpy>=2"]` in pyproject.toml, and numpy 1.26.4 in uv.lock.

## Fix
Lock again, and commit both: `uv lock`, `poetry lock`, `pdm lock`, `pipenv lock`, `pip-compile`, `pixi lock`.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.location import Location
from whypin.model.lock import Lock, abridged
from whypin.model.locking import command_of
from whypin.model.manifest import Manifest
from whypin.model.project import Project
from whypin.model.staleness import Stale


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each place and lock that do not agree, then for each hash that differs alone."""
    found = set()
    stale_locks = set()
    for stale in project.stale:
        key = (stale.lock.path, stale.requirement.location, stale.requirement.key, stale.problem)
        stale_locks.add(stale.lock.path)
        if key not in found:
            found.add(key)
            yield _finding(stale)
    for manifest in project.manifests:
        for lock in project.locks_of(manifest):
            if lock.path not in stale_locks and _hash_differs(manifest, lock):
                yield _changed(manifest, lock)


def _finding(stale: Stale) -> Finding:
    requirement, lock = stale.requirement, stale.lock
    if stale.problem == "not-locked":
        message = f"{requirement.name} is declared, and {lock.path} does not hold it"
    else:
        versions = ", ".join(dict.fromkeys(str(entry.version) for entry in stale.entries))
        declared = abridged(requirement.written or requirement.specifier)
        message = f"{lock.path} holds {requirement.name} {abridged(versions)}, and {declared} is declared"
    return Finding(requirement.location, message, _fix(lock), package=requirement.key)


def _hash_differs(manifest: Manifest, lock: Lock) -> bool:
    """Whether the lock keeps a hash of the manifest's that none of the ways to make one gives; others are not known."""
    kept = lock.content_hash
    known = [value for name, value in manifest.hashes if name == lock.format]
    return kept is not None and kept not in known and any(len(value) == len(kept) for value in known)


def _changed(manifest: Manifest, lock: Lock) -> Finding:
    message = f"{manifest.path} has changed since {lock.path} was made from it: the content hash differs"
    return Finding(Location(lock.path), message, _fix(lock), own="warning")


def _fix(lock: Lock) -> str:
    folder = lock.path.rpartition("/")[0]
    return f"run {command_of(lock)}{f' in {folder}' if folder else ''} and commit both"


RULE = Rule("WHY206", "lock-stale", "error", check)
