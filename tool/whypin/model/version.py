"""The versions that a record accepts, and whether a locked one is among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

MAX_LENGTH = 200

_OPERATOR = re.compile(r"\s*(===|==|~=|!=|<=|>=|<|>)\s*")
#: Versions as nearly everyone writes them, in normal form: these need no library to be read or compared for identity.
_PLAIN = re.compile(
    r"\d{1,9}(?:\.\d{1,9}){0,5}(?:(?:a|b|rc)\d{1,9})?(?:\.post\d{1,9})?(?:\.dev\d{1,9})?(?:\+[a-z0-9]+(?:\.[a-z0-9]+)*)?\Z"
)
#: A release and nothing else (its local part aside), and a clause over such: these are compared as numbers.
_RELEASE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9}){0,5})(?:\+[a-z0-9]+(?:\.[a-z0-9]+)*)?\Z")
_CLAUSE = re.compile(r"(~=|==|!=|<=|>=|<|>)\s*([0-9]{1,9}(?:\.[0-9]{1,9}){0,5})(\.\*)?\Z")


class Item(NamedTuple):
    """One thing a record accepts: an exact version or a PEP 440 specifier set, and the index it must come from.

    Exactly one of `version` and `specifier` is set. `arbitrary` is the `===` of PEP 440: compared as text.
    """

    text: str
    version: str | None = None
    specifier: str | None = None
    index: str | None = None  # type: ignore[assignment]  # a tuple's own index() is not missed here
    arbitrary: bool = False

    @property
    def local(self) -> bool:
        """Whether this names a local version, such as `2.1.0+cu118`."""
        return self.version is not None and "+" in self.version

    @property
    def bounded(self) -> bool:
        """Whether the item is exact or has an upper bound: a floor or an exclusion alone decides nothing."""
        if self.version is not None or self.specifier is None:
            return True
        clauses = [part.strip() for part in self.specifier.split(",")]
        return any(part.startswith(("<", "==", "~=")) for part in clauses)


def parse_item(text: str, index: str | None = None) -> Item:
    """Read a version or a specifier set; a bare version means `==`.

    Raises ValueError that says what is wrong with the text.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError("a version this long is not a version")
    if _PLAIN.match(text):
        return Item(text, version=text, index=index)
    match = _OPERATOR.match(text)
    if match is None:
        return Item(text, version=_checked_version(text), index=index)
    rest = text[match.end() :].strip()
    if not rest:
        raise ValueError(f"{text!r} has no version behind the operator")
    if match[1] == "===" and "," not in rest and len(rest.split()) == 1:
        return Item(text, version=rest, index=index, arbitrary=True)
    if match[1] == "==" and "," not in rest and not rest.endswith(".*"):
        return Item(text, version=_checked_version(rest), index=index)
    return Item(text, specifier=_checked_specifier(text), index=index)


def _checked_version(text: str) -> str:
    try:
        to_version(text)
    except ValueError:
        raise ValueError(f"{text!r} is neither a version nor a specifier") from None
    return text.strip()


