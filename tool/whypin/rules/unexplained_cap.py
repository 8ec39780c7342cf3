"""unexplained-cap: a manifest keeps versions of a package out, and no record in force says why.

## What it does
Reports each requirement with an upper bound (`<2`, `~=1.4`, `==1.*`) or an excluded version (`!=1.5`), in any group,
where no record in force names the package. A record with a scope (`locks:`) counts where it covers a lock of the
manifest. An exact pin is set aside where the manifest has a lock; without one it counts. What tools write by
themselves is nobody's decision and not reported: Poetry's `^1.2`, also as `(>=1.2,<2.0)`, and the ranges of
`pixi add`. Nor are bounds on the project's own members.

## Why
A cap that nobody explains is never lifted: whoever meets it does not know what broke, whether it still does, or how to
try. It is also the commonest complaint about dependencies: one requirement in three has a cap, and one cap in five a
comment.

## Example
```toml
dependencies = ["protobuf<4"]  # breaks tensorflow
```

## Fix
Write a record about the package: what the comment says belongs in its `rationale`, what would lift the cap in its
`exit_criteria`. Or take the cap away and lock again.
```yaml
title: protobuf stays below 4 until TensorFlow reads its new format
status: accepted
deciders: [ml-platform]
packages:
  protobuf: "<4"
rationale: TensorFlow 2.8 fails on import with protobuf 4; its own metadata does not say so.
exit_criteria:
  - locked: "tensorflow>=2.12"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.caps import caps
from whypin.model.finding import Finding, Rule
from whypin.model.lock import abridged
from whypin.model.manifest import Requirement
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each requirement with a cap that no record explains, once for each place."""
    for cap in caps(project):
        if not cap.records:
            yield _finding(project, cap.requirement)


def _finding(project: Project, requirement: Requirement) -> Finding:
    said = f'; the comment beside it: "{abridged(requirement.comment)}"' if requirement.comment else ""
    message = f"no record in force says why {requirement.name} is held at {_shown(requirement)}{said}"
    stem = f"{project.today}-{requirement.key.replace(':', '-').replace('_', '-')}"
    record = f'{project.settings.records}/{stem}.yaml with packages: {{{requirement.key}: "{requirement.specifier}"}}'
    rationale = "what the comment says as its rationale" if requirement.comment else "the reason as its rationale"
    return Finding(requirement.location, message, f"write {record} and {rationale}", package=requirement.key)


def _shown(requirement: Requirement) -> str:
    """Return the clauses that keep versions out, as the file spells them."""
    written = "".join(requirement.written.split())
    told = all(cap in written for cap in requirement.caps)
    return abridged(", ".join(requirement.caps) if told or not written else requirement.written.strip())


RULE = Rule("WHY203", "unexplained-cap", "warning", check)
