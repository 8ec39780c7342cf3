"""A parsed document as a tree of nodes, each of which knows its place."""

from __future__ import annotations

from typing import NamedTuple

#: The style of a scalar that is a number, a truth value or a date in its own syntax: TOML has types, YAML is all text.
NOT_TEXT = "#"


class Problem(NamedTuple):
    """Something wrong at one place of a document: what is wrong, and what to type instead."""

    line: int
    column: int
    message: str
    fix: str = ""


class Node:
    """A scalar, list or mapping of a document, with its line and column (from 1).

    `value` is a str, a list of nodes, or a dict of nodes by key. `style` is "" for a plain scalar, else the
    character that opens it: `'`, `"`, `|` or `>`; `!` marks a value that is reported already.
    `key_places` tells where each key of a mapping stands.
    """

    __slots__ = ("column", "key_places", "line", "style", "value")

    def __init__(
        self,
        value: str | list[Node] | dict[str, Node],
        line: int,
        column: int,
        style: str = "",
        key_places: dict[str, tuple[int, int]] | None = None,
    ) -> None:
        self.value = value
        self.line = line
        self.column = column
        self.style = style
        self.key_places = key_places

    def find(self, *path: str | int) -> Node | None:
        """Return the node at a path of keys and positions, or None."""
        node: Node | None = self
        for step in path:
            value = node.value if node is not None else ""
            if isinstance(value, dict):
                node = value.get(str(step))
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                node = value[step]
            else:
                return None
        return node

    def key_place(self, key: str) -> tuple[int, int]:
        """Return the line and column of a key of this mapping."""
        return (self.key_places or {}).get(key, (self.line, self.column))
