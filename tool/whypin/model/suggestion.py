"""What to decide next: the packages without a decision, ranked by what it would cost to be wrong about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from whypin.model.caps import caps
from whypin.model.change import Change
from whypin.model.dependents import Dependents
from whypin.model.location import Location
from whypin.model.lock import SOURCE_TREES, Lock, abridged
from whypin.model.manifest import Manifest, Requirement, is_exact
from whypin.model.policy import is_production
from whypin.model.project import Package, Project
from whypin.model.record import Record

PartName = Literal[
    "required", "exempt", "direct", "capped", "overridden", "pinned", "dependents", "downgraded", "moved", "old"
]

#: The points of each part. What is required comes first, then what is exempt: the others together are fewer.
REQUIRED, EXEMPT = 200, 160
PRODUCTION, DEVELOPMENT = 30, 10
CAPPED, OVERRIDDEN, PINNED = 25, 25, 10
DOWNGRADED = 20
MOST_DEPENDENTS = 20
EACH_MOVE, MOST_MOVES = 2, 10
EACH_YEAR, MOST_YEARS = 5, 3

_YEAR = timedelta(days=365)

Changes = Mapping[str, Sequence[Change]]


class Part(NamedTuple):
    """One part of a score: its points, and why in words."""

    name: PartName
    points: int
    why: str


class Suggestion(NamedTuple):
    """One package to decide about; `package` is as records write it.

    `versions` and `locks` are those for which it has no decision, `location` is where it stands first. `proposed` is
    the record that proposes one, where there is one.
    """

    package: str
    versions: tuple[str, ...]
    locks: tuple[str, ...]
    location: Location
    parts: tuple[Part, ...]
    proposed: Record | None

    @property
    def score(self) -> int:
        """The sum of the parts."""
        return sum(part.points for part in self.parts)

    @property
    def why(self) -> str:
        """The parts in words, on one line."""
        return "; ".join(part.why for part in self.parts)

    @property
    def fix(self) -> str:
        """What to type."""
        if self.proposed is not None:
            return f"say why in {self.proposed.path}, and set status: accepted"
        return f"whypin new {self.package}"


def suggestions(project: Project, changes: Iterable[Change] = ()) -> list[Suggestion]:
    """Return what to decide, what matters most first; of the same score by name.

    Told are direct packages, and of the others those that the policy requires, that are exempt, that a record in force
    rejects, or that a manifest limits: the rest floats under the lock. `changes` are the moves of the history, the
    newest first, where it was read.
    """
    ranking = _Ranking(project, changes)
    by_name: dict[str, list[Package]] = {}
    for package in project.packages:
        if package.state != "decided" and not package.member and _has_choice(package):
            by_name.setdefault(package.name, []).append(package)
    found = (ranking.suggestion(name, packages) for name, packages in by_name.items())
    return sorted(filter(None, found), key=lambda one: (-one.score, one.package))


def _has_choice(package: Package) -> bool:
    """Whether somebody could choose a version of it: it is no source tree, and the lock tells a version."""
    return any(entry.version and entry.source not in SOURCE_TREES for entry in package.entries)


class _Ranking:
    """What is asked for every package, read once."""

    def __init__(self, project: Project, changes: Iterable[Change]) -> None:
        self._project = project
        self._changes: dict[str, list[Change]] = {}
        for change in changes:
            self._changes.setdefault(change.package, []).append(change)
        self._limits = _limits(project)
        self._needed: dict[str, tuple[Dependents, dict[int, int]]] = {}
        self._proposed: dict[str, Record] = {}
        for record in project.records:
            for name in record.packages if record.status == "proposed" else ():
                self._proposed[name] = record

    def suggestion(self, name: str, packages: Sequence[Package]) -> Suggestion | None:
        """Return the suggestion about one package of some locks, or None where nothing asks for a decision."""
        telling = [*_demand(packages), *self._direct(packages), *self._limits.get(name, {}).values()]
        if not telling:
            return None
        parts = [*telling, *self._dependents(packages), *self._history(name), *_age(packages, self._project.today)]
        return Suggestion(
            name,
            tuple(dict.fromkeys(version for package in packages for version in package.versions)),
            tuple(package.lock.path for package in packages),
            packages[0].location,
            tuple(parts),
            self._proposed.get(name),
        )

    def _direct(self, packages: Sequence[Package]) -> Iterator[Part]:
        groups = [entry.groups for package in packages for entry in package.entries if entry.direct]
        if any(is_production(found, self._project.settings.policy) for found in groups):
            yield Part("direct", PRODUCTION, "direct, in production")
        elif groups:
            yield Part("direct", DEVELOPMENT, "direct, for development")

    def _dependents(self, packages: Sequence[Package]) -> Iterator[Part]:
        count = max(self._count(package) for package in packages)
        if count:
            words = "1 package needs it" if count == 1 else f"{count} packages need it"
            yield Part("dependents", min(count, MOST_DEPENDENTS), words)

    def _count(self, package: Package) -> int:
        path = package.lock.path
        if path not in self._needed:
            positions = {id(entry): at for at, entry in enumerate(package.lock.entries)}
            self._needed[path] = Dependents(package.lock, _requirements(self._project, package.lock)), positions
        dependents, positions = self._needed[path]
        return dependents.count(positions[id(entry)] for entry in package.entries)

    def _history(self, name: str) -> Iterator[Part]:
        changes = [change for change in self._changes.get(name, ()) if change.kind not in ("added", "removed")]
        down = next((change for change in changes if change.kind == "downgraded"), None)
        if down is not None:
            words = f"downgraded from {', '.join(down.old)} to {', '.join(down.new)} on {down.commit.day}"
            yield Part("downgraded", DOWNGRADED, words)
        since = (self._project.today - _YEAR).isoformat()
        lately = sum(change.commit.day >= since for change in changes)
        if lately:
            words = f"moved {'once' if lately == 1 else f'{lately} times'} within a year"
            yield Part("moved", min(EACH_MOVE * lately, MOST_MOVES), words)


def _demand(packages: Sequence[Package]) -> Iterator[Part]:
    rejecting = [verdict.record.id for package in packages for verdict in package.verdicts if not verdict.fits]
    required = next((package.required for package in packages if package.required and not package.exempt), None)
    if rejecting:
        yield Part("required", REQUIRED, f"undecided: {rejecting[0]} does not accept it")
    elif required:
        yield Part("required", REQUIRED, f"undecided: {required}")
    elif any(package.exempt and package.required for package in packages):
        yield Part("exempt", EXEMPT, "exempt only until it moves")


def _age(packages: Sequence[Package], today: date) -> Iterator[Part]:
    """Yield how old the newest of the locked versions is, where the lock tells and it is more than a year."""
    days = [entry.uploaded for package in packages for entry in package.entries if entry.uploaded]
    try:
        years = (today - date.fromisoformat(max(days))) // _YEAR if days else 0
    except ValueError:
        return
    if years >= 1:
        words = f"published {max(days)}, {'a year' if years == 1 else f'{years} years'} ago"
        yield Part("old", EACH_YEAR * min(years, MOST_YEARS), words)


def _requirements(project: Project, lock: Lock) -> list[Requirement]:
    fixing = (manifest for manifest in project.manifests if lock.path in manifest.locks)
    return [requirement for manifest in fixing for requirement in manifest.requirements]


def _limits(project: Project) -> dict[str, dict[str, Part]]:
    """Return for each package how manifests limit it without a reason in force; the first place of each kind."""
    found: dict[str, dict[str, Part]] = {}
    for cap in caps(project):
        if not cap.records:
            words = f"capped without a reason: {_told(cap.requirement)}"
            found.setdefault(cap.requirement.key, {}).setdefault("capped", Part("capped", CAPPED, words))
    for manifest in project.manifests:
        for override in manifest.overrides:
            need = override.requirement
            if not project.explains(manifest, need.key):
                words = f"{override.kind} without a reason: {_told(need)}"
                found.setdefault(need.key, {}).setdefault("overridden", Part("overridden", OVERRIDDEN, words))
        for need in manifest.requirements if manifest.path not in manifest.locks else ():
            if is_exact(need.specifier) and _is_unexplained(project, manifest, need):
                words = f"pinned without a reason: {_told(need)}"
                found.setdefault(need.key, {}).setdefault("capped", Part("pinned", PINNED, words))
    return found


def _is_unexplained(project: Project, manifest: Manifest, need: Requirement) -> bool:
    return not project.explains(manifest, need.key) and not project.is_own(manifest, need)


def _told(need: Requirement) -> str:
    """Return a requirement as its file spells it, with its place."""
    written = " ".join((need.written or need.specifier).split())
    return abridged(f"{need.name} {written}".strip()) + f" ({need.location.path}:{need.location.line})"
