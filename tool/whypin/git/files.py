"""What git does not ignore below a folder, and whose repository it is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from whypin.errors import WhypinError
from whypin.git.process import run

if TYPE_CHECKING:
    pass


def files_not_ignored(root: str, patterns: Sequence[str]) -> list[str] | None:
    """Return the files below the root, relative to it, that match a glob and that git does not ignore.

    None where there is no git, where the root is in no repository, or is itself ignored by the one around it. Raises
    WhypinError where there is a repository that git will not read: what it ignores is then unknown.
    """
    specs = [f":(glob)**/{pattern}" for pattern in patterns]
    listed = run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *specs)
    if listed is None or (listed.returncode != 0 and not is_in_repository(root)):
        return None
    if listed.returncode != 0:
        said = listed.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise WhypinError(f"git cannot read the repository: {said}", hint="mend that, or name the locks with --lock")
    paths = [path.decode("utf-8", "surrogateescape") for path in listed.stdout.split(b"\0") if path]
    if not paths and (ignored := run(root, "check-ignore", "-q", ".")) is not None and ignored.returncode == 0:
        return None
    return sorted(set(paths))


def is_in_repository(folder: str) -> bool:
    """Whether there is a repository in a folder or above it."""
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return False
        folder = parent
    return True


def user_name(root: str) -> str:
    """Return the name that git knows its user by in a folder, or an empty text."""
    found = run(root, "config", "--get", "user.name")
    return found.stdout.decode(errors="replace").strip() if found is not None and found.returncode == 0 else ""
