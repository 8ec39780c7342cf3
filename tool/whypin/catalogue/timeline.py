"""Where the locked versions come from: the moves of each package, and what they add up to, month by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from whypin.model.change import Change, History
from whypin.model.project import Project


class Stay(NamedTuple):
    """The days for which a lock held some versions of a package, from the first to the one on which they went."""

    versions: tuple[str, ...]
    since: date
    until: date


class Row(NamedTuple):
    """The versions of one package in one place, the oldest first; `label` is the place, where there are several."""

    label: str
    stays: tuple[Stay, ...]


class Past:
    """The history of a project, as its pages tell it."""

    def __init__(self, history: History, project: Project) -> None:
        self._history = history
        self._today = project.today
        folders = Counter(_folder(lock.path) for lock in project.locks)
        #: Where several locks stand in a folder, each is a place; else one that replaced another goes on as the same.
        self._shared = {folder for folder, number in folders.items() if number > 1}

    def moves(self, name: str) -> Sequence[Change]:
        """Return the moves of a package, the newest first."""
        return self._by_name.get(name, ())

    @cached_property
    def _by_name(self) -> dict[str, list[Change]]:
        found: dict[str, list[Change]] = {}
        for change in self._history.changes:
            found.setdefault(change.package, []).append(change)
        return found

    def rows(self, name: str) -> list[Row]:
        """Return how long each version of a package was locked, place by place."""
        steps: dict[str, list[tuple[date, tuple[str, ...]]]] = {}
        day = date.min
        for change in reversed(self.moves(name)):
            day = min(max(day, _day(change) or day), self._today)
            place = self._place(change.lock)
            if change.formerly is not None and (left := self._place(change.formerly)) != place:
                steps.setdefault(left, []).append((day, ()))
            steps.setdefault(place, []).append((day, change.new))
        return [Row(place if len(steps) > 1 else "", tuple(self._stays(found))) for place, found in steps.items()]

    def _stays(self, steps: Sequence[tuple[date, tuple[str, ...]]]) -> Iterator[Stay]:
        ends = [*(day for day, _ in steps[1:]), self._today]
        for (since, versions), until in zip(steps, ends, strict=True):
            if versions and since < until and since != date.min:
                yield Stay(versions, since, until)

    def _place(self, path: str) -> str:
        folder = _folder(path)
        return path if folder in self._shared else f"{folder}/".lstrip("/") or "."

    @cached_property
    def locked_by_month(self) -> list[tuple[str, int]]:
        """How many packages were locked at the end of each month with a move, and are today; a lock counts its own."""
        number, found = 0, dict[str, int]()
        for change in reversed(self._history.changes):
            number += (not change.old) - (not change.new)
            # An author's clock may be wrong: no month comes before one that is over.
            month = max(next(reversed(found), ""), min(change.commit.day[:7], _month(self._today)))
            found[month] = number
        return [(month, number) for month, number in found.items() if month]

    @cached_property
    def moves_by_month(self) -> Counter[str]:
        """How many locked versions moved in each month; what came and what went is not among them."""
        return Counter(change.commit.day[:7] for change in self._history.changes if change.old and change.new)


def months_until(last: date, number: int) -> list[str]:
    """Return so many months like `2026-11`, the last of them that of a day."""
    end = last.year * 12 + last.month - 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(end - number + 1, end + 1)]


def _month(day: date) -> str:
    return day.isoformat()[:7]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _day(change: Change) -> date | None:
    try:
        return date.fromisoformat(change.commit.day)
    except ValueError:
        return None
