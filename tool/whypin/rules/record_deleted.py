"""record-deleted: a record that was accepted is gone.

## What it does
With `check --base REV` it looks for every record that was accepted at the base. One that is no longer there is
reported; one that moved to another folder of the records keeps its id, and is there.

## Why
Why a version was held is worth knowing long after it moved: the next person asks the same question. A deleted record
answers nobody.

## Example
`git rm decisions/2026-11-20-numpy.yaml` in the change that raises numpy.

## Fix
Bring it back with `git checkout REV -- PATH`. A decision that no longer holds gets `status: deprecated`, or a successor
with `supersedes:`.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.location import Location
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each accepted record of the base that has gone, at the path it had."""
    if project.base is None:
        return
    broken = {invalid.path.rpartition("/")[2].removesuffix(".yaml") for invalid in project.invalid_records}
    for record in project.base.records:
        if record.status == "accepted" and record.id not in project.record_by_id and record.id not in broken:
            fix = "bring it back; what no longer holds gets status: deprecated, or a successor with supersedes:"
            yield Finding(Location(record.path), f"{record.id} was accepted, and is deleted", fix, record=record.id)


RULE = Rule("WHY504", "record-deleted", "error", check)
