"""The scratch place: what is copied, and that nothing is left of it."""

from __future__ import annotations

import os
import select
import shutil
import signal
from pathlib import Path

import pytest

from tests.folders import write
from tests.history.repository import Repository
from whypin.errors import WhypinError
from whypin.trials import copying
from whypin.trials import scratch as scratching
from whypin.trials.scratch import deferred, opened, undisturbed


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(folder))
    return folder


def below(folder: str) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*") if not path.is_dir())


def test_without_git_all_is_copied_but_environments_and_the_like(tmp_path: Path) -> None:
    files = {"uv.lock": "", "src/a.py": "", ".venv/x": "", "mine/pyvenv.cfg": "", ".git/config": "", ".env": ""}
    with opened(str(write(tmp_path / "app", files)), False) as scratch:
        assert below(scratch.project) == [".env", "src/a.py", "uv.lock"]


def test_links_that_lead_out_are_left_out(tmp_path: Path) -> None:
    root = write(tmp_path / "app", {"a.txt": "a"})
    secret = write(tmp_path, {"secret": "x"}) / "secret"
    (root / "in").symlink_to("a.txt")
    (root / "out").symlink_to("../secret")
    (root / "around").symlink_to("../app/a.txt")
    (root / "absolute").symlink_to(secret)
    os.mkfifo(root / "pipe")
    with opened(str(root), False) as scratch:
        assert below(scratch.project) == ["a.txt", "in"]
        Path(scratch.project, "in").write_text("b")
    assert (root / "a.txt").read_text() == "a"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Two projects that share a library."""
    made = Repository(tmp_path / "repository")
    files = {"lib/lib.py": "", "one/uv.lock": "", "one/data/x": "x", "two/uv.lock": "", "README.md": ""}
    made.commit("One", {**files, ".gitignore": "*.log\n"})
    return made


def test_the_repository_around_a_project_is_copied_without_what_it_ignores(repository: Repository) -> None:
    write(repository.folder, {"one/x.log": "", "lib/new.py": "", "two/.venv/pyvenv.cfg": "", "two/.gitignore": ".venv"})
    (repository.folder / "one/up").symlink_to("../lib")
    (repository.folder / "one/README.md").symlink_to("../README.md")
    (repository.folder / "lib/out").symlink_to("../../elsewhere")
    write(repository.folder.parent, {"elsewhere": "x"})
    with opened(str(repository.folder / "one"), False) as scratch:
        assert os.path.relpath(scratch.project, scratch.copy) == "one"
        assert below(scratch.project) == ["README.md", "data/x", "uv.lock"]
        assert Path(scratch.project, "up/new.py").exists()
        around = [path for path in below(scratch.copy) if not path.startswith((".git/", "one/"))]
        assert around == [".gitignore", "README.md", "lib/lib.py", "lib/new.py", "two/.gitignore", "two/uv.lock"]


def test_an_environment_that_nobody_ignores_is_not_copied(repository: Repository) -> None:
    write(repository.folder, {"one/.venv/pyvenv.cfg": "", "one/.venv/bin/pytest": "#!/elsewhere", "one/.venvs": ""})
    with opened(str(repository.folder / "one"), False) as scratch:
        assert below(scratch.project) == [".venvs", "data/x", "uv.lock"]


def test_of_a_repository_about_something_else_only_what_it_tracks_is_copied(repository: Repository) -> None:
    write(repository.folder, {"photos/1.jpg": "", "projects/new/uv.lock": "", "projects/new/a.py": ""})
    with opened(str(repository.folder / "projects/new"), False) as scratch:
        assert below(scratch.project) == ["a.py", "uv.lock"]
        assert Path(scratch.copy, "lib/lib.py").exists()
        assert not Path(scratch.copy, "photos").exists()


def test_a_project_that_the_repository_around_it_ignores_is_copied_alone(repository: Repository) -> None:
    write(repository.folder, {".gitignore": "build\n", "build/app/uv.lock": ""})
    with opened(str(repository.folder / "build/app"), False) as scratch:
        assert (scratch.project, below(scratch.copy)) == (scratch.copy, ["uv.lock"])


def test_what_took_the_place_of_what_is_tracked(repository: Repository) -> None:
    secret = write(repository.folder.parent / "elsewhere", {"lib.py": "secret"})
    for name in ("lib/lib.py", "one/data/x", "two/uv.lock"):
        (repository.folder / name).unlink()
    for name in ("lib", "one/data"):
        (repository.folder / name).rmdir()
    (repository.folder / "lib").symlink_to(secret)
    write(repository.folder, {"one/data": "a file", "two/uv.lock/x": "a folder"})
    with opened(str(repository.folder), False) as scratch:
        copied = [path for path in below(scratch.project) if not path.startswith(".git/")]
        assert copied == [".gitignore", "README.md", "one/data", "one/uv.lock", "two/uv.lock/x"]


def test_names_of_any_bytes_are_copied(repository: Repository) -> None:
    names = [b"one/\xff", "one/ü".encode(), b"one/a\nb", b'one/"', b"one/ -x"]
    for name in names:
        Path(os.fsdecode(os.fsencode(repository.folder) + b"/" + name)).write_text("")
    with opened(str(repository.folder), False) as scratch:
        assert {os.fsencode(path) for path in below(scratch.project)} >= set(names)


# It is killed, and reaped when we end, which is soon.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_git_is_ended_with_us_and_nothing_is_left(
    repository: Repository, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    held = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    # It interrupts once its output is read, so when it is known of.
    script = f"#!/bin/sh\nexec 3> {tmp_path}/pipe\nhead -c 200000 /dev/zero\nkill -TERM $PPID\nexec sleep 300\n"
    (write(tmp_path / "bin", {"git": script}) / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    temporary.chmod(0o777)
    with pytest.raises(KeyboardInterrupt), opened(str(repository.folder), False):
        pass
    assert list(temporary.iterdir()) == []
    assert temporary.stat().st_mode & 0o777 == 0o777
    assert select.select([held], [], [], 30)[0] == [held] and os.read(held, 1) == b""
    os.close(held)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_leaves_nothing_behind(tmp_path: Path, temporary: Path, number: int) -> None:
    root = write(tmp_path / "app", {"a.txt": "a"})
    with pytest.raises(KeyboardInterrupt), opened(str(root), False) as scratch:
        write(Path(scratch.home), {"deep/file": "x"})
        os.chmod(Path(scratch.home, "deep"), 0o500)
        os.kill(os.getpid(), number)
    assert list(temporary.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_all_that_interrupts_at_once_interrupts_once(tmp_path: Path, temporary: Path) -> None:
    root = write(tmp_path / "app", {"a.txt": "a"})
    numbers = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    with pytest.raises(KeyboardInterrupt), opened(str(root), False):
        signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
        for number in numbers:
            os.kill(os.getpid(), number)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
    assert list(temporary.iterdir()) == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_is_kept_is_kept(tmp_path: Path, temporary: Path) -> None:
    with opened(str(write(tmp_path / "app", {"a.txt": "a"})), True) as scratch:
        pass
    assert [str(path) for path in temporary.iterdir()] == [scratch.folder]


def test_a_project_that_is_too_large_is_refused_and_what_is_large_is_named(
    repository: Repository, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "MOST", 1 << 20)
    for root, said in (
        (tmp_path / "app", "the project is larger than 0 GB: data/raw has 2.0 of 2.0"),
        (repository.folder, "the repository is larger than 0 GB: data/raw has 2.0 of 2.0"),
    ):
        write(root, {"a": "a", "data/raw/x": "", "data/raw/y": "", "data/z": "z"})
        for name in "xy":
            os.truncate(root / "data/raw" / name, 1 << 30)  # without a byte on the disk
        with pytest.raises(WhypinError, match=said), opened(str(root), False):
            pass
    one = repository.folder / "one"
    with pytest.raises(WhypinError, match=": data/raw has "), opened(str(one), False):
        pass
    assert list(temporary.iterdir()) == []


def test_there_has_to_be_room_for_all_of_it(
    repository: Repository, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(temporary)._replace(free=scratching.LEAST_FREE + 9)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: usage)
    write(repository.folder, {"lib/large": "x" * 100})
    with pytest.raises(WhypinError, match="less than 1 GB is free"), opened(str(repository.folder / "one"), False):
        pass
    assert list(temporary.iterdir()) == []


def test_what_must_be_finished_is_not_interrupted() -> None:
    with undisturbed():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_that_is_put_off_comes_all_the_same() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), deferred():
        os.kill(os.getpid(), signal.SIGINT)
        done.append("to its end")
    assert done == ["to its end"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
