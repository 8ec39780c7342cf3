"""Drawings of numbers as plain SVG: no script and no colour of their own, so they read well in light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from whypin.catalogue.markup import Html, tag

_WIDTH = 320
_BAR, _GAP = 22, 2
_TOP, _FLOOR, _FOOT = 18, 96, 16
#: A line is as thick as this on either side, and a letter of a label about as wide as that.
_EDGE, _LETTER = 2, 6.5
_MOST_TOLD = 12


class Share(NamedTuple):
    """One part of a drawing: what it counts, how many, and the kind that gives it its colour."""

    label: str
    number: int
    kind: str = "plain"


class Span(NamedTuple):
    """A piece of a bar of days: what it says, its first day and the day on which it ends."""

    words: str
    since: date
    until: date


def bar(key: str, title: str, shares: Sequence[Share]) -> str:
    """Return one bar that is split into shares, as a figure with a legend; nothing where there is nothing to split."""
    total = sum(share.number for share in shares)
    if not total:
        return ""
    shown = [share for share in shares if share.number]
    room, left, parts = _WIDTH - _GAP * (len(shown) - 1), 0.0, []
    for share in shown:
        width = room * share.number / total
        parts.append(_rect(left, 0, max(width, 1), _BAR, share.kind))
        left += width + _GAP
    legend = [_key(share) for share in shown]
    return _figure(key, title, _told(shares), parts, _BAR, tag("ul", *legend, class_="whypin-legend"))


def _key(share: Share) -> Html:
    sign = tag("span", class_=f"whypin-key whypin-fill-{share.kind}", aria_hidden="true")
    return tag("li", sign, tag("strong", share.number), " ", share.label)


def columns(key: str, title: str, shares: Sequence[Share]) -> str:
    """Return a column for each share, with its number above and its label below; nothing where all are zero."""
    most = max((share.number for share in shares), default=0)
    if not most:
        return ""
    step = _WIDTH / len(shares)
    parts: list[Html] = []
    for at, share in enumerate(shares):
        height = (_FLOOR - _TOP) * share.number / most
        middle = step * (at + 0.5)
        if share.number:
            parts.append(_rect(step * at + 3, _FLOOR - max(height, 1), step - 6, max(height, 1), share.kind))
            parts.append(_words(middle, _FLOOR - height - 5, share.number, "whypin-svg-number"))
        parts.append(_words(middle, _FLOOR + _FOOT - 2, share.label, "whypin-svg-label"))
    return _figure(key, title, _told(shares), [*parts, _floor()], _FLOOR + _FOOT + 2)


def ladder(key: str, title: str, steps: Sequence[str], reached: int) -> str:
    """Return steps that rise, those that are reached filled; `reached` counts them, the highest of them is named."""
    step = (_WIDTH + _GAP) / len(steps)
    parts: list[Html] = []
    for at in range(len(steps)):
        height = 18 + (_FLOOR - _TOP - 18) * (at + 1) / len(steps)
        kind = "decided" if at < reached else "rest"
        parts.append(_rect(step * at, _FLOOR - height, step - _GAP, height, kind))
        parts.append(_words(step * at + (step - _GAP) / 2, _FLOOR + _FOOT - 2, at + 1, "whypin-svg-label"))
    desc = f"Level {reached} of {len(steps)}: {steps[reached - 1]}."
    note = tag("p", tag("strong", f"Level {reached}"), f" {steps[reached - 1]}", class_="whypin-legend")
    return _figure(key, title, desc, parts, _FLOOR + _FOOT + 2, note)


def line(key: str, title: str, points: Sequence[tuple[str, int]]) -> str:
    """Return a number over months like `2026-11`, which stays as it is up to the next; nothing for a single month."""
    if len(points) < 2 or not any(number for _, number in points):
        return ""
    months = [_months(month) for month, _ in points]
    most, first, width = max(number for _, number in points), months[0], months[-1] - months[0]
    heights = [_FLOOR - (_FLOOR - _TOP) * number / most for _, number in points]
    steps: list[str] = []
    for month, height in zip(months, heights, strict=True):
        x, y = _number(_EDGE + (_WIDTH - 2 * _EDGE) * (month - first) / width), _number(height)
        steps.append(f"H{x}V{y}" if steps else f"M{x} {y}")
    ends = ((0, "start", points[0], heights[0]), (_WIDTH, "end", points[-1], heights[-1]))
    parts = [tag("path", d="".join(steps), class_="whypin-svg-line")]
    for edge, anchor, (named, number), height in ends:
        parts.append(_words(edge, height - 5, number, "whypin-svg-number", anchor))
        parts.append(_words(edge, _FLOOR + _FOOT - 2, named, "whypin-svg-label", anchor))
    desc = "; ".join(f"{month}: {number}" for month, number in (points[0], points[-1])) + f"; at most {most}."
    return _figure(key, title, desc, [*parts, _floor()], _FLOOR + _FOOT + 2)


def spans(key: str, title: str, rows: Sequence[tuple[str, Sequence[Span]]], ends: tuple[date, date]) -> str:
    """Return a bar for each row, in pieces from day to day, the last day of all marked; nothing for a single day."""
    days = (ends[1] - ends[0]).days
    if days < 1:
        return ""
    parts: list[Html] = []
    top = 0
    for label, pieces in rows:
        if label:
            parts.append(_words(0, top + 11, _cut(label, _WIDTH), "whypin-svg-label", "start"))
            top += 16
        for piece in pieces:
            x, width = (_WIDTH * (piece.since - ends[0]).days / days, _WIDTH * (piece.until - piece.since).days / days)
            kind = "plain" if piece.until == ends[1] else "rest"
            parts.append(_rect(x, top + 15, max(width - _GAP, 1), _BAR - 8, kind))
            if (words := _cut(piece.words, width)) == piece.words:
                parts.append(_words(x, top + 11, words, "whypin-svg-label", "start"))
        top += 36
    for x, anchor, day in ((0, "start", ends[0]), (_WIDTH, "end", ends[1])):
        parts.append(_words(x, top + 10, day, "whypin-svg-label", anchor))
    told = [f"{words} from {since} to {until}" for _, pieces in rows for words, since, until in pieces]
    return _figure(key, title, f"{'; '.join(told[-_MOST_TOLD:])}.", parts, top + 14)


def short_month(month: str) -> str:
    """Return a month like `2026-11` as people say it: `Nov`."""
    return date.fromisoformat(f"{month}-01").strftime("%b")


def _months(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number)


def _cut(words: str, width: float) -> str:
    """Return as much of the words as there is room for."""
    room = int(width / _LETTER)
    return words if len(words) <= room else words[: max(room - 1, 0)] + "\u2026"


def _floor() -> Html:
    y = f"{_FLOOR + 0.5}"
    return tag("line", x1="0", x2=str(_WIDTH), y1=y, y2=y, class_="whypin-svg-floor")


def _told(shares: Sequence[Share]) -> str:
    return ", ".join(f"{share.label} {share.number}" for share in shares) + "."


def _rect(x: float, y: float, width: float, height: float, kind: str) -> Html:
    return tag(
        "rect", x=_number(x), y=_number(y), width=_number(width), height=_number(height), rx="2",
        class_=f"whypin-fill-{kind}",
    )  # fmt: skip


def _words(x: float, y: float, words: object, kind: str, anchor: str = "middle") -> Html:
    return tag("text", words, x=_number(x), y=_number(y), text_anchor=anchor, class_=kind)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _figure(key: str, title: str, desc: str, parts: Sequence[Html], height: int, legend: Html | None = None) -> str:
    names = f"whypin-{key}-title whypin-{key}-desc"
    drawing = tag(
        "svg",
        tag("title", title, id=f"whypin-{key}-title"),
        tag("desc", desc, id=f"whypin-{key}-desc"),
        *parts,
        viewBox=f"0 0 {_WIDTH} {height}",
        role="img",
        aria_labelledby=names,
        class_="whypin-svg",
    )
    caption = tag("figcaption", title)
    return tag("figure", caption, drawing, *([legend] if legend else []), class_="whypin-chart")
