"""A move of a locked version, with the commit that made it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from whypin.model.version import to_version

Kind = Literal["added", "removed", "upgraded", "downgraded", "forked", "changed"]


class Commit(NamedTuple):
    """A commit as its author left it; `time` is ISO 8601 with the author's offset, empty where git can't read it."""

    hash: str
    time: str
    author: str
    subject: str

    @property
    def day(self) -> str:
        """The author's day, like `2026-11-22`."""
        return self.time[:10]


class Change(NamedTuple):
    """One package moved in one lock; `old` and `new` are its versions there, in order: none, one, or one a fork.

    `package` is as records write it. `formerly` is the lock that held it before, where that was another one.
    `records` are the decision records that the same commit touched. `accepted_by` are the ids of the records in force
    today that accept all that is new.
    """

    package: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    lock: str
    commit: Commit
    formerly: str | None = None
    records: tuple[str, ...] = ()
    accepted_by: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """What became of the package. Of several versions the newest counts; what cannot be compared has `changed`."""
        if not self.old or not self.new:
            return "removed" if self.old else "added"
        if set(self.old) < set(self.new):
            return "forked"
        try:
            before, after = (sorted(map(to_version, versions), reverse=True) for versions in (self.old, self.new))
        except ValueError:
            return "changed"
        return "upgraded" if after > before else "downgraded" if after < before else "changed"


class Unread(NamedTuple):
    """A lock that could not be read as it stood in a commit; the history goes on with what it held before."""

    lock: str
    commit: Commit
    message: str


class History(NamedTuple):
    """The moves of locked versions over the commits of a branch, the newest first.

    `commits` is how many of them touched a lock. `shallow` is whether the clone is cut, so that what its oldest commit
    holds seems added there.
    """

    changes: tuple[Change, ...]
    unread: tuple[Unread, ...] = ()
    commits: int = 0
    shallow: bool = False


def in_order(versions: Iterable[str]) -> tuple[str, ...]:
    """Return versions from the lowest to the highest; what is no version stands in front."""
    return tuple(sorted(versions, key=_order))


def _order(version: str) -> tuple[bool, object, str]:
    try:
        return True, to_version(version), version
    except ValueError:
        return False, 0, version


def are_equal(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether these are the same versions, however they are written: `2022.12.07` is `2022.12.7`."""
    return set(map(_meaning, some)) == set(map(_meaning, others))


def _meaning(version: str) -> object:
    try:
        return to_version(version)
    except ValueError:
        return version
