"""New records: whatever they are made of, they can be read and say just that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whypin.records.read import read
from whypin.records.scaffold import Draft, scalar, text_of
from whypin.syntax.yaml import parse

LINE = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)


@given(LINE)
def test_a_scalar_is_read_back_as_it_was(value: str) -> None:
    tree, problems = parse(f"key: {scalar(value)}  # comment\nlist: [{scalar(value)}, x]\n")
    assert tree is not None and not problems
    found, items = tree.find("key"), tree.find("list")
    assert found is not None and items is not None
    assert (found.value, [item.value for item in items.value]) == (value, [value, "x"])  # type: ignore[union-attr]


@pytest.mark.parametrize("value", ["a\x85b", "a\u2028b", "\x1b[31m", "\x9b", "\u202e", "\U000e0041\U0001f40d"])
def test_what_cannot_be_seen_is_written_so_that_it_can(value: str) -> None:
    tree, problems = parse(f"key: {scalar(value)}\n")
    assert tree is not None and not problems
    found = tree.find("key")
    assert found is not None and found.value == value


@given(title=LINE, decider=LINE, context=st.lists(LINE, max_size=3))
def test_a_draft_is_a_record(title: str, decider: str, context: list[str]) -> None:
    draft = Draft(
        title, (decider,), {"numpy": ("1.26.4",), "torch": ("2.1.0", "2.1.0+cu118")}, context="\n".join(context)
    )
    found, problems = read(text_of(draft), "decisions/2026-11-22-numpy.yaml")
    assert found is not None, problems
    assert (found.title, found.deciders, found.status, found.rationale) == (title, (decider,), "proposed", "")
    assert found.context.strip() == "\n".join(context)
    assert [item.text for item in found.packages["torch"]] == ["2.1.0", "2.1.0+cu118"]
