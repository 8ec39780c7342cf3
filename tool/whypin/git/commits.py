"""What commits hold: their log, their words, the files that they touched, and blobs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from whypin.errors import WhypinError
from whypin.git.files import is_in_repository
from whypin.git.process import command, environment, first_line, run

if TYPE_CHECKING:
    from typing import IO


#: What would show more than the files that a commit touched, or run a program that the repository names.
_LOG_OPTIONS = (
    "--first-parent",
    "--diff-merges=first-parent",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--relative",
    "--no-ext-diff",
    "--no-textconv",
    "--no-show-signature",
    "--no-notes",
    "--no-color",
    "--encoding=UTF-8",
    "-z",
    "--format=%H%x00%aI%x00%an%x00%s",
)


def log(root: str, paths: Sequence[str], newest: int | None = None, patience: float | None = None) -> bytes:
    """Return the log of the branch that is checked out, its first parents only, as far as it touches the paths.

    Paths are pathspecs relative to the root, and so are those in the log; those that begin with `:(literal)` or
    `:(glob)` mean what they say. Every commit is four fields that end with NUL (hash, author date, author, subject),
    followed by the raw form of each file that it touched. `newest` is the most commits that are wanted, `patience` the
    most seconds. Raises WhypinError where there is no history to read.
    """
    if not paths:
        return b""
    settings = ("-c", "log.showRoot=true", "-c", "log.follow=false")
    most = () if newest is None else (f"--max-count={newest}",)
    done = run(root, *settings, "log", *_LOG_OPTIONS, *most, "HEAD", "--", *paths, patience=patience)
    if done is None:
        raise WhypinError("git is not there, and the history is in git", hint="install git, or put it on the PATH")
    if done.returncode != 0:
        raise _no_history(root, done.stderr)
    return done.stdout


def _no_history(root: str, stderr: bytes) -> WhypinError:
    if not is_in_repository(os.path.abspath(root)):
        return WhypinError(f"{root} is in no git repository: it has no history", hint="give --root a folder of one")
    head = run(root, "rev-parse", "--verify", "--quiet", "HEAD")
    if head is not None and head.returncode == 1:
        return WhypinError("there is no commit yet", hint="commit the lock")
    return _unreadable(stderr)


def _unreadable(stderr: bytes) -> WhypinError:
    if b"promisor" in stderr:
        return WhypinError("this clone is partial: it lacks old contents", hint="clone it without --filter")
    return WhypinError(f"git cannot read the history: {first_line(stderr)}", hint="mend that, and try again")


#: The hashes that one call is given: command lines have an end.
_MOST_HASHES = 1000


def bodies(root: str, commits: Sequence[str]) -> dict[str, str]:
    """Return what commits say below their subjects, by their full hashes. Raises WhypinError where git can't tell."""
    options = ("--no-patch", "--no-show-signature", "--no-notes", "--no-color", "--encoding=UTF-8", "-z")
    fields = _shown(root, commits, (*options, "--format=%H%x00%b")).decode("utf-8", "replace").split("\0")
    return dict(zip(fields[::2], fields[1::2], strict=False))


def touched(root: str, commits: Sequence[str]) -> bytes:
    """Return all that commits touched below the root, in the form of `log`; WhypinError where git can't tell."""
    return _shown(root, commits, _LOG_OPTIONS)


def _shown(root: str, commits: Sequence[str], options: Sequence[str]) -> bytes:
    printed = b""
    for start in range(0, len(commits), _MOST_HASHES):
        names = commits[start : start + _MOST_HASHES]
        done = run(root, "-c", "log.showRoot=true", "log", "--no-walk=unsorted", *options, *names, "--")
        if done is None or done.returncode != 0:
            raise _unreadable(done.stderr if done is not None else b"git is gone")
        printed += done.stdout
    return printed


def is_shallow(root: str) -> bool:
    """Whether the clone was cut: its oldest commits lack their parents."""
    done = run(root, "rev-parse", "--is-shallow-repository")
    return done is not None and done.stdout.strip() == b"true"


class Blob(NamedTuple):
    """The content of a file; `data` is None where it is larger than was asked for, or (`size` -1) is not there."""

    name: str
    size: int
    data: bytes | None


def blobs(root: str, names: Sequence[str], most: int) -> Iterator[Blob]:
    """Yield blobs by their full hashes, in order, from one process; nothing is fetched that the clone lacks.

    What is larger than `most` bytes is passed over. Raises WhypinError where git ends early.
    """
    import subprocess
    import tempfile

    if not names:
        return
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as said:
        asked.write("".join(f"{name}\n" for name in names).encode("ascii"))
        asked.seek(0)
        process = subprocess.Popen(
            [*command(root), "cat-file", "--batch", "--buffer"],
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=said,
            env=environment(),
            bufsize=1 << 20,
            pipesize=1 << 20,
        )
        with process:
            assert process.stdout is not None, "it is a pipe"
            try:
                for name in names:
                    head = process.stdout.readline().split()
                    if len(head) < 2:
                        said.seek(0)
                        raise _unreadable(said.read())
                    if head[1] == b"missing":
                        yield Blob(name, -1, None)
                        continue
                    size = int(head[2])
                    if size <= most:
                        yield Blob(name, size, process.stdout.read(size))
                    else:
                        _pass_over(process.stdout, size)
                        yield Blob(name, size, None)
                    process.stdout.read(1)
            finally:
                process.stdout.close()


def _pass_over(stream: IO[bytes], size: int) -> None:
    while size > 0 and (read := len(stream.read(min(size, 1 << 20)))):
        size -= read
