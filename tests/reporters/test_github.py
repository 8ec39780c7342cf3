"""Workflow commands, read as GitHub's runner reads them."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from tests.reporters.hostile import TEXTS, UNSEEN, many, report
from tests.reporters.test_findings import REPORT
from whypin.model.finding import Report, Summary
from whypin.reporters.github import render


class Command(NamedTuple):
    kind: str
    properties: dict[str, str]
    data: str


def commands(text: str) -> list[Command]:
    """A command is a line that begins with two colons; its properties end at the next two."""
    found = []
    for line in text.splitlines():
        if match := re.match(r"\s*::(\w+) (.*?)::(.*)", line):
            pairs = (pair.split("=", 1) for pair in match[2].split(","))
            found.append(Command(match[1], {key: decoded(value) for key, value in pairs}, decoded(match[3])))
    return found


def decoded(text: str) -> str:
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def test_each_finding_is_a_command_and_the_last_line_sums_up() -> None:
    assert (
        render(REPORT)
        == """\
::warning file=decisions/a.yaml,line=4,col=8,title=WHY103 not-locked::numpy is not locked%0Afix: correct the name
::error file=uv.lock,line=3,col=1,title=WHY102 version-mismatch::torch is locked 2.2.0%0Afix: lock it
::error file=uv.lock,line=9,col=1,title=WHY101 undecided::jax has no decision%0Afix: write one
2 errors, 1 warning in 40 packages: 1 decided, 0 exempt, 2 undecided; 3 required
"""
    )


def test_nothing_found_is_the_last_line_alone() -> None:
    clean = Report((), Summary(0, 0, 1, 0, 1, 0, 0))
    assert render(clean) == "0 errors, 0 warnings in 1 package: 1 decided, 0 exempt, 0 undecided; 0 required\n"


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_ends_its_command_or_adds_a_property(name: str) -> None:
    text = TEXTS[name]
    (command,) = commands(render(report(text)))
    assert command.kind == "error"
    assert list(command.properties) == ["file", "line", "col", "title"]
    assert (command.properties["line"], command.properties["title"]) == ("3", "WHY102 version-mismatch")
    if not UNSEEN.search(text) and "##[" not in text:
        assert command.properties["file"] == text
    assert command.data.count("\nfix: ") == 1


def test_none_of_ten_thousand_is_left_out() -> None:
    assert len(commands(render(many(10_000)))) == 10_000
