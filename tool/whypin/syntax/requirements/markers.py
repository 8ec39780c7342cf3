"""Environment markers (PEP 508), kept as they were written."""

from __future__ import annotations

import re
from functools import lru_cache

from whypin.syntax.requirements.refusal import MAX_DEPTH, Refusal, show

MAX_MARKER = 65_536

_VARIABLE = (
    r"(?:python_version|python_full_version|os_name|sys_platform"
    r"|platform_(?:release|system|version|machine|python_implementation)|implementation_(?:name|version)|extra)\b"
)
_QUOTED = r"""(?:'[^']*+'|"[^"]*+")"""
_OPERATOR = r"(?:[ \t]*+(?:===?|~=|!=|[<>]=?)[ \t]*+|[ \t]++(?:not[ \t]++)?in[ \t]++)"
_COMPARISON = rf"{_VARIABLE}{_OPERATOR}{_QUOTED}|{_QUOTED}{_OPERATOR}{_VARIABLE}"
#: Comparisons that are joined, each of them a line feed.
_JOINED = r"[ \t]*+\n(?>(?:[ \t]*+(?:and|or)[ \t]++\n)*)[ \t]*+"


def read_marker(text: str) -> str | None:
    """Return an environment marker as it stands, None where there is none; raises Refusal where it is no marker."""
    text = text.strip()
    if len(text) > MAX_MARKER:
        raise Refusal("the marker is too long or nested too deeply to be read", text)
    if text and not _is_plain(text):
        _check(text)
    return text or None


@lru_cache(maxsize=1024)
def _is_plain(text: str) -> bool:
    """Whether this surely is an environment marker, of the kind that tools write; False says nothing."""
    # No line holds a line feed, so that one can stand for a comparison, and then for all that is in parentheses.
    shape = re.sub(_COMPARISON, "\n", text)
    for _ in range(MAX_DEPTH):
        if "(" not in shape:
            break
        shape = re.sub(rf"\({_JOINED}\)", "\n", shape)
    return re.fullmatch(_JOINED, shape) is not None


def _check(text: str) -> None:
    if text.count("(") > MAX_DEPTH:
        raise Refusal("the marker is too long or nested too deeply to be read", text)
    from packaging.markers import Marker

    try:
        Marker(text)
    except (ValueError, RecursionError):
        raise Refusal(f"{show(text)} is not an environment marker", text, 'write ; python_version < "3.12"') from None
