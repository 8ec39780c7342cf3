"""HTML as a browser takes it: the elements with their attributes, and the text."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import NamedTuple

#: Attributes that make a browser fetch, run or go somewhere.
ADDRESSES = frozenset({"href", "src", "srcset", "action", "formaction", "data", "poster", "background", "xlink:href"})

ACTIVE = {"script", "iframe", "object", "embed", "base", "form", "svg", "math", "style", "link", "meta", "img", "video"}
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
WEB = ("http", "https")


class Element(NamedTuple):
    """One start tag; `text` is what stands directly in it."""

    tag: str
    attributes: dict[str, str]
    text: list[str]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.text: list[str] = []
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, [])
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self._open):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._open:
            self._open[-1].text.append(data)


def elements(html: str) -> list[Element]:
    """Return every element of a page, in order."""
    return _read(html).elements


def text(html: str) -> str:
    """Return the text of a page, white space collapsed."""
    return " ".join("".join(_read(html).text).split())


@lru_cache(maxsize=4)
def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def dangers(html: str) -> list[str]:
    """Return what in the HTML could run, fetch or leave for anything but the web."""
    found = []
    for element in elements(html):
        if element.tag in ACTIVE:
            found.append(f"<{element.tag}>")
        for name, value in element.attributes.items():
            scheme = re.match(r"[\s\x00-\x20]*([a-zA-Z][\w+.-]*):", value) if name in ADDRESSES else None
            if name.startswith("on") or name in ("style", "srcdoc") or (scheme and scheme[1].lower() not in WEB):
                found.append(f"{element.tag} {name}={value}")
    return found
