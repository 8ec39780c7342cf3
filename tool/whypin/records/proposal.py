"""The draft of a decision about locked packages: every fact filled in that a project tells by itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from whypin.model.change import Change
from whypin.model.dependents import Dependents
from whypin.model.lock import SOURCE_TREES, Entry, Lock, abridged
from whypin.model.manifest import Requirement
from whypin.model.project import Package, Project, Verdict
from whypin.model.record import Origin, Record
from whypin.model.version import parse_item, same_index
from whypin.records.scaffold import Draft

#: What a record accepts, as a draft writes it: a version or specifier, or a version and its index.
Versions = tuple[str | tuple[str, str], ...]

_MOST_NAMES = 8
_MOST_MOVES = 3
#: Of so many packages that moved together, each is told with all that is known; of more, only the change itself.
_MOST_TOLD = 3
_COMMENT = 600
_SUBJECT = 100
_SLUG = 60


class Subject(NamedTuple):
    """What a decision is to be about: these packages, in these locks; `replaced` are the decisions that it follows.

    `elsewhere` are other locks that hold other versions: the record does not speak of them.
    """

    names: tuple[str, ...]
    locks: tuple[Lock, ...]
    packages: Mapping[str, Sequence[Package]]
    replaced: tuple[Record, ...]
    elsewhere: tuple[Lock, ...]

    def entries_of(self, name: str) -> list[Entry]:
        """Return the locked entries of one of the packages."""
        return [entry for package in self.packages[name] for entry in package.entries]


def has_choice(package: Package) -> bool:
    """Whether a record can decide about the package: it is not the project's own, and has a version."""
    chosen = (entry for entry in package.entries if entry.source not in SOURCE_TREES)
    return not package.member and any(entry.version for entry in chosen)


def subject(project: Project, names: Sequence[str], within: Collection[str] = ()) -> Subject:
    """Return what a decision about packages speaks of: all locks that hold the same versions of them.

    Where locks differ, these are those `within` which it is asked to speak, else the one with most to decide, and all
    that agree with them. To these come the locks of the decisions that it replaces, so that none of them is left
    without one. Raises ValueError where a package is in none of these.
    """
    wanted = set(names)
    held: dict[str, dict[str, Package]] = {}
    for package in project.packages:
        if package.name in wanted and has_choice(package):
            held.setdefault(package.lock.path, {})[package.name] = package
    chosen = set(_agreeing(held, [path for path in held if path in within]))
    verdicts = [verdict for verdict in project.verdicts if verdict.package in wanted and _is_replaced(verdict)]
    while True:
        replaced = {verdict.record.id for verdict in verdicts if verdict.lock.path in chosen}
        more = {verdict.lock.path for verdict in verdicts if verdict.record.id in replaced} - chosen
        if not more:
            break
        chosen |= more
    packages: dict[str, list[Package]] = {}
    for path, found in held.items():
        for name, package in found.items() if path in chosen else ():
            packages.setdefault(name, []).append(package)
    missing = wanted - packages.keys()
    if missing:
        raise ValueError(f"{', '.join(sorted(missing))}: no lock holds it beside the others in the same versions")
    locks = {lock.path: lock for lock in project.locks}
    return Subject(
        tuple(names),
        tuple(locks[path] for path in held if path in chosen),
        packages,
        tuple(record for record in project.records if record.id in replaced),
        tuple(locks[path] for path in held if path not in chosen),
    )


def _agreeing(held: Mapping[str, Mapping[str, Package]], within: Sequence[str]) -> Iterator[str]:
    """Yield the locks asked for, else the one with most to decide, and all that hold the same versions."""

    def to_decide(path: str) -> tuple[int, int, int]:
        states = [package.state for package in held[path].values()]
        return states.count("undecided"), len(states) - states.count("decided"), len(states)

    known: dict[str, set[str]] = {}
    first = within or ([max(held, key=to_decide)] if held else [])
    for path in first:
        for name, package in held[path].items():
            known.setdefault(name, set()).update(package.versions)
    yield from first
    for path, packages in held.items():
        versions = {name: set(package.versions) for name, package in packages.items()}
        if path not in first and all(known.get(name, found) == found for name, found in versions.items()):
            known |= versions
            yield path


def _is_replaced(verdict: Verdict) -> bool:
    """Whether a new decision takes the place of this one: a floor that holds stays in force beside it."""
    return verdict.decides or not verdict.fits


