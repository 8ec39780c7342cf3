"""unexplained-override: the tool is told to overrule or limit a package, and no record in force says why.

## What it does
Reports each override (uv's `override-dependencies`, PDM's `resolution.overrides`), each constraint
(`constraint-dependencies`, `-c constraints.txt`) and each package that is left out (`exclude-dependencies`) where no
record in force names the package. A record with a scope (`locks:`) counts where it covers a lock of the manifest.

## Why
An override installs a version that some package says it cannot work with. It is right until one of the two moves, and
nothing will tell: the resolver was told to be quiet.

## Example
```toml
[tool.uv]
override-dependencies = ["numpy>=2"]
```

## Fix
Write a record about the package: which package asks for something else, what was tried, and what would make the
override unnecessary. Or take it away and lock again.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.lock import abridged
from whypin.model.manifest import Override
from whypin.model.project import Project

_SAID = {
    "override": "takes the place of what every package asks for",
    "constraint": "limits every package that asks for it",
    "exclude": "keeps the package out, whoever asks for it",
}


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each override, constraint or exclusion that no record explains."""
    for manifest in project.manifests:
        for override in manifest.overrides:
            if not project.explains(manifest, override.requirement.key):
                yield _finding(project, override)


def _finding(project: Project, override: Override) -> Finding:
    requirement = override.requirement
    what = (
        f"the {override.kind} {abridged(f'{requirement.name} {requirement.written or requirement.specifier}'.strip())}"
    )
    said = f'; the comment beside it: "{abridged(requirement.comment)}"' if requirement.comment else ""
    message = f"{what} {_SAID[override.kind]}, and no record in force says why{said}"
    stem = f"{project.today}-{requirement.key.replace(':', '-').replace('_', '-')}"
    versions = requirement.specifier or "the versions that it is for"
    record = f'{project.settings.records}/{stem}.yaml with packages: {{{requirement.key}: "{versions}"}}'
    return Finding(requirement.location, message, f"write {record} and the reason", package=requirement.key)


RULE = Rule("WHY204", "unexplained-override", "warning", check)
