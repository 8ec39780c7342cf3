"""`whypin check`: the records against the locks."""

from __future__ import annotations

from datetime import date

import click

from whypin.cli import exit_codes
from whypin.cli.options import advisories_option, format_option, load_project, project_options, wants_color
from whypin.reporters import FORMATS, renderer
from whypin.reporters.escape import one_line


@click.command("check")
@project_options
@format_option(tuple(FORMATS))
@click.option(
    "--base",
    metavar="REV",
    help="Judge the change since this revision too: what moved without a decision, or against one.",
)
@advisories_option
@click.option(
    "--all", "everything", is_flag=True, help="As text, list every warning; else many of one rule about a file are cut."
)
@click.option("--fix", is_flag=True, help="First mend what is mechanical and safe; says on stderr what it changed.")
def command(
    root: str | None,
    locks: tuple[str, ...],
    today: date | None,
    form: str,
    base: str | None,
    advisories: str | None,
    everything: bool,
    fix: bool,
) -> int:
    """Check the decision records against the lock files.

    Exit code 0: no error (warnings are allowed). 1: errors. 2: wrong usage, or input that cannot be read.
    """
    from whypin import app

    if fix:
        from whypin.app import mend

        for line in mend.mend(root, locks, today):
            click.echo(f"fixed {one_line(line)}", err=True)
    project = load_project(root, locks, today, base, advisories or "")
    report = app.check(project)
    prepared = app.prepare(report, form, root)
    if form == "text":
        from whypin.reporters.text import render as render_text

        click.echo(render_text(prepared, wants_color(), everything), nl=False)
    else:
        click.echo(renderer(form)(prepared, wants_color()), nl=False)
    if project.advisories is not None:
        from whypin.reporters.alerts import render as render_alerts

        for line in render_alerts(project.advisories):
            click.echo(line, err=True)
    if form == "text" and not (project.records or report.findings):
        click.echo(app.first_step(project), err=True)
    return exit_codes.FINDINGS if report.summary.error else exit_codes.CLEAN
