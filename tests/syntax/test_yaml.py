"""YAML: plain trees with places, and every surprise as a problem with its place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whypin.model.tree import Node
from whypin.syntax.yaml import parse


def plain(node: Node | None) -> Any:
    """Return the tree as lists, dicts and strings."""
    if node is None:
        return None
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value


def test_every_scalar_is_text() -> None:
    tree, problems = parse("a: 1.10\nb: no\nc: 2026-11-22\nd: null\ne: ~\nf: 0x1F\ng:\n")
    assert problems == []
    assert plain(tree) == {"a": "1.10", "b": "no", "c": "2026-11-22", "d": "null", "e": "~", "f": "0x1F", "g": ""}


def test_places_are_exact_past_emoji() -> None:
    tree, _ = parse('"🙂🙂": x\nkey: ["🙂", value]\n')
    assert tree is not None
    value = tree.find("key", 1)
    assert value is not None
    assert (value.line, value.column, tree.key_place("key")) == (2, 12, (2, 1))


@pytest.mark.parametrize(
    ("text", "read", "column", "fix"),
    [
        ("numpy: >=1.26", {"numpy": ">=1.26"}, 8, '">=1.26"'),
        ("numpy: >=1.26,<2  # why", {"numpy": ">=1.26,<2"}, 8, '">=1.26,<2"'),
        ("numpy: >1,<2", {"numpy": ">1,<2"}, 8, '">1,<2"'),
        ("posthog: !=3.12.0", {"posthog": "!=3.12.0"}, 10, '"!=3.12.0"'),
        ("posthog: !=3.12.0,<4", {"posthog": "!=3.12.0,<4"}, 10, '"!=3.12.0,<4"'),
        ("numpy: [>=1.26, 2.0]", {"numpy": [">=1.26", "2.0"]}, 9, '">=1.26"'),
        ("numpy:\n- >=1.26", {"numpy": [">=1.26"]}, 3, '">=1.26"'),
        ("packages: {numpy: >=1.26}", {"packages": {"numpy": ">=1.26"}}, 19, '">=1.26"'),
    ],
)
def test_an_unquoted_specifier_gets_the_one_message_that_helps(text: str, read: Any, column: int, fix: str) -> None:
    tree, problems = parse(text)
    (problem,) = problems
    assert "unquoted" in problem.message
    assert (problem.column, problem.fix) == (column, f"quote the specifier: {fix}")
    assert plain(tree) == read


def test_several_unquoted_specifiers_are_reported_at_once() -> None:
    _, problems = parse("a: >=1\nb: !=2\nc: >=3,<4\nd: 1\n")
    assert [problem.line for problem in problems] == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2", "'a' is given twice; the first is on line 1"),
        ("a: &x 1", "YAML anchors are not allowed in a record"),
        ("a: *x", "YAML aliases are not allowed in a record"),
        ("*x : 1", "YAML aliases are not allowed in a record"),
        ("!!str a: 1", "YAML tags and anchors are not allowed in a record"),
        ("&x {a: 1}", "YAML anchors are not allowed in a record"),
        ("a:\n  b: 1\na: 2", "'a' is given twice; the first is on line 1"),
        ("a: !!str 1", "YAML tags are not allowed in a record"),
        ("a: !!python/object:os.system x", "YAML tags are not allowed in a record"),
        ("<<: {a: 1}", "YAML merge keys are not allowed"),
        ("a: 1\n---\nb: 2", "a second YAML document"),
        ("a: x\x1b[31m", "a control character that YAML does not allow"),
        ("\ta: 1", "a tab in the indentation"),
        ("a: b: c", "not YAML: a colon in a value that is not quoted"),
        ("a: @x", "not YAML: a value cannot begin with @"),
        ("a: {b: 1", "not YAML: did not find expected ',' or '}' while parsing a flow mapping"),
        ("<<<<<<< ours\na: 1\n=======\na: 2\n>>>>>>> theirs\n", "unresolved merge conflict"),
        ("? [a]\n: b", "a key must be plain text"),
        ("x" * 1_000_001, "the file is too large for a record (more than 1,000,000 characters)"),
    ],
)
def test_every_surprise_is_a_problem(text: str, message: str) -> None:
    _, problems = parse(text)
    assert message in [problem.message for problem in problems]
    assert all(
        problem.line >= 1 and problem.column >= 1 and problem.fix for problem in problems if "large" not in message
    )


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "a:\n "])
def test_deep_nesting_is_refused_before_anything_recurses(opening: str) -> None:
    _, problems = parse(opening * 60_000 if opening[0] in "[{" else opening * 200)
    assert problems


def test_an_alias_bomb_does_not_explode() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    _, problems = parse("\n".join(lines))
    assert len(problems) == 12 + 11 * 9


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:-[]{},&*!|>'\"%@`#\n\t =<1.~?\u2028\x00é"), max_size=60))
def test_any_text_gives_a_tree_or_problems(text: str) -> None:
    tree, problems = parse(text)
    assert tree is not None or problems or not text.strip() or text.strip().startswith(("#", "%", "-", "."))
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)
