"""moved-without-decision: this change moves or adds a package that must have a decision, and none covers it.

## What it does
With `check --base REV` it compares the locks with those at the base. A required package that the change moved or added,
and that is neither decided at its new version nor exempt, is reported here instead of under
[WHY101](WHY101.md). A record that was there before counts: a bounded range lets routine updates through in silence.

## Why
The pull request is the moment in which somebody still knows why the version moved.

## Example
A bot raises numpy from 1.26.3 to 1.26.4; the policy calls numpy critical, and the only record about it says `1.25.2`
and is superseded.

## Fix
Write the record in the same change, or take the package back. Several packages that moved together are one decision:
one record may name them all.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.advice import record_to_write
from whypin.model.finding import Finding, Rule
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each required package that the change moved and that nothing covers."""
    for package in project.packages if project.moves else ():
        if package.required and package.state == "undecided" and not package.rejected:
            move = project.move_of(package.lock, package.name)
            if move is not None:
                message = f"{package.name} {move.told} without a decision: {package.required}"
                yield Finding(package.location, message, record_to_write(package, project), package=package.name)


RULE = Rule("WHY501", "moved-without-decision", "error", check)
