"""Read the configuration; anything it does not know is an error, with the nearest known key."""

from __future__ import annotations

from posixpath import normpath
from typing import Any

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.settings import Settings
from whypin.model.tree import NOT_TEXT, Node
from whypin.settings.format import SETTINGS
from whypin.syntax import toml

TABLE = ("tool", "whypin")


def read_pyproject(text: str, path: str) -> Settings | None:
    """Return the settings under `[tool.whypin]`, or None where there is no such table; raises WhypinError."""
    if "whypin" not in text:
        return None
    tool = toml.load(text, path).get("tool", {})
    if not isinstance(tool, dict) or "whypin" not in tool:
        return None
    return _read(tool["whypin"], text, path, TABLE)


def read_whypin_toml(text: str, path: str) -> Settings:
    """Return the settings of a whypin.toml: the same keys without the `tool.whypin`; raises WhypinError."""
    return _read(toml.load(text, path), text, path, ())


def _read(table: Any, text: str, path: str, prefix: tuple[str, ...]) -> Settings:
    keys: list[tuple[str | int, ...]] = []
    root = _node(table, prefix, keys)

    def place(*key: str | int) -> Location:
        return Location(path, *toml.place_of(text, *prefix, *key))

    def report(node: Node, message: str, fix: str) -> None:
        key = keys[node.line]
        dotted = ".".join(str(part) for part in key)
        raise WhypinError(
            f"{dotted}: {message}" if dotted else message, Location(path, *toml.place_of(text, *key)), fix
        )

    values = SETTINGS.values(root, report)
    assert values is not None, "every problem raises"
    values["scopes"] = values.pop("scope")
    values["records"] = normpath(values["records"])
    values["locks"] = tuple(normpath(lock) for lock in values["locks"])
    return Settings(**values, path=path, place=place)


def _node(value: Any, key: tuple[str | int, ...], keys: list[tuple[str | int, ...]]) -> Node:
    """Turn a TOML value into the tree that the table reads.

    TOML values come without places, and finding one costs a search: each node's line is the position of its key in
    `keys` instead, and only a problem is looked up.
    """
    number = len(keys)
    keys.append(key)
    if isinstance(value, dict):
        children = {name: _node(child, (*key, name), keys) for name, child in value.items()}
        return Node(children, number, 1, key_places={name: (child.line, 1) for name, child in children.items()})
    if isinstance(value, list):
        return Node([_node(child, (*key, position), keys) for position, child in enumerate(value)], number, 1)
    if isinstance(value, str):
        return Node(value, number, 1)
    return Node(str(value).lower() if isinstance(value, bool) else str(value), number, 1, NOT_TEXT)
