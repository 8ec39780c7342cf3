"""The copy of a project: its manifests edited, locked anew by its tool, and read again."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from whypin.errors import WhypinError
from whypin.model.project import Project
from whypin.model.trial import Change
from whypin.trials import plan
from whypin.trials.lockers import Locker
from whypin.trials.preparation import Preparation
from whypin.trials.scratch import Scratch
from whypin.trials.session import Failed, Session
from whypin.workspace import Workspace

#: What a file held before and after.
Contents = dict[str, tuple[bytes, bytes]]


class WorkingCopy:
    """The project of a preparation in its scratch place."""

    def __init__(self, preparation: Preparation, scratch: Scratch) -> None:
        self._preparation, self._folder = preparation, scratch.project
        self._before: dict[str, bytes] = {}

    def lock(self, locker: Locker, session: Session) -> Contents:
        """Edit the manifests and have the tool lock; returns what has changed. Raises what a failure means."""
        changes, wanted = self._preparation.changes, self._preparation.wanted
        before = self._before = {path: self._bytes(path) for path in self._lockable()}
        self._edit([change for change in changes if not change.passing])
        locks = {lock.path for lock in self._preparation.locks}
        meant = {path: self._bytes(path) for path in before if path not in locks}
        self._edit([change for change in changes if change.passing])
        for command in locker.lock:
            session.tool(locker.name, command, wanted, "lock")
        if self._put_back(meant) or locker.rewrites:
            for command in locker.again:
                session.tool(locker.name, command, wanted, "lock")
        after = {path: self._bytes(path) for path in before}
        return {path: (before[path], after[path]) for path in before if before[path] != after[path]}

    def check_as_it_was(self, locker: Locker, session: Session) -> None:
        """Lock the project as it was before; raises WhypinError where that cannot be resolved either.

        Then the failure says nothing about the versions that are tried.
        """
        self._put_back(self._before)
        try:
            for command in locker.again:
                session.tool(locker.name, command, (), "lock")
        except Failed as failed:
            said = " ".join(failed.evidence.split())
            message = f"the project does not lock as it is, without the change: {said}"
            raise WhypinError(message, hint="nothing is logged; mend that first") from None
        except WhypinError:
            return  # that is not known, then

    def read(self) -> Project:
        """Read the copy as it is now; its base is the project that it was made of."""
        project = self._preparation.project
        chosen = [os.path.join(self._folder, lock.path) for lock in project.locks]
        after = Workspace(self._folder).load(chosen, project.today)
        after.base = project
        return after

    def _lockable(self) -> list[str]:
        """Return the files that locking may change: the locks, their manifests, and what these include."""
        locks = {lock.path for lock in self._preparation.locks}
        found = dict.fromkeys(lock.path for lock in self._preparation.locks)
        for manifest in self._preparation.project.manifests:
            if not locks.isdisjoint(manifest.locks):
                found[manifest.path] = None
        found.update((change.at.path, None) for change in self._preparation.changes)
        return list(found)

    def _bytes(self, path: str) -> bytes:
        with open(os.path.join(self._folder, path), "rb") as file:
            return file.read()

    def _put_back(self, meant: Mapping[str, bytes]) -> bool:
        """Write manifests as they are meant to be; tells whether one was not: changed for a while, or by the tool."""
        other = {path: data for path, data in meant.items() if self._bytes(path) != data}
        for path, data in other.items():
            with open(os.path.join(self._folder, path), "wb") as file:
                file.write(data)
        return bool(other)

    def _edit(self, changes: Sequence[Change]) -> None:
        for change in sorted(changes, key=lambda change: change.at, reverse=True):
            text = plan.edited(self._bytes(change.at.path).decode("utf-8"), change)
            with open(os.path.join(self._folder, change.at.path), "w", encoding="utf-8", newline="") as file:
                file.write(text)
