"""A project as read: records, locks, settings and the day; and what follows from them.

Everything here is derived once and kept: rules, reports and pages all ask the same questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

from whypin.model import glob
from whypin.model.location import Location
from whypin.model.lock import Entry, Lock
from whypin.model.manifest import Manifest
from whypin.model.policy import required_by
from whypin.model.record import Record
from whypin.model.settings import Settings
from whypin.model.tree import Problem
from whypin.model.version import accepted_by

Mismatch = Literal["version", "fork", "stack"]
State = Literal["decided", "exempt", "undecided", "not-required"]


class InvalidRecord(NamedTuple):
    """A file among the records that is not one, and why."""

    path: str
    problems: tuple[Problem, ...]


class Verdict(NamedTuple):
    """What one active record says of one package in one lock: `accepted` tells it entry by entry."""

    record: Record
    package: str
    lock: Lock
    entries: tuple[Entry, ...]
    accepted: tuple[bool, ...]

    @property
    def rejected(self) -> tuple[Entry, ...]:
        """The entries that the record does not accept."""
        return tuple(entry for entry, good in zip(self.entries, self.accepted, strict=True) if not good)

    @property
    def rejected_versions(self) -> str:
        """The versions that the record does not accept, each once, for people."""
        return ", ".join(dict.fromkeys(entry.version or "without a version" for entry in self.rejected))

    @property
    def fits(self) -> bool:
        """Whether the record accepts every entry."""
        return all(self.accepted)

    @property
    def decides(self) -> bool:
        """Whether the record decides the package here: it accepts every entry, and every item is bounded."""
        return self.fits and all(item.bounded for item in self.record.packages[self.package])


class Package(NamedTuple):
    """One package of one lock with all its entries, and how it stands.

    `name` is as records write it (`conda:NAME` for a conda package); `required` is the reason why the policy asks
    for a decision, or None.
    """

    name: str
    lock: Lock
    entries: tuple[Entry, ...]
    verdicts: tuple[Verdict, ...]
    required: str | None
    exempt: bool

    @property
    def state(self) -> State:
        """The state of the package; the first that holds."""
        if self.rejected:
            return "undecided"
        if any(verdict.decides for verdict in self.verdicts):
            return "decided"
        if self.exempt:
            return "exempt"
        return "undecided" if self.required else "not-required"

    @property
    def rejected(self) -> bool:
        """Whether an active record rejects one of its entries."""
        return any(not verdict.fits for verdict in self.verdicts)

    @property
    def location(self) -> Location:
        """Where the package stands first in its lock."""
        return self.entries[0].location

    @property
    def versions(self) -> tuple[str, ...]:
        """The locked versions, each once, in the order of the file."""
        return tuple(dict.fromkeys(entry.version or "(no version)" for entry in self.entries))

    @property
    def direct(self) -> bool:
        """Whether the project itself declares it."""
        return any(entry.direct for entry in self.entries)

    @property
    def member(self) -> bool:
        """Whether it is the project's own."""
        return any(entry.member for entry in self.entries)

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that reach it, each once."""
        return tuple(dict.fromkeys(group for entry in self.entries for group in entry.groups))


Exemptions = Mapping[str, Mapping[str, tuple[str, ...]]]


def entry_key(entry: Entry) -> str:
    """Return the name by which records speak of an entry."""
    return f"conda:{entry.name}" if entry.source == "conda" else entry.name


def named_in(record: Record) -> list[str]:
    """Return what a record is about: its packages, and its artifacts as `artifact:NAME`."""
    return [*record.packages, *(f"artifact:{artifact.name}" for artifact in record.artifacts)]


class Project:
    """Everything that was read about one project on one day."""

    def __init__(
        self,
        *,
        today: date,
        records: Sequence[Record] = (),
        invalid_records: Sequence[InvalidRecord] = (),
        locks: Sequence[Lock] = (),
        manifests: Sequence[Manifest] = (),
        settings: Settings | None = None,
        exemptions: Exemptions | None = None,
    ) -> None:
        self.today = today
        self.records = tuple(records)
        self.invalid_records = tuple(invalid_records)
        self.locks = tuple(locks)
        self.manifests = tuple(manifests)
        self.settings = settings or Settings()
        self.exemptions = exemptions or {}

    @cached_property
    def record_by_id(self) -> dict[str, Record]:
        """Every valid record by its id."""
        return {record.id: record for record in self.records}

    @cached_property
    def superseded(self) -> dict[tuple[str, str], str]:
        """From (record id, package or `artifact:NAME`) to the id of the accepted record that replaces it there."""
        return {
            (old, package): record.id
            for record in self.records
            if record.status == "accepted"
            for old in record.supersedes
            if old != record.id
            for package in named_in(record)
        }

    def is_active(self, record: Record, package: str) -> bool:
        """Whether the record is in force for the package."""
        return record.status == "accepted" and (record.id, package) not in self.superseded

    @cached_property
    def active(self) -> tuple[tuple[Record, str], ...]:
        """Every (record, package) in force, in the order of the records."""
        return tuple(
            (record, name) for record in self.records for name in record.packages if self.is_active(record, name)
        )

    @cached_property
    def active_by_package(self) -> dict[str, list[Record]]:
        """From package to the records in force for it."""
        records: dict[str, list[Record]] = {}
        for record, name in self.active:
            records.setdefault(name, []).append(record)
        return records

    def locks_in_scope(self, record: Record) -> Iterable[Lock]:
        """Return the locks that the record speaks of."""
        if not record.locks:
            return self.locks
        return [lock for lock in self.locks if glob.first_match(record.locks, lock.path) is not None]

    @cached_property
    def _entries(self) -> dict[str, dict[str, list[Entry]]]:
        """From lock path and package key to the entries, in the order of the file."""
        index: dict[str, dict[str, list[Entry]]] = {}
        for lock in self.locks:
            found: dict[str, list[Entry]] = {}
            for entry in lock.entries:
                found.setdefault(entry_key(entry), []).append(entry)
            index[lock.path] = found
        return index

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What every active record says of its packages, in every lock in its scope that has them."""
        verdicts: list[Verdict] = []
        for record, name in self.active:
            items = record.packages[name]
            for lock in self.locks_in_scope(record):
                entries = self._entries[lock.path].get(name)
                if entries:
                    accepted = tuple([any(accepted_by(items, entry.version, entry.index)) for entry in entries])
                    verdicts.append(Verdict(record, name, lock, tuple(entries), accepted))
        return tuple(verdicts)

    @cached_property
    def mismatches(self) -> tuple[tuple[Mismatch, Verdict], ...]:
        """Every verdict that rejects an entry, and what kind of mismatch it is.

        `fork`: the record accepts other entries of the package; `stack`: it accepts another package of the same lock
        whole; else `version`.
        """
        return tuple(
            ("fork" if any(verdict.accepted) else "stack" if self.accepted_beside(verdict) else "version", verdict)
            for verdict in self.verdicts
            if not verdict.fits
        )

    def accepted_beside(self, verdict: Verdict) -> Sequence[str]:
        """Return the packages of the same lock that the verdict's record accepts whole."""
        return self._accepted.get((verdict.record.id, verdict.lock.path), ())

    @cached_property
    def _accepted(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for verdict in self.verdicts:
            if verdict.fits:
                found.setdefault((verdict.record.id, verdict.lock.path), []).append(verdict.package)
        return found

    @cached_property
    def packages(self) -> tuple[Package, ...]:
        """Every package of every lock, in the order of the files."""
        verdicts: dict[tuple[str, str], list[Verdict]] = {}
        for verdict in self.verdicts:
            verdicts.setdefault((verdict.lock.path, verdict.package), []).append(verdict)
        return tuple(
            Package(
                name,
                lock,
                tuple(entries),
                tuple(verdicts.get((lock.path, name), ())),
                required_by(self.settings, lock.path, name, entries),
                self._is_exempt(lock.path, name, entries),
            )
            for lock in self.locks
            for name, entries in self._entries[lock.path].items()
        )

    def versions_elsewhere(self, package: Package) -> bool:
        """Whether another lock holds other versions of the package: a record for all locks would reject one of them."""
        return len(self._versions_by_name[package.name]) > 1

    @cached_property
    def _versions_by_name(self) -> dict[str, set[tuple[str, ...]]]:
        found: dict[str, set[tuple[str, ...]]] = {}
        for package in self.packages:
            found.setdefault(package.name, set()).add(package.versions)
        return found

    def _is_exempt(self, lock: str, name: str, entries: Iterable[Entry]) -> bool:
        versions = self.exemptions.get(lock, {}).get(name)
        return versions is not None and all(entry.version in versions for entry in entries)
