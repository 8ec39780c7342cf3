"""What a tool's failure means, from what the tools really say."""

from __future__ import annotations

import pytest

from whypin.model.trial import Wanted
from whypin.trials.verdict import LINES, WIDTH, last, plain, reason

NUMPY = (Wanted("numpy", "1.24.3"),)
UV = """\
Using CPython 3.11.7 interpreter at: /usr/bin/python3
error: No solution found when resolving dependencies
  cause: Because tensorflow==2.12.0 depends on numpy>=1.22,<1.24 and your project depends on numpy==1.24.3, we can
         conclude that your project and tensorflow==2.12.0 are incompatible.
"""
PIP = """\
ERROR: Cannot install -r requirements.txt (line 2) and numpy==1.24.3 because these have conflicting dependencies.

The conflict is caused by:
    The user requested numpy==1.24.3
    tensorflow 2.12.0 depends on numpy<1.24
"""
POETRY = """\
Resolving dependencies...

Because tensorflow (2.12.0) depends on numpy (>=1.22,<1.24)
 and app depends on numpy (1.24.3), version solving failed.
"""


@pytest.mark.parametrize(
    ("said", "first"),
    [
        (UV, "Because tensorflow==2.12.0 depends on numpy>=1.22,<1.24"),
        (PIP, "The conflict is caused by:"),
        (POETRY, "Because tensorflow (2.12.0) depends on numpy (>=1.22,<1.24)"),
    ],
    ids=["uv", "pip", "poetry"],
)
def test_versions_that_do_not_go_together_are_a_result_with_the_resolvers_own_reason(said: str, first: str) -> None:
    found = reason(said, NUMPY)
    assert found.kind == "unresolvable"
    assert found.lines[0].startswith(first)


@pytest.mark.parametrize(
    "said",
    [
        "cause: Because there is no version of numpy==1.24.3 and you require it, your requirements are unsatisfiable.",
        "ERROR: No matching distribution found for numpy==1.24.3",
        "Because app depends on numpy (1.24.3) which doesn't match any versions, version solving failed.",
    ],
)
def test_a_version_that_is_nowhere_is_told_from_one_that_does_not_fit(said: str) -> None:
    assert reason(said, NUMPY).kind == "missing"


@pytest.mark.parametrize(
    "said",
    [
        "Because there is no version of numpy==1.24.31 and you require it, your requirements are unsatisfiable.",
        "Because there is no version of scipy==9 and numpy==1.24.3 depends on scipy==9, they are unsatisfiable.",
        "ERROR: Ignored the following versions that require a different python version: 1.24.3 Requires-Python >=3.14\n"
        "ERROR: No matching distribution found for numpy==1.24.3",
    ],
    ids=["another version", "another package", "another Python"],
)
def test_what_is_missing_must_be_what_was_asked_for(said: str) -> None:
    assert reason(said, NUMPY).kind == "unresolvable"


def test_a_build_that_breaks_is_a_result() -> None:
    said = "  x Failed to build `numpy==1.24.3`\n  RuntimeError: numpy.distutils is gone\n"
    assert reason(said, NUMPY) == (
        "broken",
        ("x Failed to build `numpy==1.24.3`", "RuntimeError: numpy.distutils is gone"),
    )


@pytest.mark.parametrize(
    "said",
    ["error: Failed to fetch: `https://index.example/simple/numpy/`\n dns error", "", "error: unexpected argument"],
)
def test_a_failure_of_the_network_or_of_the_tool_says_nothing_about_the_version(said: str) -> None:
    assert reason(said, NUMPY).kind == "other"


def test_evidence_is_a_few_short_lines_without_colours() -> None:
    said = "\x1b[31merror\x1b[0m: No solution found\n" + f"Because {'x' * 5000}\n" * 50
    found = reason(said, NUMPY)
    assert len(found.lines) == LINES
    assert max(map(len, found.lines)) == WIDTH
    assert plain("\x1b[1;31mred\x1b[0m\x1b]0;title\x07 text\r\n") == "red text\n"


def test_the_last_words_leave_out_lines_that_say_nothing() -> None:
    assert last("one\n\ntwo\n=====\n  three\n", 2) == ("two", "  three")
