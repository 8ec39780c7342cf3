"""The tools that lock: which commands move exactly these packages, and how each installs what it has locked.

An adapter runs nothing: it names commands. What these do is tested with the tools themselves.
"""

from __future__ import annotations

from collections.abc import Callable

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.trials.lockers import compiled, pdm, pip, pipenv, poetry, uv
from whypin.trials.lockers.tools import Command, Job, Locker

__all__ = ["Command", "Job", "Locker", "is_known", "locker"]


def locker(job: Job) -> Locker:
    """Return the tool of a project's lock; raises WhypinError where there is none that we know, or it is not here."""
    first = job.locks[0]
    if first.format not in _ADAPTERS:
        known = "uv, Poetry, pdm, Pipenv, pip-compile, uv pip compile and pip"
        raise WhypinError(f"no trial can be made of a {first.format} lock", Location(first.path), f"known are {known}")
    return _ADAPTERS[first.format](job)


def is_known(form: str) -> bool:
    """Whether the locks of a format have a tool that we know."""
    return form in _ADAPTERS


def _requirements(job: Job) -> Locker:
    return compiled.locker(job) or pip.locker(job)


_ADAPTERS: dict[str, Callable[[Job], Locker]] = {
    "uv": uv.locker,
    "poetry": poetry.locker,
    "pdm": pdm.locker,
    "pipfile": pipenv.locker,
    "requirements": _requirements,
}
