"""`whypin emit`: what the records say, in the files that other tools read."""

from __future__ import annotations

from datetime import date

import click

from whypin.cli import exit_codes
from whypin.cli.options import load_project, project_options
from whypin.emitters import TARGETS


@click.command("emit")
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True, type=click.Choice(tuple(TARGETS)))
@project_options
@click.option("--check", is_flag=True, help="Write nothing; fail where a file does not hold what the records say.")
@click.option("--stdout", is_flag=True, help="Print what the file has to hold, and write nothing.")
@click.option(
    "--output", metavar="FILE", help="Write this file instead of the one that the tool reads. For one target."
)
def command(
    targets: tuple[str, ...],
    root: str | None,
    locks: tuple[str, ...],
    today: date | None,
    check: bool,
    stdout: bool,
    output: str | None,
) -> int:
    """Write from the records what another tool reads.

    TARGET is renovate, dependabot, osv-scanner, uv-audit, pip-audit or openvex. The reason stands in the record alone;
    the files name it. What is written by hand in them stays as it is: run it again whenever a record has changed.
    """
    from whypin.app import emission
    from whypin.reporters.escape import one_line

    if check and stdout:
        raise click.UsageError("--check and --stdout exclude each other")
    if output is not None and len(set(targets)) > 1:
        raise click.UsageError("--output is for one target")
    project = load_project(root, locks, today)
    found = emission.emit(root, project, tuple(dict.fromkeys(targets)), output)
    for each in found:
        for note in each.emitted.notes:
            click.echo(f"whypin: warning: {one_line(note)}", err=True)
    if stdout:
        click.echo("".join(each.emitted.text or "" for each in found), nl=False)
        return exit_codes.CLEAN
    if check:
        for each in found:
            stale = f"out of date: run whypin emit {each.target}"
            click.echo(f"{one_line(each.path)}: {'up to date' if each.fresh else stale}")
        return exit_codes.CLEAN if all(each.fresh for each in found) else exit_codes.FINDINGS
    for each, written in zip(found, emission.write(root, found), strict=True):
        found_so = "up to date" if each.before is not None else "nothing to say, so no file"
        click.echo(f"{one_line(each.path)}: {'written' if written else found_so}")
        if written and each.first:
            click.echo(f"  next: {each.first}", err=True)
    return exit_codes.CLEAN
