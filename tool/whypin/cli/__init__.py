"""The command line: a lazy group of commands, and the one boundary where errors become exit codes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from whypin import __version__
from whypin.cli import exit_codes

#: From command to the module under whypin.cli that holds it; imported only when it is asked for.
COMMANDS = {
    "check": "check",
    "diff": "diff",
    "trial": "trial",
    "init": "init",
    "list": "list_packages",
    "debt": "debt",
    "due": "due",
    "audit": "audit",
    "suggest": "suggest",
    "explain": "explain",
    "history": "history",
    "new": "new",
    "waive": "waive",
    "renew": "renew",
    "supersede": "supersede",
    "exempt": "exempt",
    "emit": "emit",
    "pages": "pages",
    "advisories": "advisories",
    "schema": "schema",
    "rule": "rule",
}

#: Other names for commands; a command's own help tells them.
ALIASES = {"why": "explain"}

_WITH_VALUE = (
    "--root",
    "--lock",
    "--today",
    "--format",
    "--base",
    "--advisories",
    "--output",
    "--url",
    "--until",
    "--note",
    "--expires",
    "--reason",
    "--record",
    "--package",
    "--justification",
    "--fail-under",
    "--within",
    "--title",
    "--package-url",
    "--source-url",
    "--since",
    "--limit",
    "--because",
    "--decider",
    "--repository",
    "--only",
    "--timeout",
    "--env",
    "--patch",
)


class _Group(click.Group):
    """Imports a command when it is asked for; without a command, checks."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = ALIASES.get(cmd_name, cmd_name)
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"whypin.cli.{COMMANDS[name]}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and args[0] not in ALIASES and not ctx.resilient_parsing:
            from difflib import get_close_matches

            near = get_close_matches(args[0], [*COMMANDS, *ALIASES], 1, 0.6)
            ctx.fail(f"No such command {args[0]!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # A shell that completes asks with nothing typed yet: that is any command, not `check`.
        if (not args and not ctx.resilient_parsing) or _starts_with_option(args):
            args = _command_first(args)
        return super().parse_args(ctx, args)


def _starts_with_option(args: Sequence[str]) -> bool:
    return bool(args) and args[0].startswith("-") and args[0] not in ("--help", "-h", "--version")


def _command_first(args: Sequence[str]) -> list[str]:
    """Return the arguments with the command in front, wherever it was typed; without one, it is `check`."""
    values = {position + 1 for position, word in enumerate(args) if word in _WITH_VALUE}
    for position, word in enumerate(args):
        if (word in COMMANDS or word in ALIASES) and position not in values:
            return [word, *args[:position], *args[position + 1 :]]
    return ["check", *args]


@click.command(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="whypin %(version)s")
def whypin() -> None:
    """Every version has a reason, and the reason is checked.

    Decision records in decisions/ say why each version was chosen. Without a command, whypin checks them against
    the lock files of the project around the current folder.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    # A run is short and keeps what it reads: looking for garbage would cost a third of the time and free nothing.
    gc.disable()
    _leave(run(lambda: whypin.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)))


def _leave(code: int) -> NoReturn:
    """End the process at once: taking thousands of records apart, object by object, would be time for nothing."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass
    except OSError as error:
        code = _fail(f"the output: {error.strerror}")
    os._exit(code)


def run(command: Callable[[], Any]) -> int:
    """Run a command and return its exit code; every expected failure becomes one line on stderr."""
    from whypin.errors import WhypinError

    try:
        result = command()
    except WhypinError as error:
        return _fail(str(error))
    except click.ClickException as error:
        message = " ".join(error.format_message().split()).removesuffix(".")
        return _fail(message, _usage_hint(error, " Try" if message.endswith("?") else "; try"))
    except (click.Abort, KeyboardInterrupt):
        return exit_codes.INTERRUPTED
    except BrokenPipeError:
        return exit_codes.CLEAN
    except OSError as error:
        return _fail(f"{error.filename or 'the output'}: {error.strerror}")
    except Exception:
        return _defect()
    return result if isinstance(result, int) else exit_codes.CLEAN


def _fail(message: str, hint: str = "") -> int:
    from whypin.reporters.escape import one_line

    click.echo(f"whypin: error: {one_line(message)}{hint}", err=True)
    return exit_codes.UNUSABLE


def _usage_hint(error: click.ClickException, begin: str) -> str:
    context = getattr(error, "ctx", None)
    return f"{begin} {context.command_path} --help" if context is not None else ""


def _defect() -> int:
    import traceback

    traceback.print_exc()
    click.echo(
        "whypin: this is a defect in whypin, not in your project; please report it with the lines above", err=True
    )
    return exit_codes.DEFECT
