"""Everything that a project knows about one package: where it is locked, who decided what, and what leads to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from posixpath import normpath
from typing import Literal, NamedTuple

from whypin.model.advisory import Unchecked
from whypin.model.alert import Standing, standings
from whypin.model.ancestry import Ancestry, trace
from whypin.model.audit import ordered
from whypin.model.location import Location
from whypin.model.manifest import Manifest, Override, Requirement
from whypin.model.names import normalise, record_key
from whypin.model.policy import Demand, demanded
from whypin.model.project import Package, Project, entry_key
from whypin.model.record import Artifact, Attempt, Option, Record
from whypin.model.version import accepted_by, to_version

#: A pattern that stands in more places than these is too short to tell anything.
_MOST_PLACES = 20

#: Names of an index, and of conda, which may begin with an underscore.
_NAME = re.compile(r"(?:conda:)?[a-z0-9_][a-z0-9._-]{0,199}\Z", re.ASCII | re.IGNORECASE)

Answer = Literal["accepts", "rejects"]


class Question(NamedTuple):
    """What was asked: a package by the name that records write, or an artifact; perhaps one version of it."""

    name: str
    version: str | None = None


class Holding(NamedTuple):
    """One lock that holds the package.

    `demand` is what the policy asks there and `asked_at` the setting that says so, where one does. `declared` and
    `overrides` are what the manifests say of it that the lock fixes.
    """

    package: Package
    demand: Demand
    asked_at: Location | None
    declared: tuple[Requirement, ...]
    overrides: tuple[Override, ...]
    ancestry: Ancestry


class Decision(NamedTuple):
    """A record in force for the package; `review_by` is None where it never falls due.

    `decides` and `rejects` are the paths of the locks where it does so; elsewhere it accepts what is locked without
    deciding it, or says nothing.
    """

    record: Record
    review_by: date | None
    decides: tuple[str, ...]
    accepts: tuple[str, ...]
    rejects: tuple[str, ...]


class AskedVersion(NamedTuple):
    """The one version that was asked about: the paths of the locks that hold it, and what the records say of it."""

    version: str
    locked: tuple[str, ...]
    answers: tuple[tuple[Record, Answer], ...]
    attempts: tuple[tuple[Record, Attempt], ...]
    options: tuple[tuple[Record, Option], ...]


class Stated(NamedTuple):
    """An artifact of that name; `places` are where its file holds a version, with the version and whether it is right.

    `problem` is why that is not known. Both are empty where the record names no file: then nothing verifies it.
    """

    record: Record
    artifact: Artifact
    active: bool
    places: tuple[tuple[Location, str, bool], ...]
    problem: str


class Explanation(NamedTuple):
    """What is known about one package, or an artifact of the same name.

    `others` are the records about it that are not in force. `attempts` are those of all records, the newest first.
    `alerts` and `unchecked` are what the project's advisories say of it; both are empty without any.
    """

    question: Question
    holdings: tuple[Holding, ...]
    decisions: tuple[Decision, ...]
    others: tuple[Record, ...]
    attempts: tuple[tuple[Record, Attempt], ...]
    artifacts: tuple[Stated, ...]
    about_version: AskedVersion | None
    project: Project
    alerts: tuple[Standing, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the project knows anything of that name at all."""
        return bool(self.holdings or self.decisions or self.others or self.attempts or self.artifacts)

    @property
    def in_conda(self) -> bool:
        """Whether conda's package of the same name is locked too, beside that of an index."""
        conda = f"conda:{self.question.name}"
        return bool(self.holdings) and any(package.name == conda for package in self.project.packages)

    def replaced_by(self, record: Record) -> str | None:
        """Return the id of the record that supersedes this one for the package, or None."""
        return self.project.superseded.get((record.id, self.question.name))


def parse(text: str, project: Project) -> Question:
    """Read `NAME` or `NAME==VERSION`; raises ValueError where it is neither, nor an artifact's name."""
    if any(artifact.name == text for record in project.records for artifact in record.artifacts):
        return Question(record_key(text))
    name, operator, version = (part.strip() for part in text.partition("=="))
    if not _NAME.match(name):
        raise ValueError(f"{text!r} is not the name of a package")
    if operator:
        try:
            to_version(version)
        except ValueError:
            raise ValueError(f"{version!r} is not a version") from None
    return Question(_key(name, project), version or None)


def _key(name: str, project: Project) -> str:
    """Return the name that records write; conda tells `python_abi` from `python-abi`, which an index does not."""
    key, conda = record_key(name), record_key(f"conda:{name}") if ":" not in name else ""
    known = {package.name for package in project.packages}
    return conda if conda in known and key not in known and not _named(project, key) else key


def explain(project: Project, question: Question) -> Explanation:
    """Return what the project knows; where an index has no such package, conda's of the same name is meant."""
    locked = {package.name: package for package in project.packages}
    conda = f"conda:{question.name}"
    if question.name not in locked and not _named(project, question.name) and conda in locked:
        question = question._replace(name=conda)
    name = question.name
    records = _named(project, name)
    attempts = _attempts(project, name)
    return Explanation(
        question,
        tuple([_holding(project, package) for package in project.packages if package.name == name]),
        tuple([_decision(project, record, name) for record in records if project.is_active(record, name)]),
        tuple([record for record in records if not project.is_active(record, name)]),
        attempts,
        tuple(_artifacts(project, name)),
        _about(question.version, records, name, attempts, project) if question.version else None,
        project,
        ordered(standing for standing in standings(project) if entry_key(standing.hit.entry) == name),
        _unchecked(project, name),
    )


