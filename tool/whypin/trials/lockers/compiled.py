"""Requirements that `uv pip compile` or pip-compile has made, by the command in their head."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Sequence

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import Lock
from whypin.trials import run
from whypin.trials.lockers import tools
from whypin.trials.lockers.tools import Command, Job, Locker


def locker(job: Job) -> Locker | None:
    """Return who compiled the files, by their heads; without one, uv or pip-compile for a .in file, else None."""
    commands = [_command(job, lock) for lock in job.locks]
    made = [command for command in commands if command is not None]
    if not made:
        return None
    if len(made) != len(commands):
        paths = ", ".join(lock.path for lock in job.locks)
        raise WhypinError(f"of {paths}, only some are compiled", hint="say which is meant with --lock FILE")
    program = made[0].arguments[0]
    by_uv = posixpath.basename(program).startswith("uv")
    install = _synced(job, program) if by_uv else (tools.venv(job), tools.pip_install(job, "--no-deps"))
    name = "uv" if by_uv else "pip-compile"
    return Locker(name, Command((program, "--version")), tuple(made), tuple(made), install)


def _synced(job: Job, uv: str) -> tuple[Command, ...]:
    files = [posixpath.basename(lock.path) for lock in job.installed]
    sync = (uv, "pip", "sync", "--python", job.environment, *files)
    return Command((uv, "venv", job.environment)), Command(sync, tools.folder(job.locks[0]))


_COMMAND = re.compile(r"^#[ \t]+(uv pip compile|pip-compile)(?:[ \t]+(\S.*))?$", re.MULTILINE)
#: Options that may be repeated: they say what is compiled, and run nothing.
_FLAGS = """
    --generate-hashes --universal --no-universal --all-extras --no-header --no-annotate --strip-extras
    --no-strip-extras --allow-unsafe --no-allow-unsafe --no-index --pre --emit-index-url --no-emit-index-url
    --emit-find-links --no-emit-find-links --no-deps --emit-options --no-emit-options --emit-trusted-host
    --no-emit-trusted-host --no-sources --emit-marker-expression --emit-index-annotation --no-strip-markers
    --reuse-hashes --header --no-build --all-build-deps --annotate --unsafe --no-config
"""
_WITH_VALUE = """
    -o --output-file --python-version --python-platform --extra --group -c --constraint --constraints --override
    --overrides --annotation-style --resolver --resolution -f --prerelease --exclude-newer --index-strategy
    --fork-strategy -i --index-url --extra-index-url --index --default-index --find-links --no-emit-package --format
    --unsafe-package --no-extra --no-binary --only-binary --torch-backend --newline
"""
#: Whether a value follows.
_OPTIONS = {
    **dict.fromkeys(_FLAGS.split(), False),
    **dict.fromkeys(_WITH_VALUE.split(), True),
}
#: What an earlier upgrade has left in the head is not repeated.
_DROPPED = {"-P": True, "--upgrade-package": True, "--upgrade": False, "-U": False, "--quiet": False, "-q": False}


def _command(job: Job, lock: Lock) -> Command | None:
    """Return the command that compiles a requirements file, as its head has it; None where nothing compiled it."""
    match = _COMMAND.search(job.text(lock.path)[:4000])
    if match is None:
        return _compiled_by_default(job, lock)
    tool = match[1].split()
    try:
        words = shlex.split(match[2] or "")
    except ValueError:
        raise WhypinError("the command in its head cannot be read", Location(lock.path), "compile it again") from None
    arguments, output, inputs = _repeated(words, lock)
    output = posixpath.normpath(output or (re.sub(r"\.\w+\Z", ".txt", inputs[0]) if inputs else "requirements.txt"))
    if not f"/{lock.path}".endswith(f"/{output}"):
        message = f"the command in its head writes {output}"
        raise WhypinError(message, Location(lock.path), "compile it again, so that the head is right")
    hint = "install pip-tools" if tool[0] == "pip-compile" else "install uv"
    program = tools.program(tool[0], job, hint)
    return Command((program, *tool[1:], *arguments, *tools.upgrades(job)), lock.path[: -len(output)].rstrip("/"))


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
    folder = tools.folder(lock)
    inputs = [posixpath.relpath(path, folder or ".") for path in paths]
    uv, pip_compile = run.found("uv"), run.found("pip-compile")
    if uv is None and pip_compile is None:
        message = f"{paths[0]} is compiled to this lock, and neither uv nor pip-compile is on this machine"
        raise WhypinError(message, Location(lock.path), "install one of them")
    program = [uv, "pip", "compile"] if uv is not None else [str(pip_compile)]
    hashes = ["--generate-hashes"] if any(entry.hashed for entry in lock.entries) else []
    output = posixpath.basename(lock.path)
    return Command((*program, *inputs, "--output-file", output, *hashes, *tools.upgrades(job)), folder)
