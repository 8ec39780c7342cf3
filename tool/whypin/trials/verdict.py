"""What a tool's failure means, read from its own words: the version's fault, a typing error, or neither. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from whypin.model.trial import Wanted

#: How many lines of a tool's words go into a record, and how long they may be.
LINES, WIDTH = 8, 400

#: Colours and other orders to a terminal.
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)")
#: What resolvers say where no set of versions fits.
_UNRESOLVABLE = re.compile(
    r"No solution found|ResolutionImpossible|conflicting dependencies|version solving failed|unsatisfiable"
    r"|Unable to find a resolution|ResolutionFailure|dependencies could not be resolved"
    r"|Requires-Python|requires a different python|no matching Python ABI|no wheels? with a matching",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"Failed to build|build backend|metadata-generation-failed|subprocess-exited-with-error|Failed building wheel"
    r"|Failed to download and build|legacy-install-failure",
    re.IGNORECASE,
)
#: Where the words of interest begin, in the order of preference.
_BEGINS = (
    re.compile(r"\bBecause\b"),
    re.compile(r"The conflict is caused by|Failed to build|build backend", re.IGNORECASE),
    re.compile(r"error|cannot install|could not", re.IGNORECASE),
)

Kind = Literal["unresolvable", "missing", "broken", "other"]


class Reason(NamedTuple):
    """Why a tool failed, and the lines in which it says so."""

    kind: Kind
    lines: tuple[str, ...]


def plain(text: str) -> str:
    """Return the words of an output, without colours."""
    return _ANSI.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def reason(output: str, wanted: Iterable[Wanted]) -> Reason:
    """Tell what a failed lock or installation means; only `unresolvable` and `broken` say something of the version."""
    text = plain(output)
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    for one in wanted:
        if _is_missing(text, one):
            return Reason("missing", _telling(lines))
    if _UNRESOLVABLE.search(text):
        return Reason("unresolvable", _telling(lines))
    if _BROKEN.search(text):
        return Reason("broken", _telling(lines))
    return Reason("other", lines[-3:])


def _is_missing(text: str, wanted: Wanted) -> bool:
    """Whether the index has no such version at all; one for another Python only is there, and does not fit."""
    name = "[-_.]+".join(map(re.escape, wanted.name.split("-")))
    version = re.escape(wanted.version)
    if re.search(rf"\b{version} Requires-Python", text):
        return False
    said = (
        rf"no versions? of {name}\s?==\s?{version}(?![\w.])",
        rf"No matching distribution found for {name}\s?==\s?{version}(?![\w.])",
        rf"Package {name} \({version}\) not found",
        rf"\b{name} was not found in the (?:package registry|provided package locations)",
        rf"{name} \((?:==)?{version}\) which doesn't match any versions",
    )
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in said)


def _telling(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the lines from where the reason begins."""
    for pattern in _BEGINS:
        for position, line in enumerate(lines):
            if pattern.search(line):
                return tuple(_short(each) for each in lines[position : position + LINES])
    return tuple(map(_short, lines[-LINES:]))


def last(output: str, most: int = 5) -> tuple[str, ...]:
    """Return the last lines of an output that say anything."""
    lines = [line.rstrip() for line in plain(output).splitlines() if line.strip(" \t=-_.")]
    return tuple(map(_short, lines[-most:]))


def _short(line: str) -> str:
    line = re.sub(r"[^\x20-\x7e\xa0-\U0010ffff]", " ", line.removeprefix("cause: "))
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 4]} ..."
