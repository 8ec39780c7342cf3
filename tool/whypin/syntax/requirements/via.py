"""Comments beside and below a requirement: people's own words, and what resolvers note after `via` and `from`."""

from __future__ import annotations

import re

from whypin.model.names import normalise
from whypin.syntax.url import redact

_SOURCE = (
    r"(?:-[rc]|--requirements?|--constraints?|--overrides?) \S.*"
    r"|(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\[[^\]]*\])?(?P<file> ?\([^()]+\))?"
    r"|\([^()]+\)"
)


def read_comments(beside: str, below: list[str]) -> tuple[str, tuple[str, ...], str | None]:
    """Return the comment in someone's own words, the sources after `via`, and the index after `from`.

    The comments beside a requirement and below it come without their `#`.
    """
    via: list[str] = []
    own, index, listing = beside.strip(), None, False
    for position, note in enumerate([beside, *below]):
        words = note.strip()
        begins = words == "via" or words.startswith("via ")
        if begins or (listing and note.startswith("  ")):
            found = _sources(words[4:] if begins else words)
            via += found or ()
            listing = found is not None
            own = "" if listing and position == 0 else own
        elif position:
            listing = False
            index = _index(words) or index
    return redact(own), tuple(dict.fromkeys(via)), index


def _sources(text: str) -> list[str] | None:
    """Return the sources that a `via` names, or None where this is a sentence and no list of them."""
    sources = []
    for item in text.split(",") if text else ():
        found = re.fullmatch(_SOURCE, item.strip())
        if not found:
            return None
        sources.append(redact(found[0]) if found["file"] or not found["name"] else normalise(found["name"]))
    return sources


def _index(note: str) -> str | None:
    words = note.split()
    return redact(words[1]) if len(words) == 2 and words[0] == "from" and "://" in words[1] else None
