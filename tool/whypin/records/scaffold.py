"""The text of a new record, with every fact filled in that the machine knows; the reason is left to the person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from whypin.model.record import Attempt, ExitCriterion, Option, Origin, Step, Waiver

SCHEMA_LINE = "# yaml-language-server: $schema={}record.schema.json"

_PLAIN = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_./][A-Za-z0-9_./ ()+-]*\Z")
#: Versions and days: whypin reads every value as text.
_NUMBERS = re.compile(r"(?:[0-9]+(?:\.[0-9]+)*(?:[a-z0-9.+]*[a-z0-9])?|\d{4}-\d\d-\d\d)\Z")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n", "never", "~"})


class Draft(NamedTuple):
    """What a new record says; `rationale` is usually empty.

    `packages` maps names to versions or specifiers; a pair is a version and the index that it has to come from.
    Without `deciders` the record is refused until somebody fills them in. `review_by` is a day, `never`, or empty.
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
    considered_options: tuple[Option, ...] = ()
    exit_criteria: tuple[ExitCriterion, ...] = ()
    review_by: str = ""
    waivers: tuple[Waiver, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    links: tuple[str, ...] = ()
    source: Origin | None = None


def text_of(draft: Draft) -> str:
    """Return the draft as YAML, as a person would write it."""
    deciders = f"deciders: {_flow(draft.deciders)}" + ("" if draft.deciders else "  # say who decides")
    lines = [SCHEMA_LINE.format(""), f"title: {scalar(draft.title)}", f"status: {draft.status}", deciders, "packages:"]
    lines += [
        f"  {scalar(name)}: {_items(found) if len(found) > 1 or isinstance(found[0], tuple) else scalar(found[0])}"
        for name, found in draft.packages.items()
    ]
    lines += _block("rationale", draft.rationale) or ['rationale: ""  # say why here: an accepted decision needs it']
    lines += _block("context", draft.context)
    lines += _list("considered_options", (option._asdict() for option in draft.considered_options))
    lines += _list("confirmation", ({step.kind: step.text} for step in draft.confirmation))
    lines += _list("exit_criteria", ({criterion.kind: criterion.value} for criterion in draft.exit_criteria))
    lines += [f"review_by: {draft.review_by}"] if draft.review_by else []
    lines += _list("waivers", (waiver._asdict() for waiver in draft.waivers))
    lines += _list("attempts", (attempt._asdict() for attempt in draft.attempts))
    for key in ("locks", "supersedes", "links", "tags"):
        if values := getattr(draft, key):
            lines.append(f"{key}: {_flow(values)}")
    lines += _source(draft.source)
    return "\n".join(lines) + "\n"


def _list(key: str, items: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a list of mappings, without what they leave empty."""
    lines = [f"  {line}".rstrip() for item in items for line in item_lines(item)]
    return [f"{key}:", *lines] if lines else []


def item_lines(item: Mapping[str, Any]) -> list[str]:
    """Return the lines of one item of a list, a mapping of texts and tuples of texts, without what it leaves empty."""
    told = [line for name, value in item.items() if value for line in _pair(name, value)]
    return [f"- {told[0]}", *(f"  {line}".rstrip() for line in told[1:])]


def item_in_braces(item: Mapping[str, Any]) -> str:
    """Return the same item on one line, between braces."""
    told = (
        f"{name}: {_flow(value) if isinstance(value, tuple) else scalar(str(value).strip())}"
        for name, value in item.items()
        if value
    )
    return f"{{{', '.join(told)}}}"


def _pair(key: str, value: object) -> list[str]:
    if isinstance(value, tuple):
        return [f"{key}: {_flow(list(map(str, value)))}"]
    text = str(value)
    return _block(key, text) if "\n" in text.strip() else [f"{key}: {scalar(text.strip())}"]


def _source(source: Origin | None) -> list[str]:
    if source is None:
        return []
    return [f"source: {item_in_braces(source._asdict())}"]


def scalar(value: str) -> str:
    """Return a text as a YAML scalar on one line: plain where that is safe, else between quotes."""
    if value and (_PLAIN.match(value) and value.lower() not in _WORDS and value == value.strip()):
        return value
    if _NUMBERS.match(value) and not _is_no_day(value):
        return value
    if '"' in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return "".join(map(_printable, json.dumps(value, ensure_ascii=False)))


def _is_no_day(value: str) -> bool:
    """Whether a value is written as a day but is none: other readers of YAML fail on that."""
    from datetime import date

    try:
        return "-" in value and not date.fromisoformat(value)
    except ValueError:
        return True


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
    """Return a text over several lines; where a block can't hold it, as what cannot be seen, between quotes."""
    lines = text.strip().splitlines()
    if not all(line.replace("\t", " ").isprintable() for line in lines):
        return [f"{key}: {scalar(text.strip())}"]
    return [f"{key}: |", *(f"  {line}".rstrip() for line in lines)] if lines else []
