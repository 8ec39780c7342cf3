"""uv: `uv lock` moves what it is told to, and keeps the rest."""

from __future__ import annotations

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.trials.lockers import tools
from whypin.trials.lockers.tools import Command, Job, Locker


def locker(job: Job) -> Locker:
    """Return uv with its commands; raises WhypinError where it cannot do what is asked."""
    lock = job.locks[0]
    if lock.path.endswith(".py.lock"):
        raise WhypinError("no trial can be made of the lock of a script", Location(lock.path), "use uv lock --script")
    uv, folder = tools.program("uv", job, "install uv"), tools.folder(lock)
    # Extras or groups that exclude each other cannot be installed together: then what uv takes by default.
    everything = () if lock.conflicts else ("--all-extras", "--all-groups")
    packages = ("--all-packages",) if sum(entry.member for entry in lock.entries) > 1 and not lock.conflicts else ()
    return Locker(
        "uv",
        Command((uv, "--version")),
        (Command((uv, "lock", *tools.upgrades(job)), folder),),
        (Command((uv, "lock"), folder),),
        (Command((uv, "sync", "--locked", *everything, *packages), folder),),
    )