def draft(
    project: Project,
    about: Subject,
    deciders: Sequence[str],
    changes: Sequence[Change] = (),
    moved_from: str = "",
) -> Draft:
    """Return a proposal without a rationale; `changes` are moves of the packages, the newest first.

    With `moved_from`, the name of a base, it is about what the project's change has moved since.
    """
    facts = _Facts(project, about, changes, moved_from)
    packages = {name: locked_versions(about.entries_of(name)) for name in about.names}
    steps = [step for record in about.replaced for step in record.confirmation]
    waivers = [each for record in about.replaced for each in record.waivers if each.expires > project.today]
    return Draft(
        title=_clean(_title(packages)),
        deciders=tuple(deciders),
        packages=packages,
        context=facts.context(),
        confirmation=tuple(dict.fromkeys(steps)),
        waivers=tuple({waiver.advisory: waiver for waiver in waivers}.values()),
        locks=tuple(literal(lock.path) for lock in about.locks) if about.elsewhere else (),
        supersedes=tuple(record.id for record in about.replaced),
        tags=tuple(dict.fromkeys(tag for record in about.replaced for tag in record.tags)),
        source=facts.source(),
    )


def literal(path: str) -> str:
    """Return a path as a glob that matches nothing else."""
    return re.sub(r"([*?\[])", r"[\1]", path)


def locked_versions(entries: Sequence[Entry], insists: bool = False) -> Versions:
    """Return entries as a record accepts them, each version once.

    With its index goes a version that comes from several, or any that has one where the record `insists`.
    """
    found: dict[str, list[str | None]] = {}
    for entry in entries:
        if entry.version:
            found.setdefault(_exact(entry.version), []).append(entry.index)
    items: dict[str | tuple[str, str], None] = {}
    for version, indexes in found.items():
        known = _distinct(filter(None, indexes))
        named = known if insists or (len(known) > 1 and None not in indexes) else []
        items.update(((version, index), None) for index in named)
        if not named or None in indexes:
            items[version] = None
    return tuple(items)


