"""What follows from an alert: whether a waiver silences it, and what the decisions in force say of its fix."""

from __future__ import annotations

from typing import NamedTuple

from whypin.model import glob
from whypin.model.advisory import Hit
from whypin.model.lifecycle import in_force, lapse
from whypin.model.location import Location
from whypin.model.project import Project, entry_key
from whypin.model.record import Record, Waiver
from whypin.model.version import accepted_by


class PlacedWaiver(NamedTuple):
    """A waiver of a record in force, and where it stands."""

    record: Record
    waiver: Waiver
    location: Location


class Way(NamedTuple):
    """What the records in force say of a hit.

    `allowed` are the fixed versions that all of them accept; where there is none, `blocking` are the records that keep
    them out. `deciding` are those that name the affected version itself.
    """

    allowed: tuple[str, ...]
    blocking: tuple[Record, ...]
    deciding: tuple[Record, ...]


def waivers(project: Project) -> list[PlacedWaiver]:
    """Return every waiver of a record in force, expired or not."""
    return [
        PlacedWaiver(record, waiver, record.place("waivers", position, "advisory"))
        for record in in_force(project)
        for position, waiver in enumerate(record.waivers)
    ]


def asked(project: Project) -> list[str]:
    """Return the ids that waivers of records in force name, each once."""
    return list(dict.fromkeys(placed.waiver.advisory for placed in waivers(project)))


def concerns(project: Project, placed: PlacedWaiver, hit: Hit) -> bool:
    """Whether a waiver is about a hit: by any alias, for a package that its record is in force for, in its scope.

    A reason holds for the package that it was given for: the same advisory in another package needs its own.
    """
    record = placed.record
    return (
        hit.advisory.is_called(placed.waiver.advisory)
        and entry_key(hit.entry) in record.packages
        and project.is_active(record, entry_key(hit.entry))
        and _in_scope(record, hit.lock)
    )


def waived(project: Project, hit: Hit) -> PlacedWaiver | None:
    """Return the waiver that silences a hit; one that has ended still does while its end is only warned of."""
    for placed in waivers(project):
        passed = lapse(project, placed.waiver.expires)
        if (passed is None or passed.severity == "warning") and concerns(project, placed, hit):
            return placed
    return None


def way_out(project: Project, hit: Hit) -> Way:
    """Return what the records in force for the package, in the lock's scope, say of its fixed versions."""
    name, index = entry_key(hit.entry), hit.entry.index
    records = [each for each in project.active_by_package.get(name, ()) if _in_scope(each, hit.lock)]
    accepted = {
        record.id: [version for version in hit.fixed if any(accepted_by(record.packages[name], version, index))]
        for record in records
    }
    allowed = [version for version in hit.fixed if all(version in versions for versions in accepted.values())]
    blocking = [] if allowed else [record for record in records if len(accepted[record.id]) < len(hit.fixed)]
    deciding = [record for record in records if _names(record, name, hit)]
    return Way(tuple(allowed), tuple(blocking), tuple(deciding))


def _names(record: Record, name: str, hit: Hit) -> bool:
    """Whether a record names the affected version itself, not a range that it happens to lie in."""
    exact = [item for item in record.packages[name] if item.version is not None]
    return any(accepted_by(exact, hit.entry.version, hit.entry.index))


def _in_scope(record: Record, lock: str) -> bool:
    return not record.locks or glob.first_match(record.locks, lock) is not None
