"""The table of fields: its JSON Schema agrees with the parser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.records.test_read import LEAST, PATH, WHOLE
from whypin.records.format import RECORD, json_schema
from whypin.records.read import read

VALIDATOR = jsonschema.Draft7Validator(json_schema())


def _as_editors_see_it(text: str) -> Any:
    """Return the data as an editor's YAML reader gives it: numbers are numbers, dates are text."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


def test_the_schema_is_a_schema_and_describes_every_field() -> None:
    jsonschema.Draft7Validator.check_schema(json_schema())
    properties = json_schema()["properties"]
    assert set(properties) == {field.name for field in RECORD.fields}
    assert all(properties[name]["description"].endswith((".", ".")) for name in properties)


@pytest.mark.parametrize(
    "text", [WHOLE, LEAST, LEAST.replace("accepted", "proposed").replace("rationale: It breaks.\n", "")]
)
def test_what_the_parser_takes_the_schema_takes(text: str) -> None:
    assert read(text, PATH)[1] == []
    assert list(VALIDATOR.iter_errors(_as_editors_see_it(text))) == []


@pytest.mark.parametrize(
    ("change", "by"),
    [
        ("title: T\n", ""),
        ("title: T", "colour: red\ntitle: T"),
        ("status: accepted", "status: done"),
        ("rationale: It breaks.\n", ""),
        ("packages: {numpy: 1.0}", "packages: {}"),
        ("packages: {numpy: 1.0}\n", ""),
        ("packages: {numpy: 1.0}", "packages: {num py: 1.0}"),
        ("packages: {numpy: 1.0}", "packages: {numpy: []}"),
        ("title: T", "exit_criteria: [{unlocked: a, date: 2027-01-01}]\ntitle: T"),
        ("title: T", "links: ['javascript:alert(1)']\ntitle: T"),
        ("title: T", "attempts: [{date: 2026-11-20}]\ntitle: T"),
        ("title: T", "date: tomorrow\ntitle: T"),
        ("title: T", "artifacts: [{name: a, kind: gadget, version: 1}]\ntitle: T"),
        ("title: T", "artifacts: [{name: a, kind: image, version: 1, file: D, pattern: x}]\ntitle: T"),
        (
            "title: T",
            "artifacts: [{name: a, kind: image, version: 1, file: D, pattern: '{version}{version}'}]\ntitle: T",
        ),
    ],
)
def test_what_the_parser_refuses_the_schema_refuses(change: str, by: str) -> None:
    text = LEAST.replace(change, by)
    assert text != LEAST
    assert read(text, PATH)[1]
    assert list(VALIDATOR.iter_errors(_as_editors_see_it(text)))


@pytest.mark.parametrize("folder", ["decisions", "tests/data/projects/demo/decisions"])
def test_the_schema_beside_our_own_records_is_the_current_one(folder: str) -> None:
    path = Path(__file__).resolve().parents[2] / folder / "record.schema.json"
    assert json.loads(path.read_text(encoding="utf-8")) == json_schema()
