"""exemption-added: the list of exemptions has grown.

## What it does
With `check --base REV` it compares `exemptions.yaml` with that at the base. A package, or a version of one, that was
not exempt there is reported; but for a lock that had no exemptions at all: that is how a project, or a new service of
it, adopts whypin. A lock that replaces another one in its folder is held against the exemptions of that.

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
from whypin.model.move import pairs
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each package with a version that is newly exempt."""
    base = project.base
    if base is None or not project.exemptions:
        return
    was = {new.path: old.path for old, new in pairs(base, project) if old is not None and new is not None}
    for lock, names in project.exemptions.items():
        before = base.exemptions.get(lock, base.exemptions.get(was.get(lock, lock)))
        for name, versions in names.items() if before is not None else ():
            added = [version for version in versions if version not in (before or {}).get(name, ())]
            if added:
                message = f"{name} {', '.join(added)} is newly exempt in {lock}: the list may only shrink"
                at = project.exemption_place(lock, name)
                yield Finding(at, message, "remove it, and write a decision", package=name)


RULE = Rule("WHY505", "exemption-added", "error", check)
