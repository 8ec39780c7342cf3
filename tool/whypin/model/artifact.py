"""Versions that no lock file holds: where a pattern finds them in a text, and whether they are the decided one.

No pattern becomes a regular expression: files are hostile, and reading one takes time linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from whypin.model.version import MAX_LENGTH, to_version

#: Where the version stands in a pattern.
VERSION = "{version}"

_SIGNS = "._+!-"
# Few projects have artifacts: these stay text until they are first used, because compiling them costs every start.
_FIRST_WORD = r"(?>(?:[^\S\n]*+(?:#[^\n]*+)?\n)*)[^\S\n]*+([^\s#]\S*+)"
_DRIVE = r"[A-Za-z]:"
#: A commit, or the beginning of one: to PEP 440, one without letters is a version.
_COMMIT = r"[0-9a-fA-F]{7,}\Z"


class Held(NamedTuple):
    """A version that stands in a file; line and column start at 1."""

    version: str
    line: int
    column: int


def find(pattern: str, text: str, decided: str) -> Iterator[Held]:
    """Yield the version at every place where the literal text around `{version}` stands, in the order of the text.

    A version is letters, digits and `._+!-`, and what else the decided one holds: the colon of `sha256:...`, the slash
    of a branch. It ends where the text behind it stands first; without such text it is as long as can be. A pattern
    of nothing but `{version}` means the first word that is no comment, as in `.python-version`.
    """
    before, _, behind = pattern.partition(VERSION)
    line, line_start, last = 1, 0, 0
    for start, end in _first_word(text) if pattern == VERSION else _around(before, behind, text, decided):
        newlines = text.count("\n", last, start)
        if newlines:
            line, line_start = line + newlines, text.rfind("\n", last, start) + 1
        last = start
        yield Held(text[start:end], line, start - line_start + 1)


def _first_word(text: str) -> Iterator[tuple[int, int]]:
    word = re.match(_FIRST_WORD, text)
    if word is not None:
        yield word.span(1)


def _around(before: str, behind: str, text: str, decided: str) -> Iterator[tuple[int, int]]:
    """Yield where versions begin and end."""
    scan = _Scan(before, behind, text, decided)
    start = scan.start(0)
    while start >= 0:
        end = scan.end(start)
        if end > start:
            yield start, end
        if not before:
            start = scan.start(max(start + 1, scan.stretch))
        else:
            start = scan.start(end if end > start else start - len(before) + 1)


class _Scan:
    """One way through a text, forwards only: what was found ahead is kept, so that nothing is looked for twice."""

    def __init__(self, before: str, behind: str, text: str, decided: str) -> None:
        self.before, self.behind, self.text, self.decided = before, behind, text, decided
        self.signs = _SIGNS + "".join(sign for sign in decided if not sign.isalnum())
        first = f"[A-Za-z0-9{re.escape(decided[:1])}]"
        self.first = re.compile(first)
        self.word = re.compile(f"{first}[A-Za-z0-9{re.escape(_SIGNS + decided)}]*")
        #: The end of the stretch of characters that a version may hold, and where `behind` stands next.
        self.stretch = self.follows = 0

    def start(self, at: int) -> int:
        """Return the next place, from `at` on, where a version may begin, or -1."""
        if self.before:
            place = self.text.find(self.before, at)
            return place + len(self.before) if place >= 0 else -1
        found = self.first.search(self.text, at)
        return found.start() if found is not None else -1

    def end(self, start: int) -> int:
        """Return where the version that begins here ends; -1 where none does."""
        if self.first.match(self.text, start) is None:
            return -1
        if start >= self.stretch:
            found = self.word.match(self.text, start)
            self.stretch = found.end() if found is not None else start
        if not self.behind:
            return self._longest(start)
        if self.text.startswith(self.decided + self.behind, start):
            return start + len(self.decided)
        if self.follows <= start:
            place = self.text.find(self.behind, start + 1)
            self.follows = place if place >= 0 else len(self.text) + 1
        return self.follows if self.follows <= self.stretch else -1

    def _longest(self, start: int) -> int:
        """Return the end of the stretch, without the full stop of a sentence and its like."""
        whole = self.text[start : self.stretch]
        return self.stretch if whole == self.decided else start + max(1, len(whole.rstrip(self.signs)))


def is_same(decided: str, held: str) -> bool:
    """Whether a file holds the version that was decided: the same text, or equal by PEP 440 (`3.11` and `3.11.0`)."""
    if decided == held:
        return True
    if max(len(decided), len(held)) > MAX_LENGTH or re.match(_COMMIT, decided) or re.match(_COMMIT, held):
        return False
    try:
        return to_version(decided) == to_version(held)
    except ValueError:
        return False


def refusal(path: str) -> str | None:
    """Return why the file at a path is never read, in words, or None; links are not followed here."""
    parts = path.split("/")
    if path.startswith("/") or re.match(_DRIVE, path):
        return "is an absolute path"
    if "\\" in path:
        return "has backslashes"
    if ".." in parts:
        return "steps up a folder"
    return "is git's own" if ".git" in (part.lower() for part in parts) else None
