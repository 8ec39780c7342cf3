"""waiver-unneeded: the advisory that a waiver accepts affects nothing that is locked.

## What it does
Where advisories are configured, it looks for what each waiver of a decision in force silences: an entry of one of the
record's packages, in its scope, that the advisory affects. It keeps quiet about packages that can't be checked (from
git, a URL, a file or conda), and where `--lock` had only some of the locks read.

## Why
The upgrade has come, or the advisory was withdrawn: the risk that somebody accepted is no longer taken. What stays in
the record looks as if it were, and would silence the alert if the old version ever came back.

## Example
```yaml
packages: {pillow: "<11"}        # and the lock has pillow 10.4.0
waivers:
  - advisory: CVE-2023-44271     # which 10.0.0 fixed
    reason: We render no user-supplied fonts.
    expires: 2027-05-22
```

## Fix
Take the waiver out. If it is meant for another package, write it into a record of that package.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.advisory import Alerts, Known
from whypin.model.alert import PlacedWaiver, concerns, waivers
from whypin.model.finding import Finding, Rule
from whypin.model.project import Project, entry_key


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each waiver in force whose advisory the data has, and that silences nothing."""
    alerts = project.advisories
    if alerts is None or project.partial:
        return
    for placed in waivers(project):
        known = alerts.known.get(placed.waiver.advisory)
        if known is None or _may_concern(alerts, placed):
            continue
        if not any(concerns(project, placed, hit) for hit in alerts.hits):
            message = f"{placed.waiver.advisory} is accepted here, and {_why(alerts, placed, known)}"
            fix = "take the waiver out, or write it into a record of the package that it is meant for"
            yield Finding(placed.location, message, fix, record=placed.record.id)


def _may_concern(alerts: Alerts, placed: PlacedWaiver) -> bool:
    """Whether the record is about a package that can't be checked."""
    names = {entry_key(one.entry) for one in alerts.unchecked}
    return not names.isdisjoint(placed.record.packages)


def _why(alerts: Alerts, placed: PlacedWaiver, known: Known) -> str:
    if known.withdrawn:
        return "it was withdrawn"
    hits = [hit for hit in alerts.hits if hit.advisory.is_called(placed.waiver.advisory)]
    if hits:
        affected = dict.fromkeys(f"{hit.entry.name} {hit.entry.version} in {hit.lock}" for hit in hits)
        return f"it affects {', '.join(list(affected)[:3])}, which this record is not in force for"
    return f"it affects no locked version of {', '.join(known.packages[:3])}"


RULE = Rule("WHY402", "waiver-unneeded", "warning", check)
