"""The scratch place: a copy of the project's files in a folder of its own, gone at the end whatever happens."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from whypin.errors import WhypinError

#: The most that is copied, and the least that has to stay free beside it, in bytes.
MOST = 4 << 30
LEAST_FREE = 1 << 30

_LEFT_OUT = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", ".tox", ".nox", "node_modules", "__pycache__", "site-packages"}
)


class Scratch:
    """The folders of one trial: the copy (`project`), the environment, a home, and a place for temporary files."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.project, self.environment, self.home, self.temporary, self.tools = (
            os.path.join(folder, name) for name in ("project", "environment", "home", "tmp", "tools")
        )
        self.log = os.path.join(folder, "log.txt")


@contextmanager
def opened(root: str, paths: Sequence[str] | None, keep: bool) -> Iterator[Scratch]:
    """Copy files of a root (None: all but environments and the like) to a new folder, and remove it at the end.

    Ctrl-C, SIGTERM and SIGHUP end the trial alike, and none of them disturbs the removal. Raises WhypinError where
    there is no room.
    """
    # The name is known before the folder is there: an interrupt between the two leaves nothing behind.
    folder = os.path.join(tempfile.gettempdir(), f"whypin-trial-{uuid4().hex}")
    restore = _interrupting()
    try:
        scratch = Scratch(folder)
        os.mkdir(folder, 0o700)
        for each in (scratch.project, scratch.home, scratch.temporary, scratch.tools):
            os.mkdir(each)
        _copy(root, sorted(_walk(root)) if paths is None else paths, scratch.project)
        yield scratch
    finally:
        with undisturbed():
            if not keep:
                _remove(folder)
        restore()


def _interrupting() -> Callable[[], None]:
    """Let the signals that end a process interrupt it like Ctrl-C; returns what takes that back."""
    former: dict[int, Any] = {}

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            former[number] = signal.signal(number, interrupt)

    def restore() -> None:
        for number, handler in former.items():
            signal.signal(number, handler)

    return restore


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put off whatever would interrupt: what is done within is done to its end."""
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    former = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


@contextmanager
def deferred() -> Iterator[None]:
    """Put an interrupt off until the end of what is done within, and raise it then.

    Unlike `undisturbed` it may start a process: one that is started does not inherit handlers, but what is ignored.
    """
    came: list[int] = []
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    former = {number: signal.signal(number, lambda number, _frame: came.append(number)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
    if came:
        raise KeyboardInterrupt


def _walk(root: str) -> Iterator[str]:
    for folder, names, files in os.walk(root):
        names[:] = [
            name
            for name in names
            if name not in _LEFT_OUT and not os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))
        ]
        links = [name for name in names if os.path.islink(os.path.join(folder, name))]
        yield from (os.path.relpath(os.path.join(folder, name), root) for name in (*files, *links))


def _copy(root: str, paths: Sequence[str], target: str) -> None:
    """Copy files; a link that stays below the root is a link there too, any other is left out, as are pipes."""
    real_root, size = os.path.realpath(root), 0
    for path in paths:
        source, copy = os.path.join(root, path), os.path.join(target, path)
        try:
            info = os.lstat(source)
            if stat.S_ISLNK(info.st_mode):
                real = os.path.realpath(source)
                if not os.readlink(source).startswith(os.sep) and real.startswith(real_root.rstrip(os.sep) + os.sep):
                    os.makedirs(os.path.dirname(copy), exist_ok=True)
                    os.symlink(os.readlink(source), copy)
            elif stat.S_ISREG(info.st_mode):
                size += info.st_size
                if size > MOST:
                    hint = "have git ignore what is no source, or give --root a smaller folder"
                    raise WhypinError(f"the project is larger than {MOST >> 30} GB", hint=hint)
                os.makedirs(os.path.dirname(copy), exist_ok=True)
                shutil.copy2(source, copy)
        except FileNotFoundError:
            continue  # tracked and deleted, or gone by now
        except OSError as error:
            raise WhypinError(f"cannot be copied: {path}: {error.strerror}", hint="make room, or mend that") from None
    check_room(target)


def check_room(folder: str) -> None:
    """Raise WhypinError where the disk is nearly full."""
    if shutil.disk_usage(folder).free < LEAST_FREE:
        message = f"less than {LEAST_FREE / (1 << 30):.0f} GB is free in {tempfile.gettempdir()}"
        raise WhypinError(message, hint="make room, or set TMPDIR to a folder that has some")


def _remove(folder: str) -> None:
    """Remove a folder, what nobody may write included."""

    def again(function: Callable[[str], Any], path: str, _error: Any) -> None:
        try:
            os.chmod(os.path.dirname(path), 0o700)
            if not os.path.islink(path):
                os.chmod(path, 0o700)
            function(path) if function in (os.unlink, os.rmdir, os.remove) else shutil.rmtree(path, ignore_errors=True)
        except OSError:
            pass

    shutil.rmtree(folder, onerror=again)
