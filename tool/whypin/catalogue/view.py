"""A project as readers ask about it: by package across all locks, and by decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from whypin.model.finding import Finding
from whypin.model.lock import Entry
from whypin.model.project import Package, Project, State, Verdict, entry_key, named_in
from whypin.model.record import Record

#: A package in several locks stands as it stands in the worst of them.
WORST_FIRST: tuple[State, ...] = ("undecided", "exempt", "decided", "not-required")


class Options(NamedTuple):
    """What a site chooses: the catalogue's title and folder, and where packages are described (`{name}`, `{version}`).

    Without a `package_url` no page links to one.
    """

    title: str = "Catalogue"
    folder: str = "catalogue"
    package_url: str = "https://deps.dev/pypi/{name}/{version}"


class Subject(NamedTuple):
    """One package with its entries in every lock, and what the active decisions say of it, the most exact first."""

    name: str
    packages: tuple[Package, ...]
    records: tuple[Record, ...]

    @property
    def state(self) -> State:
        """The state in the worst of its locks."""
        return min((package.state for package in self.packages), key=WORST_FIRST.index)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its entries in every lock."""
        return tuple(entry for package in self.packages for entry in package.entries)

    @property
    def versions(self) -> tuple[str, ...]:
        """The locked versions, each once."""
        return tuple(dict.fromkeys(version for package in self.packages for version in package.versions))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that reach it, each once."""
        return tuple(dict.fromkeys(group for package in self.packages for group in package.groups))

    @property
    def direct(self) -> bool:
        """Whether the project itself declares it."""
        return any(package.direct for package in self.packages)

    @property
    def required(self) -> str | None:
        """Why the policy asks for a decision, or None where it doesn't."""
        return next((package.required for package in self.packages if package.required), None)


class View:
    """Everything that the pages ask of a project."""

    def __init__(self, project: Project, findings: Sequence[Finding], options: Options) -> None:
        self.project = project
        self.findings = tuple(findings)
        self.options = options

    @cached_property
    def subjects(self) -> dict[str, Subject]:
        """Every locked package by name, in the order of names; the project's own members are none."""
        packages: dict[str, list[Package]] = {}
        for package in self.project.packages:
            if not package.member:
                packages.setdefault(package.name, []).append(package)
        return {name: Subject(name, tuple(packages[name]), _ranked(packages[name])) for name in sorted(packages)}

    @cached_property
    def newest_first(self) -> tuple[Record, ...]:
        """All decisions, the newest first."""
        return tuple(sorted(self.project.records, key=lambda record: (record.date, record.id), reverse=True))

    def other_records(self, subject: Subject) -> list[Record]:
        """Return the decisions that name the package but say nothing of what is locked, the newest first."""
        in_force = {record.id for record in subject.records}
        return [record for record in self._by_name.get(subject.name, ()) if record.id not in in_force]

    @cached_property
    def _by_name(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for record in self.newest_first:
            for name in record.packages:
                found.setdefault(name, []).append(record)
        return found

    def standing(self, record: Record, name: str | None = None) -> str:
        """Return the status of a decision, as a whole or for one package: `superseded` where others replace it."""
        if record.status != "accepted":
            return record.status
        named = named_in(record) if name is None else [name]
        return "superseded" if all((record.id, one) in self.project.superseded for one in named) else "accepted"

    def successors(self, record: Record) -> list[Record]:
        """Return the accepted decisions that replace this one, for some of what it names or all."""
        ids = dict.fromkeys(self.project.superseded.get((record.id, name)) for name in named_in(record))
        return [self.project.record_by_id[found] for found in ids if found is not None]

    def review_by(self, record: Record) -> date | None:
        """Return the day on which a decision falls due for review; None means never."""
        return self.project.review_due(record)

    def findings_of_package(self, name: str) -> Sequence[Finding]:
        """Return the findings about a package."""
        return self._findings.get(("package", name), ())

    def findings_of_record(self, record: Record) -> Sequence[Finding]:
        """Return the findings about a decision."""
        return self._findings.get(("record", record.id), ())

    @cached_property
    def _findings(self) -> dict[tuple[str, str | None], list[Finding]]:
        found: dict[tuple[str, str | None], list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(("package", finding.package), []).append(finding)
            found.setdefault(("record", finding.record), []).append(finding)
        return found

    def needed_by(self, subject: Subject) -> list[Entry]:
        """Return the entries that need the package directly, one for each name and version."""
        parents = (parent for entry in subject.entries for parent in self._parents.get(id(entry), ()))
        return _each_once(subject.name, parents)

    def needs(self, subject: Subject) -> list[Entry]:
        """Return the entries that the package needs directly, one for each name and version."""
        children = (
            package.lock.entries[position]
            for package in subject.packages
            for entry in package.entries
            for edge in entry.edges or ()
            for position in edge.targets
        )
        return _each_once(subject.name, children)

    @cached_property
    def _parents(self) -> dict[int, list[Entry]]:
        """From the identity of an entry to those that need it: hashing entries with all their edges takes too long."""
        parents: dict[int, list[Entry]] = {}
        for lock in self.project.locks:
            for entry in lock.entries:
                for edge in entry.edges or ():
                    for position in edge.targets:
                        parents.setdefault(id(lock.entries[position]), []).append(entry)
        return parents


def _ranked(packages: Iterable[Package]) -> tuple[Record, ...]:
    """Return the active records of a package: those that name versions before ranges, then the newer first."""
    verdicts = [verdict for package in packages for verdict in package.verdicts]
    verdicts.sort(key=lambda verdict: (verdict.record.date, verdict.record.id), reverse=True)
    verdicts.sort(key=_looseness)
    return tuple({verdict.record.id: verdict.record for verdict in verdicts}.values())


def _looseness(verdict: Verdict) -> int:
    items = verdict.record.packages[verdict.package]
    if not all(item.bounded for item in items):
        return 2
    return 0 if all(item.version is not None for item in items) else 1


def _each_once(name: str, entries: Iterable[Entry]) -> list[Entry]:
    found = {(entry.member, entry_key(entry), entry.version or ""): entry for entry in entries}
    return [found[key] for key in sorted(found) if key[1] != name]
