"""Poetry: the manifest says which version is meant."""

from __future__ import annotations

from whypin.trials.lockers import tools
from whypin.trials.lockers.tools import Command, Job, Locker


def locker(job: Job) -> Locker:
    """Return Poetry with its commands; raises WhypinError where it is not here."""
    poetry, folder = tools.program("poetry", job, "install Poetry 2"), tools.folder(job.locks[0])
    relock = Command((poetry, "lock"), folder)
    told, others = tools.told(job)
    newest = [one.name for one in told if not one.version]
    commands = [Command((poetry, "update", "--lock", *newest), folder)] if newest else []
    # Poetry takes a version from the manifest alone: what cannot be told there by an edit is added for a while.
    commands += [Command((poetry, "add", "--lock", *map(str, others)), folder)] if others else []
    return Locker(
        "poetry",
        Command((poetry, "--version")),
        # It would make an environment of its own for locking, were there none yet.
        (tools.bare(job), *(commands or [relock])),
        (relock,),
        (tools.venv(job), Command((poetry, "install", "--all-extras", "--all-groups"), folder)),
        rewrites=bool(others),
    )
