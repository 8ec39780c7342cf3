"""lock-missing: a manifest with requirements that no lock fixes.

## What it does
Looks for manifests below the root (`pyproject.toml`, `setup.cfg`, `Pipfile`, `requirements.in` and `.txt`,
`environment.yml`, `pixi.toml`) and reports each that asks for packages and that no lock fixes. A lock fixes the
manifest beside it, the files it says it was made from, and those of the source trees in it, such as the members of a
workspace.
A requirements file is a lock of its own where every requirement in it is exact; one beside another lock is taken
for its export. Where the settings list the locks, or `--lock` does, only manifests of these are looked at.

## Why
Without a lock, two installs on two days are two different programs. A decision about a version that nothing fixes is
a wish.

## Example
A `requirements.txt` with the lines `numpy` and `pandas>=2`.

## Fix
Lock it: `uv lock`, `poetry lock`, `pdm lock`, `pipenv lock`, `pixi lock`, `conda-lock`, or for requirements files
`pip-compile --generate-hashes requirements.in`. What is no manifest of this project goes under `exclude`.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.location import Location
from whypin.model.locking import lock_it
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each manifest that asks for something and has no lock."""
    for manifest in project.manifests:
        asked = [requirement for requirement in manifest.requirements if not requirement.tree]
        if asked and not manifest.locks:
            loose = sum(requirement.strictness != "exact" for requirement in asked)
            number = f"{len(asked)} requirement{'s' * (len(asked) > 1)}"
            message = f"{manifest.path} has {number} and no lock: {loose or 'none'} of them not exact"
            own = (requirement.location for requirement in asked if requirement.location.path == manifest.path)
            yield Finding(next(own, Location(manifest.path)), message, lock_it(manifest))


RULE = Rule("WHY205", "lock-missing", "error", check)
