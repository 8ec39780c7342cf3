"""The commands of one trial in its scratch place: run, cleaned of what is nobody's business, kept in a log."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from whypin.errors import WhypinError
from whypin.model.trial import Wanted
from whypin.syntax.url import redact
from whypin.trials import verdict
from whypin.trials.lockers import Command, Locker
from whypin.trials.preparation import Options
from whypin.trials.run import Done, environment, run, secrets
from whypin.trials.scratch import Scratch


class Failed(Exception):
    """The trial has failed; `evidence` are the lines that say why, and `kind` what a tool's words mean."""

    def __init__(self, lines: Sequence[str], kind: str = "") -> None:
        super().__init__()
        self.evidence, self.kind = "\n".join(lines), kind


class Session:
    """What runs in a scratch place: `commands` as they were typed, `log` with all that they said."""

    def __init__(self, scratch: Scratch, options: Options, tell: Callable[[str], None]) -> None:
        self._scratch, self._options, self._tell = scratch, options, tell
        self._secrets = secrets(options.env)
        self._log: list[str] = []
        self.commands: list[str] = []

    @property
    def log(self) -> str:
        """Everything that was run so far, with its output."""
        return "".join(self._log)

    def link(self, locker: Locker) -> None:
        """Put the tool where the steps find it, last on the PATH: our own environment is not."""
        program = locker.lock[-1].arguments[0]
        if os.path.isabs(program) and not program.startswith(self._scratch.folder) and hasattr(os, "symlink"):
            name = os.path.basename(program)
            if not name.startswith("python"):
                os.symlink(program, os.path.join(self._scratch.tools, name))

    def version(self, locker: Locker) -> str:
        """Return a tool with its version: `uv 0.13.9`; empty where it is not there yet."""
        program = locker.version.arguments[0]
        if program.startswith(self._scratch.folder) and not os.path.exists(program):
            return ""
        words = verdict.plain(self._quietly(locker.version.arguments, True).output).strip()
        told = words.partition("\n")[0].replace(",", " ").split()
        version = next((word.strip("()") for word in told if word.strip("()")[:1].isdigit()), "")
        return f"{locker.name} {version}".strip()

    def python(self) -> str:
        """Return the version of the environment's interpreter; empty where there is none by now."""
        for place in (("bin", "python"), ("Scripts", "python.exe")):
            program = os.path.join(self._scratch.environment, *place)
            if os.path.exists(program):
                done = self._quietly([program, "-c", "import platform; print(platform.python_version())"], False)
                return done.output.strip() if done.code == 0 else ""
        return ""

    def _quietly(self, words: Sequence[str], for_tool: bool) -> Done:
        variables = environment(self._scratch, (), for_tool)
        return run(words, self._scratch.folder, variables, 60, lambda _line: None, self.clean)

    def step(self, text: str) -> tuple[Done, str]:
        """Run a step in the shell; returns what came of it, and the step as it may be shown."""
        shown = self.clean(" ".join(text.split()))
        self._tell(f"$ {shown}")
        done = self._run(text, self._scratch.project, False)
        self.commands.append(verdict.plain(shown))
        return done, shown

    def tool(self, name: str, command: Command, wanted: Sequence[Wanted], stage: str) -> None:
        """Run a command of a tool; raises Failed where the versions are at fault, and WhypinError where not."""
        shown = self.clean(str(command))
        self._tell(f"$ {shown}")
        done = self._run(command.arguments, os.path.join(self._scratch.project, command.folder), True)
        self.commands.append(verdict.plain(shown))
        if done.code == 0:
            return
        if done.code is None:
            message = f"{name} took longer than {self._options.timeout:g} seconds to {stage}: nothing is logged"
            raise WhypinError(message, hint="give it more with --timeout")
        reason = verdict.reason(done.output, wanted)
        if reason.kind in ("unresolvable", "broken"):
            raise Failed(reason.lines, reason.kind)
        said = " ".join(reason.lines).rstrip(".") or f"exit code {done.code}"
        if reason.kind == "missing":
            names = " or ".join(map(str, verdict.missing(done.output, wanted)))
            message = f"the index has no {names}: {said}"
            raise WhypinError(message, hint="nothing is logged; is it spelt right? May we read the index?")
        if reason.kind == "own":
            message = f"the project itself does not build, or what it takes from a folder: {said}"
            raise WhypinError(message, hint="nothing is logged; does it build without the trial?")
        message = f"{name} failed to {stage}, for no reason that it gives the version: {said}"
        raise WhypinError(message, hint="nothing is logged; with --keep you can look at the scratch place")

    def _run(self, command: str | Sequence[str], folder: str, for_tool: bool) -> Done:
        variables = environment(self._scratch, self._options.env, for_tool)
        done = run(command, folder, variables, self._options.timeout, self._said, self.clean)
        shown = self.clean(command if isinstance(command, str) else str(Command(tuple(command))))
        ended = "took too long" if done.code is None else f"exit code {done.code}"
        said = verdict.plain(f"$ {shown}\n{done.output}").rstrip()
        self._log.append(f"{said}\n[{ended}, {done.seconds:.1f} s]\n\n")
        return done

    def _said(self, line: str) -> None:
        self._tell(f"  {verdict.plain(line)}")

    def clean(self, text: str) -> str:
        """Return a text without passwords, and without the place where the scratch copy lies."""
        text = redact(text)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        for place, name in ((self._scratch.project, "."), (self._scratch.environment, "ENVIRONMENT")):
            for form in (place, os.path.realpath(place)):
                text = text.replace(f"{form}{os.sep}", f"{name}{os.sep}" if name != "." else "").replace(form, name)
        text = text.replace(self._scratch.folder, "SCRATCH")
        # A log is read by others, and may be committed: whose machine it was is not their business.
        home = os.path.expanduser("~").rstrip(os.sep)
        return text.replace(f"{home}{os.sep}", f"~{os.sep}") if home else text
