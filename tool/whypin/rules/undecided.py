"""undecided: a package that must have a decision has none.

## What it does
Asks the policy which packages are required, and reports each that no active record decides and that is not exempt. A
record decides a package where it accepts every locked entry of it and is bounded: an exact version, or a range with an
upper bound. A floor or an exclusion alone (`>=1.26`, `!=3.12.0`) has to hold, but it explains no version. Where a
record rejects the locked version, that is reported instead, under its own code; and so is, with `--base`, a package
that the change itself moved or added.

## Why
These are the versions that teams pay for later: nobody knows whether they may move. Writing down the reason takes two
minutes on the day, and a day two years later.

## Example
`critical = ["numpy"]` in the policy, numpy 1.26.4 in the lock, and no record about numpy.

## Fix
Write `decisions/2026-11-22-numpy.yaml`:
```yaml
title: NumPy stays on 1.26 until SciPy is off its C API
status: accepted
deciders: [ml-platform]
packages:
  numpy: 1.26.4
rationale: SciPy 1.10 was built against the 1.x C API and crashes on import with 2.0.
```
A bounded range such as `"<2,>=1.26"` lets routine updates through.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.advice import record_to_write, wanted
from whypin.model.finding import Finding, Rule
from whypin.model.project import Package, Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each required package of a lock that has neither a decision nor a rejection."""
    for package in project.packages:
        needs_one = package.required and package.state == "undecided" and not package.rejected
        if needs_one and project.move_of(package.lock, package.name) is None:
            yield _finding(package, project)


def _finding(package: Package, project: Project) -> Finding:
    floors = [verdict.record.id for verdict in package.verdicts]
    versions = ", ".join(package.versions)
    if floors:
        message = f"{package.name} {versions} has no upper bound in {', '.join(floors)}: {package.required}"
        fix = f"add a bound there, e.g. {package.name}: {wanted(package)}"
    else:
        exempt = project.exemptions.get(package.lock.path, {}).get(package.name)
        lapsed = f" (its exemption was for {', '.join(exempt)})" if exempt else ""
        message = f"{package.name} {versions} has no decision{lapsed}: {package.required}"
        fix = record_to_write(package, project)
    return Finding(package.location, message, fix, package=package.name, record=floors[0] if floors else None)


RULE = Rule("WHY101", "undecided", "error", check)
