"""The tools that lock: which commands move exactly these packages, and how each installs what it has locked.

An adapter runs nothing: it names commands. Sources: the documentation of each tool's command line.
"""

from __future__ import annotations

import posixpath
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import Lock
from whypin.model.manifest import Manifest
from whypin.model.trial import Wanted
from whypin.trials.run import found


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

    `text` gives the text of a file of the project. `lenient`: a tool that is not there goes by its name, for a plan.
    """

    wanted: tuple[Wanted, ...]
    locks: tuple[Lock, ...]
    installed: tuple[Lock, ...]
    manifests: tuple[Manifest, ...]
    environment: str
    text: Callable[[str], str]
    lenient: bool = False


class Locker(NamedTuple):
    """A tool: the commands that lock, those that lock once more after a passing change was taken back, and install.

    `version` is the command that tells the tool's version.
    """

    name: str
    version: Command
    lock: tuple[Command, ...]
    again: tuple[Command, ...]
    install: tuple[Command, ...]


def locker(job: Job) -> Locker:
    """Return the tool of a project's lock; raises WhypinError where there is none that we know, or it is not here."""
    first = job.locks[0]
    if first.format not in _ADAPTERS:
        known = "uv, Poetry, pdm, Pipenv, pip-compile, uv pip compile and pip"
        raise WhypinError(f"no trial can be made of a {first.format} lock", Location(first.path), f"known are {known}")
    return _ADAPTERS[first.format](job)


def _program(name: str, lock: Lock, hint: str, lenient: bool) -> str:
    path = found(name) or (name if lenient else None)
    if path is None:
        raise WhypinError(f"{name} makes this lock, and it is not on this machine", Location(lock.path), hint)
    return path


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _uv(job: Job) -> Locker:
    lock = job.locks[0]
    if lock.path.endswith(".py.lock"):
        raise WhypinError("no trial can be made of the lock of a script", Location(lock.path), "use uv lock --script")
    uv, folder = _program("uv", lock, "install uv", job.lenient), _folder(lock.path)
    named = [part for one in job.wanted for part in ("--upgrade-package", str(one))]
    # Extras or groups that exclude each other cannot be installed together: then what uv takes by default.
    everything = () if lock.conflicts else ("--all-extras", "--all-groups")
    packages = ("--all-packages",) if sum(entry.member for entry in lock.entries) > 1 and not lock.conflicts else ()
    return Locker(
        "uv",
        Command((uv, "--version")),
        (Command((uv, "lock", *named), folder),),
        (Command((uv, "lock"), folder),),
        (Command((uv, "sync", "--locked", *everything, *packages), folder),),
    )


def _poetry(job: Job) -> Locker:
    lock = job.locks[0]
    poetry, folder = _program("poetry", lock, "install Poetry 2", job.lenient), _folder(lock.path)
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
            Command((sys.executable, "-m", "venv", job.environment)),
            Command((poetry, "install", "--all-extras", "--all-groups"), folder),
        ),
    )


def _pdm(job: Job) -> Locker:
    lock = job.locks[0]
    pdm, folder = _program("pdm", lock, "install pdm", job.lenient), _folder(lock.path)
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
            Command((sys.executable, "-m", "venv", job.environment)),
            Command((pdm, "use", "--first", job.environment), folder),
            Command((pdm, "sync", "--group", ":all"), folder),
        ),
    )


def _pipenv(job: Job) -> Locker:
    lock = job.locks[0]
    pipenv, folder = _program("pipenv", lock, "install Pipenv", job.lenient), _folder(lock.path)
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
            Command((sys.executable, "-m", "venv", job.environment)),
            Command((pipenv, "sync", "--dev"), folder),
        ),
    )


