"""unknown-advisory: a waiver names an advisory that is not in the data.

## What it does
Where advisories are configured, it looks up every advisory that a waiver of a decision in force names, by its id and
all its aliases. Capitals do not count.

## Why
A misspelt id accepts nothing, and the alert that it was written for stays. It may also be one that the data does not
have yet, or one about something that is no Python package.

## Example
```yaml
waivers:
  - advisory: CVE-2023-4427      # a digit is missing
    reason: We render no user-supplied fonts.
    expires: 2027-05-22
```

## Fix
Write the id as the alert has it, or fetch newer data with `whypin advisories update`. A risk that lies outside of the
Python packages belongs under `consequences`.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.alert import waivers
from whypin.model.finding import Finding, Rule
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each waiver in force whose advisory the data does not have."""
    alerts = project.advisories
    if alerts is None:
        return
    for placed in waivers(project):
        name = placed.waiver.advisory
        if name not in alerts.known:
            message = f"{name} is not among the {alerts.count} advisories of {alerts.date}"
            fix = "correct the id, or fetch newer data with whypin advisories update"
            yield Finding(placed.location, message, fix, record=placed.record.id)


RULE = Rule("WHY403", "unknown-advisory", "warning", check)
