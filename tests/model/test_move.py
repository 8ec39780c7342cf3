"""Moves: what became of a package, in the words that people have for it."""

from __future__ import annotations

import pytest

from tests.build import entry, lock, project
from whypin.model.lock import Entry, Lock
from whypin.model.move import Move, moves


def entries(*versions: str) -> tuple[Entry, ...]:
    return tuple(entry("numpy", version) for version in versions)


@pytest.mark.parametrize(
    ("before", "after", "kind", "step"),
    [
        (["1.26.3"], ["1.26.4"], "upgraded", "patch"),
        (["1.26.3"], ["1.27.0"], "upgraded", "minor"),
        (["1.26.3"], ["2.0"], "upgraded", "major"),
        (["2.0"], ["1!1.0"], "upgraded", "major"),
        (["2.0"], ["2.1rc1"], "upgraded", "pre-release"),
        (["1.26.4"], ["1.25"], "downgraded", "minor"),
        (["1.9.0"], ["1.10.0"], "upgraded", "minor"),
        (["2.1.0"], ["2.1.0+cu118"], "upgraded", "other"),
        (["1.26.4"], ["1.26.4", "2.0"], "forked", "major"),
        (["1.26.4", "2.0"], ["2.0"], "merged", "other"),
        (["1.26.4", "2.0"], ["1.26.5", "2.0"], "upgraded", "other"),
        ([], ["1.0"], "added", "other"),
        (["1.0"], [], "removed", "other"),
        (["1.0"], ["not a version"], "changed", "other"),
        (["1.0"], ["1.0"], "re-sourced", "other"),
    ],
)
def test_kinds_and_steps(before: list[str], after: list[str], kind: str, step: str) -> None:
    move = Move("uv.lock", "numpy", entries(*before), entries(*after))
    assert (move.kind, move.step) == (kind, step)


def test_only_what_moved_is_told_in_the_order_of_the_lock() -> None:
    before = project(locks=[lock(entry("a"), entry("b", "1"), entry("c", "1"))])
    after = project(locks=[lock(entry("d", "1"), entry("b", "2"), entry("a"))])
    assert [(move.name, move.kind) for move in moves(before, after)] == [
        ("d", "added"),
        ("b", "upgraded"),
        ("c", "removed"),
    ]


def test_a_lock_that_came_and_one_that_went() -> None:
    before = project(locks=[lock(entry("a"), path="old/uv.lock")])
    after = project(locks=[lock(entry("a"), path="new/uv.lock")])
    assert [(move.lock, move.kind) for move in moves(before, after)] == [
        ("new/uv.lock", "added"),
        ("old/uv.lock", "removed"),
    ]


def test_a_format_change_in_one_folder_is_compared_by_content() -> None:
    old = Lock("Pipfile.lock", "pipfile", (entry("a"), entry("b", "1")))
    before, after = project(locks=[old]), project(locks=[lock(entry("a"), entry("b", "2"))])
    assert [(move.lock, move.name, move.words) for move in moves(before, after)] == [("uv.lock", "b", "1 -> 2")]


def test_a_source_or_an_index_that_changed_is_a_move() -> None:
    one = entry("a", index="https://index.example/simple")
    for other in (entry("a", index="https://other.example/simple"), entry("a", source="git", ref="https://x@1")):
        (move,) = moves(project(locks=[lock(one)]), project(locks=[lock(other)]))
        assert move.kind == "re-sourced"
    assert list(moves(project(locks=[lock(one)]), project(locks=[lock(entry("a"))]))) == []
