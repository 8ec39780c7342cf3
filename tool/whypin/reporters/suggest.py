"""What to decide next, for a person at a terminal and for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whypin.model.suggestion import Suggestion
from whypin.reporters.escape import json_text, one_line
from whypin.reporters.text import count, paint


def render_text(found: Sequence[Suggestion], limit: int, color: bool = False, direct: bool = True) -> str:
    """Return for each of the first suggestions its place, its score, why in one line, and what to type.

    `direct` is whether a direct package is known at all: without a manifest beside the lock, or a lock, none is.
    """
    if not found:
        why = "every direct package is decided" if direct else "no direct package is locked; see whypin list --all"
        return f"nothing to suggest: {why}\n"
    lines: list[str] = []
    for each in found[:limit]:
        what = f"{each.package} {', '.join(each.versions)}"
        lines.append(f"{paint(one_line(str(each.location)), 'path', color)}: {one_line(what)} (score {each.score})")
        lines.append(f"  {one_line(each.why)}")
        lines.append(f"  {paint('fix:', 'fix', color)} {one_line(each.fix)}")
    left = len(found) - limit
    last = f"{count(left, 'more suggestion')}: --limit {len(found)} shows all" if left > 0 else _sum(len(found))
    return "\n".join([*lines, "", last]) + "\n"


def _sum(number: int) -> str:
    return count(number, "suggestion")


def render_json(found: Sequence[Suggestion], limit: int) -> str:
    """Return version 1 of the contract: one object for each of the first suggestions, and how many there are."""
    return json_text({"version": 1, "total": len(found), "suggestions": list(map(_object, found[:limit]))})


def _object(each: Suggestion) -> dict[str, Any]:
    return {
        "package": each.package,
        "versions": list(each.versions),
        "locks": list(each.locks),
        "path": each.location.path,
        "line": each.location.line,
        "score": each.score,
        "parts": [part._asdict() for part in each.parts],
        "proposed": each.proposed.id if each.proposed is not None else None,
        "fix": each.fix,
    }
