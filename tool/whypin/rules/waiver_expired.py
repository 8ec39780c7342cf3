"""waiver-expired: an advisory was accepted until a day that has come.

## What it does
Every waiver of a decision in force ends on the day under `expires`. From then on this is a warning, and once the
policy's `grace_days` have passed, an error.

## Why
Nobody accepts a vulnerability for ever. The day says how long the reason was thought to hold; a warning first leaves
time to upgrade, so that no build breaks overnight.

## Example
```yaml
waivers:
  - advisory: CVE-2023-44271
    reason: We render no user-supplied fonts.
    expires: 2026-05-22   # and today is 2026-11-22
```

## Fix
Lock a version that the advisory does not affect, and take the waiver out. If the reason still holds, write a later day
under `expires`.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.lifecycle import lapse, severity, waivers, warned
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each waiver in force that has ended; an error after the grace period."""
    for due in waivers(project):
        passed = lapse(project, due.day)
        if passed is not None:
            yield Finding(
                due.location,
                f"the {due.what} ended on {due.day}{warned(project, RULE.code, passed)}",
                "upgrade past the advisory, or write a later day under expires if the reason still holds",
                record=due.record,
                own=severity(project, passed, due.record),
            )


RULE = Rule("WHY304", "waiver-expired", "warning", check)
