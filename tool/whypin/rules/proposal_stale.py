"""proposal-stale: a decision was proposed long ago, and nobody has decided.

## What it does
Reports a record with `status: proposed` once it has waited for as long as the policy lets a decision stand without
review: `review_after_days` after its date, or on its own `review_by`.

## Why
A proposal holds nothing and protects nothing. Half a year later it reads like a decision to whoever finds it, and the
question that it asked is still open.

## Example
```yaml
status: proposed
date: 2026-05-01   # and today is 2026-11-22
```

## Fix
Decide: `status: accepted` with its reason, or `status: rejected` with the reason why not. If it has to wait, say until
when with `review_by`.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.lifecycle import proposals
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each proposal that has waited too long."""
    for due in proposals(project):
        if due.day <= project.today:
            yield Finding(
                due.location,
                f"{due.what}, was to be decided by {due.day}",
                "set status: accepted or rejected, with the reason",
                record=due.record,
            )


RULE = Rule("WHY303", "proposal-stale", "warning", check)
