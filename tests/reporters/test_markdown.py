"""Markdown, rendered: what a reader sees, and what a service would take for a mention or a reference."""

from __future__ import annotations

import re

import markdown  # type: ignore[import-untyped]
import pytest

from tests.catalogue.reading import elements, text
from tests.reporters.hostile import TEXTS, many, report
from tests.reporters.test_findings import REPORT
from whypin.model.finding import Report, Summary
from whypin.reporters.escape import markdown_text
from whypin.reporters.markdown import LIMIT, render
from whypin.reporters.text import last_line

#: A letter, digit or quote behind a sign, as GitHub and GitLab find mentions, references and addresses on the page.
REFERENCE = re.compile(r"""[@#!~%$&][\w"]|://|\bGH-\d|\bwww\.""", re.IGNORECASE)


def html(source: str) -> str:
    page: str = markdown.markdown(source, extensions=["tables", "fenced_code", "footnotes", "sane_lists"])
    return page


def test_the_verdict_comes_first_and_the_warnings_are_folded() -> None:
    assert (
        render(REPORT)
        == """\
**whypin: 2 errors, 1 warning**

**uv.lock**

- **WHY102 version-mismatch**, line 3, column 1: torch is locked 2.2.0<br>fix: lock it
- **WHY101 undecided**, line 9, column 1: jax has no decision<br>fix: write one

<details>

<summary>1 warning</summary>

**decisions/a.yaml**

- **WHY103 not-locked**, line 4, column 8: numpy is not locked<br>fix: correct the name

</details>

2 errors, 1 warning in 40 packages: 1 decided, 0 exempt, 2 undecided; 3 required
"""
    )


def test_nothing_found_is_the_verdict_and_the_last_line() -> None:
    clean = Report((), Summary(0, 0, 1, 0, 1, 0, 0))
    assert (
        render(clean)
        == """\
**whypin: 0 errors, 0 warnings**

0 errors, 0 warnings in 1 package: 1 decided, 0 exempt, 0 undecided; 0 required
"""
    )


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_is_markup_or_calls_anybody(name: str) -> None:
    source = render(report(TEXTS[name]))
    page = html(source)
    assert [element.tag for element in elements(page)] == [
        "p",
        "strong",
        "p",
        "strong",
        "ul",
        "li",
        "strong",
        "br",
        "p",
    ]
    assert not any(element.attributes for element in elements(page))
    assert not REFERENCE.search(text(page))
    assert source.count("\n") == 7
    assert not re.search(r"<(?!br>fix: )|(?<!\\)`|\|", source)


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_leaves_its_cell(name: str) -> None:
    rows = f"| a | b |\n| --- | --- |\n| {markdown_text(TEXTS[name][:2000])} | end |\n"
    found = [element for element in elements(html(rows)) if element.tag == "td"]
    assert len(found) == 2
    assert "".join(found[1].text) == "end"


@pytest.mark.parametrize(
    "plain",
    [
        "numpy is locked 2.2.6, and 2026-11-20-numpy accepts 1.24.3",
        "packages: {numpy: [1.26.4, 2.1.0+cu118]}",
        'write "<2,>=1.26" & quote it | (`uv lock`)',
        "*a* __b__ ~~ c ~~ \\*e \\",
        "naïve 日本 🙂",
    ],
)
def test_a_reader_sees_what_was_said(plain: str) -> None:
    assert text(html(f"x {markdown_text(plain)}")) == f"x {plain}"


def test_a_character_without_width_parts_a_mention() -> None:
    """GitHub looks for mentions on the finished page: an escape or a character reference would not help."""
    assert markdown_text("ask @team about #12") == "ask @&#8203;team about #&#8203;12"


def test_too_many_are_left_out_whole_and_counted() -> None:
    subject = many(10_000)
    source = render(subject)
    assert LIMIT * 0.9 < len(source) <= LIMIT
    told = source.count("<br>fix: write a record\n")
    assert source.count("- **WHY101") == told > 100
    assert "details" not in source
    assert f"Left out for length: {5000 - told} errors and 5000 warnings. `whypin check` lists them all.\n" in source
    assert source.endswith(f"{last_line(subject.summary)}\n")


def test_errors_come_before_warnings_where_there_is_no_room_for_all() -> None:
    subject = many(700)
    source = render(subject)
    assert len(source) <= LIMIT
    folded = source.partition("<details>")[2]
    assert source.partition("<details>")[0].count("- **WHY101") == 350
    assert 0 < folded.count("- **WHY101") < 350
    assert f"<summary>{folded.count('- **WHY101')} warnings</summary>" in folded
    assert f"Left out for length: {350 - folded.count('- **WHY101')} warnings." in folded


@pytest.mark.parametrize("name", TEXTS)
def test_one_long_text_does_not_take_the_place_of_the_others(name: str) -> None:
    source = render(report(TEXTS[name], "short", "other"))
    assert source.count("- **WHY102") == 3
    assert "Left out" not in source


def test_the_whole_table_fits() -> None:
    assert len(render(report(*TEXTS.values(), *TEXTS.values(), *TEXTS.values()))) <= LIMIT
