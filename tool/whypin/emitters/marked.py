"""Sections of a file between two comments: what stands between them is whypin's, everything else the user's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from whypin.errors import WhypinError
from whypin.model.location import Location

_MARK = re.compile(r"([ \t]*)# whypin: (begin|end)\b.*")
BEGIN = "# whypin: begin. Written by whypin emit {target}: change the decision records instead."
END = "# whypin: end"


class Section(NamedTuple):
    """A marked section by the line, from 1, of its first comment, and the white space before that."""

    line: int
    indent: str


def emptied(text: str, path: str) -> tuple[str, list[Section]]:
    """Return the text without what stands in its marked sections, and where these are in what is left.

    Raises WhypinError where a comment that begins or ends a section stands alone.
    """
    kept: list[str] = []
    sections: list[Section] = []
    begun = 0
    for number, line in enumerate(text.split("\n"), 1):
        mark = _MARK.fullmatch(line.removesuffix("\r"))
        if mark is None:
            kept += [] if begun else [line]
            continue
        if (mark[2] == "begin") == bool(begun):
            raise _unpaired(path, begun or number)
        kept.append(line)
        begun = 0 if begun else number
        if begun:
            sections.append(Section(len(kept), mark[1]))
    if begun:
        raise _unpaired(path, begun)
    return "\n".join(kept), sections


def _unpaired(path: str, line: int) -> WhypinError:
    hint = "each needs a line # whypin: begin and a line # whypin: end behind it"
    return WhypinError("the comments of a marked section don't pair up", Location(path, line), hint)


def with_lines(text: str, added: Mapping[int, Sequence[str]]) -> str:
    """Return the text with lines added behind those of these numbers, ended as the others are; 0 is the beginning."""
    end = "\r" if "\r\n" in text else ""
    lines: list[str] = [f"{line}{end}" for line in added.get(0, ())]
    for number, line in enumerate(text.split("\n"), 1):
        lines.append(line)
        lines += [f"{line}{end}" for line in added.get(number, ())]
    return "\n".join(lines)


def between(target: str, lines: Sequence[str] = (), indent: str = "") -> list[str]:
    """Return a marked section with these lines in it."""
    return [f"{indent}{BEGIN.format(target=target)}", *lines, f"{indent}{END}"]


def appended(text: str, lines: Sequence[str]) -> str:
    """Return the text with lines behind its last one, an empty line between."""
    newline = "\r\n" if "\r\n" in text else "\n"
    before = "" if not text else newline if text.endswith("\n") else newline * 2
    return text + before + "".join(f"{line}{newline}" for line in lines)


def only_one(sections: Sequence[Section], path: str) -> None:
    """Refuse a second marked section."""
    if len(sections) > 1:
        raise WhypinError("a second marked section", Location(path, sections[1].line), "remove one of them")
