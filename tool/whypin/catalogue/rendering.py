"""The pages as HTML without a reader of Markdown: what pages are written in is so little of it that this takes no time.

Headings are left to the site, which numbers, links and lists them; everything between them is rendered here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

#: From the address in a link of a page to that on the site; None where there is no such page.
Resolve = Callable[[str], str | None]

_BLOCK = re.compile(r"<(?:blockquote|details|div|dl|figure|hr|nav|ol|p|pre|section|svg|table|ul)\b")
_LINK = re.compile(r"(!?)\[([^\[\]]*)\]\(([^()\s]+)\)")
_TABLE = re.compile(r"\|(?: -{3,} \|)+\Z")
_ITEM = re.compile(r"((?: {4})*)- (\S.*)\Z")
_INNER_HEADING = re.compile(r"<h[2-6]\b[^>]*>(.*?)</h[2-6]>", re.DOTALL)
_ANY_HEADING = re.compile(r"(<h[1-6]\b.*?</h[1-6]>)", re.DOTALL)


class _Unknown(Exception):
    """Something that only a reader of Markdown can tell."""


class Piece(NamedTuple):
    """What stands behind a heading, as HTML; `words` are those of it by which a search should find the page."""

    html: str
    words: str


def parted(text: str, resolve: Resolve, prose: bool = True) -> tuple[str, list[Piece]] | None:
    """Return the headings of a page, and what stands before the first of them and behind each, as pieces.

    Without `prose`, what people wrote is not among the words. None where the page has something that is not rendered
    here, such as a link to a page that there is not.
    """
    outline: list[str] = []
    pieces: list[Piece] = []
    current: list[tuple[str, str]] = []
    try:
        for block in re.split(r"\n{2,}", text.strip("\n")):
            if block.startswith("#"):
                pieces.append(_piece(current))
                current = []
                outline.append(_heading(block))
            else:
                current.append((_html(block, resolve), _words(block, prose)))
    except _Unknown:
        return None
    pieces.append(_piece(current))
    return "\n\n".join(outline) + "\n", pieces


def joined(html: str, pieces: Sequence[str]) -> str:
    """Return the HTML of a page's headings with the pieces around them; more pieces than headings end the page."""
    parts = _ANY_HEADING.split(html)
    found: list[str] = []
    for number, piece in enumerate(pieces):
        found += [*parts[2 * number - 1 : 2 * number + 1], piece] if number else [parts[0], piece]
    return "\n".join(filter(None, map(str.strip, [*found, *parts[2 * len(pieces) - 1 :]])))


def searched(html: str, pieces: Sequence[Piece]) -> str:
    """Return what a search is to know of a page: one section, without the titles that all pages have."""
    words = joined(html, [piece.words for piece in pieces])
    return _INNER_HEADING.sub(lambda match: f"<p>{match[1]}</p>" if "<a href=" in match[1] else "", words)


def _piece(blocks: Sequence[tuple[str, str]]) -> Piece:
    if not blocks:
        return Piece("", "")
    return Piece("\n".join(html for html, _ in blocks), f"<p>{' '.join(words for _, words in blocks if words)}</p>")


def _words(block: str, prose: bool) -> str:
    """Return the text of a block, which stays encoded. Tables and lists are left out: they name other pages."""
    if block.startswith(("| ", "- ")) or (not prose and 'class="whypin-prose"' in block):
        return ""
    return " ".join(re.sub(r"<[^>]*>|!?\[|\]\([^)]*\)", " ", block).split())


def _heading(block: str) -> str:
    if "\n" in block or not re.match(r"#{1,6} \S", block):
        raise _Unknown
    return block


def _html(block: str, resolve: Resolve) -> str:
    if _BLOCK.match(block):
        # A generator would take what stands behind the element for a paragraph of its own.
        if not block.endswith(">") or "\n" in block:
            raise _Unknown
        return block
    lines = block.split("\n")
    if lines[0].startswith("| "):
        return "".join(_table(lines, resolve))
    if lines[0].startswith("- "):
        return "".join(_list(lines, resolve))
    if len(lines) > 1 or re.match(r"[\s>+*=`~-]|\d+[.)]", block):
        raise _Unknown
    return f"<p>{_inline(block, resolve)}</p>"


def _table(lines: list[str], resolve: Resolve) -> Iterator[str]:
    if len(lines) < 2 or not _TABLE.match(lines[1]):
        raise _Unknown
    head = _cells(lines[0])
    yield "<table>\n<thead>\n<tr>"
    yield "".join(f"<th>{_inline(cell, resolve)}</th>" for cell in head)
    yield "</tr>\n</thead>\n<tbody>\n"
    for line in lines[2:]:
        cells = _cells(line)
        if len(cells) != len(head):
            raise _Unknown
        yield "<tr>" + "".join(f"<td>{_inline(cell, resolve)}</td>" for cell in cells) + "</tr>\n"
    yield "</tbody>\n</table>"


def _cells(line: str) -> list[str]:
    if not (line.startswith("| ") and line.endswith(" |")):
        raise _Unknown
    return [cell.strip() for cell in line[1:-1].split("|")]


def _list(lines: list[str], resolve: Resolve) -> Iterator[str]:
    """Yield a list; an item is deeper than the one before by one step at most, each of four spaces."""
    depth = -1
    for line in lines:
        match = _ITEM.match(line)
        deeper = len(match[1]) // 4 if match else depth + 2
        if match is None or deeper > depth + 1:
            raise _Unknown
        yield "<ul>\n<li>" if deeper > depth else "</li>\n</ul>\n" * (depth - deeper) + "</li>\n<li>"
        yield _inline(match[2], resolve)
        depth = deeper
    yield "</li>\n</ul>" * (depth + 1)


def _inline(text: str, resolve: Resolve) -> str:
    """Return a line with its links; everything else in it is HTML already, or text that means nothing else."""

    def link(match: re.Match[str]) -> str:
        address = resolve(match[3])
        if address is None:
            raise _Unknown
        if match[1]:
            return f'<img alt="{match[2]}" src="{address}">'
        return f'<a href="{address}">{match[2]}</a>'

    html = _LINK.sub(link, text) if "](" in text else text
    if re.search(r"[\[\]`*\\]", html) or "  " in html:
        raise _Unknown
    return html
