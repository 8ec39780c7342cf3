"""Edits to the text of a record: every byte outside of the edit stays, comments and quotes included.

An edit is a splice at marks that libyaml gives. Only plain and quoted scalars are replaced: the span of a block scalar
takes in what follows it. Every function expects text that `records.read` accepts, and gives text that it accepts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from whypin.model.names import record_key
from whypin.records.scaffold import SCHEMA_LINE, item_in_braces, item_lines
from whypin.syntax.yaml import quoted

_HAS_SCHEMA = re.compile(r"^#\s*yaml-language-server\s*:", re.MULTILINE)


class Splice(NamedTuple):
    """The characters from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Return the text with the splices made; they must not overlap."""
    parts: list[str] = []
    position = 0
    for start, end, new in sorted(splices):
        parts += [text[position:start], new]
        position = end
    return "".join([*parts, text[position:]])


def renewed(text: str, review_by: date, note: str) -> str:
    """Return the record with another review date, and a comment above it that says when and why.

    Where there was no `review_by`, it is added as the last field.
    """
    root = _compose(text)
    found = next(((key, value) for key, value in root.value if key.value == "review_by"), None)
    newline = "\r\n" if "\r\n" in text else "\n"
    comment = "# " + " ".join(note.split())
    if root.flow_style:
        # A comment cannot stand between its fields: it stands above them all.
        start = text.rfind("\n", 0, root.start_mark.index) + 1
        splices = [Splice(start, start, comment + newline)]
        if found is not None:
            splices.append(_value_spliced(found[1], review_by))
        else:
            at = root.end_mark.index - 1
            comma = "" if text[:at].rstrip().endswith(",") else ","
            splices.append(Splice(at, at, f"{comma} review_by: {review_by.isoformat()}"))
        return spliced(text, splices)
    indent = " " * root.start_mark.column
    if found is not None:
        key, value = found
        above = Splice(key.start_mark.index, key.start_mark.index, comment + newline + indent)
        return spliced(text, [above, _value_spliced(value, review_by)])
    at = _end(text, root)
    before = "" if at == 0 or text[at - 1] == "\n" else newline
    lines = f"{before}{indent}{comment}{newline}{indent}review_by: {review_by.isoformat()}{newline}"
    return spliced(text, [Splice(at, at, lines)])


def _value_spliced(value: Any, review_by: date) -> Splice:
    return Splice(value.start_mark.index, value.end_mark.index, review_by.isoformat())


def appended(text: str, field: str, item: Mapping[str, str | Sequence[str]]) -> str:
    """Return the record with an item added at the end of a list, such as `waivers` or `attempts`.

    What the item leaves empty is left out. It is written as the list is: in lines or in brackets, at its indentation. A
    list that is not there yet becomes the last field.
    """
    told = {key: value if isinstance(value, str) else tuple(value) for key, value in item.items()}
    root = _compose(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    found = next(((key, value) for key, value in root.value if key.value == field), None)
    if found is None and root.flow_style:
        return spliced(text, _in_brackets(text, root, f"{field}: [{item_in_braces(told)}]", newline))
    column = root.start_mark.column
    if found is None:
        lines = [" " * column + f"{field}:", *_indented(told, column + _dash(root))]
        return spliced(text, [_whole_lines(text, _end(text, root), lines, newline)])
    key, value = found
    if not value.flow_style:
        column = value.start_mark.column
        at = _behind(text, _end_of(text, value), column)
        return spliced(text, [_whole_lines(text, at, _indented(told, column), newline)])
    if value.value or root.flow_style or key.end_mark.line != value.end_mark.line:
        return spliced(text, _in_brackets(text, value, item_in_braces(told), newline))
    brackets = Splice(text.index(":", key.end_mark.index) + 1, value.end_mark.index, "")
    lines = _indented(told, column + _dash(root))
    return spliced(text, [brackets, _whole_lines(text, _next_line(text, value.end_mark.index), lines, newline)])


def _indented(item: Mapping[str, str | tuple[str, ...]], column: int) -> list[str]:
    return [" " * column + line if line else "" for line in item_lines(item)]


def _dash(root: Any) -> int:
    """Return how far the items of a list are indented: as those of the record's first one."""
    for _, value in root.value:
        if isinstance(value.value, list) and not value.flow_style and not isinstance(value.value[0], tuple):
            return int(value.start_mark.column - root.start_mark.column)
    return 2


