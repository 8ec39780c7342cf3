"""invalid-record: a file among the records that the format forbids.

## What it does
Reads every `.yaml` file in the records folder and reports everything that is not format 1: a missing or unknown key, a
value of the wrong kind, a key given twice, YAML's own surprises (tags, anchors, aliases, merge keys), a file that is
not UTF-8 or holds an unresolved merge. All problems of a file are reported at once, each at its line and column.
It cannot be switched off.

## Why
A record that cannot be read decides nothing. If it were skipped in silence, the lock would look better kept than it is.

## Example
```yaml
packages:
  numpy: >=1.26      # YAML reads this as the head of a block of text
```

## Fix
Type what the message says; here:
```yaml
packages:
  numpy: ">=1.26,<2"
```
`whypin schema` prints the format for editors, and the reference page lists every field.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.location import Location
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield every problem of every file that is not a record."""
    for invalid in project.invalid_records:
        record = invalid.path.rpartition("/")[2].removesuffix(".yaml")
        for problem in invalid.problems:
            yield Finding(
                Location(invalid.path, problem.line, problem.column), problem.message, problem.fix, record=record
            )


RULE = Rule("WHY001", "invalid-record", "error", check)
