"""Advisories against the locks: a table for people, Markdown for an issue, JSON for other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from whypin.model.advice import past
from whypin.model.advisory import Alerts, Unchecked
from whypin.model.alert import Standing
from whypin.model.audit import Audit, fixed, severity, state, verdict
from whypin.model.project import entry_key
from whypin.reporters.escape import cut, json_text, markdown_text, one_line
from whypin.reporters.layout import block, laid_out
from whypin.reporters.text import count, paint

COLUMNS = ("package", "version", "lock", "advisory", "severity", "fixed in", "state")
#: GitHub refuses an issue of more than 65,536 characters.
LIMIT = 60_000
_CELL = 80
#: Of so many packages that could not be checked the names are told; a conda lock has hundreds.
_MOST_NAMES = 20
#: Of that, what the table and what the list below it may take.
_ROOM, _ROOM_BELOW = 40_000, 15_000


def render_text(audit: Audit, color: bool = False) -> str:
    """Return the table, what could not be checked, and last the data that was used with what it comes to."""
    rows = [COLUMNS, *(tuple(one_line(cell) for cell in _cells(row)) for row in audit.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines: list[str] = []
    for number, row in enumerate(rows):
        left = "".join(f"{cell.ljust(width)}  " for cell, width in zip(row[:-1], widths, strict=False))
        mood = _mood(audit.rows[number - 1]) if number else "path"
        lines.append(left + (paint(row[-1], mood, color) if mood else row[-1]))
    table = [*lines, ""] if audit.rows else []
    missing = laid_out((line for text in _missing(audit) for line in block(0, text)), False)
    word = "error" if audit.errors else "warning" if any(row.level for row in audit.rows) else ""
    last = paint(verdict(audit), word, color) if word else verdict(audit)
    told = [*table, *([missing] if missing else []), one_line(data(audit.alerts)), last]
    return "".join(f"{line}\n" for line in told)


def _mood(row: Standing) -> str:
    return row.level or ""


def render_markdown(audit: Audit, color: bool = False) -> str:
    """Return the verdict, the data that was used, the table, and what could not be checked: at most LIMIT characters.

    Rows that do not fit are left out from the end, where the settled ones are, and a note says how many.
    """
    blocks = [f"**whypin audit: {markdown_text(verdict(audit))}**", markdown_text(data(audit.alerts))]
    rows = _fitting((f"| {' | '.join(map(markdown_text, _cells(row)))} |" for row in audit.rows), _ROOM)
    if rows:
        head = ["| " + " | ".join(name.capitalize() for name in COLUMNS) + " |", "| --- " * len(COLUMNS) + "|"]
        blocks.append("\n".join([*head, *rows]))
    if len(rows) < len(audit.rows):
        blocks.append(f"Left out for length: {len(audit.rows) - len(rows)}. `whypin audit` lists them all.")
    missing = [f"- {markdown_text(cut(why, _CELL))}: {_names(names)}" for why, names in _reasons(audit).items()]
    if missing:
        shown = _fitting(missing, _ROOM_BELOW)
        more = [f"- and {len(missing) - len(shown)} more reasons"] * (len(shown) < len(missing))
        told = f"<summary>{audit.unchecked} could not be checked</summary>"
        blocks += ["<details>", told, "\n".join([*shown, *more]), "</details>"]
    return "\n\n".join(blocks) + "\n"


def _fitting(lines: Iterable[str], room: int) -> list[str]:
    """Return the first of the lines, as many as there is room for."""
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return kept


def _names(names: Iterable[str]) -> str:
    """Return names in one line of Markdown; of very many the first, and how many more there are."""
    all_of_them = [markdown_text(cut(name, _CELL)) for name in names]
    kept = _fitting((f"{name}, " for name in all_of_them), _ROOM_BELOW // 2)
    more = [f"and {len(all_of_them) - len(kept)} more"] * (len(kept) < len(all_of_them))
    return ", ".join([*all_of_them[: len(kept)], *more])


def render_json(audit: Audit, color: bool = False) -> str:
    """Return version 1 of the contract: the data that was used, an object for each alert and each unchecked package."""
    return json_text(
        {
            "version": 1,
            "advisories": told_of(audit.alerts),
            "alerts": [alert(row) for row in audit.rows],
            "unchecked": [unchecked(one) for one in audit.unchecked_entries],
            "summary": {
                "alerts": len(audit.rows),
                "error": audit.errors,
                "warning": sum(row.level == "warning" for row in audit.rows),
                "open": audit.having("open"),
                "blocked": audit.having("blocked"),
                "waived": audit.having("waived"),
                "ignored": audit.having("ignored"),
                "checked": audit.checked,
                "unchecked": audit.unchecked,
            },
        }
    )


RENDERERS: dict[str, Callable[[Audit, bool], str]] = {
    "text": render_text,
    "json": render_json,
    "markdown": render_markdown,
}


def data(alerts: Alerts) -> str:
    """Return which data was used, of which day."""
    left_out = f"; {count(alerts.left_out, 'file')} of the export could not be read" if alerts.left_out else ""
    return f"advisories of {alerts.date}: {alerts.count} ({cut(alerts.source, 200)}){left_out}"


def _cells(row: Standing) -> Sequence[str]:
    entry, advisory = row.hit.entry, row.hit.advisory
    told = (entry_key(entry), entry.version or "", row.hit.lock, advisory.name)
    return [cut(" ".join(cell.split()), _CELL) for cell in (*told, severity(row.hit), fixed(row.hit), state(row))]


def _missing(audit: Audit) -> Iterable[str]:
    """Yield a line for each reason why something could not be checked, with what it holds for."""
    for why, names in _reasons(audit).items():
        more = f" and {len(names) - _MOST_NAMES} more, which --format json lists" if len(names) > _MOST_NAMES else ""
        yield f"not checkable, {why}: {len(names)} ({', '.join(names[:_MOST_NAMES])}{more})"


def _reasons(audit: Audit) -> dict[str, list[str]]:
    """Return from each reason why something could not be checked to the packages with their versions, each once."""
    reasons: dict[str, dict[str, None]] = {}
    for one in audit.unchecked_entries:
        version = f" {one.entry.version}" if one.entry.version else ""
        reasons.setdefault(one.why, {})[f"{entry_key(one.entry)}{version}"] = None
    return {why: list(names) for why, names in reasons.items()}


def told_of(alerts: Alerts) -> dict[str, Any]:
    """Return the data that was used, as JSON has it."""
    return {"source": alerts.source, "date": str(alerts.date), "count": alerts.count, "left_out": alerts.left_out}


def alert(row: Standing) -> dict[str, Any]:
    """Return one alert, as JSON has it."""
    hit, way, placed = row.hit, row.way, row.waiver
    advisory, entry = hit.advisory, hit.entry
    waiver = placed.waiver if placed is not None else None
    return {
        "package": entry_key(entry),
        "version": entry.version,
        "lock": hit.lock,
        "path": entry.location.path,
        "line": entry.location.line,
        "column": entry.location.column,
        "groups": list(entry.groups),
        "advisory": advisory.name,
        "aliases": list(advisory.ids[1:]),
        "summary": advisory.summary,
        "published": str(advisory.published) if advisory.published else None,
        "severity": advisory.severity.rating,
        "score": advisory.severity.score,
        "vector": advisory.severity.vector or None,
        "fixed": list(hit.fixed),
        "doubtful": list(hit.doubtful),
        "contradicted": hit.contradicted,
        "state": row.state,
        "level": row.level,
        "allowed": list(way.allowed),
        "blocked_by": [record.id for record in way.blocking],
        "decided_by": [record.id for record in way.deciding],
        "waiver": {"record": placed.record.id, "expires": str(waiver.expires), "reason": waiver.reason}
        if placed is not None and waiver is not None
        else None,
        "ignored": row.reason or None,
        "fix": past(hit, way) if row.level is not None else None,
    }


def unchecked(one: Unchecked) -> dict[str, Any]:
    """Return what could not be checked, as JSON has it."""
    entry = one.entry
    return {
        "package": entry_key(entry),
        "version": entry.version,
        "lock": one.lock,
        "path": entry.location.path,
        "line": entry.location.line,
        "column": entry.location.column,
        "why": one.why,
    }
