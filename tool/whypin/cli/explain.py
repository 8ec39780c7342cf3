"""`whypin explain`: why a package is locked as it is, and why at all."""

from __future__ import annotations

from datetime import date

import click

from whypin.cli.options import completing, format_option, load_project, project_options, tell_left_out, wants_color


@click.command("explain")
@click.argument("package", shell_complete=completing("package"))
@project_options
@click.option("--all", "everything", is_flag=True, help="All paths and attempts, however many.")
@format_option(("text", "json"))
def command(
    package: str, root: str | None, locks: tuple[str, ...], today: date | None, everything: bool, form: str
) -> None:
    """Tell why a package is locked as it is (alias: why).

    PACKAGE is a name, NAME==VERSION to ask about one version, conda:NAME, or the name of an artifact. Told are the
    decisions in force, what the policy asks, what needs the package, its forks, and what was tried; where advisories
    are configured, also what they say of it.
    """
    from whypin import app
    from whypin.reporters.explain import renderer

    project = load_project(root, locks, today)
    tell_left_out(project)
    if why_not := app.consult(project, root):
        from whypin.reporters.escape import one_line

        click.echo(f"whypin: warning: told without advisories: {one_line(why_not)}", err=True)
    explanation = app.explain(project, package)
    click.echo(renderer(form)(explanation, wants_color(), everything), nl=False)
