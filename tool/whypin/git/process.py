"""How git is run: without what a repository could have it run, and with messages in English."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from whypin.errors import WhypinError

if TYPE_CHECKING:
    from subprocess import CompletedProcess


def run(root: str, *arguments: str, patience: float | None = None) -> CompletedProcess[bytes] | None:
    """Run git in a folder and return what came of it, or None where there is no git.

    Raises WhypinError where it takes longer than so many seconds.
    """
    import subprocess

    try:
        return subprocess.run(
            [*command(root), *arguments],
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env=environment(),
            timeout=patience,
        )
    except OSError:
        return None
    except subprocess.TimeoutExpired:
        raise WhypinError(f"git took longer than {patience} seconds", hint="try again") from None


def command(root: str) -> list[str]:
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


def environment() -> dict[str, str]:
    """Return the environment for git: a hook's own idea of the repository is left out, and messages are English."""
    kept = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
    return {**kept, "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


def first_line(stderr: bytes) -> str:
    """Return the first line of what git complains of."""
    return stderr.decode(errors="replace").strip().partition("\n")[0]


def as_path(raw: bytes) -> str:
    """Return what git prints as Python has paths: what is no UTF-8 comes back as it was."""
    return raw.decode("utf-8", "surrogateescape")


#: The most seconds that a call may take for which a trial waits.
_PATIENCE = 120


def told(folder: str, *arguments: str, code: int = 0) -> bytes:
    """Return what git says of a folder; raises WhypinError where it does not end with 0, or the other code."""
    done = run(folder, *arguments, patience=_PATIENCE)
    if done is None:
        raise WhypinError("git is not there", hint="install git, or put it on the PATH")
    if done.returncode not in (0, code):
        raise WhypinError(f"git cannot read it: {first_line(done.stderr)}", hint="mend that, and try again")
    return done.stdout
