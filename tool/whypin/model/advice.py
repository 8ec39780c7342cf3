"""What to type for a package that needs a decision, and what lifts one: one wording for all that say so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whypin.model.project import Package, Project, entry_key
from whypin.model.record import Record

if TYPE_CHECKING:
    from whypin.model.advisory import Hit
    from whypin.model.alert import Way

_WAYS = {
    "locked": "{} is locked",
    "unlocked": "{} is no longer locked",
    "date": "{} has come",
    "issue": "{} is solved",
}


def wanted(package: Package) -> str:
    """Return the locked versions as a record writes them: `1.26.4`, or `[2.1.0, 2.1.0+cu118]`."""
    return package.versions[0] if len(package.versions) == 1 else f"[{', '.join(package.versions)}]"


def record_to_write(package: Package, project: Project) -> str:
    """Return the record that would decide the package as it is locked; with a scope where another lock differs."""
    stem = f"{project.today}-{package.name.replace(':', '-').replace('_', '-')}"
    scope = ""
    if project.versions_elsewhere(package):
        folder = re.sub(r"[^a-z0-9]+", "-", package.lock.path.rpartition("/")[0].lower()).strip("-")
        stem += f"-{folder}" if folder else ""
        scope = f" and locks: [{package.lock.path}]"
    return f"write {project.settings.records}/{stem}.yaml with packages: {{{package.name}: {wanted(package)}}}{scope}"


def past(hit: Hit, way: Way) -> str:
    """Return what to type to get past an alert."""
    name, advisory = entry_key(hit.entry), hit.advisory.name
    accept = f"accept {advisory} under waivers of a record of {name}, with a reason and a day"
    if way.blocking:
        return f"try {name} {hit.fixed[0]} and run whypin supersede {way.blocking[0].id}, or {accept}"
    if way.allowed:
        return f"lock {name} {way.allowed[0]}, which no decision keeps out, or {accept}"
    return f"take {name} out, or {accept}"


def lifted_by(record: Record) -> tuple[str, ...]:
    """Return what would lift a decision, criterion by criterion, as the record says it."""
    return tuple(_WAYS[criterion.kind].format(criterion.value) for criterion in record.exit_criteria)
