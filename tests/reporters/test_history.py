"""The history, with whatever authors and locks say in every place."""

from __future__ import annotations

import json

import pytest

from tests.reporters.hostile import COMMAND, TEXTS, UNSEEN
from whypin.model.change import Change, Commit, History, Unread
from whypin.reporters.history import RENDERERS, unread_line


def hostile(text: str) -> History:
    commit = Commit("1" * 40, text, text, text)
    change = Change(text, (text,), (text, "2.2.6"), text, commit, text, (text,), (text,))
    return History((change,), (Unread(text, commit, text),), 1)


@pytest.mark.parametrize("form", RENDERERS)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_nothing_that_a_history_says_reaches_a_terminal_or_a_log(form: str, text: str) -> None:
    found = hostile(text)
    shown = RENDERERS[form](found, text, False) + unread_line(found.unread[0])
    assert UNSEEN.search(shown) is None
    assert COMMAND.search(shown) is None


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_keeps_its_lines(text: str) -> None:
    assert RENDERERS["text"](hostile(text), text, False).count("\n") == 5


def test_json_keeps_every_text() -> None:
    text = TEXTS["escape sequence"]
    (change,) = json.loads(RENDERERS["json"](hostile(text), text, False))["changes"]
    assert (change["subject"], change["old"], change["records"]) == (text, [text], [text])


def test_the_versions_before_and_after_of_each_kind() -> None:
    commit = Commit("1" * 40, "2026-11-22T10:00:00+01:00", "Ada", "Lock")
    changes = (
        Change("a", (), ("1.0",), "uv.lock", commit),
        Change("b", ("1.0",), (), "uv.lock", commit),
        Change("c", ("1.0",), ("1.0", "2.0"), "uv.lock", commit, "poetry.lock"),
    )
    lines = RENDERERS["text"](History(changes, (), 9), None, False).splitlines()
    assert lines == [
        "2026-11-22 111111111 Ada: Lock",
        "  a 1.0 added in uv.lock",
        "  b 1.0 removed in uv.lock",
        "  c 1.0 -> 1.0, 2.0 in uv.lock (poetry.lock before)",
        "",
        "3 changes in 1 of 9 commits of locks",
    ]
