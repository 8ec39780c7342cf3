"""pip, for requirements files that are written by hand: their lines are the lock."""

from __future__ import annotations

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.trials.lockers import tools
from whypin.trials.lockers.tools import Command, Job, Locker


def locker(job: Job) -> Locker:
    """Return pip: the lines are changed beforehand, and pip says whether they fit together."""
    for lock in job.locks:
        if any(entry.hashed for entry in lock.entries):
            message = "it has hashes, and nothing tells how it was made"
            raise WhypinError(message, Location(lock.path), "compile it from a .in file, with uv or pip-compile")
    tried = tools.pip_install(job, "--dry-run", *(("--report", job.report) if job.report else ()))
    version = Command((tools.python(job), "-m", "pip", "--version"))
    return Locker("pip", version, (tools.venv(job), tried), (tried,), (tools.pip_install(job),))
