"""version-mismatch: the lock holds a version that a decision rejects.

## What it does
Holds every locked entry against every active record that names its package and has the lock in its scope. A record
with `1.23.5` accepts 1.23.5 only; `2.1.0` also accepts 2.1.0+cu118, but `2.1.0+cu118` insists on its local part; a
range accepts what PEP 440 says, pre-releases included. An item with an `index` accepts versions from that index only.

## Why
Somebody wrote down why this version and no other. Either the lock has moved without them, or the decision is out of
date: both want a person, not a merge.

## Example
The record says `numpy: 1.23.5`, the lock has numpy 1.24.3.

## Fix
Lock the version that was decided (`uv lock --upgrade-package numpy==1.23.5`, `poetry add numpy==1.23.5`), or write a
new record for the version you want, with `supersedes: [ID]` and its own reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.project import Project, Verdict


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each record, package and lock that do not fit."""
    for kind, verdict in project.mismatches:
        if kind == "version" and project.move_of(verdict.lock, verdict.package) is None:
            yield _finding(verdict)


def _finding(verdict: Verdict) -> Finding:
    record, name, entry = verdict.record, verdict.package, verdict.rejected[0]
    wanted = " or ".join(item.text + (f" from {item.index}" if item.index else "") for item in record.packages[name])
    came = f" from {entry.index}" if entry.index and any(item.index for item in record.packages[name]) else ""
    message = f"{name} is locked {verdict.rejected_versions}{came}, and {record.id} accepts {wanted}"
    fix = f"lock {name} as decided, or write a record that supersedes {record.id}"
    return Finding(entry.location, message, fix, package=name, record=record.id)


RULE = Rule("WHY102", "version-mismatch", "error", check)
