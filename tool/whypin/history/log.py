"""What `git.log` prints, as values."""

from __future__ import annotations

from typing import NamedTuple

from whypin.model.change import Commit

#: The modes of plain files; links and submodules hold no lock.
_FILES = ("100644", "100755")


class Logged(NamedTuple):
    """One commit with the (path, blob) of every file that it touched; no blob where no plain file is left there."""

    commit: Commit
    files: tuple[tuple[str, str | None], ...]


def parse(printed: bytes) -> list[Logged]:
    """Return the commits in the order of the log.

    Fields end with NUL: four of the commit (hash, author date, author, subject), then for each file
    `:MODE MODE BLOB BLOB STATUS` and its path. Source: git-log and git-diff-tree, `--raw -z`.
    """
    fields = printed.split(b"\0")
    logged: list[Logged] = []
    at = 0
    while at + 3 < len(fields):
        commit = Commit(*(field.decode("utf-8", "replace") for field in fields[at : at + 4]))
        at += 4
        files: list[tuple[str, str | None]] = []
        while at + 1 < len(fields) and fields[at].lstrip(b"\n").startswith(b":"):
            files.append(_file(fields[at].decode("ascii"), fields[at + 1]))
            at += 2
        logged.append(Logged(commit, tuple(files)))
    return logged


def _file(said: str, path: bytes) -> tuple[str, str | None]:
    _, mode, _, blob, _ = said.split()
    return path.decode("utf-8", "surrogateescape"), blob if mode in _FILES else None
