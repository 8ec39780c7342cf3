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
from whypin.model.names import is_valid, normalise
from whypin.syntax import toml

NAME = "uv.lock"

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
_NORMAL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_CONFLICT = re.compile(r"extra [!=]= '(?:extra|group|project)-([0-9]{1,4})-([a-z0-9-]+)'\Z")
_AGAIN = "run uv lock again"


def matches(filename: str) -> bool:
    """Whether a file of this name is a lock of uv's: a project's or a script's."""
    return filename == "uv.lock" or filename.endswith(".py.lock")


def read(text: str, path: str, load: Callable[[str], str] | None = None) -> Lock:
    """Read a uv.lock; raises WhypinError with a place. It includes no other file, so `load` is not called."""
    data = toml.load_lock(text, path, _SKIP)
    _check_schema(data, text, path)
    reader = _Reader(data, text, path)
    return Lock(path, NAME, tuple(reader.entries()), reader.roots())


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
    table: toml.Table

    @property
    def in_tree(self) -> bool:
        """Whether it is a source tree, which needs no version."""
        return self.key[0] in SOURCE_TREES


class _Reader:
    """One lock while it is read: every name leads to the positions of its packages."""

    def __init__(self, data: dict[str, Any], text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.heads: list[_Head] = []
        self.by_name: dict[str, tuple[int, ...]] = {}
        self.forks: dict[tuple[object, ...], list[int]] = {}
        self.edges: dict[str, dict[int, Edge]] = {}
        self.manifest = self._table(data.get("manifest", {}), "manifest", 1)
        self._read_heads(data)
        self.members = self._members()

    def fail(self, message: str, line: int, hint: str = _AGAIN) -> WhypinError:
        """Return the error of a lock that can't be as uv wrote it."""
        return WhypinError(message, Location(self.path, line), hint)

    # --- packages --------------------------------------------------------------------------------------------------

    def _read_heads(self, data: dict[str, Any]) -> None:
        tables = data.get("package", data.get("distribution", []))
        if not isinstance(tables, list):
            raise self.fail("`package` is not an array of tables", 1)
        seen: set[tuple[str, str | None, tuple[str, str]]] = set()
        by_name: dict[str, list[int]] = {}
        for position, table in enumerate(tables):
            if not isinstance(table, toml.Table):
                raise self.fail("`package` is not an array of tables", 1)
            head = self._head(table)
            name, version, key, _ = head
            if (name, version, key) in seen:
                raise self.fail(f"{name} {version or ''} is locked twice from one source", table.line)
            seen.add((name, version, key))
            self.heads.append(head)
            by_name.setdefault(name, []).append(position)
        self.by_name = {name: tuple(found) for name, found in by_name.items()}

    def _head(self, table: toml.Table) -> _Head:
        name, version, source = table.get("name"), table.get("version"), table.get("source")
        if not isinstance(name, str):
            raise self.fail("a package without a name", table.line)
        if not isinstance(source, dict):
            raise self.fail(f"{name!r:.80} has no source", table.line)
        kind, value = next(((kind, value) for kind, value in source.items() if kind in _SOURCES), ("", None))
        if not isinstance(value, str):
            raise self.fail(f"{name!r:.80} has a source of an unknown kind", table.line)
        if version is None:
            if kind not in SOURCE_TREES:
                raise self.fail(f"{name!r:.80} has no version, which only a source tree may lack", table.line)
        elif not isinstance(version, str) or not 0 < len(version) <= 200:
            raise self.fail(f"{name!r:.80} has a version that is none", table.line)
        return _Head(self._name(name, table.line), version, (kind, value), table)

    def _name(self, name: Any, line: int) -> str:
        if isinstance(name, str):
            if _NORMAL.match(name) and len(name) <= 200:
                return name
            if is_valid(name):
                return normalise(name)
        raise self.fail(f"{name!r:.80} is not a package name", line)

    def _members(self) -> frozenset[int]:
        """Return the positions of the project's own packages; a lock that was cut short lacks some."""
        names = self.manifest.get("members")
        if names is None:
            here = [at for at, head in enumerate(self.heads) if head.in_tree and head.key[1] == "."]
            if not here and self.heads and not self._declares():
                raise self.fail("the project itself is not in the lock: it is damaged or cut short", 1)
            return frozenset(here)
        members: list[int] = []
        for name in self._list(names, "manifest.members", 1):
            found = self.by_name.get(self._name(name, self._line_of(str(name), 1)))
            if not found:
                line = self._line_of(str(name), 1)
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
            hashed = toml.mentions(table.get("wheels"), "hash") or toml.mentions(table.get("sdist"), "hash")
            where = Location(self.path, table.line)
            member = position in self.members
            source = _SOURCES[key[0]]
            yield Entry(name, version, source, where, index, ref, marker, edges, hashed, member, False, (), implied)

    def _marker_of(self, table: toml.Table) -> str | None:
        markers = table.get("resolution-markers", table.get("environment-markers"))
        if markers is None:
            return None
        honest = [_honest(marker) for marker in self._list(markers, "resolution-markers", table.line)]
        return " or ".join(dict.fromkeys(filter(None, honest))) if all(honest) else None

    # --- edges -----------------------------------------------------------------------------------------------------

    def _edges_of(self, position: int, table: toml.Table) -> tuple[tuple[Edge, ...], tuple[tuple[str, str], ...]]:
        """Return the edges of a package, and the extras it asks of itself with the gates they stand behind."""
        edges: list[Edge] = []
        implied: list[tuple[str, str]] = []
        itself = (position,)
        for gate, needs in self._needs(table):
            known = self.edges.setdefault(gate, {})
            for need in self._list(needs, "dependencies", table.line):
                edge = known.get(id(need))
                if edge is None:
                    edge = known[id(need)] = self._edge(need, gate, table.line)
                if edge.targets == itself:
                    implied += [(gate, extra) for extra in edge.extras]
                else:
                    edges.append(edge)
        return tuple(edges), tuple(implied)

    def _needs(self, table: toml.Table) -> Iterator[tuple[str, Any]]:
        if "dependencies" in table:
            yield "", table["dependencies"]
        for key, kind in _GATES:
            if key in table:
                for name, needs in self._table(table[key], key, table.line).items():
                    yield f"{kind}:{self._name(name, table.line)}", needs

    def _edge(self, need: Any, gate: str, line: int) -> Edge:
        """Return the edge to the one package that a dependency means."""
        need = self._table(need, "dependency", line)
        name = self._name(need.get("name"), line)
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
        key = next(iter(source.items()), None) if isinstance(source, dict) else None
        if not isinstance(version, str | None) or (source is not None and not (key and isinstance(key[1], str))):
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
        names = [extras] if isinstance(extras, str) else self._list(extras, "extra", line)
        return tuple([self._name(name, line) for name in names])

    def _marker(self, marker: Any, line: int) -> str | None:
        if marker is None:
            return None
        if not isinstance(marker, str):
            raise self.fail("a marker that is no text", line)
        return _honest(marker)

    def roots(self) -> tuple[Edge, ...] | None:
        """Return what a script, or a project without a `[project]` table, asks for; None where no package does."""
        if not self._declares():
            return None
        groups = self._table(self.manifest.get("dependency-groups", {}), "manifest.dependency-groups", 1)
        roots = [self._root(need, "") for need in self._list(self.manifest.get("requirements", []), "requirements", 1)]
        for name, needs in groups.items():
            gate = f"group:{self._name(name, 1)}"
            roots += [self._root(need, gate) for need in self._list(needs, gate, 1)]
        return tuple(roots)

    def _root(self, need: Any, gate: str) -> Edge:
        """Return the edge to every package that a requirement can mean; one with a marker may mean none."""
        need = self._table(need, "requirement", 1)
        line = self._line_of(str(need.get("name")), 1)
        name = self._name(need.get("name"), line)
        specifier = need.get("specifier")
        found = self.by_name.get(name, ())
        if isinstance(specifier, str) and specifier.startswith("=="):
            found = tuple(at for at in found if self.heads[at].version == specifier[2:]) or found
        marker = self._marker(need.get("marker"), line)
        if not found and marker is None:
            raise self.fail(f"the requirement {name} is not in the lock: it is damaged or cut short", line)
        return Edge(name, found, self._extras(need, line), gate, marker)

    # --- shapes ----------------------------------------------------------------------------------------------------

    def _table(self, value: Any, what: str, line: int) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.fail(f"`{what}` is not a table", line)
        return value

    def _list(self, value: Any, what: str, line: int) -> list[Any]:
        if not isinstance(value, list):
            raise self.fail(f"`{what}` is not an array", line)
        return value

    def _line_of(self, name: str, line: int) -> int:
        """Return the line, after that of a package, where a name stands in quotation marks."""
        lines = self.text.split("\n")
        for number, text in enumerate(lines[line:], line + 1):
            if f'"{name}"' in text:
                return number
            if text.startswith("[["):
                break
        return line


def _index_and_ref(kind: str, value: str) -> tuple[str | None, str | None]:
    """Return index and reference of a source, without credentials."""
    if kind == "git":
        url, _, commit = value.partition("#")
        url, _, query = url.partition("?")
        folder = next((f"#{part}" for part in query.split("&") if part.startswith("subdirectory=")), "")
        return None, f"{_redact(url)}@{commit}{folder}" if commit else _redact(url) + folder
    return (_redact(value), None) if kind == "registry" else (None, _redact(value))


def _redact(url: str) -> str:
    if "@" not in url and "?" not in url:
        return url
    from whypin.syntax.requirements import redact

    return redact(url)


@lru_cache(maxsize=4096)
def _honest(marker: str) -> str | None:
    """Return the marker without the made-up extras by which uv tells conflicting forks apart.

    What is left holds wherever the marker can hold; None where nothing is left of it.
    """
    if "extra" not in marker:
        return marker
    kept: dict[str, None] = {}
    for alternative in marker.split(" or "):
        if alternative[:1] == "(" and alternative[-1:] == ")":
            alternative = alternative[1:-1]
        terms = [term for term in alternative.split(" and ") if not _is_made_up(term)]
        if not terms or "(" in alternative:
            return None
        kept[" and ".join(terms)] = None
    if len(kept) == 1:
        return next(iter(kept))
    return " or ".join(f"({terms})" if " and " in terms else terms for terms in kept)


@lru_cache(maxsize=4096)
def _is_made_up(term: str) -> bool:
    match = _CONFLICT.match(term)
    if match is None:
        return False
    length, rest = int(match[1]), match[2]
    return len(rest) == length or rest[length : length + 1] == "-"
