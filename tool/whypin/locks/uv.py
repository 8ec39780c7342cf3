"""uv.lock, and the `.py.lock` beside a script: schema version 1 in all its revisions.

Source: astral-sh/uv, crates/uv-resolver/src/lock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import SOURCE_TREES, Edge, Entry, Lock, Source
from whypin.syntax import toml
from whypin.syntax.marker import without
from whypin.syntax.shape import MAX_VERSION, Shape
from whypin.syntax.toml_scan import Table
from whypin.syntax.url import redact

NAME = "uv"

_SKIP = frozenset({"wheels", "sdist"})
_SOURCES: dict[str, Source] = {
    "registry": "registry",
    "git": "git",
    "url": "url",
    "path": "path",
    "directory": "directory",
    "editable": "editable",
    "virtual": "virtual",
}
_GATES = (("optional-dependencies", "extra"), ("dev-dependencies", "group"), ("dependency-groups", "group"))
_MADE_UP = re.compile(r"extra [!=]= '((?:extra|group|project)-([0-9]{1,4})-([a-z0-9-]+))'\Z")
_AGAIN = "run uv lock again"


def read(text: str, path: str, load: Callable[[str], str] | None = None) -> Lock:
    """Read a uv.lock; raises WhypinError with a place. It includes no other file, so `load` is not called."""
    data = toml.load_lock(text, path, _SKIP)
    _check_schema(data, text, path)
    reader = _Reader(data, text, path)
    entries, conflicts = tuple(reader.entries()), bool(data.get("conflicts"))
    return Lock(path, NAME, entries, reader.roots(), universal=True, conflicts=conflicts)


def _check_schema(data: dict[str, Any], text: str, path: str) -> None:
    version = data.get("version")
    if version is None:
        raise WhypinError("no schema version: this is not a uv.lock", Location(path), _AGAIN)
    if version is True or version != 1:
        where = Location(path, *toml.place_of(text, "version"))
        raise WhypinError(f"unsupported schema version {version!s:.20}", where, "whypin reads version 1 of uv.lock")


class _Head(NamedTuple):
    """What tells one package of the lock from another; `key` is its source as the lock writes it."""

    name: str
    version: str | None
    key: tuple[str, str]
    table: Table

    @property
    def in_tree(self) -> bool:
        """Whether it is a source tree, which needs no version."""
        return self.key[0] in SOURCE_TREES


class _Reader(Shape):
    """One lock while it is read: every name leads to the positions of its packages.

    Edges are kept by the identity of the table they are read from: the scanner gives equal lines as one object.
    """

    def __init__(self, data: dict[str, Any], text: str, path: str) -> None:
        super().__init__(path, _AGAIN)
        self.text = text
        self.heads: list[_Head] = []
        self.by_name: dict[str, tuple[int, ...]] = {}
        self.forks: dict[tuple[object, ...], list[int]] = {}
        self.edges: dict[str, dict[int, Edge]] = {}
        self.conflicts = _conflicts(data)
        self.honest: dict[str, str | None] = {}
        self.manifest = self.table(data.get("manifest", {}), "manifest", 1)
        self._read_heads(data)
        self.members = self._members()

    def _read_heads(self, data: dict[str, Any]) -> None:
        tables = data.get("package", data.get("distribution", []))
        if not isinstance(tables, list):
            raise self.fail("`package` is not an array of tables", 1)
        seen: set[tuple[str, str | None, tuple[str, str]]] = set()
        by_name: dict[str, list[int]] = {}
        for position, table in enumerate(tables):
            if not isinstance(table, Table):
                raise self.fail("`package` is not an array of tables", 1)
            head = self._head(table)
            name, version, key, _ = head
            if (name, version, key) in seen:
                raise self.fail(f"{name} {version or ''} is locked twice from one source", table.line)
            seen.add((name, version, key))
            self.heads.append(head)
            by_name.setdefault(name, []).append(position)
        self.by_name = {name: tuple(found) for name, found in by_name.items()}

    def _head(self, table: Table) -> _Head:
        name, version, source = table.get("name"), table.get("version"), table.get("source")
        if not isinstance(name, str):
            raise self.fail("a package without a name", table.line)
        if not isinstance(source, dict):
            raise self.fail(f"{name!r:.80} has no source", table.line)
        key = _key(source)
        if key is None:
            raise self.fail(f"{name!r:.80} has a source of an unknown kind", table.line)
        if version is None:
            if key[0] not in SOURCE_TREES:
                raise self.fail(f"{name!r:.80} has no version, which only a source tree may lack", table.line)
        elif not isinstance(version, str) or not 0 < len(version) <= MAX_VERSION:
            raise self.fail(f"{name!r:.80} has a version that is none", table.line)
        return _Head(self.name(name, table.line), version, key, table)

    def _members(self) -> frozenset[int]:
        """Return the positions of the project's own packages; a lock that was cut short lacks some."""
        names = self.manifest.get("members")
        if names is None:
            here = [at for at, head in enumerate(self.heads) if head.in_tree and head.key[1] == "."]
            if not here and self.heads and not self._declares():
                raise self.fail("the project itself is not in the lock: it is damaged or cut short", 1)
            return frozenset(here)
        members: list[int] = []
        for name in self.items(names, "manifest.members", 1):
            found = self.by_name.get(self.name(name, 1))
            if not found:
                line = self._line_of(name, 1)
                raise self.fail(f"the member {name} is not in the lock: it is damaged or cut short", line)
            members += [at for at in found if self.heads[at].in_tree] or found
        return frozenset(members)

    def _declares(self) -> bool:
        return "requirements" in self.manifest or "dependency-groups" in self.manifest

    def entries(self) -> Iterator[Entry]:
        """Yield the entries in the order of the file."""
        sources: dict[tuple[str, str], tuple[str | None, str | None]] = {}
        for position, (name, version, key, table) in enumerate(self.heads):
            if key not in sources:
                sources[key] = _index_and_ref(*key)
            index, ref = sources[key]
            edges, implied = self._edges_of(position, table)
            marker = self._marker_of(table)
            wheels, sdist = table.get("wheels"), table.get("sdist")
            hashed = toml.mentions(wheels, "hash") or toml.mentions(sdist, "hash")
            uploaded = toml.day_of(wheels, "upload") or toml.day_of(sdist, "upload")
            where = Location(self.path, table.line)
            member = position in self.members
            source = _SOURCES[key[0]]
            yield Entry(
                name, version, source, where, index, ref, marker, edges, hashed, member, False, (), implied, uploaded
            )

    def _marker_of(self, table: Table) -> str | None:
        markers = table.get("resolution-markers", table.get("environment-markers"))
        if markers is None:
            return None
        honest = [self._marker(marker, table.line) for marker in self.items(markers, "markers", table.line)]
        return " or ".join(dict.fromkeys(filter(None, honest))) if all(honest) else None

    def _edges_of(self, position: int, table: Table) -> tuple[tuple[Edge, ...], tuple[tuple[str, str], ...]]:
        """Return the edges of a package, and the extras it asks of itself with the gates they stand behind."""
        edges: list[Edge] = []
        implied: list[tuple[str, str]] = []
        itself = (position,)
        for gate, needs in self._needs(table):
            known = self.edges.setdefault(gate, {})
            for need in self.items(needs, "dependencies", table.line):
                edge = known.get(id(need))
                if edge is None:
                    edge = known[id(need)] = self._edge(need, gate, table.line)
                if edge.targets == itself:
                    implied += [(gate, extra) for extra in edge.extras]
                else:
                    edges.append(edge)
        return tuple(edges), tuple(implied)

    def _needs(self, table: Table) -> Iterator[tuple[str, Any]]:
        if "dependencies" in table:
            yield "", table["dependencies"]
        for key, kind in _GATES:
            if key in table:
                for name, needs in self.table(table[key], key, table.line).items():
                    yield f"{kind}:{self.name(name, table.line)}", needs

    def _edge(self, need: Any, gate: str, line: int) -> Edge:
        """Return the edge to the one package that a dependency means."""
        need = self.table(need, "dependency", line)
        name = self.name(need.get("name"), line)
        found = self.by_name.get(name, ())
        if "version" in need or "source" in need:
            found = self._fork(name, need.get("version"), need.get("source"))
        if len(found) != 1:
            problem = "could be any of several packages" if found else "is not in the lock"
            what = f"{name} {need.get('version', '')}".strip()
            raise self.fail(f"the dependency {what} {problem}: it is damaged or cut short", self._line_of(name, line))
        if len(need) == 1:
            return Edge(name, found, (), gate)
        return Edge(name, found, self._extras(need, line), gate, self._marker(need.get("marker"), line))

    def _fork(self, name: str, version: Any, source: Any) -> tuple[int, ...]:
        """Return the positions of the packages of one name with this version, this source or both."""
        key = _key(source) if isinstance(source, dict) else None
        if not isinstance(version, str | None) or (source is not None and key is None):
            return ()
        if (name,) not in self.forks:
            self.forks[name,] = []
            for position in self.by_name.get(name, ()):
                head = self.heads[position]
                for identity in {(head.version, None), (None, head.key), (head.version, head.key)}:
                    self.forks.setdefault((name, *identity), []).append(position)
        return tuple(self.forks.get((name, version, key), ())[:2])

    def _extras(self, need: dict[str, Any], line: int) -> tuple[str, ...]:
        extras = need.get("extra", need.get("extras"))
        if extras is None:
            return ()
        names = [extras] if isinstance(extras, str) else self.items(extras, "extra", line)
        return tuple([self.name(name, line) for name in names])

    def _marker(self, marker: Any, line: int) -> str | None:
        if marker is None:
            return None
        if not isinstance(marker, str):
            raise self.fail("a marker that is no text", line)
        if "extra" not in marker:
            return marker
        if marker not in self.honest:
            self.honest[marker] = without(marker, _is_made_up, self._is_impossible)
        return self.honest[marker]

    def _is_impossible(self, terms: list[str]) -> bool:
        """Whether comparisons ask for two extras that conflict."""
        asked = {_made_up(term) for term in terms if " == " in term} - {None}
        return len(asked) > 1 and any(len(asked & conflict) > 1 for conflict in self.conflicts)

    def roots(self) -> tuple[Edge, ...] | None:
        """Return what a script, or a project without a `[project]` table, asks for; None where no package does."""
        if not self._declares():
            return None
        groups = self.table(self.manifest.get("dependency-groups", {}), "manifest.dependency-groups", 1)
        roots = [self._root(need, "") for need in self.items(self.manifest.get("requirements", []), "requirements", 1)]
        for name, needs in groups.items():
            gate = f"group:{self.name(name, 1)}"
            roots += [self._root(need, gate) for need in self.items(needs, gate, 1)]
        return tuple(roots)

    def _root(self, need: Any, gate: str) -> Edge:
        """Return the edge to every package that a requirement can mean; one with a marker may mean none."""
        need = self.table(need, "requirement", 1)
        name = self.name(need.get("name"), 1)
        specifier = need.get("specifier")
        found = self.by_name.get(name, ())
        if isinstance(specifier, str) and specifier.startswith("=="):
            found = tuple(at for at in found if self.heads[at].version == specifier[2:]) or found
        marker = self._marker(need.get("marker"), 1)
        if not found and marker is None:
            line = self._line_of(name, 1)
            raise self.fail(f"the requirement {name} is not in the lock: it is damaged or cut short", line)
        return Edge(name, found, self._extras(need, 1), gate, marker)

    def _line_of(self, name: str, line: int) -> int:
        """Return the line, after that of a package, where a name stands in quotation marks."""
        lines = self.text.split("\n")
        for number, text in enumerate(lines[line:], line + 1):
            if f'"{name}"' in text:
                return number
            if text.startswith("[["):
                break
        return line


