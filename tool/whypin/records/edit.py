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
    if found is not None:
        key, value = found
        splices = [Splice(value.start_mark.index, value.end_mark.index, review_by.isoformat())]
        if not root.flow_style:
            splices.append(Splice(key.start_mark.index, key.start_mark.index, comment + newline))
        return spliced(text, splices)
    if root.flow_style:
        at = root.end_mark.index - 1
        return spliced(text, [Splice(at, at, f", review_by: {review_by.isoformat()}")])
    at = _end(text, root)
    before = "" if at == 0 or text[at - 1] == "\n" else newline
    return spliced(text, [Splice(at, at, f"{before}{comment}{newline}review_by: {review_by.isoformat()}{newline}")])


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
