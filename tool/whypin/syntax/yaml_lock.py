"""YAML that a tool has written: the tree of a lock file, or one error with its place.

Everything stays text; tags, anchors, aliases, merge keys, keys that stand twice and deep nesting are damage there.
"""

from __future__ import annotations

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.tree import Node, Problem
from whypin.syntax.shape import MAX_VERSION, Shape
from whypin.syntax.text import reject_conflict

# The lock's problems are those of a record: one builder finds them, only the words differ.
from whypin.syntax.yaml import _build, _describe, _events
from whypin.syntax.yaml_scan import scan

_NULL = frozenset({"", "~", "null", "Null", "NULL"})


def load(text: str, path: str, hint: str) -> Node:
    """Return the mapping that the one document of the text is; raises WhypinError with a place and the hint."""
    reject_conflict(text, path)
    tree = scan(text)
    if tree is None:
        tree = _by_events(text, path, hint)
    if tree is None:
        raise WhypinError("nothing in it: it is damaged or cut short", Location(path), hint)
    if not isinstance(tree.value, dict):
        raise WhypinError("not a YAML mapping", Location(path, tree.line, tree.column), hint)
    return tree


def last_line(text: str) -> int:
    """Return the last line that holds anything: where a text that was cut short ends."""
    return text.count("\n", 0, len(text.rstrip())) + 1


def _by_events(text: str, path: str, hint: str) -> Node | None:
    import yaml

    problems: list[Problem] = []
    try:
        root = _build(_events(text), problems)
    except yaml.YAMLError as error:
        problems = [_describe(error, text)]
        root = None
    if problems:
        first = min(problems)
        message = first.message.removesuffix(" in a record")
        raise WhypinError(message, Location(path, first.line, first.column), hint)
    return root


class YamlShape(Shape):
    """Reads nodes that must have a shape; one that hasn't is damage, with its line."""

    def mapping(self, node: Node, what: str) -> dict[str, Node]:
        """Return the members of a node that must be a mapping, or null for none; raises WhypinError."""
        if isinstance(node.value, dict):
            return node.value
        if is_null(node):
            return {}
        raise self.fail(f"`{what}` is not a mapping", node.line)

    def sequence(self, node: Node | None, what: str) -> list[Node]:
        """Return the items of a node that must be a list, or null for none; raises WhypinError."""
        if node is None:
            return []
        if isinstance(node.value, list):
            return node.value
        if is_null(node):
            return []
        raise self.fail(f"`{what}` is not a list", node.line)

    def string(self, table: dict[str, Node], key: str) -> str | None:
        """Return the text under a key, None where there is none or null; raises WhypinError."""
        node = table.get(key)
        if node is None or is_null(node):
            return None
        return self.text(node, key)

    def text(self, node: Node, what: str) -> str:
        """Return the text of a node that must be one; raises WhypinError."""
        if isinstance(node.value, str):
            return node.value
        raise self.fail(f"`{what}` is not text", node.line)

    def version(self, table: dict[str, Node], name: str) -> str | None:
        """Return the `version` of a package, None where there is none; raises WhypinError."""
        version = self.string(table, "version")
        if version is not None and not 0 < len(version) <= MAX_VERSION:
            raise self.fail(f"{name} has a version that is none", table["version"].line)
        return version


def is_null(node: Node) -> bool:
    """Whether a node is YAML's null, which says that there is nothing."""
    return node.style == "" and isinstance(node.value, str) and node.value in _NULL
