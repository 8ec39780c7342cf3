"""poetry.lock: lock versions 1.0 to 2.1, and what is there of older ones.

Source: python-poetry/poetry, packages/locker.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import MAIN, Edge, Entry, Lock, Source
from whypin.model.names import normalise
from whypin.model.tree import Problem
from whypin.model.version import to_specifiers
from whypin.syntax import toml
from whypin.syntax.constraint import to_pep440
from whypin.syntax.marker import without
from whypin.syntax.shape import MAX_VERSION, Shape, metadata_of
from whypin.syntax.toml_scan import Table
from whypin.syntax.url import redact

NAME = "poetry"

_SKIP = frozenset({"files"})
_SOURCES: dict[str, Source] = {
    "legacy": "registry",
    "pypi": "registry",
    "git": "git",
    "url": "url",
    "file": "path",
    "directory": "directory",
}
_EXTRA = re.compile(r"""\bextra\s*==\s*["']([^"']+)["']""")
_NEED = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")
_AGAIN = "run poetry lock again"


def read(text: str, path: str, load: Callable[[str], str] | None = None) -> Lock:
    """Read a poetry.lock; raises WhypinError with a place. It includes no other file, so `load` is not called.

    Poetry does not lock the project itself: `roots` is None, and the manifest tells what is direct.
    """
    data = toml.load_lock(text, path, _SKIP)
    metadata = metadata_of(data, text, path, _AGAIN)
    _check_version(metadata, text, path)
    entries = tuple(_Reader(data, metadata, path).entries())
    # What version 1.0 hashed is not known: a difference would say nothing.
    content_hash = metadata.get("content-hash") if metadata.get("lock-version") != "1.0" else None
    return Lock(
        path,
        NAME,
        entries,
        universal=True,
        content_hash=content_hash if isinstance(content_hash, str) else None,
        warnings=tuple(_newer(metadata, text)),
    )


def _check_version(metadata: dict[str, Any], text: str, path: str) -> None:
    """Accept 1.x and 2.x, and locks from before there was a lock version."""
    version = metadata.get("lock-version")
    if version is not None and not (isinstance(version, str) and re.match(r"[12]\.[0-9]{1,4}\Z", version)):
        where = Location(path, *toml.place_of(text, "metadata", "lock-version"))
        raise WhypinError(f"unsupported lock version {version!s:.20}", where, "whypin reads 1.0 to 2.x of poetry.lock")


def _newer(metadata: dict[str, Any], text: str) -> Iterator[Problem]:
    """Tell of a version newer than the one that is known: Poetry itself reads such a lock with a warning."""
    major, _, minor = str(metadata.get("lock-version", "1.0")).partition(".")
    if (int(major), int(minor)) > (2, 1):
        place = toml.place_of(text, "metadata", "lock-version")
        yield Problem(*place, f"lock version {major}.{minor} is newer than whypin knows: 2.1")


class _Reader(Shape):
    """One lock while it is read: every name leads to the positions of its packages."""

    def __init__(self, data: dict[str, Any], metadata: dict[str, Any], path: str) -> None:
        super().__init__(path, _AGAIN)
        self.tables: list[Table] = []
        self.names: list[str] = []
        self.by_name: dict[str, list[int]] = {}
        self.targets: dict[tuple[str, str], tuple[int, ...]] = {}
        old = metadata.get("files", metadata.get("hashes", {}))
        self.files = {normalise(name): value for name, value in old.items()} if isinstance(old, dict) else {}
        packages = data.get("package", [])
        for position, table in enumerate(packages if isinstance(packages, list) else [packages]):
            if not isinstance(table, Table):
                raise self.fail("`package` is not an array of tables", 1)
            name = self.name(table.get("name"), table.line)
            self.tables.append(table)
            self.names.append(name)
            self.by_name.setdefault(name, []).append(position)

    def entries(self) -> Iterator[Entry]:
        """Yield the entries in the order of the file."""
        for name, table in zip(self.names, self.tables, strict=True):
            line = table.line
            version = table.get("version")
            if not isinstance(version, str) or not 0 < len(version) <= MAX_VERSION:
                raise self.fail(f"{name} has no version", line)
            source, index, ref = self._source(table)
            edges, implied = self._edges_of(name, table)
            files = table.get("files")
            hashed = toml.mentions(self.files.get(name) if files is None else files, "hash") or self._has_old_hash(name)
            where = Location(self.path, line)
            marker, groups = self._marker_and_groups(table)
            yield Entry(name, version, source, where, index, ref, marker, edges, hashed, groups=groups, implied=implied)

    def _has_old_hash(self, name: str) -> bool:
        hashes = self.files.get(name)
        return isinstance(hashes, list) and bool(hashes) and isinstance(hashes[0], str)

    def _source(self, table: Table) -> tuple[Source, str | None, str | None]:
        """Return kind, index and reference; no source means the default index, which the lock does not name."""
        source = table.get("source")
        if source is None:
            return "registry", None, None
        kind, url = (source.get("type"), source.get("url")) if isinstance(source, dict) else (None, None)
        if not isinstance(url, str) or not isinstance(kind, str) or kind not in _SOURCES:
            raise self.fail(f"{table['name']} has a source of an unknown kind", table.line)
        url = redact(url)
        if _SOURCES[kind] == "registry":
            return "registry", url, None
        if kind == "git":
            commit = source.get("resolved_reference") or source.get("reference")
            folder = source.get("subdirectory")
            url += (f"@{commit}" if commit else "") + (f"#subdirectory={folder}" if folder else "")
        return _SOURCES[kind], None, url

    def _marker_and_groups(self, table: Table) -> tuple[str | None, tuple[str, ...]]:
        """Return the marker without the project's extras, and the groups with them.

        Lock version 2.1 tells groups; older ones at most a category, `dev` for everything that is not main. A package
        that only an extra of the project needs is optional in group main, and its marker names the extra.
        """
        markers = table.get("markers")
        groups = table.get("groups")
        if groups is None:
            category = table.get("category")
            return None, () if not isinstance(category, str) else (_group(category),)
        names = [str(name) for name in self.items(groups, "groups", table.line)]
        by_group = markers if isinstance(markers, dict) else {name: markers for name in names if markers is not None}
        found: list[str] = []
        for name in names:
            behind = _EXTRA.findall(str(by_group.get(name, ""))) if name == MAIN and table.get("optional") else []
            found += [f"extra:{normalise(extra)}" for extra in behind] or [_group(name)]
        kept = [_without_extras(str(by_group[name])) if name in by_group else None for name in names]
        return _any_of(kept), tuple(sorted(set(found), key=_rank))

    def _edges_of(self, name: str, table: Table) -> tuple[tuple[Edge, ...], tuple[tuple[str, str], ...]]:
        """Return the edges of a package, and the extras it asks of itself with the gates they stand behind."""
        needs = self.table(table.get("dependencies", {}), "dependencies", table.line)
        extras = self.table(table.get("extras", {}), "extras", table.line)
        edges: list[Edge] = []
        for child, value in needs.items():
            child = self.name(child, table.line)
            for need in value if isinstance(value, list) else [value]:
                edges += self._edges(child, need, extras, table.line)
        return tuple(edges), tuple(_implied(name, extras))

    def _edges(self, child: str, need: Any, extras: dict[str, Any], line: int) -> Iterator[Edge]:
        """Yield the edges to a child: one, or one for each extra that turns it on."""
        if isinstance(need, str):
            yield Edge(child, self._targets(child, need))
            return
        need = self.table(need, "dependency", line)
        targets = self._targets(child, str(need.get("version", "*")))
        asked = tuple([self.name(extra, line) for extra in self.items(need.get("extras", []), "extras", line)])
        marker = str(need.get("markers", "")) or None
        gates = [f"extra:{normalise(extra)}" for extra in _EXTRA.findall(marker or "")]
        if need.get("optional") is True and not gates:
            gates = [f"extra:{normalise(extra)}" for extra, names in extras.items() if _lists(names, child)]
        for gate in dict.fromkeys(gates) or ("",):
            yield Edge(child, targets, asked, gate, _without_extras(marker) if marker and gate else marker)

    def _targets(self, child: str, constraint: str) -> tuple[int, ...]:
        """Return the locked versions that a constraint admits; none where the child is not locked at all."""
        found = self.by_name.get(child, ())
        if len(found) < 2:
            return tuple(found)
        key = (child, constraint)
        if key not in self.targets:
            self.targets[key] = tuple(at for at in found if _admits(constraint, str(self.tables[at].get("version"))))
        return self.targets[key]


def _group(name: str) -> str:
    return MAIN if name == MAIN else f"group:{normalise(name)}"


def _any_of(markers: list[str | None]) -> str | None:
    """Return the marker that holds where any of them does; None, which always holds, counts."""
    if not all(markers):
        return None
    unique = dict.fromkeys(marker for marker in markers if marker)
    if len(unique) > 1:
        return " or ".join(f"({marker})" if " and " in marker else marker for marker in unique)
    return next(iter(unique), None)


def _rank(group: str) -> tuple[bool, str]:
    return group != MAIN, group


def _implied(name: str, extras: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (gate, extra) for `all = ["shop[web]"]` in the package shop."""
    for extra, needs in extras.items():
        for need in needs if isinstance(needs, list) else ():
            match = _NEED.match(need) if isinstance(need, str) and "[" in need else None
            if match and match[2] and normalise(match[1]) == name:
                for asked in match[2].split(","):
                    yield f"extra:{normalise(extra)}", normalise(asked.strip())


def _lists(needs: Any, name: str) -> bool:
    """Whether an extra lists a package; its entries are requirements as their author wrote them."""
    matches = (_NEED.match(need) for need in needs if isinstance(need, str)) if isinstance(needs, list) else ()
    return any(match is not None and normalise(match[1]) == name for match in matches)


def _without_extras(marker: str) -> str | None:
    return without(marker, lambda term: _EXTRA.match(term) is not None) if "extra" in marker else marker


def _admits(constraint: str, version: str) -> bool:
    """Whether a constraint admits a version; one that nobody understands admits every version."""
    try:
        return any(to_specifiers(each).contains(version, prereleases=True) for each in to_pep440(constraint))
    except ValueError:
        return True
