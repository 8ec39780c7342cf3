"""A manifest as read: what the project asks for."""

from __future__ import annotations

from typing import NamedTuple

from whypin.model.location import Location


class Requirement(NamedTuple):
    """One declared requirement: `name` is normalised, `specifier` is PEP 440 text (`""` for any version).

    `group` is `main`, `extra:NAME` or `group:NAME`. `url` is set where it names a URL, path or repository.
    """

    name: str
    specifier: str
    group: str
    location: Location
    extras: tuple[str, ...] = ()
    marker: str | None = None
    url: str | None = None


class Manifest(NamedTuple):
    """One manifest: `project` is the project's own normalised name, where it has one."""

    path: str
    project: str | None
    requirements: tuple[Requirement, ...]
