"""What a tool's failure means, read from its own words: the version's fault, a typing error, or neither. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Literal, NamedTuple

from whypin.model.names import spelt
from whypin.model.trial import Wanted
from whypin.model.version import to_version
from whypin.trials.own_build import is_own

#: How many lines of a tool's words go into a record, and how long they may be.
LINES, WIDTH = 8, 400

#: Colours and other orders to a terminal.
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)")
#: What no record may hold, and no log should: control characters, and those that change the direction.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
#: What resolvers say where no set of versions fits.
_UNRESOLVABLE = re.compile(
    r"No solution found|ResolutionImpossible|conflicting dependencies|version solving failed|unsatisfiable"
    r"|Unable to find a resolution|ResolutionFailure"
    r"|Requires-Python|requires a different python|no matching Python ABI|no wheels? with a matching",
    re.IGNORECASE,
)
#: What is said of an index, a repository or a machine that fails: nothing else then tells anything of the version.
_UNREACHED = re.compile(
    r"Retry\(total=0|Connection refused|Failed to fetch|Failed to establish a new connection|Max retries exceeded"
    r"|in name resolution|dns error|All attempts to connect|\[\w*(?:Connect|Timeout)\w*\]|could not be queried due to"
    r"|Credentials not correct|Authorization error|HTTP error [45]\d\d|\b(?:40[137]|429|5\d\d) (?:Client|Server) Error"
    r"|certificate verify failed|invalid peer certificate|ProxyError|Tunnel connection failed"
    r"|Git operation failed|unable to access '|Could not read from remote repository"
    r"|git (?:clone|fetch)\b.* (?:did not run successfully|exited with)"
    r"|No space left on device|Disk quota exceeded|Cannot allocate memory|\bMemoryError\b"
    r"|Killed signal|\(signal: 9\b|exit code: -9\b",
    re.IGNORECASE,
)
#: pip, while it still has hopes.
_RETRIED = re.compile(r"Retry\(total=[1-9]")
#: pip-compile, where it knows no version at all that one requirement of the project admits: no conflict, therefore.
_NOTHING = re.compile(r"ResolutionImpossible: \[RequirementInformation\(requirement=\w+\('[^']*'\), parent=None\)\]")
#: uv and Poetry, where a package is not there. Their reasons begin with "Because", and name all that takes part.
_GONE = re.compile(r"was not found in the p|there (?:is|are) no versions? of|which doesn't match any versions")
_BROKEN = re.compile(
    r"Failed to build|build backend|metadata-generation-failed|subprocess-exited-with-error|Failed building wheel"
    r"|Failed to download and build|legacy-install-failure|PEP517 build of a dependency failed",
    re.IGNORECASE,
)
#: Where the words of interest begin, in the order of preference.
_BEGINS = (
    re.compile(r"\bBecause\b"),
    re.compile(r"The conflict is caused by|Unable to find a resolution"),
    re.compile(r"did not run successfully|Failed to build|build backend|^Backend subprocess", re.IGNORECASE),
    re.compile(r"error|cannot install|could not", re.IGNORECASE),
)
#: What tools say after the reason: advice, and where their logs are.
_ENDS = re.compile(
    r"To fix this|Your dependencies could not be resolved|You can use \$|\d+:\d\d:\d\d |\[\w*Error\]|\[end of output"
    r"|note: |hint: |(?:[\w.]+: )?ResolutionImpossible: for help|WARNING: |See \S+\.log",
    re.IGNORECASE,
)
#: So many characters of a line are looked at: whoever writes a longer one wants to keep us busy.
_LONGEST = 1 << 14
#: A line of a traceback that names a place, and those that only lead from one to the next.
_FRAME = re.compile(r'File "[^"]*", line \d')
_BETWEEN = re.compile(
    r"Traceback \(most recent|During handling of the above|The above exception was"
    r"|[\s^~]*\Z|exit code: \d+\Z|\W*\[\d+ lines"
)
_EXCEPTION = re.compile(r"[\w.]+(?:Error|Exception|Exit|Interrupt|Impossible)\b")
#: pip's own conflict, as pip-compile hands it on: each requirement, and the file of the package that has it.
_REQUIRED = re.compile(r"Requirement\('([^']*)'\), parent=(?:None|\w+\('[^']*?([^'/#]+)(?:#[^']*)?'\))")

Kind = Literal["unresolvable", "missing", "broken", "own", "other"]


class Reason(NamedTuple):
    """Why a tool failed, and the lines in which it says so."""

    kind: Kind
    lines: tuple[str, ...]


def plain(text: str) -> str:
    """Return the words of an output, without colours and other control characters."""
    return _CONTROL.sub(" ", _ANSI.sub("", text).replace("\r\n", "\n").replace("\r", "\n"))


def reason(output: str, wanted: Iterable[Wanted]) -> Reason:
    """Tell what a failed lock or installation means; only `unresolvable` and `broken` say something of the version."""
    text = plain(output)
    lines = tuple(_lines(text))
    unreached = [line for line in lines if _UNREACHED.search(line) and not _RETRIED.search(line)]
    if unreached:
        return Reason("other", tuple(map(_short, dict.fromkeys((unreached[0], unreached[-1])))))
    if missing(text, wanted):
        return Reason("missing", _telling(lines))
    if _BROKEN.search(text):
        return Reason("own" if is_own(text) else "broken", _telling(lines))
    if _UNRESOLVABLE.search(text) and not _NOTHING.search(text):
        return Reason("other" if _is_without(text, wanted) else "unresolvable", _telling(lines))
    return Reason("other", tuple(map(_short, lines[-3:])))


def _is_without(text: str, wanted: Iterable[Wanted]) -> bool:
    """Whether something is not there, and the reason does without the versions: it would be the same for any other."""
    _, begun, said = text.partition("Because ")
    return bool(begun and _GONE.search(said)) and not any(_named(one).search(said) for one in wanted)


def _named(wanted: Wanted) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){spelt(wanted.name)}(?![\w-])", re.IGNORECASE)


def missing(output: str, wanted: Iterable[Wanted]) -> list[Wanted]:
    """Return those of the versions that the index does not have, by the tool's own words."""
    text = plain(output)
    return [one for one in wanted if _is_missing(text, one)]


