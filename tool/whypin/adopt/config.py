"""The text of `[tool.whypin]`, and how it is added to a pyproject.toml that keeps every byte it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whypin.adopt.critical import Asked
from whypin.errors import WhypinError
from whypin.syntax import toml

RECORDS = "decisions"

_ESCAPED = {'"': '\\"', "\\": "\\\\"}


def table(asked: Asked, records: str = RECORDS, locks: Sequence[str] = (), prefix: str = "") -> str:
    """Return the configuration as TOML; `prefix` is `tool.whypin` in a pyproject.toml and empty in a whypin.toml.

    With nothing to call critical, every direct production package is asked about.
    """
    lines = []
    if records != RECORDS:
        lines.append(f"records = {_text(records)}")
    if locks:
        lines.append(f"locks = [{', '.join(map(_text, locks))}]")
    if lines and prefix:
        lines.insert(0, f"[{prefix}]")
    if lines:
        lines.append("")
    lines.append(f"[{prefix}.policy]" if prefix else "[policy]")
    return "\n".join([*lines, *_policy(asked)]) + "\n"


def _policy(asked: Asked) -> list[str]:
    if not asked.candidates:
        return ['require = "production"  # nothing goes to production yet; what will needs a decision record']
    if not asked.critical:
        return [
            "# Direct production packages need a decision record, and the rest may float under the lock. Proposed by",
            f"# whypin init for the {asked.candidates} that there are: a critical list would ask for fewer.",
            'require = "production"',
        ]
    lines = [
        "# These need a decision record, and the rest may float under the lock. whypin init proposes: edit the list.",
        '# "production" would ask for one for each direct production package.',
        'require = "critical"',
        "critical = [",
    ]
    names = [f"{_text(proposal.name)}," for proposal in asked.critical]
    width = max(map(len, names))
    lines += [f"    {name:<{width}}  # {each.why}" for name, each in zip(names, asked.critical, strict=True)]
    return [*lines, "]"]


def _text(value: str) -> str:
    """Return a TOML string; what cannot be seen is escaped."""
    plain = (character if character.isprintable() else f"\\U{ord(character):08X}" for character in value)
    return '"' + "".join(_ESCAPED.get(piece, piece) for piece in plain) + '"'


def appended(text: str, addition: str) -> str | None:
    """Return the text with a table added at its end, every line as it was; None where that would not be the same TOML.

    The new lines end as those before them do.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    parts = [text]
    if text and not text.endswith("\n"):
        parts.append(newline)
    if text.strip():
        parts.append(newline)
    new = "".join([*parts, addition.replace("\n", newline)])
    return new if _adds_only(text, new) else None


def _adds_only(old: str, new: str) -> bool:
    """Whether all that the old text says is said by the new one, and nothing beside it but our table."""
    before, after = (_loaded(text) for text in (old, new))
    if before is None or after is None:
        return False
    tool = {key: value for key, value in after.get("tool", {}).items() if key != "whypin"}
    rest = {key: value for key, value in after.items() if key != "tool"}
    kept = {**rest, "tool": tool} if tool or "tool" in before else rest
    return "whypin" in after.get("tool", {}) and kept == before


def _loaded(text: str) -> dict[str, Any] | None:
    try:
        return toml.load(text.replace("\r\n", "\n"), "pyproject.toml")
    except WhypinError:
        return None
