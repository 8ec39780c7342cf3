"""Poetry: the manifest says which version is meant."""

from __future__ import annotations

from whypin.trials.lockers import tools
from whypin.trials.lockers.tools import Command, Job, Locker


def locker(job: Job) -> Locker:
    """Return Poetry with its commands; raises WhypinError where it cannot do what is asked."""
    lock = job.locks[0]
    poetry, folder = tools.program("poetry", job, "install Poetry 2"), tools.folder(lock)
    asked = {requirement.key for manifest in job.manifests for requirement in manifest.requirements}
    added = [str(one) for one in job.wanted if one.name not in asked]
    # Poetry takes the version of a transitive package from the manifest alone: it stands there for a while.
    first = (Command((poetry, "add", "--lock", *added), folder),) if added else (Command((poetry, "lock"), folder),)
    names = [one.name for one in job.wanted if one.name not in asked]
    removed = (Command((poetry, "remove", "--lock", *names), folder),) if names else ()
    return Locker(
        "poetry",
        Command((poetry, "--version")),
        (*first, *removed),
        (Command((poetry, "lock"), folder),),
        (
            tools.venv(job),
            Command((poetry, "install", "--all-extras", "--all-groups"), folder),
        ),
    )
