"""stack-split: of packages that were decided together, one has moved.

## What it does
A record may decide several packages at once, because they only work together. Where one of them is locked as decided
and another is not, the one that moved is reported, instead of a plain version mismatch.

## Why
torch, torchvision and the CUDA build are one decision. A tool that updates packages one at a time splits such a stack,
and what breaks then is rarely the package that moved.

## Example
```yaml
packages:
  torch: 2.1.0+cu118
  torchvision: 0.16.0+cu118
```
with torch 2.1.0+cu118 and torchvision 0.17.0 in the lock.

## Fix
Move the stack as a whole with a new record that supersedes this one, or take the one package back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whypin.model.finding import Finding, Rule
from whypin.model.project import Project, Verdict


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each package that has left its stack."""
    for kind, verdict in project.mismatches:
        if kind == "stack" and project.move_of(verdict.lock, verdict.package) is None:
            yield _finding(verdict, project.accepted_beside(verdict))


def _finding(verdict: Verdict, stayed: Sequence[str]) -> Finding:
    record, name, entry = verdict.record, verdict.package, verdict.rejected[0]
    wanted = " or ".join(item.text for item in record.packages[name])
    together = f"{record.id} decided {wanted} together with {', '.join(stayed)}"
    message = f"{name} is locked {verdict.rejected_versions}, but {together}"
    fix = f"lock {name} as decided, or move the stack with a record that supersedes {record.id}"
    return Finding(entry.location, message, fix, package=name, record=record.id)


RULE = Rule("WHY105", "stack-split", "error", check)
