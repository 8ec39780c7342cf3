"""unowned-decision: nobody who decided owns the package.

## What it does
Holds the `deciders` of each active record against the owners of its packages: the settings' `owners` give, for a glob
of names, the people or teams of whom one must stand in the record. Where several globs match a package, an owner of
any of them will do. An accepted record that still has only the `to be named` of a draft has no decider at all.

## Why
A team that runs the training cluster wants to be asked before torch moves. Without this, anybody's name makes a
decision look agreed.

## Example
```toml
[tool.whypin.owners]
"torch*" = ["ml-platform"]
```
and a record for torch with `deciders: [web-team]`.

## Fix
Ask an owner, and add them to `deciders`; or change `owners` if the ownership has moved.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model import glob
from whypin.model.finding import Finding, Rule
from whypin.model.project import Project
from whypin.model.record import NOBODY


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each record without a decider, and each package that none of its deciders owns."""
    for record in project.records:
        if record.status == "accepted" and set(record.deciders) == {NOBODY}:
            fix = "name under deciders who stands for it"
            yield Finding(record.place("deciders"), "nobody is named who decided this", fix, record=record.id)
    owners = project.settings.owners
    for record, name in project.active if owners else ():
        allowed = [owner for pattern, names in owners.items() if glob.matches(pattern, name) for owner in names]
        if allowed and not set(allowed) & set(record.deciders):
            who = " or ".join(dict.fromkeys(allowed))
            message = f"{name} is owned by {who}, who did not decide this"
            yield Finding(
                record.place("deciders"), message, f"add {allowed[0]} to deciders", package=name, record=record.id
            )


RULE = Rule("WHY006", "unowned-decision", "warning", check)
