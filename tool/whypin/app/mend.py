"""The use cases that change records: each reads first, changes what was asked for, and checks its own work."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

from whypin.errors import WhypinError
from whypin.model.exemption import exemptions, pruned
from whypin.model.location import Location
from whypin.model.project import Project
from whypin.model.record import Attempt, Record, Waiver
from whypin.model.version import accepts, parse_item
from whypin.workspace import EXEMPTIONS, SCHEMA, Workspace, find_root

if TYPE_CHECKING:
    from whypin.records.proposal import Versions
    from whypin.records.scaffold import Draft

_DATED = re.compile(r"\d{4}-\d\d-\d\d-?")


def mend(root: str | None, locks: Sequence[str] = (), on_day: date | None = None) -> Iterator[str]:
    """Mend what is mechanical and safe, and yield a line for each file as soon as it has changed.

    Specifiers are quoted that YAML would swallow, names of packages normalised, the schema and the line that names it
    written, exemptions dropped that are no longer needed.
    """
    workspace = Workspace(root if root is not None else find_root())
    project = workspace.load(locks, on_day)
    quoted = False
    for line in _quoted(workspace, project):
        quoted = True
        yield line
    if quoted:
        project = workspace.load(locks, on_day)
    yield from _records_mended(workspace, project)
    yield from _schema_written(workspace, project)
    yield from prune(workspace, project)


def _quoted(workspace: Workspace, project: Project) -> Iterator[str]:
    from whypin.records.edit import with_quoted_specifiers
    from whypin.records.read import read

    for invalid in project.invalid_records:
        if not invalid.path.endswith(".yaml") or not workspace.is_text(invalid.path):
            continue
        text = _as_written(workspace, invalid.path)
        better = with_quoted_specifiers(text)
        if better != text and len(read(better, invalid.path)[1]) < len(invalid.problems):
            workspace.write(invalid.path, better)
            yield f"{invalid.path}: quoted the specifiers"


def _records_mended(workspace: Workspace, project: Project) -> Iterator[str]:
    from whypin.records.edit import with_normal_names, with_schema_line

    for record in project.records:
        text = _as_written(workspace, record.path)
        named = with_normal_names(text)
        depth = record.path.count("/") - project.settings.records.count("/") - 1
        better = with_schema_line(named, depth)
        if better != text:
            _check(better, record.path)
            workspace.write(record.path, better)
            done = ["normalised the names"] * (named != text) + ["named the schema"] * (better != named)
            yield f"{record.path}: {' and '.join(done)}"


def _schema_written(workspace: Workspace, project: Project) -> Iterator[str]:
    path = f"{project.settings.records}/{SCHEMA}"
    text = schema_text()
    if (project.records or project.invalid_records) and not workspace.holds(path, text):
        workspace.write(path, text)
        yield f"{path}: written"


def schema_text() -> str:
    """Return the JSON Schema of a record as it is written beside the records."""
    from whypin.records.format import json_schema

    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def prune(workspace: Workspace, project: Project) -> Iterator[str]:
    """Drop the exemptions that are no longer needed; yields a line where there were some.

    Without any lock nothing is dropped: what is not there may be missing, and nothing adds an exemption again.
    """
    if not project.locks:
        return
    from whypin.records.exemptions import read, without

    kept = pruned(project)
    gone = sum(bool(exemption.unneeded or exemption.stale) for exemption in exemptions(project))
    if gone:
        path = f"{project.settings.records}/{EXEMPTIONS}"
        text = without(_as_written(workspace, path), kept)
        if read(text, path) != kept:
            raise WhypinError("the exemptions could not be pruned", Location(path), "remove the unneeded ones by hand")
        workspace.write(path, text)
        yield f"{path}: {gone} unneeded exemption{'s' * (gone > 1)} dropped"


def drop_unneeded(root: str | None, project: Project) -> list[str]:
    """Drop the exemptions of a project that are no longer needed; returns a line where there were some."""
    if not project.locks and project.exemptions:
        where = Location(f"{project.settings.records}/{EXEMPTIONS}")
        raise WhypinError("without a lock nobody knows which exemptions are needed", where, "lock the project first")
    return list(prune(Workspace(root if root is not None else find_root()), project))


def renew(
    root: str | None, locks: Sequence[str], on_day: date | None, record_id: str, until: date | None, note: str
) -> tuple[str, date]:
    """Give a record another review date, with a dated note above it; returns its path and the date."""
    from whypin.records.edit import renewed

    workspace = Workspace(root if root is not None else find_root())
    project = workspace.load(locks, on_day)
    record = _active(project, record_id, "renewed")
    day = until or project.today + timedelta(days=project.settings.policy.review_after_days)
    if day <= project.today:
        raise WhypinError(f"{day} is not after {project.today}", hint="give --until a day to come")
    words = f"{project.today} renewed until {day}" + (f": {note}" if note else "")
    text = renewed(_as_written(workspace, record.path), day, words)
    _check(text, record.path)
    workspace.write(record.path, text)
    return record.path, day


class Waived(NamedTuple):
    """Where a waiver was written, by which record, and what makes it silence less than one may think."""

    place: Location
    record: Record
    doubts: tuple[str, ...]


def waive(
    root: str | None,
    locks: Sequence[str],
    on_day: date | None,
    waiver: Waiver,
    record_id: str | None = None,
    package: str | None = None,
    advisories: str | None = None,
    ask: Callable[[Record], str] | None = None,
) -> Waived:
    """Write a waiver into a record: the one of an id, else the only one that names what the advisory is about.

    `advisories` is the path of the data, None for what the environment or the policy names. Where the waiver has no
    reason, `ask` is asked for it once everything else is right.
    """
    from whypin.model.alert import PlacedWaiver
    from whypin.model.waiving import doubts, held

    workspace = Workspace(root if root is not None else find_root())
    project = workspace.load(locks, on_day, advisories or "", [waiver.advisory])
    if waiver.expires <= project.today:
        raise WhypinError(f"{waiver.expires} is not after {project.today}", hint="give --expires a day to come")
    record = _holder(project, waiver.advisory, record_id, package)
    before = held(project, record, waiver.advisory)
    if before is not None:
        name = before.waiver.advisory
        alias = f" as {name}" if name.lower() != waiver.advisory.lower() else ""
        message = f"{record.id} waives {waiver.advisory}{alias} until {before.waiver.expires} already"
        raise WhypinError(message, before.location, "write a later day under expires if the reason still holds")
    if not waiver.reason and ask is not None:
        waiver = waiver._replace(reason=ask(record))
    after = _with_waiver(workspace, record, waiver)
    place = after.place("waivers", len(record.waivers), "advisory")
    return Waived(place, after, tuple(doubts(project, PlacedWaiver(after, waiver, place))))


def _with_waiver(workspace: Workspace, record: Record, waiver: Waiver) -> Record:
    """Write a record with one more waiver, and return it; raises WhypinError where it would not say just that."""
    from whypin.records.edit import appended
    from whypin.records.read import read

    item = waiver._replace(expires=waiver.expires.isoformat())._asdict()  # type: ignore[arg-type]
    text = appended(_as_written(workspace, record.path), "waivers", item)
    _check(text, record.path)
    after = read(text, record.path)[0]
    assert after is not None, "it was just checked"
    same = after._replace(waivers=after.waivers[:-1], tree=record.tree) == record
    if not same or after.waivers[-1]._replace(reason="") != waiver._replace(reason=""):
        raise WhypinError("the waiver could not be added", Location(record.path), "write it under waivers by hand")
    workspace.write(record.path, text)
    return after


def _holder(project: Project, advisory: str, record_id: str | None, package: str | None) -> Record:
    """Return the record that is to hold a waiver; raises WhypinError where that is not clear."""
    from whypin.model.names import record_key
    from whypin.model.waiving import holders, packages_of

    about = packages_of(project, advisory)
    if record_id is not None:
        record = _active(project, record_id, "given a waiver")
        if about and record.packages.keys().isdisjoint(about):
            message = f"{record.id} does not name {_either(about)}, which {advisory} is about"
            raise WhypinError(message, Location(record.path), "leave --record out, or name a record that does")
        return record
    named = (record_key(package),) if package is not None else about
    if not named:
        raise _nowhere(project, advisory)
    if about and named[0] not in about:
        raise WhypinError(f"{advisory} is about {_either(about)}, not {named[0]}", hint=f"give --package {about[0]}")
    found = holders(project, advisory, named)
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(record.id for record in found)
        raise WhypinError(f"{len(found)} decisions in force name {_either(named)}: {ids}", hint="give --record ID")
    raise _undecided(project, advisory, named)


def _nowhere(project: Project, advisory: str) -> WhypinError:
    """Return the error for an advisory of which nothing tells the package."""
    alerts = project.advisories
    if alerts is None:
        hint = "give --record ID or --package NAME, or the data with --advisories PATH"
        return WhypinError(f"nothing here tells which package {advisory} is about", hint=hint)
    if advisory in alerts.known:
        return WhypinError(f"{advisory} was withdrawn", hint="nothing is to be accepted; or give --record ID")
    message = f"{advisory} is not among the {alerts.count} advisories of {alerts.date}"
    return WhypinError(message, hint="correct the id, or give --record ID or --package NAME")


def _undecided(project: Project, advisory: str, names: Sequence[str]) -> WhypinError:
    """Return the error for packages that no record in force names, or none for the locks that matter."""
    from whypin.model.waiving import hits_of

    locks = list(dict.fromkeys(hit.lock for hit in hits_of(project, advisory, names)))
    alerts = project.advisories
    if alerts is not None and advisory in alerts.known and not locks and not project.partial:
        message = f"{advisory} affects no locked version of {_either(names)}, and no decision in force names it"
        return WhypinError(message, hint=f"by the {alerts.count} advisories of {alerts.date} nothing is to be accepted")
    where = f" in {', '.join(locks[:3])}" if locks else ""
    unread = "; or mend the records that cannot be read: see whypin check" if project.invalid_records else ""
    hint = f"begin one, and waive {advisory} in it: whypin new {names[0]}{unread}"
    return WhypinError(f"no decision in force names {_either(names)}{where}", hint=hint)


def _either(names: Sequence[str]) -> str:
    return " or ".join(names[:3])


def supersede(root: str | None, locks: Sequence[str], on_day: date | None, record_id: str) -> str:
    """Start the successor of a record: a proposal for the same packages at their locked versions; returns its path.

    It takes over the attempts with just these versions: they are why they may be locked.
    """
    from whypin.records.scaffold import Draft

    workspace = Workspace(root if root is not None else find_root())
    project = workspace.load(locks, on_day)
    old = _active(project, record_id, "superseded")
    if old.status == "proposed":
        raise WhypinError(f"{old.id} is only proposed", Location(old.path), "change it where it is")
    begun = next((each for each in project.records if old.id in each.supersedes and each.status == "proposed"), None)
    if begun is not None:
        raise WhypinError(f"{begun.id} is to supersede {old.id} already", Location(begun.path), "go on with that one")
    versions = {name: _versions(project, old, name) for name in old.packages if project.is_active(old, name)}
    if not versions:
        hint = "write the successor by hand, with supersedes: and artifacts:"
        raise WhypinError(f"{old.id} holds artifacts only", Location(old.path), hint)
    draft = Draft(
        title=f"Revise: {old.title}",
        deciders=old.deciders,
        packages=versions,
        confirmation=old.confirmation,
        locks=old.locks,
        supersedes=(old.id,),
        tags=old.tags,
        attempts=tuple(each for each in old.attempts if _is_of(each, versions.get(each.package, ()))),
    )
    path, text = new_record(project, _DATED.sub("", old.id, count=1) or "successor", draft)
    workspace.write(path, text, new=True)
    return path


def _is_of(attempt: Attempt, versions: Versions) -> bool:
    """Whether an attempt was made with one of the versions, however it is spelt."""
    wanted = parse_item(attempt.version)
    return any(accepts(wanted, each if isinstance(each, str) else each[0], None) for each in versions)


def new_record(project: Project, slug: str, draft: Draft) -> tuple[str, str]:
    """Return the path that a new record gets, one that no record has, and its text.

    Raises WhypinError where it would not be a record; that nobody is named who decides is for a person to mend.
    """
    from whypin.records.scaffold import text_of

    path = f"{project.settings.records}/{_free_id(project, slug)}.yaml"
    _check(text_of(draft._replace(deciders=draft.deciders or ("somebody",))), path)
    return path, text_of(draft)


def _free_id(project: Project, slug: str) -> str:
    """Return an id of the day that no record has, wherever below the records it lies."""
    taken = {path.rpartition("/")[2].removesuffix(".yaml") for path, _ in project.invalid_records}
    taken.update(project.record_by_id)
    first = f"{project.today}-{slug}"
    others = (f"{first}-{number}" for number in count(2))
    return next(each for each in chain((first,), others) if each not in taken)


def _versions(project: Project, record: Record, name: str) -> Versions:
    """Return the locked versions of a package in the record's scope; where there are none, what the record accepts.

    Where the record insists on an index, its successor does.
    """
    from whypin.records.proposal import locked_versions

    items = record.packages[name]
    scope = {lock.path for lock in project.locks_in_scope(record)}
    entries = [
        entry
        for package in project.packages
        if package.name == name and package.lock.path in scope
        for entry in package.entries
    ]
    said = ((item.text, item.index) if item.index else item.text for item in items)
    return locked_versions(entries, insists=any(item.index for item in items)) or tuple(said)


def _active(project: Project, record_id: str, done: str) -> Record:
    """Return the record of an id that is in force or proposed; raises WhypinError for any other."""
    stem = record_id.rpartition("/")[2].removesuffix(".yaml")
    record = project.record_by_id.get(stem)
    if record is None:
        from whypin.schema.kinds import nearest

        invalid = next((path for path, _ in project.invalid_records if path.endswith(f"/{stem}.yaml")), None)
        if invalid is not None:
            raise WhypinError("the record has problems", Location(invalid), "run whypin check and mend them first")
        near = nearest(stem, sorted(project.record_by_id))
        raise WhypinError(f"there is no record {stem}", hint=f"did you mean {near}?" if near else "see whypin list")
    names = [*record.packages, *(f"artifact:{artifact.name}" for artifact in record.artifacts)]
    successors = [project.superseded.get((record.id, name)) for name in names]
    if record.status in ("rejected", "deprecated") or (names and all(successors)):
        why = f"superseded by {successors[0]}" if successors[0] else record.status
        raise WhypinError(f"{record.id} is {why}", Location(record.path), f"only what is in force can be {done}")
    return record


def _as_written(workspace: Workspace, path: str) -> str:
    """Return a text with the ends of its lines as they are: what is not edited stays byte for byte."""
    workspace.text(path)
    return workspace.as_written(path).decode().removeprefix("\ufeff")


def _check(text: str, path: str) -> None:
    """Refuse to write a record that could not be read: that would be a defect of the edit."""
    from whypin.records.read import read

    problems = read(text, path)[1]
    if problems:
        first = problems[0]
        where = Location(path, first.line, first.column)
        raise WhypinError(f"the edit would not be a record: {first.message}", where, "edit the file by hand")
