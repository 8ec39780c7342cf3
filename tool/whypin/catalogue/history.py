"""The section of a package's page that tells which versions were locked before, since when, and by which commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whypin.catalogue import charts
from whypin.catalogue.markup import Html, Markdown, heading, paragraph, table, text
from whypin.catalogue.parts import code, codes, day, decision_link, in_a_row
from whypin.catalogue.timeline import Row
from whypin.catalogue.view import View
from whypin.model.change import Change
from whypin.model.record import Record

_MOST = 20
_MOST_ROWS = 4
_LONGEST = 120
_HASH = 9


def section(view: View, name: str, path: str) -> Iterator[str]:
    """Yield the heading, a drawing and the newest moves; nothing where the history is not known or tells nothing."""
    moves = view.past.moves(name) if view.past is not None else ()
    if view.past is None or not moves:
        return
    yield heading(2, "Timeline")
    if drawn := _drawn(view.past.rows(name)):
        yield f"{drawn}\n"
    several = len({move.lock for move in moves}) > 1
    rows = [_row(view, move, path, several) for move in moves[:_MOST]]
    titles = ["Day", "From", "To", *(["Lock"] if several else []), "Commit", "Subject"]
    yield table("moves", titles, rows, f"Where the locked version of {name} moved")
    if len(moves) > _MOST:
        yield paragraph(f"And {len(moves) - _MOST} before: ", code(f"whypin history {name}"), " tells them all.")


def _drawn(rows: Sequence[Row]) -> str:
    shown = [row for row in rows if row.stays][:_MOST_ROWS]
    if not shown:
        return ""
    ends = min(row.stays[0].since for row in shown), max(row.stays[-1].until for row in shown)
    drawn = [
        (row.label, [charts.Span(", ".join(stay.versions), stay.since, stay.until) for stay in row.stays])
        for row in shown
    ]
    return charts.spans("timeline", "Locked versions", drawn, ends)


def _row(view: View, move: Change, path: str, several: bool) -> list[object]:
    subject = move.commit.subject
    words: Markdown | Html = text(subject if len(subject) <= _LONGEST else f"{subject[:_LONGEST]}\u2026")
    decided = [decision_link(view, record, path) for record in _records(view, move)]
    return [
        day(move.commit.day),
        codes(move.old) or text("\u2013"),
        codes(move.new) or text("\u2013"),
        *([code(move.lock)] if several else []),
        code(move.commit.hash[:_HASH]),
        in_a_row([words, *decided]),
    ]


def _records(view: View, move: Change) -> list[Record]:
    """Return the decisions about the package that the same commit touched."""
    return [record for record in view.records_about(move.package) if record.path in move.records]
