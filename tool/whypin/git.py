"""The only caller of git."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from whypin.errors import WhypinError

if TYPE_CHECKING:
    from subprocess import CompletedProcess
    from typing import IO


def _run(root: str, *arguments: str, patience: float | None = None) -> CompletedProcess[bytes] | None:
    """Run git in a folder and return what came of it, or None where there is no git.

    Raises WhypinError where it takes longer than so many seconds.
    """
    import subprocess

    command = [*_command(root), *arguments]
    try:
        return subprocess.run(
            command,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env=_environment(),
            timeout=patience,
        )
    except OSError:
        return None
    except subprocess.TimeoutExpired:
        raise WhypinError(f"git took longer than {patience} seconds", hint="try again") from None


def _command(root: str) -> list[str]:
    """Return what every call of git begins with: reading must not run what a repository names, nor ask its remote.

    fsmonitor names a program, and hooks may lie in the branch that is read; a partial clone would fetch what it lacks,
    by programs of its configuration.
    """
    settings = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "protocol.allow=never")
    return ["git", "-C", root, "--no-pager", *(part for setting in settings for part in ("-c", setting))]


#: What says which repository is meant, or what a pathspec means: `root` and our own pathspecs do.
_LEFT_OUT = frozenset(
    {
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_PREFIX",
        "GIT_COMMON_DIR",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_LITERAL_PATHSPECS",
        "GIT_GLOB_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
    }
)


def _environment() -> dict[str, str]:
    """Return the environment for git: a hook's own idea of the repository is left out, and messages are English."""
    kept = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
    return {**kept, "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


def files_not_ignored(root: str, patterns: Sequence[str]) -> list[str] | None:
    """Return the files below the root, relative to it, that match a glob and that git does not ignore.

    None where there is no git, where the root is in no repository, or is itself ignored by the one around it. Raises
    WhypinError where there is a repository that git will not read: what it ignores is then unknown.
    """
    specs = [f":(glob)**/{pattern}" for pattern in patterns]
    listed = _run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *specs)
    if listed is None or (listed.returncode != 0 and not _is_in_repository(root)):
        return None
    if listed.returncode != 0:
        said = listed.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise WhypinError(f"git cannot read the repository: {said}", hint="mend that, or name the locks with --lock")
    paths = [path.decode("utf-8", "surrogateescape") for path in listed.stdout.split(b"\0") if path]
    if not paths and (ignored := _run(root, "check-ignore", "-q", ".")) is not None and ignored.returncode == 0:
        return None
    return sorted(set(paths))


def _is_in_repository(folder: str) -> bool:
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return False
        folder = parent
    return True


def user_name(root: str) -> str:
    """Return the name that git knows its user by in a folder, or an empty text."""
    found = _run(root, "config", "--get", "user.name")
    return found.stdout.decode(errors="replace").strip() if found is not None and found.returncode == 0 else ""


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
    done = _run(root, *settings, "log", *_LOG_OPTIONS, *most, "HEAD", "--", *paths, patience=patience)
    if done is None:
        raise WhypinError("git is not there, and the history is in git", hint="install git, or put it on the PATH")
    if done.returncode != 0:
        raise _no_history(root, done.stderr)
    return done.stdout


def _no_history(root: str, stderr: bytes) -> WhypinError:
    if not _is_in_repository(os.path.abspath(root)):
        return WhypinError(f"{root} is in no git repository: it has no history", hint="give --root a folder of one")
    head = _run(root, "rev-parse", "--verify", "--quiet", "HEAD")
    if head is not None and head.returncode == 1:
        return WhypinError("there is no commit yet", hint="commit the lock")
    return _unreadable(stderr)


def _unreadable(stderr: bytes) -> WhypinError:
    if b"promisor" in stderr:
        return WhypinError("this clone is partial: it lacks old contents", hint="clone it without --filter")
    return WhypinError(f"git cannot read the history: {_first_line(stderr)}", hint="mend that, and try again")


