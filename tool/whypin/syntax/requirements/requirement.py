"""One requirement without its options: name, extras, specifier and marker, or a reference."""

from __future__ import annotations

import re

from whypin.model.location import Location
from whypin.model.names import is_valid, normalise
from whypin.syntax.requirements.filenames import ARCHIVES
from whypin.syntax.requirements.grammar import (
    CONTROL,
    EXTRAS,
    MAX_WORD,
    NAME,
    RELEASE,
    SUFFIX,
    VERSION,
    exact_version,
    extras_of,
)
from whypin.syntax.requirements.markers import read_marker
from whypin.syntax.requirements.parsed import ParsedRequirement
from whypin.syntax.requirements.references import URL, is_path, read_reference
from whypin.syntax.requirements.refusal import Refusal, show

MAX_REQUIREMENT = 10_000

_CLAUSE = (
    rf"(?:[=!]=[ \t]*+(?:{RELEASE}\.\*|{VERSION})|[<>]=?+[ \t]*+{RELEASE}{SUFFIX}"
    rf"|~=[ \t]*+[0-9]++(?>(?:\.[0-9]++)+){SUFFIX})"
)
_HEAD = rf"({NAME})[ \t]*+(?>(?:{EXTRAS})?)[ \t]*+"
#: Name, extras and a pinned version, as in every line of a lock.
_PINNED = re.compile(rf"{_HEAD}(==[ \t]*+{VERSION})")
_PLAIN = rf"{_HEAD}(?>({_CLAUSE}(?>(?:[ \t]*+,[ \t]*+{_CLAUSE})*))?)"
#: Name, extras and URL or path.
_DIRECT = rf"{_HEAD}@[ \t]*+(\S+)"


def read_requirement(text: str, place: Location) -> ParsedRequirement:
    """Read a requirement in the order in which pip tells the kinds apart; raises Refusal where it is none."""
    text, _, marker = text.partition("; " if URL.match(text) else ";")
    text = text.strip()
    found = _PINNED.fullmatch(text) or re.fullmatch(_PLAIN, text)
    if found is None or (found[3] is None and text.lower().endswith(ARCHIVES)):
        return _unusual(text, ParsedRequirement(None, "", None, place, marker=read_marker(marker)))
    name, extras, specifier = found.groups("")
    if len(text) > MAX_REQUIREMENT or len(name) > MAX_WORD:
        raise Refusal("the requirement is too long to be read")
    specifier = "".join(specifier.split())
    version = exact_version(specifier)
    return ParsedRequirement(normalise(name), specifier, version, place, extras_of(extras), read_marker(marker))


def read_editable(target: str, place: Location) -> ParsedRequirement:
    """Read what stands after `-e`, a marker included; raises Refusal where pip takes none."""
    target, _, marker = target.partition(" ;")
    target = target.strip()
    known = ParsedRequirement(None, "", None, place, marker=read_marker(marker), editable=True)
    direct = re.fullmatch(_DIRECT, target)
    return _read_direct(direct, known) if direct else read_reference(target, known)


def _unusual(text: str, known: ParsedRequirement) -> ParsedRequirement:
    if len(text) > MAX_REQUIREMENT:
        raise Refusal("the requirement is too long to be read")
    if re.search(CONTROL, text):
        raise Refusal("the requirement holds a control character", "", "type the line again")
    direct = re.fullmatch(_DIRECT, text)
    if direct and (URL.match(direct[3]) or "://" in direct[3] or is_path(direct[3])):
        return _read_direct(direct, known)
    if URL.match(text) or is_path(text):
        return read_reference(text, known)
    return _by_library(text, known)


def _read_direct(direct: re.Match[str], known: ParsedRequirement) -> ParsedRequirement:
    name, extras, target = direct.groups()
    return read_reference(target, known._replace(name=normalise(name), extras=extras_of(extras)))


def _by_library(text: str, known: ParsedRequirement) -> ParsedRequirement:
    from packaging.requirements import Requirement

    try:
        found = Requirement(text)
    except (ValueError, RecursionError):
        raise _no_requirement(text) from None
    specifier = str(found.specifier)
    if found.url or not is_valid(found.name) or "[" in specifier:
        raise _no_requirement(text)
    version = exact_version(specifier)
    extras = tuple(sorted(map(normalise, found.extras)))
    return known._replace(name=normalise(found.name), specifier=specifier, version=version, extras=extras)


def _no_requirement(text: str) -> Refusal:
    from whypin.syntax.requirements.advice import advice_for

    return Refusal(f"{show(text)} is not a requirement", "", advice_for(text))
