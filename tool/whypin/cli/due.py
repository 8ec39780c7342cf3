"""`whypin due`: what wants attention soon."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from whypin.cli.options import format_option, load_project, project_options, tell_left_out, wants_color

if TYPE_CHECKING:
    from whypin.model.agenda import Span


def _span(ctx: click.Context, param: click.Parameter, value: str) -> Span:
    from whypin.model.agenda import parse_span

    try:
        return parse_span(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command("due")
@project_options
@format_option(("text", "json", "ics"))
@click.option(
    "--within",
    "span",
    callback=_span,
    default="30d",
    show_default=True,
    metavar="SPAN",
    help="How far to look ahead, in days, weeks, months or years: 30d, 6w, 3m, 1y.",
)
def command(root: str | None, locks: tuple[str, ...], today: date | None, form: str, span: Span) -> None:
    """List what falls due soon, and what is overdue.

    That is reviews, exit criteria that are met or have a day, proposals that nobody has decided, waivers and ignored
    findings that end, and exemptions that can go: these have no day, and are due at once. The soonest comes first. The
    ics format is a calendar of all that has a day.
    """
    from whypin import app

    project = load_project(root, locks, today)
    tell_left_out(project)
    agenda = app.due(project, span)
    if form == "ics":
        from whypin.reporters.ics import render

        # As bytes: a calendar is UTF-8 with CRLF wherever it is made.
        click.echo(render(agenda.tasks, agenda.today).encode(), nl=False)
    else:
        from whypin.reporters.due import render_json, render_text

        click.echo(render_json(agenda) if form == "json" else render_text(agenda, wants_color()), nl=False)
