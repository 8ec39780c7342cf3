"""Drawings that are images and nothing more: an SVG that runs or fetches anything stays off the site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_REFUSED = frozenset(
    {"script", "foreignobject", "iframe", "embed", "object", "handler", "listener", "audio", "video", "link"}
)
#: A place in the drawing itself, or an image that it carries; links may lead to the web besides.
_ADDRESS = re.compile(r"\s*(#|data:image/(png|jpeg|gif|webp)[;,])", re.IGNORECASE)
_LINK = re.compile(r"(#|https?://)", re.IGNORECASE)
_FETCHES = re.compile(r"url\(\s*['\"]?\s*(?!#)|@import|\\", re.IGNORECASE)


class _Refused(Exception):
    """The drawing is more than an image."""


def is_tame(data: bytes) -> bool:
    """Whether a drawing has no script, handler, entity or address to fetch from; one that is no XML hasn't."""
    from xml.parsers import expat

    parser = expat.ParserCreate(namespace_separator=" ")
    styles: list[str] = []
    parser.XmlDeclHandler = _declaration
    parser.StartDoctypeDeclHandler = _doctype
    parser.StartElementHandler = _element
    parser.CharacterDataHandler = styles.append
    parser.EntityDeclHandler = parser.ProcessingInstructionHandler = _refuse
    try:
        data.decode("utf-8")
        parser.Parse(data, True)
    except (_Refused, expat.ExpatError, UnicodeDecodeError):
        return False
    return b"style" not in data or not _FETCHES.search("".join(styles))


def _refuse(*_: Any) -> None:
    raise _Refused


def _declaration(version: str, encoding: str | None, standalone: int) -> None:
    if (encoding or "utf-8").lower() not in ("utf-8", "us-ascii"):
        raise _Refused


def _doctype(name: str, system: str | None, public: str | None, internal: int) -> None:
    """Refuse what declares entities; the doctype that drawing programs write does not."""
    if internal:
        raise _Refused


def _element(name: str, attributes: Mapping[str, str]) -> None:
    element = name.rpartition(" ")[2].lower()
    if element in _REFUSED:
        raise _Refused
    for full, value in attributes.items():
        key = full.rpartition(" ")[2].lower()
        allowed = _LINK if element == "a" else _ADDRESS
        addressed = key in ("href", "src") and not allowed.match(value)
        moved = key == "attributename" and value.strip().lower().endswith("href")
        if addressed or moved or key.startswith("on") or key == "base" or _FETCHES.search(value):
            raise _Refused
