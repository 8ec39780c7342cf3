"""Drawings of numbers as plain SVG: no script and no colour of their own, so they read well in light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from whypin.catalogue.markup import Html, tag

_WIDTH = 320
_BAR, _GAP = 22, 2
_TOP, _FLOOR, _FOOT = 18, 96, 16


class Share(NamedTuple):
    """One part of a drawing: what it counts, how many, and the kind that gives it its colour."""

    label: str
    number: int
    kind: str = "plain"


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
    floor = tag("line", x1="0", x2=str(_WIDTH), y1=f"{_FLOOR + 0.5}", y2=f"{_FLOOR + 0.5}", class_="whypin-svg-floor")
    return _figure(key, title, _told(shares), [*parts, floor], _FLOOR + _FOOT + 2)


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


def _told(shares: Sequence[Share]) -> str:
    return ", ".join(f"{share.label} {share.number}" for share in shares) + "."


def _rect(x: float, y: float, width: float, height: float, kind: str) -> Html:
    return tag(
        "rect", x=_number(x), y=_number(y), width=_number(width), height=_number(height), rx="2",
        class_=f"whypin-fill-{kind}",
    )  # fmt: skip


def _words(x: float, y: float, words: object, kind: str) -> Html:
    return tag("text", words, x=_number(x), y=_number(y), text_anchor="middle", class_=kind)


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
