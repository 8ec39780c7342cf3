"""Mappings with named fields: the tables that a format is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from whypin.model.tree import Node
from whypin.schema.kinds import INVALID, Kind, Report, Schema, nearest, shown


class Field:
    """One row of a table: a key, the kind of its value, what it means, and an example as it is written."""

    def __init__(
        self, name: str, kind: Kind, doc: str, *, required: bool = False, default: Any = None, example: str = ""
    ) -> None:
        self.name = name
        self.kind = kind
        self.doc = doc
        self.required = required
        self.default = default
        self.example = example


class Object(Kind):
    """A mapping with named fields; `build(**values)` makes the value. With `one_key`, exactly one of the fields."""

    def __init__(
        self, fields: Sequence[Field], build: Callable[..., Any] = dict, words: str = "a mapping", one_key: bool = False
    ) -> None:
        self.fields = tuple(fields)
        self.by_name = {field.name: field for field in fields}
        self.required = tuple(field.name for field in fields if field.required)
        self.defaults = {field.name: field.default for field in fields}
        self.build = build
        self.words = words
        self.one_key = one_key

    def read(self, node: Node, report: Report) -> Any:
        """Return what `build` makes of the fields, or INVALID where one of them is not right."""
        values = self.values(node, report)
        return INVALID if values is None else self.build(**values)

    def values(self, node: Node, report: Report) -> dict[str, Any] | None:
        """Return the value of every field, defaults filled in; None where one of them is not right."""
        if not isinstance(node.value, dict):
            if node.style != "!":
                report(
                    node, f"not {self.words} with fields", "write " + ", ".join(f"{name}: …" for name in self._hint())
                )
            return None
        values = dict(self.defaults)
        sound = True
        for name, child in node.value.items():
            field = self.by_name.get(name)
            if field is None:
                self._report_unknown(node, name, report)
                sound = False
            elif (value := field.kind.read(child, report)) is INVALID:
                sound = False
            else:
                values[name] = value
        missing = [name for name in self.required if name not in node.value]
        for name in missing:
            report(node, f"{name} is missing", f"add {name}: {self.by_name[name].kind.words}")
        if self.one_key and len(node.value) != 1:
            report(node, f"not exactly one of {', '.join(self.by_name)}", "give each its own list item")
            sound = False
        return values if sound and not missing else None

    def _hint(self) -> Sequence[str]:
        return self.required or tuple(self.by_name)[:3]

    def _report_unknown(self, node: Node, name: str, report: Report) -> None:
        near = nearest(name, tuple(self.by_name))
        fix = f"did you mean {near}?" if near else "known are " + ", ".join(self.by_name)
        report(Node(name, *node.key_place(name)), f"{shown(name)} is not a key here", fix)

    def schema(self) -> Schema:
        """Return the JSON Schema of the table, with the fields' own words as descriptions."""
        properties = {field.name: {**field.kind.schema(), "description": field.doc} for field in self.fields}
        schema: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
        if self.required:
            schema["required"] = list(self.required)
        if self.one_key:
            schema |= {"minProperties": 1, "maxProperties": 1}
        return schema
