"""Requirement strings as manifests hold them (PEP 508); only the odd ones pay for the packaging library."""

from __future__ import annotations

import re
from typing import NamedTuple

from whypin.model.names import is_valid, normalise

MAX_LENGTH = 10_000
MAX_CLAUSE = 200

_SPACE = r"[ \t]*+"
_RELEASE = r"[0-9]{1,9}(?:\.[0-9]{1,9})*"
_VERSION = rf"{_RELEASE}(?:(?:a|b|rc)[0-9]{{1,9}})?(?:\.post[0-9]{{1,9}})?(?:\.dev[0-9]{{1,9}})?"
_CLAUSE = (
    rf"(?:[=!]={_SPACE}(?:{_RELEASE}\.\*|{_VERSION}(?:\+[a-z0-9]+(?:\.[a-z0-9]+)*)?)|(?:[<>]=?){_SPACE}{_VERSION}"
    rf"|~={_SPACE}[0-9]{{1,9}}\.{_VERSION})"
)
_QUOTED = r"""(?:'[^'"\\]*'|"[^'"\\]*")"""
_COMPARISON = (
    r"(?:python_version|python_full_version|os_name|sys_platform|platform_(?:machine|system|python_implementation)"
    rf"|implementation_name){_SPACE}(?:[=!]=|[<>]=?|~=){_SPACE}{_QUOTED}"
)
_PLAIN = re.compile(
    rf"([A-Za-z0-9][A-Za-z0-9._-]*+){_SPACE}(?:\[([A-Za-z0-9._, -]*)\])?{_SPACE}"
    rf"({_CLAUSE}(?:{_SPACE},{_SPACE}{_CLAUSE})*)?{_SPACE}"
    rf"(?:;{_SPACE}({_COMPARISON}(?: (?:and|or) {_COMPARISON})*){_SPACE})?\Z"
)


class Parsed(NamedTuple):
    """A requirement: `name` and `extras` normalised, `specifier` PEP 440 text without spaces, `url` as written."""

    name: str
    specifier: str = ""
    extras: tuple[str, ...] = ()
    marker: str | None = None
    url: str | None = None


def parse(text: str) -> Parsed:
    """Read a requirement string; raises ValueError with what is wrong with it."""
    if len(text) > MAX_LENGTH:
        raise ValueError("a requirement this long is not a requirement")
    match = _PLAIN.match(text.strip())
    if match and is_valid(match[1]):
        extras = tuple(sorted({normalise(name.strip()) for name in (match[2] or "").split(",")} - {""}))
        if all(map(is_valid, extras)):
            return Parsed(normalise(match[1]), "".join((match[3] or "").split()), extras, match[4])
    return _by_library(text)


def _by_library(text: str) -> Parsed:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        found = Requirement(text)
        extras = tuple(sorted(map(normalise, found.extras)))
        marker = str(found.marker) if found.marker else None
        specifier = str(found.specifier)
    except InvalidRequirement as error:
        reason = str(error).partition("\n")[0]
        raise ValueError(f"{_show(text)} is not a requirement: {reason[:1].lower()}{reason[1:]}") from None
    except (ValueError, RecursionError):
        raise ValueError(f"{_show(text)} is not a requirement") from None
    if any(len(clause) > MAX_CLAUSE for clause in specifier.split(",")):
        raise ValueError(f"{_show(text)} is not a requirement: a version this long is not a version")
    if not is_valid(found.name):
        raise ValueError(f"{_show(text)} is not a requirement: {_show(found.name)} is not a package name")
    return Parsed(normalise(found.name), specifier, extras, marker, found.url)


def _show(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:77]}...")