def _whole_lines(text: str, at: int, lines: Sequence[str], newline: str) -> Splice:
    before = "" if at == 0 or text[at - 1] == "\n" else newline
    return Splice(at, at, before + "".join(line + newline for line in lines))


def _next_line(text: str, position: int) -> int:
    return text.find("\n", position) + 1 or len(text)


def _end_of(text: str, node: Any) -> int:
    """Return the position where the last thing ends that a node says; the marks of what has lines lie behind that."""
    while isinstance(node.value, list) and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    return start + len(text[start:end].rstrip()) if getattr(node, "style", None) in ("|", ">") else end


def _behind(text: str, position: int, column: int) -> int:
    """Return where the next item of a list goes whose dashes stand at a column: behind the last one's own comments."""
    at = _next_line(text, position)
    own = re.compile(rf" {{{column + 1},}}#[^\n]*(?:\n|\Z)")
    while match := own.match(text, at):
        at = match.end()
    return at


def _in_brackets(text: str, collection: Any, new: str, newline: str) -> list[Splice]:
    """Return what adds a member to a list or mapping in brackets; on a line of its own where the last one has one."""
    if not collection.value:
        at = collection.start_mark.index + 1
        return [Splice(at, at, new)]
    last = collection.value[-1]
    start, end = (last[0], last[1]) if isinstance(last, tuple) else (last, last)
    at = end.end_mark.index
    lead = text[text.rfind("\n", 0, start.start_mark.index) + 1 : start.start_mark.index]
    rest = re.compile(r"[ \t]*(,?)[ \t]*(?:#[^\n]*)?\r?\n").match(text, at)
    if lead.strip() or rest is None:
        return [Splice(at, at, f", {new}")]
    comma = Splice(at, at, "" if rest[1] else ",")
    return [comma, Splice(rest.end(), rest.end(), f"{lead}{new}{rest[1]}{newline}")]


def with_normal_names(text: str) -> str:
    """Return the record with the names under `packages` in their normal form."""
    splices = []
    for key, value in _compose(text).value:
        if key.value == "packages":
            names = [name for name, _ in getattr(value, "value", ())]
            normal = [record_key(name.value) for name in names]
            if len(set(normal)) == len(normal):
                splices += [
                    Splice(name.start_mark.index, name.end_mark.index, wanted)
                    for name, wanted in zip(names, normal, strict=True)
                    if name.value != wanted
                ]
    return spliced(text, splices)


def with_schema_line(text: str, depth: int = 0) -> str:
    """Return the record with the line that tells editors its schema; `depth` is how deep it lies among the records."""
    if _HAS_SCHEMA.search(text):
        return text
    newline = "\r\n" if "\r\n" in text else "\n"
    return SCHEMA_LINE.format("../" * depth) + newline + text


def with_quoted_specifiers(text: str) -> str:
    """Return the text with specifiers quoted that YAML would swallow: here it need not be a valid record."""
    return quoted(text)


def _end(text: str, root: Any) -> int:
    """Return the position where another field of the record can be written: behind the last, before an end mark."""
    match = re.compile(r"^\.\.\.(?:[ \t\r].*)?$", re.MULTILINE).search(text, root.end_mark.index)
    return match.start() if match else len(text)


def _compose(text: str) -> Any:
    """Return the root node with its marks; the text was read before, so it is no deeper than a record."""
    import yaml

    return yaml.compose(text, Loader=yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)
