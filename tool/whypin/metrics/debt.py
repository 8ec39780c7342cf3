"""A project's debt: the levels, and the numbers beside them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from statistics import median

from whypin.metrics.levels import lowest, spelled, standings
from whypin.model import caps, lifecycle
from whypin.model.debt import Age, Aged, Cap, Coverage, Debt, Explained, Review, Reviews
from whypin.model.lock import SOURCE_TREES, Entry
from whypin.model.policy import is_production
from whypin.model.project import Package, Project

#: How many of the oldest direct versions are told, and how many days ahead a review is told.
OLDEST = 5
SOON = 30


def debt(project: Project) -> Debt:
    """Return the debt of a project on its day."""
    found = standings(project)
    return Debt(lowest(found), found, coverage(project), age(project), _caps(project), reviews(project))


def coverage(project: Project) -> Coverage:
    """Return how many of the required, and of the direct production packages have a decision."""
    required = Counter(package.state for package in project.packages if package.required)
    direct = Counter(package.state for package in project.packages if _is_chosen(package, project))
    states = (required["decided"], required["exempt"], required["undecided"])
    return Coverage(required.total(), *states, direct.total(), direct["decided"])


def _is_chosen(package: Package, project: Project) -> bool:
    """Whether somebody chose the package for production: direct, and nothing that the project carries itself."""
    return any(
        entry.direct and not _is_own(entry) and is_production(entry.groups, project.settings.policy)
        for entry in package.entries
    )


def _is_own(entry: Entry) -> bool:
    return entry.member or entry.source in SOURCE_TREES


def age(project: Project) -> Age:
    """Return how old the locked versions are, where the locks tell when they were published."""
    entries = [entry for lock in project.locks for entry in lock.entries if entry.version and not _is_own(entry)]
    aged = [(entry, found) for entry in entries if (found := _aged(entry, project.today)) is not None]
    days = [found.days for _, found in aged]
    oldest = sorted((found for entry, found in aged if entry.direct), key=lambda one: (one.uploaded, one.location))
    return Age(len(aged), len(entries), int(median(days)) if days else None, tuple(oldest[:OLDEST]))


def _aged(entry: Entry, today: date) -> Aged | None:
    try:
        uploaded = date.fromisoformat(entry.uploaded or "")
    except ValueError:
        return None
    days = max(0, (today - uploaded).days)
    return Aged(entry.name, entry.version or "", entry.location, uploaded, days)


def _caps(project: Project) -> tuple[Cap, ...]:
    return tuple(
        Cap(
            cap.requirement.location,
            spelled(cap.requirement),
            cap.requirement.key,
            cap.requirement.caps,
            _explained(cap),
            tuple(record.id for record in cap.records),
        )
        for cap in caps.caps(project)
    )


def _explained(cap: caps.Cap) -> Explained:
    if cap.records:
        return "record"
    return "comment" if cap.requirement.comment else "nothing"


def reviews(project: Project) -> Reviews:
    """Return the reviews that have come or come soon, and what is only proposed yet."""
    found = sorted(lifecycle.reviews(project), key=lambda one: (one.day, one.location))
    due = [(_review(project, one), (one.day - project.today).days) for one in found]
    return Reviews(
        tuple(review for review, days in due if days <= 0),
        tuple(review for review, days in due if 0 < days <= SOON),
        tuple(
            Review(record.id, record.title, record.place("status"))
            for record in project.records
            if record.status == "proposed"
        ),
    )


def _review(project: Project, due: lifecycle.Due) -> Review:
    record = project.record_by_id[due.record or ""]
    return Review(record.id, record.title, due.location, due.day, (due.day - project.today).days)
