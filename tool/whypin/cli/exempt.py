"""`whypin exempt`: the packages that are excused, at which versions."""

from __future__ import annotations

from datetime import date

import click

from whypin.cli.options import project_options


@click.command("exempt")
@project_options
@click.option("--prune", is_flag=True, help="Drop the exemptions that are no longer needed.")
def command(root: str | None, locks: tuple[str, ...], today: date | None, prune: bool) -> None:
    """List the exemptions.

    An exemption excuses a required package at exactly the versions it had; once it moves, a decision is needed. The
    list may only shrink: nothing adds to it but the adoption of whypin itself.
    """
    from whypin import mend
    from whypin.reporters.exemptions import render

    listed, told = mend.exempt(root, locks, today, prune)
    for line in told:
        click.echo(line, err=True)
    click.echo(render(listed), nl=False)
