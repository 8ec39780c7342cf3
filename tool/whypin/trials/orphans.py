"""What a command leaves running in a session of its own, as daemons do: it becomes ours, and is ended. Linux only."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from time import monotonic

#: PR_SET_CHILD_SUBREAPER of <linux/prctl.h>: what loses its parent becomes our child, and not that of process 1.
_SUBREAPER = 36
#: So many seconds those are hunted that start others faster than they can be ended.
_PATIENCE = 5


def adopt() -> frozenset[int]:
    """Become the parent of all that commands leave behind; returns the children that are there already."""
    if sys.platform != "linux":
        return frozenset()
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    return frozenset(_children())


def end(known: frozenset[int]) -> None:
    """End all our children but the known ones, and then theirs, which have become ours."""
    deadline = monotonic() + _PATIENCE
    while sys.platform == "linux" and monotonic() < deadline and (found := _children() - known):
        for child in found:
            with suppress(ProcessLookupError, ChildProcessError, PermissionError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


def _children() -> set[int]:
    own = str(os.getpid())
    with suppress(OSError):
        return {int(name) for name in os.listdir("/proc") if name.isdigit() and _parent(name) == own}
    return set()


def _parent(name: str) -> str:
    try:
        with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
            # The name of the program stands before it in brackets, and may hold some itself.
            return file.read().rpartition(")")[2].split()[1]
    except (OSError, IndexError):
        return ""
