"""pdm: the manifest says which version is meant."""

from __future__ import annotations

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.trials.lockers import tools
from whypin.trials.lockers.tools import Command, Job, Locker


def locker(job: Job) -> Locker:
    """Return pdm with its commands; raises WhypinError where it cannot do what is asked."""
    lock = job.locks[0]
    pdm, folder = tools.program("pdm", job, "install pdm"), tools.folder(lock)
    asked = {requirement.key for manifest in job.manifests for requirement in manifest.requirements}
    for one in job.wanted:
        if one.name not in asked:
            message = f"{one.name} is not asked for by the project itself, and pdm takes no version of such a package"
            raise WhypinError(message, Location(lock.path), "try the package that brings it")
    relock = Command((pdm, "lock", "--update-reuse"), folder)
    return Locker(
        "pdm",
        Command((pdm, "--version")),
        (relock,),
        (relock,),
        (
            tools.venv(job),
            Command((pdm, "use", "--first", job.environment), folder),
            Command((pdm, "sync", "--group", ":all"), folder),
        ),
    )
