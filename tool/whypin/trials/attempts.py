"""The attempt that is logged when a trial is over, in every record concerned, with the whole output beside them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from itertools import count

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.project import Project
from whypin.model.record import Attempt, Record
from whypin.model.trial import Trial, Wanted
from whypin.model.version import accepts, parse_item
from whypin.workspace import Workspace

#: The most characters of evidence that go into a record.
_EVIDENCE = 2000


def logged(workspace: Workspace, project: Project, done: Trial, log: str, lately: timedelta | None) -> Trial:
    """Append the attempt to the records of a trial, with its log beside them; without one, write nothing.

    Records that have such a result already, not longer ago than `lately`, are left out; None leaves out none.
    """
    records = [project.record_by_id[record_id] for record_id in done.plan.records]
    if lately is not None:
        since = project.today - lately
        known = {record.id for record in records if _is_known(record, done, since)}
        done = done._replace(known=tuple(record.path for record in records if record.id in known))
        records = [record for record in records if record.id not in known]
    if not records:
        return done
    paths = []
    with _alone(workspace, project):
        done = done._replace(log=_log_written(workspace, project, done, log))
        for record in records:
            named = [one for one in done.plan.wanted if one.name in record.packages]
            fresh = Workspace(workspace.root)
            text = _text(fresh, record)
            for one in named:
                text = with_attempt(text, record.path, done, one, project)
            fresh.write(record.path, text)
            paths.append(record.path)
    return done._replace(logged=tuple(paths))


def check_places(workspace: Workspace, project: Project, record_ids: Iterable[str]) -> None:
    """Refuse places for the attempt and its log before anything is run, where nothing can be written."""
    folders = [os.path.dirname(project.record_by_id[record_id].path) for record_id in record_ids]
    for folder in dict.fromkeys([*folders, *([_logs(project)] if folders else [])]):
        workspace.check_folder(folder)


def _logs(project: Project) -> str:
    return f"{project.settings.records}/logs"


def _is_known(record: Record, done: Trial, since: date) -> bool:
    """Whether the last attempt with each version of the trial came to the same, on that day or later."""
    found = [_last(record, one, _where(done)) for one in done.plan.wanted if one.name in record.packages]
    return all(attempt is not None and attempt.outcome == done.outcome and attempt.date >= since for attempt in found)


def _last(record: Record, wanted: Wanted, where: str) -> Attempt | None:
    for attempt in reversed(record.attempts):
        same = attempt.package == wanted.name and accepts(parse_item(attempt.version), wanted.version, None)
        if same and attempt.evidence.startswith(where):
            return attempt
    return None


def with_attempt(text: str, path: str, done: Trial, wanted: Wanted, project: Project) -> str:
    """Return a record with the attempt at its end, checked to be a record still."""
    from whypin.records.edit import appended
    from whypin.records.read import read

    item = {
        "date": str(project.today),
        "package": wanted.name,
        "version": wanted.version,
        "outcome": done.outcome,
        "evidence": _evidence(done, wanted),
        "commands": done.commands,
        "duration": f"{done.seconds:.0f} s",
        "tool": done.tool,
        "python": done.python,
        "log": done.log,
    }
    better = appended(text, "attempts", item)
    problems = read(better, path)[1]
    if problems:
        where = Location(path, problems[0].line, problems[0].column)
        message = f"the attempt cannot be added: {problems[0].message}"
        raise WhypinError(message, where, "mend the record, or add it by hand")
    return better


def _evidence(done: Trial, wanted: Wanted) -> str:
    others = [str(one) for one in done.plan.wanted if one != wanted]
    together = f"Together with {', '.join(others)}.\n" if others else ""
    text = _where(done) + together + done.evidence
    return text if len(text) <= _EVIDENCE else f"{text[: _EVIDENCE - 4]} ..."


def _where(done: Trial) -> str:
    """Return the line that says in which of several locks it was tried; nothing where no lock had to be named."""
    return f"In {', '.join(done.plan.locks)}.\n" if done.plan.chosen else ""


def _text(workspace: Workspace, record: Record) -> str:
    workspace.text(record.path)
    return workspace.as_written(record.path).decode().removeprefix("\ufeff")


def _log_written(workspace: Workspace, project: Project, done: Trial, log: str) -> str:
    """Write the log beside the records, under a name that no other has; returns its path."""
    folder = _logs(project)
    one = done.plan.wanted[0]
    stem = f"{folder}/{project.today}-{one.name}-{one.version}".replace("!", "-")
    for number in count(1):
        path = f"{stem}.txt" if number == 1 else f"{stem}-{number}.txt"
        if not os.path.lexists(os.path.join(workspace.root, path)):
            try:
                workspace.write(path, log, new=True)
            except WhypinError:
                if not os.path.lexists(os.path.join(workspace.root, path)):
                    raise
                continue  # another trial was quicker
            return path
    raise AssertionError("there is always another number")


@contextmanager
def _alone(workspace: Workspace, project: Project) -> Iterator[None]:
    """Let one trial at a time change records: each reads what the one before has written."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    folder = os.open(os.path.join(workspace.root, project.settings.records), os.O_RDONLY)
    try:
        with suppress(OSError):  # there are file systems without locks
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
