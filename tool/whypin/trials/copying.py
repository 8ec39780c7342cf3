"""The copy of a project's files, with the repository around them: what is copied, how much that is, and the copying."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from whypin.errors import WhypinError
from whypin.git.checkout import checkout

#: The most that is copied, in bytes.
MOST = 4 << 30

_LEFT_OUT = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", ".tox", ".nox", "node_modules", "__pycache__", "site-packages"}
)
#: What no file that git knows may be called. Without git, a file `.git` would lead to the user's repository.
_NEVER = frozenset({"..", ".git"})


class Tree(NamedTuple):
    """What is to be copied: files relative to the top, of which `root` is the project's folder, "" where they are one.

    `repositories` are the folders that git keeps, "" for the top, and `empty` those of submodules that are not checked
    out; `note` says why there is no repository although there should be one.
    """

    top: str
    root: str
    files: Sequence[str]
    repositories: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    note: str = ""


def tree_of(root: str) -> Tree:
    """Return what to copy for a root: the working tree that it lies in, or all below it but environments and the like.

    Without git it is not known what is ignored: that is copied then.
    """
    note = ""
    try:
        found = checkout(root)
        if found is not None:
            own = os.path.relpath(os.path.realpath(root), found.top)
            return Tree(found.top, "" if own == "." else own, found.files, ("", *found.submodules), tuple(found.empty))
    except WhypinError as error:
        note = without(error)
    return Tree(root, "", sorted(_walk(root)), note=note)


def without(error: WhypinError, folder: str = "") -> str:
    """Return the line that says why the copy has no repository."""
    return f"the copy{' of ' if folder else ''}{folder} has no git repository: {error.message}"


def _walk(root: str) -> Iterator[str]:
    for folder, names, files in os.walk(root):
        names[:] = [
            name
            for name in names
            if name not in _LEFT_OUT and not os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))
        ]
        links = [name for name in names if os.path.islink(os.path.join(folder, name))]
        yield from (os.path.relpath(os.path.join(folder, name), root) for name in (*files, *links))


def measured(tree: Tree) -> dict[str, os.stat_result]:
    """Return the files and links of a tree that are there; raises WhypinError where they are too large."""
    there = dict(_there(tree))
    size = sum(info.st_size for info in there.values())
    if size > MOST:
        what = "repository" if tree.repositories else "project"
        path, held = _largest((path, info.st_size) for path, info in there.items())
        shares = f"{path} has {held / (1 << 30):.1f} of {size / (1 << 30):.1f}"
        hint = "have git ignore what is no source" + ("" if tree.repositories else ", or give --root a smaller folder")
        raise WhypinError(f"the {what} is larger than {MOST / (1 << 30):.0f} GB: {shares}", hint=hint)
    return there


def _there(tree: Tree) -> Iterator[tuple[str, os.stat_result]]:
    """Yield what is there: some files may be tracked and deleted."""
    for path in tree.files:
        if os.path.isabs(path) or not _NEVER.isdisjoint(path.split("/")):
            continue
        try:
            info = os.lstat(os.path.join(tree.top, path))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise WhypinError(f"cannot be read: {path}: {error.strerror}", hint="mend that") from None
        if stat.S_ISLNK(info.st_mode) or stat.S_ISREG(info.st_mode):
            yield path, info


def _largest(files: Iterable[tuple[str, int]]) -> tuple[str, int]:
    """Return the deepest folder, or the file, that has most of it; else the largest at the top."""
    sizes: dict[str, int] = {}
    for path, size in files:
        while path:
            sizes[path] = sizes.get(path, 0) + size
            path = os.path.dirname(path)
    top = max((path for path in sizes if not os.path.dirname(path)), key=lambda path: sizes[path])
    most = [path for path, size in sizes.items() if size * 2 > sizes[top] and path.startswith(top)]
    deepest = max(most, key=lambda path: path.count(os.sep))
    return deepest, sizes[deepest]


def copy(tree: Tree, there: Mapping[str, os.stat_result], target: str) -> None:
    """Copy what was measured; a link that stays within the tree is a link there too, any other is left out.

    Raises WhypinError where one cannot be copied.
    """
    folders: dict[str, bool] = {}
    for path in (*tree.repositories, *tree.empty):
        _made(tree.top, target, path, folders)
    for path, info in there.items():
        source, copied = os.path.join(tree.top, path), os.path.join(target, path)
        try:
            if not _made(tree.top, target, os.path.dirname(path), folders):
                continue
            if not stat.S_ISLNK(info.st_mode):
                shutil.copy2(source, copied, follow_symlinks=False)
            elif _stays(tree.top, path):
                os.symlink(os.readlink(source), copied)
        except FileNotFoundError:
            continue  # gone by now
        except OSError as error:
            raise WhypinError(f"cannot be copied: {path}: {error.strerror}", hint="make room, or mend that") from None


def _made(top: str, target: str, folder: str, known: dict[str, bool]) -> bool:
    """Make a folder of the copy as there is one in the tree; returns False where a link is in its place, or above."""
    if folder == "":
        return True
    if folder not in known:
        above = _made(top, target, os.path.dirname(folder), known)
        known[folder] = above and not os.path.islink(os.path.join(top, folder))
        if known[folder]:
            os.makedirs(os.path.join(target, folder), exist_ok=True)
    return known[folder]


def _stays(top: str, path: str) -> bool:
    """Whether a link stays in the tree, by its words, and by where it leads in the end."""
    to = os.readlink(os.path.join(top, path))
    named = os.path.normpath(os.path.join(os.path.dirname(path), to))
    inside = os.path.realpath(top).rstrip(os.sep) + os.sep
    return (
        not os.path.isabs(to)
        and named.split(os.sep)[0] != ".."
        and os.path.realpath(os.path.join(top, path)).startswith(inside)
    )
