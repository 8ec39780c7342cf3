"""What every adapter speaks of: the task, the commands of a tool, and where its program is."""

from __future__ import annotations

import platform
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
from whypin.model.version import admits
from whypin.trials import run

#: Up to here interpreters are looked for by their names.
_NEWEST_MINOR = 30


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

    `version` is the command that tells the tool's version. One that `rewrites` is told a version by a requirement that
    it adds to the manifest itself, which is put back before it locks once more.
    """

    name: str
    version: Command
    lock: tuple[Command, ...]
    again: tuple[Command, ...]
    install: tuple[Command, ...]
    rewrites: bool = False


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


def upgrades(job: Job) -> list[str]:
    """Return the arguments by which uv and pip-compile are told what to move."""
    return [part for one in job.wanted for part in ("--upgrade-package", str(one))]


def told(job: Job) -> tuple[list[Wanted], list[Wanted]]:
    """Return the wanted packages whose version the manifests tell by now, and those for which they cannot.

    Only a constraint that is written can be edited: of a package without one, or that others bring, nothing is told.
    """
    written = {each.key for manifest in job.manifests for each in manifest.requirements if each.written}
    return (
        [one for one in job.wanted if one.name in written],
        [one for one in job.wanted if one.name not in written],
    )


def venv(job: Job) -> Command:
    """Return the command that makes the environment; raises WhypinError where no interpreter is fit for the project."""
    return Command((_interpreter(job), "-m", "venv", job.environment))


def bare(job: Job) -> Command:
    """Return the command that makes the environment without pip, sooner: enough for locking; `venv` completes it."""
    return Command((_interpreter(job), "-m", "venv", "--without-pip", job.environment))


def _interpreter(job: Job) -> str:
    """Return the interpreter that runs us, or else one of the PATH that the project admits: the newest by its name."""
    if job.lenient:
        return "python"  # which one is found when it is needed
    asked = [(each.requires_python, each.path) for each in job.manifests if each.requires_python]
    if all(_admits(each, platform.python_version()) for each, _ in asked):
        return sys.executable
    for minor in range(_NEWEST_MINOR, 8, -1):
        path = run.found(f"python3.{minor}", shims=False)
        if path is not None and all(_admits(each, f"3.{minor}.99") for each, _ in asked):
            return path
    message = f"Python {asked[0][0]} is asked for, and none such is on this machine"
    raise WhypinError(message, Location(asked[0][1]), "put one on the PATH, as python3.12 or the like")


def _admits(specifier: str, version: str) -> bool:
    try:
        return admits(specifier, version)
    except ValueError:
        return True


def python(job: Job) -> str:
    """Return the path of the interpreter of the environment."""
    return f"{job.environment}/Scripts/python.exe" if sys.platform == "win32" else f"{job.environment}/bin/python"


def pip_install(job: Job, *options: str) -> Command:
    """Return the command that installs the requirements files of the locks' folder."""
    files = [part for lock in job.installed for part in ("-r", posixpath.basename(lock.path))]
    # In their folder: that is where `-e .` and other relative paths of the files begin.
    return Command((python(job), "-m", "pip", "install", *options, *files), folder(job.locks[0]))
