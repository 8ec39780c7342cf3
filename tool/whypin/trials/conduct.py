"""A trial from its plan to the attempt in the record: copy, lock, look at what moved, install, run the steps."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from time import monotonic

from whypin.errors import WhypinError
from whypin.model.difference import Difference, difference
from whypin.model.project import Project
from whypin.model.trial import Outcome, Plan, Taken, Trial, TrialStep, Wanted
from whypin.trials import plan, verdict
from whypin.trials.installed import installed
from whypin.trials.preparation import Options, People, Place, Preparation
from whypin.trials.scratch import Scratch, opened, undisturbed
from whypin.trials.session import Failed, Session
from whypin.trials.working_copy import Contents, WorkingCopy

#: The most of a log that is kept beside the records.
_LOG = 4 << 20
#: For so long a result that a record has is not logged again by a job that runs on a schedule.
_LATELY = timedelta(days=30)


def planned(place: Place, words: Sequence[str], options: Options, tell: Callable[[str], None]) -> Plan:
    """Return what a trial would do; nothing is copied, run or written."""
    preparation = Preparation(place, plan.parse(words), options)
    tell_left_out(preparation.project, tell)
    return preparation.plan("", lenient=True)


def tell_left_out(project: Project, tell: Callable[[str], None]) -> None:
    """Tell which records cannot be read: nothing in them is heeded."""
    for invalid in project.invalid_records:
        tell(f"whypin: warning: {invalid.path} is left out: see whypin check")


def tried(place: Place, words: Sequence[str], options: Options, people: People) -> Trial:
    """Make a trial and log the attempt in every record in force, or proposed, that names a package of it.

    Nothing is logged where the tool fails for a reason that is not the version's, or where a version does not exist:
    that raises WhypinError, as does whatever cannot be read, run or written.
    """
    from whypin.trials import attempts, taking

    preparation = Preparation(place, plan.parse(words), options)
    if options.patch is not None:
        taking.check_patch(options.patch)
    attempts.check_places(preparation.workspace, preparation.project, [each.id for each in preparation.records])
    if not options.due:
        tell_left_out(preparation.project, people.tell)
    preparation.check_trusted(preparation.plan("").steps)
    with opened(preparation.workspace.root, options.keep) as scratch:
        for note in scratch.notes:
            people.tell(note)
        if options.keep:
            people.tell(f"the scratch place is {scratch.folder}")
        return _Conduct(preparation, scratch, people).trial()


class _Conduct:
    """One trial in its scratch place."""

    def __init__(self, preparation: Preparation, scratch: Scratch, people: People) -> None:
        self._preparation, self._scratch, self._people = preparation, scratch, people
        self._options, self._project = preparation.options, preparation.project
        self._session = Session(scratch, preparation.options, people.tell)
        self._locker = preparation.locker(scratch.environment)
        self._plan = preparation.plan(scratch.folder)
        self._begin = monotonic()
        self._difference: Difference | None = None
        self._steps: list[Taken] = []
        self._changed: Contents = {}
        self._absent: list[Wanted] = []

    def trial(self) -> Trial:
        """Make the trial, and log and write what came of it."""
        self._session.link(self._locker)
        tool = self._session.version(self._locker)
        outcome: Outcome = "passed"
        evidence = ""
        try:
            self._lock()
            if self._options.only_lock:
                outcome = "locked"
            else:
                self._install()
                evidence = self._confirm()
        except Failed as failed:
            outcome, evidence = "failed", failed.evidence
        done = Trial(
            self._plan,
            outcome,
            self._difference,
            tuple(self._steps),
            evidence,
            tuple(self._session.commands),
            monotonic() - self._begin,
            tool or self._session.version(self._locker),
            self._session.python(),
        )
        return self._finished(done)

    def _finished(self, done: Trial) -> Trial:
        from whypin.trials import attempts, taking

        workspace, options = self._preparation.workspace, self._options
        with undisturbed():
            done = done._replace(scratch=self._scratch.folder if options.keep else "")
            text = self._session.log
            if options.keep:
                os.makedirs(self._scratch.folder, exist_ok=True)  # a step may have removed it
                with open(self._scratch.log, "w", encoding="utf-8", newline="") as file:
                    file.write(text)
            if done.outcome != "locked":
                done = attempts.logged(workspace, self._project, done, text[:_LOG], self._lately(done))
        return done if done.outcome == "failed" else taking.taken(done, self._preparation, self._changed, self._people)

    def _lately(self, done: Trial) -> timedelta | None:
        """Return for how long a result that a record has is not logged again.

        Whoever takes what passed a moment ago learns nothing new, and a job on a schedule would fill the record.
        """
        if self._options.due:
            return _LATELY
        return timedelta(0) if self._options.apply and done.outcome == "passed" else None

    def _lock(self) -> None:
        """Lock the copy and read it: what moved, and whether the versions are those that were asked for."""
        copy = WorkingCopy(self._preparation, self._scratch)
        try:
            self._changed = copy.lock(self._locker, self._session)
        except Failed as failed:
            if failed.kind == "unresolvable":
                self._people.tell("looking whether the project locks as it is")
                plain = self._preparation.locker(self._scratch.environment, wanted=())
                copy.check_as_it_was(plain, Session(self._scratch, self._options, self._people.tell))
            raise
        after = copy.read()
        self._difference = difference(after, "")
        locks = [lock for lock in after.locks if lock.path in self._plan.locks]
        for one in self._plan.wanted:
            versions = [entry.version for lock in locks for entry in after.entries_of(lock, one.name)]
            if not any(map(one.is_met_by, versions)):
                held = ", ".join(dict.fromkeys(version or "no version" for version in versions)) or "nothing"
                message = f"{self._locker.name} has locked {one.name} {held}, and not {one.version}: nothing is logged"
                raise WhypinError(message, hint="something else in the manifest decides: an index, a source, a marker")

    def _install(self) -> None:
        self._preparation.check_trusted(self._all_steps())
        for command in self._locker.install:
            self._session.tool(self._locker.name, command, self._plan.wanted, "install")
        found = installed(self._scratch.environment)
        self._absent = [one for one in self._plan.wanted if not one.is_met_by(found.get(one.name))]
        if len(self._absent) == len(self._plan.wanted):
            message = f"{self._locker.name} has not installed {' and '.join(map(str, self._absent))}: nothing is logged"
            raise WhypinError(message, hint="a marker, an extra or a group leaves it out on this machine")

    def _all_steps(self) -> tuple[TrialStep, ...]:
        """Return the steps of the records about what was asked for and about what moved along."""
        moved = self._difference.moved if self._difference is not None else ()
        names = [*(one.name for one in self._plan.wanted), *(one.name for one in moved if one.after)]
        records = plan.concerned(self._project, self._preparation.locks, names)
        first = set(self._plan.records)
        ordered = sorted(records, key=lambda record: record.id not in first)
        return plan.steps_of(ordered, self._preparation.base)

    def _confirm(self) -> str:
        """Take the steps; returns what is to be said of a trial that passes. The first that fails ends it."""
        steps = self._all_steps()
        self._plan = self._plan._replace(steps=steps)
        ordered = [step for step in steps if step.kind == "run"] + [step for step in steps if step.kind != "run"]
        reached = 0
        try:
            for step in ordered:
                taken = self._taken(step) if step.kind == "run" else self._asked(step)
                self._steps.append(taken)
                reached += 1
                if taken.outcome == "failed":
                    raise Failed(taken.said)
        finally:
            self._steps += [Taken(step, "not reached") for step in ordered[reached:]]
        return "\n".join(self._summary())

    def _summary(self) -> Iterator[str]:
        ran = sum(taken.step.kind == "run" for taken in self._steps)
        yield (
            f"{ran} step{'s' * (ran != 1)} passed"
            if ran
            else "Locked and installed; no record concerned has a step to run"
        )
        if self._absent:
            yield f"Locked, and not installed on this machine: {', '.join(map(str, self._absent))}"
        for taken in self._steps:
            if taken.outcome == "open":
                yield f"Not checked yet: {taken.step.text.strip()}"

    def _taken(self, step: TrialStep) -> Taken:
        done, shown = self._session.step(step.text)
        if done.code == 0:
            return Taken(step, "passed", done.seconds)
        if done.code is None:
            said = (f"`{shown}` took longer than {self._options.timeout:g} seconds", *verdict.last(done.output, 3))
        else:
            ended = f"exit code {done.code}" if done.code >= 0 else f"signal {-done.code}"
            said = (f"`{shown}` ended with {ended}", *verdict.last(done.output))
        return Taken(step, "failed", done.seconds, said)

    def _asked(self, step: TrialStep) -> Taken:
        begin = monotonic()
        answer = self._people.ask(step.text.strip())
        if answer is None:
            return Taken(step, "open")
        said = () if answer else (f"Not so: {step.text.strip()}",)
        return Taken(step, "passed" if answer else "failed", monotonic() - begin, said)
