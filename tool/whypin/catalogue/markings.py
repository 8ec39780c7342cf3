"""The elements, attributes, classes and ids that a text of a record may bring to a page.

Classes are those that Markdown's common extensions write, by name: with others a text could pass for a part of the
page, or wake a script of the theme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from whypin.catalogue.markup import encode, is_web_address

Given = Mapping[str, str | None]

VOID = frozenset({"br", "hr", "input"})
_ALLOWED = frozenset(
    {"p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
    | {"table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "details", "summary"}
    | {"abbr", "del", "ins", "kbd", "mark", "sub", "sup"}
)
#: Elements that are nothing without a class that is allowed.
_BY_CLASS = frozenset({"div", "span", "label"})
_HEADING = re.compile(r"h[1-6]\Z")
_ALIGNED = re.compile(r"text-align: (left|right|center);?\Z")

_TYPES = (
    "note|abstract|summary|tldr|info|todo|tip|hint|important|success|check|done|question|help|faq|warning|caution"
    "|attention|failure|fail|missing|danger|error|bug|example|quote|cite|seealso"
)
_CLASSES = {
    name: re.compile(rf"(?:{pattern})\Z")
    for name, pattern in {
        "div": rf"admonition|{_TYPES}|highlight|codehilite|linenodiv|footnote",
        "details": _TYPES,
        "p": "admonition-title",
        "span": "filename|keys|linenos|normal|special|task-list-indicator",
        "code": "highlight",
        "kbd": "key-[a-z0-9-]{1,30}",
        "table": "highlighttable|codehilitetable",
        "td": "linenos|code",
        "ul": "task-list",
        "li": "task-list-item",
        "label": "task-list-control",
        "a": "footnote-ref|footnote-backref",
    }.items()
}
#: What a highlighter calls the pieces of code.
_TOKEN = re.compile(r"[a-z][a-z0-9]{0,2}\Z")
_PLACE = re.compile(r"(fn(?:ref\d*)?):([\w-]{1,60})\Z")
_PLACES = re.compile(r'<(?:li|sup)\b[^<>]*\bid="([^"]*)"')
_NUMBERINGS = frozenset("1aAiI")


class Places:
    """The footnotes of a text, each with an id that no other text has."""

    def __init__(self, html: str, source: str) -> None:
        self._there = set(_PLACES.findall(html)) if 'id="fn' in html else set()
        self._source = source
        self._given: set[str] = set()

    def name(self, old: str) -> str:
        """Return the id of a footnote, or of where it is referred to; nothing for anything else."""
        match = _PLACE.match(old) if old in self._there else None
        if match is None:
            return ""
        from hashlib import sha256

        text = sha256(self._source.encode("utf-8", "replace")).hexdigest()[:8]
        return f"whypin-{text}-{match[1]}-{match[2]}"

    def take(self, old: str) -> str:
        """Return an id likewise, for the element that bears it: the first that asks."""
        name = self.name(old)
        if name in self._given:
            return ""
        self._given.add(name)
        return name


def opening(tag: str, given: Given, places: Places, in_code: bool) -> str:
    """Return how an element begins, with the attributes that it keeps; nothing where the element has to go."""
    if _HEADING.match(tag):
        return '<p class="whypin-heading">'
    if tag == "input":
        return _checkbox(given)
    classes = _classes(tag, given, in_code)
    if tag in _BY_CLASS:
        return f"<{tag}{classes}>" if classes else ""
    if tag not in _ALLOWED:
        return ""
    if tag == "a":
        return _anchor(given, places, classes)
    return f"<{tag}{classes}{_attributes(tag, given, places)}>"


def closing(tag: str) -> str:
    """Return how an element ends that began so."""
    return "</p>" if _HEADING.match(tag) else f"</{tag}>"


def link(address: str) -> str:
    """Return the attributes of a link to the web."""
    return f' href="{encode(address)}" rel="noopener noreferrer"'


def _anchor(given: Given, places: Places, classes: str) -> str:
    address = given.get("href") or ""
    if is_web_address(address):
        return f"<a{link(address)}>"
    place = places.name(address[1:]) if address.startswith("#") else ""
    return f'<a{classes} href="#{encode(place)}">' if place else ""


def _checkbox(given: Given) -> str:
    if given.get("type") != "checkbox":
        return ""
    state = ' checked aria-label="done"' if "checked" in given else ' aria-label="open"'
    return f'<input type="checkbox" disabled{state}>'


def _classes(tag: str, given: Given, in_code: bool) -> str:
    allowed = _CLASSES.get(tag)
    words = (given.get("class") or "").split() if allowed else []
    kept = [word for word in words if allowed and (allowed.match(word) or _is_token(tag, word, in_code))]
    if tag in ("th", "td") and (aligned := _ALIGNED.match(given.get("style") or "")):
        kept.append(f"whypin-{aligned[1]}")
    return f' class="{" ".join(dict.fromkeys(kept))}"' if kept else ""


def _is_token(tag: str, word: str, in_code: bool) -> bool:
    return tag == "span" and in_code and _TOKEN.match(word) is not None


def _attributes(tag: str, given: Given, places: Places) -> str:
    if tag == "ol":
        start, kind = given.get("start") or "", given.get("type") or ""
        numbered = f' start="{start}"' if re.match(r"[0-9]{1,9}\Z", start) else ""
        return numbered + (f' type="{kind}"' if kind in _NUMBERINGS else "")
    if tag in ("th", "td") and re.match(r"[0-9]{1,2}\Z", given.get("colspan") or ""):
        return f' colspan="{given["colspan"]}"'
    if tag == "details":
        return " open" if "open" in given else ""
    if tag == "abbr":
        return f' title="{encode(given.get("title") or "")}"'
    if tag in ("li", "sup") and (place := places.take(given.get("id") or "")):
        return f' id="{encode(place)}"'
    return ""
