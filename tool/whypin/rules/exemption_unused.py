"""exemption-unused: an exemption excuses nothing any more.

## What it does
An exemption excuses a required package at exactly the versions that it had. It is void once the package has moved, and
needless once the package is no longer locked, a decision covers it, or the policy does not ask for one. Versions of an
exemption that no lock holds any more are reported too.

## Why
The list of exemptions is the debt that a team began with, and it may only shrink. What stays on it for no reason hides
how much is left, and would excuse a package that comes back at its old version.

## Example
```yaml
uv.lock:
  pillow: [9.5.0]   # and the lock has pillow 10.4.0
```

## Fix
Take the package, or the version, off the list: `whypin exempt --prune` does that for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each exemption that can go, whole or in part."""
    if not project.exemptions:
        return
    from whypin.model.exemption import exemptions

    for exemption in exemptions(project):
        versions = ", ".join(exemption.stale or exemption.versions)
        gone = "it is locked no more" if len(exemption.stale) == 1 else "they are locked no more"
        reason = gone if exemption.stale else exemption.unneeded
        if reason:
            yield Finding(
                project.exemption_place(exemption.lock, exemption.name),
                f"{exemption.name} {versions} in {exemption.lock} needs no exemption: {reason}",
                "take it off the list: whypin exempt --prune",
                package=exemption.name,
            )


RULE = Rule("WHY305", "exemption-unused", "warning", check)
