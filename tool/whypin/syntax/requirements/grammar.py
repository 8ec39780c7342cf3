"""The words that requirements are made of (PEP 508, PEP 440): expressions, and what has to hold of what they match."""

from __future__ import annotations

from whypin.model.names import is_valid, normalise
from whypin.syntax.requirements.refusal import Refusal, show

#: No name and no version is longer.
MAX_WORD = 200

# Every repeat is possessive, so that time is linear.
NAME = r"[A-Za-z0-9]++(?>(?:[._-]++[A-Za-z0-9]++)*)"
EXTRAS = r"\[([A-Za-z0-9._\-, \t]*+)\]"
RELEASE = r"[0-9]++(?>(?:\.[0-9]++)*)"
SUFFIX = r"(?>(?:(?:a|b|rc)[0-9]++)?)(?>(?:\.post[0-9]++)?)(?>(?:\.dev[0-9]++)?)"
VERSION = rf"{RELEASE}{SUFFIX}(?>(?:\+[A-Za-z0-9]++(?>(?:[._-][A-Za-z0-9]++)*))?)"
#: What makes a text a range of versions, and no path.
OPERATOR = r"[<>=!~]=|[<>]"
#: Control characters but the tab, and characters that turn the direction of text.
CONTROL = "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"


def extras_of(text: str | None) -> tuple[str, ...]:
    """Return the sorted, normalised extras that brackets hold; raises Refusal where one is no name."""
    if not text or not text.strip():
        return ()
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if not is_valid(name):
            raise Refusal(f"{show(name)} is not the name of an extra", text, "write name[extra,extra]")
    return tuple(sorted(set(map(normalise, names))))


def exact_version(specifier: str) -> str | None:
    """Return the one version that specifiers without spaces pin, if they do."""
    pins = set()
    for clause in specifier.split(","):
        if clause.startswith("==="):
            pins.add(clause[3:])
        elif clause.startswith("==") and not clause.endswith("*"):
            pins.add(clause[2:])
    return checked_version(pins.pop()) if len(pins) == 1 else None


def checked_version(version: str | None) -> str | None:
    """Return a version; raises Refusal where it is too long to be one."""
    if version is not None and len(version) > MAX_WORD:
        raise Refusal("the version is too long to be one")
    return version