def _requirements(job: Job) -> Locker:
    """Return who compiled the file, by its head; without one, uv or pip-compile for a .in file, else pip."""
    commands = [_compiled(job, lock) for lock in job.locks]
    made = [command for command in commands if command is not None]
    if not made:
        return _pip(job)
    if len(made) != len(commands):
        paths = ", ".join(lock.path for lock in job.locks)
        raise WhypinError(f"of {paths}, only some are compiled", hint="say which is meant with --lock FILE")
    program, folder = made[0].arguments[0], _folder(job.locks[0].path)
    files = [posixpath.basename(lock.path) for lock in job.installed]
    if posixpath.basename(program).startswith("uv"):
        install = (
            Command((program, "venv", job.environment)),
            Command((program, "pip", "sync", "--python", job.environment, *files), folder),
        )
        name = "uv"
    else:
        install = (_venv(job), _pip_install(job, "--no-deps"))
        name = "pip-compile"
    return Locker(name, Command((program, "--version")), tuple(made), tuple(made), install)


_COMMAND = re.compile(r"^#\s+(uv pip compile|pip-compile)\s+(\S.*)$", re.MULTILINE)
#: Options that may be repeated: they say what is compiled, and run nothing. True: a value follows.
_OPTIONS = {
    **dict.fromkeys(
        (
            *("--generate-hashes", "--universal", "--no-universal", "--all-extras", "--no-header", "--no-annotate"),
            *("--strip-extras", "--no-strip-extras", "--allow-unsafe", "--no-allow-unsafe", "--no-index", "--pre"),
            *("--emit-index-url", "--no-emit-index-url", "--emit-find-links", "--no-emit-find-links", "--no-deps"),
            *("--emit-options", "--no-emit-options", "--emit-trusted-host", "--no-emit-trusted-host", "--no-sources"),
            *(
                "--emit-marker-expression",
                "--emit-index-annotation",
                "--no-strip-markers",
                "--reuse-hashes",
                "--header",
            ),
            *("--no-build", "--all-build-deps", "--annotate", "--unsafe", "--no-config"),
        ),
        False,
    ),
    **dict.fromkeys(
        (
            *(
                "-o",
                "--output-file",
                "--python-version",
                "--python-platform",
                "--extra",
                "--group",
                "-c",
                "--constraint",
            ),
            *("--constraints", "--override", "--overrides", "--annotation-style", "--resolver", "--resolution", "-f"),
            *("--prerelease", "--exclude-newer", "--index-strategy", "--fork-strategy", "-i", "--index-url"),
            *("--extra-index-url", "--index", "--default-index", "--find-links", "--no-emit-package", "--format"),
            *("--unsafe-package", "--no-extra", "--no-binary", "--only-binary", "--torch-backend", "--newline"),
        ),
        True,
    ),
}
#: What an earlier upgrade has left in the head is not repeated.
_DROPPED = {"-P": True, "--upgrade-package": True, "--upgrade": False, "-U": False, "--quiet": False, "-q": False}


def _compiled(job: Job, lock: Lock) -> Command | None:
    """Return the command that compiles a requirements file, as its head has it; None where nothing compiled it."""
    match = _COMMAND.search(job.text(lock.path)[:4000])
    if match is None:
        return _compiled_by_default(job, lock)
    tool = match[1].split()
    try:
        words = shlex.split(match[2])
    except ValueError:
        raise WhypinError("the command in its head cannot be read", Location(lock.path), "compile it again") from None
    arguments, output, inputs = _repeated(words, lock)
    output = posixpath.normpath(output or (re.sub(r"\.\w+\Z", ".txt", inputs[0]) if inputs else "requirements.txt"))
    if not f"/{lock.path}".endswith(f"/{output}"):
        message = f"the command in its head writes {output}"
        raise WhypinError(message, Location(lock.path), "compile it again, so that the head is right")
    named = [part for one in job.wanted for part in ("--upgrade-package", str(one))]
    hint = "install pip-tools" if tool[0] == "pip-compile" else "install uv"
    program = _program(tool[0], lock, hint, job.lenient)
    return Command((program, *tool[1:], *arguments, *named), lock.path[: -len(output)].rstrip("/"))


