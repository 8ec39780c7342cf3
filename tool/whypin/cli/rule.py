"""`whypin rule`: what a rule does, and why."""

from __future__ import annotations

import click


@click.command("rule")
@click.argument("code")
def command(code: str) -> None:
    """Print what the rule CODE does, why, an example, and the fix. CODE is like WHY102, or the rule's name."""
    from whypin import app

    click.echo(app.rule_page(code), nl=False)
