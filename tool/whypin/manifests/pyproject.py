"""pyproject.toml: what the project asks for, in the tables of the standards, of Poetry and of uv.

Sources: the Python packaging specifications of pyproject.toml and of dependency groups (PEP 621, PEP 735); Poetry's
documentation of its dependencies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import MAIN
from whypin.model.manifest import Manifest, Requirement
from whypin.model.names import is_valid, normalise
from whypin.syntax import pep508, toml
from whypin.syntax.constraint import as_one, to_pep440
from whypin.syntax.url import redact

MAX_REQUIREMENTS = 100_000
MAX_DEPTH = 50
MAX_STEPS = 1_000_000

_PLATFORM = re.compile(r"(==|!=|)\s*([A-Za-z0-9_]+)\Z")

Keys = tuple[str | int, ...]


def read(text: str, path: str) -> Manifest:
    """Return what a pyproject.toml declares; raises WhypinError with the place of what can't be read.

    Alternatives that PEP 440 can't say (`^1 || ^3`) become the range that spans them. A dependency of Poetry's that is
    optional and in no extra counts as main.
    """
    reader = _Reader(toml.load(text, path), text, path)
    project = reader.project()
    requirements: list[Requirement] = []
    for requirement in _without_itself(reader.requirements(), project, path):
        requirements.append(requirement)
        if len(requirements) > MAX_REQUIREMENTS:
            raise WhypinError(f"more than {MAX_REQUIREMENTS:,} requirements, groups and all", Location(path))
    return Manifest(path, project, tuple(requirements))


def _without_itself(requirements: Iterator[Requirement], project: str | None, path: str) -> Iterator[Requirement]:
    """Yield what is required of others; `all = ["shop[web]"]` in the project shop means what the extra web requires."""
    by_group: dict[str, list[Requirement]] = {}
    asked: dict[str, list[str]] = {}
    for requirement in requirements:
        if requirement.name == project:
            asked.setdefault(requirement.group, []).extend(f"extra:{extra}" for extra in requirement.extras)
        else:
            by_group.setdefault(requirement.group, []).append(requirement)
            yield requirement
    steps = 0
    for group in asked:
        seen = {group}
        waiting = list(asked[group])
        while waiting:
            extra = waiting.pop()
            steps += 1
            if extra not in seen:
                seen.add(extra)
                waiting += asked.get(extra, ())
                yield from (requirement._replace(group=group) for requirement in by_group.get(extra, ()))
        if steps > MAX_STEPS:
            raise WhypinError("the extras of the project ask for each other too often to be followed", Location(path))


class _Group:
    """A group while it is read: its own requirements, and the groups it includes with their places."""

    def __init__(self) -> None:
        self.requirements: list[Requirement] = []
        self.includes: list[tuple[str, Location]] = []


class _Reader:
    """One document while it is read; every value is found by its keys, which also tell its place."""

    def __init__(self, data: dict[str, Any], text: str, path: str) -> None:
        self.data = data
        self.text = text
        self.path = path
        self.groups: dict[str, _Group] = {}
        self.expanded: dict[str, dict[Location, Requirement]] = {}

    def project(self) -> str | None:
        """Return the project's own normalised name, if it has one."""
        for keys in (("project",), ("tool", "poetry")):
            name = self._table(*keys).get("name")
            if isinstance(name, str) and is_valid(name):
                return normalise(name)
        return None

    def requirements(self) -> Iterator[Requirement]:
        """Yield main, then extras, then groups."""
        yield from self._main_and_extras()
        self._read_groups()
        for name in self.groups:
            group = f"group:{name}"
            for requirement in self._expand(name, ()).values():
                yield requirement._replace(group=group)

    def _main_and_extras(self) -> list[Requirement]:
        """Return main and extras; where the standard tables declare anything, Poetry's table only adds details.

        Unless the standard table says that the other kind is dynamic: then Poetry's table declares that kind.
        """
        standard = list(self._strings(("project", "dependencies"), MAIN))
        for extra in self._table("project", "optional-dependencies"):
            standard += self._strings(("project", "optional-dependencies", extra), f"extra:{normalise(extra)}")
        poetry = list(self._poetry(("tool", "poetry", "dependencies"), MAIN))
        if not standard:
            return [requirement for requirement, _ in poetry]
        dynamic = self._list("project", "dynamic")
        extras_only = all(requirement.group != MAIN for requirement in standard)
        main_only = all(requirement.group == MAIN for requirement in standard)
        for requirement, optional in poetry:
            if (extras_only and not optional and "dependencies" in dynamic) or (
                main_only and optional and "optional-dependencies" in dynamic
            ):
                standard.append(requirement)
        return standard

    def _read_groups(self) -> None:
        for name in self._table("dependency-groups"):
            group = self._group(name, ("dependency-groups", name))
            for position, item in enumerate(self._list("dependency-groups", name)):
                where = ("dependency-groups", name, position)
                if isinstance(item, dict):
                    self._include(group, item.get("include-group") if len(item) == 1 else None, where)
                else:
                    group.requirements.append(self._requirement(item, "", where))
        keys = ("tool", "uv", "dev-dependencies")
        if self._list(*keys):
            self._group("dev", keys).requirements += self._strings(keys, "")
        poetry = ("tool", "poetry", "group")
        standard = {name for name, group in self.groups.items() if group.requirements}
        for name in self._table(*poetry):
            group = self._group(name, (*poetry, name))
            if normalise(name) not in standard:
                group.requirements += [need for need, _ in self._poetry((*poetry, name, "dependencies"), "")]
            for position, include in enumerate(self._list(*poetry, name, "include-groups")):
                self._include(group, include, (*poetry, name, "include-groups", position))
        legacy = ("tool", "poetry", "dev-dependencies")
        if self._table(*legacy):
            self._group("dev", legacy).requirements += [need for need, _ in self._poetry(legacy, "")]

    def _group(self, name: str, keys: Keys) -> _Group:
        if not is_valid(name):
            raise self._error(f"{name!r:.80} is not the name of a group", keys, "use letters, digits and -")
        return self.groups.setdefault(normalise(name), _Group())

    def _include(self, group: _Group, name: Any, keys: Keys) -> None:
        if not isinstance(name, str) or not is_valid(name):
            raise self._error("neither a requirement nor an include-group", keys, 'write {include-group = "name"}')
        group.includes.append((normalise(name), self._place(keys)))

    def _expand(self, name: str, trail: tuple[str, ...]) -> dict[Location, Requirement]:
        """Return a group's requirements by their places, with those of the groups it includes, each once."""
        known = self.expanded.get(name)
        if known is not None:
            return known
        group = self.groups[name]
        found = {requirement.location: requirement for requirement in group.requirements}
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

    def _strings(self, keys: Keys, group: str) -> Iterator[Requirement]:
        for position, item in enumerate(self._list(*keys)):
            yield self._requirement(item, group, (*keys, position))

    def _requirement(self, item: Any, group: str, keys: Keys) -> Requirement:
        if not isinstance(item, str):
            raise self._error("a requirement must be a string", keys, 'write "name>=1.0"')
        try:
            found = pep508.parse(item)
        except ValueError as error:
            raise self._error(str(error), keys, 'write "name>=1.0", as pip takes it') from None
        url = redact(found.url) if found.url else None
        return Requirement(found.name, found.specifier, group, self._place(keys), found.extras, found.marker, url)

    def _poetry(self, keys: Keys, group: str) -> Iterator[tuple[Requirement, bool]]:
        """Yield a table of Poetry's dependencies with whether they are optional; `python` is none of them."""
        extras = self._poetry_extras() if group == MAIN else {}
        for name, value in self._table(*keys).items():
            if name.lower() == "python":
                continue
            if not is_valid(name):
                raise self._error(f"{name!r:.80} is not a package name", (*keys, name), "use letters, digits and -_.")
            for position, need in enumerate(value if isinstance(value, list) else [value]):
                where = (*keys, name, position) if isinstance(value, list) else (*keys, name)
                requirement = self._poetry_requirement(normalise(name), need, group, where)
                optional = isinstance(need, dict) and need.get("optional") is True
                for gate in (optional and extras.get(requirement.name)) or (group,):
                    yield requirement._replace(group=gate), optional

    def _poetry_requirement(self, name: str, need: Any, group: str, keys: Keys) -> Requirement:
        if isinstance(need, str):
            need = {"version": need}
        if not isinstance(need, dict):
            raise self._error(f"{name} must be a version or a table", keys, f'write {name} = "^1.0"')
        try:
            specifier = as_one(to_pep440(str(need.get("version", "*"))))
            marker = _marker(need)
        except ValueError as error:
            raise self._error(str(error), keys, 'write a version such as "^1.0"') from None
        extras = tuple(sorted(normalise(str(extra)) for extra in _items(need.get("extras"))))
        return Requirement(name, specifier, group, self._place(keys), extras, marker, _reference(need))

    def _poetry_extras(self) -> dict[str, list[str]]:
        """From package to the extras that list it."""
        groups: dict[str, list[str]] = {}
        for extra, names in self._table("tool", "poetry", "extras").items():
            for name in _items(names):
                bare = normalise(str(name).partition("[")[0].strip())
                groups.setdefault(bare, []).append(f"extra:{normalise(extra)}")
        return groups

    def _find(self, keys: Keys, empty: Any, what: str) -> Any:
        """Return the value at the keys, or what is empty where there is none; raises where it is of another shape."""
        value: Any = self.data
        for depth, key in enumerate(keys):
            if not isinstance(value, dict):
                raise self._error(f"{_dotted(keys[:depth])} must be a table", keys[:depth])
            value = value.get(str(key))
            if value is None:
                return empty
        if not isinstance(value, type(empty)):
            raise self._error(f"{_dotted(keys)} must be {what}", keys)
        return value

    def _table(self, *keys: str | int) -> dict[str, Any]:
        table: dict[str, Any] = self._find(keys, {}, "a table")
        return table

    def _list(self, *keys: str | int) -> list[Any]:
        items: list[Any] = self._find(keys, [], "an array")
        return items

    def _place(self, keys: Keys) -> Location:
        return Location(self.path, *toml.place_of(self.text, *keys))

    def _error(self, message: str, keys: Keys, hint: str = "") -> WhypinError:
        return WhypinError(message, self._place(keys), hint)


