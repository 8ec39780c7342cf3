"""The scratch place: what is copied, and that nothing is left of it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.folders import write
from whypin.errors import WhypinError
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
    with opened(str(write(tmp_path / "app", files)), None, False) as scratch:
        assert below(scratch.project) == [".env", "src/a.py", "uv.lock"]


def test_links_that_lead_out_are_left_out(tmp_path: Path) -> None:
    root = write(tmp_path / "app", {"a.txt": "a"})
    secret = write(tmp_path, {"secret": "x"}) / "secret"
    (root / "in").symlink_to("a.txt")
    (root / "out").symlink_to("../secret")
    (root / "absolute").symlink_to(secret)
    os.mkfifo(root / "pipe")
    with opened(str(root), ["a.txt", "in", "out", "absolute", "pipe", "gone"], False) as scratch:
        assert below(scratch.project) == ["a.txt", "in"]
        Path(scratch.project, "in").write_text("b")
    assert (root / "a.txt").read_text() == "a"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_leaves_nothing_behind(tmp_path: Path, temporary: Path, number: int) -> None:
    root = write(tmp_path / "app", {"a.txt": "a"})
    with pytest.raises(KeyboardInterrupt), opened(str(root), None, False) as scratch:
        write(Path(scratch.home), {"deep/file": "x"})
        os.chmod(Path(scratch.home, "deep"), 0o500)
        os.kill(os.getpid(), number)
    assert list(temporary.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_what_is_kept_is_kept(tmp_path: Path, temporary: Path) -> None:
    with opened(str(write(tmp_path / "app", {"a.txt": "a"})), None, True) as scratch:
        pass
    assert [str(path) for path in temporary.iterdir()] == [scratch.folder]


def test_a_project_that_is_too_large_is_refused(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratching, "MOST", 10)
    root = write(tmp_path / "app", {"a.bin": "a" * 11})
    with pytest.raises(WhypinError, match="the project is larger than"), opened(str(root), None, False):
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
