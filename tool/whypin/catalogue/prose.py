"""Markdown that people wrote into a record, as HTML from an allow-list: no raw HTML, links to the web only."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from whypin.catalogue import figures, markings
from whypin.catalogue.dialect import Dialect
from whypin.catalogue.markup import Html, encode, is_web_address, tag

if TYPE_CHECKING:
    from markdown import Markdown  # type: ignore[import-untyped]

#: From a text of a record to one line of HTML.
Render = Callable[[str], Html]

#: Longer texts, and such with more brackets, are shown as they were typed: the worst would take Markdown minutes.
MAX_LENGTH = 20_000
_MAX_BRACKETS = 400
#: As many texts as a large project has: each stands on the pages of its packages, and on that of its decision.
_MANY = 65_536

#: Lines of words and punctuation, the first of them a letter: no mark of Markdown, no indentation, no forced break.
_PLAIN = re.compile(r"\n*(?:[^\W\d_](?:[^\W_]|[,.;:'\"()%+/=?-]| (?! |\n|\Z))*(?:\n+|\Z))+")

Attributes = list[tuple[str, str | None]]


def _as_typed(source: str) -> Html:
    return tag("div", tag("pre", tag("code", encode(source))), class_="whypin-prose")


def renderer(dialect: Dialect, otherwise: Render = _as_typed) -> Render:
    """Return what renders texts as one line of HTML each, by the extensions of a dialect.

    Two gates, each enough alone: Markdown is read without raw HTML, and what comes of it is rebuilt from the elements
    and attributes of the allow-list, every character of text escaped. `otherwise` is for texts on which an extension
    fails: anybody may have written them, and the site is built all the same.
    """
    reader = cache(lambda: _reader(dialect))
    quick = dialect.leaves_words_alone

    @lru_cache(maxsize=_MANY)
    def render(source: str) -> Html:
        if len(source) > MAX_LENGTH or source.count("[") > _MAX_BRACKETS:
            return _as_typed(source)
        if quick and _PLAIN.fullmatch(source):
            return tag("div", *_paragraphs(source), class_="whypin-prose")
        try:
            html = reader().reset().convert(source)
        except Exception:
            # It may have stopped anywhere, and would read the next text wrongly.
            reader.cache_clear()
            return otherwise(source)
        return tag("div", rebuild(html, source), class_="whypin-prose")

    return render


def _paragraphs(source: str) -> list[Html]:
    """Return words that mean nothing to Markdown as it would: most reasons are such, and there may be thousands."""
    found = [tag("p", one) for one in re.split(r"\n{2,}", source.strip("\n"))]
    return [piece for one in found for piece in (Html(" "), one)][1:]


def _reader(dialect: Dialect) -> Markdown:
    from markdown import Markdown

    reader = Markdown(extensions=list(dialect.extensions), extension_configs=dict(dialect.settings))
    reader.preprocessors.deregister("html_block", strict=False)
    reader.inlinePatterns.deregister("html", strict=False)
    return reader


#: Renders a text as on a site without extensions of its own.
render = renderer(Dialect())


def rebuild(html: str, source: str = "") -> Html:
    """Return HTML with nothing in it but the elements and attributes of the allow-list, on one line and balanced.

    `source` is what it was made from: ids are unique by that, and so are the same in every build.
    """
    parser = _Rebuilder(markings.Places(html, source))
    parser.feed(html)
    parser.close()
    return parser.result()


class _Rebuilder(HTMLParser):
    """Writes allowed elements anew; of all others only the text remains."""

    def __init__(self, places: markings.Places) -> None:
        super().__init__(convert_charrefs=True)
        self._places = places
        self._out: list[str] = []
        #: The elements that are open, each with what closes it: nothing where it was left out.
        self._open: list[tuple[str, str]] = []

    def result(self) -> Html:
        return Html("".join([*self._out, *(closing for _, closing in reversed(self._open))]))

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag == "img":
            self._image(dict(attrs))
            return
        opening = markings.opening(tag, dict(attrs), self._places, self._is_open("pre") or self._is_open("code"))
        if opening:
            self._out.append(opening)
        if tag not in markings.VOID:
            self._open.append((tag, markings.closing(tag) if opening else ""))

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in markings.VOID and tag != "img":
            self._out.append(self._open.pop()[1])

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _ in self._open):
            while True:
                name, closing = self._open.pop()
                self._out.append(closing)
                if name == tag:
                    return

    def handle_data(self, data: str) -> None:
        self._out.append(encode(data) if self._is_open("pre") else encode(re.sub(r"\s+", " ", data)))

    def _is_open(self, tag: str) -> bool:
        return any(name == tag and closing for name, closing in self._open)

    def _image(self, attributes: dict[str, str | None]) -> None:
        """An image of the web becomes a link to it: showing it would send every reader to another host."""
        address, words = attributes.get("src") or "", attributes.get("alt") or "image"
        if marked := figures.mark(address, words):
            self._out.append(marked)
        elif is_web_address(address) and not self._is_open("a"):
            self._out.append(f"<a{markings.link(address)}>{encode(words)}</a>")
        else:
            self._out.append(encode(words))