def _repeated(words: Sequence[str], lock: Lock) -> tuple[list[str], str, list[str]]:
    """Return the arguments of a head that are repeated, the file that it writes, and those that it reads.

    The file is the project's, and may be a stranger's: an option that could run something, or a path that leads
    elsewhere, is refused.
    """
    arguments: list[str] = []
    inputs: list[str] = []
    output = ""
    rest = iter(words)
    for word in rest:
        option, sign, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if option in _DROPPED:
            if _DROPPED[option] and not sign:
                next(rest, "")
            continue
        if not option.startswith("-"):
            inputs.append(_below(word, lock))
            arguments.append(word)
        elif option not in _OPTIONS:
            message = f"its head has {option}, which a trial does not repeat"
            raise WhypinError(message, Location(lock.path), "compile it without, or try the version by hand")
        elif not _OPTIONS[option]:
            arguments.append(option)
        else:
            value = value if sign else next(rest, "")
            if option in ("-o", "--output-file"):
                output = _below(value, lock)
            arguments += [option, value] if not option.startswith("--") or not sign else [f"{option}={value}"]
    return arguments, output, inputs


def _below(path: str, lock: Lock) -> str:
    if path.startswith(("/", "\\", "~")) or ":" in path or ".." in path.split("/"):
        message = f"the command in its head names {path}, which may lie elsewhere"
        raise WhypinError(message, Location(lock.path), "name it relative to the folder of the project")
    return path


def _compiled_by_default(job: Job, lock: Lock) -> Command | None:
    """Return how a file is compiled that does not say so itself: from the manifests that it fixes."""
    paths = [each.path for each in job.manifests if lock.path in each.locks and each.path != lock.path]
    if not paths:
        return None
    folder = _folder(lock.path)
    inputs = [posixpath.relpath(path, folder or ".") for path in paths]
    uv, pip_compile = found("uv"), found("pip-compile")
    if uv is None and pip_compile is None:
        message = f"{paths[0]} is compiled to this lock, and neither uv nor pip-compile is on this machine"
        raise WhypinError(message, Location(lock.path), "install one of them")
    program = [uv, "pip", "compile"] if uv is not None else [str(pip_compile)]
    hashes = ["--generate-hashes"] if any(entry.hashed for entry in lock.entries) else []
    named = [part for one in job.wanted for part in ("--upgrade-package", str(one))]
    output = posixpath.basename(lock.path)
    return Command((*program, *inputs, "--output-file", output, *hashes, *named), folder)


def _pip(job: Job) -> Locker:
    """Return pip for a requirements file that is written by hand: its line is changed, and pip says whether it fits."""
    for lock in job.locks:
        if any(entry.hashed for entry in lock.entries):
            message = "it has hashes, and nothing tells how it was made"
            raise WhypinError(message, Location(lock.path), "compile it from a .in file, with uv or pip-compile")
    dry = _pip_install(job, "--dry-run")
    return Locker(
        "pip", Command((_python(job), "-m", "pip", "--version")), (_venv(job), dry), (dry,), (_pip_install(job),)
    )


def _named(job: Job) -> Iterator[str]:
    for lock in job.installed:
        yield from ("-r", posixpath.basename(lock.path))


def _python(job: Job) -> str:
    return f"{job.environment}/Scripts/python.exe" if sys.platform == "win32" else f"{job.environment}/bin/python"


def _venv(job: Job) -> Command:
    return Command((sys.executable, "-m", "venv", job.environment))


def _pip_install(job: Job, *options: str) -> Command:
    folder = _folder(job.locks[0].path)  # where `-e .` and other relative paths of the files begin
    return Command((_python(job), "-m", "pip", "install", *options, *_named(job)), folder)


_ADAPTERS: dict[str, Callable[[Job], Locker]] = {
    "uv": _uv,
    "poetry": _poetry,
    "pdm": _pdm,
    "pipfile": _pipenv,
    "requirements": _requirements,
}
