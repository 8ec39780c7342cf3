"""Text that is safe to put on a page: whatever is not marked as markup is escaped, for Markdown and HTML at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

#: Control characters, direction marks and lone surrogates: none of them has business on a page.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
#: Letters, digits, spaces, commas, single stops and hyphens within a word mean nothing to Markdown, its extensions,
#: HTML or a template. Everything else is written as a character reference, the stop of a `www.` included.
_MEANINGFUL = re.compile(r"[^\w ,.-]|_|(?<![^\W_])-|-(?![^\W_])|(?<=[.wW])\.|\.(?=\.)")
_SHORT = 100
_SPACES = re.compile(r"\s+")
_URL = re.compile(r"https?://[^\s<>\"'`\\^{|}\x00-\x20\x7f-\x9f]+\Z", re.IGNORECASE)


class Html(str):
    """Markup that is safe as it stands, inside HTML and inside Markdown."""

    __slots__ = ()


class Markdown(str):
    """Markdown that is safe as it stands, such as a link between pages; of no use inside an HTML element."""

    __slots__ = ()


def encode(text: str) -> Html:
    """Return text as character references wherever a character could mean something; line breaks stay, encoded."""
    return Html(_MEANINGFUL.sub(lambda match: f"&#{ord(match[0])};", _UNSEEN.sub("\ufffd", text)))


def text(value: object) -> Html:
    """Return a value for a page, on one line; markup is returned as it is."""
    if isinstance(value, Html):
        return value
    words = str(value)
    return _line(words) if len(words) < _SHORT else encode(_SPACES.sub(" ", words))


@lru_cache(maxsize=16_384)
def _line(words: str) -> Html:
    """Return words on one line; most of those on a page stand on many others."""
    return encode(_SPACES.sub(" ", words))


def tag(name: str, *children: object, **attributes: str | None) -> Html:
    """Return an element; children that are no markup are escaped, and an attribute of None is left out."""
    given = "".join([f' {_name(key)}="{text(value)}"' for key, value in attributes.items() if value is not None])
    return Html(f"<{name}{given}>{''.join(map(text, children))}</{name}>")


@lru_cache(maxsize=64)
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def join(parts: Iterable[object], separator: str = "") -> Html:
    """Return markup in a row; `separator` is taken as markup."""
    return Html(separator.join(map(text, parts)))


def is_web_address(url: str) -> bool:
    """Whether this is an http or https address, the only kinds that pages link to."""
    return _URL.match(url) is not None


def outward(url: str, label: object | None = None) -> Html:
    """Return a link that leaves the site; text where the address is none to link to."""
    if not is_web_address(url):
        return text(label if label is not None else url)
    return tag("a", label if label is not None else url, href=url, rel="noopener noreferrer")


def inward(label: object, target: str, source: str, **query: str) -> Markdown:
    """Return a Markdown link from one page to another, both given by their paths, which hold nothing to escape.

    The query says how a list there is filtered; its values are words of ours.
    """
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return Markdown(f"[{text(label)}]({relative(target, source)}{'?' if asked else ''}{asked})")


@lru_cache(maxsize=16_384)
def relative(target: str, source: str) -> str:
    """Return the path from the page `source` to the page `target`."""
    here, there = source.split("/")[:-1], target.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "/".join([".."] * (len(here) - shared) + there[shared:])


def heading(level: int, words: object) -> str:
    """Return a Markdown heading."""
    return f"{'#' * level} {_markdown(words)}\n"


def paragraph(*parts: object) -> str:
    """Return one Markdown paragraph."""
    return f"{''.join(map(_markdown, parts))}\n"


def table(kind: str, headers: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "") -> str:
    """Return a Markdown table behind an empty element of class `whypin-KIND`, by which style and script know it.

    Markdown has no captions: the script gives it to the table.
    """
    lines = [headers, ["---"] * len(headers), *([_markdown(cell) for cell in row] for row in rows)]
    said = {"data_caption": caption} if caption else {}
    marker = tag("div", class_=f"whypin-table whypin-{kind}", **said)
    return f"{marker}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def marked(kind: str, block: str) -> str:
    """Return a block of Markdown behind an empty element of class `whypin-KIND`, by which the style knows it."""
    return f'<div class="whypin-marker whypin-{kind}"></div>\n\n{block}'


def bullets(items: Iterable[object], start: str = "-") -> str:
    """Return a Markdown list; with `1.` a numbered one."""
    return "".join(f"{start} {_markdown(item)}\n" for item in items)


def _markdown(value: object) -> str:
    return value if isinstance(value, Markdown) else text(value)
