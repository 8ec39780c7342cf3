"""What follows from an alert: what it counts for, whether a waiver silences it, what decisions say of its fix."""

from __future__ import annotations

from typing import Literal, NamedTuple

from whypin.model import glob
from whypin.model.advisory import Hit
from whypin.model.finding import Severity
from whypin.model.lifecycle import ignored_by, in_force, lapse
from whypin.model.location import Location
from whypin.model.policy import is_production
from whypin.model.project import Project, entry_key
from whypin.model.record import Record, Waiver
from whypin.model.version import accepted_by

#: The rule that reports what is left.
CODE = "WHY401"
#: From the least to the worst.
RATINGS = ("none", "low", "medium", "high", "critical")

State = Literal["open", "blocked", "waived", "ignored"]


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


class Standing(NamedTuple):
    """What a hit comes to in a project.

    It is `open`, or `blocked` where decisions keep every fix out; `check` reports both, at this `level`. A `waived` or
    `ignored` one has no level; `reason` is why the settings ignore it.
    """

    hit: Hit
    state: State
    level: Severity | None
    way: Way
    waiver: PlacedWaiver | None = None
    reason: str = ""


def standings(project: Project) -> list[Standing]:
    """Return what each hit comes to; none without advisories."""
    return [_standing(project, hit) for hit in (project.advisories.hits if project.advisories is not None else ())]


def _standing(project: Project, hit: Hit) -> Standing:
    way = way_out(project, hit)
    placed = waived(project, hit)
    if placed is not None:
        return Standing(hit, "waived", None, way, placed)
    own, given = level(project, hit), project.settings.rules.get(CODE)
    ignored = ignored_by(project, CODE, entry_key(hit.entry))
    if ignored is not None or own is None or given == "off":
        reason = ignored.reason if ignored is not None else f"{CODE} is off" if own is not None else lenient(hit)
        return Standing(hit, "ignored", None, way, None, reason)
    ruled: Severity = "error" if given == "error" else "warning" if given == "warning" else own
    return Standing(hit, "blocked" if way.blocking else "open", ruled, way)


def level(project: Project, hit: Hit) -> Severity | None:
    """Return what the policy makes of a hit: by the groups that reach it, then by its severity; None for nothing.

    What nobody has rated may be the worst, as malicious packages are, and what no group is known for may be anywhere.
    """
    policy = project.settings.policy
    if hit.entry.groups and not is_production(hit.entry.groups, policy) and policy.development_alerts != "error":
        return "warning" if policy.development_alerts == "warning" else None
    rating, least = hit.advisory.severity.rating, policy.fail_on_severity
    rated = rating in RATINGS and least in RATINGS
    return "warning" if rated and RATINGS.index(rating) < RATINGS.index(least) else "error"


def lenient(hit: Hit) -> str:
    """Return in words which groups an alert of development concerns."""
    return f"only {', '.join(hit.entry.groups)} needs it"


def waivers(project: Project) -> list[PlacedWaiver]:
    """Return every waiver of a record in force, expired or not."""
    return [placed for record in in_force(project) for placed in _placed(record)]


def _placed(record: Record) -> list[PlacedWaiver]:
    return [
        PlacedWaiver(record, waiver, record.place("waivers", position, "advisory"))
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
    """Return the waiver that silences a hit, the one that holds longest.

    One that has ended still does while its end is only warned of.
    """
    found = [
        placed
        for record in project.active_by_package.get(entry_key(hit.entry), ())
        for placed in _placed(record)
        if concerns(project, placed, hit)
        and ((passed := lapse(project, placed.waiver.expires)) is None or passed.severity == "warning")
    ]
    return max(found, key=lambda placed: placed.waiver.expires, default=None)


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
