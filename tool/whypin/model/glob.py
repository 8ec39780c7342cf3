"""Globs over paths and names: `*`, `?` and `[…]` within a folder, and `**` for any number of folders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=1024)
def _steps(pattern: str) -> tuple[re.Pattern[str] | None, ...]:
    """Return a pattern for each folder on the way; None stands for `**`."""
    from fnmatch import translate

    parts = pattern.removeprefix("./").split("/")
    return tuple(None if part == "**" else re.compile(translate(part)) for part in parts)


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches the glob; the time is at most the product of their folders."""
    steps = _steps(pattern)
    reached = _past_stars({0}, steps)
    for part in text.split("/"):
        reached = _past_stars({following for step in reached for following in _follow(step, part, steps)}, steps)
    return len(steps) in reached


def _follow(step: int, part: str, steps: tuple[re.Pattern[str] | None, ...]) -> Iterable[int]:
    if step == len(steps):
        return ()
    wanted = steps[step]
    if wanted is None:
        return (step,)
    return (step + 1,) if wanted.match(part) else ()


def _past_stars(reached: set[int], steps: tuple[re.Pattern[str] | None, ...]) -> set[int]:
    """Add what can be reached without reading on: `**` also stands for no folder at all."""
    for step in sorted(reached):
        while step < len(steps) and steps[step] is None:
            step += 1
            reached.add(step)
    return reached


def first_match(patterns: Iterable[str], text: str) -> str | None:
    """Return the first of the globs that matches the whole text."""
    return next((pattern for pattern in patterns if matches(pattern, text)), None)


def is_glob(text: str) -> bool:
    """Whether the text holds a wildcard at all."""
    return any(character in text for character in "*?[")
