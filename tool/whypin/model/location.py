"""Where a thing stands in a file."""

from __future__ import annotations

from typing import NamedTuple


class Location(NamedTuple):
    """A place in a file; `path` is relative to the root with forward slashes, line and column start at 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        """`path:line:column`, as editors and CI systems read it."""
        return f"{self.path}:{self.line}:{self.column}"
