"""The repository of the scratch copy: what git says there is what it says of the user's, which is left as it was."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.folders import write
from tests.history.repository import PLAIN, Repository
from whypin.trials.scratch import opened

Arranged = Callable[[Repository, Path], Path]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Two commits with a tag at the first, and a file of every state that `git status` knows."""
    made = Repository(tmp_path / "app")
    made.commit("One", {"a.txt": "a\n", "b.txt": "b\n", "c/d.txt": "d\n", "e.txt": "e\n" * 9, ".gitignore": "*.log\n"})
    made.git("tag", "-a", "-m", "One", "v1.0")
    made.commit("Two", {"c/f.txt": "f\n"})
    write(made.folder, {"a.txt": "A\n", "b.txt": "B\n", "new.txt": "n\n", "c/new.txt": "n\n", "x.log": "x\n"})
    made.git("add", "b.txt", "new.txt")
    made.git("mv", "e.txt", "g.txt")
    (made.folder / "c/d.txt").unlink()
    return made


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(folder))
    return folder


def git(folder: Path | str, *arguments: str) -> str:
    """Return what git says, by a user without configuration; it writes no index."""
    environment = {**os.environ, **PLAIN, "GIT_OPTIONAL_LOCKS": "0"}
    done = subprocess.run(
        ["git", "-C", str(folder), "-c", "diff.autoRefreshIndex=false", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    return f"{done.stdout}{done.stderr if done.returncode else ''}"


def said(folder: Path | str) -> dict[str, str]:
    """Return what git says about a working tree."""
    asked = (
        ("status", "--porcelain", "--untracked-files=all"),
        ("describe", "--tags", "--long", "--dirty"),
        ("log", "--format=%H %D"),
        ("for-each-ref",),
        ("symbolic-ref", "HEAD"),
        ("ls-files", "--stage", "-v"),
        ("rev-parse", "--is-shallow-repository", "--show-object-format"),
        ("diff", "HEAD"),
        ("show", "--stat", "HEAD"),
    )
    return {" ".join(words): git(folder, *words) for words in asked}


def listing(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return all that is below a folder, with its time, its mode and its content."""
    return {
        str(path.relative_to(folder)): (
            # Whatever reads a shared index gives it a new time.
            path.lstat().st_mtime_ns if not path.name.startswith("sharedindex.") else 0,
            path.lstat().st_mode,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in (folder, *folder.rglob("*"))
    }


def as_it_is(repository: Repository, _folder: Path) -> Path:
    return repository.folder


def detached(repository: Repository, _folder: Path) -> Path:
    repository.git("reset", "-q", "--hard")
    repository.git("clean", "-qfd")
    repository.git("checkout", "-q", "v1.0")
    return repository.folder


def unborn(_repository: Repository, folder: Path) -> Path:
    made = Repository(folder / "unborn")
    write(made.folder, {"a.txt": "a\n", "b.txt": "b\n"})
    made.git("add", "a.txt")
    return made.folder


def linked(repository: Repository, folder: Path) -> Path:
    repository.git("worktree", "add", "-q", "-b", "other", str(folder / "linked"), "v1.0")
    write(folder / "linked", {"a.txt": "linked\n"})
    return folder / "linked"


def cloned(*options: str) -> Arranged:
    def arranged(repository: Repository, folder: Path) -> Path:
        repository.git("config", "uploadpack.allowFilter", "true")
        repository.git("clone", "-q", *options, repository.folder.as_uri(), str(folder / "clone"))
        write(folder / "clone", {"a.txt": "clone\n"})
        return folder / "clone"

    return arranged


def borrowing(repository: Repository, folder: Path) -> Path:
    repository.git("clone", "-q", "--shared", str(repository.folder), str(folder / "clone"))
    return folder / "clone"


def of_a_bare_one(repository: Repository, folder: Path) -> Path:
    repository.git("clone", "-q", "--bare", str(repository.folder), str(folder / "bare"))
    git(folder / "bare", "worktree", "add", "-q", str(folder / "linked"), "main")
    write(folder / "linked", {"a.txt": "linked\n"})
    return folder / "linked"


def split(repository: Repository, _folder: Path) -> Path:
    repository.git("update-index", "--split-index")
    write(repository.folder, {"later.txt": "l\n"})
    repository.git("add", "later.txt")
    return repository.folder


def sparse(*options: str) -> Arranged:
    def arranged(repository: Repository, folder: Path) -> Path:
        repository.git("clone", "-q", str(repository.folder), str(folder / "clone"))
        git(folder / "clone", "sparse-checkout", "set", "--cone", *options)
        return folder / "clone"

    return arranged


def conflicting(repository: Repository, _folder: Path) -> Path:
    repository.git("reset", "-q", "--hard")
    repository.git("clean", "-qfd")
    repository.git("checkout", "-q", "-b", "other", "v1.0")
    repository.commit("Three", {"a.txt": "other\n"})
    repository.git("checkout", "-q", "main")
    repository.commit("Four", {"a.txt": "main\n"})
    repository.git("merge", "other", check=False)
    return repository.folder


def sha256(_repository: Repository, folder: Path) -> Path:
    made = Repository(folder / "long")
    (made.folder / ".git").rename(folder / "gone")
    made.git("init", "-q", "--object-format=sha256", "-b", "main")
    made.commit("One", {"a.txt": "a\n"})
    return made.folder


ARRANGED: dict[str, Arranged] = {
    "changed": as_it_is,
    "detached": detached,
    "unborn": unborn,
    "linked worktree": linked,
    "linked worktree of a bare one": of_a_bare_one,
    "shallow": cloned("--depth", "1"),
    "partial": cloned("--filter=blob:none"),
    "borrowing itself": borrowing,
    "split index": split,
    "sparse": sparse("--no-sparse-index"),
    "in conflict": conflicting,
    "sha256": sha256,
}


@pytest.mark.parametrize("arranged", ARRANGED.values(), ids=ARRANGED.keys())
def test_git_says_the_same_in_the_copy_and_the_users_is_as_it_was(
    repository: Repository, tmp_path: Path, temporary: Path, arranged: Arranged
) -> None:
    folder = arranged(repository, tmp_path)
    here = said(folder)
    before = listing(tmp_path)
    with opened(str(folder), False) as scratch:
        assert scratch.notes == []
        assert said(scratch.project) == here
        assert git(scratch.project, "remote") == ""
        assert "error" not in git(scratch.project, "fsck", "--connectivity-only")
    assert listing(tmp_path) | {"tmp": before["tmp"]} == before


def test_an_index_that_leaves_whole_folders_out(repository: Repository, tmp_path: Path) -> None:
    folder = sparse("--sparse-index")(repository, tmp_path)
    here = said(folder)
    with opened(str(folder), False) as scratch:
        assert (scratch.notes, said(scratch.project)) == ([], here)
        assert not Path(scratch.project, "c").exists()


def test_what_a_step_commits_stays_in_the_copy(repository: Repository) -> None:
    before = {name: text for name, (_, _, text) in listing(repository.folder).items()}
    with opened(str(repository.folder), False) as scratch:
        git(scratch.project, "add", "-A")
        person = ("-c", "user.name=x", "-c", "user.email=x@index.example")
        git(scratch.project, *person, "commit", "-q", "-m", "In the copy")
        git(scratch.project, "tag", "-f", "v1.0")
        git(scratch.project, "gc", "-q", "--prune=now")
        assert git(scratch.project, "describe", "--tags") == "v1.0\n"
    assert {name: text for name, (_, _, text) in listing(repository.folder).items()} == before


def test_submodules_are_copied_with_repositories_of_their_own(repository: Repository, tmp_path: Path) -> None:
    library = Repository(tmp_path / "library")
    library.commit("One", {"lib.py": "1\n"})
    library.git("tag", "lib-1")
    local = ("-c", "protocol.file.allow=always")
    repository.git(*local, "submodule", "add", "-q", str(library.folder), "libs/one")
    repository.git(*local, "submodule", "add", "-q", str(library.folder), "libs/two")
    repository.commit("Libraries")
    repository.git("submodule", "deinit", "-q", "libs/two")
    write(repository.folder, {"libs/one/lib.py": "2\n", "libs/one/new.py": "\n"})
    here = said(repository.folder), said(repository.folder / "libs/one")
    before = listing(tmp_path)
    with opened(str(repository.folder), False) as scratch:
        copy = Path(scratch.project)
        assert (copy / "libs/one/lib.py").read_text() == "2\n"
        assert here[0]["status --porcelain --untracked-files=all"] == " M libs/one\n"
        assert sorted(os.listdir(copy / "libs/two")) == []
        assert (said(copy), said(copy / "libs/one")) == here
        assert git(copy / "libs/one", "describe", "--tags") == "lib-1\n"
    after = listing(tmp_path)
    assert after | {"tmp": before["tmp"]} == before


def test_nothing_that_the_configuration_names_is_run_or_carried_over(repository: Repository, tmp_path: Path) -> None:
    mark, program = tmp_path / "ran", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat\n")
    program.chmod(0o755)
    hooks = repository.folder / ".git/hooks"
    for name in ("post-checkout", "post-index-change", "reference-transaction", "pre-commit"):
        write(hooks, {name: program.read_text()})
        (hooks / name).chmod(0o755)
    repository.git("add", "a.txt")
    write(repository.folder, {".gitattributes": "*.txt filter=odd diff=odd\n", "a.txt": "again\n"})
    for name in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "filter.odd.clean",
        "gpg.program",
        "filter.odd.smudge",
        "filter.odd.process",
        "diff.odd.textconv",
        "credential.helper",
        "uploadpack.packObjectsHook",
        "remote.origin.uploadpack",
        "alias.ls-files",
    ):
        repository.git("config", name, str(program))
    repository.git("config", "remote.origin.url", "ext::sh -c true")
    repository.git("config", "core.hooksPath", str(hooks))
    mark.unlink(missing_ok=True)
    with opened(str(repository.folder), False) as scratch:
        assert scratch.notes == []
        assert not mark.exists()
        git(scratch.project, "status")
        git(scratch.project, "-c", "user.name=x", "-c", "user.email=x@index.example", "commit", "-qam", "x")
        config = git(scratch.project, "config", "--local", "--list", "--name-only").split()
        assert {name.partition(".")[0] for name in config} == {"core"} and "core.hookspath" not in config
    assert not mark.exists()


def test_files_that_a_filter_has_changed_on_their_way_are_not_taken_for_changed(repository: Repository) -> None:
    """As those of Git LFS: what is tracked is another text, and the filter is not there in the copy."""
    write(repository.folder, {".gitattributes": "large filter=odd\n", "large": "large\n"})
    os.utime(repository.folder / "large", (1, 1))
    repository.git("config", "filter.odd.clean", "tr a-z A-Z")
    repository.commit("Large")
    with opened(str(repository.folder), False) as scratch:
        assert Path(scratch.project, "large").read_text() == "large\n"
        assert git(scratch.project, "show", "HEAD:large") == "LARGE\n"
        assert git(scratch.project, "status", "--porcelain") == ""


def test_a_file_that_was_changed_at_once_after_it_was_added_is_seen(repository: Repository) -> None:
    for text in ("1\n", "2\n"):
        write(repository.folder, {"at-once.txt": text})
        os.utime(repository.folder / "at-once.txt", (1000, 1000))
        if text == "1\n":
            repository.git("add", "at-once.txt")
    os.utime(repository.folder / ".git/index", (1000, 1000))
    with opened(str(repository.folder), False) as scratch:
        assert "AM at-once.txt\n" in git(scratch.project, "status", "--porcelain")


def test_what_the_user_ignores_everywhere_is_ignored_in_the_copy(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = write(tmp_path / "home", {"git/ignore": "*.swp"})
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    write(repository.folder, {".git/info/exclude": "mine/\n"})
    with opened(str(repository.folder), False) as scratch:
        write(Path(scratch.project), {"x.swp": "", "mine/x": "", "x.log": "", "theirs": ""})
        assert "?? theirs\n" in git(scratch.project, "status", "--porcelain")
        for name in (".swp", "mine", ".log"):
            assert name not in git(scratch.project, "status", "--porcelain")


def test_two_copies_know_nothing_of_each_other(repository: Repository) -> None:
    with opened(str(repository.folder), False) as one, opened(str(repository.folder), False) as other:
        git(one.project, "tag", "mine")
        assert git(other.project, "tag") == "v1.0\n" == git(repository.folder, "tag")


def corrupt(folder: Path) -> str:
    for path in (folder / ".git/refs").rglob("*"):
        if path.is_file():
            path.unlink()
    (folder / ".git/HEAD").write_text("nonsense\n")
    return "git cannot read it: fatal: "


def broken_index(folder: Path) -> str:
    (folder / ".git/index").write_bytes(b"nonsense")
    return "git cannot read it: "


def elsewhere(folder: Path) -> str:
    write(folder.parent / "elsewhere", {"secret": "x"})
    git(folder, "config", "core.worktree", str(folder.parent))
    return f"its files are said to be in {folder.parent}"


@pytest.mark.parametrize("harm", [corrupt, broken_index, elsewhere])
def test_a_repository_that_cannot_be_read_is_told_and_the_copy_has_none(
    repository: Repository, harm: Callable[[Path], str]
) -> None:
    why = harm(repository.folder)
    with opened(str(repository.folder), False) as scratch:
        assert len(scratch.notes) == 1
        assert scratch.notes[0].startswith(f"the copy has no git repository: {why}")
        assert "\n" not in scratch.notes[0]
        assert sorted(os.listdir(scratch.project)) == sorted({*os.listdir(repository.folder)} - {".git"})


def test_somebody_elses_repository_and_no_git_at_all_are_told_likewise(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as changed:
        changed.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        with opened(str(repository.folder), False) as scratch:
            assert "fatal: detected dubious ownership" in scratch.notes[0]
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with opened(str(tmp_path / "linked"), False) as scratch:
        assert scratch.notes == ["the copy has no git repository: git is not there"]
        # A file `.git` would lead to the user's own.
        assert not Path(scratch.project, ".git").exists()
