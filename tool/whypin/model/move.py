"""What a change does to the locks: the packages that it adds, removes and moves, against the project at the base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from whypin.model.lock import Entry, Lock
from whypin.model.project import Project, entry_key
from whypin.model.version import to_version

MoveKind = Literal["added", "removed", "upgraded", "downgraded", "forked", "merged", "re-sourced", "changed"]
Step = Literal["major", "minor", "patch", "pre-release", "other"]


class Move(NamedTuple):
    """One package of one lock before and after the change; `lock` is its path after it, or the one that it had."""

    lock: str
    name: str
    before: tuple[Entry, ...]
    after: tuple[Entry, ...]

    @property
    def kind(self) -> MoveKind:
        """What became of the package. Of several versions the newest counts; what cannot be compared has `changed`."""
        if not self.before or not self.after:
            return "removed" if self.before else "added"
        old, new = _versions(self.before), _versions(self.after)
        if set(old) == set(new):
            return "re-sourced"
        if set(old) < set(new):
            return "forked"
        if set(new) < set(old):
            return "merged"
        try:
            before, after = (sorted(map(to_version, versions), reverse=True) for versions in (old, new))
        except ValueError:
            return "changed"
        return "upgraded" if after > before else "downgraded" if after < before else "changed"

    @property
    def step(self) -> Step:
        """How far the newest version moved: the first release number that differs."""
        try:
            before, after = (max(map(to_version, _versions(entries))) for entries in (self.before, self.after))
        except ValueError:
            return "other"
        if before.is_prerelease or after.is_prerelease:
            return "pre-release"
        if before.epoch != after.epoch or before.major != after.major:
            return "major"
        if before.minor != after.minor:
            return "minor"
        return "patch" if before.release != after.release else "other"

    @property
    def direct(self) -> bool:
        """Whether the project itself asks for the package, after the change or before it."""
        return any(entry.direct for entry in (*self.after, *self.before))

    @property
    def member(self) -> bool:
        """Whether it is the project's own."""
        return any(entry.member for entry in (*self.after, *self.before))

    @property
    def words(self) -> str:
        """The versions before and after, for people: `1.26.3 -> 1.26.4`; with their sources where only these differ."""
        before, after = _told(self.before), _told(self.after)
        if before == after:
            before, after = _with_sources(self.before), _with_sources(self.after)
        return f"{before} -> {after}"

    @property
    def told(self) -> str:
        """What it did, for people: `moved 1.26.3 -> 1.26.4`, or `came in at 1.26.4`."""
        return f"moved {self.words}" if self.before else f"came in at {_told(self.after)}"


def moves(base: Project, head: Project) -> Iterator[Move]:
    """Yield what moved between two states of a project, lock by lock, in the order of the files after the change.

    A lock that is new where another one of the same folder has gone is compared with that: formats change.
    """
    for old, new in pairs(base, head):
        if old is not new:
            yield from _between(old, new)


def pairs(base: Project, head: Project) -> Iterator[tuple[Lock | None, Lock | None]]:
    """Yield each lock as it was and as it is, in the order of the files after the change, then those that have gone."""
    before = {lock.path: lock for lock in base.locks}
    here = {lock.path for lock in head.locks}
    gone = {path: lock for path, lock in before.items() if path not in here}
    for lock in head.locks:
        yield before.get(lock.path) or _replaced_by(gone, lock), lock
    for lock in gone.values():
        yield lock, None


def _replaced_by(gone: dict[str, Lock], lock: Lock) -> Lock | None:
    folder = lock.path.rpartition("/")[0]
    path = next((path for path in gone if path.rpartition("/")[0] == folder), None)
    return gone.pop(path) if path is not None else None


def _between(old: Lock | None, new: Lock | None) -> Iterator[Move]:
    path = (new or old or Lock("", "", ())).path
    before, after = _by_name(old), _by_name(new)
    for name, entries in after.items():
        earlier = before.get(name, [])
        if not _are_alike(earlier, entries):
            yield Move(path, name, tuple(earlier), tuple(entries))
    for name, entries in before.items():
        if name not in after:
            yield Move(path, name, tuple(entries), ())


def _by_name(lock: Lock | None) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in lock.entries if lock is not None else ():
        found.setdefault(entry_key(entry), []).append(entry)
    return found


def _are_alike(one: Sequence[Entry], other: Sequence[Entry]) -> bool:
    """Whether two sets of entries are the same things; indexes count where both sides tell them: some formats don't."""
    told = all(entry.index or entry.source != "registry" for entry in (*one, *other))
    first, second = ({_identity(entry, told) for entry in entries} for entries in (one, other))
    return first == second


def _identity(entry: Entry, with_index: bool) -> tuple[str | None, ...]:
    index = (entry.index or "").rstrip("/") if with_index else None
    return entry.version, entry.source, entry.ref, index


def _versions(entries: Sequence[Entry]) -> list[str]:
    return list(dict.fromkeys(entry.version for entry in entries if entry.version))


def _with_sources(entries: Sequence[Entry]) -> str:
    told = (f"{entry.version or 'no version'} from {entry.ref or entry.index or entry.source}" for entry in entries)
    return ", ".join(dict.fromkeys(told))


def _told(entries: Sequence[Entry]) -> str:
    if not entries:
        return "nothing"
    return ", ".join(dict.fromkeys(entry.version or entry.ref or "no version" for entry in entries))
