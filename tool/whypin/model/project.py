"""A project as read: records, locks, settings and the day; and what follows from them.

Everything here is derived once and kept: rules, reports and pages all ask the same questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from whypin.model import glob
from whypin.model.location import Location
from whypin.model.lock import Entry, Lock
from whypin.model.manifest import Manifest, Requirement
from whypin.model.policy import is_production, required_by
from whypin.model.record import Record
from whypin.model.settings import Settings
from whypin.model.tree import Problem
from whypin.model.version import accepted_by

if TYPE_CHECKING:
    from whypin.model.advisory import Alerts
    from whypin.model.move import Move
    from whypin.model.staleness import Pair, Stale, Terms

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


class PlacedExemptions(dict[str, Mapping[str, tuple[str, ...]]]):
    """Exemptions as read from their file: `place(lock, name)` tells where one stands."""

    def __init__(self, exemptions: Exemptions, place: Callable[[str, str], Location]) -> None:
        super().__init__(exemptions)
        self.place = place


def entry_key(entry: Entry) -> str:
    """Return the name by which records speak of an entry."""
    return f"conda:{entry.name}" if entry.source == "conda" else entry.name


def _is_same(old: Record | None, new: Record) -> bool:
    """Whether two readings of a record say the same, wherever its file is."""
    return old is not None and old._replace(tree=new.tree, path=new.path) == new


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
        files: Mapping[str, str | Problem] | None = None,
        partial: bool = False,
        unused_excludes: Sequence[str] = (),
        base: Project | None = None,
        advisories: Alerts | None = None,
    ) -> None:
        self.today = today
        self.records = tuple(records)
        self.invalid_records = tuple(invalid_records)
        self.locks = tuple(locks)
        self.manifests = tuple(manifests)
        self.settings = settings or Settings()
        self.exemptions = exemptions or {}
        self._pairs: dict[str, list[Pair]] = {}
        #: The files that artifacts name, by the path as the record writes it: the text, or why it cannot be read.
        self.files = files or {}
        #: Whether only some of the locks were read, as the user asked: what is not among them may still be there.
        self.partial = partial
        #: The globs under `exclude` that kept nothing from being read.
        self.unused_excludes = tuple(unused_excludes)
        #: The project before the change that is looked at, where one is.
        self.base = base
        #: What advisories say of the locks; None where none were asked for.
        self.advisories = advisories

    @cached_property
    def moves(self) -> Mapping[tuple[str, str], Move]:
        """From lock path and package to what the change did to it; empty where there is no base."""
        if self.base is None:
            return {}
        from whypin.model.move import moves

        return {(move.lock, move.name): move for move in moves(self.base, self)}

    def move_of(self, lock: Lock, name: str) -> Move | None:
        """Return what the change did to a package of a lock, None where nothing, or where there is no base."""
        return self.moves.get((lock.path, name)) if self.base is not None else None

    @cached_property
    def written(self) -> tuple[Record, ...]:
        """The records that the change added or edited; none where there is no base."""
        if self.base is None:
            return ()
        before = {record.id: record for record in self.base.records}
        return tuple(record for record in self.records if not _is_same(before.get(record.id), record))

    def concerns(self, record: Record) -> bool:
        """Whether a record is this change's business: it moves a package of it, or edits it. All are without a base."""
        if self.base is None:
            return True
        return not self._moved_names.isdisjoint(record.packages) or record.id in self._written_ids

    @cached_property
    def _moved_names(self) -> frozenset[str]:
        return frozenset(name for _, name in self.moves)

    @cached_property
    def _written_ids(self) -> frozenset[str]:
        return frozenset(record.id for record in self.written)

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

    def review_due(self, record: Record) -> date | None:
        """Return the day on which a decision falls due for review; None means never."""
        if record.review_by is not None:
            return None if record.review_by == "never" else record.review_by
        try:
            return record.date + timedelta(days=self.settings.policy.review_after_days)
        except OverflowError:
            return None

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

    def entries_of(self, lock: Lock, name: str) -> Sequence[Entry]:
        """Return the entries of a package, by the name that records use, in one of the project's locks."""
        return self._entries[lock.path].get(name, ())

    def exemption_place(self, lock: str, name: str) -> Location:
        """Return where an exemption stands."""
        if isinstance(self.exemptions, PlacedExemptions):
            return self.exemptions.place(lock, name)
        return Location(f"{self.settings.records}/exemptions.yaml")

    @cached_property
    def _lock_by_path(self) -> dict[str, Lock]:
        return {lock.path: lock for lock in self.locks}

    def locks_of(self, manifest: Manifest) -> list[Lock]:
        """Return the locks that fix the manifest's requirements."""
        return [self._lock_by_path[path] for path in manifest.locks if path in self._lock_by_path]

    def pairs_of(self, manifest: Manifest) -> Sequence[Pair]:
        """Return the manifest together with each lock that fixes it."""
        if manifest.path not in self._pairs:
            from whypin.model.staleness import Pair

            self._pairs[manifest.path] = [
                Pair(manifest, lock, self._entries[lock.path], self._terms[lock.path])
                for lock in self.locks_of(manifest)
            ]
        return self._pairs[manifest.path]

    @cached_property
    def _terms(self) -> dict[str, Terms]:
        """From the path of a lock to what it was made under, as the manifests tell that it fixes."""
        from whypin.model.staleness import terms_of

        fixed: dict[str, list[Manifest]] = {}
        for manifest in self.manifests:
            for path in manifest.locks:
                fixed.setdefault(path, []).append(manifest)
        return {path: terms_of(path, found) for path, found in fixed.items()}

    def is_fixed(self, manifest: Manifest, requirement: Requirement) -> bool:
        """Whether a lock fixes the requirement's package, or rightly leaves it out."""
        return any(pair.fixes(requirement) for pair in self.pairs_of(manifest))

    def is_own(self, manifest: Manifest, requirement: Requirement) -> bool:
        """Whether the requirement is of a source tree of the project itself: nobody chooses its version."""
        return requirement.tree or any(pair.is_own(requirement) for pair in self.pairs_of(manifest))

    @cached_property
    def unfixed(self) -> tuple[tuple[Manifest, Requirement], ...]:
        """Every requirement of an index or channel that goes to production and that no lock fixes, each place once."""
        found = {
            (requirement.location, requirement.key): (manifest, requirement)
            for manifest in self.manifests
            for requirement in manifest.requirements
            if requirement.url is None
            and not requirement.tree
            and is_production((requirement.group,), self.settings.policy)
            and not self.is_fixed(manifest, requirement)
        }
        return tuple(found.values())

    def explains(self, manifest: Manifest, package: str) -> list[Record]:
        """Return the records in force that may explain what a manifest says of a package: those for its locks."""
        return [
            record
            for record in self.active_by_package.get(package, ())
            if not record.locks
            or not manifest.locks
            or any(glob.first_match(record.locks, path) is not None for path in manifest.locks)
        ]

    @cached_property
    def stale(self) -> tuple[Stale, ...]:
        """Every requirement that a lock of its manifest does not hold, or holds outside its specifier."""
        return tuple(found for manifest in self.manifests for pair in self.pairs_of(manifest) for found in pair.stale)

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
