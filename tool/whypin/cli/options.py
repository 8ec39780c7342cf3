"""The options that the commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from whypin.model.project import Project

Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]
Function = TypeVar("Function", bound=Callable[..., Any])


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise click.BadParameter(f"{value!r} is not a day like 2026-11-22")
    return day


def day_option(name: str, text: str) -> Callable[[Function], Function]:
    """Add an option that takes a day."""
    return click.option(name, callback=_day, metavar="DATE", help=text)


def completing(kind: str) -> Complete:
    """Return how a shell completes the value of an option or argument: a `dir`, a `file`, a `record` or a `package`."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from whypin.cli import completion

        return completion.complete(kind, ctx.params, incomplete)

    return complete


def project_options(function: Function) -> Function:
    """Add --root, --lock and --today."""
    for option in reversed(
        (
            click.option(
                "--root",
                metavar="DIR",
                shell_complete=completing("dir"),
                help="The project's folder. Default: the nearest one upwards that is configured, else the current one.",
            ),
            click.option(
                "--lock",
                "locks",
                metavar="FILE",
                multiple=True,
                shell_complete=completing("file"),
                help="Read this lock instead of those found. Repeatable.",
            ),
            click.option(
                "--today", callback=_day, metavar="DATE", help="The day to judge by, like 2026-11-22. Default: today."
            ),
        )
    ):
        function = option(function)
    return function


def no_project(function: Function) -> Function:
    """Accept --root, --lock and --today where they change nothing: a script may give them to every command."""
    for name in ("--root", "--lock", "--today"):
        function = click.option(
            name, multiple=True, hidden=True, expose_value=False, help="Accepted, and without effect here."
        )(function)
    return function


def load_project(
    root: str | None,
    locks: Sequence[str],
    today: date | None,
    base: str | None = None,
    advisories: str | None = None,
) -> Project:
    """Read the project that the shared options name; what the readers warn of goes to stderr."""
    from whypin import app

    project = app.load(root, locks, today, base, advisories)
    for lock in project.locks:
        for warning in lock.warnings:
            from whypin.reporters.escape import one_line

            place = f"{lock.path}:{warning.line}:{warning.column}"
            click.echo(f"whypin: warning: {one_line(f'{place}: {warning.message}')}", err=True)
    return project


def tell_left_out(project: Project) -> None:
    """Say on stderr which records cannot be read: what is printed knows nothing of them."""
    for invalid in project.invalid_records:
        from whypin.reporters.escape import one_line

        click.echo(f"whypin: warning: {one_line(invalid.path)} is left out: see whypin check", err=True)


def format_option(names: Sequence[str]) -> Callable[[Function], Function]:
    """Add --format with these names, the first of which is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="The form of the output.",
    )


def _filled(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Refuse an empty value: a variable that is not set would otherwise switch the option off in silence."""
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty: is a variable not set?")
    return value


def advisories_option(function: Function) -> Function:
    """Add --advisories."""
    return click.option(
        "--advisories",
        metavar="PATH",
        callback=_filled,
        help="Hold the locks against these advisories: an index, zip or folder. "
        "Default: WHYPIN_ADVISORIES, else what the policy names.",
    )(function)


def wants_color() -> bool:
    """Whether stdout is a terminal that is to be coloured; NO_COLOR in the environment says no."""
    import os
    import sys

    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
