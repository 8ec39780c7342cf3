"""advisories-old: the advisories were last modified more than 30 days ago.

## What it does
Where advisories are configured, it compares the day on which the newest of them was modified with today.

## Why
New advisories come every day, and without any commit. A check against old data is green for the wrong reason.

## Example
The check runs every night, and the index that it reads was made once, on the day somebody set it up.

## Fix
`whypin advisories update` fetches OSV's export and writes a new index. Have the scheduled job do that before the check.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.project import Project

#: Days.
_MOST = 30


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding where the data is too old; it stands where the settings name the data."""
    alerts = project.advisories
    if alerts is None:
        return
    days = (project.today - alerts.date).days
    if days > _MOST:
        message = (
            f"the advisories are of {alerts.date}, {days} days ago ({alerts.source}): newer ones are not among them"
        )
        place = project.settings.place("policy", "advisories")
        yield Finding(place, message, "whypin advisories update, or whypin advisories build SOURCE with a newer export")


RULE = Rule("WHY404", "advisories-old", "warning", check)