def _distinct(indexes: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for index in indexes:
        if not any(same_index(index, other) for other in kept):
            kept.append(index)
    return kept


def _exact(version: str) -> str:
    """Return a version as a record writes it: what is none by PEP 440, as with conda, is compared as text."""
    try:
        parse_item(version)
    except ValueError:
        return f"==={version}"
    return version


def _title(packages: Mapping[str, Versions]) -> str:
    told = [f"{name} {_shown(versions)}" for name, versions in packages.items()]
    if len(told) <= 3:
        return f"Keep {in_words(told)}"
    return f"Keep {told[0]} and {len(told) - 1} other packages as they are locked"


def _shown(versions: Versions) -> str:
    plain = list(dict.fromkeys(item if isinstance(item, str) else item[0] for item in versions))
    return in_words(plain) if len(plain) < 4 else f"{plain[0]} and {len(plain) - 1} other versions"


def in_words(told: Sequence[str]) -> str:
    """Return words in a row, as one says them."""
    return " and ".join([", ".join(told[:-1]), told[-1]]) if len(told) > 1 else "".join(told)


def slug_of(about: Subject) -> str:
    """Return the second half of an id: the first names, and the folder where the record speaks of some locks only."""
    names = [*about.names[:2], *(["and", str(len(about.names) - 2), "more"] if len(about.names) > 2 else [])]
    if about.elsewhere:
        names.append(about.locks[0].path.rpartition("/")[0])
    return re.sub(r"[^a-z0-9]+", "-", "-".join(names).lower())[:_SLUG].strip("-") or "packages"


class _Facts:
    """What the project and its history tell of the packages, as Markdown for the context."""

    def __init__(self, project: Project, about: Subject, changes: Sequence[Change], moved_from: str) -> None:
        self._project = project
        self._about = about
        self._changes = changes
        self._base = moved_from
        self._needs: dict[str, dict[tuple[object, str, str], Requirement]] | None = None
        self._dependents: dict[str, tuple[Dependents, dict[int, int]]] = {}
        paths = {lock.path for lock in about.locks}
        self._manifests = [each for each in project.manifests if paths.intersection(each.locks)]

    def context(self) -> str:
        """Return one list item a fact, package by package."""
        lines = [f"- {_clean(line)}" for name in self._about.names for line in self._lines(name)]
        lines += [f"- {_clean(self._before(record))}" for record in self._about.replaced]
        return "\n".join(lines)

    def source(self) -> Origin | None:
        """Return where the quoted words come from, where they come from one place."""
        told = [need for name in self._about.names for need in self._declared(name)]
        places = {need.location for need in told if need.comment} or {need.location for need in told}
        if len(places) != 1:
            return None
        place = places.pop()
        return Origin(place.path, place.line, "") if place.path.isprintable() else None

    def _lines(self, name: str) -> Iterator[str]:
        yield from self._moved(name)
        for need in self._declared(name):
            words = _code(need.written or need.specifier)
            behind = f' "{_cut(need.comment, _COMMENT)}"' if need.comment else ""
            group = f", in {need.group}" if need.group != "main" else ""
            said = f" as {words}" if words else " without a bound"
            yield f"{name} is declared in {_at(need)}{said}{group}{':' * bool(behind)}{behind}"
        for manifest in self._manifests:
            for override in manifest.overrides:
                need = override.requirement
                if need.key == name:
                    words = _code(f"{need.name} {need.written or need.specifier}".strip())
                    behind = f': "{_cut(need.comment, _COMMENT)}"' if need.comment else ""
                    yield f"{_at(need)} has the {override.kind} {words}{behind}"
        if self._base and len(self._about.names) > _MOST_TOLD:
            return
        needing = self._needing(name)
        if needing:
            some = needing if len(needing) <= _MOST_NAMES + 1 else needing[:_MOST_NAMES]
            rest = [f"{len(needing) - len(some)} more"] if len(some) < len(needing) else []
            yield f"{in_words([*some, *rest])} {'needs' if len(needing) == 1 else 'need'} {name}"
        yield from self._published(name)
        for change in [change for change in self._changes if change.package == name][:_MOST_MOVES]:
            commit = change.commit
            what = f"{name} moved from {_listed(change.old)} to {_listed(change.new)}"
            yield f'{what} on {commit.day}: {commit.hash[:8]} "{_cut(commit.subject, _SUBJECT)}"'

    def _moved(self, name: str) -> Iterator[str]:
        for lock in self._about.locks if self._base else ():
            move = self._project.move_of(lock, name)
            if move is not None and move.after:
                where = f" in {lock.path}" if len(self._about.locks) > 1 else ""
                yield f"{name} moved since {self._base}{where}: {move.words}"

    def _declared(self, name: str) -> list[Requirement]:
        if self._needs is None:
            self._needs = {}
            for manifest in self._manifests:
                # A requirements file that is its own lock says nothing that the lock does not.
                own = manifest.path in manifest.locks
                for need in manifest.requirements:
                    if need.comment or not own:
                        place = (need.location, need.written, need.marker or "")
                        self._needs.setdefault(need.key, {}).setdefault(place, need)
        return list(self._needs.get(name, {}).values())

    def _needing(self, name: str) -> list[str]:
        found: set[str] = set()
        for package in self._about.packages[name]:
            lock = package.lock
            if lock.path not in self._dependents:
                fixing = (each for each in self._manifests if lock.path in each.locks)
                needs = [need for manifest in fixing for need in manifest.requirements]
                positions = {id(entry): at for at, entry in enumerate(lock.entries)}
                self._dependents[lock.path] = Dependents(lock, needs), positions
            dependents, positions = self._dependents[lock.path]
            found.update(dependents.names(positions[id(entry)] for entry in package.entries))
        return sorted(found)

    def _published(self, name: str) -> Iterator[str]:
        days = {entry.version: entry.uploaded for entry in self._about.entries_of(name) if entry.uploaded}
        for version, day in list(days.items())[:_MOST_MOVES]:
            yield f"{name} {version} was published on {day}"

    def _before(self, record: Record) -> str:
        accepted = [
            f"{name} {' or '.join(_code(item.text) for item in record.packages[name])}"
            for name in self._about.names
            if name in record.packages
        ]
        return f'{record.id} accepted {in_words(accepted)}: "{record.title}"'


def _at(need: Requirement) -> str:
    return f"{need.location.path}:{need.location.line}"


def _code(text: str) -> str:
    plain = " ".join(text.replace("`", "'").split())
    return f"`{abridged(plain)}`" if plain else ""


def _listed(versions: Sequence[str]) -> str:
    return ", ".join(versions) or "nothing"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 4]} ..."


def _clean(text: str) -> str:
    """Return a text on one line, without what cannot be seen."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
