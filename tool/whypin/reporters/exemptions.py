"""The list of exemptions for people."""

from __future__ import annotations

from collections.abc import Sequence

from whypin.model.exemption import Exemption
from whypin.reporters.escape import one_line


def render(listed: Sequence[Exemption]) -> str:
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
    rest = len(listed) - needed
    hint = f"; {rest} can go: whypin exempt --prune" if rest else ""
    return "\n".join([*lines, "", f"{needed} exemption{'s' * (needed != 1)} needed{hint}"]) + "\n"
