"""no-hashes: a lock without the hashes that its format can hold.

## What it does
Counts the entries of each lock that come from an index, a channel or a URL and have no hash, and reports the lock at
the first of them. The project's own members, source trees and repositories have none, and are set aside.

## Why
A version says which file is meant, a hash says that it is this file. Without one, whoever can write to the index, or
to the mirror in between, can change what is installed, and the lock will still match.

## Example
A `requirements.txt` from `pip freeze`: `numpy==1.26.4`, and nothing behind it.

## Fix
Lock again with hashes: `pip-compile --generate-hashes` or `uv pip compile --generate-hashes` for requirements; the
other tools write hashes by themselves, where the index tells them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whypin.model.finding import Finding, Rule
from whypin.model.lock import Entry, Lock
from whypin.model.locking import command_of
from whypin.model.project import Project

_SOURCES = frozenset({"registry", "url", "conda"})
_SHOWN = 3


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each lock with entries that could have a hash and have none."""
    for lock in project.locks:
        entries = [entry for entry in lock.entries if _can_have_hash(entry)]
        bare = [entry for entry in entries if not entry.hashed]
        if bare:
            yield _finding(lock, bare, len(entries))


def _can_have_hash(entry: Entry) -> bool:
    """Whether there is a file behind the entry; what conda calls `__osx` is the system itself."""
    return entry.source in _SOURCES and not entry.member and not (entry.source == "conda" and entry.name[:2] == "__")


def _finding(lock: Lock, bare: Sequence[Entry], of: int) -> Finding:
    names = list(dict.fromkeys(entry.name for entry in bare))
    shown = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
    message = f"{len(bare)} of {of} {'entry has' if of == 1 else 'entries have'} no hash: {shown}"
    return Finding(bare[0].location, message, _fix(lock))


def _fix(lock: Lock) -> str:
    if lock.format == "pylock":
        return "lock again with uv, pdm or pip lock: they write hashes"
    last = "; an index that tells no hashes cannot be verified" if lock.format in ("uv", "poetry") else ""
    return f"run {command_of(lock, ' --generate-hashes')}{last}"


RULE = Rule("WHY207", "no-hashes", "warning", check)
