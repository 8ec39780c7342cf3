"""The project as it was at a commit: read from git where files have changed since, else from the disk."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from posixpath import normpath
from typing import NoReturn

from whypin import locks, manifests
from whypin.errors import WhypinError
from whypin.git.base import base_of, changes, tracked
from whypin.git.commits import blobs
from whypin.model import glob
from whypin.model.location import Location
from whypin.model.lock import Lock
from whypin.model.project import Exemptions, Project
from whypin.model.record import Record
from whypin.model.settings import Settings
from whypin.syntax.text import MAX_BYTES, check_size, decode
from whypin.workspace import EXEMPTIONS, Workspace


def with_base(workspace: Workspace, project: Project, chosen: Sequence[str], revision: str | None) -> Project:
    """Return the project with its base: what it was where the checkout left a revision, or the main branch.

    What has not changed is taken over, not read again. Raises WhypinError where git cannot tell, and for a lock or a
    manifest that cannot be read at the base.
    """
    commit = base_of(workspace.root, revision)
    changed = changes(workspace.root, commit)
    now = project.settings
    then = _settings_before(workspace, changed, commit, now) if changed.keys() & _CONFIGURATION else now
    contents = _contents(workspace, changed, project, then.records)
    differing = {path: data for path, data in contents.items() if not _is_as_it_was(workspace, path, data)}
    base = Snapshot(workspace, differing, commit)
    project.base = base.before(project, chosen, then)
    return project


_CONFIGURATION = {"pyproject.toml", "whypin.toml"}


def _settings_before(workspace: Workspace, changed: Mapping[str, str | None], commit: str, now: Settings) -> Settings:
    """Return the settings of the commit; those of today where they cannot be read."""
    meant = {path: blob for path, blob in changed.items() if path in _CONFIGURATION}
    try:
        return Snapshot(workspace, _held(workspace.root, meant), commit).settings()
    except WhypinError:
        return now


def _contents(
    workspace: Workspace, changed: Mapping[str, str | None], project: Project, records: str
) -> dict[str, bytes | None]:
    """Return what the changed files held that a project is read from; None for those that were not there.

    `records` is the folder that the records had. What is read through a link goes by the link.
    """
    meant = {path: blob for path, blob in changed.items() if _is_read(path, records)}
    for path, real in _links(workspace, project, records):
        if real in changed:
            meant.setdefault(path, changed[real])
        elif os.path.isdir(os.path.join(workspace.root, path)):
            below = (each for each in changed if each.startswith(f"{real}/"))
            meant.update((path + each[len(real) :], changed[each]) for each in below)
    return _held(workspace.root, meant)


def _is_as_it_was(workspace: Workspace, path: str, data: bytes | None) -> bool:
    """Whether a file was only touched; git does not look into it. A pipe in its place is never opened."""
    try:
        there = data is not None and os.path.isfile(os.path.join(workspace.root, path))
        return there and workspace.as_written(path) == data
    except WhypinError:
        return False


def _links(workspace: Workspace, project: Project, records: str) -> Iterator[tuple[str, str]]:
    """Yield what the project is read through that leads elsewhere below the root, and where to."""
    read = [lock.path for lock in project.locks] + [manifest.path for manifest in project.manifests]
    found = dict.fromkeys([records, *read, *(record.path for record in project.records)])
    for path, real in _real(workspace.root, found).items():
        if real != path and not real.startswith("../"):
            yield path, real


def _real(root: str, paths: Iterable[str]) -> dict[str, str]:
    """Return where paths lead in the end, links followed, relative to the root as they are."""
    top = os.path.realpath(root)
    folders: dict[str, str] = {}
    found: dict[str, str] = {}
    for path in paths:
        folder, _, name = normpath(path).rpartition("/")
        if folder not in folders:
            folders[folder] = os.path.relpath(os.path.realpath(os.path.join(top, folder)), top).replace(os.sep, "/")
        real = normpath(f"{folders[folder]}/{name}")
        if os.path.islink(os.path.join(top, real)):
            real = os.path.relpath(os.path.realpath(os.path.join(top, real)), top).replace(os.sep, "/")
        found[path] = real if real != normpath(path) else path
    return found


def _held(root: str, meant: Mapping[str, str | None]) -> dict[str, bytes | None]:
    """Return the bytes of blobs by path; raises WhypinError for one that cannot be read."""
    names = sorted({blob for blob in meant.values() if blob is not None})
    held = {blob.name: blob for blob in blobs(root, names, MAX_BYTES)}
    found: dict[str, bytes | None] = {}
    for path, name in meant.items():
        blob = held[name] if name is not None else None
        if blob is not None and blob.size < 0:
            message = f"git lacks {path} as it was at the base: the clone is partial, or damaged"
            raise WhypinError(message, hint="clone it without --filter")
        if blob is not None and locks.is_candidate(path):
            check_size(blob.size, path)
        found[path] = blob.data if blob is not None else None
    return found


def _is_read(path: str, records: str) -> bool:
    """Whether a file may belong to a project: a lock, a manifest, what these include, or a record."""
    return (
        locks.is_candidate(path)
        or manifests.format_of(path) is not None
        or path.endswith((".txt", ".in"))
        or (path.endswith((".yaml", ".yml")) and _is_inside(path, records))
    )


def _is_inside(path: str, records: str) -> bool:
    """Whether a path lies in the folder of the records, hidden places aside."""
    if records in ("", "."):
        return not path.startswith(".") and "/." not in path
    return path.startswith(f"{records}/") and "/." not in path[len(records) :]


class Snapshot(Workspace):
    """A workspace at a commit; `contents` holds what has changed since: the bytes then, None for what was not there."""

    def __init__(self, now: Workspace, contents: Mapping[str, bytes | None], commit: str) -> None:
        super().__init__(now.root)
        self._now = now
        self._contents = contents
        self._commit = commit

    def before(self, project: Project, chosen: Sequence[str], settings: Settings) -> Project:
        """Return the project of that commit, judged by the settings of today; its manifests are not told.

        Its own `settings` say where the records were.
        """
        return Project(
            today=project.today,
            records=self._records_before(project, settings),
            locks=self._locks_before(project, chosen),
            settings=project.settings,
            exemptions=self._exemptions_before(project, settings),
        )

    def _exemptions_before(self, project: Project, settings: Settings) -> Exemptions:
        path = normpath(f"{settings.records}/{EXEMPTIONS}")
        if settings.records == project.settings.records and path not in self._contents:
            return project.exemptions
        try:
            return self.exemptions(settings)
        except WhypinError as error:
            self._fail(error)

    def _records_before(self, project: Project, settings: Settings) -> list[Record]:
        """Return the records of the commit; what was none then decided nothing.

        Git tells neither what has changed in a submodule, nor what it ignores: none of that was there.
        """
        from whypin.records.read import read

        folder, known = settings.records, project.records
        if folder != project.settings.records:
            there = os.path.isdir(os.path.join(self.root, folder))
            known = tuple(self._now.records(settings)[0]) if there else ()
        real = _real(self.root, (record.path for record in known if record.path not in self._contents))
        held = tracked(self.root, self._commit, {path.rpartition("/")[0] for path in real.values()})
        found = [record for record in known if real.get(record.path) in held]
        for path, data in self._contents.items():
            if data is not None and path.endswith(".yaml") and _is_inside(path, folder):
                if path.endswith(f"/{EXEMPTIONS}"):
                    continue
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
        path = normpath(path)
        return self._contents[path] is not None if path in self._contents else super()._is_file(path)

    def as_written(self, path: str) -> bytes:
        """Return the bytes of a file at the commit; raises WhypinError where it was not there."""
        if normpath(path) not in self._contents:
            return super().as_written(path)
        data = self._contents[normpath(path)]
        if data is None:
            raise WhypinError("was not there, or is too large to be read", Location(path))
        return data
