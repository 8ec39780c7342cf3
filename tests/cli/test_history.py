"""`whypin history`: whole output, exit codes, and what stays out of a terminal."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_check import whypin
from tests.folders import record, uv_lock, write
from tests.history.repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "project")
    made.commit("Lock", {"uv.lock": uv_lock(numpy="1.26.4", pandas="2.0.2")})
    decision = {"decisions/2026-01-01-numpy.yaml": record("numpy", '">=2,<3"')}
    made.commit("Take NumPy 2", {"uv.lock": uv_lock(numpy="2.2.6", pandas="2.0.2"), **decision})
    return made


def test_every_move_of_a_package(repository: Repository) -> None:
    done = whypin(repository.folder, "history", "NumPy")
    first, second = repository.git("rev-list", "HEAD").split()
    expected = f"""\
2026-01-01 {first[:9]} Ada Lovelace: Take NumPy 2
  with decisions/2026-01-01-numpy.yaml
  numpy 1.26.4 -> 2.2.6 in uv.lock; accepted by 2026-01-01-numpy

2026-01-01 {second[:9]} Ada Lovelace: Lock
  numpy 1.26.4 added in uv.lock

2 changes of numpy in 2 of 2 commits of locks
"""
    assert (done.returncode, done.stdout, done.stderr) == (0, expected, "")


def test_json_tells_all_of_every_change(repository: Repository) -> None:
    data = json.loads(whypin(repository.folder, "history", "--all", "--format", "json").stdout)
    head = repository.head()
    assert data["changes"][0] == {
        "package": "numpy",
        "kind": "upgraded",
        "old": ["1.26.4"],
        "new": ["2.2.6"],
        "lock": "uv.lock",
        "formerly": None,
        "commit": head,
        "date": "2026-01-01T01:00:00+00:00",
        "author": "Ada Lovelace",
        "subject": "Take NumPy 2",
        "accepted_by": ["2026-01-01-numpy"],
        "records": ["decisions/2026-01-01-numpy.yaml"],
    }
    assert [change["package"] for change in data["changes"]] == ["numpy", "numpy", "pandas"]
    rest = {key: value for key, value in data.items() if key != "changes"}
    assert rest == {"version": 1, "package": None, "commits": 2, "shallow": False, "unread": []}


def test_limit_and_since(repository: Repository) -> None:
    assert whypin(repository.folder, "--limit", "1", "history", "--all").stdout.endswith(
        "\n1 change in 1 of 2 commits of locks\n"
    )
    done = whypin(repository.folder, "history", "pandas", "--since", "2026-01-02")
    assert (done.returncode, done.stdout) == (0, "0 changes of pandas in 0 of 2 commits of locks\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give either PACKAGE or --all"),
        (("numpy", "--all"), "give either PACKAGE or --all"),
        (("nunpy",), "nunpy was never locked in the 2 commits that touch a lock; did you mean numpy?"),
        (("x\x1b[31m",), "x\\x1b[31m was never locked"),
        (("numpy", "--lock", "poetry.lock"), "poetry.lock:1:1: there is no such lock file"),
        (("numpy", "--since", "yesterday"), "is not a day like"),
        (("numpy", "--root", "nowhere"), "nowhere is not a folder"),
    ],
)
def test_wrong_usage_is_one_line(repository: Repository, arguments: tuple[str, ...], said: str) -> None:
    done = whypin(repository.folder, "history", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr


def test_no_repository_no_commit_and_no_git_are_one_line(tmp_path: Path) -> None:
    write(tmp_path, {"plain/uv.lock": uv_lock(numpy="1.26.4"), "empty/uv.lock": uv_lock(numpy="1.26.4")})
    plain = whypin(tmp_path / "plain", "history", "numpy")
    assert (plain.returncode, plain.stderr.count("\n")) == (2, 1)
    assert "is in no git repository" in plain.stderr
    empty = whypin(Repository(tmp_path / "empty").folder, "history", "numpy")
    assert (empty.returncode, empty.stderr) == (2, "whypin: error: there is no commit yet; commit the lock\n")
    without = whypin(tmp_path / "empty", "history", "numpy", PATH=str(tmp_path))
    assert (without.returncode, without.stderr.count("\n")) == (2, 1)
    assert "git is not there" in without.stderr


def test_a_shallow_clone_is_told_on_stderr(repository: Repository, tmp_path: Path) -> None:
    repository.git("clone", "-q", "--depth", "1", repository.folder.as_uri(), str(tmp_path / "clone"))
    done = whypin(tmp_path / "clone", "history", "numpy", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["shallow"]) == (0, True)
    assert done.stderr.startswith("whypin: warning: the clone is shallow")
    assert "git fetch --unshallow" in done.stderr


def test_locks_that_cannot_be_read_are_told_and_counted(repository: Repository) -> None:
    for number in range(7):
        repository.commit("Break", {"uv.lock": f"broken {number}\n"})
    repository.commit("Mend", {"uv.lock": uv_lock(numpy="2.3.0", pandas="2.0.2")})
    done = whypin(repository.folder, "history", "numpy")
    assert (done.returncode, done.stdout.count("numpy 2.2.6 -> 2.3.0")) == (0, 1)
    assert done.stderr.count("uv.lock:1") == 5
    assert done.stderr.endswith("and 2 more that cannot be read: --format json lists all\n")
    data = json.loads(whypin(repository.folder, "history", "numpy", "--format", "json").stdout)
    assert len(data["unread"]) == 7


def test_what_authors_write_is_shown_and_never_obeyed(repository: Repository) -> None:
    repository.author = "\x1b[31mEve ##[group]"
    subject = "::error::x \x1b]0;title\x07 \u202eevil ##[command]rm " + "long " * 100
    repository.commit(subject, {"uv.lock": uv_lock(numpy="2.3.0\\u001b[31m", pandas="2.0.2")})
    repository.commit("Mend", {"uv.lock": uv_lock(numpy="2.3.0", pandas="2.0.2")})
    for form in ("text", "json"):
        done = whypin(repository.folder, "history", "--all", "--format", form)
        assert done.returncode == 0
        assert not any(bad in done.stdout + done.stderr for bad in ("\x1b", "\x07", "\u202e", "##[", "\n::"))
    assert len(max(whypin(repository.folder, "history", "numpy").stdout.splitlines(), key=len)) < 250


@pytest.mark.skipif(os.name == "nt", reason="no pseudo terminals there")
def test_progress_is_for_terminals_only(repository: Repository) -> None:
    import pty
    import sys

    for number in range(60):
        repository.commit("Bump", {"uv.lock": uv_lock(numpy=f"2.{number}.0")})
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "whypin", "history", "numpy"]
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        done = subprocess.run(command, cwd=repository.folder, stdout=subprocess.PIPE, stderr=theirs, check=True)
        os.close(theirs)
        shown = terminal.read(1000)
    assert b"\rreading locks: 50 of 62" in shown and shown.endswith(b"\r\x1b[K")
    assert done.stdout == whypin(repository.folder, "history", "numpy").stdout.encode()
    assert whypin(repository.folder, "history", "numpy").stderr == ""
