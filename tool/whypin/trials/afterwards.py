"""What is written when a trial is over: the attempt in the records, the log, the patch, the files in place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.project import Project
from whypin.model.record import Record
from whypin.model.trial import Trial, Wanted
from whypin.workspace import Workspace

#: The most characters of evidence that go into a record.
_EVIDENCE = 2000
#: For so long a result that a record has is not logged again by a job that runs on a schedule.
_LATELY = timedelta(days=30)


def logged(workspace: Workspace, project: Project, done: Trial, log: str, sparing: bool = False) -> Trial:
    """Append the attempt to the records of a trial, with its log beside them; without one, write nothing.

    A `sparing` one leaves out the records that have such a result of the last 30 days.
    """
    records = [project.record_by_id[record_id] for record_id in done.plan.records]
    if sparing:
        known = {record.id for record in records if _is_known(record, done, project.today)}
        done = done._replace(known=tuple(record.path for record in records if record.id in known))
        records = [record for record in records if record.id not in known]
    if not records:
        return done
    done = done._replace(log=_log_written(workspace, project, done, log))
    paths = []
    with _alone(workspace, project):
        for record in records:
            named = [one for one in done.plan.wanted if one.name in record.packages]
            fresh = Workspace(workspace.root)
            text = _text(fresh, record)
            for one in named:
                text = with_attempt(text, record.path, done, one, project)
            fresh.write(record.path, text)
            paths.append(record.path)
    return done._replace(logged=tuple(paths))


def _is_known(record: Record, done: Trial, today: date) -> bool:
    """Whether the last attempt with each version of the trial came to the same, and not long ago."""
    last = {(attempt.package, attempt.version): attempt for attempt in record.attempts}
    found = [last.get((one.name, one.version)) for one in done.plan.wanted if one.name in record.packages]
    return all(
        attempt is not None and attempt.outcome == done.outcome and today - attempt.date <= _LATELY for attempt in found
    )


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
    text = together + done.evidence
    return text if len(text) <= _EVIDENCE else f"{text[: _EVIDENCE - 4]} ..."


def _text(workspace: Workspace, record: Record) -> str:
    workspace.text(record.path)
    return workspace.as_written(record.path).decode().removeprefix("\ufeff")


def _log_written(workspace: Workspace, project: Project, done: Trial, log: str) -> str:
    """Write the log beside the records, under a name that no other has; returns its path."""
    folder = f"{project.settings.records}/logs"
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
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def applied(workspace: Workspace, changed: Mapping[str, tuple[bytes, bytes]]) -> tuple[str, ...]:
    """Write the changed files in place, all or none; raises WhypinError where one is not what was copied any more."""
    fresh = Workspace(workspace.root)
    for path, (before, _) in changed.items():
        if fresh.as_written(path) != before:
            raise WhypinError("it has changed since the trial began", Location(path), "run the trial again")
    written: list[str] = []
    try:
        for path, (_, after) in changed.items():
            fresh.write(path, _plain(after))
            written.append(path)
    except WhypinError:
        for path in written:
            fresh.write(path, _plain(changed[path][0]))
        raise
    return tuple(written)


def _plain(data: bytes) -> str:
    """Return bytes as the text that `Workspace.write` writes back as the same bytes."""
    return data.decode("utf-8").removeprefix("\ufeff")


def patched(path: str, changed: Mapping[str, tuple[bytes, bytes]]) -> str:
    """Write what changed as a patch for `git apply`; returns the path."""
    text = "".join(part for name, pair in sorted(changed.items()) for part in _hunks(name, *pair))
    try:
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise WhypinError(f"the patch {path} cannot be written: {error.strerror}", hint="name another file") from None
    return path


def _hunks(name: str, before: bytes, after: bytes) -> Iterator[str]:
    from difflib import unified_diff

    old, new = (re.findall(r"[^\n]*\n|[^\n]+", data.decode("utf-8")) for data in (before, after))
    for line in unified_diff(old, new, f"a/{name}", f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def superseded(workspace: Workspace, project: Project, done: Trial) -> Trial:
    """Start the successors of the records that reject the new versions; they take over the attempt."""
    from whypin.app.mend import supersede

    chosen = [os.path.join(workspace.root, lock.path) for lock in project.locks] if project.partial else []
    paths = [supersede(workspace.root, chosen, project.today, record_id) for record_id in done.next_ids]
    return done._replace(successors=tuple(paths))
