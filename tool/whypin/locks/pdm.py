"""pdm.lock: lock versions 2 to 4.5.

Source: pdm-project/pdm, src/pdm/project/lockfile and src/pdm/models/repositories/lock.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import MAIN, Edge, Entry, Lock, Source
from whypin.model.names import normalise
from whypin.model.version import to_specifiers
from whypin.syntax import pep508, toml
from whypin.syntax.shape import MAX_VERSION, Shape, metadata_of
from whypin.syntax.toml_scan import Table
from whypin.syntax.url import redact

NAME = "pdm"

_SKIP = frozenset({"files"})
_VERSION = re.compile(r"(?:2|3|4(?=\.[0-5](?:\.|\Z)|\Z))(?:\.[0-9]{1,4}){0,2}\Z")
_REPOSITORIES = ("git", "hg", "svn", "bzr")
_ARCHIVE = (".whl", ".zip", ".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tar")
#: Extras and forks multiply what a table lists: a lock that a tool wrote stays far below.
_MAX_STEPS = 1_000_000
_AGAIN = "run pdm lock again"

Origin = tuple[Source, str | None]


def read(text: str, path: str, load: Callable[[str], str] | None = None) -> Lock:
    """Read a pdm.lock; raises WhypinError with a place. It includes no other file, so `load` is not called.

    PDM locks a package once more for the extras that are asked of it: what they need becomes edges behind these extras.
    It does not lock the project itself: `roots` is None, and the manifest tells what is direct.
    """
    data = toml.load_lock(text, path, _SKIP)
    metadata = metadata_of(data, text, path, _AGAIN)
    _check_version(metadata, text, path)
    entries = tuple(_Reader(data, metadata, path).entries())
    return Lock(path, NAME, entries, covers=_covers(metadata), content_hash=_text(metadata.get("content_hash")))


def _check_version(metadata: dict[str, Any], text: str, path: str) -> None:
    """Accept what PDM does: any patch of its own version, older minor ones, and what came before them."""
    version = metadata.get("lock_version")
    if not isinstance(version, str) or not _VERSION.match(version):
        where = Location(path, *toml.place_of(text, "metadata", "lock_version"))
        problem = "no lock version" if version is None else f"unsupported lock version {version!s:.20}"
        raise WhypinError(problem, where, "whypin reads 2 to 4.5 of pdm.lock")


def _covers(metadata: dict[str, Any]) -> tuple[str, ...] | None:
    """Return the groups that the lock was made for, as groups and as extras: it does not tell them apart."""
    told = metadata.get("groups")
    if not isinstance(told, list):
        return None
    names = [normalise(str(name)) for name in told]
    return tuple(MAIN if name == "default" else f"{kind}:{name}" for name in names for kind in ("group", "extra"))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


class _Package(NamedTuple):
    """One package of the lock: its own table, and one for each set of extras that is locked with it."""

    name: str
    version: str | None
    origin: Origin
    tables: list[Table]

    @property
    def head(self) -> Table:
        """The package's own table; that of some extras where it has none."""
        return next((table for table in self.tables if not table.get("extras")), self.tables[0])


