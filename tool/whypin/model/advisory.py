"""Advisories about packages, and what they say of the locked ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Day
from typing import Literal, NamedTuple

from whypin.model.lock import Entry

EventKind = Literal["introduced", "fixed", "last_affected", "limit"]


class Event(NamedTuple):
    """A version at which a package becomes affected, or ceases to be."""

    kind: EventKind
    version: str


Range = tuple[Event, ...]


class Affected(NamedTuple):
    """The versions that one advisory calls affected: those in any of the ranges, and those that it lists.

    `versions` may leave out what the ranges imply. Without both, nothing says which versions are meant.
    """

    ranges: tuple[Range, ...] = ()
    versions: tuple[str, ...] = ()


class Severity(NamedTuple):
    """How bad it is: `rating` is none, low, medium, high, critical, or unknown where nothing says it.

    `vector` is that of CVSS, as it stands in the advisory; `score` is its base score, where somebody has worked it out.
    """

    rating: str = "unknown"
    vector: str = ""
    score: float | None = None


class Advisory(NamedTuple):
    """All that is known under one set of aliases about one package; `ids` begins with the one that most people know.

    `affected` has one member for each of the advisories that are aliases of each other. `published` is the earliest
    day, `summary` may be empty.
    """

    ids: tuple[str, ...]
    affected: tuple[Affected, ...]
    severity: Severity = Severity()
    published: Day | None = None
    summary: str = ""

    @property
    def name(self) -> str:
        """The id to speak of it by."""
        return self.ids[0]

    def is_called(self, name: str) -> bool:
        """Whether a name is one of its ids; capitals do not count."""
        return name.lower() in (one.lower() for one in self.ids)


class Hit(NamedTuple):
    """A locked entry that an advisory affects.

    `fixed` are the versions above it that end this, the nearest first. `doubtful` are those that the advisory calls
    fixed and yet lists as affected, or that are not PEP 440. `contradicted` is where the entry itself is such a one.
    """

    advisory: Advisory
    entry: Entry
    lock: str
    fixed: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    contradicted: bool = False


class Unchecked(NamedTuple):
    """A locked entry that could not be held against the advisories, or not against all of them, and why."""

    entry: Entry
    lock: str
    why: str


class Known(NamedTuple):
    """What the data has under an id: all its aliases, and the packages that it is about; none where it is withdrawn."""

    ids: tuple[str, ...]
    packages: tuple[str, ...]
    withdrawn: bool = False


class Alerts(NamedTuple):
    """What a set of advisories says of a project's locks.

    `source` is the path of the data as the user knows it, `date` the day on which it was last modified, `count` how
    many advisories there are and `left_out` how many files of the export could not be read. `known` tells of
    each id that was asked for what the data has; one that it does not have is missing.
    """

    source: str
    date: Day
    count: int  # type: ignore[assignment]  # a tuple's own count() is not missed here
    left_out: int = 0
    hits: tuple[Hit, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    known: Mapping[str, Known] = {}
