"""Values of a document that must have a shape; one that hasn't is damage, with its line."""

from __future__ import annotations

import re
from typing import Any

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.names import is_valid, normalise

MAX_VERSION = 200

_NORMAL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


class Shape:
    """Reads values of the document at `path`; `hint` says what mends every damage there."""

    def __init__(self, path: str, hint: str) -> None:
        self.path = path
        self.hint = hint

    def fail(self, message: str, line: int) -> WhypinError:
        """Return the error of a document that can't be as its tool wrote it."""
        return WhypinError(message, Location(self.path, line), self.hint)

    def table(self, value: Any, what: str, line: int) -> dict[str, Any]:
        """Return a value that must be a table; raises WhypinError."""
        if not isinstance(value, dict):
            raise self.fail(f"`{what}` is not a table", line)
        return value

    def items(self, value: Any, what: str, line: int) -> list[Any]:
        """Return a value that must be an array; raises WhypinError."""
        if not isinstance(value, list):
            raise self.fail(f"`{what}` is not an array", line)
        return value

    def name(self, value: Any, line: int) -> str:
        """Return a package name in normal form; raises WhypinError."""
        if isinstance(value, str):
            if _NORMAL.match(value) and len(value) <= MAX_VERSION:
                return value
            if is_valid(value):
                return normalise(value)
        raise self.fail(f"{value!r:.80} is not a package name", line)


def metadata_of(data: dict[str, Any], text: str, path: str, hint: str) -> dict[str, Any]:
    """Return the `[metadata]` that closes a lock; raises WhypinError at the last line of one that was cut short."""
    metadata = data.get("metadata")
    if not isinstance(metadata, dict):
        last = text.count("\n", 0, len(text.rstrip("\n"))) + 1
        raise WhypinError("no [metadata]: it is damaged or cut short", Location(path, last), hint)
    return metadata
