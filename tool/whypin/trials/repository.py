"""A repository for the scratch copy: the user's history, tags and index, with nothing of it that could be run.

It is laid out by hand, as `git help repository-layout` has it, and borrows the user's objects: `git clone` would need
a second to read a long history, takes hooks from its templates, and refuses a shallow one.
"""

from __future__ import annotations

import os
import shutil
import stat

from whypin.errors import WhypinError
from whypin.git.store import Store, store

#: The most bytes of a file that says what to ignore.
_MOST = 1 << 20


def borrow(top: str, copy: str) -> None:
    """Make the copy of a working tree a repository as the original is; that one is only read.

    Where it cannot be made, nothing of it is left, and WhypinError says why.
    """
    folder = os.path.join(copy, ".git")
    try:
        _make(store(top), folder)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise WhypinError(f"{error.filename}: {error.strerror}", hint="mend that") from None


def _make(store: Store, folder: str) -> None:
    for name in ("objects/info", "objects/pack", "refs", "info"):
        os.makedirs(os.path.join(folder, name))
    _write(folder, "objects/info/alternates", f"{store.objects}\n")
    _write(folder, "packed-refs", "".join(f"{value} {name}\n" for name, value in store.refs))
    for name, to in store.symbolic:
        _write(folder, name, f"ref: {to}\n")
    _write(folder, "info/exclude", "".join(map(_text, store.ignoring)))
    _write(folder, "info/attributes", _text(store.attributes))
    _write(folder, "config", _config(store))
    for path in (*store.indexes, store.shallow):
        # With its time: git takes files that are younger than the index for changed.
        if os.path.isfile(path):
            shutil.copy2(path, folder)
    # Last: without it, it is no repository yet.
    _write(folder, "HEAD", f"ref: {store.head}\n" if store.head.startswith("refs/") else f"{store.head}\n")


def _config(store: Store) -> str:
    """Return the configuration of the copy: no remote, no person, no program.

    Files are compared by size and time alone. They are others than those of the index, and to look into them takes
    time, and the user's filters (Git LFS has some), which are not there.
    """
    settings = {**store.settings, "core.bare": "false", "core.trustctime": "false", "core.checkstat": "minimal"}
    lines = [f"\t{name.removeprefix('core.')} = {value}\n" for name, value in settings.items()]
    sha256 = store.hashes != "sha1"
    extensions = f"[extensions]\n\tobjectformat = {store.hashes}\n" if sha256 else ""
    return f"[core]\n\trepositoryformatversion = {int(sha256)}\n{''.join(lines)}{extensions}"


def _text(path: str) -> str:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return ""
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            text = file.read(_MOST)
    except OSError:
        return ""
    return text if text.endswith("\n") or not text else f"{text}\n"


def _write(folder: str, name: str, text: str) -> None:
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(text)
