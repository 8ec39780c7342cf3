"""`whypin debt`: how well the versions are fixed and explained."""

from __future__ import annotations

from datetime import date

import click

from whypin.cli import exit_codes
from whypin.cli.options import format_option, load_project, project_options, tell_left_out, wants_color


@click.command("debt")
@project_options
@format_option(("text", "json", "markdown", "badge"))
@click.option("--fail-under", type=click.IntRange(1, 5), metavar="LEVEL", help="Exit with 1 below this level, 1 to 5.")
def command(root: str | None, locks: tuple[str, ...], today: date | None, form: str, fail_under: int | None) -> int:
    """Tell the level of every manifest, and what holds it down.

    Levels: 1 bare names, 2 ranges, 3 exact, 4 a fresh lock with hashes, 5 a lock with reasons. Told too are coverage by
    decisions, age of the locked versions, caps without a reason and reviews due. The badge is an SVG.
    """
    from whypin import app

    project = load_project(root, locks, today)
    tell_left_out(project)
    debt = app.debt(project)
    if form == "badge":
        from whypin.metrics.badge import render

        click.echo(render(debt.level), nl=False)
    else:
        from whypin.reporters.debt import RENDERERS

        click.echo(RENDERERS[form](debt, wants_color()), nl=False)
    return exit_codes.FINDINGS if fail_under is not None and debt.is_under(fail_under) else exit_codes.CLEAN
