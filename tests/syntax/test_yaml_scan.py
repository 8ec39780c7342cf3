"""The scanner: whatever it reads, libyaml's events would have read alike, places and styles included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.records.test_read import LEAST, WHOLE
from whypin.model.tree import Node
from whypin.syntax.yaml import parse_events
from whypin.syntax.yaml_scan import scan

ROOT = Path(__file__).resolve().parents[2]
RECORDS = sorted([*ROOT.glob("decisions/*.yaml"), *ROOT.glob("tests/data/projects/*/decisions/*.yaml")])


def whole(node: Node) -> Any:
    """Return everything that a tree says, for comparison."""
    value: Any = node.value
    if isinstance(value, dict):
        value = {key: whole(child) for key, child in value.items()}
    elif isinstance(value, list):
        value = [whole(child) for child in value]
    return (value, node.line, node.column, node.style, node.key_places)


def agrees(text: str) -> bool:
    """Whether the scanner gave up, or read what the events say; True only where it read the text."""
    tree = scan(text)
    if tree is None:
        return False
    expected, problems = parse_events(text)
    assert problems == []
    assert expected is not None
    assert whole(tree) == whole(expected)
    return True


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_it_agrees_on_real_records(path: Path) -> None:
    agrees(path.read_text(encoding="utf-8"))


def test_it_reads_most_real_records_itself() -> None:
    read = [agrees(path.read_text(encoding="utf-8")) for path in RECORDS]
    assert sum(read) > len(read) / 2


REGULAR = """\
# a comment
title: Hold it, not:this b#c
status:   accepted   # why
deciders: [data-platform, ml team, a.b]
empty: []
links:
- https://tracker.example/1#x
- "quoted: text # kept"
options:
  - option: numpy
    because: 'single: quoted'
  # between
  - option: pandas
nested:
  deeper:
    deepest: 1.10
text: |
  First line.

    indented # no comment
  last
tags: [numerics]
"""


def test_it_reads_regular_text() -> None:
    assert agrees(REGULAR)


@pytest.mark.parametrize("width", range(len(REGULAR)))
def test_it_agrees_on_regular_text_cut_anywhere(width: int) -> None:
    agrees(REGULAR[:width])


LINES = [
    *REGULAR.splitlines(),
    *LEAST.splitlines(),
    *WHOLE.splitlines(),
    "",
    " ",
    "  ",
    "-",
    "- ",
    "...",
    "---",
    "a: &x 1",
]
LINES += [
    "a: *x",
    "? a",
    ": b",
    "  - - a",
    "a: >",
    "a: |-",
    "a: |2",
    "\tb: 1",
    "a:b",
    "a: [b: c]",
    "a: {b: c}",
    'a: "b\\n"',
    "<<: x",
]


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.builds(lambda pad, line: " " * pad + line, st.integers(0, 5), st.sampled_from(LINES)), max_size=8))
@example(["a:", "- b", "c: 1"])
@example(["a:", "  b: 1", " c: 2"])
@example(["a: |", "  x", " y"])
@example(["a: b", "  c"])
@example(["a: |", "  x", "", "", "b: 1"])
def test_it_agrees_on_any_mixture_of_lines(lines: list[str]) -> None:
    agrees("\n".join(lines))
    agrees("\n".join(lines) + "\n")


@settings(max_examples=1500, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab1:-[], #|'\"\n\n  .~<=+/\\é\u00a0\u2028{}&*!>%@`?\t"), max_size=40))
def test_it_agrees_on_any_text(text: str) -> None:
    agrees(text)
    agrees("k:\n  " + text)
