"""`whypin exempt`: the packages that are excused, at which versions."""

from __future__ import annotations

from datetime import date

import click

from whypin.cli.options import format_option, load_project, project_options, tell_left_out


@click.command("exempt")
@project_options
@format_option(("text", "json"))
@click.option("--prune", is_flag=True, help="Drop the exemptions that are no longer needed.")
def command(root: str | None, locks: tuple[str, ...], today: date | None, form: str, prune: bool) -> None:
    """List the exemptions.

    An exemption excuses a required package at exactly the versions it had; once it moves, a decision is needed. The
    list may only shrink: nothing adds to it but the adoption of whypin itself.
    """
    from whypin import app
    from whypin.app import mend
    from whypin.model.exemption import exemptions
    from whypin.reporters.escape import one_line
    from whypin.reporters.exemptions import RENDERERS

    project = load_project(root, locks, today)
    tell_left_out(project)
    told = mend.drop_unneeded(root, project) if prune else []
    for line in told:
        click.echo(one_line(line), err=True)
    listed = exemptions(app.load(root, locks, today) if told else project)
    click.echo(RENDERERS[form](list(listed)), nl=False)
