"""Everything a file says is hostile until it is escaped for the place where it goes."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Control characters (C0, DEL, C1), line and paragraph separators, direction marks, and lone surrogates.
_CONTROL = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"


def one_line(text: str) -> str:
    """Return text for a terminal or a CI log: one line, nothing that moves the cursor or turns the direction.

    `##[` and a leading `::` would be commands to the logs of CI systems: both are broken up.
    """
    visible = text if text.isprintable() else re.sub(_CONTROL, _code, text)
    if "##[" in visible:
        visible = visible.replace("##[", "## [")
    return visible.lstrip().replace("::", ": :", 1) if visible.lstrip().startswith("::") else visible


def _code(match: re.Match[str]) -> str:
    number = ord(match[0])
    if number in (9, 10, 13):
        return " "
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"


def csv_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    line = one_line(text)
    return f"'{line}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else line


def json_text(members: Mapping[str, object]) -> str:
    """Return a JSON object with a line for each item of its lists; ASCII only, and no `##[` in it."""
    import json

    parts: list[str] = []
    for key, value in members.items():
        lines = ",\n".join(f"  {json.dumps(item)}" for item in value) if isinstance(value, list) else ""
        text = f"[\n{lines}\n]" if lines else json.dumps(value)
        parts.append(f"{json.dumps(key)}: {text}")
    return "{" + ",\n".join(parts).replace("##[", "##\\u005b") + "}\n"
