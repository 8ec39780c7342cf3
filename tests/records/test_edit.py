"""Edits to records: what is not edited stays byte for byte."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whypin.records.edit import renewed, with_normal_names, with_quoted_specifiers, with_schema_line
from whypin.records.read import read

RECORD = """\
# kept: why this file is here
title: "Hold NumPy"   # a title
status: accepted
deciders: [data-platform]

packages:
  numpy: 1.26.4  # 🐍 the pin
rationale: |
  SciPy 1.10 was built against the 1.x C API.

  # not a comment
"""
DAY = date(2027, 5, 22)


def valid(text: str) -> str:
    found, problems = read(text, "decisions/2026-11-22-numpy.yaml")
    assert found is not None, problems
    return text


def test_a_review_date_is_replaced_and_everything_else_stays() -> None:
    text = RECORD.replace("packages:", "review_by: '2026-11-01' # soon\npackages:")
    assert valid(renewed(text, DAY, "renewed on 2026-11-22: still needed")) == RECORD.replace(
        "packages:", "# renewed on 2026-11-22: still needed\nreview_by: 2027-05-22 # soon\npackages:"
    )


def test_a_missing_review_date_is_added_as_the_last_field() -> None:
    assert valid(renewed(RECORD, DAY, "renewed\nagain")) == RECORD + "# renewed again\nreview_by: 2027-05-22\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RECORD.rstrip("\n"), RECORD.rstrip("\n") + "\n# n\nreview_by: 2027-05-22\n"),
        (RECORD.replace("\n", "\r\n"), RECORD.replace("\n", "\r\n") + "# n\r\nreview_by: 2027-05-22\r\n"),
        (RECORD + "...\n# after\n", RECORD + "# n\nreview_by: 2027-05-22\n...\n# after\n"),
        (RECORD + "\n# last words\n", RECORD + "\n# last words\n# n\nreview_by: 2027-05-22\n"),
    ],
    ids=["no newline at the end", "CRLF", "end mark", "comment at the end"],
)
def test_a_record_may_end_in_any_way(text: str, expected: str) -> None:
    assert valid(renewed(text, DAY, "n")) == expected


@pytest.mark.parametrize("end", ["}", ", }", ", review_by: never}"])
def test_a_record_in_flow_style_is_renewed_too_with_the_note_above_it(end: str) -> None:
    text = "---\n{title: a, status: accepted, deciders: [b], packages: {numpy: 1.0}, rationale: because it is so}\n"
    renewed_text = renewed(text.replace("}\n", f"{end}\n"), DAY, "n")
    expected = text.replace("so}", "so, review_by: 2027-05-22}").replace("---\n", "---\n# n\n")
    assert valid(renewed_text).replace(",  ", ", ") == expected


@pytest.mark.parametrize("last", ["", "review_by: never\n"])
def test_an_indented_record_keeps_its_indentation(last: str) -> None:
    text = "".join(f"  {line}" if line.strip() else line for line in (RECORD + last).splitlines(keepends=True))
    assert valid(renewed(text, DAY, "n")).endswith("  # n\n  review_by: 2027-05-22\n")


def test_names_are_normalised_where_they_stand() -> None:
    text = RECORD.replace(
        "  numpy: 1.26.4", '  "Torch_Vision": 0.15.2  # tv\n  conda:_libgcc_mutex: "0.1"\n  numpy: 1.26.4'
    )
    expected = text.replace('"Torch_Vision"', "torch-vision")
    assert valid(with_normal_names(text)) == expected
    assert with_normal_names(expected) == expected


def test_names_that_would_fall_together_are_left_alone() -> None:
    text = RECORD.replace("  numpy: 1.26.4", "  NumPy: 1.26.4\n  numpy: 1.26.4")
    assert with_normal_names(text) == text


@pytest.mark.parametrize(
    ("bare", "quoted"),
    [
        ("  numpy: >=1.26,<2  # why", '  numpy: ">=1.26,<2"  # why'),
        ("  posthog: !=3.12.0", '  posthog: "!=3.12.0"'),
        ("  posthog: [!=3.12.0, >=2]", '  posthog: ["!=3.12.0", ">=2"]'),
    ],
)
def test_specifiers_that_yaml_would_swallow_are_quoted(bare: str, quoted: str) -> None:
    text = RECORD.replace("  numpy: 1.26.4  # 🐍 the pin", bare)
    assert valid(with_quoted_specifiers(text)) == RECORD.replace("  numpy: 1.26.4  # 🐍 the pin", quoted)


@pytest.mark.parametrize("text", ["a: [", "a: *b", "\x00", "a: !!x y", RECORD, ""])
def test_what_cannot_be_quoted_stays_as_it_is(text: str) -> None:
    assert with_quoted_specifiers(text) == text


def test_the_schema_line_is_added_once() -> None:
    line = "# yaml-language-server: $schema=../record.schema.json\n"
    assert with_schema_line(RECORD, 1) == line + RECORD
    assert with_schema_line(line + RECORD) == line + RECORD


COMMENT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=20)


@given(comments=st.lists(COMMENT, min_size=4, max_size=4), quote=st.sampled_from(["", "'", '"']))
def test_renewing_changes_one_value_and_adds_one_line(comments: list[str], quote: str) -> None:
    first, second, third, fourth = (f"# {comment}" for comment in comments)
    text = (
        f"{first}\ntitle: Hold NumPy\nstatus: accepted\ndeciders: [d] {second}\npackages:\n  numpy: 1.26.4\n"
        f"review_by: {quote}2026-01-01{quote} {third}\nrationale: >-\n  It is so.\n{fourth}\n"
    )
    after = valid(renewed(text, DAY, "note")).split("\n")
    changed = [line for line in after if line not in text.split("\n")]
    assert changed == ["# note", f"review_by: 2027-05-22 {third}"]
    assert len(after) == len(text.split("\n")) + 1
