"""Walks over what needs what: order, cycles, depth."""

from __future__ import annotations

from whypin.model.order import closure, post_order

NEEDS = {"app": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["b"], "far": ["app"]}


def test_each_node_stands_once_behind_what_follows_it() -> None:
    assert post_order(["app", "far", "d"], NEEDS.__getitem__) == ["d", "b", "c", "app", "far"]


def test_a_long_chain_is_no_recursion() -> None:
    last = 50_000
    assert post_order([0], lambda node: [node + 1] if node < last else []) == list(range(last, -1, -1))


def test_all_that_is_above_is_found_through_a_cycle() -> None:
    parents = [[], [0, 2], [1], [2]]
    assert closure(parents, [1, 2, 4, 8]) == [0, 0b111, 0b111, 0b111]
