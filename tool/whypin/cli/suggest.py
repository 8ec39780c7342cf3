"""`whypin suggest`: what to decide next."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from whypin.cli.options import format_option, load_project, project_options, tell_left_out, wants_color

if TYPE_CHECKING:
    from whypin.model.change import Change


@click.command("suggest")
@project_options
@click.option(
    "--limit", type=click.IntRange(1), default=10, show_default=True, metavar="N", help="The first so many only."
)
@click.option("--history", "with_history", is_flag=True, help="Read git history too: what moved often, or went down.")
@format_option(("text", "json"))
def command(
    root: str | None, locks: tuple[str, ...], today: date | None, limit: int, with_history: bool, form: str
) -> None:
    """Tell what to decide next, and why.

    Packages without a decision are ranked by what it would cost to be wrong about them. Each reason has its points: 200
    where the policy requires a decision, or one in force rejects what is locked; 160 where it is exempt until it moves;
    30 where it is direct and in production, 10 where it is for development; 25 for a cap and 25 for an override that no
    record explains; 10 for a pin in a manifest above the lock; 1 for each package that needs it, up to 20; 5 for each
    year since it was published, up to 15.

    With --history come 20 for a downgrade, and 2 for each move within a year, up to 10.

    A transitive package is told only where it is required, exempt, rejected or limited: the rest floats under the lock.
    """
    from whypin.model.suggestion import suggestions
    from whypin.reporters.suggest import render_json, render_text

    project = load_project(root, locks, today)
    tell_left_out(project)
    found = suggestions(project, _changes(root, locks, today) if with_history else ())
    if form == "json":
        text = render_json(found, limit)
    else:
        text = render_text(found, limit, wants_color(), any(package.direct for package in project.packages))
    click.echo(text, nl=False)


def _changes(root: str | None, locks: tuple[str, ...], today: date | None) -> tuple[Change, ...]:
    from whypin.app import past
    from whypin.cli.history import progress, tell_gaps

    found, _ = past.history(root, locks, today, progress())
    tell_gaps(found)
    return found.changes
