"""A lock file as read: its entries and the edges between them."""

from __future__ import annotations

from typing import Literal, NamedTuple

from whypin.model.location import Location
from whypin.model.tree import Problem

Source = Literal["registry", "git", "url", "path", "directory", "editable", "virtual", "conda"]

#: Source trees: what the project carries itself and nobody chose a version of.
SOURCE_TREES: frozenset[str] = frozenset({"directory", "editable", "virtual"})

MAIN = "main"


class Edge(NamedTuple):
    """One entry needs another, as the lock records it.

    `targets` are positions in `Lock.entries`: the locked versions of the child that this edge can mean
    (none where the child is not locked, as with an extra nobody asked for). `extras` are those of the
    child that the parent asks for. `gate` says when the edge holds: `""` always, `extra:NAME` or
    `group:NAME` only with that extra or group of the parent.
    """

    name: str
    targets: tuple[int, ...]
    extras: tuple[str, ...] = ()
    gate: str = ""
    marker: str | None = None


class Entry(NamedTuple):
    """One locked version of one package: a fork is an entry of its own.

    `version` is None where the lock names none. `index` is the registry's URL; `ref` is the URL, path or
    `URL@commit` of any other source; both without credentials. `edges` is None where the format records
    no edges at all: unknown is not "none". `groups` and `direct` are filled in by `graph.settle` unless
    the lock itself tells them. `hashed` is whether the lock holds a hash for it. `implied` are the (gate, extra)
    by which it asks for extras of its own, as with `all = ["shop[web,cli]"]`: such an edge would lead to itself.
    `uploaded` is the day (`2026-11-22`) on which the version was published, where the lock tells. `platforms` are those
    that a conda package is locked for.
    """

    name: str
    version: str | None
    source: Source
    location: Location
    index: str | None = None  # type: ignore[assignment]  # a tuple's own index() is not missed here
    ref: str | None = None
    marker: str | None = None
    edges: tuple[Edge, ...] | None = None
    hashed: bool = False
    member: bool = False
    direct: bool = False
    groups: tuple[str, ...] = ()
    implied: tuple[tuple[str, str], ...] = ()
    uploaded: str | None = None
    platforms: tuple[str, ...] = ()


class Lock(NamedTuple):
    """One lock file: `entries` in the order of the file.

    `roots` are the project's own requirements, where they are not the edges of a member entry: each gate is
    `""` for main, `extra:NAME` or `group:NAME`. None means that the lock does not tell, and that the
    manifests beside it have to. `universal` is whether it holds for all environments that the project admits, not for
    the one that it was made on; `conflicts` whether extras or groups of the project exclude each other in it. `covers`
    are the groups that it was made for, None for all. `content_hash` is what it keeps of the manifest that it was made
    from. `warnings` are what a reader has to say that is no error.
    """

    path: str
    format: str
    entries: tuple[Entry, ...]
    roots: tuple[Edge, ...] | None = None
    universal: bool = False
    conflicts: bool = False
    covers: tuple[str, ...] | None = None
    content_hash: str | None = None
    warnings: tuple[Problem, ...] = ()


def distinction(entry: Entry) -> str:
    """Return what tells a fork from the others of its name: its marker, else where it comes from, else nothing."""
    return entry.marker or entry.index or entry.ref or ""


def abridged(text: str, most: int = 80) -> str:
    """Return a text as people can read it in one go: a resolver's marker may go on for a thousand characters."""
    if len(text) <= most:
        return text
    head = text[: most - 4]
    return f"{head.rpartition(' ')[0] or head} ..."
