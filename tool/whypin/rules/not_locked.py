"""not-locked: a record in force speaks of something that is not locked.

## What it does
Reports an active record's package that none of the locks in its scope holds, a scope that matches no lock, and an item
of a list of versions that no locked entry matches any more. A record about a package that the tool is told to leave out
(uv's `exclude-dependencies`) speaks of what is not locked, and is left alone.

## Why
A decision about a package that has gone is noise for whoever reads on. More often the name is misspelt, or the package
came in through another one that no longer needs it: then the reason has lapsed, and the pin can go.

## Example
```yaml
packages:
  torch: [2.10.0+cu128, 2.10.0+cu130]   # the lock has only +cu128 left
```

## Fix
Correct the name or the scope; or close the decision with `status: deprecated`; or take the item off the list.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.project import Project, Verdict
from whypin.model.record import Record
from whypin.model.version import accepted_by


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each package or list item of an active record that matches nothing.

    A record about what the tool is told to leave out explains just that. Of the locks that `--lock` names it can't be
    told what the others hold.
    """
    verdicts: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in project.verdicts:
        verdicts.setdefault((verdict.record.id, verdict.package), []).append(verdict)
    excluded = {
        override.requirement.key
        for manifest in project.manifests
        for override in manifest.overrides
        if override.kind == "exclude"
    }
    for record, name in project.active if project.locks else ():
        found = verdicts.get((record.id, name))
        if not found:
            if not project.partial and name not in excluded:
                yield _absent(project, record, name)
        elif len(record.packages[name]) > 1 and any(any(verdict.accepted) for verdict in found):
            yield from _unused_items(record, name, found)


def _absent(project: Project, record: Record, name: str) -> Finding:
    if not any(True for _ in project.locks_in_scope(record)):
        message = f"no lock matches the scope {', '.join(record.locks)}"
        return Finding(record.place("locks"), message, "correct locks:, or remove it", package=name, record=record.id)
    fix = "correct the name, or close the decision with status: deprecated"
    where = f" in {', '.join(record.locks)}" if record.locks else ""
    return Finding(record.package_place(name), f"{name} is not locked{where}", fix, package=name, record=record.id)


def _unused_items(record: Record, name: str, verdicts: list[Verdict]) -> Iterator[Finding]:
    items = record.packages[name]
    entries = [entry for verdict in verdicts for entry in verdict.entries]
    used = [
        any(column)
        for column in zip(*(accepted_by(items, entry.version, entry.index) for entry in entries), strict=True)
    ]
    for position, item in enumerate(items):
        if not used[position]:
            at = record.package_place(name, position)
            index = f" from {item.index}" if item.index else ""
            message = f"no locked entry of {name} matches {item.text}{index}"
            yield Finding(at, message, "take it off the list", package=name, record=record.id)


RULE = Rule("WHY103", "not-locked", "warning", check)
