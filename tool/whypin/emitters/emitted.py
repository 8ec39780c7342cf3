"""What an emitter gives, and how it writes words down: one line each, quoted as JSON, TOML and YAML all read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.record import Record

#: Control characters, line and paragraph separators, direction marks, and lone surrogates.
_CONTROL = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"


class Emitted(NamedTuple):
    """The text that a file has to hold; None where there is nothing to say, and so no file.

    A `fragment` is to be put into a file that is not there. `notes` are what a person has to know besides.
    """

    text: str | None
    notes: tuple[str, ...] = ()
    fragment: bool = False


def line_of(text: str) -> str:
    """Return text as one line that moves no cursor, turns no direction and is no command to a CI system's log."""
    line = re.sub(_CONTROL, lambda match: f"\\u{ord(match[0]):04x}", " ".join(text.split()))
    return line.replace("##[", "## [")


def quoted(text: str) -> str:
    """Return text in double quotes, which is a string in JSON, in TOML and in YAML."""
    line = line_of(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{line}"'


def reason_of(record: Record) -> str:
    """Return the title of a record and where it stands."""
    return line_of(f"{record.title} ({record.path})")


def json_of(document: object) -> str:
    """Return a document as JSON that people can compare line by line."""
    import json

    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def check_own(text: str | None, path: str, is_own: Callable[[str], bool]) -> None:
    """Refuse to replace a file that holds anything but what an emitter has written."""
    if text is not None and text.strip() and not is_own(text):
        hint = "remove it, or name another file with --output"
        raise WhypinError("is not written by whypin, and would be replaced as a whole", Location(path), hint)


def members(text: str) -> dict[str, object]:
    """Return the members of a JSON object; of any other text none."""
    import json

    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
