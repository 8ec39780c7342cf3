"""Markdown that people wrote into a record, as HTML from an allow-list: no raw HTML, links to the web only."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from whypin.catalogue import figures
from whypin.catalogue.markup import Html, encode, is_web_address, tag

if TYPE_CHECKING:
    from markdown import Markdown  # type: ignore[import-untyped]

#: Longer texts, and such with more brackets, are shown as they were typed: the worst would take Markdown minutes.
MAX_LENGTH = 20_000
_MAX_BRACKETS = 400

_ALLOWED = frozenset(
    {"p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
    | {"table", "thead", "tbody", "tr", "th", "td"}
)
_VOID = frozenset({"br", "hr"})
#: Lines of words and punctuation, the first of them a letter: no mark of Markdown, no indentation, no forced break.
_PLAIN = re.compile(r"\n*(?:[^\W\d_](?:[^\W_]|[,.;:'\"()%+/=?-]| (?! |\n|\Z))*(?:\n+|\Z))+")
_HEADING = re.compile(r"h[1-6]\Z")
_ALIGNED = re.compile(r"text-align: (left|right|center);?\Z")

Attributes = list[tuple[str, str | None]]


@lru_cache(maxsize=4096)
def render(source: str) -> Html:
    """Return a text as one line of HTML.

    Two gates, each enough alone: Markdown is read without raw HTML, and what comes of it is rebuilt from the elements
    and attributes of the allow-list, every character of text escaped.
    """
    if len(source) > MAX_LENGTH or source.count("[") > _MAX_BRACKETS:
        return _as_typed(source)
    if _PLAIN.fullmatch(source):
        return tag("div", *_paragraphs(source), class_="whypin-prose")
    try:
        html = _reader().reset().convert(source)
    except RecursionError:
        return _as_typed(source)
    return tag("div", rebuild(html), class_="whypin-prose")


def _paragraphs(source: str) -> list[Html]:
    """Return words that mean nothing to Markdown as it would: most reasons are such, and there may be thousands."""
    found = [tag("p", one) for one in re.split(r"\n{2,}", source.strip("\n"))]
    return [piece for one in found for piece in (Html(" "), one)][1:]


def _as_typed(source: str) -> Html:
    return tag("div", tag("pre", tag("code", encode(source))), class_="whypin-prose")


@lru_cache(maxsize=1)
def _reader() -> Markdown:
    from markdown import Markdown

    reader = Markdown(extensions=["tables", "fenced_code", "sane_lists"])
    reader.preprocessors.deregister("html_block")
    reader.inlinePatterns.deregister("html")
    return reader


def rebuild(html: str) -> Html:
    """Return HTML with nothing in it but the elements and attributes of the allow-list, on one line and balanced."""
    parser = _Rebuilder()
    parser.feed(html)
    parser.close()
    return parser.result()


class _Rebuilder(HTMLParser):
    """Writes allowed elements anew; of all others only the text remains."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[str] = []

    def result(self) -> Html:
        return Html("".join([*self._out, *(f"</{name}>" for name in reversed(self._open))]))

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if _HEADING.match(tag):
            self._out.append('<p class="whypin-heading">')
            self._open.append("p")
        elif tag == "img":
            self._image(dict(attrs))
        elif tag in _ALLOWED:
            attributes = _attributes(tag, dict(attrs))
            if attributes is not None:
                self._out.append(f"<{tag}{attributes}>")
                if tag not in _VOID:
                    self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        tag = "p" if _HEADING.match(tag) else tag
        if tag in self._open:
            while self._open[-1] != tag:
                self._out.append(f"</{self._open.pop()}>")
            self._out.append(f"</{self._open.pop()}>")

    def handle_data(self, data: str) -> None:
        self._out.append(encode(data) if "pre" in self._open else encode(re.sub(r"\s+", " ", data)))

    def _image(self, attributes: dict[str, str | None]) -> None:
        """An image of the web becomes a link to it: showing it would send every reader to another host."""
        address, words = attributes.get("src") or "", attributes.get("alt") or "image"
        if marked := figures.mark(address, words):
            self._out.append(marked)
        elif is_web_address(address) and "a" not in self._open:
            self._out.append(f"<a{_link(address)}>{encode(words)}</a>")
        else:
            self._out.append(encode(words))


def _attributes(name: str, given: dict[str, str | None]) -> str | None:
    """Return the attributes to keep, or None where the element has to go."""
    if name == "a":
        address = given.get("href") or ""
        return _link(address) if is_web_address(address) else None
    if name == "ol" and re.match(r"\d{1,9}\Z", given.get("start") or ""):
        return f' start="{given["start"]}"'
    if name in ("th", "td") and (aligned := _ALIGNED.match(given.get("style") or "")):
        return f' class="whypin-{aligned[1]}"'
    return ""


def _link(address: str) -> str:
    return f' href="{encode(address)}" rel="noopener noreferrer"'
