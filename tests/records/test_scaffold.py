"""New records: whatever they are made of, they can be read and say just that."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from whypin.model.record import Attempt, ExitCriterion, Option, Origin, Step, Waiver
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


@pytest.mark.parametrize("value", ["2024-99-99", "2023-02-29", "1.26.4", "yes", "~", "1:30"])
def test_other_readers_of_yaml_read_it_too(value: str) -> None:
    assert str(yaml.safe_load(f"key: {scalar(value)}")["key"]) == value


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


EVERYTHING = Draft(
    "Hold numpy",
    ("ml-platform",),
    {"numpy": (("1.26.4", "https://index.example/simple"), "1.25.2"), "conda:openssl": ("===1.1.1w",)},
    rationale="One line.\nAnother: with `code` and # no comment.",
    context="- a\n- b",
    confirmation=(Step("run", 'python -c "import numpy"'), Step("check", 'it\'s as before: "same"')),
    locks=("services/[[]a]/uv.lock",),
    supersedes=("2025-01-01-numpy",),
    tags=("numerics",),
    status="accepted",
    considered_options=(Option("numpy 2", "rejected", "First line.\n\nSecond."),),
    exit_criteria=(ExitCriterion("date", "2027-06-01"), ExitCriterion("locked", "tensorflow>=2.12.1")),
    review_by="never",
    waivers=(Waiver("CVE-2023-44271", "No fonts.", date(2027, 5, 22), ""),),
    attempts=(Attempt(date(2026, 11, 20), "numpy", "1.24.3", "failed", "a: b\nc", ("uv lock",), "", "", "", ""),),
    links=("https://tracker.example/1",),
    source=Origin("requirements.in", 12, ""),
)


def test_every_field_of_a_draft_is_read_back_as_it_was() -> None:
    found, problems = read(text_of(EVERYTHING), "decisions/2026-11-22-numpy.yaml")
    assert found is not None, problems
    for name in Draft._fields:
        if name not in ("packages", "review_by"):
            said, wanted = getattr(found, name), getattr(EVERYTHING, name)
            assert (said.strip() if isinstance(said, str) else said) == wanted, name
    assert found.review_by == "never"
    assert [(item.text, item.index) for item in found.packages["numpy"]] == [
        ("1.26.4", "https://index.example/simple"),
        ("1.25.2", None),
    ]
    assert found.packages["conda:openssl"][0].version == "1.1.1w"


def test_what_is_empty_is_not_written() -> None:
    text = text_of(Draft("Hold numpy", ("me",), {"numpy": ("1.26.4",)}))
    assert text == (
        "# yaml-language-server: $schema=record.schema.json\ntitle: Hold numpy\nstatus: proposed\ndeciders: [me]\n"
        'packages:\n  numpy: 1.26.4\nrationale: ""  # say why here: an accepted decision needs it\n'
    )


def test_where_nobody_decides_the_record_is_refused_at_its_place() -> None:
    _, problems = read(text_of(Draft("Hold numpy", (), {"numpy": ("1.26.4",)})), "decisions/2026-11-22-numpy.yaml")
    assert [(problem.line, problem.message) for problem in problems] == [(4, "an empty list")]


def test_a_text_that_no_block_can_hold_stands_between_quotes() -> None:
    text = text_of(Draft("Hold numpy", ("me",), {"numpy": ("1.26.4",)}, context="a\nb\u200bc"))
    found, problems = read(text, "decisions/2026-11-22-numpy.yaml")
    assert found is not None, problems
    assert found.context == "a\nb\u200bc"
