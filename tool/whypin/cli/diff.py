"""`whypin diff`: what a change does to the locks, and who decided it."""

from __future__ import annotations

from datetime import date

import click

from whypin.cli.options import format_option, load_project, project_options, tell_left_out, wants_color


@click.command("diff")
@click.argument("base", required=False)
@project_options
@format_option(("text", "json", "markdown"))
@click.option("--all", "everything", is_flag=True, help="In text: every transitive package, however many moved.")
def command(
    base: str | None, root: str | None, locks: tuple[str, ...], today: date | None, form: str, everything: bool
) -> None:
    """Tell what has moved in the locks since BASE, and the decision for each.

    BASE is a revision of git; what counts is where the checkout left it. By default it is the main branch. What is
    not committed yet counts as well. The markdown format is a comment for a pull request.

    The exit code is 0 whatever has moved: whypin check --base judges it.
    """
    from whypin import app

    commit = app.base_of(root, base)
    project = load_project(root, locks, today, commit)
    tell_left_out(project)
    found = app.diff(project, commit)
    if form == "json":
        from whypin.reporters.diff_json import render as render_json

        click.echo(render_json(found), nl=False)
    elif form == "markdown":
        from whypin.reporters.diff_markdown import render as render_markdown

        click.echo(render_markdown(found), nl=False)
    else:
        from whypin.reporters.diff import render

        click.echo(render(found, wants_color(), everything), nl=False)
