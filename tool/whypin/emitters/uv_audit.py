"""uv audit: `ignore` in `[tool.uv.audit]` of pyproject.toml, or in `[audit]` of uv.toml; the reasons as comments."""

from __future__ import annotations

import re
from typing import Any

from whypin.emitters.emitted import Emitted, line_of, quoted
from whypin.emitters.marked import Section, appended, between, emptied, only_one, with_lines
from whypin.emitters.waived import Waived, twice, waived_once
from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.project import Project
from whypin.syntax import toml

_TARGET = "uv-audit"
_INDENT = "    "
_BY_HAND = "put the lines # whypin: begin and # whypin: end into the list by hand"


def render(project: Project, text: str | None, path: str) -> Emitted:
    """Return the file with a marked section in the list of ignored advisories; the rest stays to the byte."""
    wanted = waived_once(project)
    keys = ("audit",) if path.rpartition("/")[2] == "uv.toml" else ("tool", "uv", "audit")
    if text is None:
        return Emitted(_merged("", keys, wanted, path) if wanted else None, fragment=bool(wanted))
    base = emptied(text, path)[0]
    by_hand = _table(_load(base, path), keys).get("ignore", [])
    return Emitted(_merged(text, keys, wanted, path), twice(by_hand, wanted, path))


def _merged(text: str, keys: tuple[str, ...], wanted: list[Waived], path: str) -> str:
    base, sections = emptied(text, path)
    only_one(sections, path)
    before = _load(base, path)
    if not sections:
        if not wanted:
            return text
        base = _with_section(base, keys, before, path)
        sections = emptied(base, path)[1]
    section = sections[0]
    new = with_lines(base, {section.line: [f"{section.indent}{_item(each)}" for each in wanted]})
    _check(before, _load(new, path), keys, wanted, section, path)
    return new


def _item(item: Waived) -> str:
    return f"{quoted(item.waiver.advisory)},  # until {item.waiver.expires}: {line_of(item.reason)}"


def _load(text: str, path: str) -> dict[str, Any]:
    return toml.load(text.replace("\r\n", "\n"), path)


def _table(data: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    """Return the table at a path of keys; where there is none, an empty one."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _with_section(text: str, keys: tuple[str, ...], data: dict[str, Any], path: str) -> str:
    """Return the text with an empty section: in the list that is there, else in one of its own."""
    table, newline = _table(data, keys), "\r\n" if "\r\n" in text else "\n"
    inner = between(_TARGET, indent=_INDENT)
    if "ignore" in table:
        at = _list_start(text, keys, path)
        return f"{text[:at]}{newline}{newline.join(inner)}{newline}{text[at:].removeprefix(newline)}"
    lines = ["ignore = [", *inner, "]"]
    name = r"[ \t]*[.][ \t]*".join(keys)
    header = re.search(rf"^[ \t]*\[[ \t]*{name}[ \t]*\][^\n]*$", text, re.MULTILINE)
    if header is not None:
        return with_lines(text, {text.count("\n", 0, header.start()) + 1: lines})
    if table:
        place = toml.place_of(text, *keys)
        raise WhypinError("a list of ignored advisories can't be begun here", Location(path, *place), _BY_HAND)
    return appended(text, [f"[{'.'.join(keys)}]", *lines])


def _list_start(text: str, keys: tuple[str, ...], path: str) -> int:
    """Return the position behind the bracket that opens the list."""
    line, column = toml.place_of(text, *keys, "ignore")
    start = sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1
    opened = re.compile(r"[^\n=]*=[ \t]*\[").match(text, start)
    if opened is None:
        raise WhypinError("no list of ignored advisories", Location(path, line, column), _BY_HAND)
    return opened.end()


def _check(
    before: dict[str, Any], after: dict[str, Any], keys: tuple[str, ...], wanted: list[Waived], at: Section, path: str
) -> None:
    """Refuse a section that stands where it changes anything but the list."""
    by_hand = _table(before, keys).get("ignore", [])
    ids = [*by_hand, *(item.waiver.advisory for item in wanted)] if isinstance(by_hand, list) else []
    listed = _table(after, keys).get("ignore", [])
    same = isinstance(listed, list) and sorted(map(str, listed)) == sorted(map(str, ids))
    if not same or _without(before, keys) != _without(after, keys):
        raise WhypinError(
            "the marked section stands in no list of ignored advisories", Location(path, at.line), _BY_HAND
        )


def _without(data: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """Return the document without the list, and without tables on the way to it that hold nothing else."""
    if not keys:
        return {key: value for key, value in data.items() if key != "ignore"}
    inner = data.get(keys[0])
    rest = _without(inner, keys[1:]) if isinstance(inner, dict) else {}
    others = {key: value for key, value in data.items() if key != keys[0]}
    return others | ({keys[0]: rest} if rest else {})
