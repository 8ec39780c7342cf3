"""downgrade-unexplained: a package that the project asks for went down, and no record of this change says why.

## What it does
With `check --base REV` it compares the locks with those at the base. Where the newest locked version of a direct
package is lower than it was, and no record that the change adds or edits names the package, that is reported.

## Why
Nobody goes back without a reason: a release broke something. That is the knowledge that is lost first, and the next
update walks into the same wall.

## Example
posthog goes from 3.12.0 to 3.11.1, and the commit says "fix CI".

## Fix
Write a record that names the package: what broke, and with which version; add an attempt with `outcome: failed`.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.advice import record_to_write
from whypin.model.finding import Finding, Rule
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each direct package that went down unexplained."""
    if not project.moves:
        return
    explained = {name for record in project.written for name in record.packages}
    for package in project.packages:
        move = project.move_of(package.lock, package.name)
        if move is None or not move.direct or move.member or package.name in explained:
            continue
        if move.kind == "downgraded":
            message = f"{package.name} went down, {move.words}, and no record of this change says why"
            yield Finding(package.location, message, record_to_write(package, project), package=package.name)


RULE = Rule("WHY506", "downgrade-unexplained", "warning", check)
