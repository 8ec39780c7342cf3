"""Calls of git: the history, the contents of files, and that reading runs nothing that a repository names."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.history.repository import Repository
from whypin.errors import WhypinError
from whypin.git.base import base_of, changes
from whypin.git.commits import blobs, is_shallow, log
from whypin.git.files import files_not_ignored, user_name
from whypin.history.log import parse


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "project")
    made.commit("One", {"uv.lock": "one\n", "docs/uv.lock": "docs\n"})
    made.commit("Two", {"uv.lock": "two\n"})
    return made


def blob(repository: Repository, path: str) -> str:
    return repository.git("rev-parse", f"HEAD:{path}").strip()


def test_the_log_tells_the_commits_that_touch_the_paths(repository: Repository) -> None:
    logged = parse(log(str(repository.folder), [":(literal)uv.lock"]))
    assert [(commit.subject, [path for path, _ in files]) for commit, files in logged] == [
        ("Two", ["uv.lock"]),
        ("One", ["uv.lock"]),
    ]
    assert log(str(repository.folder), []) == b""


def test_paths_are_relative_to_the_root_and_never_magic(repository: Repository) -> None:
    repository.commit("Odd", {"docs/[a]*.lock": "odd\n", "docs/a.lock": "x\n", "docs/:(top).lock": "top\n"})
    root = str(repository.folder / "docs")
    for name in ("[a]*.lock", ":(top).lock"):
        ((_, files),) = parse(log(root, [f":(literal){name}"]))
        assert [path for path, _ in files] == [name]


def test_blobs_come_in_order_and_what_is_not_there_is_told(repository: Repository) -> None:
    one, two, missing = blob(repository, "docs/uv.lock"), blob(repository, "uv.lock"), "0" * 40
    found = list(blobs(str(repository.folder), [two, missing, one], 100))
    assert found == [(two, 4, b"two\n"), (missing, -1, None), (one, 5, b"docs\n")]


def test_large_blobs_are_passed_over(repository: Repository) -> None:
    repository.commit("Large", {"large": b"x" * 3_000_000})
    large, small = blob(repository, "large"), blob(repository, "uv.lock")
    assert list(blobs(str(repository.folder), [large, small], 100)) == [
        (large, 3_000_000, None),
        (small, 4, b"two\n"),
    ]


def test_more_names_than_a_pipe_holds(repository: Repository) -> None:
    name = blob(repository, "uv.lock")
    assert sum(found.size for found in blobs(str(repository.folder), [name] * 5000, 100)) == 20_000


def test_who_stops_early_leaves_no_process_behind(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Kept(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self)

    name = blob(repository, "uv.lock")
    monkeypatch.setattr(subprocess, "Popen", Kept)
    found = blobs(str(repository.folder), [name] * 5000, 100)
    assert next(found).data == b"two\n"
    found.close()  # type: ignore[attr-defined]
    assert [process.returncode is not None for process in started] == [True]


def test_reading_runs_nothing_that_the_repository_names(repository: Repository, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat\n")
    program.chmod(0o755)
    for name, value in {
        "log.showSignature": "true",
        "gpg.program": str(program),
        "core.pager": str(program),
        "pager.log": "true",
        "core.fsmonitor": str(program),
        "diff.external": str(program),
        "diff.lock.textconv": str(program),
        "core.sshCommand": str(program),
        "log.follow": "true",
        "diff.renames": "copies",
        "log.showRoot": "false",
        "i18n.logOutputEncoding": "UTF-16",
        "color.ui": "always",
        "format.pretty": "oneline",
    }.items():
        repository.git("config", name, value)
    repository.commit("Three", {".gitattributes": "*.lock diff=lock\n", "uv.lock": "three\n"})
    mark.unlink(missing_ok=True)
    logged = parse(log(str(repository.folder), [":(literal)uv.lock"]))
    names = [blob for _, files in logged for _, blob in files if blob]
    assert [found.data for found in blobs(str(repository.folder), names, 100)] == [b"three\n", b"two\n", b"one\n"]
    assert [commit.subject for commit, _ in logged] == ["Three", "Two", "One"]
    assert not mark.exists()


def test_comparing_runs_neither_filters_nor_hooks_and_writes_nothing(repository: Repository, tmp_path: Path) -> None:
    mark, program, index = tmp_path / "ran", tmp_path / "hooks/post-index-change", repository.folder / ".git/index"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat\n")
    program.chmod(0o755)
    repository.commit("Three", {".gitattributes": "uv.lock filter=odd\n"})
    head = repository.git("rev-parse", "HEAD").strip()
    for name, value in {
        "core.hooksPath": str(program.parent),
        "filter.odd.clean": str(program),
        "filter.odd.process": str(program),
        "filter.odd.required": "true",
        "core.trustctime": "false",
    }.items():
        repository.git("config", name, value)
    written = index.read_bytes()
    # As old as the index, a file may have changed since: git would look into it.
    for path in ("uv.lock", "docs/uv.lock"):
        os.utime(repository.folder / path, ns=(index.stat().st_mtime_ns, index.stat().st_mtime_ns))
    assert set(changes(str(repository.folder), head)) <= {"uv.lock", "docs/uv.lock"}
    assert (mark.exists(), index.read_bytes() == written) == (False, True)


def test_what_the_caller_says_of_pathspecs_and_objects_is_left_out(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_LITERAL_PATHSPECS", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"):
        monkeypatch.setenv(name, "1")
    assert files_not_ignored(str(repository.folder), ["uv.lock"]) == ["docs/uv.lock", "uv.lock"]


def test_a_repository_of_somebody_else_is_no_unknown_revision(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    for revision in ("HEAD", None):
        with pytest.raises(WhypinError, match="git cannot tell the base: fatal: detected dubious ownership"):
            base_of(str(repository.folder), revision)


def test_a_partial_clone_fetches_nothing_and_says_what_it_lacks(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    clone, address = tmp_path / "clone", repository.folder.as_uri()
    repository.git("clone", "-q", "--no-checkout", "--filter=blob:none", address, str(clone))
    (name,) = {blob for _, files in parse(log(str(clone), [":(literal)docs/uv.lock"])) for _, blob in files if blob}
    with pytest.raises(WhypinError, match="this clone is partial"):
        list(blobs(str(clone), [name], 100))


def test_no_repository_no_commit_no_git(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plain").mkdir()
    with pytest.raises(WhypinError, match="plain is in no git repository"):
        log(str(tmp_path / "plain"), ["x"])
    with pytest.raises(WhypinError, match="there is no commit yet"):
        log(str(Repository(tmp_path / "empty").folder), ["x"])
    (repository.folder / ".git/HEAD").write_text("nonsense")
    with pytest.raises(WhypinError, match="git cannot read the history: fatal"):
        log(str(repository.folder), ["x"])
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WhypinError, match="git is not there"):
        log(str(repository.folder), ["x"])


@pytest.mark.parametrize("shallow", [True, False])
def test_a_clone_that_was_cut(repository: Repository, tmp_path: Path, shallow: bool) -> None:
    depth = ["--depth", "1"] if shallow else []
    repository.git("clone", "-q", *depth, repository.folder.as_uri(), str(tmp_path / "clone"))
    assert is_shallow(str(tmp_path / "clone")) == shallow


def test_who_uses_git_is_told_by_its_configuration(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", os.devnull)
    root = str(repository.folder)
    repository.git("config", "user.name", "Ada Lovelace")
    assert user_name(root) == "Ada Lovelace"
    repository.git("config", "--unset", "user.name")
    assert user_name(root) == ""
    monkeypatch.setenv("PATH", "")
    assert user_name(root) == ""


def test_a_log_may_end_early_and_must_not_take_forever(repository: Repository) -> None:
    root = str(repository.folder)
    ((newest, _),) = parse(log(root, [":(literal)uv.lock"], newest=1))
    assert newest.subject == "Two"
    with pytest.raises(WhypinError, match="git took longer than 1e-06 seconds"):
        log(root, [":(literal)uv.lock"], patience=1e-6)
