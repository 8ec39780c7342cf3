"""lower-bound-only: a production requirement that is bounded below only, and no lock fixes it.

## What it does
Reports each requirement with a floor (`>=1.26`, `>1.26`) and nothing that keeps newer versions out, where no lock of
its manifest holds the package. A single excluded version (`!=1.27`) is no upper bound. Only what goes to production
counts: main, and the extras and groups that are not in the policy's `development` list.

## Why
A floor says what is too old. It does not say what was tried: every install takes what is newest on that day, the
next major release with it.

## Example
A `requirements.txt` with the line `numpy>=1.26`, and no lock.

## Fix
Lock the project: then a floor is the right thing to declare. Without a lock, write the version that works:
`numpy==1.26.4`.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.lock import abridged
from whypin.model.manifest import Requirement
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each floor in production that no lock fixes."""
    for manifest, requirement in project.unfixed:
        if _has_floor(requirement) and not requirement.bounded_above:
            do = "does" if len(manifest.locks) == 1 else "do"
            locks = abridged(", ".join(manifest.locks))
            where = f"{locks} {do} not hold it" if locks else "there is no lock"
            message = f"{requirement.name} {requirement.specifier} has no upper bound, and {where}"
            fix = f"{'lock again' if manifest.locks else 'lock the project'}, or write the version that works"
            yield Finding(requirement.location, message, fix, package=requirement.key)


def _has_floor(requirement: Requirement) -> bool:
    return any(clause.lstrip().startswith(">") for clause in requirement.specifier.split(","))


RULE = Rule("WHY202", "lower-bound-only", "warning", check)
