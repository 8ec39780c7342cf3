"""The advisories that are knowingly accepted today: waivers of records in force, until their grace has ended."""

from __future__ import annotations

from typing import NamedTuple

from whypin.emitters.emitted import line_of
from whypin.model.lifecycle import in_force, lapse
from whypin.model.project import Project
from whypin.model.record import Record, Waiver


class Waived(NamedTuple):
    """One waiver that is in force, and the record that it stands in."""

    waiver: Waiver
    record: Record

    @property
    def reason(self) -> str:
        """The reason in one line, and the record where it stands."""
        return line_of(f"{self.waiver.reason} ({self.record.path})")


def waived(project: Project) -> list[Waived]:
    """Return every waiver in force by advisory, the one that holds longest first; expiry alone breaks no build."""
    found = [
        Waived(waiver, record)
        for record in in_force(project)
        for waiver in record.waivers
        if (passed := lapse(project, waiver.expires)) is None or passed.severity == "warning"
    ]
    return sorted(found, key=lambda each: (each.waiver.advisory, -each.waiver.expires.toordinal(), each.record.id))


def waived_once(project: Project) -> list[Waived]:
    """Return one waiver for each advisory, the one that holds longest: these tools know advisories, not packages."""
    return list({each.waiver.advisory: each for each in reversed(waived(project))}.values())[::-1]


def twice(ids: object, wanted: list[Waived], path: str) -> tuple[str, ...]:
    """Say which advisories are ignored by hand as well; `ids` is what the hand-written part lists."""
    by_hand = set(ids) if isinstance(ids, list) and all(isinstance(each, str) for each in ids) else set()
    return tuple(
        f"{path} ignores {each.waiver.advisory} by hand too: take that out, so that the reason stands in one place"
        for each in wanted
        if each.waiver.advisory in by_hand
    )
