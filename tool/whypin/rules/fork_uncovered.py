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

from collections.abc import Iterator, Sequence

from whypin.model.finding import Finding, Rule
from whypin.model.lock import Entry, abridged, distinction
from whypin.model.project import Project, Verdict


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each fork that a record rejects while it accepts another."""
    for kind, verdict in project.mismatches:
        if kind == "fork" and project.move_of(verdict.lock, verdict.package) is None:
            for entry in verdict.rejected:
                yield _finding(verdict, entry)


def _finding(verdict: Verdict, entry: Entry) -> Finding:
    record, name = verdict.record, verdict.package
    good = [other for other, accepted in zip(verdict.entries, verdict.accepted, strict=True) if accepted]
    others = ", ".join(dict.fromkeys(other.version or "" for other in good))
    version = entry.version or "without a version"
    message = f"{record.id} accepts {name} {others}, but not the fork {version}{_where(entry)}"
    fix = f"list all in {record.id}: {name}: [{_items([*good, entry])}], or constrain the fork away"
    return Finding(entry.location, message, fix, package=name, record=record.id)


def _where(entry: Entry) -> str:
    what = abridged(distinction(entry))
    return f" {'for' if entry.marker else 'from'} {what}" if what else ""


def _items(entries: Sequence[Entry]) -> str:
    """Return what a list has to hold to accept these entries; those of one version are told apart by their index."""
    versions = [entry.version or "" for entry in entries]
    if len(set(versions)) == len(versions) or not all(entry.index for entry in entries):
        return ", ".join(dict.fromkeys(versions))
    return ", ".join(f"{{version: {entry.version}, index: {entry.index}}}" for entry in entries)


RULE = Rule("WHY104", "fork-uncovered", "error", check)
