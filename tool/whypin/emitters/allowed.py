"""The versions that all records in force allow a package, in the terms of tools that know one range and no reasons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from whypin.model.project import Project
from whypin.model.record import Record
from whypin.model.version import Item, accepts, to_version

if TYPE_CHECKING:
    from packaging.version import Version

_CLAUSE = re.compile(r"\s*(===|==|~=|!=|<=|>=|<|>)\s*(.+?)\s*\Z")


class Clause(NamedTuple):
    """One clause of a specifier set; `star` is whether the version ended in `.*`."""

    operator: str
    version: str
    star: bool

    def __str__(self) -> str:
        """The clause as PEP 440 writes it."""
        return f"{self.operator}{self.version}{'.*' * self.star}"


class Allowed(NamedTuple):
    """What is allowed: either just the `exact` items (none: nothing is), or whatever all `clauses` admit."""

    clauses: tuple[Clause, ...] = ()
    exact: tuple[Item, ...] | None = None


def decided(project: Project) -> dict[str, list[Record]]:
    """Return the records in force by the PyPI package that they name, sorted by name."""
    found = project.active_by_package
    return {name: found[name] for name in sorted(found) if not name.startswith("conda:")}


def left_out(project: Project) -> tuple[str, ...]:
    """Say which packages these tools are not told of."""
    names = sorted(name for name in project.active_by_package if name.startswith("conda:"))
    return (f"conda packages are left out: {', '.join(names)}",) if names else ()


def allowed(records: Sequence[Record], name: str) -> Allowed | None:
    """Return what the records allow of a package together; None where they bar no version above some floor.

    Ranges are joined: the version has to be in all. Of a list that holds ranges only its highest end is known to a
    tool that knows one range; a list of versions stays one.
    """
    lists = [record.packages[name] for record in records]
    # 1.5 in one record and 1.5+cu1 in another leave 1.5+cu1, whichever comes first.
    exact = [item for items in lists if all(item.version is not None for item in items) for item in items]
    if exact:
        good = (item for item in exact if all(_accepted(items, item) for items in lists))
        return Allowed(exact=tuple({item.version: item for item in good}.values()))
    clauses = tuple(dict.fromkeys(clause for items in lists for clause in _clauses(items)))
    return Allowed(clauses) if any(clause.operator not in (">=", ">") for clause in clauses) else None


def _accepted(items: Iterable[Item], exact: Item) -> bool:
    """Whether a list accepts a version, wherever that comes from."""
    return any(item == exact or accepts(item._replace(index=None), exact.version, None) for item in items)


def _clauses(items: Sequence[Item]) -> Iterator[Clause]:
    """Yield the clauses of a range; of a list with ranges, the clause that holds its highest end."""
    if len(items) == 1:
        yield from parsed(items[0])
        return
    ends = [end_of(item) for item in items]
    if all(end is not None for end in ends):
        yield max((end for end in ends if end is not None), key=lambda end: (to_version(end.version), end.operator))


def parsed(item: Item) -> list[Clause]:
    """Return the clauses of an item; that of a version is `==`, or `===` where it is compared as text."""
    if item.version is not None:
        return [Clause("===" if item.arbitrary else "==", item.version, False)]
    matches = (_CLAUSE.match(part) for part in (item.specifier or "").split(","))
    return [Clause(found[1], found[2].removesuffix(".*"), found[2].endswith(".*")) for found in matches if found]


def end_of(item: Item) -> Clause | None:
    """Return the clause (`<` or `<=`) at which an item ends; None where it goes on, or is compared as text."""
    ends = [end for clause in parsed(item) if (end := _end(clause)) is not None]
    return min(ends, key=lambda end: (to_version(end.version), -len(end.operator)), default=None)


def _end(clause: Clause) -> Clause | None:
    if clause.operator in ("<", "<="):
        return clause
    if clause.operator == "~=" or (clause.star and clause.operator == "=="):
        return Clause("<", beyond(clause), False)
    return Clause("<=", clause.version, False) if clause.operator == "==" else None


def beyond(clause: Clause) -> str:
    """Return the first release behind all that a `~=` or a star stands for: 1.5 behind `~=1.4.2` and `==1.4.*`."""
    version = to_version(clause.version)
    release = list(version.release)
    if not clause.star:
        release.pop()
    release[-1] += 1
    return _epoch(version) + ".".join(map(str, release))


def _epoch(version: Version) -> str:
    return f"{version.epoch}!" if version.epoch else ""
