"""Text for a terminal: indented lines that people can read, escaped, and coloured where colours are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from whypin.reporters.escape import one_line
from whypin.reporters.text import paint

WIDTH = 100
_STEP = 2


class Part(NamedTuple):
    """A piece of a line, as it was read, and the kind that gives its colour; `""` has none."""

    text: str
    kind: str = ""


class Line(NamedTuple):
    """One line at a depth; without parts it is empty."""

    depth: int
    parts: tuple[Part, ...]


def block(depth: int, text: str, kind: str = "", hang: bool = True) -> Iterator[Line]:
    """Yield a text as lines of at most 100 columns; those behind the first are indented once more, or not (prose)."""
    from textwrap import wrap

    width, indent = WIDTH - depth * _STEP, " " * _STEP * hang
    for line in wrap(one_line(text), width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False):
        yield Line(depth, (Part(line, kind),))


def shortened(text: str, most: int) -> str:
    """Return a text in one line, cut between words where it is too long; not every language puts spaces there."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    cut = words[: most - 4]
    whole = cut.rpartition(" ")[0]
    return f"{whole if len(whole) > most // 2 else cut} ..."


def laid_out(lines: Iterable[Line], color: bool) -> str:
    """Return lines as text."""
    return "".join(f"{_line(line, color)}\n" for line in lines)


def _line(line: Line, color: bool) -> str:
    whole = "".join(part.text for part in line.parts)
    indent = " " * (line.depth * _STEP) if whole else ""
    if one_line(whole) != whole:
        # What has to be escaped is not coloured: an escape may reach over the end of a part.
        return f"{indent}{one_line(whole)}"
    return indent + "".join(paint(part.text, part.kind, color) if part.kind else part.text for part in line.parts)
