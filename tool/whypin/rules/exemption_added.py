"""exemption-added: the list of exemptions has grown.

## What it does
With `check --base REV` it compares `exemptions.yaml` with that at the base. A package, or a version of one, that was
not exempt there is reported; but for a lock that had no exemptions at all: that is how a project, or a new service of
it, adopts whypin.

## Why
Exemptions are what was there before the rule was. If the list can grow, the gate is open: everybody writes the next
line. It may only shrink.

## Example
The change raises pandas to 2.2.3 and adds `pandas: [2.2.3]` to the exemptions.

## Fix
Remove the line, and write a decision.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each package with a version that is newly exempt."""
    base = project.base
    for lock, names in project.exemptions.items() if base is not None else ():
        before = base.exemptions.get(lock) if base is not None else None
        for name, versions in names.items() if before is not None else ():
            added = [version for version in versions if version not in (before or {}).get(name, ())]
            if added:
                message = f"{name} {', '.join(added)} is newly exempt in {lock}: the list may only shrink"
                at = project.exemption_place(lock, name)
                yield Finding(at, message, "remove it, and write a decision", package=name)


RULE = Rule("WHY505", "exemption-added", "error", check)
