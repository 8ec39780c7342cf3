"""Whether a lock still holds what a manifest declares: judged by names and versions, after overrides and markers."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from whypin.model.environments import holds
from whypin.model.location import Location
from whypin.model.lock import MAIN, SOURCE_TREES, Entry, Lock
from whypin.model.manifest import Manifest, Requirement
from whypin.model.names import normalise
from whypin.model.version import admits

Problem = Literal["not-locked", "outside"]
#: From a package's name as records write it to its entries in one lock.
Index = Mapping[str, Sequence[Entry]]

#: What these tools leave out of what they write, as every environment has it already.
_LEFT_OUT = frozenset({"pip", "setuptools", "wheel", "distribute", "pkg-resources"})
_LEAVING_OUT = frozenset({"requirements", "poetry", "pipfile"})
#: Locks that do not say which groups they were made for; a requirements file made from these holds main unless told.
_UNTOLD = frozenset({"requirements", "pylock"})
_PROJECT_FILES = ("pyproject.toml", "setup.cfg")
#: Locks that are made from files wherever these stand.
_BY_FILE = frozenset({"requirements", "conda-lock"})
#: Entries that a specifier speaks of: others come from where the requirement or the tool's settings say.
_VERSIONED = frozenset({"registry", "conda"})
_PYTHON_AFFIX = re.compile(r"^(?:python-|py-?)|(?:-python|-py)$")


class Stale(NamedTuple):
    """A requirement that a lock of its manifest does not hold (`not-locked`), or holds `outside` its specifier.

    `requirement` is as the manifest declares it, or the tool's override that takes its place. `entries` are the locked
    ones that it does not admit.
    """

    manifest: Manifest
    lock: Lock
    requirement: Requirement
    problem: Problem
    entries: tuple[Entry, ...] = ()


class Terms(NamedTuple):
    """What a lock was made under.

    `own` are the names of the projects whose manifests it fixes. `root` is the manifest beside it, where there is one:
    tools take overrides and environments from there alone, whatever the members of a workspace say. `requires_python`
    is what all of them ask of Python, as PEP 440 text.
    """

    own: Collection[str | None]
    root: Manifest | None
    requires_python: str


def terms_of(path: str, fixed: Sequence[Manifest]) -> Terms:
    """Return what the lock at a path was made under, by the manifests that it fixes."""
    beside = posixpath.join(posixpath.dirname(path), "pyproject.toml")
    root = next((manifest for manifest in fixed if manifest.path == beside), None)
    pythons = dict.fromkeys(manifest.requires_python for manifest in fixed if manifest.requires_python)
    return Terms({manifest.project for manifest in fixed}, root, ",".join(pythons))


class Pair:
    """A manifest and a lock that fixes it; what follows from both is derived once.

    `index` holds the lock's entries, `terms` what it was made under.
    """

    def __init__(self, manifest: Manifest, lock: Lock, index: Index, terms: Terms) -> None:
        self.manifest = manifest
        self.lock = lock
        self.index = index
        self.own = terms.own
        self.root = terms.root or manifest
        self.requires_python = terms.requires_python

    @cached_property
    def stale(self) -> tuple[Stale, ...]:
        """What of the manifest the lock does not hold as declared, in the order of the manifest."""
        return tuple(found for requirement in self.manifest.requirements for found in self._stale(requirement))

    def fixes(self, requirement: Requirement) -> bool:
        """Whether the lock holds the package, or leaves it out because nothing that it was made for needs it."""
        return bool(self.held(requirement)) or not (self._concerns(requirement.group) and self._is_needed(requirement))

    def held(self, requirement: Requirement) -> Sequence[Entry]:
        """Return the entries of the requirement's package; conda's names do not tell upper from lower case."""
        if requirement.conda:
            return self._conda.get(requirement.name.lower(), ())
        return self.index.get(requirement.name, ())

    @cached_property
    def _conda(self) -> dict[str, Sequence[Entry]]:
        return {key[6:].lower(): entries for key, entries in self.index.items() if key.startswith("conda:")}

    def _stale(self, requirement: Requirement) -> Iterator[Stale]:
        if requirement.location in self._not_covered or self.is_own(requirement):
            return
        entries = self.held(requirement)
        if not entries and self._is_needed(requirement):
            yield Stale(self.manifest, self.lock, requirement, "not-locked")
        solved = self._solved_for(requirement.group, entries)
        for need in self._meant(requirement) if entries else ():
            outside = _outside(need, solved, self.lock)
            if outside and self._applies(need):
                yield Stale(self.manifest, self.lock, need._replace(group=requirement.group), "outside", tuple(outside))

    def _solved_for(self, group: str, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Return the entries that a group's requirements speak of: pixi solves each environment by itself."""
        if self.lock.format != "pixi":
            return entries
        return [entry for entry in entries if group in entry.groups] or entries

    def is_own(self, requirement: Requirement) -> bool:
        """Whether the requirement is of a source tree of the project itself."""
        return requirement.tree or (requirement.name in self.own and not requirement.conda)

    def _meant(self, requirement: Requirement) -> Sequence[Requirement]:
        """Return what the tool takes in place of the requirement: its overrides, nothing where it is excluded."""
        return self._overrides.get(requirement.key, (requirement,))

    @cached_property
    def _overrides(self) -> dict[str, list[Requirement]]:
        found: dict[str, list[Requirement]] = {}
        everywhere = [each for each in self.root.overrides if each.parent in (None, self.manifest.project)]
        for override in everywhere:
            if override.kind == "override":
                found.setdefault(override.requirement.key, []).append(override.requirement)
        found.update((each.requirement.key, []) for each in everywhere if each.kind == "exclude")
        return found

    @cached_property
    def _not_covered(self) -> frozenset[Location]:
        """Where requirements of groups stand that the lock was not made for.

        One that stands in several groups has to be in all of them: not every tool follows extras that ask for extras.
        """
        covered = {group: self._covers(group) for group in {need.group for need in self.manifest.requirements}}
        return frozenset(need.location for need in self.manifest.requirements if not covered[need.group])

    def _covers(self, group: str) -> bool:
        """Whether the lock was made for a group; where nothing says so, an entry that only the group needs tells it."""
        if not self._concerns(group):
            return False
        if self.lock.covers is not None:
            return group in self.lock.covers
        untold = self.lock.format in _UNTOLD and self.manifest.path.endswith(_PROJECT_FILES)
        return not untold or group == MAIN or (group,) in self._entry_groups

    def _concerns(self, group: str) -> bool:
        """Whether the lock has to do with a group: not with how pixi builds a package, nor with a source tree's own."""
        if group == MAIN:
            return True
        if self.lock.format == "pixi":
            return any(group in groups for groups in self._entry_groups)
        return not self._is_foreign

    @cached_property
    def _is_foreign(self) -> bool:
        """Whether the manifest is that of a source tree which the project asks for, and no member of it."""
        folder = posixpath.dirname(self.lock.path)
        own = posixpath.dirname(self.manifest.path)
        if own == folder or self.lock.format in _BY_FILE:
            return False
        trees = (entry for entry in self.lock.entries if entry.member and entry.source in SOURCE_TREES and entry.ref)
        return all(posixpath.normpath(posixpath.join(folder, entry.ref or "")) != own for entry in trees)

    @cached_property
    def _entry_groups(self) -> frozenset[tuple[str, ...]]:
        return frozenset(entry.groups for entry in self.lock.entries)

    def _is_needed(self, requirement: Requirement) -> bool:
        """Whether a lock without the package lacks it, in the environments that it was made for."""
        left_out = requirement.name in _LEFT_OUT and self.lock.format in _LEAVING_OUT
        if left_out or self.is_own(requirement) or self._has_stand_in(requirement):
            return False
        return any(map(self._applies, self._meant(requirement)))

    def _applies(self, requirement: Requirement) -> bool:
        """Whether the requirement's marker holds somewhere; for a lock of one environment, whether it holds in all."""
        if requirement.marker is None:
            return True
        everywhere = self.root.environments or not self.lock.universal
        return holds(requirement.marker, self.requires_python, everywhere)

    def _has_stand_in(self, requirement: Requirement) -> bool:
        """Whether the system, or a conda package by much the same name (`pytorch`, `py-opencv`), stands for it."""
        if requirement.conda:
            return requirement.name.startswith("__")
        return _PYTHON_AFFIX.sub("", requirement.name) in self._conda_names

    @cached_property
    def _conda_names(self) -> frozenset[str]:
        return frozenset(_PYTHON_AFFIX.sub("", normalise(name)) for name in self._conda)


def _outside(requirement: Requirement, entries: Sequence[Entry], lock: Lock) -> list[Entry]:
    """Return the entries that the requirement should admit and does not.

    One without a marker has to admit all that the project itself asks for; else one of several forks will do.
    """
    if not requirement.specifier or requirement.url is not None:
        return []
    rejected = [entry for entry in entries if not _is_admitted(requirement.specifier, entry)]
    if len(rejected) == len(entries):
        return rejected
    return [] if requirement.marker is not None or lock.conflicts else [entry for entry in rejected if entry.direct]


def _is_admitted(specifier: str, entry: Entry) -> bool:
    if entry.version is None or entry.source not in _VERSIONED:
        return True
    try:
        return admits(specifier, entry.version)
    except ValueError:
        return True
