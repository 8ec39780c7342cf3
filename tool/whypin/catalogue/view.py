"""A project as readers ask about it: by package across all locks, and by decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from whypin.catalogue import prose
from whypin.catalogue.kin import Kin
from whypin.catalogue.timeline import Past
from whypin.model import glob, lifecycle
from whypin.model.advisory import Unchecked
from whypin.model.alert import Standing, standings
from whypin.model.audit import ordered
from whypin.model.debt import Debt
from whypin.model.finding import Finding
from whypin.model.lock import Entry
from whypin.model.manifest import Override, Requirement
from whypin.model.project import Package, Project, State, Verdict, entry_key, named_in
from whypin.model.record import ExitCriterion, Record

#: A package in several locks stands as it stands in the worst of them.
WORST_FIRST: tuple[State, ...] = ("undecided", "exempt", "decided", "not-required")


class Options(NamedTuple):
    """What a site chooses: the catalogue's title and folder, and where packages are described (`{name}`, `{version}`).

    Without a `package_url` no page links to one. `source_url` is where files are shown (`{path}`, `{line}`), and
    `edit_url` where they are edited (`{path}`).
    """

    title: str = "Catalogue"
    folder: str = "catalogue"
    package_url: str = "https://deps.dev/pypi/{name}/{version}"
    source_url: str = ""
    edit_url: str = ""


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
    def oldest_upload(self) -> date | None:
        """The day on which the oldest of its locked versions was published, where a lock tells."""
        days = [day for entry in self.entries if (day := _day(entry.uploaded)) is not None]
        return min(days, default=None)

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

    def __init__(
        self,
        project: Project,
        findings: Sequence[Finding],
        options: Options,
        debt: Debt | None = None,
        past: Past | None = None,
        render: prose.Render = prose.render,
    ) -> None:
        self.project = project
        self.findings = tuple(findings)
        self.options = options
        self.debt = debt
        self.past = past
        #: How the Markdown of records becomes HTML.
        self.prose = render

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

    def records_about(self, name: str) -> Sequence[Record]:
        """Return all decisions that name the package, the newest first."""
        return self._by_name.get(name, ())

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

    @cached_property
    def alerts(self) -> dict[str, list[Standing]]:
        """From package to what the advisories about it come to, what is to be done first before the rest."""
        found: dict[str, list[Standing]] = {}
        for row in ordered(standings(self.project)):
            found.setdefault(entry_key(row.hit.entry), []).append(row)
        return found

    @cached_property
    def unchecked(self) -> dict[str, list[Unchecked]]:
        """From package to what of it could not be held against the advisories, or not against all."""
        found: dict[str, list[Unchecked]] = {}
        for one in self.project.advisories.unchecked if self.project.advisories is not None else ():
            found.setdefault(entry_key(one.entry), []).append(one)
        return found

    @cached_property
    def kin(self) -> Kin:
        """Who needs whom."""
        return Kin(self.project)

    def declared(self, name: str) -> Sequence[Requirement]:
        """Return the requirements of the manifests that ask for a package."""
        return self._declared.get(name, ())

    @cached_property
    def _declared(self) -> dict[str, list[Requirement]]:
        found: dict[str, list[Requirement]] = {}
        for manifest in self.project.manifests:
            for requirement in manifest.requirements:
                found.setdefault(requirement.key, []).append(requirement)
        return found

    def overrides(self, name: str) -> Sequence[Override]:
        """Return what the tools are told about a package beside the requirements."""
        return self._overrides.get(name, ())

    @cached_property
    def _overrides(self) -> dict[str, list[Override]]:
        found: dict[str, list[Override]] = {}
        for manifest in self.project.manifests:
            for override in manifest.overrides:
                found.setdefault(override.requirement.key, []).append(override)
        return found

    def owners(self, subject: Subject) -> tuple[str, ...]:
        """Return who answers for a package: its owners as the settings have them, else those who decided."""
        return self._owners(subject.name) or tuple(
            dict.fromkeys(decider for record in subject.records for decider in record.deciders)
        )

    def _owners(self, name: str) -> tuple[str, ...]:
        pattern = glob.first_match(self.project.settings.owners, name) if self.project.settings.owners else None
        return self.project.settings.owners[pattern] if pattern is not None else ()

    def met(self, record: Record) -> Mapping[ExitCriterion, str]:
        """Return the exit criteria of a decision that are met, each with by what; none where it is not in force."""
        return self._met.get(record.id, {})

    @cached_property
    def _met(self) -> dict[str, dict[ExitCriterion, str]]:
        found: dict[str, dict[ExitCriterion, str]] = {}
        for record in self.in_force:
            for one in record.exit_criteria:
                if by := lifecycle.met_by(self.project, record, one):
                    found.setdefault(record.id, {})[one] = by
        return found

    @cached_property
    def _in_force(self) -> frozenset[str]:
        return frozenset(record.id for record in self.in_force)

    @cached_property
    def in_force(self) -> tuple[Record, ...]:
        """The decisions in force for anything that they name."""
        return tuple(lifecycle.in_force(self.project))

    def is_in_force(self, record: Record) -> bool:
        """Whether a decision is in force for anything that it names."""
        return record.id in self._in_force

    def is_due(self, record: Record) -> bool:
        """Whether a decision in force has to be looked at again."""
        due = self.review_by(record)
        return record.id in self._in_force and due is not None and due <= self.project.today

    @cached_property
    def gone(self) -> dict[str, list[Record]]:
        """Every package that decisions speak of and no lock holds, with them, the newest first."""
        return {name: self._by_name[name] for name in sorted(self._by_name) if name not in self.subjects}


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


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
