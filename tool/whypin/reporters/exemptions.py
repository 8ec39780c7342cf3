"""The list of exemptions, for people and for other programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from whypin.model.exemption import Exemption
from whypin.reporters.escape import json_text, one_line


def render_text(listed: Sequence[Exemption]) -> str:
    """Return one aligned line for each exemption, lock by lock, and how many are still needed."""
    if not listed:
        return "no exemptions\n"
    width = max(len(one_line(each.name)) for each in listed)
    lines: list[str] = []
    lock = ""
    for each in listed:
        if each.lock != lock:
            lock = each.lock
            lines.append(one_line(lock))
        versions = one_line(", ".join(each.versions))
        gone = f"no longer locked: {', '.join(each.stale)}" if each.stale else ""
        note = f"unneeded: {each.unneeded}" if each.unneeded else gone
        lines.append(f"  {one_line(each.name).ljust(width)}  {versions}{f'  ({one_line(note)})' if note else ''}")
    needed = sum(not each.unneeded for each in listed)
    rest = sum(bool(each.unneeded or each.stale) for each in listed)
    part = ", in whole or in part" if any(each.stale for each in listed) else ""
    hint = f"; {rest} can go{part}: whypin exempt --prune" if rest else ""
    return "\n".join([*lines, "", f"{needed} exemption{'s' * (needed != 1)} needed{hint}"]) + "\n"


def render_json(listed: Sequence[Exemption]) -> str:
    """Return version 1 of the contract: one object for each exemption."""
    return json_text({"version": 1, "exemptions": [_object(each) for each in listed]})


def _object(each: Exemption) -> dict[str, Any]:
    return {
        "lock": each.lock,
        "name": each.name,
        "versions": list(each.versions),
        "needed": not each.unneeded,
        "unneeded": each.unneeded or None,
        "stale": list(each.stale),
    }


RENDERERS: dict[str, Callable[[Sequence[Exemption]], str]] = {"text": render_text, "json": render_json}
