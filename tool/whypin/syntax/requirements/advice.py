"""What to type instead of something that pip does not take for a requirement."""

from __future__ import annotations

import re

_ADVICE = (
    (r"\S--[a-z]", "put a space before the option"),
    (r"\s-", "put a space, not a tab, before the option"),
    (r"\\\Z", "remove the white space after the backslash"),
    (r"\S#", "put a space before the # of a comment"),
    (r"[<>=~!]=?[^\[\],]*\[[^\]]*\]\Z", "write the extras before the version: name[extra]==version"),
    (r"[\w.*] *\^", "pip knows no ^: write a range such as >=1.2,<2"),
    (r"[\w\])] *=(?!=)", "write == for an exact version"),
    (r"[<>=~!]=?[ \t]*[\w.*+!]+[ \t]+[<>=~!]", "put a comma between the specifiers"),
    (r"://", "write name @ URL"),
    (r"\A[\w.-]+[ \t]+[\w.-]", "put each requirement on a line of its own"),
)


def advice_for(text: str) -> str:
    """Return the advice for the first mistake that the text shows."""
    for pattern, advice in _ADVICE:
        if re.search(pattern, text):
            return advice
    return "write name==version, one requirement a line"
