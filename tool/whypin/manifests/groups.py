"""Groups of requirements that include each other, as dependency groups do (PEP 735) and Poetry's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from whypin.errors import WhypinError
from whypin.manifests.document import Document, Keys
from whypin.model.location import Location
from whypin.model.manifest import Requirement
from whypin.model.names import is_valid, normalise

MAX_DEPTH = 50


class _Group:
    """A group while it is read: its own requirements, and the groups it includes with their places."""

    def __init__(self) -> None:
        self.requirements: list[Requirement] = []
        self.includes: list[tuple[str, Location]] = []


class Groups:
    """The groups of one document; their requirements have no group yet."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.groups: dict[str, _Group] = {}
        self.expanded: dict[str, dict[Requirement, None]] = {}

    def add(self, name: str, requirements: Iterable[Requirement], keys: Keys) -> None:
        """Add requirements to a group, which is there from then on; `keys` tell where it stands."""
        self._group(name, keys).requirements += requirements

    def include(self, name: str, other: Any, keys: Keys) -> None:
        """Note that a group includes another."""
        if not isinstance(other, str) or not is_valid(other):
            hint = 'write {include-group = "name"}'
            raise self.document.error("neither a requirement nor an include-group", keys, hint)
        self._group(name, keys).includes.append((normalise(other), self.document.place(keys)))

    def own(self, name: str) -> list[Requirement]:
        """Return what a group declares itself."""
        group = self.groups.get(normalise(name))
        return group.requirements if group else []

    def requirements(self) -> Iterator[Requirement]:
        """Yield the requirements of all groups, with those of the groups they include, each once in a group."""
        for name in self.groups:
            group = f"group:{name}"
            for requirement in self._expand(name, ()):
                yield requirement._replace(group=group)

    def _group(self, name: str, keys: Keys) -> _Group:
        if not is_valid(name):
            raise self.document.error(f"{name!r:.80} is not the name of a group", keys, "use letters, digits and -")
        return self.groups.setdefault(normalise(name), _Group())

    def _expand(self, name: str, trail: tuple[str, ...]) -> dict[Requirement, None]:
        known = self.expanded.get(name)
        if known is not None:
            return known
        group = self.groups[name]
        found = dict.fromkeys(group.requirements)
        trail = (*trail, name)
        for include, where in group.includes:
            if include in trail:
                way = " includes ".join((*trail[trail.index(include) :], include))
                raise WhypinError(f"a dependency group includes itself: {way}", where, "remove this include")
            if include not in self.groups:
                raise WhypinError(f"there is no dependency group {include}", where, "add it, or remove this include")
            if len(trail) > MAX_DEPTH:
                raise WhypinError("dependency groups include each other too deeply", where)
            found.update(self._expand(include, trail))
        self.expanded[name] = found
        return found
