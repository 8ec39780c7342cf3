"""Pipenv: `pipenv upgrade` moves what it is told to, and takes the newest of what that needs along."""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.trial import Wanted
from whypin.trials.lockers import tools
from whypin.trials.lockers.tools import Command, Job, Locker


def locker(job: Job) -> Locker:
    """Return Pipenv with its commands; raises WhypinError where it is not here."""
    pipenv, folder = tools.program("pipenv", job, "install Pipenv"), tools.folder(job.locks[0])
    upgrade = (pipenv, "upgrade")
    told, others = tools.told(job)
    # Pipenv takes a version from the Pipfile alone: what cannot be told there by an edit is added for a while.
    commands = [
        *(Command((*upgrade, "--lock-only", *words), folder) for words in _by_group(job, told)),
        *(Command((*upgrade, *words), folder) for words in _by_group(job, others)),
    ]
    return Locker(
        "pipenv",
        Command((pipenv, "--version")),
        (tools.bare(job), *commands),
        # It moves what does not fit the Pipfile, here nothing, and writes the hash of the Pipfile.
        (Command((*upgrade, "--lock-only"), folder),),
        (tools.venv(job), Command((pipenv, "sync", *_everything(job)), folder)),
        rewrites=bool(others),
    )


def _by_group(job: Job, wanted: list[Wanted]) -> Iterator[list[str]]:
    """Yield the arguments for each group of the lock that holds one of the packages."""
    groups: dict[str, list[str]] = {}
    locked = {(entry.name, group) for lock in job.locks for entry in lock.entries for group in entry.groups}
    for one in wanted:
        for group in sorted(group for name, group in locked if name == one.name):
            groups.setdefault(group, []).append(str(one))
    for group, words in sorted(groups.items(), reverse=True):
        yield [*_OPTIONS.get(group, ["--categories", group.removeprefix("group:")]), *words]


def _everything(job: Job) -> list[str]:
    groups = {group for lock in job.locks for entry in lock.entries for group in entry.groups}
    own = sorted(group.removeprefix("group:") for group in groups - _OPTIONS.keys())
    return ["--categories", " ".join(["packages", "dev-packages", *own])] if own else ["--dev"]


_OPTIONS: dict[str, list[str]] = {"main": [], "group:dev": ["--dev"]}
