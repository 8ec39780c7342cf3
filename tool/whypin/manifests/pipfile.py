"""Pipfile: what a project asks of pipenv, category by category.

Source: pypa/pipenv, its documentation of the Pipfile.
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
from whypin.syntax.url import redact

_GROUPS = {"packages": MAIN, "dev-packages": "group:dev"}
_NO_CATEGORIES = frozenset({"source", "requires", "scripts", "pipenv", "pipfile"})
_KEY = re.compile(r"([^\[\]]+?)\s*(?:\[([^\[\]]*)\])?\Z")
_VARIABLES = (
    "os_name",
    "sys_platform",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "python_version",
    "python_full_version",
    "implementation_name",
    "implementation_version",
)
_PLACES = ("git", "hg", "svn", "bzr", "file", "path")


def read(text: str, path: str) -> Manifest:
    """Return what a Pipfile declares; raises WhypinError with the place of what can't be read."""
    return Manifest(path, None, tuple(_Reader(toml.load(text, path), text, path).requirements()))


class _Reader:
    """One document while it is read; every value is found by its keys, which also tell its place."""

    def __init__(self, data: dict[str, Any], text: str, path: str) -> None:
        self.data = data
        self.text = text
        self.path = path

    def requirements(self) -> Iterator[Requirement]:
        """Yield them in the order of the file."""
        for category, packages in self.data.items():
            if category in _NO_CATEGORIES:
                continue
            if not isinstance(packages, dict):
                raise self._error(f"{category!r:.80} is not a table", (category,), "a category of packages is a table")
            if not is_valid(category):
                raise self._error(f"{category!r:.80} is not the name of a category", (category,), "use letters and -")
            group = _GROUPS.get(category) or f"group:{normalise(category)}"
            for key, value in packages.items():
                yield self._requirement(key, value, group, (category, key))

    def _requirement(self, key: str, value: Any, group: str, keys: tuple[str, str]) -> Requirement:
        match = _KEY.match(key)
        if match is None or not is_valid(match[1]):
            raise self._error(f"{key!r:.80} is not a package name", keys, "use letters, digits and -_.")
        need = {"version": value} if isinstance(value, str) else value
        if not isinstance(need, dict):
            raise self._error(f"{match[1]} must be a version or a table", keys, f'write {match[1]} = ">=1.0"')
        name = normalise(match[1])
        specifier = self._specifier(name, need.get("version", "*"), keys)
        asked = [*(match[2] or "").split(","), *self._extras(need, keys)]
        extras = tuple(sorted({normalise(extra.strip()) for extra in asked} - {""}))
        where = Location(self.path, *toml.place_of(self.text, *keys))
        return Requirement(name, specifier, group, where, extras, self._marker(need, keys), _reference(need))

    def _specifier(self, name: str, version: Any, keys: tuple[str, str]) -> str:
        """Return PEP 440 text; to pipenv a bare version is an exact one."""
        text = version.strip() if isinstance(version, str) else None
        if text in ("*", ""):
            return ""
        if text is not None:
            if text[0].isdigit():
                text = f"=={text}"
            try:
                found = pep508.parse(f"{name} {text}")
            except ValueError:
                found = None
            if found and found.name == name and not (found.extras or found.marker or found.url):
                return found.specifier
        raise self._error(f"{version!r:.80} is not a version of {name}", keys, f'write {name} = ">=1.0"')

    def _extras(self, need: dict[str, Any], keys: tuple[str, str]) -> list[str]:
        extras = need.get("extras", [])
        if not isinstance(extras, list) or not all(isinstance(extra, str) and is_valid(extra) for extra in extras):
            raise self._error("`extras` must be an array of names", keys, 'write extras = ["name"]')
        return extras

    def _marker(self, need: dict[str, Any], keys: tuple[str, str]) -> str | None:
        """Return `markers` and the variables that stand as keys of their own, together."""
        parts = [need["markers"]] if need.get("markers") else []
        parts += [f"{key} {need[key]}" for key in _VARIABLES if isinstance(need.get(key), str)]
        if not all(isinstance(part, str) for part in parts):
            raise self._error("`markers` must be a string", keys)
        if len(parts) < 2:
            return parts[0] if parts else None
        return " and ".join(f"({part})" if " or " in part else part for part in parts)

    def _error(self, message: str, keys: tuple[str, ...], hint: str = "") -> WhypinError:
        return WhypinError(message, Location(self.path, *toml.place_of(self.text, *keys)), hint)


def _reference(need: dict[str, Any]) -> str | None:
    """Return the URL, path or `URL@revision` of a requirement that has one."""
    for key in _PLACES:
        if isinstance(need.get(key), str):
            revision, folder = need.get("ref"), need.get("subdirectory")
            ref = redact(need[key]) + (f"@{revision}" if isinstance(revision, str) else "")
            return ref + (f"#subdirectory={folder}" if isinstance(folder, str) else "")
    return None
