"""The list of locked packages, as a table for people, as CSV, and as JSON for other programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from whypin.model.lock import Entry, abridged, distinction
from whypin.model.project import Package
from whypin.reporters.escape import csv_cell, json_text, one_line

COLUMNS = ("package", "version", "source", "groups", "state", "decisions")


def render_text(packages: Sequence[Package], color: bool = False) -> str:
    """Return one aligned table for each lock."""
    by_lock: dict[str, list[Package]] = {}
    for package in packages:
        by_lock.setdefault(package.lock.path, []).append(package)
    if not by_lock:
        return "no packages\n"
    return "\n".join(f"{one_line(path)}\n{_table(listed)}" for path, listed in by_lock.items())


def _table(packages: Sequence[Package]) -> str:
    columns = (*COLUMNS, "fork") if any(len(package.entries) > 1 for package in packages) else COLUMNS
    rows: list[tuple[str, ...]] = [columns]
    for package, entry in _entries(packages):
        cells = (*_cells(package, entry), abridged(_fork(package, entry)))
        rows.append(tuple(one_line(cell) for cell in cells[: len(columns)]))
    widths = [max(len(row[column]) for row in rows) for column in range(len(columns))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "".join(f"  {line}\n" for line in lines)


def render_csv(packages: Sequence[Package], color: bool = False) -> str:
    """Return a table that no spreadsheet takes for formulas."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("lock", *COLUMNS, "fork"))
    for package, entry in _entries(packages):
        cells = (package.lock.path, *_cells(package, entry), _fork(package, entry))
        writer.writerow([csv_cell(cell) for cell in cells])
    return out.getvalue()


def render_json(packages: Sequence[Package], color: bool = False) -> str:
    """Return version 1 of the contract: one object for each locked entry."""
    return json_text({"version": 1, "packages": [_object(*pair) for pair in _entries(packages)]})


RENDERERS: dict[str, Callable[[Sequence[Package], bool], str]] = {
    "text": render_text,
    "json": render_json,
    "csv": render_csv,
}


def _entries(packages: Sequence[Package]) -> list[tuple[Package, Entry]]:
    return [(package, entry) for package in packages for entry in package.entries]


def _cells(package: Package, entry: Entry) -> tuple[str, ...]:
    decisions = ", ".join(verdict.record.id for verdict in package.verdicts)
    return (package.name, entry.version or "-", entry.source, ", ".join(entry.groups), package.state, decisions)


def _fork(package: Package, entry: Entry) -> str:
    """Return what tells an entry from the others of its name, where there are others."""
    return distinction(entry) if len(package.entries) > 1 else ""


def _object(package: Package, entry: Entry) -> dict[str, Any]:
    edges = (
        None if entry.edges is None else [edge.name for edge in entry.edges if edge.targets and edge.name != entry.name]
    )
    return {
        "name": entry.name,
        "version": entry.version,
        "source": entry.source,
        "index": entry.index,
        "marker": entry.marker,
        "direct": entry.direct,
        "groups": list(entry.groups),
        "dependencies": None if edges is None else list(dict.fromkeys(edges)),
        "lock": package.lock.path,
        "line": entry.location.line,
        "decisions": [verdict.record.id for verdict in package.verdicts],
        "state": package.state,
    }
