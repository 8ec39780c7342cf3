"""Physical lines to statements: backslashes join, comments end, and every word keeps its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from whypin.model.location import Location


class Statement(NamedTuple):
    """A logical line that holds more than a comment.

    `line` is the position of its first physical line, `text` all of it, `body` what stands before the comment.
    `notes` are the comments right below it, up to a blank line.
    """

    file: Lines
    line: int
    text: str
    body: str
    comment: str
    notes: list[str]

    def place(self, token: str = "") -> Location:
        """Return where the statement starts, or the place of a word in it."""
        offset = _offset_of(token, self.text) if token else -1
        if offset < 0:
            offset = len(self.text) - len(self.text.lstrip())
        return self.file.place(self.line, offset)


class Lines:
    """The lines of one file, as pip cuts it."""

    def __init__(self, text: str, path: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        # Where something else than a line feed ends a line, pip counts other lines than editors do.
        cut_oddly = text.count("\n") + (text[-1:] not in ("", "\n")) != len(self.lines)
        self.starts = _starts(text) if cut_oddly else None

    def statements(self) -> list[Statement]:
        """Return what the file states, in order."""
        found: list[Statement] = []
        notes: list[str] = []
        for line, text in _logical_lines(self.lines):
            before, comment = _split_comment(text) if "#" in text else (text, None)
            body = before.strip()
            if body:
                notes = []
                found.append(Statement(self, line, text, body, comment or "", notes))
            elif comment is not None:
                notes.append(comment)
            else:
                notes = []
        return found

    def place(self, line: int, offset: int) -> Location:
        """Return the place of a character of the logical line that begins with a physical one."""
        text = self.lines[line]
        while _goes_on(text) and offset >= len(text.strip("\\")) and line + 1 < len(self.lines):
            offset -= len(text.strip("\\"))
            line += 1
            text = self.lines[line]
        if _goes_on(text):
            offset += len(text) - len(text.lstrip("\\"))
        elif _is_comment(text):
            offset -= 1
        number, before = self.starts[line] if self.starts else (line + 1, 0)
        return Location(self.path, number, before + max(0, offset) + 1)


def _starts(text: str) -> list[tuple[int, int]]:
    """Return for each line of `str.splitlines` the line of an editor and how many characters of it come before."""
    starts = []
    line, column = 1, 0
    for piece in text.splitlines(keepends=True):
        starts.append((line, column))
        ended = piece[-1] in "\n\r"
        line, column = (line + 1, 0) if ended else (line, column + len(piece))
    return starts


def _logical_lines(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield logical lines with the position of their first: backslashes join, a comment line ends what they join."""
    first = 0
    joined: list[str] = []
    for position, line in enumerate(lines):
        if not joined:
            first = position
        if _goes_on(line):
            joined.append(line.strip("\\"))
        elif joined:
            # The space keeps a comment one.
            yield first, "".join([*joined, " " if _is_comment(line) else "", line])
            joined = []
        else:
            yield position, line
    if joined:
        yield first, "".join(joined)


def _goes_on(line: str) -> bool:
    return line[-1:] == "\\" and not _is_comment(line)


def _is_comment(line: str) -> bool:
    return "#" in line and line.lstrip()[0] == "#"


def _split_comment(text: str) -> tuple[str, str | None]:
    """Return what stands before a comment and the comment after its `#`, which needs white space before it."""
    at = text.find("#")
    while at > 0 and not text[at - 1].isspace():
        at = text.find("#", at + 1)
    return (text, None) if at < 0 else (text[:at], text[at + 1 :])


def _offset_of(token: str, text: str) -> int:
    """Return where a word stands; of one that lost its quotation marks on the way, what comes before the `=`."""
    at = text.find(token)
    while at >= 0:
        around = text[max(0, at - 1) : at] + text[at + len(token) : at + len(token) + 1]
        if not around.strip():
            return at
        at = text.find(token, at + 1)
    return text.find(token.partition("=")[0])
