"""What the locks of all commits hold, each content read once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, TypeAlias

from whypin.errors import WhypinError
from whypin.history.chunks import FORMATS, Chunks, State
from whypin.model.location import Location
from whypin.model.lock import SOURCE_TREES, Lock
from whypin.model.project import entry_key
from whypin.syntax.text import check_size

Load: TypeAlias = Callable[[str], str]
#: Reads a lock from its bytes, its path and the texts of what it includes; None where the file is no lock as it stands.
Read: TypeAlias = Callable[[bytes, str, Load], Lock | None]
Decode: TypeAlias = Callable[[bytes, str], str]
#: From path to blob: the files as they stand in a commit.
Files: TypeAlias = Mapping[str, str]

#: The format whose files may include others.
INCLUDING = "requirements"


class Reading(NamedTuple):
    """What came of reading a lock: its state (None where it is no lock), or the problem that there was."""

    state: State | None
    problem: str = ""


class Contents:
    """Reads locks out of blobs; `kind_of` gives the format by a path.

    A requirements file may include others: its bytes are kept, and read with those that stand beside it in the commit.
    """

    def __init__(self, kind_of: Callable[[str], str], read: Read, decode: Decode) -> None:
        self._kind_of = kind_of
        self._read = read
        self._decode = decode
        self._chunks = {kind: Chunks(kind) for kind in FORMATS}
        self._readings: dict[tuple[str, str], Reading] = {}
        self._kept: dict[str, bytes] = {}
        self._latest: dict[str, tuple[dict[str, str | None], Reading]] = {}
        #: From a file that was included to the locks that include it, as far as they were read.
        self.included_by: dict[str, set[str]] = {}

    def take(self, blob: str, paths: Collection[str], data: bytes | None, size: int) -> None:
        """Take a blob that stood at these paths; without data it is too large, or (`size` -1) not in this clone."""
        for path in paths:
            kind = self._kind_of(path)
            if data is None:
                self._readings[blob, path] = Reading(None, _missing(path, size))
            elif kind == INCLUDING:
                self._kept[blob] = data
            else:
                state = self._chunks[kind].state(data) if kind in FORMATS else None
                self._readings[blob, path] = self._whole(data, path, _no_other) if state is None else Reading(state)

    def reading(self, path: str, files: Files) -> Reading:
        """Return what the lock at a path holds as it stands among these files."""
        found = self._readings.get((files[path], path))
        return found if found is not None else self._with_others(path, files)

    def _with_others(self, path: str, files: Files) -> Reading:
        used, reading = self._latest.get(path, ({}, None))
        if reading is not None and all(files.get(each) == blob for each, blob in used.items()):
            return reading
        used = {path: files[path]}

        def load(other: str) -> str:
            used[other] = blob = files.get(other)
            self.included_by.setdefault(other, set()).add(path)
            if blob is None or blob not in self._kept:
                raise WhypinError(f"{other}, which it includes, is not in the commit", Location(path))
            return self._decode(self._kept[blob], other)

        reading = self._whole(self._kept[files[path]], path, load)
        self._latest[path] = used, reading
        return reading

    def _whole(self, data: bytes, path: str, load: Load) -> Reading:
        """Read a lock by its own reader."""
        try:
            lock = self._read(data, path, load)
        except WhypinError as error:
            return Reading(None, str(error))
        return Reading(None if lock is None else state_of(lock))


def _no_other(path: str) -> str:
    raise WhypinError("a lock of this format includes no other file", Location(path))


def _missing(path: str, size: int) -> str:
    if size < 0:
        return f"{Location(path)}: its content is not in this clone, which is partial"
    try:
        check_size(size, path)
    except WhypinError as error:
        return str(error)
    return f"{Location(path)}: it cannot be read"


def state_of(lock: Lock) -> State:
    """Return what a lock holds: every package and version once; source trees, of which nobody chose one, aside.

    What has no version goes by where it comes from.
    """
    return tuple(
        dict.fromkeys(
            (entry_key(entry), entry.version or entry.ref or "(no version)")
            for entry in lock.entries
            if entry.source not in SOURCE_TREES
        )
    )
