"""Where a waiver goes: which decisions can hold it, what they hold already, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whypin.model.advisory import Hit
from whypin.model.alert import PlacedWaiver, concerns, waived
from whypin.model.project import Project, entry_key
from whypin.model.record import Record


def hits_of(project: Project, advisory: str, packages: Sequence[str] = ()) -> list[Hit]:
    """Return what an advisory affects, by any alias; where `packages` are named, of these only."""
    hits = project.advisories.hits if project.advisories is not None else ()
    return [
        hit for hit in hits if hit.advisory.is_called(advisory) and (not packages or entry_key(hit.entry) in packages)
    ]


def packages_of(project: Project, advisory: str) -> tuple[str, ...]:
    """Return the locked packages that an advisory affects, else all that it is about; empty where nothing tells."""
    affected = dict.fromkeys(entry_key(hit.entry) for hit in hits_of(project, advisory))
    known = project.advisories.known.get(advisory) if project.advisories is not None else None
    return tuple(affected) or (known.packages if known is not None else ())


def holders(project: Project, advisory: str, packages: Sequence[str]) -> list[Record]:
    """Return the records in force that name one of the packages, for a lock where it is affected if there is one."""
    locks = {hit.lock for hit in hits_of(project, advisory, packages)}
    found = {record.id: record for name in packages for record in project.active_by_package.get(name, ())}
    return [
        record
        for record in found.values()
        if not locks or not locks.isdisjoint(lock.path for lock in project.locks_in_scope(record))
    ]


def held(project: Project, record: Record, advisory: str) -> PlacedWaiver | None:
    """Return the waiver that a record has for an advisory already, by any alias that the data knows."""
    known = project.advisories.known.get(advisory) if project.advisories is not None else None
    ids = [advisory, *(known.ids if known is not None else ())]
    ids += [name for hit in hits_of(project, advisory) for name in hit.advisory.ids]
    folded = {name.lower() for name in ids}
    for position, waiver in enumerate(record.waivers):
        if waiver.advisory.lower() in folded:
            return PlacedWaiver(record, waiver, record.place("waivers", position, "advisory"))
    return None


def doubts(project: Project, placed: PlacedWaiver) -> Iterator[str]:
    """Yield what makes a waiver silence less than one may think."""
    record, advisory = placed.record, placed.waiver.advisory
    if record.status == "proposed":
        yield f"{record.id} is only proposed: the waiver counts once it is accepted"
    if project.advisories is None:
        return
    hits, known = hits_of(project, advisory), project.advisories.known.get(advisory)
    data = f"the {project.advisories.count} advisories of {project.advisories.date}"
    if known is None and not hits:
        yield f"{advisory} is not among {data}"
    elif known is not None and known.withdrawn:
        yield f"{advisory} was withdrawn, by {data}"
    elif not hits and not project.partial:
        yield f"{advisory} affects no locked version of {', '.join(packages_of(project, advisory)[:3])}, by {data}"
    if record.status == "accepted":
        left = [hit for hit in hits if not concerns(project, placed, hit) and waived(project, hit) is None]
        yield from dict.fromkeys(
            f"{entry_key(hit.entry)} {hit.entry.version} in {hit.lock} is affected too, and stays so: "
            f"{record.id} does not speak of it"
            for hit in left
        )