def _dotted(keys: Keys) -> str:
    return ".".join(map(str, keys))


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _marker(need: dict[str, Any]) -> str | None:
    """Return the marker of a Poetry dependency: its `markers`, `python` and `platform` together."""
    parts = [str(need["markers"])] if need.get("markers") else []
    if "python" in need:
        parts += _python_marker(str(need["python"]))
    platform = _PLATFORM.match(str(need.get("platform", "")))
    if platform:
        parts.append(f'sys_platform {platform[1] or "=="} "{platform[2]}"')
    if len(parts) < 2:
        return parts[0] if parts else None
    return " and ".join(f"({part})" if " or " in part else part for part in parts)


def _python_marker(constraint: str) -> list[str]:
    """Return a constraint on Python as a marker, in a list of one; none where every Python will do."""
    alternatives = []
    for alternative in to_pep440(constraint):
        clauses = [re.fullmatch(r"([=!<>~]+)(.*)", clause) for clause in alternative.split(",") if clause]
        terms = [f'{_python_variable(clause[2])} {clause[1]} "{clause[2]}"' for clause in clauses if clause]
        if not terms:
            return []
        alternatives.append(" and ".join(terms))
    return [" or ".join(alternatives)]


def _python_variable(version: str) -> str:
    return "python_version" if version.removesuffix(".*").count(".") < 2 else "python_full_version"


def _reference(need: dict[str, Any]) -> str | None:
    """Return the URL, path or `URL@revision` of a Poetry dependency that has one."""
    for key in ("git", "url", "path", "file"):
        if isinstance(need.get(key), str):
            revision = next((need[kind] for kind in ("rev", "tag", "branch") if isinstance(need.get(kind), str)), None)
            folder = need.get("subdirectory")
            ref = redact(need[key])
            ref += f"@{revision}" if key == "git" and revision else ""
            return ref + (f"#subdirectory={folder}" if folder else "")
    return None
