"""One field of a record, as a person answers a question about it: read and checked as the whole record will be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whypin.model.tree import Node
from whypin.records.format import RECORD
from whypin.schema.kinds import Kind, ListOf


def read(field: str, answer: str | Sequence[str]) -> tuple[Any, list[str]]:
    """Return the value of a field of the record, and what is wrong with the answer."""
    node = Node(answer if isinstance(answer, str) else [Node(item, 1, 1) for item in answer], 1, 1)
    return _read(RECORD.by_name[field].kind, node)


def read_item(field: str, answer: str) -> tuple[Any, list[str]]:
    """Return one item of a field whose items have one key each, from an answer such as `date 2027-06-01`."""
    kind = RECORD.by_name[field].kind
    assert isinstance(kind, ListOf), "it has items"
    key, _, value = answer.strip().partition(" ")
    return _read(kind.kind, Node({key.removesuffix(":"): Node(value.strip(), 1, 1)}, 1, 1))


def _read(kind: Kind, node: Node) -> tuple[Any, list[str]]:
    problems: list[str] = []
    value = kind.read(node, lambda _, message, fix: problems.append(f"{message}; {fix}" if fix else message))
    return value, problems
