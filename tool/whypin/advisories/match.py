"""Whether a version is affected, by the evaluation algorithm of the OSV schema with PEP 440's order.

What is not PEP 440 has no place in that order: it is compared as text, and where that settles nothing the answer
is None. Commits are never versions: ranges of type GIT do not come this far.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from whypin.model.advisory import Advisory, Affected, EventKind, Range
from whypin.model.version import MAX_LENGTH, to_version

if TYPE_CHECKING:
    from packaging.version import Version

#: The version that precedes every other; only as that of an introduction.
_FIRST = "0"


class _Timeline(NamedTuple):
    """A range in order: from `always` on, its events in the order of their versions, and the limits that bound it.

    `odd` are the events whose versions are not PEP 440, by their text.
    """

    always: bool
    events: tuple[tuple[Version, EventKind], ...]
    limits: tuple[Version, ...]
    odd: dict[str, EventKind]


class Listed(NamedTuple):
    """The enumerated versions: those that can be compared, and the texts of all."""

    versions: frozenset[Version]
    texts: frozenset[str]


def is_affected(affected: Affected, version: str) -> bool | None:
    """Return whether an advisory affects a version; None where nothing tells.

    A local version is affected where it is, or where the public version is that it was built from.
    """
    in_list = _is_listed(listed(affected.versions), version)
    return True if in_list else in_ranges(affected.ranges, version) if affected != Affected() else None


def affects(advisory: Advisory, version: str) -> bool | None:
    """Return whether any of the aliases affects a version; None where none surely does and one may."""
    return _any(is_affected(affected, version) for affected in advisory.affected)


def in_ranges(ranges: Iterable[Range], version: str) -> bool | None:
    """Return whether a version lies in any of the ranges; None where that cannot be told."""
    timelines = [_timeline(each) for each in ranges]
    parsed = parsed_or_none(version)
    if parsed is None:
        return _any(_holds_odd(timeline, version) for timeline in timelines)
    forms = [parsed] if parsed.local is None else [parsed, to_version(parsed.public)]
    return _any(_holds(timeline, version, form) for timeline in timelines for form in forms)


def fixes(advisory: Advisory, version: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fixed versions above an affected one that are affected by no alias, the nearest first; and the rest.

    The rest are those that one of the aliases calls affected all the same, and those that are not PEP 440.
    """
    named = dict.fromkeys(
        event.version
        for affected in advisory.affected
        for each in affected.ranges
        for event in each
        if event.kind == "fixed"
    )
    own = parsed_or_none(version)
    above = [(parsed_or_none(text), text) for text in named]
    odd = [text for parsed, text in above if parsed is None]
    ordered = sorted((parsed, text) for parsed, text in above if parsed is not None and (own is None or parsed >= own))
    good = [text for _, text in ordered if affects(advisory, text) is False]
    return tuple(good), tuple([text for _, text in ordered if text not in good] + odd)


def contradicts(advisory: Advisory, version: str) -> bool:
    """Whether a version is affected only because it is listed, while the same advisory's ranges say otherwise."""
    telling = [affected for affected in advisory.affected if is_affected(affected, version)]
    return bool(telling) and all(each.ranges and in_ranges(each.ranges, version) is False for each in telling)


def listed(versions: tuple[str, ...]) -> Listed:
    """Return enumerated versions as they are compared."""
    parsed = (parsed_or_none(text) for text in versions)
    return Listed(frozenset(version for version in parsed if version is not None), frozenset(versions))


def _is_listed(found: Listed, version: str) -> bool:
    if version in found.texts:
        return True
    parsed = parsed_or_none(version) if found.versions else None
    return parsed is not None and (parsed in found.versions or to_version(parsed.public) in found.versions)


def parsed_or_none(text: str) -> Version | None:
    """Return a version, or None where it is not PEP 440."""
    if len(text) > MAX_LENGTH:
        return None
    try:
        return to_version(text)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _timeline(events: Range) -> _Timeline:
    """Order the events; what stands at one version keeps the order in which it was written."""
    placed: list[tuple[Version, EventKind]] = []
    always, odd, unbounded = False, dict[str, EventKind](), False
    for kind, text in events:
        if kind == "introduced" and text == _FIRST:
            always = True
        elif kind == "limit" and text == "*":
            unbounded = True
        elif (version := parsed_or_none(text)) is None:
            odd[text] = kind
            # A bound at an unknown place bounds nothing that we could tell.
            unbounded = unbounded or kind == "limit"
        else:
            placed.append((version, kind))
    limits = () if unbounded else tuple(version for version, kind in placed if kind == "limit")
    ordered = sorted((event for event in placed if event[1] != "limit"), key=lambda event: event[0])
    return _Timeline(always, tuple(ordered), limits, odd)


def _holds(timeline: _Timeline, text: str, version: Version) -> bool | None:
    if text in timeline.odd:
        return timeline.odd[text] in ("introduced", "last_affected")
    if timeline.limits and not any(version < limit for limit in timeline.limits):
        return False
    state = timeline.always
    for at, kind in timeline.events:
        if version < at:
            break
        if kind == "introduced":
            state = True
        elif kind == "fixed" or version > at:
            state = False
    return state or (None if "introduced" in timeline.odd.values() else False)


def _holds_odd(timeline: _Timeline, text: str) -> bool | None:
    """Do as `_holds` for a version without a place in the order."""
    if text in timeline.odd:
        return timeline.odd[text] in ("introduced", "last_affected")
    kinds = {kind for _, kind in timeline.events} | set(timeline.odd.values())
    if timeline.always and not timeline.limits and kinds <= {"introduced"}:
        return True
    return None


def _any(answers: Iterable[bool | None]) -> bool | None:
    unclear = False
    for answer in answers:
        if answer:
            return True
        unclear = unclear or answer is None
    return None if unclear else False
