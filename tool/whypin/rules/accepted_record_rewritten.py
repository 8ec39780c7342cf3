"""accepted-record-rewritten: what was decided, or why, is changed in place.

## What it does
With `check --base REV` it compares the records with those at the base. Where a record that was accepted there has other
`packages` or another `rationale` now, that is reported. Everything else may be added to: attempts, links, a review
date, another status.

## Why
A record is the memory of a day. Rewritten, it says that somebody decided what nobody decided, and the reason that
held until yesterday is gone from the catalogue.

## Example
`numpy: 1.24.3` becomes `numpy: 1.26.4` in the record of 2026-11-20, so that the check passes.

## Fix
Take the change back, and write a record that supersedes this one: `whypin supersede ID`.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.project import Project
from whypin.model.record import Record


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each part of an accepted record that is not what it was."""
    for old in project.base.records if project.base is not None else ():
        new = project.record_by_id.get(old.id)
        if old.status == "accepted" and new is not None:
            for part in _rewritten(old, new):
                message = f"{part} of {old.id} is not what was accepted before this change"
                fix = f"take that back, and run whypin supersede {old.id}"
                yield Finding(new.place(part), message, fix, record=old.id)


def _rewritten(old: Record, new: Record) -> Iterator[str]:
    if {name: set(items) for name, items in old.packages.items()} != {
        name: set(items) for name, items in new.packages.items()
    }:
        yield "packages"
    if old.rationale.split() != new.rationale.split():
        yield "rationale"


RULE = Rule("WHY503", "accepted-record-rewritten", "error", check)
