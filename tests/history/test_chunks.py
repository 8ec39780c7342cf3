"""The quick reading of TOML locks: what it says is what the format's reader says, and of damage it says nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.corpus import CORPUS, needs_corpus, projects
from tests.folders import uv_lock
from tests.history.repository import forked, poetry_lock
from whypin import locks
from whypin.errors import WhypinError
from whypin.history.chunks import Chunks, State
from whypin.history.contents import state_of

REAL = [(kind, f"{folder}/{name}") for kind in ("uv", "poetry", "pdm") for folder, name in projects(f"{kind}.lock")]


def whole(text: str, kind: str) -> State | str:
    """Return what the format's own reader makes of a lock: its state, or what is wrong with it."""
    try:
        return state_of(locks.read(text, f"{kind}.lock", Path.read_text))  # type: ignore[arg-type]
    except WhypinError as error:
        return str(error)


@needs_corpus
@pytest.mark.parametrize(("kind", "path"), REAL, ids=[path for _, path in REAL])
def test_real_locks(kind: str, path: str) -> None:
    data = (CORPUS / path).read_bytes()
    quick = Chunks(kind).state(data)
    assert quick in (None, whole(data.decode(), kind))


@needs_corpus
def test_nearly_all_real_locks_are_read_quickly() -> None:
    slow = [path for kind, path in REAL if Chunks(kind).state((CORPUS / path).read_bytes()) is None]
    assert len(REAL) > 25
    assert len(slow) <= 3, slow


@needs_corpus
@pytest.mark.parametrize("kind", ["uv", "poetry", "pdm"])
def test_damaged_locks_are_never_read_as_something_else(kind: str) -> None:
    """Lines are lost, doubled, cut off, or left by a merge; what is read so is what the reader reads."""
    chance, chunks = random.Random(85), Chunks(kind)
    lines = (CORPUS / "same-project" / kind / f"{kind}.lock").read_text(encoding="utf-8").split("\n")
    refused = 0
    for _ in range(150):
        start = chance.randrange(len(lines))
        end = start + chance.randrange(1, 40)
        lost, doubled = lines[:start] + lines[end:], lines[:end] + lines[start:]
        merged, cut = [*lines[:start], "<<<<<<< HEAD", *lines[start:]], lines[:start]
        text = "\n".join(chance.choice((lost, doubled, merged, cut)))
        quick, told = chunks.state(text.encode()), whole(text, kind)
        refused += isinstance(told, str)
        assert quick in (None, told)
    assert refused > 40


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("uv", uv_lock(numpy="1.26.4").replace("version = 1\n", "version = 2\n")),
        ("uv", uv_lock(numpy="1.26.4").rpartition("\n[[package]]")[0]),
        ("uv", uv_lock(numpy="1.26.4") + "\n[[package]]\nname = 'x"),
        ("uv", uv_lock(numpy="1.26.4") + uv_lock(numpy="1.26.4").rpartition("\n[[package]]")[2]),
        (
            "uv",
            forked("numpy", ["1.26.4", "2.2.6"]).replace('{ name = "numpy", version = "2.2.6", ', "{ name = 'numpy', "),
        ),
        ("poetry", poetry_lock(numpy="1.26.4").partition("[metadata]")[0]),
        ("poetry", poetry_lock(numpy="1.26.4").replace('"1.1"', '"3.0"')),
        ("poetry", "<<<<<<< HEAD\n" + poetry_lock(numpy="1.26.4")),
        ("pdm", ""),
    ],
)
def test_what_is_not_whole_is_left_to_the_reader(kind: str, text: str) -> None:
    assert Chunks(kind).state(text.encode()) is None


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf", b""])
def test_marks_and_line_ends_of_windows(data: bytes) -> None:
    text = uv_lock(numpy="1.26.4")
    assert Chunks("uv").state(data + text.replace("\n", "\r\n").encode()) == (("numpy", "1.26.4"),)


def test_a_package_in_a_long_string_is_none() -> None:
    note = 'note = """\n[[package]]\nname = "evil"\nversion = "1"\n"""\n'
    text = uv_lock(numpy="1.26.4")
    assert Chunks("uv").state((text + note).encode()) in (None, (("numpy", "1.26.4"),))
