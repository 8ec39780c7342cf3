"""A trial from its plan to the attempt in the record: copy, lock, look at what moved, install, run the steps."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from time import monotonic
from typing import NamedTuple

from whypin import git
from whypin.errors import WhypinError
from whypin.model.difference import Difference, difference
from whypin.model.project import Project
from whypin.model.trial import Change, Outcome, Plan, Taken, Trial, TrialStep, Wanted
from whypin.model.version import to_version
from whypin.syntax.url import redact
from whypin.trials import lockers, plan, verdict
from whypin.trials.lockers import Command, Job, Locker
from whypin.trials.run import Done, environment, run, secrets
from whypin.trials.scratch import Scratch, opened, undisturbed
from whypin.workspace import Workspace, find_root

#: The most of a log that is kept beside the records.
_LOG = 4 << 20


class Options(NamedTuple):
    """How a trial is to be made; `timeout` is in seconds, for each command. `base` is a revision, None for main."""

    only_lock: bool = False
    keep: bool = False
    yes: bool = False
    env: tuple[str, ...] = ()
    timeout: float = 1800
    apply: bool = False
    patch: str | None = None
    base: str | None = None
    supersede: bool = False


class People(NamedTuple):
    """Who is told of the progress, and who is asked about a manual check: True, False, or None for open."""

    tell: Callable[[str], None]
    ask: Callable[[str], bool | None]


def planned(
    root: str | None, locks: Sequence[str], on_day: date | None, words: Sequence[str], options: Options
) -> Plan:
    """Return what a trial would do; nothing is copied, run or written."""
    return _Preparation(root, locks, on_day, words, options).plan("", lenient=True)


class _Preparation:
    """What is known before anything runs."""

    def __init__(
        self, root: str | None, locks: Sequence[str], on_day: date | None, words: Sequence[str], options: Options
    ) -> None:
        self.wanted = plan.parse(words)
        self.options = options
        self.workspace = Workspace(root if root is not None else find_root())
        self.project = self.workspace.load(locks, on_day)
        if not self.project.locks:
            raise WhypinError(f"no lock file found below {self.workspace.root}", hint="lock the project first")
        self.locks = plan.locks_of(self.project, self.wanted)
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

    def locker(self, environment_folder: str, lenient: bool = False) -> Locker:
        """Return the tool with its commands, for an environment in that folder."""
        first = self.locks[0]
        together = tuple(
            lock
            for lock in self.project.locks
            if lock.format == first.format and lock.path.rpartition("/")[0] == first.path.rpartition("/")[0]
        )
        paths = {lock.path for lock in self.locks}
        manifests = tuple(each for each in self.project.manifests if not paths.isdisjoint(each.locks))
        job = Job(self.wanted, self.locks, together, manifests, environment_folder, self.workspace.text, lenient)
        return lockers.locker(job)

    def plan(self, folder: str, lenient: bool = False) -> Plan:
        """Return the plan for a scratch folder; a lenient one may name a tool that is not here."""
        tool = self.locker(os.path.join(folder, "environment") if folder else "ENVIRONMENT", lenient)
        passing = any(change.passing for change in self.changes)
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
            folder,
        )

    def check_trusted(self, steps: Sequence[TrialStep]) -> None:
        """Refuse to run a command that the base does not have, unless the user has read it and says so."""
        unknown = [step for step in steps if not step.trusted]
        if unknown and not self.options.yes and not self.options.only_lock:
            where = self.project.record_by_id[unknown[0].records[0]].place("confirmation")
            differs = "is not in the record as it was at the base" if self.base else "cannot be compared with a base"
            message = f"the step `{unknown[0].text.strip()}` {differs}"
            raise WhypinError(message, where, "read the steps; to run them all the same, give --yes")

    def paths(self) -> list[str] | None:
        """Return the files to copy: what git tracks or does not ignore; None where there is no git."""
        return git.files_not_ignored(self.workspace.root, ["*"])


def tried(
    root: str | None,
    locks: Sequence[str],
    on_day: date | None,
    words: Sequence[str],
    options: Options,
    people: People,
) -> Trial:
    """Make a trial and log the attempt in every record in force, or proposed, that names a package of it.

    Nothing is logged where the tool fails for a reason that is not the version's, or where a version does not exist:
    that raises WhypinError, as does whatever cannot be read, run or written.
    """
    preparation = _Preparation(root, locks, on_day, words, options)
    known = preparation.plan("")
    preparation.check_trusted(known.steps)
    with opened(preparation.workspace.root, preparation.paths(), options.keep) as scratch:
        if options.keep:
            people.tell(f"the scratch place is {scratch.folder}")
        return _Conduct(preparation, scratch, people).trial()


class _Failed(Exception):
    """The trial has failed, for this reason."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self.evidence = "\n".join(lines)


