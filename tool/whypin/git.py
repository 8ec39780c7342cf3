"""The only caller of git."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from whypin.errors import WhypinError

if TYPE_CHECKING:
    from subprocess import CompletedProcess


def _run(root: str, *arguments: str) -> CompletedProcess[bytes] | None:
    """Run git in a folder and return what came of it, or None where there is no git."""
    import subprocess

    # fsmonitor names a program in the repository's configuration: reading must not run it.
    command = ["git", "-C", root, "-c", "core.fsmonitor=false", *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except OSError:
        return None


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
