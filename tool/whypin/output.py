"""A folder that a command fills: what it wrote before may be replaced or removed, and nothing else is touched."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from whypin.errors import WhypinError
from whypin.model.location import Location

#: Lists the files that were written, one path a line; sorted, below a line that says what it is.
MARKER = ".whypin-pages"
#: Behind the name of a file that is being written; a run that was killed may leave one.
_NEW = ".whypin-new"
_HEAD = "# Written by `whypin pages`, which replaces and removes these files and no others.\n"


class Written(NamedTuple):
    """How many files there are now, how many of them were written anew, and how many old ones were removed."""

    files: int
    changed: int
    removed: int


def fill(folder: str, files: Mapping[str, bytes]) -> Written:
    """Make a folder hold these files, by their paths with forward slashes, and what was written before no more.

    Each file is written whole or not at all, and one that is right already is left alone. Raises WhypinError, before
    anything is written, where the folder holds what was not written by this, and where it can't be written.
    """
    try:
        return _fill(os.path.realpath(folder), folder, files)
    except OSError as error:
        raise WhypinError(f"cannot be written: {error.strerror}", Location(folder)) from None


def _fill(real: str, folder: str, files: Mapping[str, bytes]) -> Written:
    if os.path.lexists(real) and not os.path.isdir(real):
        raise WhypinError(f"{folder} is not a folder", hint="name a folder, new or empty")
    os.makedirs(real, exist_ok=True)
    before, found = _listed(real), list(_walk(real, ""))
    for path in found:
        if path not in before and path != MARKER and not path.endswith(_NEW):
            hint = "name a folder that is new, empty, or filled by whypin pages alone"
            raise WhypinError(f"{folder} holds {path}, which whypin pages has not written", hint=hint)
    # Until all is done both the old and the new are ours, so that a run that was cut short can be run again.
    _replace(real, MARKER, _marker({*before.intersection(found), *files}))
    stale = [path for path in found if path not in files and path != MARKER]
    for path in stale:
        os.unlink(os.path.join(real, path))
    for path in stale:
        _remove_empty(real, path)
    changed = sum(_replace(real, path, data) for path, data in files.items())
    _replace(real, MARKER, _marker(files))
    return Written(len(files), changed, len(stale))


def _listed(real: str) -> set[str]:
    """Return the paths that the marker lists; what is not found below the folder itself counts for nothing."""
    path = os.path.join(real, MARKER)
    if os.path.islink(path) or not os.path.isfile(path):
        return set()
    with open(path, encoding="utf-8", errors="replace") as file:
        return {line.rstrip("\n") for line in file if not line.startswith("#")}


def _marker(paths: Mapping[str, bytes] | set[str]) -> bytes:
    return (_HEAD + "".join(f"{path}\n" for path in sorted(paths))).encode()


def _walk(real: str, below: str) -> Iterator[str]:
    """Yield everything but folders, by its path; links are not followed."""
    with os.scandir(os.path.join(real, below)) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        path = f"{below}/{entry.name}" if below else entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(real, path)
        elif entry.is_symlink():
            raise WhypinError(f"{path} is a link", hint="name a folder without links")
        else:
            yield path


def _remove_empty(real: str, path: str) -> None:
    """Remove the folders that held a file, as far as they are empty now."""
    parent = path.rpartition("/")[0]
    with suppress(OSError):
        while parent:
            os.rmdir(os.path.join(real, parent))
            parent = parent.rpartition("/")[0]


def _replace(real: str, path: str, data: bytes) -> bool:
    """Write a file in one step, unless it holds these bytes already; tells whether it was written."""
    target = os.path.join(real, path)
    try:
        with open(target, "rb") as file:
            if file.read() == data:
                return False
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)
    temporary = f"{target}{_NEW}"
    try:
        with open(temporary, "xb") as file:
            file.write(data)
        os.replace(temporary, target)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    return True
