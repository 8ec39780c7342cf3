"""pylock.toml and pylock.NAME.toml: the lock of the standards, version 1.x.

Source: the Python packaging specification of pylock.toml (PEP 751). What whypin does not need is not validated, and
what tools get wrong without harm is accepted: names that are not normalised, times in quotation marks, no version.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import MAIN, Edge, Entry, Lock, Source
from whypin.model.names import is_valid, normalise
from whypin.model.tree import Problem
from whypin.syntax import toml
from whypin.syntax.marker import without
from whypin.syntax.shape import MAX_VERSION, Shape
from whypin.syntax.text import line_at
from whypin.syntax.toml_scan import Raw, Table
from whypin.syntax.url import redact

NAME = "pylock"

_SKIP = frozenset({"wheels", "sdist"})
_FILE_NAME = re.compile(r"pylock\.(?:[^.]+\.)?toml\Z")
_VERSION = re.compile(r"1\.[0-9]{1,4}\Z")
_REQUIREMENT = re.compile(r"(?m)^(?:[A-Za-z0-9][\w.-]*+(?:\[[^\]\n]*\])?[ \t]*===?[ \t]*[^\s=]|--hash=|-[er] )")
_GATE = re.compile(r"""(["'])([^"']*)\1\s+(not\s+)?in\s+(extras|dependency_groups)\b""")
_OPERAND = r"""(?:[^\s()"'=!<>~]++|"[^"]*+"|'[^']*+')"""
_TERM = re.compile(rf"(?<![^\s()]){_OPERAND}\s*+(?:[=!<>~]++|not\s++in\b|in\b)\s*+{_OPERAND}")
_KINDS = ("vcs", "directory", "archive")
_KEYS = frozenset(
    {
        "lock-version",
        "environments",
        "requires-python",
        "extras",
        "dependency-groups",
        "default-groups",
        "created-by",
        "packages",
        "tool",
    }
)
_MAX_FORKS = 1000
_MAX_DEPTH = 50
_MAX_MARKER = 20_000
_AGAIN = "lock again"


def read(text: str, path: str, load: Callable[[str], str] | None = None) -> Lock:
    """Read a pylock.toml; raises WhypinError with a place. It includes no other file, so `load` is not called.

    It does not lock the project itself: `roots` is None, and the manifest tells what is direct. Where it is of several
    extras or groups, markers tell the groups. Edges are None where no package of the lock records any.
    """
    _check_name(path)
    try:
        data = toml.load_lock(text, path, _SKIP)
    except WhypinError:
        if match := _REQUIREMENT.search(text):
            where = Location(path, line_at(text, match.start()))
            hint = "rename it to requirements.txt, or export it in the format pylock.toml"
            raise WhypinError("these are requirements, not a pylock.toml", where, hint) from None
        raise
    _check_version(data, text, path)
    reader = _Reader(data, text, path)
    covers, warnings = _covers(data, path), tuple(_unknown(data, text))
    return Lock(path, NAME, tuple(reader.entries()), covers=covers, warnings=warnings)


def _covers(data: dict[str, Any], path: str) -> tuple[str, ...]:
    """Return the groups that the lock was made for; what it doesn't tell is main for `pylock.toml`, else nothing."""
    told = [(kind, data.get(key)) for kind, key in (("extra", "extras"), ("group", "dependency-groups"))]
    names = [f"{kind}:{normalise(str(name))}" for kind, found in told if isinstance(found, list) for name in found]
    main = bool(names) or path.rpartition("/")[2] == "pylock.toml"
    return (*((MAIN,) if main else ()), *names)


def _unknown(data: dict[str, Any], text: str) -> Iterator[Problem]:
    """Tell what a newer minor version has brought; the specification asks to read what is known of it."""
    version = data.get("lock-version")
    if version != "1.0":
        yield Problem(*toml.place_of(text, "lock-version"), f"lock version {version} is newer than whypin knows: 1.0")
    for key in data:
        if key not in _KEYS:
            yield Problem(*toml.place_of(text, key), f"the key {key!r:.80} is not known to lock version 1.0")


def _check_name(path: str) -> None:
    name = path.rpartition("/")[2]
    if name.startswith("pylock.") and not _FILE_NAME.match(name):
        middle = name.removeprefix("pylock").removesuffix(".toml").strip(".").replace(".", "-")
        message = "not a name for a pylock.toml: what stands between has no dots"
        raise WhypinError(message, Location(path), f"rename it to pylock.{middle}.toml" if middle else "")


def _check_version(data: dict[str, Any], text: str, path: str) -> None:
    version = data.get("lock-version")
    if version is None:
        raise WhypinError("no lock-version: this is not a pylock.toml", Location(path), _AGAIN)
    if not isinstance(version, str) or not _VERSION.match(version):
        where = Location(path, *toml.place_of(text, "lock-version"))
        raise WhypinError(f"unsupported lock version {version!s:.20}", where, "whypin reads version 1 of pylock.toml")
    if "packages" not in data:
        raise WhypinError("no `packages`: it is damaged or cut short", Location(path), _AGAIN)


class _Head(NamedTuple):
    """What tells one package of the lock from another, and its table with the line it stands on."""

    name: str
    version: str | None
    source: Source
    registry: str | None
    ref: str | None
    marker: str | None
    line: int
    table: dict[str, Any]


class _Reader(Shape):
    """One lock while it is read: every name leads to the positions of its packages."""

    def __init__(self, data: dict[str, Any], text: str, path: str) -> None:
        super().__init__(path, _AGAIN)
        self.text = text
        self.heads: list[_Head] = []
        self.by_key: dict[tuple[str, str | None], list[int]] = {}
        self.targets: dict[str, tuple[int, ...]] = {}
        self.markers: dict[str | None, tuple[str | None, tuple[str, ...]]] = {}
        self.has_groups = any(data.get(key) for key in ("extras", "dependency-groups"))
        self._read_heads(self.items(data["packages"], "packages", 1))
        self.has_edges = any("dependencies" in head.table for head in self.heads)

    def _read_heads(self, tables: list[Any]) -> None:
        seen: set[tuple[object, ...]] = set()
        for position, table in enumerate(tables):
            line = self._line(position, table)
            head = self._head(self.table(table, "packages", line), line)
            if head[:6] in seen:
                what = f"{head.name} {head.version or ''}".rstrip()
                raise self.fail(f"{what} is locked twice from one source", line)
            seen.add(head[:6])
            self.heads.append(head)
            self.by_key.setdefault((head.name, None), []).append(position)
            if head.version is not None:
                self.by_key.setdefault((head.name, head.version), []).append(position)

    def _line(self, position: int, table: Any) -> int:
        if isinstance(table, Table):
            return table.line
        return toml.place_of(self.text, "packages", position, "name")[0]

    def _head(self, table: dict[str, Any], line: int) -> _Head:
        name = self.name(table.get("name"), line)
        version, index, marker = (self._string(table, key, line) for key in ("version", "index", "marker"))
        if version is not None and not 0 < len(version) <= MAX_VERSION:
            raise self.fail(f"{name} has a version that is none", line)
        source, ref = self._origin(name, table, line)
        if source == "registry" and version is None and "wheels" not in table and "sdist" not in table:
            raise self.fail(f"{name} has neither a version nor a source", line)
        return _Head(name, version, source, redact(index) if index else None, ref, marker or None, line, table)

    def _string(self, table: dict[str, Any], key: str, line: int) -> str | None:
        value = table.get(key)
        if not isinstance(value, str | None):
            raise self.fail(f"`{key}` is not a string", line)
        return value

    def _origin(self, name: str, table: dict[str, Any], line: int) -> tuple[Source, str | None]:
        """Return kind and reference of a package; one from an index has files instead."""
        kinds = [kind for kind in _KINDS if kind in table]
        if not kinds:
            return "registry", None
        if len(kinds) > 1 or "wheels" in table or "sdist" in table:
            raise self.fail(f"{name} has several sources", line)
        source = self.table(table[kinds[0]], kinds[0], line)
        url, path, folder = (self._string(source, key, line) for key in ("url", "path", "subdirectory"))
        place = path if kinds[0] == "directory" else url or path
        if not place:
            raise self.fail(f"{name} has a source without a place", line)
        ref, folder = redact(place), f"#subdirectory={folder}" if folder else ""
        if kinds[0] == "directory":
            return "editable" if source.get("editable") is True else "directory", ref + folder
        if kinds[0] == "archive":
            return "url" if url else "path", ref + folder
        commit, system = (self._string(source, key, line) for key in ("commit-id", "type"))
        commit = commit or self._string(source, "requested-revision", line)
        prefix = f"{system}+" if system and system != "git" else ""
        return "git", prefix + ref + (f"@{commit}" if commit else "") + folder

    def entries(self) -> Iterator[Entry]:
        """Yield the entries in the order of the file."""
        for position, (name, version, source, index, ref, told, line, table) in enumerate(self.heads):
            if told not in self.markers:
                self.markers[told] = self._marker_and_groups(told, line)
            marker, groups = self.markers[told]
            edges = self._edges_of(position) if self.has_edges else None
            hashed = any(_is_hashed(table.get(key)) for key in ("wheels", "sdist", "archive"))
            uploaded = toml.day_of(table.get("wheels"), "upload") or toml.day_of(table.get("sdist"), "upload")
            where = Location(self.path, line)
            entry = Entry(name, version, source, where, index, ref, marker, edges, hashed, groups=groups)
            yield entry._replace(uploaded=uploaded) if uploaded else entry

    def _marker_and_groups(self, marker: str | None, line: int) -> tuple[str | None, tuple[str, ...]]:
        """Return the marker without extras and groups of the project, and the groups that it tells.

        A package without any is always installed; in a lock of no extras and groups this says nothing. Locks of PDM and
        pipenv call the project's own dependencies a group named `default`.
        """
        gates = [found for found in _GATE.findall(marker or "") if not found[2]]
        if not gates or marker is None:
            return marker, (MAIN,) if self.has_groups else ()
        groups = {MAIN} if _holds_without(marker) else set()
        for _, name, _, kind in gates:
            if not is_valid(name):
                raise self.fail(f"{name!r:.80} is not the name of a group", line)
            gate = f"{'extra' if kind == 'extras' else 'group'}:{normalise(name)}"
            groups.add(MAIN if gate == "group:default" else gate)
        bare = without(marker, lambda term: _GATE.search(term) is not None)
        return bare, tuple(sorted(groups, key=lambda group: (group != MAIN, group)))

    def _edges_of(self, position: int) -> tuple[Edge, ...]:
        head = self.heads[position]
        edges: dict[Edge, None] = {}
        for need in self.items(head.table.get("dependencies", []), "dependencies", head.line):
            need = self.table(need, "dependency", head.line)
            name = self.name(need.get("name"), head.line)
            targets = self._targets(name, need, head.line)
            if targets != (position,):
                edges[Edge(name, targets)] = None
        return tuple(edges)

    def _targets(self, name: str, need: dict[str, Any], line: int) -> tuple[int, ...]:
        """Return the packages that a dependency means: those that have all that it says of one."""
        key = repr(need)
        if key not in self.targets:
            version = self._string(need, "version", line)
            found = self.by_key.get((name, version), [])
            if len(found) > _MAX_FORKS:
                raise self.fail(f"{name} is locked more than {_MAX_FORKS:,} times", line)
            rest = {key: value for key, value in need.items() if key not in ("name", "version")}
            self.targets[key] = tuple(at for at in found if _says(self.heads[at].table, rest))
        if not self.targets[key]:
            raise self.fail(f"the dependency {name} is not in the lock: it is damaged or cut short", line)
        return self.targets[key]


def _says(value: Any, need: Any) -> bool:
    """Whether a value has all that another has, key by key."""
    if isinstance(need, dict) and isinstance(value, dict):
        return all(key in value and _says(value[key], part) for key, part in need.items())
    return bool(value == need) or isinstance(value, Raw)


def _is_hashed(value: Any) -> bool:
    if isinstance(value, Raw):
        text, start, end = value
        return text.find("hashes = {", start, end) >= 0
    if isinstance(value, dict):
        return bool(value.get("hashes"))
    return isinstance(value, list) and any(map(_is_hashed, value))


def _holds_without(marker: str) -> bool:
    """Whether a marker can hold where no extra and no group is asked for; so one that nobody understands."""
    if len(marker) > _MAX_MARKER:
        return True
    text = _TERM.sub("1", _GATE.sub(lambda match: "1" if match[3] else "0", marker))
    text = "".join(text.split())
    for _ in range(_MAX_DEPTH):
        if text in ("0", "1"):
            break
        text = re.sub(r"\(([01])\)", r"\1", text)
        text = re.sub(r"[01](?:and[01])+", lambda match: "0" if "0" in match[0] else "1", text)
        text = re.sub(r"(?<![^(])[01](?:or[01])+(?![^)])", lambda match: "1" if "1" in match[0] else "0", text)
    return text != "0"
