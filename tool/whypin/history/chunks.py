"""TOML locks read package by package: what one lock has in common with the last is not read again.

A lock is split where a package begins, and what a piece says is kept by its bytes. Each new piece goes through the
guarded scan. Where a piece is not as tools write it, or the pieces do not fit together, there is no answer: then the
format's own reader has to tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from whypin.model.lock import SOURCE_TREES
from whypin.model.names import is_valid, normalise
from whypin.syntax.shape import MAX_VERSION
from whypin.syntax.toml_scan import Table, scan

#: A package as records write it, and a version of it.
Fact: TypeAlias = tuple[str, str]
State: TypeAlias = tuple[Fact, ...]

_SKIP = frozenset({"wheels", "sdist", "files"})
_SPLIT = b"\n[[package]]\n"
#: Pieces are kept until they take this much memory.
_MOST = 256 * 1024 * 1024

_ROOTS = ("requirements", "dependency-groups")
_UV_SOURCES = ("registry", "git", "url", "path", "directory", "editable", "virtual")
_UV_MARKERS = ("resolution-markers", "environment-markers")
_POETRY_SOURCES = ("legacy", "pypi", "git", "url", "file", "directory")
_PDM_PLACES = frozenset({"path", "url", "git", "hg", "svn", "bzr", "editable"})
_PDM_VERSION = re.compile(r"4\.[0-5](?:\.[0-9]{1,4})?\Z")
_POETRY_VERSION = re.compile(r"[12]\.[0-9]{1,4}\Z")
_NEED = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


class _OddError(Exception):
    """Not as the tool writes it: the whole lock is left to its reader."""


class Piece(NamedTuple):
    """One package: `fact` is None for a source tree, `identity` is what no other piece may have.

    `needs` are names, or identities where the lock tells forks apart. `rest` is what follows it at the end of a lock.
    """

    fact: Fact | None
    identity: tuple[object, ...]
    needs: tuple[object, ...]
    rest: dict[str, Any]


class Chunks:
    """The pieces of all locks of one format that were read so far."""

    def __init__(self, kind: str) -> None:
        self._read, self._fits = FORMATS[kind]
        self._known: dict[bytes, Piece | None] = {}
        self._heads: dict[bytes, dict[str, Any] | None] = {}
        self._facts: dict[Fact, Fact] = {}
        self._size = 0

    def state(self, data: bytes) -> State | None:
        """Return what a lock holds, each version once; None where its own reader has to tell."""
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n")
        # Old locks of Poetry and PDM have nothing before the first package.
        first, *rest = (b"\n" + data.removeprefix(b"\xef\xbb\xbf")).split(_SPLIT)
        found = [self._known[piece] if piece in self._known else self._new(piece) for piece in rest]
        if first not in self._heads:
            self._heads[first] = _scanned(first + b"\n")
        head = self._heads[first]
        if head is None or not found or "package" in head:
            return None
        pieces = [piece for piece in found if piece is not None]
        if len(pieces) < len(found) or any(piece.rest for piece in pieces[:-1]):
            return None
        if len({piece.identity for piece in pieces}) < len(pieces) or not self._fits(pieces, head | pieces[-1].rest):
            return None
        return tuple(dict.fromkeys(piece.fact for piece in pieces if piece.fact is not None))

    def _new(self, data: bytes) -> Piece | None:
        self._size += len(data)
        if self._size > _MOST:
            self._known.clear()
            self._size = len(data)
        read = _scanned(b"[[package]]\n" + data + b"\n")
        piece = None
        if read is not None:
            (table,) = tables if len(tables := read.pop("package")) == 1 else (Table(),)
            try:
                piece = self._read(table)._replace(rest=read)
            except _OddError:
                piece = None
        if piece is not None and piece.fact is not None:
            piece = piece._replace(fact=self._facts.setdefault(piece.fact, piece.fact))
        self._known[data] = piece
        return piece


def _scanned(data: bytes) -> dict[str, Any] | None:
    try:
        return scan(data.decode(), _SKIP)
    except UnicodeDecodeError:
        return None


def _name(value: Any) -> str:
    if not isinstance(value, str) or not is_valid(value):
        raise _OddError
    return normalise(value)


def _version(table: Table) -> str:
    version = table.get("version")
    if not isinstance(version, str) or not 0 < len(version) <= MAX_VERSION:
        raise _OddError
    return version


def _lists(value: Any) -> Iterator[Any]:
    """Yield the members of an array, or of all arrays of a table."""
    for part in value.values() if isinstance(value, dict) else (value,):
        if not isinstance(part, list):
            raise _OddError
        yield from part


def _uv(table: Table) -> Piece:
    name, key = _name(table.get("name")), _uv_source(table.get("source"))
    version = None if "version" not in table and key[0] in SOURCE_TREES else _version(table)
    fact = None if version is None or key[0] in SOURCE_TREES else (name, version)
    if not all(isinstance(marker, str) for each in _UV_MARKERS if each in table for marker in _lists(table[each])):
        raise _OddError
    lists = ("dependencies", "optional-dependencies", "dev-dependencies", "dependency-groups")
    needs = tuple(_uv_need(need) for each in lists if each in table for need in _lists(table[each]))
    return Piece(fact, (name, version, key), needs, {})


def _uv_source(source: Any) -> tuple[str, str, str]:
    if isinstance(source, dict):
        for kind, value in source.items():
            if kind in _UV_SOURCES and isinstance(value, str):
                return kind, value, str(source.get("subdirectory", ""))
    raise _OddError


def _uv_need(need: Any) -> object:
    if not isinstance(need, dict) or not isinstance(need.get("marker", ""), str):
        raise _OddError
    name = _name(need.get("name"))
    if "version" not in need and "source" not in need:
        return name
    return name, need.get("version"), _uv_source(need.get("source"))


def _uv_fits(pieces: Sequence[Piece], rest: dict[str, Any]) -> bool:
    """Whether this is schema 1, the members are there, and every edge leads to one package."""
    manifest, version = rest.get("manifest", {}), rest.get("version")
    if version is True or version != 1 or not isinstance(manifest, dict):
        return False
    names = [piece.identity[0] for piece in pieces]
    known: set[object] = {*names, *(piece.identity for piece in pieces)}
    try:
        needed = {_name(name) for name in _lists(manifest.get("members", []))}
        needed |= {_name(need.get("name")) for each in _ROOTS for need in _lists(manifest.get(each, []))}
    except (_OddError, AttributeError):
        return False
    if not (needed or any(map(_is_here, pieces))) or not known.issuperset(needed):
        return False
    # A name that forks share leads to no one of them.
    known -= {name for name, times in Counter(names).items() if times > 1}
    return known.issuperset(_needs(pieces))


def _is_here(piece: Piece) -> bool:
    source = piece.identity[2]
    return isinstance(source, tuple) and source[0] in SOURCE_TREES and source[1] == "."


def _needs(pieces: Sequence[Piece]) -> set[object]:
    return set().union(*(piece.needs for piece in pieces))


def _poetry(table: Table) -> Piece:
    name, version = _name(table.get("name")), _version(table)
    source = table.get("source", {"type": "pypi", "url": ""})
    kind, url = (source.get("type"), source.get("url")) if isinstance(source, dict) else (None, None)
    needs = table.get("dependencies", {})
    if kind not in _POETRY_SOURCES or not isinstance(url, str) or not isinstance(needs, dict):
        raise _OddError
    if not all(isinstance(need, str | dict | list) for need in needs.values()):
        raise _OddError
    return Piece(None if kind == "directory" else (name, version), (name, version, str(source)), (), {})


def _poetry_fits(pieces: Sequence[Piece], rest: dict[str, Any]) -> bool:
    """Whether the `[metadata]` is there, which closes a lock that is whole."""
    metadata = rest.get("metadata")
    version = metadata.get("lock-version") if isinstance(metadata, dict) else None
    return isinstance(version, str) and _POETRY_VERSION.match(version) is not None


def _pdm(table: Table) -> Piece:
    if not _PDM_PLACES.isdisjoint(table):
        raise _OddError
    name, version = _name(table.get("name")), _version(table)
    extras = tuple(sorted(map(str, _lists(table.get("extras", [])))))
    needs = tuple(_pdm_need(need) for need in _lists(table.get("dependencies", [])))
    return Piece((name, version), (name, version, extras), needs, {})


def _pdm_need(need: Any) -> str:
    match = _NEED.match(need) if isinstance(need, str) else None
    return _name(match[1] if match else None)


def _pdm_fits(pieces: Sequence[Piece], rest: dict[str, Any]) -> bool:
    """Whether this is version 4 and not cut short: PDM sorts what it locks, and leaves out what a marker excludes."""
    metadata = rest.get("metadata")
    version = metadata.get("lock_version") if isinstance(metadata, dict) else None
    if not isinstance(version, str) or not _PDM_VERSION.match(version):
        return False
    names = [str(piece.identity[0]) for piece in pieces]
    return not any(str(name) > names[-1] for name in _needs(pieces).difference(names))


#: By the name of a format: how one package is read, and whether all of them fit together with the rest of the lock.
FORMATS: dict[str, tuple[Callable[[Table], Piece], Callable[[Sequence[Piece], dict[str, Any]], bool]]] = {
    "uv": (_uv, _uv_fits),
    "poetry": (_poetry, _poetry_fits),
    "pdm": (_pdm, _pdm_fits),
}
