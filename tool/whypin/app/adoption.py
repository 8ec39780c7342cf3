"""The use case of `whypin init`: what an existing repository needs to be checked, planned first and then written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from whypin import app
from whypin.adopt import config, places
from whypin.adopt.critical import Asked, propose
from whypin.app.furnishing import Furnishing, Write, as_written, names_in
from whypin.errors import WhypinError
from whypin.model.finding import Report
from whypin.model.location import Location
from whypin.model.locking import lock_it
from whypin.model.project import Exemptions, Package, Project
from whypin.workspace import EXEMPTIONS, SCHEMA, Workspace, find_root

if TYPE_CHECKING:
    from whypin.app.past import Progress
    from whypin.app.sources import Sources
    from whypin.drafts.draft import Sure
    from whypin.model.record import Record
    from whypin.model.settings import Settings

#: Where records go: the first folder that is free, or ours already.
_FOLDERS = (config.RECORDS, "version-decisions", "whypin-decisions")
_NO_RECORDS = frozenset({"README.md", SCHEMA, EXEMPTIONS})
_EVIDENCE: dict[Sure, str] = {"high": "much", "medium": "some", "low": "little"}
_EXEMPT_HEAD = """\
# Required packages that were here before the policy: each is excused at exactly these versions, and needs a decision
# once it moves. Written by whypin init; the list may only get shorter (whypin exempt --prune).
"""


class Wish(NamedTuple):
    """What the user wants: `theme` is that of a new site, `repository` where whypin is got from, by its URL."""

    version: str
    site: bool = True
    theme: str = "mkdocs"
    repository: str | None = None


class Plan(NamedTuple):
    """What is to be written, in this order: wherever it ends, what is there is no worse than before.

    `after` is what the check will say, `asked` what the new policy asks for, None where there is a policy already.
    `notes` say what else to know, and `by_hand` what a person has to add: to which file, and the lines.
    """

    root: str
    project: Project
    writes: tuple[Write, ...]
    asked: Asked | None
    notes: tuple[str, ...]
    by_hand: tuple[tuple[str, str], ...]
    after: Report


def plan(
    root: str | None, locks: Sequence[str], on_day: date | None, wish: Wish, progress: Progress | None = None
) -> Plan:
    """Return what adopting a repository comes to; writes nothing. Raises WhypinError, also where nothing is locked.

    `progress` is told how far the reading of the history is.
    """
    workspace = Workspace(root if root is not None else find_root())
    project = workspace.load(locks, on_day, "")
    if not project.locks:
        raise _unlocked(project, workspace.root)
    chosen = [lock.path for lock in project.locks] if locks else []
    return _Planning(workspace, project, chosen, wish, progress).plan()


def write(planned: Plan) -> Iterator[str]:
    """Write what was planned, and yield each path as soon as its file is there.

    Raises WhypinError for the first file that cannot be written, or is no longer what it was; before anything is
    written where a folder does not allow it.
    """
    workspace = Workspace(planned.root)
    for each in planned.writes:
        _refuse_unwritable(workspace.root, each.path)
    for each in planned.writes:
        if each.before is not None and as_written(workspace, each.path) != each.before:
            raise WhypinError("the file has changed since it was read", Location(each.path), "run whypin init again")
        try:
            workspace.write(each.path, each.text, new=each.before is None)
        except WhypinError as error:
            hint = "what was written stays: mend that, and run whypin init again"
            raise WhypinError(error.message, error.where, hint) from None
        yield each.path


def verify(planned: Plan, locks: Sequence[str], on_day: date | None) -> Report:
    """Return what the check says of what is on disk now."""
    chosen = locks if planned.project.settings.path is not None else ()
    return app.check(app.load(planned.root, chosen, on_day, advisories=""))


def _unlocked(project: Project, root: str) -> WhypinError:
    asked = [manifest for manifest in project.manifests if manifest.requirements]
    if not asked:
        hint = "go to a project with a uv.lock, poetry.lock or pinned requirements.txt, or give --root or --lock"
        return WhypinError(f"no lock file found below {root}", hint=hint)
    message = "nothing is locked yet, and decisions are about locked versions"
    return WhypinError(message, Location(asked[0].path), f"{lock_it(asked[0])}, then whypin init again")


def _refuse_unwritable(root: str, path: str) -> None:
    """Refuse a path whose folder cannot be written to, or is no folder of the root: before anything is written."""
    folder = os.path.dirname(os.path.join(root, path))
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    top = os.path.realpath(root)
    message = ""
    if not os.path.isdir(folder):
        message = "cannot be written: there is no folder for it"
    elif os.path.commonpath([top, os.path.realpath(folder)]) != top:
        message = "lies outside the root"
    elif not os.access(folder, os.W_OK | os.X_OK):
        message = "cannot be written: its folder does not allow it"
    if message:
        raise WhypinError(message, Location(path), "nothing was written")


class _Planning:
    """The plan in the making."""

    def __init__(
        self, workspace: Workspace, project: Project, locks: Sequence[str], wish: Wish, progress: Progress | None
    ) -> None:
        self.progress = progress
        self.workspace = workspace
        self.wish = wish
        self.locks = locks
        self.writes: list[Write] = []
        self.notes: list[str] = []
        self.by_hand: list[tuple[str, str]] = []
        self.records = self._records_folder(project)
        self.project = self._moved(project) if self.records != project.settings.records else project

    def plan(self) -> Plan:
        """Return the plan: the configuration last, so that nothing is asked for before it is excused."""
        found = self._drafts()
        records = [drafted.record for drafted in (*found.noted, *found.others)]
        asked = None
        if self.project.settings.path is None:
            asked = propose(self.project, {name for drafted in found.noted for name in drafted.record.packages})
        exempt, after = self._settled(asked, records)
        report = app.check(after)
        if asked is not None:
            unexcused = {finding.package for finding in report.findings if finding.code == "WHY101"}
            if unexcused.intersection(each.name for each in asked.critical):
                kept = tuple(each for each in asked.critical if each.name not in unexcused)
                asked = asked._replace(critical=kept)
                exempt, after = self._settled(asked, records)
                report = app.check(after)
        self._write_exemptions(exempt)
        self._furnish()
        if asked is not None:
            self.writes.append(self._configured(asked))
        return Plan(
            self.workspace.root,
            self.project,
            tuple(self.writes),
            asked,
            tuple(self.notes),
            tuple(self.by_hand),
            report,
        )

    def _records_folder(self, project: Project) -> str:
        settings = project.settings
        if settings.path is not None or project.records:
            return settings.records
        for folder in _FOLDERS:
            names = names_in(self.workspace, folder)
            if names is None or names <= _NO_RECORDS or self.workspace.records(_at(settings, folder))[0]:
                if folder != settings.records:
                    self.notes.append(f"{settings.records}/ holds something else: records go to {folder}/")
                return folder
        hint = 'name a folder of your own: records = "..." under [tool.whypin] in pyproject.toml, and make it'
        raise WhypinError(f"{', '.join(_FOLDERS)} all hold something else than decision records", hint=hint)

    def _moved(self, project: Project) -> Project:
        """Return the project with its records in another folder than the usual one."""
        settings = _at(project.settings, self.records)
        there = names_in(self.workspace, self.records) is not None
        records, invalid = self.workspace.records(settings) if there else ([], [])
        exempt = self.workspace.exemptions(settings) if there else {}
        return _copy(project, settings=settings, records=records, invalid_records=invalid, exemptions=exempt)

    def _exists(self, path: str) -> bool:
        return os.path.lexists(os.path.join(self.workspace.root, path))

    def _new(self, path: str, text: str, what: str) -> None:
        if not self._exists(path):
            self.writes.append(Write(path, text, what))

    def _drafts(self) -> Sources:
        """Plan the schema, and a record for each reason that the team wrote down already."""
        from whypin.app.mend import schema_text
        from whypin.app.sources import gather

        self._new(f"{self.records}/{SCHEMA}", schema_text(), "what a record may hold, for editors")
        found = gather(self.workspace, self.project, self.records, self.progress)
        for each in (*found.noted, *found.others):
            what = f"a draft, from {each.where}: {_EVIDENCE[each.sure]} evidence"
            self.writes.append(Write(each.record.path, each.text, what))
        self.notes += found.notes
        return found

    def _furnish(self) -> None:
        wish = self.wish
        furnishing = Furnishing(self.workspace, self.records, wish.version, wish.repository)
        furnishing.plan(wish.theme if wish.site else None)
        self.writes += furnishing.writes
        self.notes += furnishing.notes
        self.by_hand += furnishing.by_hand

    def _settled(self, asked: Asked | None, records: Sequence[Record]) -> tuple[Exemptions, Project]:
        """Return the exemptions to be written, and the project as it will be with them."""
        from whypin.settings.read import read_whypin_toml

        settings = self.project.settings
        if asked is not None:
            settings = read_whypin_toml(config.table(asked, self.records, self.locks), "whypin.toml")
        subject = self._with(settings, records, self.project.exemptions)
        exempt = self._exemptions(subject)
        return exempt, self._with(settings, records, {**self.project.exemptions, **exempt})

    def _configured(self, asked: Asked) -> Write:
        if self._exists("pyproject.toml"):
            before = as_written(self.workspace, "pyproject.toml")
            text = config.appended(before, config.table(asked, self.records, self.locks, "tool.whypin"))
            if text is not None:
                return Write("pyproject.toml", text, "[tool.whypin] at its end: the policy", before)
        return Write("whypin.toml", config.table(asked, self.records, self.locks), "the policy")

    def _with(self, settings: Settings, records: Sequence[Record], exempt: Exemptions) -> Project:
        known = {record.id: record for record in (*self.project.records, *records)}
        return _copy(self.project, settings=settings, records=list(known.values()), exemptions=exempt)

    def _exemptions(self, subject: Project) -> Exemptions:
        """Return an exemption for each required package that nobody decided, in the locks that have none so far."""
        first = not self._exists(f"{self.records}/{EXEMPTIONS}")
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        decided = {package.lock.path for package in subject.packages if package.state == "decided"}
        for package in subject.packages:
            path = package.lock.path
            new = path not in subject.exemptions and (first or path not in decided)
            open_ = package.required and package.state == "undecided" and not package.rejected
            if new and open_ and (versions := _versions(path, package)):
                found.setdefault(path, {})[package.name] = versions
        return found

    def _write_exemptions(self, exempt: Exemptions) -> None:
        from whypin.records.exemptions import read, render

        path = f"{self.records}/{EXEMPTIONS}"
        number = sum(map(len, exempt.values()))
        what = f"{number} required package{'s' * (number != 1)}, excused at the locked versions"
        if not self._exists(path):
            self.writes.append(Write(path, _EXEMPT_HEAD + render(exempt), what))
        elif exempt:
            before = as_written(self.workspace, path)
            text = places.with_section(before, render(exempt))
            try:
                read(text, path)
                self.writes.append(Write(path, text, what, before))
            except WhypinError:
                self.by_hand.append((f"{path}: add", render(exempt)))


def _versions(lock: str, package: Package) -> tuple[str, ...]:
    """Return the versions that excuse a package; none where the list of exemptions could not hold them."""
    from whypin.records.exemptions import read, render

    if any(entry.version is None for entry in package.entries):
        return ()
    exempt = {lock: {package.name: package.versions}}
    try:
        return package.versions if read(render(exempt), EXEMPTIONS) == exempt else ()
    except WhypinError:
        return ()


def _at(settings: Settings, folder: str) -> Settings:
    return settings._replace(records=folder)


def _copy(project: Project, **changed: object) -> Project:
    """Return the project with some of what it was made from replaced."""
    given = {name: getattr(project, name) for name in ("today", *(Project.__init__.__kwdefaults__ or ()))}
    return Project(**(given | changed))
