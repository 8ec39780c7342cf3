"""The scratch place: a copy of the project's files in a folder of its own, gone at the end whatever happens."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from whypin.errors import WhypinError
from whypin.trials import copying, repository
from whypin.trials.copying import Tree

#: The least that has to stay free beside the copy, in bytes.
LEAST_FREE = 1 << 30


class Scratch:
    """The folders of one trial: the copy, the environment, a home, and a place for temporary files.

    `project` is the project's root in the copy, which has the repository around it. `notes` are lines for the user.
    """

    def __init__(self, folder: str, root: str = "") -> None:
        self.folder = folder
        self.copy, self.environment, self.home, self.temporary, self.tools = (
            os.path.join(folder, name) for name in ("project", "environment", "home", "tmp", "tools")
        )
        self.project = os.path.join(self.copy, root) if root else self.copy
        self.log = os.path.join(folder, "log.txt")
        self.notes: list[str] = []


@contextmanager
def opened(root: str, keep: bool) -> Iterator[Scratch]:
    """Copy a project to a new folder, with the repository around it, and remove the folder at the end.

    Ctrl-C, SIGTERM and SIGHUP end the trial alike, and none of them disturbs the removal. Raises WhypinError where
    there is no room.
    """
    # The name is known before the folder is there: an interrupt between the two leaves nothing behind.
    folder = os.path.join(tempfile.gettempdir(), f"whypin-trial-{uuid4().hex}")
    restore = _interrupting()
    try:
        tree = copying.tree_of(root)
        scratch = Scratch(folder, tree.root)
        os.mkdir(folder, 0o700)
        for each in (scratch.home, scratch.temporary, scratch.tools):
            os.mkdir(each)
        os.makedirs(scratch.project)
        _fill(scratch, tree)
        yield scratch
    finally:
        try:
            with deferred():
                if not keep:
                    _remove(folder)
        finally:
            restore()


def _fill(scratch: Scratch, tree: Tree) -> None:
    there = copying.measured(tree)
    check_room(scratch.folder, sum(info.st_size for info in there.values()))
    copying.copy(tree, there, scratch.copy)
    check_room(scratch.folder)
    scratch.notes += [tree.note] if tree.note else []
    for place in tree.repositories:
        try:
            repository.borrow(os.path.join(tree.top, place), os.path.join(scratch.copy, place))
        except WhypinError as error:
            scratch.notes.append(copying.without(error, place))


def _interrupting() -> Callable[[], None]:
    """Let the signals that end a process interrupt it, once: those that follow would interrupt the tidying up.

    Returns what takes that back.
    """
    former: dict[int, Any] = {}
    came: list[int] = []

    def interrupt(number: int, _frame: object) -> None:
        came.append(number)
        if len(came) == 1:
            raise KeyboardInterrupt

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
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
    """Put what would interrupt off until the end of what is done within: it comes then.

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
        signal.raise_signal(came[0])


def check_room(folder: str, size: int = 0) -> None:
    """Raise WhypinError where the disk is nearly full, or will be with so many bytes more.

    A folder that a command has removed is not looked at any more.
    """
    try:
        free = shutil.disk_usage(folder).free
    except FileNotFoundError:
        return
    if free - size < LEAST_FREE:
        beside = f" beside the copy's {size / (1 << 30):.1f}" if size else ""
        message = f"less than {LEAST_FREE / (1 << 30):.0f} GB is free in {tempfile.gettempdir()}{beside}"
        raise WhypinError(message, hint="make room, or set TMPDIR to a folder that has some")


def _remove(folder: str) -> None:
    """Remove a folder, what nobody may write included."""

    def again(function: Callable[[str], Any], path: str, _error: Any) -> None:
        try:
            if path != folder:  # what the folder itself lies in is not ours
                os.chmod(os.path.dirname(path), 0o700)
            if not os.path.islink(path):
                os.chmod(path, 0o700)
            function(path) if function in (os.unlink, os.rmdir, os.remove) else shutil.rmtree(path, ignore_errors=True)
        except OSError:
            pass

    shutil.rmtree(folder, onerror=again)
