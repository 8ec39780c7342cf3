"""Edits to the text of a record: every byte outside of the edit stays, comments and quotes included.

An edit is a splice at marks that libyaml gives. Only plain and quoted scalars are replaced: the span of a block scalar
takes in what follows it. Every function expects text that `records.read` accepts, and gives text that it accepts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from whypin.model.names import record_key
from whypin.records.scaffold import SCHEMA_LINE
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
    match = re.compile(r"^\.\.\.(?:[ \t].*)?$", re.MULTILINE).search(text, root.end_mark.index)
    return match.start() if match else len(text)


def _compose(text: str) -> Any:
    """Return the root node with its marks; the text was read before, so it is no deeper than a record."""
    import yaml

    return yaml.compose(text, Loader=yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)
