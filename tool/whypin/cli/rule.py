"""`whypin rule`: what a rule does, and why."""

from __future__ import annotations

import click

from whypin.cli.options import no_project


@click.command("rule")
@click.argument("code")
@no_project
def command(code: str) -> None:
    """Print a rule's own documentation.

    CODE is like WHY102, or the rule's name. Told are what it does, why, an example, and the fix.
    """
    from whypin import app

    click.echo(app.rule_page(code), nl=False)
