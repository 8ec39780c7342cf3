"""What git prints of commits, with whatever their authors wrote."""

from __future__ import annotations

from whypin.history.log import Logged, parse
from whypin.model.change import Commit

ZERO, ONE, TWO = "0" * 40, "1" * 40, "2" * 40
TIME = "2026-11-22T10:00:00+01:00"


def printed(*fields: str) -> bytes:
    return b"".join(field.encode("utf-8", "surrogateescape") + b"\0" for field in fields)


def test_commits_with_and_without_files() -> None:
    text = printed(
        *(ONE, TIME, "Ada", "Lock"),
        *(f"\n:000000 100644 {ZERO} {ONE} A", "uv.lock", f":100644 000000 {ONE} {ZERO} D", "a b/poetry.lock"),
        *(TWO, TIME, "Bob", ""),
        *(ZERO, TIME, "", "Begin", f"\n:100644 120000 {ONE} {TWO} T", "caf\udce9.lock"),
    )
    assert parse(text) == [
        Logged(Commit(ONE, TIME, "Ada", "Lock"), (("uv.lock", ONE), ("a b/poetry.lock", None))),
        Logged(Commit(TWO, TIME, "Bob", ""), ()),
        Logged(Commit(ZERO, TIME, "", "Begin"), (("caf\udce9.lock", None),)),
    ]


def test_a_subject_that_looks_like_a_file_is_a_subject() -> None:
    text = printed(ONE, TIME, ":author", f":000000 100644 {ZERO} {ONE} A", f"\n:000000 100644 {ZERO} {TWO} A", ":x")
    (found,) = parse(text)
    assert (found.commit.author, found.files) == (":author", ((":x", TWO),))


def test_nothing() -> None:
    assert parse(b"") == []
