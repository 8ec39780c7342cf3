"""The requirements that keep versions out, and what explains each: one answer for the rule and for the debt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from whypin.model.manifest import Manifest, Requirement, is_caret, is_exact
from whypin.model.project import Project
from whypin.model.record import Record

#: Every environment of conda's chooses its Python in a requirement: that is where it runs, not a cap.
_INTERPRETER = "conda:python"


class Cap(NamedTuple):
    """One requirement that keeps versions out, and the records in force that may explain it."""

    requirement: Requirement
    records: tuple[Record, ...]


def caps(project: Project) -> Iterator[Cap]:
    """Yield every requirement that keeps versions out, once for each place of a manifest.

    Exact pins under a lock are set aside, as the lock says the same; so is what tools write by themselves, and what is
    said of the project's own source trees.
    """
    for manifest in project.manifests:
        by_pixi = _is_pixi(manifest)
        seen = set()
        for requirement in manifest.requirements:
            place = (requirement.location, requirement.key)
            if place in seen or not requirement.caps:
                continue
            seen.add(place)
            if _is_decided(requirement, manifest, by_pixi) and not project.is_own(manifest, requirement):
                yield Cap(requirement, tuple(project.explains(manifest, requirement.key)))


def _is_decided(requirement: Requirement, manifest: Manifest, by_pixi: bool) -> bool:
    """Whether somebody wrote the bound, and the lock does not say the same."""
    if requirement.key == _INTERPRETER or (manifest.locks and is_exact(requirement.specifier)):
        return False
    return not _is_a_tools(requirement, by_pixi)


def _is_pixi(manifest: Manifest) -> bool:
    """Whether pixi writes this manifest; a pyproject.toml has conda packages only in pixi's tables."""
    name = manifest.path.rpartition("/")[2]
    return name == "pixi.toml" or (name == "pyproject.toml" and any(need.conda for need in manifest.requirements))


def _is_a_tools(requirement: Requirement, by_pixi: bool) -> bool:
    """Whether the range is what Poetry or pixi writes where nobody asks for a bound."""
    written = requirement.written.strip()
    if written.startswith("^"):
        return all(part.strip().startswith("^") for part in re.split(r"\|\|?|,", written))
    return (by_pixi or written.startswith("(")) and is_caret(requirement.specifier)
