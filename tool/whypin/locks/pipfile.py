"""Pipfile.lock: what pipenv locks, category by category.

Source: pypa/pipenv, and its own library for both files, sarugaku/plette.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import MAIN, Entry, Lock, Source
from whypin.syntax import json
from whypin.syntax.marker import without
from whypin.syntax.shape import MAX_VERSION, Shape
from whypin.syntax.url import redact

NAME = "pipfile"

#: What pipenv calls the categories that have a name of their own.
CATEGORIES = {"default": MAIN, "develop": "group:dev"}

_REPOSITORIES = ("git", "hg", "svn", "bzr")
_PLACES = frozenset({*_REPOSITORIES, "file", "path"})
_ARCHIVE = (".whl", ".zip", ".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tar")
_EXACT = re.compile(r"={2,3}\s*([^\s,;*]+)\Z")
_CATEGORY = re.compile(r"""\(?\s*["'][^"']*["']\s+(?:not\s+)?in\s+(?:dependency_groups|extras)\b""")
_AGAIN = "run pipenv lock again"


def read(text: str, path: str, load: Callable[[str], str] | None = None) -> Lock:
    """Read a Pipfile.lock; raises WhypinError with a place. It includes no other file, so `load` is not called.

    It records no edges, and the Pipfile tells what is direct. A package in two categories is two entries.
    """
    data = json.load(text, path)
    _check_format(data, text, path)
    told = data["_meta"].get("hash")
    content_hash = told.get("sha256") if isinstance(told, dict) else None
    entries = tuple(_Reader(data, text, path).entries())
    return Lock(path, NAME, entries, content_hash=content_hash if isinstance(content_hash, str) else None)


def _check_format(data: dict[str, Any], text: str, path: str) -> None:
    meta = data.get("_meta")
    if not isinstance(meta, dict):
        raise WhypinError("no `_meta`: this is not a Pipfile.lock", Location(path), _AGAIN)
    version = meta.get("pipfile-spec")
    if version is True or version != 6:
        where = Location(path, *json.place_of(text, "_meta", "pipfile-spec"))
        raise WhypinError(f"unsupported pipfile-spec {version!s:.20}", where, "whypin reads 6; run pipenv lock again")
    if "default" not in data:
        raise WhypinError("no `default`: it is damaged", Location(path), _AGAIN)


class _Reader(Shape):
    """One lock while it is read."""

    def __init__(self, data: dict[str, Any], text: str, path: str) -> None:
        super().__init__(path, _AGAIN)
        self.data = data
        self.text = text
        self.lines = json.lines(data, text)
        self.markers: dict[str, str | None] = {}
        self.indexes = self._indexes()

    def _indexes(self) -> dict[str | None, str]:
        """Return the URLs of the indexes by their names; an only one also for what names none."""
        indexes: dict[str | None, str] = {}
        sources = self.data["_meta"].get("sources", [])
        if not isinstance(sources, list) or not all(isinstance(source, dict) for source in sources):
            raise self.fail("`sources` is not an array of tables", self._line("_meta", "sources"))
        for source in sources:
            if isinstance(source.get("url"), str):
                indexes[str(source.get("name"))] = redact(source["url"])
        if len(indexes) == 1:
            indexes[None] = next(iter(indexes.values()))
        return indexes

    def entries(self) -> Iterator[Entry]:
        """Yield the entries in the order of the file."""
        for category, packages in self.data.items():
            if category == "_meta":
                continue
            line = self._line(category)
            group = CATEGORIES.get(category) or f"group:{self.name(category, line)}"
            seen: dict[tuple[object, ...], str] = {}
            for key, package in self.table(packages, category, line).items():
                entry = self._entry(category, key, package, group)
                before = seen.setdefault((entry.name, entry.version, entry.source, entry.ref), key)
                if before is key:
                    yield entry
                elif "[" not in key + before:
                    what = f"{entry.name} {entry.version or ''}".rstrip()
                    raise self.fail(f"{what} is locked twice in {category}", entry.location.line)

    def _line(self, *keys: str) -> int:
        return self.lines.get(keys) or json.place_of(self.text, *keys)[0]

    def _entry(self, category: str, key: str, package: Any, group: str) -> Entry:
        """Return an entry; a key may name extras too."""
        line = self._line(category, key)
        name = self.name(key.partition("[")[0].rstrip(), line)
        if isinstance(package, str):
            package = {"version": package}
        package = self.table(package, key, line)
        source, ref = _origin(package)
        version = self._version(name, package.get("version"), line)
        if version is None and source == "registry":
            raise self.fail(f"{name} has no exact version", line)
        index = self._index(package.get("index"), line) if source == "registry" else None
        marker = self._marker(package.get("markers"), line)
        hashed = bool(self.items(package.get("hashes", []), "hashes", line))
        where = Location(self.path, line)
        return Entry(name, version, source, where, index, ref, marker, hashed=hashed, groups=(group,))

    def _version(self, name: str, version: Any, line: int) -> str | None:
        """Return the version without its `==`; None where there is none that is exact."""
        if version is None:
            return None
        if not isinstance(version, str) or len(version) > MAX_VERSION:
            raise self.fail(f"{name} has a version that is none", line)
        match = _EXACT.match(version.strip())
        return match[1] if match else None

    def _index(self, name: Any, line: int) -> str | None:
        if not isinstance(name, str | None):
            raise self.fail("`index` is not a string", line)
        return self.indexes.get(name, None if name is None else redact(name))

    def _marker(self, marker: Any, line: int) -> str | None:
        """Return the marker without the category, which pipenv repeats in it."""
        if not isinstance(marker, str | None):
            raise self.fail("`markers` is not a string", line)
        if not marker or not (" dependency_groups" in marker or " extras" in marker):
            return marker or None
        if marker not in self.markers:
            self.markers[marker] = without(marker, lambda term: _CATEGORY.match(term) is not None)
        return self.markers[marker]


def _origin(package: dict[str, Any]) -> tuple[Source, str | None]:
    """Return kind and reference of a package."""
    if _PLACES.isdisjoint(package):
        return "registry", None
    folder = f"#subdirectory={package['subdirectory']}" if isinstance(package.get("subdirectory"), str) else ""
    for kind in _REPOSITORIES:
        if isinstance(package.get(kind), str):
            commit = package.get("ref")
            url = ("" if kind == "git" else f"{kind}+") + redact(package[kind])
            return "git", url + (f"@{commit}" if isinstance(commit, str) else "") + folder
    place = next((package[key] for key in ("file", "path") if isinstance(package.get(key), str)), None)
    if place is None:
        return "registry", None
    if "://" in place and not place.startswith("file:"):
        return "url", redact(place) + folder
    tree: Source = "editable" if package.get("editable") is True else "directory"
    return "path" if place.endswith(_ARCHIVE) else tree, redact(place) + folder
