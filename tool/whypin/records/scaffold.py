"""The text of a new record, with every fact filled in that the machine knows; the reason is left to the person."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from whypin.model.record import Step

SCHEMA_LINE = "# yaml-language-server: $schema={}record.schema.json"

_PLAIN = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_./][A-Za-z0-9_./ ()+-]*\Z")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n", "never", "~"})


class Draft(NamedTuple):
    """What a new record says; `rationale` is usually empty.

    `packages` maps names to versions or specifiers; a pair is a version and the index that it has to come from.
    """

    title: str
    deciders: tuple[str, ...]
    packages: Mapping[str, tuple[str | tuple[str, str], ...]]
    rationale: str = ""
    context: str = ""
    confirmation: tuple[Step, ...] = ()
    locks: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    status: str = "proposed"


def text_of(draft: Draft) -> str:
    """Return the draft as YAML, as a person would write it."""
    lines = [SCHEMA_LINE.format(""), f"title: {scalar(draft.title)}", f"status: {draft.status}"]
    lines += [f"deciders: {_flow(draft.deciders)}", "packages:"]
    lines += [
        f"  {scalar(name)}: {_items(found) if len(found) > 1 or isinstance(found[0], tuple) else scalar(found[0])}"
        for name, found in draft.packages.items()
    ]
    lines += _block("rationale", draft.rationale) or ['rationale: ""  # say why here: an accepted decision needs it']
    lines += _block("context", draft.context)
    if draft.confirmation:
        lines.append("confirmation:")
        lines += [f"  - {step.kind}: {scalar(step.text)}" for step in draft.confirmation]
    for key in ("locks", "supersedes", "tags"):
        if values := getattr(draft, key):
            lines.append(f"{key}: {_flow(values)}")
    return "\n".join(lines) + "\n"


def scalar(value: str) -> str:
    """Return a text as a YAML scalar on one line: plain where that is safe, else in double quotes."""
    if value and (_PLAIN.match(value) and value.lower() not in _WORDS and value == value.strip()):
        return value
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)*(?:[a-z0-9.+]*[a-z0-9])?", value):
        return value
    return "".join(map(_printable, json.dumps(value, ensure_ascii=False)))


def _printable(character: str) -> str:
    """Return a character as it may stand between double quotes: YAML knows more line ends than JSON, and controls."""
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _items(found: Sequence[str | tuple[str, str]]) -> str:
    items = (scalar(item) if isinstance(item, str) else _pinned(*item) for item in found)
    return f"[{', '.join(items)}]"


def _pinned(version: str, index: str) -> str:
    return f"{{version: {scalar(version)}, index: {scalar(index)}}}"


def _flow(values: Sequence[str]) -> str:
    return "[" + ", ".join(map(scalar, values)) + "]"


def _block(key: str, text: str) -> list[str]:
    if not text.strip():
        return []
    return [f"{key}: |", *(f"  {line}".rstrip() for line in text.strip().splitlines())]