def _first_line(stderr: bytes) -> str:
    return stderr.decode(errors="replace").strip().partition("\n")[0]


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
        done = _run(root, "-c", "log.showRoot=true", "log", "--no-walk=unsorted", *options, *names, "--")
        if done is None or done.returncode != 0:
            raise _unreadable(done.stderr if done is not None else b"git is gone")
        printed += done.stdout
    return printed


def is_shallow(root: str) -> bool:
    """Whether the clone was cut: its oldest commits lack their parents."""
    done = _run(root, "rev-parse", "--is-shallow-repository")
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
            [*_command(root), "cat-file", "--batch", "--buffer"],
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=said,
            env=_environment(),
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


#: Where the main branch may be, the most telling first.
_MAIN = ("refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master", "main", "master")


def base_of(root: str, revision: str | None = None) -> str:
    """Return the commit at which the checkout left a revision, or the main branch where none is given.

    Where the two have no commit in common, as in a shallow clone, it is the revision itself. Raises WhypinError where
    there is no git, no repository, or no such revision.
    """
    said = ""
    for name in (revision,) if revision is not None else _MAIN:
        found = _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if found is None:
            raise WhypinError("git is not there, and the base is in git", hint="install git, or put it on the PATH")
        if found.returncode == 0:
            commit = found.stdout.decode("ascii").strip()
            shared = _run(root, "merge-base", commit, "HEAD")
            return shared.stdout.decode("ascii").strip() if shared is not None and shared.stdout else commit
        said = said or _first_line(found.stderr)
    if not _is_in_repository(os.path.abspath(root)):
        raise WhypinError(f"{root} is in no git repository: there is no base", hint="give --root a folder of one")
    if said:
        raise WhypinError(f"git cannot tell the base: {said}", hint="mend that, or name another revision")
    if revision is None:
        raise WhypinError("there is no main branch to compare with", hint="name a revision, such as HEAD~1")
    hint = "is it spelt right? A shallow clone may lack it: git fetch --unshallow, or fetch-depth: 0 in the workflow"
    raise WhypinError(f"git knows no revision {revision}", hint=hint)


def changes(root: str, commit: str) -> dict[str, str | None]:
    """Return what differs below the root between a commit and the files as they are: path to blob at the commit.

    None stands for a file that was not there; those that git neither tracks nor ignores are among them. Files that
    were only touched are too: to look into them git would write its index, and run filters.
    """
    options = ("--raw", "-z", "--no-renames", "--no-abbrev", "--relative", "--no-ext-diff", "--no-textconv")
    settings = ("-c", "diff.autoRefreshIndex=false", *_no_filters(root))
    listed = _run(root, *settings, "diff", *options, "--ignore-submodules", commit, "--", ".")
    others = _run(root, "ls-files", "-z", "--others", "--exclude-standard")
    if listed is None or listed.returncode != 0 or others is None:
        said = _first_line(listed.stderr) if listed is not None else "git is gone"
        raise WhypinError(f"git cannot tell what has changed: {said}", hint="mend that, and try again")
    found: dict[str, str | None] = {_path(path): None for path in others.stdout.split(b"\0") if path}
    fields = listed.stdout.split(b"\0")
    for head, path in zip(fields[::2], fields[1::2], strict=False):
        mode, _, blob, _, _ = head.decode("ascii").split()
        found[_path(path)] = None if mode in (":000000", ":160000", ":120000") else blob
    return found


def _no_filters(root: str) -> list[str]:
    """Return the options that keep git from running the filters that the repository's own configuration names."""
    found = _run(root, "config", "-z", "--show-scope", "--name-only", "--get-regexp", r"^filter\..*\.(clean|process)$")
    fields = found.stdout.split(b"\0") if found is not None else []
    own = {_path(name) for scope, name in zip(fields[::2], fields[1::2], strict=False) if scope in _OWN_SCOPES}
    if odd := next((name for name in own if "=" in name), None):
        raise WhypinError(f"the repository's configuration names a filter with = in it: {odd}", hint="rename it")
    options: list[str] = []
    for name in sorted(own):
        options += ["-c", f"{name}=", "-c", f"{name.rpartition('.')[0]}.required=false"]
    return options


#: Where settings come from the repository, and not from its user.
_OWN_SCOPES = (b"local", b"worktree")


def _path(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
