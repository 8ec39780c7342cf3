"""Bounds over commits: what keeps more out than before, and what only looks like it."""

from __future__ import annotations

import pytest

from whypin.history.bounds import Bounds, Declared, clauses, replay
from whypin.history.log import Logged
from whypin.model.change import Commit


def replayed(*states: Declared | None, whole: bool = True, unread: int = 0) -> Bounds:
    """Replay versions of one manifest, the oldest first; None could not be read, the oldest `unread` were not."""
    logged = [Logged(Commit(f"c{at}", "", "Ada", ""), (("a.in", f"b{at}"),)) for at in range(len(states))]
    readings = {("a.in", f"b{at}"): state for at, state in enumerate(states) if at >= unread}
    return replay(logged[::-1], readings, whole)


def added(*states: Declared | None, whole: bool = True, unread: int = 0) -> list[tuple[str, str, str]]:
    found = replayed(*states, whole=whole, unread=unread).added.values()
    return [(each.commit.hash, each.kind, each.new) for each in found if each is not None]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("", "<2", "cap"),
        (">=1", ">=1,<2", "cap"),
        ("<3", "<2", "cap"),
        ("", "~=1.4", "cap"),
        ("<3", "~=1.4", "cap"),
        ("", "==1.*", "cap"),
        (">=1", "==1.5", "pin"),
        ("<2", "==1.5", "pin"),
        ("==1.5", "==1.4", "pin"),
        ("", "===1.5", "pin"),
        ("<2", "<2,!=1.5", "exclusion"),
        ("", "!=1.5.*", "exclusion"),
    ],
)
def test_what_keeps_more_out_is_a_bound_that_was_added(old: str, new: str, kind: str) -> None:
    assert [each for each in added({"numpy": (old,)}, {"numpy": (new,)}) if each[0] == "c1"] == [("c1", kind, new)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<2", "<3"),
        ("<2", "<2.0"),
        ("==1.4", "==1.5"),
        ("~=1.4.1", "~=1.5.0"),
        ("==1.*", "==2.*"),
        ("<2", "==1.*"),
        ("", ">=1"),
        (">=1", ">=2"),
        ("<2,!=1.5", "<2"),
        ("<2", ""),
        ("", "<not a version"),
    ],
)
def test_what_lets_more_in_or_says_the_same_is_none(old: str, new: str) -> None:
    assert [each for each in added({"numpy": (old,)}, {"numpy": (new,)}) if each[0] == "c1"] == []


def test_clauses_are_the_same_by_what_they_mean() -> None:
    assert set(clauses(">=1, <2.0,!=1.5")) == set(clauses("!=1.5.0,<2"))
    assert set(clauses("~=1.4")).isdisjoint(clauses("~=1.4.0"))
    assert set(clauses("==1.*")).isdisjoint(clauses("==1.0.*"))


def test_a_version_that_cannot_be_read_is_passed_over_and_hides_no_later_cap() -> None:
    free, capped = {"numpy": ("",)}, {"numpy": ("<2",)}
    assert added(free, capped, None, capped) == [("c1", "cap", "<2")]
    assert added(free, None, free, capped) == [("c3", "cap", "<2")]


def test_what_was_there_before_the_reading_began_was_not_added() -> None:
    free, capped = {"numpy": ("",)}, {"numpy": ("<2",)}
    assert added(capped, capped, whole=False) == []
    assert added(free, capped, capped, unread=2) == []
    assert added(None, capped) == []
    assert added(free, capped, whole=False) == [("c1", "cap", "<2")]


def test_what_moves_from_file_to_file_is_neither_added_nor_moved() -> None:
    first = Logged(Commit("c0", "", "Ada", ""), (("a.in", "b0"),))
    second = Logged(Commit("c1", "", "Ada", ""), (("a.in", None), ("b.in", "b1")))
    readings = {("a.in", "b0"): {"numpy": ("<2",)}, ("b.in", "b1"): {"numpy": ("<2",), "scipy": ("",)}}
    found = replay([second, first], readings, True)
    assert [each.commit.hash for each in found.added.values() if each is not None] == ["c0"]
    assert found.moved == {"c0": {"numpy"}, "c1": {"scipy"}}
