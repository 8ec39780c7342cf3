"""What a change does to a project as people think of it: the locks package by package, the records, the checklist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple, get_args

from whypin.model import glob
from whypin.model.advice import record_to_write
from whypin.model.lock import Entry, Lock
from whypin.model.manifest import Requirement
from whypin.model.move import Move, MoveKind, Step, pairs
from whypin.model.project import Exemptions, Package, Project, named_in
from whypin.model.reach import Reach
from whypin.model.record import Record
from whypin.model.record import Step as Confirmation

LockKind = Literal["changed", "added", "removed", "replaced"]

#: What can become of a package, in the order in which it is told.
KINDS: tuple[MoveKind, ...] = get_args(MoveKind)


class Moved(NamedTuple):
    """A package that the change moved, and how it stands now; `package` is None where it is gone.

    `step` is how far it went up or down, else None. `groups` are those that reach it now, or did before it went.
    `accepting` and `rejecting` are the records in force that do so; of a package that is gone, `accepting` are those
    that still name it. `brought_by` are the direct packages that lead to it, those alone that moved themselves where
    there are any; None where the lock records no edges, and empty for a direct one. `fix` is what to type where the
    package needs it, else empty.
    """

    name: str
    kind: MoveKind
    step: Step | None
    direct: bool
    groups: tuple[str, ...]
    before: tuple[Entry, ...]
    after: tuple[Entry, ...]
    package: Package | None
    accepting: tuple[Record, ...]
    rejecting: tuple[Record, ...]
    brought_by: tuple[str, ...] | None
    fix: str

    @property
    def deciding(self) -> tuple[Record, ...]:
        """The records that decide the package as it is now."""
        verdicts = self.package.verdicts if self.package is not None else ()
        return tuple(verdict.record for verdict in verdicts if verdict.decides)

    @property
    def undecided(self) -> bool:
        """Whether it must have a decision and has none, a decision against it included."""
        return self.package is not None and self.package.state == "undecided"

    @property
    def sources(self) -> tuple[str, str] | None:
        """Where it came from and comes from now, where both are told and differ."""
        told = all(entry.index or entry.source != "registry" for entry in (*self.before, *self.after))
        before, after = (
            list(dict.fromkeys(_origin(entry, told) for entry in side)) for side in (self.before, self.after)
        )
        if not before or not after or set(before) == set(after):
            return None
        return ", ".join(before), ", ".join(after)


class LockDifference(NamedTuple):
    """What the change does to one lock, the direct packages first; members of the project are left out.

    `was` is the path of the lock that it replaced: another one of the same folder, in most cases of another format.
    """

    path: str
    kind: LockKind
    was: str | None
    moved: tuple[Moved, ...]


class Superseded(NamedTuple):
    """A record that another one replaces since this change, and for which of its packages."""

    record: Record
    by: str
    packages: tuple[str, ...]


class Excused(NamedTuple):
    """Versions of a package that the change adds to the exemptions or takes from them."""

    lock: str
    name: str
    versions: tuple[str, ...]


class RecordChanges(NamedTuple):
    """What the change does to the decision records; an edited one comes with the names of its fields that differ."""

    added: tuple[Record, ...] = ()
    edited: tuple[tuple[Record, tuple[str, ...]], ...] = ()
    superseded: tuple[Superseded, ...] = ()
    deleted: tuple[Record, ...] = ()
    exempted: tuple[Excused, ...] = ()
    unexempted: tuple[Excused, ...] = ()


class Check(NamedTuple):
    """One confirmation step to take, the first record that asks for it, and the moved packages that it is about."""

    record: Record
    step: Confirmation
    packages: tuple[str, ...]


class Difference(NamedTuple):
    """A change as a whole; `base` is the commit that it is compared with."""

    base: str
    locks: tuple[LockDifference, ...]
    records: RecordChanges
    checklist: tuple[Check, ...]

    @property
    def moved(self) -> tuple[Moved, ...]:
        """Everything that moved, lock by lock."""
        return tuple(moved for lock in self.locks for moved in lock.moved)

    @property
    def counts(self) -> dict[str, int]:
        """What the change comes to in numbers; `rejected` are those of the undecided that a decision is against."""
        moved = self.moved
        kinds = Counter(one.kind for one in moved)
        states = Counter(one.package.state for one in moved if one.package is not None)
        direct = sum(one.direct for one in moved)
        return {
            "moved": len(moved),
            "direct": direct,
            "transitive": len(moved) - direct,
            **{kind: kinds[kind] for kind in KINDS},
            "decided": states["decided"],
            "exempt": states["exempt"],
            "undecided": states["undecided"],
            "rejected": sum(bool(one.rejecting) for one in moved),
            "not-required": states["not-required"],
        }


def difference(project: Project, commit: str) -> Difference:
    """Return what has changed in a project since its base, which is that commit."""
    base = project.base
    if base is None:
        return Difference(commit, (), RecordChanges(), ())
    return Difference(
        commit,
        tuple(_locks(project, base)),
        _records(project, base),
        tuple(_checklist(project, base)),
    )


def _origin(entry: Entry, told: bool) -> str:
    if entry.source == "registry" and not told:
        return "registry"
    return f"{entry.source} {(entry.index or entry.ref or '').rstrip('/')}".rstrip()


def _locks(project: Project, base: Project) -> Iterator[LockDifference]:
    """Yield the locks that are not what they were, in the order of the files, then those that have gone."""
    by_lock: dict[str, list[Move]] = {}
    for move in project.moves.values():
        if not move.member:
            by_lock.setdefault(move.lock, []).append(move)
    packages = {(package.lock.path, package.name): package for package in project.packages}
    for old, new in pairs(base, project):
        path = (new or old or Lock("", "", ())).path
        was = old.path if old is not None and new is not None and old.path != path else None
        kind: LockKind = "removed" if new is None else "added" if old is None else "replaced" if was else "changed"
        moves = by_lock.get(path, [])
        if moves or kind != "changed":
            yield LockDifference(path, kind, was, _Told(project, moves, packages, old, new).moved())


class _Told:
    """The moves of one lock, told with all that is known of them."""

    def __init__(
        self,
        project: Project,
        moves: list[Move],
        packages: Mapping[tuple[str, str], Package],
        old: Lock | None,
        new: Lock | None,
    ) -> None:
        self._project = project
        self._moves = moves
        self._packages = packages
        self._locks = {"before": old, "after": new}
        self._ways: dict[str, tuple[Reach, dict[int, int]]] = {}
        self._direct = {move.name for move in moves if move.direct}

    def moved(self) -> tuple[Moved, ...]:
        """Return them, the direct ones first, then by what became of them."""
        found = [self._told(move) for move in self._moves]
        return tuple(sorted(found, key=lambda one: (not one.direct, KINDS.index(one.kind), one.name)))

    def _told(self, move: Move) -> Moved:
        kind = move.kind
        package = self._packages.get((move.lock, move.name)) if move.after else None
        verdicts = package.verdicts if package is not None else ()
        accepting = tuple(verdict.record for verdict in verdicts if verdict.fits)
        rejecting = tuple(verdict.record for verdict in verdicts if not verdict.fits)
        return Moved(
            move.name,
            kind,
            move.step if kind in ("upgraded", "downgraded") else None,
            move.direct,
            tuple(dict.fromkeys(group for entry in move.after or move.before for group in entry.groups)),
            move.before,
            move.after,
            package,
            accepting if package is not None else tuple(_in_scope(self._project, move)),
            rejecting,
            self._brought_by(move),
            self._fix(package, rejecting),
        )

    def _fix(self, package: Package | None, rejecting: tuple[Record, ...]) -> str:
        if package is None or package.state != "undecided":
            return ""
        if rejecting:
            return f"lock {package.name} as decided, or run whypin supersede {rejecting[0].id} and say why"
        return record_to_write(package, self._project)

    def _brought_by(self, move: Move) -> tuple[str, ...] | None:
        """Return what leads to the package; of one with forks, to those that are new."""
        entries = move.after or move.before
        if any(entry.direct for entry in entries):
            return ()
        reach, positions = self._way("after" if move.after else "before")
        if not reach.recorded:
            return None
        known = {(entry.version, entry.ref) for entry in move.before} if move.after else set()
        new = [entry for entry in entries if (entry.version, entry.ref) not in known] or entries
        leading = reach.to(positions[id(entry)] for entry in new)
        return tuple([name for name in leading if name in self._direct] or leading)

    def _way(self, side: str) -> tuple[Reach, dict[int, int]]:
        if side not in self._ways:
            lock = self._locks[side] or Lock("", "", ())
            positions = {id(entry): at for at, entry in enumerate(lock.entries)}
            self._ways[side] = Reach(lock, self._requirements(lock) if side == "after" else ()), positions
        return self._ways[side]

    def _requirements(self, lock: Lock) -> list[Requirement]:
        fixing = (manifest for manifest in self._project.manifests if lock.path in manifest.locks)
        return [requirement for manifest in fixing for requirement in manifest.requirements]


def _in_scope(project: Project, move: Move) -> Iterator[Record]:
    """Yield the records in force that name the package of a move, for its lock."""
    for record in project.active_by_package.get(move.name, ()):
        if not record.locks or glob.first_match(record.locks, move.lock) is not None:
            yield record


def _records(project: Project, base: Project) -> RecordChanges:
    before = base.record_by_id
    broken = {invalid.path.rpartition("/")[2].removesuffix(".yaml") for invalid in project.invalid_records}
    return RecordChanges(
        tuple(record for record in project.written if record.id not in before),
        tuple((record, _edited(before[record.id], record)) for record in project.written if record.id in before),
        tuple(_superseded(project, base)),
        tuple(one for one in base.records if one.id not in project.record_by_id and one.id not in broken),
        tuple(_more(base.exemptions, project.exemptions)),
        tuple(_more(project.exemptions, base.exemptions)),
    )


def _edited(old: Record, new: Record) -> tuple[str, ...]:
    pairs = zip(Record._fields, old, new, strict=True)
    return tuple(name for name, one, other in pairs if one != other and name not in ("tree", "path"))


def _superseded(project: Project, base: Project) -> Iterator[Superseded]:
    found: dict[tuple[str, str], list[str]] = {}
    for (old, package), by in project.superseded.items():
        if base.superseded.get((old, package)) != by:
            found.setdefault((old, by), []).append(package)
    for (old, by), packages in found.items():
        record = project.record_by_id.get(old)
        named = tuple(package for package in packages if record is not None and package in named_in(record))
        if record is not None and named:
            yield Superseded(record, by, named)


def _more(some: Exemptions, others: Exemptions) -> Iterator[Excused]:
    """Yield what the second list excuses beyond the first."""
    for lock, names in others.items():
        for name, versions in names.items():
            known = some.get(lock, {}).get(name, ())
            more = tuple(version for version in versions if version not in known)
            if more:
                yield Excused(lock, name, more)


def _checklist(project: Project, base: Project) -> Iterator[Check]:
    """Yield each step once, of the records that are in force for what moved, or were so before the change."""
    found: dict[tuple[str, str], tuple[Record, Confirmation, dict[str, None]]] = {}
    moves = [move for move in project.moves.values() if move.after and not move.member]
    moves.sort(key=lambda move: not move.direct)
    for state in (project, base):
        for move in moves:
            for record in _in_scope(state, move):
                for step in record.confirmation:
                    key = step.kind, " ".join(step.text.split())
                    found.setdefault(key, (record, step, {}))[2][move.name] = None
    for record, step, names in found.values():
        yield Check(record, step, tuple(names))
