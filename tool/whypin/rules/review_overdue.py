"""review-overdue: a decision in force was to be looked at again, and the day has come.

## What it does
Every decision falls due for review: on its `review_by`, or `review_after_days` of the policy after its date;
`review_by: never` takes it out. From that day on this is a warning, and once the policy's `grace_days` have passed, an
error. Only decisions that are still in force are reviewed: neither superseded ones nor those that are closed.

## Why
A pin is right on the day it is made. Two years later nobody dares to touch it, because nobody knows whether it is still
needed. A day in the calendar is what keeps reasons true.

## Example
```yaml
review_by: 2026-05-22   # and today is 2026-11-22
```

## Fix
Look at it again: `whypin trial --due` tries the newest versions that are allowed, by the record's own steps. If the
reason still holds, `whypin renew ID` writes a new day. If it doesn't, begin its successor with `whypin supersede ID`,
or close it with `status: deprecated`.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.lifecycle import lapse, reviews, severity, warned
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each decision in force whose review has come; an error after the grace period."""
    for due in reviews(project):
        passed = lapse(project, due.day)
        if passed is not None:
            yield Finding(
                due.location,
                f"{due.record} was due for review on {due.day}{warned(project, RULE.code, passed)}",
                f"look at it again, then whypin renew {due.record}, or whypin supersede {due.record}",
                record=due.record,
                own=severity(project, passed, due.record),
            )


RULE = Rule("WHY301", "review-overdue", "warning", check)
