"""Where a checkout left a revision, and what has changed since."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from whypin.errors import WhypinError
from whypin.git.files import is_in_repository
from whypin.git.process import as_path, first_line, run

if TYPE_CHECKING:
    pass


#: Where the main branch may be, the most telling first.
_MAIN = ("refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master", "main", "master")


def base_of(root: str, revision: str | None = None) -> str:
    """Return the commit at which the checkout left a revision, or the main branch where none is given.

    Where the two have no commit in common, as in a shallow clone, it is the revision itself. Raises WhypinError where
    there is no git, no repository, or no such revision.
    """
    said = ""
    for name in (revision,) if revision is not None else _MAIN:
        found = run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if found is None:
            raise WhypinError("git is not there, and the base is in git", hint="install git, or put it on the PATH")
        if found.returncode == 0:
            commit = found.stdout.decode("ascii").strip()
            shared = run(root, "merge-base", commit, "HEAD")
            return shared.stdout.decode("ascii").strip() if shared is not None and shared.stdout else commit
        said = said or first_line(found.stderr)
    if not is_in_repository(os.path.abspath(root)):
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
    listed = run(root, *settings, "diff", *options, "--ignore-submodules", commit, "--", ".")
    others = run(root, "ls-files", "-z", "--others", "--exclude-standard")
    if listed is None or listed.returncode != 0 or others is None:
        said = first_line(listed.stderr) if listed is not None else "git is gone"
        raise WhypinError(f"git cannot tell what has changed: {said}", hint="mend that, and try again")
    found: dict[str, str | None] = {as_path(path): None for path in others.stdout.split(b"\0") if path}
    fields = listed.stdout.split(b"\0")
    for head, path in zip(fields[::2], fields[1::2], strict=False):
        mode, _, blob, _, _ = head.decode("ascii").split()
        found[as_path(path)] = None if mode in (":000000", ":160000", ":120000") else blob
    return found


def tracked(root: str, commit: str, folders: Iterable[str]) -> set[str]:
    """Return the files below folders, all relative to the root, that a commit has; not what its submodules have."""
    places = [f"{folder or '.'}/" for folder in folders]
    if not places:
        return set()
    listed = run(root, "ls-tree", "-r", "-z", "--name-only", commit, "--", *places)
    if listed is None or listed.returncode != 0:
        said = first_line(listed.stderr) if listed is not None else "git is gone"
        raise WhypinError(f"git cannot tell what the base has: {said}", hint="mend that, and try again")
    return {as_path(path) for path in listed.stdout.split(b"\0") if path}


def _no_filters(root: str) -> list[str]:
    """Return the options that keep git from running the filters that the repository's own configuration names."""
    found = run(root, "config", "-z", "--show-scope", "--name-only", "--get-regexp", r"^filter\..*\.(clean|process)$")
    fields = found.stdout.split(b"\0") if found is not None else []
    own = {as_path(name) for scope, name in zip(fields[::2], fields[1::2], strict=False) if scope in _OWN_SCOPES}
    if odd := next((name for name in own if "=" in name), None):
        raise WhypinError(f"the repository's configuration names a filter with = in it: {odd}", hint="rename it")
    options: list[str] = []
    for name in sorted(own):
        options += ["-c", f"{name}=", "-c", f"{name.rpartition('.')[0]}.required=false"]
    return options


#: Where settings come from the repository, and not from its user.
_OWN_SCOPES = (b"local", b"worktree")
