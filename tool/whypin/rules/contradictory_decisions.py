"""contradictory-decisions: no version can satisfy all the records in force for a package.

## What it does
Takes all active records that name a package and speak of the same locks, and asks whether there is any version that
all of them accept.

## Why
Several records may cover one package, a cap for one reason and a floor for another, and the lock has to satisfy them
all. Where that is impossible, every lock is wrong, and the finding that says so should name the cause, not the symptom.

## Example
```yaml
# 2026-02-01-tensorflow.yaml
packages: {numpy: "<1.24"}
# 2026-05-20-pandas.yaml
packages: {numpy: ">=1.26"}
```

## Fix
Decide: supersede one of the records, or narrow one with `locks` if they speak of different services.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whypin.model.finding import Finding, Rule
from whypin.model.project import Project
from whypin.model.record import Record
from whypin.model.version import Item, to_specifiers

#: Beyond this many combinations of items the records are taken to be satisfiable: a false alarm is worse than none.
_MOST_COMBINATIONS = 400


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding at each record that leaves no version together with the records before it."""
    for name, records in project.active_by_package.items():
        if len(records) > 1 or any("," in (item.specifier or "") for item in records[0].packages[name]):
            yield from _check_package(project, name, records)


def _check_package(project: Project, name: str, records: Sequence[Record]) -> Iterator[Finding]:
    reported: set[str] = set()
    in_order = sorted(records, key=lambda record: (record.date, record.id))
    scopes = {record.id: frozenset(lock.path for lock in project.locks_in_scope(record)) for record in in_order}
    for names in dict.fromkeys(frozenset(key for key in scopes if lock.path in scopes[key]) for lock in project.locks):
        together: list[Record] = []
        left = [""]
        for record in in_order:
            if record.id not in names:
                continue
            left = _combine(left, record.packages[name])
            if not left:
                if record.id not in reported:
                    reported.add(record.id)
                    yield _finding(name, record, together)
                break
            together.append(record)


def _combine(left: Sequence[str], items: Sequence[Item]) -> list[str]:
    """Return the specifiers that both sides allow; each of `left` is a specifier set as text."""
    if len(left) * len(items) > _MOST_COMBINATIONS:
        return list(left)
    both = [",".join(part for part in (one, _specifier(item)) if part) for one in left for item in items]
    return [text for text in dict.fromkeys(both) if not to_specifiers(text).is_unsatisfiable()]


def _specifier(item: Item) -> str:
    if item.version is None:
        return item.specifier or ""
    return f"==={item.version}" if item.arbitrary else f"=={item.version}"


def _finding(name: str, record: Record, others: Sequence[Record]) -> Finding:
    at, ours = record.package_place(name), ", ".join(item.text for item in record.packages[name])
    if not others:
        message = f"no version of {name} satisfies {ours}"
        return Finding(at, message, "correct the bounds", package=name, record=record.id)
    said = " and ".join(f"{other.id} ({', '.join(item.text for item in other.packages[name])})" for other in others)
    message = f"no version of {name} satisfies both {ours} and {said}"
    fix = f"supersede one of them, e.g. supersedes: [{others[-1].id}], or narrow one with locks:"
    return Finding(at, message, fix, package=name, record=record.id)


RULE = Rule("WHY004", "contradictory-decisions", "error", check)
