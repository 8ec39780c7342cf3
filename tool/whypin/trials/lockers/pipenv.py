"""Pipenv: `pipenv upgrade` moves what it is told to."""

from __future__ import annotations

from whypin.trials.lockers import tools
from whypin.trials.lockers.tools import Command, Job, Locker


def locker(job: Job) -> Locker:
    """Return Pipenv with its commands; raises WhypinError where it cannot do what is asked."""
    lock = job.locks[0]
    pipenv, folder = tools.program("pipenv", job, "install Pipenv"), tools.folder(lock)
    groups = {each.key: each.group for manifest in job.manifests for each in manifest.requirements}
    named = {
        flag: [str(one) for one in job.wanted if (groups.get(one.name, "main") != "main") == bool(flag)]
        for flag in ((), ("--dev",))
    }
    # Only the lock: the Pipfile has been changed by then, where it had to be.
    lock_commands = tuple(
        Command((pipenv, "upgrade", "--lock-only", *flag, *names), folder) for flag, names in named.items() if names
    )
    return Locker(
        "pipenv",
        Command((pipenv, "--version")),
        lock_commands,
        (),
        (
            tools.venv(job),
            Command((pipenv, "sync", "--dev"), folder),
        ),
    )
