"""What a trial concerns: the packages, the locks, the lines of manifests, the records and their steps. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from whypin.errors import WhypinError
from whypin.model import glob
from whypin.model.location import Location
from whypin.model.lock import Entry, Lock
from whypin.model.manifest import Requirement
from whypin.model.names import is_valid, normalise, spelt
from whypin.model.project import Project
from whypin.model.record import Record
from whypin.model.trial import Change, TrialStep, Wanted
from whypin.model.version import admits, to_version

#: Formats whose tools take an exact version of a package that the manifest leaves open.
_TAKES_VERSIONS = frozenset({"uv", "requirements"})


def parse(words: Sequence[str]) -> tuple[Wanted, ...]:
    """Return what was asked for; raises WhypinError for anything but `NAME==VERSION`, each package once."""
    found: dict[str, Wanted] = {}
    for word in words:
        name, sign, version = word.partition("==")
        if name.startswith("conda:"):
            raise WhypinError(f"{word}: conda packages cannot be tried", hint="whypin trial knows Python packages only")
        if not sign or not is_valid(name.strip()):
            raise WhypinError(f"{word!r} is no package and version", hint="give NAME==VERSION, like numpy==1.24.3")
        version = version.strip().removeprefix("v")
        try:
            to_version(version)
        except ValueError:
            raise WhypinError(f"{version!r} is no version", hint="give NAME==VERSION, like numpy==1.24.3") from None
        one = Wanted(normalise(name.strip()), version)
        if found.setdefault(one.name, one) != one:
            raise WhypinError(f"{one.name} is asked for twice", hint="try one version at a time")
    return tuple(found.values())


def locks_of(project: Project, wanted: Iterable[Wanted]) -> tuple[Lock, ...]:
    """Return the locks that hold the packages: one, or the requirements files of one folder.

    Raises WhypinError where a package is locked nowhere, or in locks that no one command makes.
    """
    names = [one.name for one in wanted]
    for name in names:
        if not any(project.entries_of(lock, name) for lock in project.locks):
            raise _not_locked(project, name)
    found = [lock for lock in project.locks if any(project.entries_of(lock, name) for name in names)]
    folders = {lock.path.rpartition("/")[0] for lock in found}
    if len(found) > 1 and (len(folders) > 1 or any(lock.format != "requirements" for lock in found)):
        paths = ", ".join(lock.path for lock in found[:6])
        message = f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} locked in {len(found)} places: {paths}"
        raise WhypinError(message, hint="say which is meant with --lock FILE")
    # A requirements file that includes another one beside it moves with that.
    own = [lock for lock in found if any(entry.location.path == lock.path for entry in _entries(project, lock, names))]
    return tuple(own or found)


def beside(project: Project, lock: Lock) -> tuple[Lock, ...]:
    """Return what is installed together with a lock: the requirements files of its folder, any other alone."""
    if lock.format != "requirements":
        return (lock,)
    folder = posixpath.dirname(lock.path)
    return tuple(
        each for each in project.locks if each.format == lock.format and posixpath.dirname(each.path) == folder
    )


def _entries(project: Project, lock: Lock, names: Iterable[str]) -> Iterator[Entry]:
    for name in names:
        yield from project.entries_of(lock, name)


def _not_locked(project: Project, name: str) -> WhypinError:
    from difflib import get_close_matches

    known = {package.name for package in project.packages}
    near = get_close_matches(name, sorted(known), 1, 0.7)
    hint = f"did you mean {near[0]}?" if near else "a trial moves what is locked; whypin list --all shows it"
    return WhypinError(f"{name} is not locked", hint=hint)


def changes_of(project: Project, locks: Sequence[Lock], wanted: Iterable[Wanted]) -> tuple[Change, ...]:
    """Return the constraints of the locks' manifests that rule a version out, or are the pins themselves.

    Where the tool cannot be given a version, one that admits it is changed for a while: that is `passing`. Where no
    version is named, the constraints give way to what is allowed. Raises WhypinError for a package that comes from
    elsewhere than an index.
    """
    found: dict[tuple[Location, str], Change] = {}
    for one in wanted:
        for requirement in _asking(project, locks, one.name):
            if requirement.url is not None or requirement.tree:
                message = f"{one.name} is taken from {requirement.url or 'a source tree'}, not from an index"
                raise WhypinError(message, requirement.location, "a trial moves versions of an index")
            takes_versions = locks[0].format in _TAKES_VERSIONS
            change = _change(requirement, one, takes_versions) if one.version else _opened(requirement, one.allowed)
            if change is not None:
                found.setdefault((change.at, one.name), change)
    return tuple(found.values())


def allowed_by_others(project: Project, locks: Sequence[Lock], name: str, lifted: Collection[str]) -> str:
    """Return the versions from the locked ones on that the records in force allow, but for the lifted ones (by id).

    That is a specifier set. A record that names several versions sets no limit here: no one specifier says the same.
    """
    versions = [entry.version for lock in locks for entry in project.entries_of(lock, name) if entry.version]
    clauses = [f">={to_version(min(versions, key=to_version)).public}"]
    for record in others(project, locks, name, lifted):
        items = record.packages[name]
        if len(items) == 1:
            clauses.append(items[0].specifier or f"=={items[0].version}")
    return ",".join(clauses)


def others(project: Project, locks: Sequence[Lock], name: str, lifted: Collection[str]) -> list[Record]:
    """Return the records in force about a package of some locks, but for the lifted ones (by id)."""
    return [
        record
        for record in concerned(project, locks, [name])
        if project.is_active(record, name) and record.id not in lifted
    ]


def _opened(requirement: Requirement, allowed: str) -> Change | None:
    written = requirement.written
    if not written:
        return None
    after = f"({allowed})" if written.startswith("(") else allowed
    return Change(requirement.location, requirement.name, written, after)


def _asking(project: Project, locks: Sequence[Lock], name: str) -> Iterator[Requirement]:
    """Yield what the manifests of the locks ask of a package, their overrides and constraints included."""
    paths = {lock.path for lock in locks}
    for manifest in project.manifests:
        if not paths.isdisjoint(manifest.locks):
            yield from (requirement for requirement in manifest.requirements if requirement.key == name)
            yield from (
                override.requirement
                for override in manifest.overrides
                if override.kind != "exclude" and override.parent is None and override.requirement.key == name
            )


def _change(requirement: Requirement, wanted: Wanted, takes_versions: bool) -> Change | None:
    specifier, written = requirement.specifier, requirement.written
    if not specifier or not written or written == "*":
        admitted = True
    else:
        try:
            admitted = admits(specifier, wanted.version)
        except ValueError:
            admitted = False
    if admitted and (takes_versions or not written):
        return None
    after = _pinned(written, wanted.version)
    return Change(requirement.location, requirement.name, written, after, admitted) if after != written else None


def _pinned(written: str, version: str) -> str:
    """Return a constraint that asks for just this version, in the manner of the one that was there."""
    if re.fullmatch(r"v?\d[\w.+!-]*", written):  # Poetry: a bare version is an exact one
        return version
    spaced = re.match(r"\(?\s*===?(\s*)", written)
    pinned = f"=={spaced[1] if spaced else ''}{version}"
    return f"({pinned})" if written.startswith("(") else pinned


def edited(text: str, change: Change) -> str:
    """Return a manifest with one constraint changed; raises WhypinError where it does not stand in its line as read."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    at = change.at.line - 1
    line = lines[at] if at < len(lines) else ""
    pattern = re.compile(rf"(?<![\w.-]){spelt(change.name)}(?![\w.-])", re.IGNORECASE)
    # Where another change in the same line has made it shorter, the name stands further to the left by now.
    match = pattern.search(line, max(change.at.column - 1, 0)) or pattern.search(line)
    start = line.find(change.before, match.end()) if match and change.before else -1
    if start < 0:
        message = f"{change.name} {change.before} cannot be changed to {change.after} by machine"
        raise WhypinError(message, change.at, "change the line by hand, then run whypin trial again")
    lines[at] = line[:start] + change.after + line[start + len(change.before) :]
    return "".join(lines)


