"""decided-against: this change moves a package to a version that a decision in force rejects.

## What it does
With `check --base REV` it compares the locks with those at the base. Where the change moved or added a package, and an
active record rejects what is locked now, that is reported here instead of under [WHY102](WHY102.md),
[WHY104](WHY104.md) or [WHY105](WHY105.md). The message says who decided, and what would lift the decision.

## Why
Somebody has been here before. The reviewer should learn that from the change, not from the outage.

## Example
A bot raises numpy to 1.24.4; the record of 2026-11-20 accepts 1.24.3 until TensorFlow 2.14 is locked.

## Fix
Take the version back. Or try the new one with the record's own confirmation steps, and write the record that supersedes
it: `whypin supersede ID` starts one.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.advice import lifted_by
from whypin.model.finding import Finding, Rule
from whypin.model.project import Project, Verdict
from whypin.model.record import Record


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each record, package and lock that do not fit since the change."""
    for _, verdict in project.mismatches if project.moves else ():
        move = project.move_of(verdict.lock, verdict.package)
        if move is not None:
            yield _finding(verdict, move.told)


def _finding(verdict: Verdict, told: str) -> Finding:
    record, name = verdict.record, verdict.package
    accepts = " or ".join(item.text + (f" from {item.index}" if item.index else "") for item in record.packages[name])
    decided = f"{', '.join(record.deciders)} decided for {accepts} on {record.date} ({record.id})"
    message = f"{name} {told}, and {decided}{_lifted(record)}"
    fix = f"lock {name} as decided, or run whypin supersede {record.id} and say why"
    return Finding(verdict.rejected[0].location, message, fix, package=name, record=record.id)


def _lifted(record: Record) -> str:
    told = lifted_by(record)
    return f"; it lapses when {' or '.join(told)}" if told else ""


RULE = Rule("WHY502", "decided-against", "error", check)
