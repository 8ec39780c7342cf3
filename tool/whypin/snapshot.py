"""The project as it was at a commit: read from git where files have changed since, else from the disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

from whypin import git, locks, manifests
from whypin.errors import WhypinError
from whypin.model import glob
from whypin.model.location import Location
from whypin.model.lock import Lock
from whypin.model.project import Project
from whypin.model.record import Record
from whypin.model.settings import Settings
from whypin.syntax.text import MAX_BYTES, decode
from whypin.workspace import EXEMPTIONS, Workspace


def with_base(workspace: Workspace, project: Project, chosen: Sequence[str], revision: str | None) -> Project:
    """Return the project with its base: what it was where the checkout left a revision, or the main branch.

    What has not changed is taken over, not read again. Raises WhypinError where git cannot tell, and for a lock or a
    manifest that cannot be read at the base.
    """
    commit = git.base_of(workspace.root, revision)
    changed = git.changes(workspace.root, commit)
    base = Snapshot(workspace, _contents(workspace.root, changed, project.settings), commit)
    project.base = base.before(project, chosen)
    return project


def _contents(root: str, changed: Mapping[str, str | None], settings: Settings) -> dict[str, bytes | None]:
    """Return what the changed files held that a project is read from; None for those that were not there."""
    meant = {path: blob for path, blob in changed.items() if _is_read(path, settings.records)}
    names = sorted({blob for blob in meant.values() if blob is not None})
    held = {blob.name: blob.data for blob in git.blobs(root, names, MAX_BYTES)}
    return {path: held.get(blob) if blob is not None else None for path, blob in meant.items()}


def _is_read(path: str, records: str) -> bool:
    """Whether a file may belong to a project: a lock, a manifest, what these include, or a record."""
    return (
        locks.is_candidate(path)
        or manifests.format_of(path) is not None
        or path.endswith((".txt", ".in"))
        or (path.endswith((".yaml", ".yml")) and (records in ("", ".") or path.startswith(f"{records}/")))
    )


class Snapshot(Workspace):
    """A workspace at a commit; `contents` holds what has changed since: the bytes then, None for what was not there."""

    def __init__(self, now: Workspace, contents: Mapping[str, bytes | None], commit: str) -> None:
        super().__init__(now.root)
        self._now = now
        self._contents = contents
        self._commit = commit

    def before(self, project: Project, chosen: Sequence[str]) -> Project:
        """Return the project of that commit, under the settings of today; its manifests are not told."""
        path = f"{project.settings.records}/{EXEMPTIONS}"
        exemptions = self.exemptions(project.settings) if path in self._contents else project.exemptions
        return Project(
            today=project.today,
            records=self._records_before(project),
            locks=self._locks_before(project, chosen),
            settings=project.settings,
            exemptions=exemptions,
        )

    def _records_before(self, project: Project) -> list[Record]:
        """Return the records of the commit; what was none then decided nothing."""
        from whypin.records.read import read

        folder = project.settings.records
        found = [record for record in project.records if record.path not in self._contents]
        for path, data in self._contents.items():
            inside = folder in ("", ".") or path.startswith(f"{folder}/")
            if data is not None and inside and path.endswith(".yaml") and not path.endswith(f"/{EXEMPTIONS}"):
                try:
                    record, _ = read(decode(data, path), path)
                except WhypinError:
                    continue
                found += [record] if record is not None else []
        return sorted(found, key=lambda record: record.id)

    def _locks_before(self, project: Project, chosen: Sequence[str]) -> Sequence[Lock]:
        """Return the locks of the commit; those that have not changed since, nor their manifests, are taken over."""
        changed = {path for path in self._contents if locks.is_candidate(path) or manifests.format_of(path) is not None}
        if not changed:
            return project.locks
        touched = {path for manifest in project.manifests if manifest.path in changed for path in manifest.locks}
        kept = {lock.path: lock for lock in project.locks if lock.path not in changed | touched}
        try:
            paths = self._lock_paths(project.settings, chosen)
            return [kept.get(path) or self._read(path) for path in paths]
        except WhypinError as error:
            self._fail(error)

    def _read(self, path: str) -> Lock:
        lock = locks.read(self.text(path), path, self.text)
        return self._settled(lock, self._fixed_by(lock, {}))

    def _fail(self, error: WhypinError) -> NoReturn:
        message = f"{error.message} (at the base, {self._commit[:12]})"
        raise WhypinError(message, error.where, "give a base where it can be read") from None

    def _lock_paths(self, settings: Settings, chosen: Sequence[str]) -> list[str]:
        """Return the locks that were there; one that is configured, or given, may be new."""
        plain = [path for path in settings.locks if not glob.is_glob(path)] if not chosen else []
        given = [self._now.relative(path) for path in chosen] + plain
        there = [path for path in dict.fromkeys(given) if self._is_file(path)]
        patterns = [path for path in settings.locks if glob.is_glob(path)] if not chosen else []
        if given and not patterns:
            return there
        found = self.find_locks(settings.exclude, bool(patterns))
        if patterns:
            found = [path for path in found if glob.first_match(patterns, path) is not None]
        return list(dict.fromkeys([*there, *found]))

    def _candidates(self) -> list[str]:
        now = (path for path in super()._candidates() if path not in self._contents)
        then = (path for path, data in self._contents.items() if data is not None)
        meant = (path for path in then if locks.is_candidate(path) or manifests.is_candidate(path))
        return sorted({*now, *meant})

    def _is_file(self, path: str) -> bool:
        return self._contents[path] is not None if path in self._contents else super()._is_file(path)

    def as_written(self, path: str) -> bytes:
        """Return the bytes of a file at the commit; raises WhypinError where it was not there."""
        if path not in self._contents:
            return super().as_written(path)
        data = self._contents[path]
        if data is None:
            raise WhypinError("was not there, or is too large to be read", Location(path))
        return data
