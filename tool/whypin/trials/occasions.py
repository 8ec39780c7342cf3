"""What has come due, and which packages are to be tried for it: records that share packages go together. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from whypin.model.lifecycle import Due, exits, reviews
from whypin.model.lock import Entry, Lock
from whypin.model.project import Project
from whypin.model.record import Record
from whypin.model.trial import Occasion

_LockKey = tuple[str, str]


def occasions(project: Project) -> list[Occasion]:
    """Return what has come due by the project's day, in the order of the records: reviews, and exit criteria met.

    One occasion is about the packages of one lock, or of the requirements files of one folder.
    """
    causes = _causes(project)
    by_name: dict[tuple[_LockKey, str], _Group] = {}
    unfit: list[Occasion] = []
    for record in project.records:
        if record.id in causes:
            locked = _locked(project, record)
            for key, (paths, packages) in locked.items():
                group = _Group([record], paths, packages)
                group.take(by_name[key, name] for name in packages if (key, name) in by_name)
                by_name.update(((key, name), group) for name in group.packages)
            if not locked:
                unfit.append(Occasion((record,), tuple(causes[record.id]), (), {}, _why_not(project, record)))
    position = {record.id: at for at, record in enumerate(project.records)}
    groups = {id(group): group for group in by_name.values()}.values()
    found = [group.occasion(causes, position) for group in groups]
    return sorted([*found, *unfit], key=lambda one: (position[one.records[0].id], one.locks))


def _causes(project: Project) -> dict[str, list[Due]]:
    """Return for each record that has come due of what."""
    found: dict[str, list[Due]] = {}
    for due in (*reviews(project), *exits(project)):
        if due.day <= project.today and due.record is not None:
            found.setdefault(due.record, []).append(due)
    return found


class _Group:
    """Records that share packages of the same locks."""

    def __init__(self, records: list[Record], paths: dict[str, None], packages: dict[str, tuple[str, ...]]) -> None:
        self.records, self.paths, self.packages = records, paths, packages

    def take(self, others: Iterable[_Group]) -> None:
        """Take in other groups, each once."""
        for other in {id(other): other for other in others}.values():
            self.records += other.records
            self.paths |= other.paths
            self.packages |= other.packages

    def occasion(self, causes: Mapping[str, Sequence[Due]], position: Mapping[str, int]) -> Occasion:
        """Return the group as it is tried."""
        records = sorted(self.records, key=lambda record: position[record.id])
        told = tuple(due for record in records for due in causes[record.id])
        return Occasion(tuple(records), told, tuple(self.paths), self.packages)


def _locked(project: Project, record: Record) -> dict[_LockKey, tuple[dict[str, None], dict[str, tuple[str, ...]]]]:
    """Return for each place that is locked by one command: its locks, and the packages with their versions."""
    found: dict[_LockKey, tuple[dict[str, None], dict[str, tuple[str, ...]]]] = {}
    for lock in project.locks_in_scope(record):
        for name, entries in _entries(project, record, lock):
            versions = tuple(entry.version for entry in entries if _can_be_tried(entry) and entry.version)
            if versions:
                paths, packages = found.setdefault(_key(lock), ({}, {}))
                paths[lock.path] = None
                packages[name] = tuple(dict.fromkeys((*packages.get(name, ()), *versions)))
    return found


def _entries(project: Project, record: Record, lock: Lock) -> Iterator[tuple[str, list[Entry]]]:
    for name in record.packages:
        if project.is_active(record, name) and not name.startswith("conda:"):
            yield name, list(project.entries_of(lock, name))


def _can_be_tried(entry: Entry) -> bool:
    return entry.source == "registry" and not entry.member


def _key(lock: Lock) -> _LockKey:
    folder = lock.path.rpartition("/")[0]
    return (lock.format, folder) if lock.format == "requirements" else (lock.format, lock.path)


def _why_not(project: Project, record: Record) -> str:
    if not record.packages:
        return "it names no package"
    if all(name.startswith("conda:") for name in record.packages):
        return "conda packages cannot be tried"
    if any(entries for lock in project.locks_in_scope(record) for _, entries in _entries(project, record, lock)):
        return "what it names comes from elsewhere than an index"
    return "nothing that it names is locked any more"
