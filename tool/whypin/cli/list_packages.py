"""`whypin list`: what is locked, and how it stands."""

from __future__ import annotations

from datetime import date

import click

from whypin.cli.options import format_option, load_project, project_options, tell_left_out


@click.command("list")
@project_options
@click.option("--all", "everything", is_flag=True, help="Transitive packages too.")
@format_option(("text", "json", "csv"))
def command(root: str | None, locks: tuple[str, ...], today: date | None, everything: bool, form: str) -> None:
    """List the direct packages and how they stand.

    One line for each locked entry: version, source, groups, state, and the decisions in force.
    """
    from whypin.reporters.packages import RENDERERS

    project = load_project(root, locks, today)
    tell_left_out(project)
    packages = [package for package in project.packages if everything or package.direct]
    click.echo(RENDERERS[form](packages, False), nl=False)
