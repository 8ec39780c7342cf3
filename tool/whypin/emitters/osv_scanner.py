"""osv-scanner: `[[IgnoredVulns]]` in osv-scanner.toml, each with the day on which the waiver ends and its reason."""

from __future__ import annotations

from typing import Any

from whypin.emitters.emitted import Emitted, quoted
from whypin.emitters.marked import appended, between, emptied, only_one, with_lines
from whypin.emitters.waived import Waived, twice, waived_once
from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.project import Project
from whypin.syntax import toml


def render(project: Project, text: str | None, path: str) -> Emitted:
    """Return the file with a marked section of waivers; what stands outside of it stays to the byte."""
    wanted = waived_once(project)
    base, sections = emptied(text or "", path)
    only_one(sections, path)
    before = _load(base, path)
    if not sections:
        if not wanted:
            return Emitted(text)
        base = appended(base, between("osv-scanner"))
        sections = emptied(base, path)[1]
    line = sections[0].line
    new = with_lines(base, {line: [each for item in wanted for each in _entry(item)]})
    by_hand = [entry.get("id") for entry in _entries(before)]
    _check(before, _load(new, path), by_hand, wanted, Location(path, line))
    return Emitted(new, twice(by_hand, wanted, path))


def _entry(item: Waived) -> list[str]:
    return [
        "[[IgnoredVulns]]",
        f"id = {quoted(item.waiver.advisory)}",
        f"ignoreUntil = {item.waiver.expires}",
        f"reason = {quoted(item.reason)}",
    ]


def _load(text: str, path: str) -> dict[str, Any]:
    return toml.load(text.replace("\r\n", "\n"), path)


def _entries(data: dict[str, Any]) -> list[dict[str, Any]]:
    found = data.get("IgnoredVulns", [])
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _check(
    before: dict[str, Any], after: dict[str, Any], by_hand: list[Any], wanted: list[Waived], at: Location
) -> None:
    """Refuse a section that stands where it changes what the user has written."""
    ids = [entry.get("id") for entry in _entries(after)]
    kept = {key: value for key, value in after.items() if key != "IgnoredVulns"}
    same = kept == {key: value for key, value in before.items() if key != "IgnoredVulns"}
    if not same or sorted(map(str, ids)) != sorted(map(str, [*by_hand, *(item.waiver.advisory for item in wanted)])):
        raise WhypinError("the marked section stands within a table", at, "move it to the end of the file")
