"""A trial from its plan to the attempt in the record: copy, lock, look at what moved, install, run the steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import NamedTuple

from whypin.errors import WhypinError
from whypin.model.difference import Difference, difference
from whypin.model.project import Project
from whypin.model.trial import Outcome, Plan, Taken, Trial, TrialStep, Wanted
from whypin.model.version import to_version
from whypin.trials import plan, verdict
from whypin.trials.preparation import Options, Place, Preparation
from whypin.trials.scratch import Scratch, opened, undisturbed
from whypin.trials.session import Failed, Session
from whypin.trials.working_copy import Contents, WorkingCopy

#: The most of a log that is kept beside the records.
_LOG = 4 << 20


class People(NamedTuple):
    """Who is told of the progress, and who is asked about a manual check: True, False, or None for open."""

    tell: Callable[[str], None]
    ask: Callable[[str], bool | None]


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
    preparation = Preparation(place, plan.parse(words), options)
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
        from whypin.trials import afterwards

        workspace, options = self._preparation.workspace, self._options
        with undisturbed():
            done = done._replace(scratch=self._scratch.folder if options.keep else "")
            text = self._session.log
            with open(self._scratch.log, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            if done.outcome != "locked":
                done = afterwards.logged(workspace, self._project, done, text[:_LOG], options.due)
        if done.outcome == "failed":
            return done
        done = done._replace(next_ids=self._rejecting())
        taken = not (options.apply or options.due) and self._is_taken(done)
        with undisturbed():
            if options.patch is not None:
                done = done._replace(patch=afterwards.patched(options.patch, self._changed))
            if options.apply or taken:
                done = done._replace(written=afterwards.applied(workspace, self._changed))
                if (options.supersede or taken) and done.outcome == "passed":
                    done = afterwards.superseded(workspace, self._project, done)
            return done

    def _is_taken(self, done: Trial) -> bool:
        """Offer what a trial that passed has shown to work: the change of the lock, and the new decision."""
        if done.outcome != "passed" or not self._changed:
            return False
        successor = f" and start what supersedes {', '.join(done.next_ids)}" if done.next_ids else ""
        return bool(self._people.ask(f"Passed. Change {', '.join(self._changed)}{successor}?"))

    def _rejecting(self) -> tuple[str, ...]:
        moved = self._difference.moved if self._difference is not None else ()
        return tuple(dict.fromkeys(record.id for one in moved for record in one.rejecting))

    def _lock(self) -> None:
        """Lock the copy and read it: what moved, and whether the versions are those that were asked for."""
        copy = WorkingCopy(self._preparation, self._scratch)
        self._changed = copy.lock(self._locker, self._session)
        after = copy.read()
        self._difference = difference(after, "")
        locks = [lock for lock in after.locks if lock.path in self._plan.locks]
        for one in self._plan.wanted:
            versions = [entry.version for lock in locks for entry in after.entries_of(lock, one.name)]
            if not any(_is(version, one) for version in versions):
                held = ", ".join(dict.fromkeys(version or "no version" for version in versions)) or "nothing"
                message = f"{self._locker.name} has locked {one.name} {held}, and not {one.version}: nothing is logged"
                raise WhypinError(message, hint="something else in the manifest decides: an index, a source, a marker")

    def _install(self) -> None:
        self._preparation.check_trusted(self._all_steps())
        for command in self._locker.install:
            self._session.tool(self._locker.name, command, self._plan.wanted, "install")

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
            said = (f"`{shown}` ended with exit code {done.code}", *verdict.last(done.output))
        return Taken(step, "failed", done.seconds, said)

    def _asked(self, step: TrialStep) -> Taken:
        begin = monotonic()
        answer = self._people.ask(step.text.strip())
        if answer is None:
            return Taken(step, "open")
        said = () if answer else (f"Not so: {step.text.strip()}",)
        return Taken(step, "passed" if answer else "failed", monotonic() - begin, said)


def _is(version: str | None, wanted: Wanted) -> bool:
    if version is None:
        return False
    try:
        locked, asked = to_version(version), to_version(wanted.version)
    except ValueError:
        return version == wanted.version
    return locked == asked or (asked.local is None and locked.public == asked.public)
