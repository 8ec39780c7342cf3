"""What is known of a trial before anything runs: the project, its base, the locks, the records, the tool."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from whypin.errors import WhypinError
from whypin.model.project import Project
from whypin.model.trial import Plan, TrialStep, Wanted
from whypin.trials import lockers, plan
from whypin.trials.layers import layered
from whypin.trials.lockers import Job, Locker
from whypin.workspace import Workspace, find_root


class Options(NamedTuple):
    """How a trial is to be made; `timeout` is in seconds, for each command. `base` is a revision, None for main.

    A trial that is made because something is `due` offers nothing, and logs only what the record doesn't tell of late.
    """

    only_lock: bool = False
    keep: bool = False
    yes: bool = False
    env: tuple[str, ...] = ()
    timeout: float = 1800
    apply: bool = False
    patch: str | None = None
    base: str | None = None
    supersede: bool = False
    due: bool = False


class Place(NamedTuple):
    """Where the project is, which of its locks count (none: all), and the day; None: the current folder, today."""

    root: str | None = None
    locks: tuple[str, ...] = ()
    today: date | None = None


class People(NamedTuple):
    """Who is told of the progress, and who is asked about a manual check: True, False, or None for open."""

    tell: Callable[[str], None]
    ask: Callable[[str], bool | None]


class Preparation:
    """One trial before it is made; raises WhypinError where it cannot be made."""

    def __init__(self, place: Place, wanted: Sequence[Wanted], options: Options) -> None:
        self.wanted = tuple(wanted)
        self.options = options
        self.workspace = Workspace(place.root if place.root is not None else find_root())
        self.project = self.workspace.load(place.locks, place.today)
        if not self.project.locks:
            raise WhypinError(f"no lock file found below {self.workspace.root}", hint="lock the project first")
        self.locks = layered(self.project, plan.locks_of(self.project, self.wanted), self.workspace.text)
        self.changes = plan.changes_of(self.project, self.locks, self.wanted)
        for change in self.changes:
            plan.edited(self.workspace.text(change.at.path), change)
        self.base = self._base()
        names = [one.name for one in self.wanted]
        self.records = plan.concerned(self.project, self.locks, names)

    def _base(self) -> Project | None:
        """Return the project where the checkout left the base; None where there is none to be read."""
        from whypin.snapshot import with_base

        try:
            # By their whole paths: a relative one would be looked for in the current folder first.
            chosen = [os.path.join(self.workspace.root, lock.path) for lock in self.project.locks]
            project = self.workspace.load(chosen, self.project.today)
            return with_base(self.workspace, project, chosen, self.options.base).base
        except WhypinError:
            if self.options.base is not None:
                raise
            return None

    def locker(
        self, environment: str, lenient: bool = False, report: str = "", wanted: tuple[Wanted, ...] | None = None
    ) -> Locker:
        """Return the tool with its commands, for an environment in that folder, and other packages than those asked."""
        together = plan.beside(self.project, self.locks[0])
        paths = {lock.path for lock in self.locks}
        manifests = tuple(each for each in self.project.manifests if not paths.isdisjoint(each.locks))
        text = self.workspace.text
        asked = self.wanted if wanted is None else wanted
        return lockers.locker(Job(asked, self.locks, together, manifests, environment, text, lenient, report))

    def plan(self, folder: str, lenient: bool = False) -> Plan:
        """Return the plan for a scratch folder; a lenient one may name a tool that is not here."""
        tool = self.locker(os.path.join(folder, "environment") if folder else "ENVIRONMENT", lenient)
        passing = tool.rewrites or any(change.passing for change in self.changes)
        commands = [*tool.lock, *(tool.again if passing else ())]
        commands += [] if self.options.only_lock else tool.install
        return Plan(
            self.wanted,
            tuple(lock.path for lock in self.locks),
            tool.name,
            tuple(map(str, commands)),
            self.changes,
            tuple(record.id for record in self.records),
            () if self.options.only_lock else plan.steps_of(self.records, self.base),
            tuple(lock.path for lock in self.project.locks) if self.project.partial else (),
        )

    def check_trusted(self, steps: Sequence[TrialStep]) -> None:
        """Refuse to run a command that the base does not have, unless the user has read it and says so."""
        unknown = [step for step in steps if not step.trusted]
        if unknown and not self.options.yes and not self.options.only_lock:
            where = self.project.record_by_id[unknown[0].records[0]].place("confirmation")
            differs = "is not in the record as it was at the base" if self.base else "cannot be compared with a base"
            message = f"the step `{unknown[0].text.strip()}` {differs}"
            raise WhypinError(message, where, "read the steps; to run them all the same, give --yes")
