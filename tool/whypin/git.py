"""The only caller of git."""

from __future__ import annotations

from collections.abc import Sequence

from whypin.errors import WhypinError


def _run(root: str, *arguments: str) -> bytes | None:
    """Return what git prints, or None where there is no git, no repository, or the command fails."""
    import subprocess

    # fsmonitor names a program in the repository's configuration: reading must not run it.
    command = ["git", "-C", root, "-c", "core.fsmonitor=false", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _require_no_repository(root: str) -> None:
    """Raise WhypinError where git is there but will not read the repository: what it ignores is then unknown."""
    import os
    import shutil
    import subprocess

    folders = [root]
    while (parent := os.path.dirname(folders[-1])) != folders[-1]:
        folders.append(parent)
    if shutil.which("git") is None or not any(os.path.exists(os.path.join(folder, ".git")) for folder in folders):
        return
    done = subprocess.run(["git", "-C", root, "rev-parse", "HEAD"], capture_output=True, check=False, text=True)
    said = done.stderr.strip().partition("\n")[0] or "git ls-files failed"
    raise WhypinError(f"git cannot read the repository: {said}", hint="mend that, or name the locks with --lock")


def files_not_ignored(root: str, patterns: Sequence[str]) -> list[str] | None:
    """Return the files below the root, relative to it, that match a glob and that git does not ignore.

    None where the root is in no repository, or is itself ignored by the one around it.
    """
    specs = [f":(glob)**/{pattern}" for pattern in patterns]
    listed = _run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *specs)
    if listed is None:
        _require_no_repository(root)
        return None
    paths = [path.decode("utf-8", "surrogateescape") for path in listed.split(b"\0") if path]
    if not paths and _run(root, "check-ignore", "-q", ".") is not None:
        return None
    return sorted(set(paths))
