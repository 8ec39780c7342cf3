"""duplicate-decision: two records in force say the same of one package.

## What it does
Compares the active records that name the same package. Two that accept the same versions in the same scope are reported
at the later one. A cap in one record and a floor in another are not duplicates: both have their reason.

## Why
Whoever changes the version later finds one of the two, and the other starts to fail. A reader cannot tell which
reason counts.

## Example
Two accepted records, `2026-01-10-numpy.yaml` and `2026-03-02-pipeline.yaml`, both with
```yaml
packages:
  numpy: 1.26.4
```

## Fix
Keep one of them. If the later one adds a reason, let it say so: `supersedes: [2026-01-10-numpy]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.project import Project
from whypin.model.record import Record
from whypin.model.version import Item, to_specifiers, to_version


def check(project: Project) -> Iterator[Finding]:
    """Yield each later record that repeats an earlier one."""
    for name, records in project.active_by_package.items():
        first: dict[tuple[frozenset[str], frozenset[object]], Record] = {}
        for record in sorted(records, key=lambda record: (record.date, record.id)) if len(records) > 1 else ():
            key = (frozenset(record.locks), frozenset(_key(item) for item in record.packages[name]))
            earlier = first.setdefault(key, record)
            if earlier is not record:
                message = f"{earlier.id} decides the same of {name}"
                fix = f"remove {name} from one of them, or add supersedes: [{earlier.id}]"
                yield Finding(record.package_place(name), message, fix, package=name, record=record.id)


def _key(item: Item) -> object:
    """Return what two items share that mean the same: 1.26 and 1.26.0 do."""
    if item.version is not None:
        return (item.version if item.arbitrary else to_version(item.version), item.index)
    return (to_specifiers(item.specifier or ""), item.index)


RULE = Rule("WHY003", "duplicate-decision", "warning", check)
