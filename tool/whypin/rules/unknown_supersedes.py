"""unknown-supersedes: a record supersedes one that does not exist, or itself in a circle.

## What it does
Looks up every id under `supersedes`, and follows them: an id that no record has, and a chain of records that leads
back to its beginning, are errors.

## Why
A typing error here leaves the old decision in force beside the new one. In a circle every record is superseded, so
none of them decides anything.

## Example
```yaml
supersedes: [2025-06-01-nunpy]
```

## Fix
Write the id of the record that is replaced: its file's name without `.yaml`. Of a circle, remove the link that points
from the older record to the newer one.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.location import Location
from whypin.model.project import Project
from whypin.model.record import Record
from whypin.schema.kinds import nearest

_WRITE = "write the id of a record: its file's name without .yaml"
#: Looking for the nearest of all ids takes time: nobody reads more hints than this.
_MOST_HINTS = 20


def check(project: Project) -> Iterator[Finding]:
    """Yield every id that is unknown, and every link that closes a circle."""
    circular, unknown = _has_circle(project), 0
    invalid = {item.path.rpartition("/")[2].removesuffix(".yaml") for item in project.invalid_records}
    for record in project.records:
        for position, old in enumerate(record.supersedes):
            at = record.place("supersedes", position)
            if old in project.record_by_id:
                if circular and _leads_back(project, project.record_by_id[old], record.id):
                    yield _circle(record, old, at)
            elif old not in invalid:
                unknown += 1
                hint = _hint(old, project) if unknown <= _MOST_HINTS else _WRITE
                yield Finding(at, f"there is no record {old}", hint, record=record.id)


def _circle(record: Record, old: str, at: Location) -> Finding:
    if old == record.id:
        return Finding(at, f"{old} supersedes itself", "take its own id off the list", record=record.id)
    message = f"{record.id} supersedes {old}, which supersedes it in turn"
    return Finding(at, message, "remove the link from the older record to the newer", record=record.id)


def _has_circle(project: Project) -> bool:
    """Whether there is any circle at all: only then is it worth looking for every link of it."""
    links = {record.id: record.supersedes for record in project.records if record.supersedes}
    if not links:
        return False
    from graphlib import CycleError, TopologicalSorter

    try:
        TopologicalSorter(links).prepare()
    except CycleError:
        return True
    return False


def _leads_back(project: Project, start: Record, goal: str) -> bool:
    seen: set[str] = set()
    todo = [start]
    while todo:
        record = todo.pop()
        if record.id == goal:
            return True
        if record.id not in seen:
            seen.add(record.id)
            todo += [project.record_by_id[old] for old in record.supersedes if old in project.record_by_id]
    return False


def _hint(old: str, project: Project) -> str:
    near = nearest(old, tuple(project.record_by_id))
    return f"did you mean {near}?" if near else _WRITE


RULE = Rule("WHY002", "unknown-supersedes", "error", check)
