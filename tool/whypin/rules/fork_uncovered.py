"""fork-uncovered: a decision covers some of a package's locked versions, and not another.

## What it does
A lock can hold several versions of one package: one for each marker, index or source. Where an active record accepts
some of them and rejects another, the fork that it rejects is reported.

## Why
The fork is what some platform installs. A decision that was tested on Linux and says nothing of the version that
macOS gets is a decision about half of the users.

## Example
The lock holds numpy 1.26.4 for `python_version < '3.12'` and numpy 2.2.6 for the rest; the record says `numpy: 1.26.4`.

## Fix
Name both, if both are meant: `numpy: [1.26.4, 2.2.6]`. Otherwise constrain the manifest so that the fork goes away.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.lock import Entry
from whypin.model.project import Project, Verdict


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each fork that a record rejects while it accepts another."""
    for kind, verdict in project.mismatches:
        if kind == "fork":
            for entry in verdict.rejected:
                yield _finding(verdict, entry)


def _finding(verdict: Verdict, entry: Entry) -> Finding:
    record, name = verdict.record, verdict.package
    others = ", ".join(
        dict.fromkeys(
            other.version or "" for other, good in zip(verdict.entries, verdict.accepted, strict=True) if good
        )
    )
    where = (
        f" for {entry.marker}"
        if entry.marker
        else f" from {entry.index or entry.ref}"
        if entry.index or entry.ref
        else ""
    )
    version = entry.version or "without a version"
    message = f"{record.id} accepts {name} {others}, but not the fork {version}{where}"
    fix = f"list both in {record.id}: {name}: [{others}, {version}], or constrain the fork away"
    return Finding(entry.location, message, fix, package=name, record=record.id)


RULE = Rule("WHY104", "fork-uncovered", "error", check)