def _unchecked(project: Project, name: str) -> tuple[Unchecked, ...]:
    alerts = project.advisories
    return tuple([one for one in alerts.unchecked if entry_key(one.entry) == name]) if alerts is not None else ()


def names(project: Project) -> set[str]:
    """Return every name that can be asked about."""
    known = {package.name for package in project.packages}
    known.update(name for record in project.records for name in record.packages)
    known.update(artifact.name for record in project.records for artifact in record.artifacts)
    return known


def _named(project: Project, name: str) -> list[Record]:
    """Return the records about a package: those that name versions before ranges, then the newer first."""
    records = [record for record in project.records if name in record.packages]
    records.sort(key=lambda record: (record.date, record.id), reverse=True)
    return sorted(records, key=lambda record: any(item.version is None for item in record.packages[name]))


def _holding(project: Project, package: Package) -> Holding:
    manifests = [manifest for manifest in project.manifests if package.lock.path in manifest.locks]
    entries = {id(entry) for entry in package.entries}
    positions = [position for position, entry in enumerate(package.lock.entries) if id(entry) in entries]
    demand = demanded(project.settings, package.lock.path, package.name, package.entries)
    requirements = [requirement for manifest in manifests for requirement in manifest.requirements]
    return Holding(
        package,
        demand,
        project.settings.place(*demand.keys) if demand.keys and project.settings.path else None,
        tuple([requirement for requirement in requirements if requirement.key == package.name]),
        tuple(_overrides(manifests, package.name)),
        trace(package.lock, positions, requirements),
    )


def _overrides(manifests: Iterable[Manifest], name: str) -> Iterator[Override]:
    for manifest in manifests:
        yield from (override for override in manifest.overrides if override.requirement.key == name)


def _decision(project: Project, record: Record, name: str) -> Decision:
    verdicts = [verdict for verdict in project.verdicts if verdict.package == name and verdict.record.id == record.id]
    return Decision(
        record,
        project.review_due(record),
        tuple([verdict.lock.path for verdict in verdicts if verdict.decides]),
        tuple([verdict.lock.path for verdict in verdicts if verdict.fits and not verdict.decides]),
        tuple([verdict.lock.path for verdict in verdicts if not verdict.fits]),
    )


def _attempts(project: Project, name: str) -> tuple[tuple[Record, Attempt], ...]:
    """Return the attempts at a package, the newest first; of one day, the one that was logged last."""
    found = [(record, each) for record in project.records for each in record.attempts if each.package == name]
    return tuple(sorted(found, key=lambda pair: pair[1].date)[::-1])


def _artifacts(project: Project, name: str) -> Iterator[Stated]:
    """Yield the artifacts of that name: first those whose record is in force for them."""
    found = [
        _stated(project, record, artifact)
        for record in project.records
        for artifact in record.artifacts
        if normalise(artifact.name) == normalise(name)
    ]
    yield from sorted(found, key=lambda stated: not stated.active)


def _stated(project: Project, record: Record, artifact: Artifact) -> Stated:
    active = project.is_active(record, f"artifact:{artifact.name}")
    text = project.files.get(artifact.file)
    if not artifact.file or not active:
        return Stated(record, artifact, active, (), "")
    if not isinstance(text, str):
        return Stated(record, artifact, active, (), text.message if text else "there is no such file")
    from whypin.model.artifact import find, is_same

    places = [
        (
            Location(normpath(artifact.file), held.line, held.column),
            held.version,
            is_same(artifact.version, held.version),
        )
        for held in islice(find(artifact.pattern, text, artifact.version), _MOST_PLACES)
    ]
    return Stated(record, artifact, active, tuple(places), "" if places else "the pattern matches nothing in it")


def _about(
    version: str, records: Iterable[Record], name: str, attempts: Iterable[tuple[Record, Attempt]], project: Project
) -> AskedVersion:
    answers: list[tuple[Record, Answer]] = []
    options: list[tuple[Record, Option]] = []
    mention = re.compile(rf"(?<![\w.+!]){re.escape(version)}(?![\w+!]|\.\w)")
    for record in records:
        if project.is_active(record, name):
            items = [item._replace(index=None) for item in record.packages[name]]
            answers.append((record, "accepts" if any(accepted_by(items, version, None)) else "rejects"))
        options += [
            (record, one) for one in record.considered_options if mention.search(f"{one.option}\n{one.because}")
        ]
    tried = [(record, attempt) for record, attempt in attempts if _same(attempt.version, version)]
    locked = [
        package.lock.path
        for package in project.packages
        if package.name == name and any(_same(entry.version or "", version) for entry in package.entries)
    ]
    return AskedVersion(version, tuple(locked), tuple(answers), tuple(tried), tuple(options))


def _same(one: str, other: str) -> bool:
    try:
        return to_version(one) == to_version(other)
    except ValueError:
        return one == other
