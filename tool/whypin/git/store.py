"""What a repository consists of, for a second one that borrows its objects."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from whypin.errors import WhypinError
from whypin.git.process import as_path, run, told

if TYPE_CHECKING:
    pass


class Store(NamedTuple):
    """What a repository consists of, for a second one that borrows its objects; paths are absolute.

    `head` is the name of a ref, or a hash; refs are name and hash, symbolic ones name and name. `settings` are those
    that say how files lie on the disk. Files that are named may be missing.
    """

    objects: str
    indexes: tuple[str, ...]
    shallow: str
    ignoring: tuple[str, ...]
    attributes: str
    hashes: str
    head: str
    refs: list[tuple[str, str]]
    symbolic: list[tuple[str, str]]
    settings: dict[str, str]


#: What is where it is for one working tree only, or for somebody's work in progress.
_PASSING_REFS = ("refs/bisect/", "refs/worktree/", "refs/rewritten/", "refs/stash")
_REF = "--format=%(refname) %(objectname) %(symref)"
_ON_DISK = "^core[.](autocrlf|eol|filemode|symlinks|ignorecase|precomposeunicode)$"


def store(top: str) -> Store:
    """Return what the repository of a working tree consists of. Raises WhypinError where git cannot read it."""
    names = ("objects", "index", "shallow", "info/exclude", "info/attributes")
    asked = (part for name in names for part in ("--git-path", name))
    answer = told(top, "rev-parse", "--show-object-format", *asked, "--shared-index-path")
    hashes, *paths = as_path(answer).removesuffix("\n").split("\n")
    if len(paths) not in (len(names), len(names) + 1):
        raise WhypinError("there is a line break in its path", hint="rename the folder")
    objects, index, shallow, exclude, attributes, *shared = (os.path.join(top, path) for path in paths)
    refs, symbolic = _refs(top)
    return Store(
        objects,
        (index, *shared),
        shallow,
        (_ignoring(top), exclude),
        attributes,
        hashes,
        _head(top),
        refs,
        symbolic,
        _on_disk(top),
    )


def _head(top: str) -> str:
    name = told(top, "symbolic-ref", "--quiet", "HEAD", code=1) or told(top, "rev-parse", "--verify", "HEAD")
    return as_path(name).strip()


def _refs(top: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    refs, symbolic = [], []
    for line in as_path(told(top, "for-each-ref", _REF)).split("\n")[:-1]:
        name, value, to = line.split(" ")
        if to:
            symbolic.append((name, to))
        elif not name.startswith(_PASSING_REFS):
            refs.append((name, value))
    return refs, symbolic


def _on_disk(top: str) -> dict[str, str]:
    pairs = (
        entry.partition("\n")
        for entry in as_path(told(top, "config", "-z", "--get-regexp", _ON_DISK, code=1)).split("\0")
    )
    found = {name: value if equal else "true" for name, equal, value in pairs if name}
    return {name: value for name, value in found.items() if value.isalnum() and value.isascii()}


def _ignoring(top: str) -> str:
    """Return the file in which the user says what to ignore everywhere."""
    found = run(top, "config", "--type=path", "--get", "core.excludesFile")
    named = as_path(found.stdout).removesuffix("\n") if found is not None and found.returncode == 0 else ""
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    return os.path.join(top, named) if named else os.path.join(home, "git", "ignore")
