"""Poetry's version constraints as PEP 440 specifiers.

Source: Poetry's documentation of version constraints (`^`, `~`, `*`, the bare version that means `==`, `||`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from whypin.model.version import to_version

MAX_LENGTH = 4000

_VERSION = re.compile(
    r"v?(?P<epoch>[0-9]+!)?(?P<release>[0-9]+(?:\.[0-9]+)*)"
    r"(?P<rest>(?:[-_.]?(?:alpha|beta|preview|pre|rc|a|b|c)[-_.]?[0-9]*)?"
    r"(?:-[0-9]+|[-_.]?(?:post|rev|r)[-_.]?[0-9]*)?(?:[-_.]?dev[-_.]?[0-9]*)?)"
    r"(?P<local>\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?\Z",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[\s,]*(?P<operator>\^|~=|~|===?|=|!=|<>|>=|<=|>|<|)\s*(?P<version>[^\s,|^~=<>]+)")
_END = re.compile(r"[\s,]*\Z")
_STAR = re.compile(r"(?:\.[xX*])+\Z")
_OPERATORS = {"": "==", "=": "==", "<>": "!="}

Clause = tuple[str, str]


@lru_cache(maxsize=4096)
def to_pep440(text: str) -> tuple[str, ...]:
    """Return the alternatives of a Poetry constraint as PEP 440 specifier sets; `""` admits every version.

    `^1.2 || ^3` gives two, nearly everything else one. Raises ValueError that says which part is no constraint.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError("a constraint this long is not a constraint")
    if not text.strip():
        return ("",)
    return tuple(",".join(map("".join, _clauses(part, text))) for part in re.split(r"\|\|?", text))


def as_one(alternatives: Sequence[str]) -> str:
    """Return one specifier set that admits all that the alternatives admit, and as little else as it can say.

    `<2` or `>2` becomes `!=2`; other alternatives lose what lies between them: `>=1,<2` or `>=3,<4` becomes `>=1,<4`.
    """
    if len(alternatives) == 1:
        return alternatives[0]
    sets = [[_parts(clause) for clause in each.split(",") if clause] for each in alternatives]
    gaps = _gaps(sets)
    bounds = [_bounds(each) for each in sets]
    lowest = _outermost([low for low, _ in bounds], -1)
    highest = _outermost([high for _, high in bounds], 1)
    return ",".join(part for part in (lowest, *gaps, highest) if part)


def _clauses(part: str, text: str) -> list[Clause]:
    clauses: list[Clause] = []
    position = 0
    while match := _CLAUSE.match(part, position):
        clauses += _translate(match["operator"], match["version"], text)
        position = match.end()
    if position == 0 or not _END.match(part, position):
        raise ValueError(f"{_show(text)} is not a version constraint")
    return clauses


def _translate(operator: str, version: str, text: str) -> list[Clause]:
    """Turn one clause of Poetry's into clauses of PEP 440."""
    if version in ("*", "x", "X") or _STAR.fullmatch(f".{version}"):
        if operator not in ("", "=", "==", ">="):
            raise ValueError(f"{_show(text)} is not a version constraint: {operator}* admits nothing")
        return []
    star = _STAR.search(version)
    match = _VERSION.match(version[: star.start()] if star else version)
    if match is None:
        raise ValueError(f"{_show(text)} is not a version constraint: {_show(version)} is not a version")
    operator = _OPERATORS.get(operator, operator)
    epoch, release, rest = match["epoch"] or "", match["release"], match["rest"]
    if star:
        return _with_star(operator, epoch + release, bool(rest or match["local"]), text)
    exact = epoch + release + rest
    if operator == "^":
        return [(">=", exact), ("<", epoch + _next_breaking(release))]
    if operator == "~":
        return [(">=", exact), ("<", epoch + _next_minor(release))]
    if operator == "~=" and "." not in release:
        raise ValueError(f"{_show(text)} is not a version constraint: ~= needs at least two numbers")
    local = match["local"] or "" if operator in ("==", "!=", "===") else ""
    return [(operator, exact + local)]


def _with_star(operator: str, release: str, odd: bool, text: str) -> list[Clause]:
    if operator in ("==", "!=") and not odd:
        return [(operator, f"{release}.*")]
    if operator in (">=", "<") and not odd:
        return [(operator, release)]
    raise ValueError(f"{_show(text)} is not a version constraint: a star goes with == and != only")


def _next_breaking(release: str) -> str:
    """The first version that a caret excludes: the first number that is not 0 goes up, or the last if all are."""
    numbers = release.split(".")
    place = next((at for at, number in enumerate(numbers) if number.strip("0")), len(numbers) - 1)
    return _up(numbers, place)


def _next_minor(release: str) -> str:
    """The first version that a tilde excludes: the second number goes up, or the only one."""
    numbers = release.split(".")
    return _up(numbers, min(1, len(numbers) - 1))


def _up(numbers: list[str], place: int) -> str:
    if len(numbers[place]) > 100:
        raise ValueError("a version with a number this long is not a version")
    return ".".join((*numbers[:place], str(int(numbers[place]) + 1)))


def _next(version: str, place: int) -> str:
    """Raise one number of the release, counted from its end, and drop what stands behind it."""
    match = _VERSION.match(version)
    assert match is not None, "a version that went through _translate"
    numbers = match["release"].split(".")
    return (match["epoch"] or "") + _up(numbers, len(numbers) + place)


def _parts(clause: str) -> Clause:
    operator = clause.rstrip(clause.lstrip("<>=!~"))
    return operator, clause[len(operator) :]


def _gaps(sets: Sequence[Sequence[Clause]]) -> list[str]:
    """Return `!=V` where one set ends below V and another begins above it."""
    ends = {version for each in sets for operator, version in each if operator == "<"}
    begins = {version for each in sets for operator, version in each if operator == ">"}
    return [f"!={version}" for version in sorted(ends & begins)] if len(sets) == 2 else []


def _bounds(clauses: Sequence[Clause]) -> tuple[Clause | None, Clause | None]:
    """Return a lower and an upper bound that the clauses imply, where they imply one."""
    low: Clause | None = None
    high: Clause | None = None
    for operator, version in clauses:
        if operator in (">", ">="):
            low = (operator, version)
        elif operator in ("<", "<="):
            high = (operator, version)
        elif operator == "~=":
            low, high = (">=", version), ("<", _next(version, -2))
        elif operator in ("==", "==="):
            plain = version.removesuffix(".*")
            low, high = (">=", plain), (("<=", version) if plain == version else ("<", _next(plain, -1)))
    return low, high


def _outermost(bounds: Sequence[Clause | None], sign: int) -> str:
    """Return the bound that the others lie within: the lowest for -1, the highest for 1; "" if one has no bound."""
    best: Clause | None = None
    for bound in bounds:
        if bound is None:
            return ""
        if best is None:
            best = bound
            continue
        ours, theirs = to_version(bound[1]), to_version(best[1])
        further = ours < theirs if sign < 0 else ours > theirs
        if further or (ours == theirs and len(bound[0]) > len(best[0])):
            best = bound
    return "".join(best or ())


def _show(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
