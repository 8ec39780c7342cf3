"""The options that the commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])


class _Day(click.ParamType[date]):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            if len(value) == 10:
                return date.fromisoformat(value)
        except ValueError:
            pass
        return self.fail(f"{value!r} is not a day like 2026-11-22", param, ctx)


def project_options(function: Function) -> Function:
    """Add --root, --lock and --today."""
    for option in reversed(
        (
            click.option(
                "--root",
                metavar="DIR",
                help="The project's folder. Default: the nearest one upwards that is configured, else the current one.",
            ),
            click.option(
                "--lock",
                "locks",
                metavar="FILE",
                multiple=True,
                help="Read this lock instead of those found. Repeatable.",
            ),
            click.option(
                "--today", type=_Day(), metavar="DATE", help="The day to judge by, like 2026-11-22. Default: today."
            ),
        )
    ):
        function = option(function)
    return function


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


def wants_color() -> bool:
    """Whether stdout is a terminal that is to be coloured; NO_COLOR in the environment says no."""
    import os
    import sys

    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
