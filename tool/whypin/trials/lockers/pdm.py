"""pdm: the manifest says which version is meant."""

from __future__ import annotations

from whypin.trials.lockers import tools
from whypin.trials.lockers.tools import Command, Job, Locker


def locker(job: Job) -> Locker:
    """Return pdm with its commands; raises WhypinError where it is not here."""
    pdm, folder = tools.program("pdm", job, "install pdm"), tools.folder(job.locks[0])
    relock = Command((pdm, "lock", "--update-reuse"), folder)
    told, others = tools.told(job)
    newest = [one.name for one in told if not one.version]
    commands = [Command((pdm, "update", "--no-sync", "--update-reuse", *newest), folder)] if newest else []
    # pdm takes a version from the manifest alone: what cannot be told there by an edit is added for a while.
    commands += [Command((pdm, "add", "--no-sync", "--update-reuse", *map(str, others)), folder)] if others else []
    return Locker(
        "pdm",
        Command((pdm, "--version")),
        # It would make an environment beside the manifest for locking, were there none yet.
        (tools.bare(job), *(commands or [relock])),
        (relock,),
        # All groups that the lock was made for; the environments of pdm have no pip.
        (Command((pdm, "sync"), folder),),
        rewrites=bool(commands),
    )
