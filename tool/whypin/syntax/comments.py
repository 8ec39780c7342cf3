"""Comments beside a value, in the formats that begin them with `#`: TOML, YAML and requirements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from whypin.syntax.url import redact

#: More than that is no comment that anybody reads.
MAX_LINES = 30
MAX_LENGTH = 2_000

#: Text up to a comment: a quotation mark opens a string unless it stands in a word, as in `don't`. Where it is never
#: closed, it is a character like any other, unless backslashes follow: then time would not be linear. A `#` in a word,
#: as in `x.git#egg=y`, begins no comment.
_BEFORE = re.compile(
    r"""(?>(?:[^"'#]++|(?<!\w)"[^"\\]*+(?:"|\\.(?>(?:[^"\\]++|\\.)*)"?)|(?<!\w)'[^']*+'|["']|(?<![\s,"'\])}])(?<!^)\#)*)""",
    re.DOTALL,
)


def beside(text_lines: Sequence[str], line: int, column: int = 1) -> str:
    """Return the comment at the end of a line behind a column (both from 1), or the comment lines directly above it.

    A comment goes on in the comment lines below that are indented further than the lines around them: these belong
    to the line that they follow. What has several lines is joined by spaces, URLs lose their credentials, and where
    there is no comment, it is `""`.
    """
    here = line - 1
    if not 0 <= here < len(text_lines):
        return ""
    at = _start(text_lines[here])
    if column <= at + 1 and at < len(text_lines[here]):
        end = _end_of_block(text_lines, here + 1)
        return _join([text_lines[here][at:], *text_lines[here + 1 : _carried(text_lines, here, end)]])
    first = here
    while first > 0 and here - first < MAX_LINES and _is_comment(text_lines[first - 1]):
        first -= 1
    return _join(text_lines[_carried(text_lines, first - 1, here) : here])


def _carried(lines: Sequence[str], above: int, end: int) -> int:
    """Return where in a block of comment lines those end that go on with the comment beside the line above it."""
    at = above + 1
    if above < 0 or _start(lines[above]) == len(lines[above]):
        return at
    below = _indent(lines[end]) if end < len(lines) and lines[end].strip() else 0
    margin = max(_indent(lines[above]), below)
    while at < end and _indent(lines[at]) > margin:
        at += 1
    return at


def _end_of_block(lines: Sequence[str], first: int) -> int:
    last = min(first + MAX_LINES, len(lines))
    return next((at for at in range(first, last) if not _is_comment(lines[at])), last)


@lru_cache(maxsize=8)
def _start(line: str) -> int:
    """Return the position of the comment of a line, else its length; cached, since one line may hold 5,000 values."""
    match = _BEFORE.match(line)
    return match.end() if match else 0


def _is_comment(line: str) -> bool:
    return "#" in line and line.lstrip()[0] == "#"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _join(lines: Sequence[str]) -> str:
    words = (line.strip()[:MAX_LENGTH].lstrip("#").strip() for line in lines)
    return redact(" ".join(filter(None, words))[:MAX_LENGTH])