def _key(source: dict[str, Any]) -> tuple[str, str] | None:
    """Return kind and place of a source, None where it is of no kind that is known."""
    for kind, value in source.items():
        if kind in _SOURCES and isinstance(value, str):
            folder = source.get("subdirectory")
            return kind, f"{value}#subdirectory={folder}" if isinstance(folder, str) else value
    return None


def _index_and_ref(kind: str, value: str) -> tuple[str | None, str | None]:
    """Return index and reference of a source, without credentials."""
    if kind == "git":
        url, _, commit = value.partition("#")
        url, _, query = url.partition("?")
        folder = next((f"#{part}" for part in query.split("&") if part.startswith("subdirectory=")), "")
        return None, f"{redact(url)}@{commit}{folder}" if commit else redact(url) + folder
    return (redact(value), None) if kind == "registry" else (None, redact(value))


@lru_cache(maxsize=4096)
def _made_up(term: str) -> str | None:
    """Return the extra that a comparison names, if uv made it up to tell conflicting forks apart."""
    match = _MADE_UP.match(term)
    if match is None:
        return None
    length, rest = int(match[2]), match[3]
    return match[1] if len(rest) == length or rest[length : length + 1] == "-" else None


def _is_made_up(term: str) -> bool:
    return _made_up(term) is not None


def _conflicts(data: dict[str, Any]) -> list[frozenset[str]]:
    """Return the sets of extras, under the names that uv makes up, no two of which can hold together."""
    sets = data.get("conflicts", [])
    found = []
    for items in sets if isinstance(sets, list) else ():
        names = set()
        for item in items if isinstance(items, list) else ():
            package = str(item.get("package")) if isinstance(item, dict) else ""
            kind = next((kind for kind in ("extra", "group") if kind in item), "") if package else ""
            names.add(f"{kind or 'project'}-{len(package)}-{package}" + (f"-{item[kind]}" if kind else ""))
        found.append(frozenset(names))
    return found
