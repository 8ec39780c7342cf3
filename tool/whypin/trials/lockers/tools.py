"""What every adapter speaks of: the task, the commands of a tool, and where its program is."""

from __future__ import annotations

import posixpath
import shlex
import sys
from collections.abc import Callable
from typing import NamedTuple

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import Lock
from whypin.model.manifest import Manifest
from whypin.model.trial import Wanted
from whypin.trials import run


class Command(NamedTuple):
    """A program with its arguments, and the folder to run it in, relative to the root of the copy."""

    arguments: tuple[str, ...]
    folder: str = ""

    def __str__(self) -> str:
        """As it is typed."""
        program, *rest = self.arguments
        return shlex.join([posixpath.basename(program.replace("\\", "/")), *rest])


class Job(NamedTuple):
    """What an adapter has to know: the locks to make anew, all that are installed, and where the environment is.

    A wanted package without a version is to be the newest that the manifests admit. `text` gives the text of a file of
    the project. `lenient`: a tool that is not there goes by its name, for a plan. `report` is where pip is to write
    what it would install, as JSON; empty where nobody wants to know.
    """

    wanted: tuple[Wanted, ...]
    locks: tuple[Lock, ...]
    installed: tuple[Lock, ...]
    manifests: tuple[Manifest, ...]
    environment: str
    text: Callable[[str], str]
    lenient: bool = False
    report: str = ""


class Locker(NamedTuple):
    """A tool: the commands that lock, those that lock once more after a passing change was taken back, and install.

    `version` is the command that tells the tool's version.
    """

    name: str
    version: Command
    lock: tuple[Command, ...]
    again: tuple[Command, ...]
    install: tuple[Command, ...]


def program(name: str, job: Job, hint: str) -> str:
    """Return the path of a program; raises WhypinError where it is not on this machine."""
    path = run.found(name) or (name if job.lenient else None)
    if path is None:
        message = f"{name} makes this lock, and it is not on this machine"
        raise WhypinError(message, Location(job.locks[0].path), hint)
    return path


def folder(lock: Lock) -> str:
    """Return the folder of a lock, relative to the root; empty for the root itself."""
    return lock.path.rpartition("/")[0]


def venv(job: Job) -> Command:
    """Return the command that makes the environment, with the interpreter that runs us."""
    return Command((sys.executable, "-m", "venv", job.environment))


def python(job: Job) -> str:
    """Return the path of the interpreter of the environment."""
    return f"{job.environment}/Scripts/python.exe" if sys.platform == "win32" else f"{job.environment}/bin/python"


def pip_install(job: Job, *options: str) -> Command:
    """Return the command that installs the requirements files of the locks' folder."""
    files = [part for lock in job.installed for part in ("-r", posixpath.basename(lock.path))]
    # In their folder: that is where `-e .` and other relative paths of the files begin.
    return Command((python(job), "-m", "pip", "install", *options, *files), folder(job.locks[0]))