class _Conduct:
    """One trial in its scratch place."""

    def __init__(self, preparation: _Preparation, scratch: Scratch, people: People) -> None:
        self._preparation, self._scratch, self._people = preparation, scratch, people
        self._options, self._project = preparation.options, preparation.project
        self._locker = preparation.locker(scratch.environment)
        self._plan = preparation.plan(scratch.folder)
        self._secrets = secrets(self._options.env)
        self._log: list[str] = []
        self._commands: list[str] = []
        self._begin = monotonic()
        self._difference: Difference | None = None
        self._steps: list[Taken] = []
        self._changed: dict[str, tuple[bytes, bytes]] = {}
        self._after: Project | None = None

    def trial(self) -> Trial:
        """Make the trial, and log and write what came of it."""
        self._link_tool()
        tool = self._version(self._locker.version)
        outcome: Outcome = "passed"
        evidence = ""
        try:
            self._lock()
            if self._options.only_lock:
                outcome = "locked"
            else:
                self._install()
                evidence = self._confirm()
        except _Failed as failed:
            outcome, evidence = "failed", failed.evidence
        done = Trial(
            self._plan,
            outcome,
            self._difference,
            tuple(self._steps),
            evidence,
            tuple(self._commands),
            monotonic() - self._begin,
            tool or self._version(self._locker.version),
            self._python(),
        )
        return self._finished(done)

    def _finished(self, done: Trial) -> Trial:
        from whypin.trials import afterwards

        with undisturbed():
            done = done._replace(scratch=self._scratch.folder if self._options.keep else "")
            text = "".join(self._log)
            _write(self._scratch.log, text)
            if done.outcome != "locked":
                done = afterwards.logged(self._preparation.workspace, self._project, done, text[:_LOG])
            if done.outcome == "failed":
                return done
            done = done._replace(next_ids=self._rejecting())
            if self._options.patch is not None:
                done = done._replace(patch=afterwards.patched(self._options.patch, self._changed))
            if self._options.apply:
                done = done._replace(written=afterwards.applied(self._preparation.workspace, self._changed))
                if self._options.supersede and done.outcome == "passed":
                    done = afterwards.superseded(self._preparation.workspace, self._project, done)
            return done

    def _rejecting(self) -> tuple[str, ...]:
        moved = self._difference.moved if self._difference is not None else ()
        return tuple(dict.fromkeys(record.id for one in moved for record in one.rejecting))

    def _link_tool(self) -> None:
        """Put the tool where the steps find it, last on the PATH: our own environment is not."""
        program = self._locker.lock[-1].arguments[0]
        if os.path.isabs(program) and not program.startswith(self._scratch.folder) and hasattr(os, "symlink"):
            name = os.path.basename(program)
            if not name.startswith("python"):
                os.symlink(program, os.path.join(self._scratch.tools, name))

    def _version(self, command: Command) -> str:
        """Return a tool with its version: `uv 0.13.9`; empty where it is not there yet."""
        program = command.arguments[0]
        if program.startswith(self._scratch.folder) and not os.path.exists(program):
            return ""
        variables = environment(self._scratch, (), True)
        done = run(command.arguments, self._scratch.folder, variables, 60, lambda _line: None, self._clean)
        words = verdict.plain(done.output).strip().partition("\n")[0].replace(",", " ").split()
        version = next((word.strip("()") for word in words if word.strip("()")[:1].isdigit()), "")
        return f"{self._locker.name} {version}".strip()

    def _python(self) -> str:
        program = found_python(self._scratch)
        if program is None:
            return ""
        words = [program, "-c", "import platform; print(platform.python_version())"]
        done = run(words, self._scratch.folder, environment(self._scratch, (), False), 60, lambda _line: None, str)
        return done.output.strip() if done.code == 0 else ""

    def _lock(self) -> None:
        before = {path: self._bytes(path) for path in self._lockable()}
        self._edit(self._preparation.changes)
        for command in self._locker.lock:
            self._tool(command, "lock")
        passing = [change for change in self._preparation.changes if change.passing]
        if passing:
            self._edit([change._replace(before=change.after, after=change.before) for change in passing])
            for command in self._locker.again:
                self._tool(command, "lock")
        after = {path: self._bytes(path) for path in before}
        self._changed = {path: (before[path], after[path]) for path in before if before[path] != after[path]}
        self._look()

    def _lockable(self) -> list[str]:
        """Return the files that locking may change: the locks, their manifests, and what these include."""
        locks = set(self._plan.locks)
        found = dict.fromkeys(self._plan.locks)
        for manifest in self._project.manifests:
            if not locks.isdisjoint(manifest.locks):
                found[manifest.path] = None
        found.update((change.at.path, None) for change in self._preparation.changes)
        return list(found)

    def _bytes(self, path: str) -> bytes:
        with open(os.path.join(self._scratch.project, path), "rb") as file:
            return file.read()

    def _edit(self, changes: Sequence[Change]) -> None:
        for change in sorted(changes, key=lambda change: change.at, reverse=True):
            path = os.path.join(self._scratch.project, change.at.path)
            text = self._bytes(change.at.path).decode("utf-8")
            _write(path, plan.edited(text, change))

    def _look(self) -> None:
        """Read what the tool has made: what moved, and whether the versions are those that were asked for."""
        chosen = [os.path.join(self._scratch.project, lock.path) for lock in self._project.locks]
        after = Workspace(self._scratch.project).load(chosen, self._project.today)
        after.base = self._project
        self._after = after
        self._difference = difference(after, "")
        locks = [lock for lock in after.locks if lock.path in self._plan.locks]
        for one in self._plan.wanted:
            versions = [entry.version for lock in locks for entry in after.entries_of(lock, one.name)]
            if not any(_is(version, one) for version in versions):
                held = ", ".join(dict.fromkeys(version or "no version" for version in versions)) or "nothing"
                message = f"{self._locker.name} has locked {one.name} {held}, and not {one.version}: nothing is logged"
                raise WhypinError(message, hint="something else in the manifest decides: an index, a source, a marker")

    def _install(self) -> None:
        self._check_newly_concerned()
        for command in self._locker.install:
            self._tool(command, "install")

    def _check_newly_concerned(self) -> None:
        self._preparation.check_trusted(self._all_steps())

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
                    raise _Failed(taken.said)
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
        shown = self._clean(" ".join(step.text.split()))
        self._people.tell(f"$ {shown}")
        done = self._run(step.text, self._scratch.project, False)
        self._commands.append(shown)
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

    def _tool(self, command: Command, stage: str) -> None:
        """Run a command of the tool; raises what its failure means."""
        self._people.tell(f"$ {self._clean(str(command))}")
        done = self._run(command.arguments, os.path.join(self._scratch.project, command.folder), True)
        self._commands.append(self._clean(str(command)))
        if done.code == 0:
            return
        if done.code is None:
            message = f"{self._locker.name} took longer than {self._options.timeout:g} seconds to {stage}"
            raise WhypinError(f"{message}: nothing is logged", hint="give it more with --timeout")
        reason = verdict.reason(done.output, self._plan.wanted)
        if reason.kind in ("unresolvable", "broken"):
            raise _Failed(reason.lines)
        said = " ".join(reason.lines).rstrip(".") or f"exit code {done.code}"
        if reason.kind == "missing":
            names = " or ".join(map(str, self._plan.wanted))
            message = f"the index has no {names}: {said}"
            raise WhypinError(message, hint="nothing is logged; is the version spelt right?")
        message = f"{self._locker.name} failed to {stage}, for no reason that it gives the version: {said}"
        raise WhypinError(message, hint="nothing is logged; with --keep you can look at the scratch place")

    def _run(self, command: str | Sequence[str], folder: str, for_tool: bool) -> Done:
        variables = environment(self._scratch, self._options.env, for_tool)
        done = run(command, folder, variables, self._options.timeout, self._said, self._clean)
        shown = self._clean(command if isinstance(command, str) else str(Command(tuple(command))))
        ended = "took too long" if done.code is None else f"exit code {done.code}"
        self._log.append(f"$ {shown}\n{verdict.plain(done.output).rstrip()}\n[{ended}, {done.seconds:.1f} s]\n\n")
        return done

    def _said(self, line: str) -> None:
        self._people.tell(f"  {verdict.plain(line)}")

    def _clean(self, text: str) -> str:
        """Return a text without passwords, and without the place where the scratch copy lies."""
        text = redact(text)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        for place, name in ((self._scratch.project, "."), (self._scratch.environment, "ENVIRONMENT")):
            for form in (place, os.path.realpath(place)):
                text = text.replace(f"{form}{os.sep}", f"{name}{os.sep}" if name != "." else "").replace(form, name)
        text = text.replace(self._scratch.folder, "SCRATCH")
        # A log is read by others, and may be committed: whose machine it was is not their business.
        home = os.path.expanduser("~").rstrip(os.sep)
        return text.replace(f"{home}{os.sep}", f"~{os.sep}") if home else text


def found_python(scratch: Scratch) -> str | None:
    """Return the interpreter of the environment, where there is one by now."""
    for place in (("bin", "python"), ("Scripts", "python.exe")):
        path = os.path.join(scratch.environment, *place)
        if os.path.exists(path):
            return path
    return None


def _is(version: str | None, wanted: Wanted) -> bool:
    if version is None:
        return False
    try:
        locked, asked = to_version(version), to_version(wanted.version)
    except ValueError:
        return version == wanted.version
    return locked == asked or (asked.local is None and locked.public == asked.public)


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
