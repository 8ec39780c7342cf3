"""A TOML document that declares requirements: values are found by their keys, which also tell their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.manifest import Requirement
from whypin.syntax import pep508, toml
from whypin.syntax.comments import beside
from whypin.syntax.url import redact

Keys = tuple[str | int, ...]

_REPOSITORIES = ("git", "hg", "svn", "bzr")
_REVISIONS = ("rev", "tag", "branch", "ref")
_ARCHIVE = re.compile(r"\.(?:whl|zip|tgz|tbz|txz|tlz|tar(?:\.\w+)?)(?:[?#]|\Z)", re.IGNORECASE)
_BEHIND_NAME = re.compile(r"\s*[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*([^;]*)")


class Document:
    """One document while it is read: its data as tomllib gives it, its text and its path."""

    def __init__(self, text: str, path: str) -> None:
        self.data = toml.load(text, path)
        self.text = text
        self.path = path
        self.lines = text.split("\n")

    def find(self, keys: Keys, empty: Any, what: str) -> Any:
        """Return the value at the keys, or what is empty where there is none; raises where it is of another shape."""
        value: Any = self.data
        for depth, key in enumerate(keys):
            if not isinstance(value, dict):
                raise self.error(f"{_dotted(keys[:depth])} must be a table", keys[:depth])
            value = value.get(str(key))
            if value is None:
                return empty
        if not isinstance(value, type(empty)):
            raise self.error(f"{_dotted(keys)} must be {what}", keys)
        return value

    def table(self, *keys: str | int) -> dict[str, Any]:
        """Return a table, an empty one where there is none."""
        table: dict[str, Any] = self.find(keys, {}, "a table")
        return table

    def array(self, *keys: str | int) -> list[Any]:
        """Return an array, an empty one where there is none."""
        items: list[Any] = self.find(keys, [], "an array")
        return items

    def string(self, *keys: str | int) -> str:
        """Return a string, an empty one where there is none."""
        text: str = self.find(keys, "", "a string")
        return text

    def place(self, keys: Keys) -> Location:
        """Return the place of a value."""
        return Location(self.path, *toml.place_of(self.text, *keys))

    def comment(self, where: Location) -> str:
        """Return the comment beside a place, without credentials."""
        line = where.line - 1
        if "#" not in self.lines[line] and "#" not in self.lines[max(0, line - 1)]:
            return ""
        return redact(beside(self.lines, where.line, where.column))

    def error(self, message: str, keys: Keys, hint: str = "") -> WhypinError:
        """Return an error at the place of a value."""
        return WhypinError(message, self.place(keys), hint)

    def requirement(self, item: Any, group: str, keys: Keys) -> Requirement:
        """Read a requirement string (PEP 508)."""
        if not isinstance(item, str):
            raise self.error("a requirement must be a string", keys, 'write "name>=1.0"')
        try:
            found = pep508.parse(item)
        except ValueError as error:
            raise self.error(str(error), keys, 'write "name>=1.0", as pip takes it') from None
        where = self.place(keys)
        url = redact(found.url) if found.url else None
        return Requirement(
            found.name,
            found.specifier,
            group,
            where,
            found.extras,
            found.marker,
            url,
            url is not None and url.startswith("file:") and not is_archive(url),
            written(item) if found.specifier else "",
            self.comment(where),
        )

    def requirements(self, group: str, *keys: str | int) -> Iterator[Requirement]:
        """Read an array of requirement strings."""
        for position, item in enumerate(self.array(*keys)):
            yield self.requirement(item, group, (*keys, position))


def written(requirement: str) -> str:
    """Return the constraint of a requirement as it is spelled: what stands between its name and its marker."""
    match = _BEHIND_NAME.match(requirement)
    return match[1].rstrip() if match else ""


def reference(need: dict[str, Any]) -> str | None:
    """Return the URL, path or `URL@revision` that the table of a requirement names, if any."""
    for key in (*_REPOSITORIES, "url", "path", "file"):
        if isinstance(need.get(key), str):
            ref = redact(need[key])
            if key in _REPOSITORIES:
                revision = next((need[kind] for kind in _REVISIONS if isinstance(need.get(kind), str)), "")
                ref += f"@{revision}" if revision else ""
            folder = need.get("subdirectory")
            return ref + (f"#subdirectory={folder}" if isinstance(folder, str) and folder else "")
    return None


def is_tree(need: dict[str, Any]) -> bool:
    """Whether the table of a requirement names a folder, which the project carries itself, and no archive."""
    if any(isinstance(need.get(key), str) for key in (*_REPOSITORIES, "url")):
        return False
    where = need.get("path", need.get("file"))
    if not isinstance(where, str) or is_archive(where):
        return False
    return "://" not in where or where.startswith("file:")


def is_archive(where: str) -> bool:
    """Whether a path or URL names a wheel or an archive."""
    return _ARCHIVE.search(where) is not None


def _dotted(keys: Keys) -> str:
    return ".".join(map(str, keys))
