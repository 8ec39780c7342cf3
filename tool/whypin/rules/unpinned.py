"""unpinned: a production requirement without any version, and no lock fixes it.

## What it does
Reports each requirement of a manifest that names a package and nothing else, where no lock of that manifest holds the
package. Only what goes to production counts: main, and the extras and groups that are not in the policy's
`development` list. URLs and repositories are left to the debt levels.

## Why
Every install takes what is newest on that day. What ran yesterday may not run tomorrow, and nobody can say what ran
yesterday.

## Example
A `requirements.txt` with the line `numpy`, and no lock.

## Fix
Lock the project: then the name alone will do. Without a lock, write the version that works: `numpy==1.26.4`.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.lock import abridged
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each bare name in production that no lock fixes."""
    for manifest, requirement in project.unfixed:
        if not requirement.specifier:
            do = "does" if len(manifest.locks) == 1 else "do"
            locks = abridged(", ".join(manifest.locks))
            where = f"{locks} {do} not hold it" if locks else "there is no lock"
            message = f"{requirement.name} has no version, and {where}: any release may be installed"
            fix = f"{'lock again' if manifest.locks else 'lock the project'}, or write the version that works"
            yield Finding(requirement.location, message, fix, package=requirement.key)


RULE = Rule("WHY201", "unpinned", "warning", check)
