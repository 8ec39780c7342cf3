"""A whole working tree, with its submodules."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from whypin.errors import WhypinError
from whypin.git.process import as_path, run, told

if TYPE_CHECKING:
    pass


class Checkout(NamedTuple):
    """A working tree as git knows it: its top folder, and below it files, submodules, and folders for other submodules.

    Files are what git tracks, where it is there or not, and what it does not ignore, but for virtual environments;
    those of submodules are among them. A submodule comes after the one it lies in; those that are not checked out are
    `empty`.
    """

    top: str
    files: list[str]
    submodules: list[str]
    empty: list[str]


def checkout(root: str) -> Checkout | None:
    """Return the whole working tree that the root lies in, or None where it lies in none, or is ignored by it.

    Where nothing below the root is tracked, the repository is about something else, and only what it tracks is told
    of the rest. Raises WhypinError where there is a repository that git will not read.
    """
    top = os.path.realpath(root)
    while not os.path.lexists(os.path.join(top, ".git")):
        top, below = os.path.dirname(top), top
        if top == below:
            return None
    own = os.path.relpath(os.path.realpath(root), top).replace(os.sep, "/")
    found = _checked_out(top, "" if own == "." else own)
    if own != "." and not any(path.startswith(f"{own}/") for path in found.files):
        ignored = run(root, "check-ignore", "-q", ".")
        if ignored is not None and ignored.returncode == 0:
            return None
    return found


def _checked_out(top: str, own: str = "") -> Checkout:
    """Return a working tree, of whose untracked files only those below `own` are wanted where none is tracked there."""
    # Its configuration may name another folder as its tree: that would be copied instead.
    named = as_path(told(top, "rev-parse", "--show-toplevel")).removesuffix("\n")
    if not os.path.isdir(named) or not os.path.samefile(top, named):
        raise WhypinError(f"its files are said to be in {named}", hint="unset core.worktree")
    tracked: list[str] = []
    links: list[str] = []
    for entry in told(top, "ls-files", "-z", "--stage").split(b"\0"):
        head, _, path = entry.partition(b"\t")
        (links if head.startswith(b"160000 ") else tracked).append(as_path(path))
    where = () if any(path.startswith(f"{own}/") for path in tracked) or not own else ("--", f":(literal){own}")
    others = map(as_path, told(top, "ls-files", "-z", "--others", "--exclude-standard", *where).split(b"\0"))
    # What ends with a slash is a repository of its own, and nobody's submodule.
    files = {path for path in (*tracked, *_without_environments(list(others))) if path and not path.endswith("/")}
    submodules: list[str] = []
    empty: list[str] = []
    for link in dict.fromkeys(links):
        folder = os.path.join(top, link)
        if not os.path.isdir(folder) or os.path.islink(folder):
            continue
        if not os.path.lexists(os.path.join(folder, ".git")):
            empty.append(link)
            continue
        inner = _checked_out(folder)
        files.update(f"{link}/{path}" for path in inner.files)
        submodules += [link, *(f"{link}/{path}" for path in inner.submodules)]
        empty += [f"{link}/{path}" for path in inner.empty]
    return Checkout(top, sorted(files), submodules, empty)


def _without_environments(paths: list[str]) -> list[str]:
    """Return paths but those in virtual environments: their scripts run what lies in the original."""
    environments = {f"{os.path.dirname(path)}/" for path in paths if path.endswith("/pyvenv.cfg")}
    if not environments:
        return paths
    return [path for path in paths if environments.isdisjoint(_folders(path))]


def _folders(path: str) -> Iterator[str]:
    """Yield the folders that a path lies in, each with a slash at its end."""
    end = path.find("/") + 1
    while end:
        yield path[:end]
        end = path.find("/", end) + 1
