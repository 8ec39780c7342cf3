"""Requirements files that declare: requirements.in, and requirements.txt where not everything is exact."""

from __future__ import annotations

from whypin.model.manifest import Manifest, Requirement
from whypin.syntax.requirements import Load, ParsedRequirement, group_of, named, parse


def read(text: str, path: str, load: Load) -> Manifest:
    """Read what a requirements file and those it includes ask for; raises WhypinError with a place.

    The group is that of the file itself, also for what it includes. The project itself (`.`) and a local path that
    no name can be told of are left out.
    """
    group = group_of(path)
    declared = [_declared(name, requirement, group) for name, requirement in named(parse(text, path, load))]
    return Manifest(path, None, tuple(declared))


def _declared(name: str, requirement: ParsedRequirement, group: str) -> Requirement:
    return Requirement(
        name,
        requirement.specifier,
        group,
        requirement.location,
        extras=requirement.extras,
        marker=requirement.marker,
        url=requirement.ref,
    )