def _is_missing(text: str, wanted: Wanted) -> bool:
    """Whether the index has no such version at all; one for another Python only is there, and does not fit."""
    name = spelt(wanted.name)
    # Tools say it in its normal form: 1.0.post1 for 1.0-1.
    normal = str(to_version(wanted.version)) if wanted.version else ""
    version = f"(?:{re.escape(wanted.version)}|{re.escape(normal)})"
    if re.search(rf"\b{version} Requires-Python", text):
        return False
    said = (
        rf"no versions? of {name}\s?==\s?{version}(?![\w.])",
        rf"No matching distribution found for {name}\s?==\s?{version}(?![\w.])",
        rf"Package {name} \({version}\) not found",
        rf"\b{name} was not found in the (?:package registry|provided package locations)",
        rf"{name} \((?:==)?{version}\) which doesn't match any versions",
        rf"Could not find a matching version of package {name}(?![\w.-])",
        rf"Unable to find a resolution for {name}\s+Please make sure the package name is correct",
        rf"ResolutionImpossible: \[RequirementInformation\(requirement=\w+\('{name}=={version}'\), parent=None\)\]",
    )
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in said)


def _lines(text: str) -> Iterator[str]:
    """Yield the lines that say something, without the frames of tracebacks."""
    source = False  # whether the line before named a place: then this one quotes what stands there
    for line in (each[:_LONGEST].strip().lstrip("|│╰├─▶> ") for each in text.splitlines()):
        if _FRAME.match(line):
            source = True
        elif not line or _BETWEEN.match(line):
            continue
        elif source and not _EXCEPTION.match(line) and not line.startswith("["):
            source = False
        else:
            source = False
            yield from _required(line) or (line,)


def _required(line: str) -> list[str]:
    """Return pip's conflict in words, where a line has it as objects."""
    found = _REQUIRED.findall(line) if "ResolutionImpossible: [" in line else []
    return (
        ["The conflict is caused by:", *(f"{each} (from {by or 'the project'})" for each, by in found)] if found else []
    )


def _telling(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the lines from where the reason begins to where it ends; of a long one the beginning and the end."""
    for pattern in _BEGINS:
        for position, line in enumerate(lines):
            if pattern.search(line):
                rest = takewhile(lambda line: not _ENDS.match(line), lines[position + 1 :])
                return _fitting([line, *rest])
    return tuple(map(_short, lines[-LINES:]))


def _fitting(lines: Sequence[str]) -> tuple[str, ...]:
    if len(lines) > LINES:
        half = LINES // 2
        lines = [*lines[: half - 1], "...", *lines[-half:]]
    return tuple(map(_short, lines))


def last(output: str, most: int = 5) -> tuple[str, ...]:
    """Return the last lines of an output that say anything."""
    lines = [line.rstrip() for line in plain(output).splitlines() if line.strip(" \t=-_.")]
    return tuple(map(_short, lines[-most:]))


def _short(line: str) -> str:
    line = line.removeprefix("cause: ").replace("\t", " ")
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 4]} ..."
