"""What falls due, and when: reviews, proposals, waivers, exit criteria, ignored findings, needless exemptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

from whypin.model.finding import Severity
from whypin.model.location import Location
from whypin.model.lock import abridged
from whypin.model.names import record_key
from whypin.model.project import Project, named_in
from whypin.model.record import ExitCriterion, Record
from whypin.model.settings import IgnoredFinding
from whypin.model.version import Item, accepts, parse_item

DueKind = Literal["review", "exit", "proposal", "waiver", "ignored", "exemption"]


class Due(NamedTuple):
    """One thing that falls due on a day: `what` says it for people, `record` is the id of the decision it is about.

    An exit criterion that the locks meet falls due on the project's own day: nothing tells since when they do. So does
    an exemption that can go. `subject` tells apart what is of one kind and one record, whatever the day.
    """

    day: date
    kind: DueKind
    what: str
    location: Location
    record: str | None = None
    package: str | None = None
    subject: str = ""


class Lapse(NamedTuple):
    """How far a day has passed: a warning, or an error once the grace period is over on `ends` (None: never)."""

    severity: Severity
    ends: date | None


def due(project: Project) -> list[Due]:
    """Return everything that falls due, whenever that is, by day; what has come already is in it."""
    records = (*reviews(project), *proposals(project), *waivers(project), *exits(project))
    found = [*records, *_ignored(project), *_exemptions(project)]
    return sorted(found, key=lambda one: (one.day, one.location, one.what))


def lapse(project: Project, day: date) -> Lapse | None:
    """Return how far a day has passed; None where it is still to come. First it warns, then it fails."""
    if project.today < day:
        return None
    try:
        ends = day + timedelta(days=project.settings.policy.grace_days)
    except OverflowError:
        return Lapse("warning", None)
    return Lapse("error" if project.today >= ends else "warning", ends)


def severity(project: Project, lapse: Lapse, record_id: str | None) -> Severity:
    """Return how a lapse counts: with a base it fails only where the change touches what the record is about."""
    record = project.record_by_id.get(record_id or "")
    return lapse.severity if record is None or project.concerns(record) else "warning"


def warned(project: Project, code: str, lapse: Lapse) -> str:
    """Return what to add to a warning: from when on it is an error, unless the settings rule that."""
    if lapse.severity == "error" or lapse.ends is None or code in project.settings.rules:
        return ""
    return f"; from {lapse.ends} on that is an error"


def ignored_by(project: Project, code: str, package: str | None) -> IgnoredFinding | None:
    """Return the setting by which a rule's finding about a package is knowingly not reported today, if there is one."""
    for ignored in project.settings.ignore_findings:
        running = ignored.expires is None or project.today < ignored.expires
        if ignored.rule == code and running and ignored.package in (None, package):
            return ignored
    return None


def in_force(project: Project) -> Iterator[Record]:
    """Yield the records that are in force for anything that they name."""
    for record in project.records:
        if record.status == "accepted" and any(project.is_active(record, name) for name in named_in(record)):
            yield record


def reviews(project: Project) -> Iterator[Due]:
    """Yield when each record in force falls due for review; one that never does is left out."""
    for record in in_force(project):
        day = project.review_due(record)
        if day is not None:
            yield Due(day, "review", f"review of {record.id}", _review_place(record), record.id)


def proposals(project: Project) -> Iterator[Due]:
    """Yield when each proposal has waited for as long as a review may take."""
    for record in project.records:
        day = project.review_due(record) if record.status == "proposed" else None
        if day is not None:
            what = f"{record.id}, proposed on {record.date}"
            yield Due(day, "proposal", what, record.place("status"), record.id)


def waivers(project: Project) -> Iterator[Due]:
    """Yield when each waiver of a record in force ends."""
    for record in in_force(project):
        for position, waiver in enumerate(record.waivers):
            at = record.place("waivers", position, "expires")
            what = f"waiver of {waiver.advisory}"
            yield Due(waiver.expires, "waiver", what, at, record.id, subject=waiver.advisory)


def exits(project: Project) -> Iterator[Due]:
    """Yield the exit criteria of records in force that have a day, or that the locks meet now."""
    for record in in_force(project):
        for position, criterion in enumerate(record.exit_criteria):
            day = _day(criterion)
            what = _until(day) if day else met_by(project, record, criterion)
            if what:
                place = record.place("exit_criteria", position, criterion.kind)
                subject = "date" if day else f"{criterion.kind}: {criterion.value}"
                yield Due(day or project.today, "exit", what, place, record.id, subject=subject)


def _ignored(project: Project) -> Iterator[Due]:
    settings = project.settings
    for position, ignored in enumerate(settings.ignore_findings):
        if ignored.expires is not None:
            of = f" of {ignored.package}" if ignored.package else ""
            place = settings.place("ignore_findings", position, "expires")
            what = f"{ignored.rule}{of} is ignored until then"
            yield Due(ignored.expires, "ignored", what, place, package=ignored.package, subject=ignored.rule)


def _exemptions(project: Project) -> Iterator[Due]:
    """Yield the exemptions that can go, whole or in part; one has no day, so it falls due now."""
    if not project.exemptions:
        return
    from whypin.model.exemption import exemptions

    for lock, name, versions, unneeded, stale in exemptions(project):
        reason = "locked no more" if stale else unneeded
        if reason:
            what = f"exemption of {name} {abridged(', '.join(stale or versions))} in {lock}: {reason}"
            place = project.exemption_place(lock, name)
            yield Due(project.today, "exemption", what, place, package=name, subject=lock)


def _review_place(record: Record) -> Location:
    return record.place("review_by" if record.review_by is not None else "date")


def _day(criterion: ExitCriterion) -> date | None:
    return date.fromisoformat(criterion.value) if criterion.kind == "date" else None


def _until(day: date) -> str:
    return f"it was to hold until {day}"


def met_by(project: Project, record: Record, criterion: ExitCriterion) -> str:
    """Return by what an exit criterion is met, in words; "" where it isn't, or where that cannot be told offline.

    `locked` is met where every locked entry in the record's scope satisfies it, and there is one; `unlocked` where
    there are locks in scope and none has the package; `date` on its day; `issue` never.
    """
    day = _day(criterion)
    if day is not None:
        return _until(day) if project.today >= day else ""
    if criterion.kind not in ("locked", "unlocked"):
        return ""
    locks = list(project.locks_in_scope(record))
    wanted = _wanted(criterion)
    if not locks or wanted is None:
        return ""
    name, item = wanted
    entries = [entry for lock in locks for entry in project.entries_of(lock, name)]
    if item is None:
        return "" if entries else f"{name} is no longer locked"
    if not entries or not all(accepts(item, entry.version, entry.index) for entry in entries):
        return ""
    versions = ", ".join(dict.fromkeys(entry.version or "" for entry in entries))
    return f"{name} is locked {abridged(versions)}, and this waited for {criterion.value}"


def _wanted(criterion: ExitCriterion) -> tuple[str, Item | None] | None:
    """Return the package that a criterion is about, and the versions that it waits for; None if it cannot be read."""
    if criterion.kind == "unlocked":
        return record_key(criterion.value), None
    operator = re.search(r"[<>=!~]", criterion.value)
    if operator is None:
        return None
    try:
        item = parse_item(criterion.value[operator.start() :].strip())
    except ValueError:
        return None
    return record_key(criterion.value[: operator.start()].strip()), item
