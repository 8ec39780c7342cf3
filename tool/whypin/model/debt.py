"""How well a project's versions are fixed and explained: what `whypin debt` reports."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from whypin.model.location import Location

#: What the production requirements of a manifest are at each level.
LEVELS = {
    1: "bare names",
    2: "ranges that no lock fixes",
    3: "exact versions without hashes",
    4: "a fresh lock with hashes",
    5: "a lock with reasons",
}

Explained = Literal["record", "comment", "nothing"]


class Line(NamedTuple):
    """One line that holds a manifest down: at which level, why, and what to do; `requirement` is what stands there."""

    location: Location
    requirement: str
    level: int
    why: str
    fix: str


class Standing(NamedTuple):
    """One manifest at its level (1 to 5), None where nothing of it goes to production.

    `locks` are those that fix it, `requirements` the number that was judged. `held_down_by` are all lines, the lowest
    first, that keep it below level 4; for a manifest at level 4, those that keep it below 5.
    """

    path: str
    level: int | None
    locks: tuple[str, ...]
    requirements: int
    held_down_by: tuple[Line, ...]


class Coverage(NamedTuple):
    """Packages (one for each name in each lock): the required ones by state, and the direct production ones."""

    required: int
    decided: int
    exempt: int
    undecided: int
    direct: int
    direct_decided: int


class Aged(NamedTuple):
    """A locked version and how many days ago it was published."""

    name: str
    version: str
    location: Location
    uploaded: date
    days: int


class Age(NamedTuple):
    """The age of the locked versions in days: known for `known` of `of`, the median, and the oldest direct ones."""

    known: int
    of: int
    median: int | None
    oldest: tuple[Aged, ...]


class Cap(NamedTuple):
    """One requirement that keeps versions out, and what explains it: records in force, else a comment, else nothing."""

    location: Location
    requirement: str
    package: str
    caps: tuple[str, ...]
    explained: Explained
    records: tuple[str, ...]


class Review(NamedTuple):
    """A record that wants attention: due for review on `due`, in `days` (negative: ago); both None for a proposal."""

    record: str
    title: str
    location: Location
    due: date | None = None
    days: int | None = None


class Reviews(NamedTuple):
    """Decisions in force whose review has come (`due`) or comes soon, by day, and the records that are proposed."""

    due: tuple[Review, ...]
    soon: tuple[Review, ...]
    proposed: tuple[Review, ...]


class Debt(NamedTuple):
    """All of it; `level` is the lowest of the manifests' levels, None where no manifest has one."""

    level: int | None
    manifests: tuple[Standing, ...]
    coverage: Coverage
    age: Age
    caps: tuple[Cap, ...]
    reviews: Reviews

    def is_under(self, level: int) -> bool:
        """Whether the project stands below a level; without any manifest it has shown none."""
        return not self.manifests if self.level is None else self.level < level