def _checked_specifier(text: str) -> str:
    try:
        to_specifiers(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a specifier") from None
    return text


@lru_cache(maxsize=16384)
def to_version(text: str) -> Version:
    """Return the parsed version; raises InvalidVersion (a ValueError)."""
    from packaging.version import Version

    return Version(text)


@lru_cache(maxsize=16384)
def to_specifiers(text: str) -> SpecifierSet:
    """Return the parsed specifier set; raises InvalidSpecifier (a ValueError)."""
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(text)


def accepts(item: Item, version: str | None, index: str | None, strict_local: bool = False) -> bool:
    """Whether the item accepts a locked version from an index.

    `2.1.0` accepts the locked `2.1.0+cu118` unless `strict_local`: the same list names local versions too. An
    entry without a version is accepted by nothing: there is nothing to compare.
    """
    if version is None or (item.index is not None and not same_index(item.index, index)):
        return False
    if item.version is not None:
        return item.version == version or (not item.arbitrary and _equal(item.version, version, strict_local))
    return _contains(item.specifier or "", version)


@lru_cache(maxsize=16384)
def _equal(wanted: str, locked: str, strict_local: bool) -> bool:
    if _PLAIN.match(wanted) and _PLAIN.match(locked) and _epoch_and_release(wanted) != _epoch_and_release(locked):
        return False
    try:
        ours, theirs = to_version(wanted), to_version(locked)
    except ValueError:
        return False
    if ours.local is None and not strict_local:
        return ours == to_version(theirs.public)
    return ours == theirs


def _epoch_and_release(version: str) -> list[str]:
    """The release numbers without trailing zeros, as text: enough to tell most versions apart without a library."""
    release = re.match(r"[\d.]+", version.partition("+")[0].partition(".post")[0].partition(".dev")[0])
    parts = [part.lstrip("0") for part in (release[0] if release else "").strip(".").split(".")]
    while parts and not parts[-1]:
        parts.pop()
    return parts


@lru_cache(maxsize=16384)
def _contains(specifier: str, version: str) -> bool:
    try:
        return admits(specifier, version)
    except ValueError:
        return False


@lru_cache(maxsize=16384)
def admits(specifier: str, version: str) -> bool:
    """Whether a PEP 440 specifier set admits a version; pre-releases are as good as releases.

    Clauses over plain releases need no library. Raises ValueError where either text is not PEP 440.
    """
    clauses = [clause for clause in map(str.strip, specifier.split(",")) if clause]
    release = _RELEASE.match(version)
    if release is not None:
        numbers = _numbers(release[1])
        parsed = [_CLAUSE.match(clause) for clause in clauses]
        if all(match and _is_meaningful(match) for match in parsed):
            return all(match and _holds(match[1], _numbers(match[2]), bool(match[3]), numbers) for match in parsed)
    specifiers = to_specifiers(specifier)
    if any(clause.startswith("===") for clause in clauses):
        return specifiers.contains(version, prereleases=True)
    return specifiers.contains(to_version(version), prereleases=True)


def _is_meaningful(clause: re.Match[str]) -> bool:
    """Whether the star, or the lack of a second number, stands where PEP 440 has it."""
    if clause[1] == "~=":
        return "." in clause[2] and not clause[3]
    return not clause[3] or clause[1] in ("==", "!=")


def _holds(operator: str, wanted: list[int], star: bool, locked: list[int]) -> bool:
    """Whether one clause over releases holds: `1.0` is `1` here, and a star asks for what stands before it."""
    if star or operator == "~=":
        prefix = wanted if star else wanted[:-1]
        begins = [*locked, *([0] * len(prefix))][: len(prefix)] == prefix
        return begins != (operator == "!=") and (star or _trimmed(locked) >= _trimmed(wanted))
    ours, theirs = _trimmed(locked), _trimmed(wanted)
    if operator in ("==", "!="):
        return (ours == theirs) == (operator == "==")
    if ours == theirs:
        return operator in ("<=", ">=")
    return (ours < theirs) == (operator[0] == "<")


def _numbers(release: str) -> list[int]:
    return [int(part) for part in release.split(".")]


def _trimmed(numbers: list[int]) -> list[int]:
    end = len(numbers)
    while end and not numbers[end - 1]:
        end -= 1
    return numbers[:end]


def same_index(one: str, other: str | None) -> bool:
    """Whether two index URLs mean the same index: credentials and a trailing slash do not count."""
    return other is not None and _index_key(one) == _index_key(other)


def _index_key(url: str) -> str:
    return re.sub(r"://[^/@]*@", "://", url).rstrip("/").lower()


def accepted_by(items: Sequence[Item], version: str | None, index: str | None) -> list[bool]:
    """Tell for each item whether it accepts the locked version."""
    strict = any(item.local for item in items)
    return [accepts(item, version, index, strict) for item in items]