class _Reader(Shape):
    """One lock while it is read: every name leads to the positions of its packages."""

    def __init__(self, data: dict[str, Any], metadata: dict[str, Any], path: str) -> None:
        super().__init__(path, _AGAIN)
        self.packages: list[_Package] = []
        self.by_name: dict[str, list[int]] = {}
        self.needs: dict[str, pep508.Parsed] = {}
        self.targets: dict[tuple[str, str], tuple[int, ...]] = {}
        self.steps = 0
        old = metadata.get("files", {})
        self.files = {_normal_key(key): value for key, value in old.items()} if isinstance(old, dict) else {}
        self._read_packages(data.get("package", []))
        names = [package.name for package in self.packages]
        # PDM sorts what it locks: of a lock that was cut short, what is missing comes after the last that is there.
        self.last = names[-1] if names and names == sorted(names) else None

    def _read_packages(self, tables: Any) -> None:
        known: dict[tuple[str, str | None, Origin], _Package] = {}
        seen: set[tuple[str, str | None, Origin, tuple[str, ...]]] = set()
        for table in self.items(tables, "package", 1):
            if not isinstance(table, Table):
                raise self.fail("`package` is not an array of tables", 1)
            name = self.name(table.get("name"), table.line)
            key = (name, *self._version_and_origin(name, table))
            extras = self._extras(table)
            if (*key, extras) in seen:
                what = f"{name}[{','.join(extras)}]" if extras else name
                raise self.fail(f"{what} {key[1] or ''}".rstrip() + " is locked twice from one source", table.line)
            seen.add((*key, extras))
            if key in known:
                known[key].tables.append(table)
            else:
                known[key] = _Package(*key, [table])
                self.by_name.setdefault(name, []).append(len(self.packages))
                self.packages.append(known[key])

    def _version_and_origin(self, name: str, table: Table) -> tuple[str | None, Origin]:
        version = table.get("version")
        origin = _origin(table)
        if version is None and origin[0] == "registry":
            raise self.fail(f"{name} has no version", table.line)
        if version is not None and not (isinstance(version, str) and 0 < len(version) <= MAX_VERSION):
            raise self.fail(f"{name} has a version that is none", table.line)
        return version, origin

    def _extras(self, table: Table) -> tuple[str, ...]:
        extras = self.items(table.get("extras", []), "extras", table.line)
        return tuple(sorted(self.name(extra, table.line) for extra in extras))

    def entries(self) -> Iterator[Entry]:
        """Yield the entries in the order of the file."""
        for position, (name, version, (source, ref), tables) in enumerate(self.packages):
            head = self.packages[position].head
            marker = head.get("marker")
            if not isinstance(marker, str | None):
                raise self.fail("`marker` is not a string", head.line)
            edges, implied = self._edges_of(position, tables)
            where = Location(self.path, head.line)
            yield Entry(
                name,
                version,
                source,
                where,
                ref=ref,
                marker=marker or None,
                edges=edges,
                hashed=any(self._is_hashed(name, version, table) for table in tables),
                groups=self._groups(tables),
                implied=implied,
            )

    def _is_hashed(self, name: str, version: str | None, table: Table) -> bool:
        files = table.get("files")
        return toml.mentions(self.files.get(f"{name} {version}") if files is None else files, "hash")

    def _groups(self, tables: list[Table]) -> tuple[str, ...]:
        """Return the groups that need any of the tables; the lock does not tell groups from extras."""
        groups = set()
        for table in tables:
            told = table.get("groups", table.get("sections", []))
            for group in self.items(told, "groups", table.line):
                groups.add(MAIN if group == "default" else f"group:{self.name(group, table.line)}")
        return tuple(sorted(groups, key=lambda group: (group != MAIN, group)))

    def _edges_of(self, position: int, tables: list[Table]) -> tuple[tuple[Edge, ...], tuple[tuple[str, str], ...]]:
        """Return the edges of a package, and the extras it asks of itself with the gates they stand behind."""
        edges: dict[Edge, None] = {}
        implied: dict[tuple[str, str], None] = {}
        for table in tables:
            gates = [f"extra:{extra}" for extra in self._extras(table)] or [""]
            needs = self.items(table.get("dependencies", []), "dependencies", table.line)
            self._count(len(gates) * len(needs), table.line)
            for line in needs:
                need = self._need(line, table.line)
                targets = self._targets(need, table.line)
                for gate in gates:
                    if targets == (position,):
                        implied.update(dict.fromkeys((gate, extra) for extra in need.extras))
                    else:
                        edges[Edge(need.name, targets, need.extras, gate, need.marker)] = None
        return tuple(edges), tuple(implied)

    def _count(self, steps: int, line: int) -> None:
        self.steps += steps
        if self.steps > _MAX_STEPS:
            raise self.fail(f"its dependencies take more than {_MAX_STEPS:,} steps to follow", line)

    def _need(self, line: Any, number: int) -> pep508.Parsed:
        if not isinstance(line, str):
            raise self.fail("a dependency is not a string", number)
        if line not in self.needs:
            try:
                self.needs[line] = pep508.parse(line)
            except ValueError as error:
                raise self.fail(str(error), number) from None
        return self.needs[line]

    def _targets(self, need: pep508.Parsed, line: int) -> tuple[int, ...]:
        """Return the locked versions that a requirement can mean; one with a marker may mean none.

        Nor is locked what the project excludes, or the project itself: a name alone is no sign of damage.
        """
        found = self.by_name.get(need.name)
        if found is None:
            if need.marker is None and self.last is not None and need.name > self.last:
                raise self.fail(f"the dependency {need.name} is not in the lock: it is damaged or cut short", line)
            return ()
        if len(found) == 1:
            return tuple(found)
        key = (need.name, need.specifier)
        if key not in self.targets:
            self._count(len(found), line)
            admitted = [at for at in found if _admits(need.specifier, self.packages[at].version)]
            self.targets[key] = tuple(admitted or found)
        return self.targets[key]


def _origin(table: Table) -> Origin:
    """Return kind and reference of a package; no source means an index, which the lock does not name."""
    folder = f"#subdirectory={table['subdirectory']}" if isinstance(table.get("subdirectory"), str) else ""
    for kind in _REPOSITORIES:
        if isinstance(table.get(kind), str):
            commit = table.get("revision") or table.get("ref")
            scheme = "" if kind == "git" else f"{kind}+"
            return "git", scheme + redact(table[kind]) + (f"@{commit}" if commit else "") + folder
    url, path = table.get("url"), table.get("path")
    if isinstance(path, str) or (isinstance(url, str) and url.startswith("file:")):
        place = path if isinstance(path, str) else redact(str(url))
        archive = place.endswith(_ARCHIVE)
        return "path" if archive else "editable" if table.get("editable") is True else "directory", place + folder
    if isinstance(url, str):
        return "url", redact(url) + folder
    return "registry", None


def _normal_key(key: str) -> str:
    """Return a key of the old table of files as `name version`: it may name extras too."""
    name, _, version = key.partition(" ")
    return f"{normalise(name.partition('[')[0])} {version}"


def _admits(specifier: str, version: str | None) -> bool:
    try:
        return not specifier or version is None or to_specifiers(specifier).contains(version, prereleases=True)
    except ValueError:
        return True
