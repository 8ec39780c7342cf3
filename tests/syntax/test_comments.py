"""Comments beside a value."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whypin.syntax.comments import MAX_LENGTH, MAX_LINES, beside


@pytest.mark.parametrize(
    ("line", "comment"),
    [
        ('    "numpy<2",  # numba needs it', "numba needs it"),
        ('    "numpy<2",#tight', "tight"),
        ("  - numpy<2 ## twice  ", "twice"),
        ("numpy<2  #", ""),
        ('numpy = "<2"', ""),
        ('a = "x # y"', ""),
        ("a = 'x # y'  # z", "z"),
        (r'a = "x \" # y"  # z', "z"),
        (r"a = 'x \' # z", "z"),
        ('a = """x"""  # z', "z"),
        ("lib @ git+https://git.example/lib.git#egg=lib", ""),
        ("lib @ git+https://git.example/lib.git#egg=lib # why", "why"),
        ("- numpy; python_version < '3.9' # it's old", "it's old"),
        ("don't # why it's so", "why it's so"),
        ('a = ["never closed # but a comment', "but a comment"),
        ("a = [1, 2] # see #12", "see #12"),
        ("a  # see https://user:secret@git.example/issues/1", "see https://git.example/issues/1"),
    ],
)
def test_the_end_of_the_line(line: str, comment: str) -> None:
    assert beside(["[x]", line, "# below"], 2) == comment


def test_only_what_stands_behind_the_column() -> None:
    assert beside(["# numpy<2"], 1, 3) == ""
    assert beside(["a # b"], 1, 3) == "b"


def test_the_block_above_where_the_line_has_none() -> None:
    lines = ["# not this: a blank line lies between", "", "# TODO: drop it", "#", "  # with numba 0.60", "  - numpy<2"]
    assert beside(lines, 6) == "TODO: drop it with numba 0.60"
    assert beside([*lines[:5], "  - numpy<2  # or earlier"], 6) == "or earlier"


def test_a_comment_goes_on_below_its_line_and_is_not_that_of_the_next() -> None:
    lines = [
        '    "numpy<2",  # numba needs it,',
        "                # until 0.60",
        "    # SciPy 1.12 broke the tests",
        '    "scipy<1.12",',
        '    "pandas",  # plain',
        "    # not about pandas",
        '    "torch",',
    ]
    assert beside(lines, 1) == "numba needs it, until 0.60"
    assert beside(lines, 4) == "SciPy 1.12 broke the tests"
    assert beside(lines, 5) == "plain"
    assert beside(lines, 7) == "not about pandas"


def test_the_first_value_in_brackets_does_not_take_the_comment_of_the_second() -> None:
    lines = ['dependencies = ["a",  # of a', "    # of b", '    "b",', "]"]
    assert (beside(lines, 1), beside(lines, 3)) == ("of a", "of b")


def test_a_long_comment_is_cut() -> None:
    assert len(beside(["a", *["# " + "x" * 500] * 9, "b"], 11)) == MAX_LENGTH
    assert beside([*["# x"] * 1000, "a"], 1001) == " ".join("x" * MAX_LINES)


@given(st.lists(st.text("ab#'\"\\ ,[]\t", max_size=20), max_size=6), st.integers(-2, 9), st.integers(-2, 30))
@settings(max_examples=300)
def test_it_never_raises_and_tells_only_what_is_there(lines: list[str], line: int, column: int) -> None:
    found = beside(lines, line, column)
    assert all(word in "\n".join(lines) for word in found.split())


def test_five_thousand_values_on_one_hostile_line() -> None:
    start = time.process_time()
    for text in (
        '"a", ' * 50_000 + "# why",
        '"' * 100_000,
        "'" + "a#'" * 50_000,
        "\\" * 100_000 + "'\"" * 50_000,
        '\\"' * 50_000,
    ):
        for column in range(1, 5_000):
            beside([text], 1, column)
    assert time.process_time() - start < 2
