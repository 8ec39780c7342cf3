"""The badge: the level as a small SVG of our own drawing; system fonts, no script, nothing fetched."""

from __future__ import annotations

_LABEL = "whypin"
_LABEL_COLOR = "#3b3f45"
#: White text on each of these has a contrast of at least 4.5 (WCAG 2 AA).
COLORS = {1: "#b3261e", 2: "#a34700", 3: "#7a5c00", 4: "#2a7038", 5: "#0b5cad", None: "#5f6368"}
_PADDING = 7
_HEIGHT = 20
#: Widths of characters in pixels at 11 px, a little generous: `textLength` makes every font keep to them.
_NARROW = {"i": 3.2, "l": 3.2, " ": 3.9, "w": 9.0}
_WIDTH = 6.8


def render(level: int | None) -> str:
    """Return the badge of a level, or of a project without one."""
    words = f"level {level}" if level is not None else "no level"
    left, right = _width(_LABEL), _width(words)
    title = f"{_LABEL}: {words}{' of 5' if level is not None else ''}"
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" role="img" aria-label="{title}">
<title>{title}</title>
<clipPath id="whypin-badge"><rect width="{left + right}" height="{_HEIGHT}" rx="4"/></clipPath>
<g clip-path="url(#whypin-badge)">
<rect width="{left}" height="{_HEIGHT}" fill="{_LABEL_COLOR}"/>
<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{COLORS[level]}"/>
</g>
<g fill="#fff" font-family="Verdana,'DejaVu Sans',Geneva,sans-serif" font-size="11" aria-hidden="true">
{_text(_LABEL, 0, left)}
{_text(words, left, right)}
</g>
</svg>
"""


def _width(text: str) -> int:
    return round(sum(_NARROW.get(character, _WIDTH) for character in text)) + 2 * _PADDING


def _text(text: str, start: int, width: int) -> str:
    return f'<text x="{start + _PADDING}" y="14" textLength="{width - 2 * _PADDING}">{text}</text>'