def concerned(project: Project, locks: Iterable[Lock], names: Iterable[str]) -> tuple[Record, ...]:
    """Return the records in force, or proposed, that name one of the packages and speak of one of the locks."""
    paths, wanted = [lock.path for lock in locks], set(names)
    return tuple(
        record
        for record in project.records
        if any(record.status == "proposed" or project.is_active(record, name) for name in wanted & set(record.packages))
        and (not record.locks or any(glob.first_match(record.locks, path) is not None for path in paths))
    )


def steps_of(records: Iterable[Record], base: Project | None) -> tuple[TrialStep, ...]:
    """Return the confirmation steps of the records in force, each once; a manual check needs no trust.

    A command is trusted where the same record has it at the base; without a base none is.
    """
    before = base.record_by_id if base is not None else {}
    found: dict[tuple[str, str], TrialStep] = {}
    for record in records:
        if record.status != "accepted":
            continue
        old = before.get(record.id)
        known = {step.text for step in old.confirmation if step.kind == "run"} if old is not None else set()
        for step in record.confirmation:
            trusted = step.kind != "run" or step.text in known
            was = found.get((step.kind, step.text))
            ids = (*was.records, record.id) if was else (record.id,)
            found[step.kind, step.text] = TrialStep(step.kind, step.text, ids, trusted or bool(was and was.trusted))
    return tuple(found.values())
