"""What passed is taken: lock and manifests in place or as a patch, and the successors of what stood against it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping

from whypin.errors import WhypinError
from whypin.model.difference import Moved
from whypin.model.location import Location
from whypin.model.project import Project
from whypin.model.trial import Trial
from whypin.trials.preparation import People, Preparation
from whypin.trials.scratch import undisturbed
from whypin.trials.working_copy import Contents
from whypin.workspace import Workspace

#: So many of the packages that moved are told where it is asked whether to take the change.
_MOVES = 10


def taken(done: Trial, preparation: Preparation, changed: Contents, people: People) -> Trial:
    """Take what a trial that passed has shown to work, as far as the options say so, or who is asked."""
    workspace, project, options = preparation.workspace, preparation.project, preparation.options
    rejecting = _rejecting(done)
    done = done._replace(next_ids=rejecting, begun=begun(project, rejecting))
    accepted = not (options.apply or options.due) and _is_accepted(done, changed, people)
    with undisturbed():
        if options.patch is not None:
            done = done._replace(patch=patched(options.patch, changed))
        if options.apply or accepted:
            done = done._replace(written=applied(workspace, changed))
            if (options.supersede or accepted) and done.outcome == "passed":
                done = superseded(workspace, project, done)
    return done


def _rejecting(done: Trial) -> tuple[str, ...]:
    moved = done.difference.moved if done.difference is not None else ()
    return tuple(dict.fromkeys(record.id for one in moved for record in one.rejecting))


def _is_accepted(done: Trial, changed: Contents, people: People) -> bool:
    """Offer the change of the lock, and the new decision; returns the answer."""
    if done.outcome != "passed" or not changed:
        return False
    moved = [_in_short(one) for one in done.difference.moved] if done.difference is not None else []
    more = [f"{len(moved) - _MOVES} more"] if len(moved) > _MOVES else []
    told = f", with {', '.join(moved[:_MOVES] + more)}" if moved else ""
    successor = f" and start what supersedes {', '.join(done.unbegun)}" if done.unbegun else ""
    return bool(people.ask(f"Passed{told}. Change {', '.join(changed)}{successor}?"))


def _in_short(moved: Moved) -> str:
    versions = (", ".join(entry.version or "?" for entry in entries) for entries in (moved.before, moved.after))
    return f"{moved.name} {' -> '.join(each or 'none' for each in versions)}"


def applied(workspace: Workspace, changed: Mapping[str, tuple[bytes, bytes]]) -> tuple[str, ...]:
    """Write the changed files in place, all or none; raises WhypinError where one is not what was copied any more."""
    fresh = Workspace(workspace.root)
    for path, (before, _) in changed.items():
        if fresh.as_written(path) != before:
            raise WhypinError("it has changed since the trial began", Location(path), "run the trial again")
    written: list[str] = []
    try:
        for path, (_, after) in changed.items():
            fresh.write(path, _plain(after))
            written.append(path)
    except WhypinError:
        for path in written:
            fresh.write(path, _plain(changed[path][0]))
        raise
    return tuple(written)


def _plain(data: bytes) -> str:
    """Return bytes as the text that `Workspace.write` writes back as the same bytes."""
    return data.decode("utf-8").removeprefix("\ufeff")


def check_patch(path: str) -> None:
    """Refuse a place for a patch before anything is run: a folder that is not there, or a file that is no patch."""
    hint = "name another file"
    if not os.path.isdir(os.path.dirname(path) or "."):
        raise WhypinError(f"the patch {path} cannot be written: there is no such folder", hint=hint)
    try:
        with open(path, "rb") as file:
            if file.read(6) not in (b"", b"--- a/"):
                raise WhypinError(f"{path} is there, and it is no patch of a trial", hint=hint)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise WhypinError(f"the patch {path} cannot be written: {error.strerror}", hint=hint) from None


def patched(path: str, changed: Mapping[str, tuple[bytes, bytes]]) -> str:
    """Write what changed as a patch for `git apply`; returns the path."""
    text = "".join(part for name, pair in sorted(changed.items()) for part in _hunks(name, *pair))
    try:
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise WhypinError(f"the patch {path} cannot be written: {error.strerror}", hint="name another file") from None
    return path


def _hunks(name: str, before: bytes, after: bytes) -> Iterator[str]:
    from difflib import unified_diff

    old, new = (re.findall(r"[^\n]*\n|[^\n]+", data.decode("utf-8")) for data in (before, after))
    for line in unified_diff(old, new, f"a/{name}", f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def begun(project: Project, record_ids: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return those of the records that are to be superseded already, each with the proposal that does so."""
    proposed = {old: each.id for each in project.records if each.status == "proposed" for old in each.supersedes}
    return tuple((record_id, proposed[record_id]) for record_id in record_ids if record_id in proposed)


def superseded(workspace: Workspace, project: Project, done: Trial) -> Trial:
    """Start the successors of the records that reject the new versions; they take over the attempt."""
    from whypin.app.mend import supersede

    chosen = [os.path.join(workspace.root, lock.path) for lock in project.locks] if project.partial else []
    paths = [supersede(workspace.root, chosen, project.today, record_id) for record_id in done.unbegun]
    return done._replace(successors=tuple(paths))
