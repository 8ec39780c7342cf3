"""exit-criterion-met: the condition under which a decision's reason lapses has come true.

## What it does
Looks at the `exit_criteria` of every decision in force. `locked: "tensorflow>=2.12.1"` is met when every locked
entry of tensorflow in the record's scope satisfies it, and there is one; `unlocked: NAME` when no lock in scope has the
package any more; `date` on its day. An `issue` is shown to readers, and not checked: that would need a network.

## Why
Whoever made the pin knew when it could go, and wrote it down. This is the day they meant: without a reminder the pin
stays, and blocks the next upgrade for no reason at all.

## Example
```yaml
packages: {numpy: 1.23.5}
exit_criteria:
  - locked: "tensorflow>=2.12.1"   # and the lock has tensorflow 2.15.0
```

## Fix
The pin can go: `whypin trial --due` tries the newest versions that are allowed. Begin the successor with
`whypin supersede ID`, or close the record with `status: deprecated`. If there is still a reason, write it down, with a
criterion that is not met yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.lifecycle import exits
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each exit criterion of a decision in force that is met."""
    for due in exits(project):
        if due.day <= project.today:
            yield Finding(
                due.location,
                f"the reason of {due.record} has lapsed: {due.what}",
                f"the pin can go: whypin supersede {due.record}, or renew it with a criterion that is not met",
                record=due.record,
            )


RULE = Rule("WHY302", "exit-criterion-met", "warning", check)
