"""`whypin trial`: the test procedure for another version, run and remembered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from whypin.cli import exit_codes
from whypin.cli.options import completing, format_option, project_options, wants_color

if TYPE_CHECKING:
    from whypin.trials.preparation import Options, Place

_UNITS = {"s": 1, "m": 60, "h": 3600}


def _seconds(ctx: click.Context, param: click.Parameter, value: str) -> float:
    match = re.fullmatch(r"([0-9]{1,6})([smh])", value)
    if match is None or not int(match[1]):
        raise click.BadParameter(f"{value!r} is not a time like 90s, 30m or 2h")
    return int(match[1]) * _UNITS[match[2]]


@click.command("trial")
@click.argument("packages", metavar="[PACKAGE==VERSION]...", nargs=-1, shell_complete=completing("package"))
@project_options
@format_option(("text", "json", "markdown"))
@click.option(
    "--due", is_flag=True, help="Try what has come due: the newest allowed version of each package of such a record."
)
@click.option("--dry-run", is_flag=True, help="Show the plan; copy, run and write nothing.")
@click.option(
    "--only", type=click.Choice(("lock",)), help="Stop after locking; only a version that doesn't lock is logged."
)
@click.option(
    "--timeout",
    callback=_seconds,
    default="30m",
    show_default=True,
    metavar="TIME",
    help="How long each command may take: 90s, 30m, 2h.",
)
@click.option(
    "--yes", is_flag=True, help="Run steps that the base does not have, or that cannot be compared with a base."
)
@click.option(
    "--base", metavar="REV", help="Where steps must stand to be run without --yes. Default: where main was left."
)
@click.option(
    "--env",
    "names",
    metavar="NAME",
    multiple=True,
    help="A variable of the environment to hand to the tools and the steps. Repeatable.",
)
@click.option("--apply", is_flag=True, help="If it passes, change the lock and the manifest in place.")
@click.option("--patch", metavar="FILE", help="If it passes, write the change of lock and manifest to a patch.")
@click.option(
    "--supersede", is_flag=True, help="With --apply: start the successors of the records that reject the version."
)
@click.option("--keep", is_flag=True, help="Keep the scratch place.")
def command(
    packages: tuple[str, ...],
    root: str | None,
    locks: tuple[str, ...],
    today: date | None,
    form: str,
    due: bool,
    dry_run: bool,
    only: str | None,
    timeout: float,
    yes: bool,
    base: str | None,
    names: tuple[str, ...],
    apply: bool,
    patch: str | None,
    supersede: bool,
    keep: bool,
) -> int:
    """Try other versions of packages: lock, install and test them in a scratch copy.

    The project's own tool makes the new lock: uv, Poetry, pdm, Pipenv, pip-compile, uv pip compile or pip. What it
    locks is installed into a new environment, and the confirmation steps of every record concerned are run. What came
    of it is added to the attempts of the records that name the package; the output is kept beside them, in logs/.

    Your files and your environment are not touched; the copy has all of the repository but what git ignores. The
    commands get PATH and a home of their own, the tools also the settings of the package index and proxies; nothing
    else of your environment. Locking and installing run what packages bring along.

    With --due no package is named: of each record whose review is overdue, or whose exit criterion is met, the newest
    version that the other records and the manifest allow is tried. A result that the record has of late is not logged
    again.

    The exit code is 0 where the version passed, 1 where it failed, and 2 where there was nothing to learn about it.
    With --due it is 2 where one of the trials could not be made, else 1 where one failed.
    """
    from whypin.trials.preparation import Options, Place

    if due == bool(packages):
        raise click.UsageError("name PACKAGE==VERSION, or give --due; not both")
    if due and (apply or supersede or patch is not None):
        raise click.UsageError("--due changes no lock: try one version with --apply, --supersede or --patch")
    if supersede and not apply:
        raise click.UsageError("--supersede needs --apply: a new record names what is locked")
    if supersede and only == "lock":
        raise click.UsageError("--supersede needs a version that passed: leave out --only lock")
    if dry_run and form == "markdown":
        raise click.UsageError("a plan is told as text or json")
    options = Options(only == "lock", keep, yes, names, timeout, apply, patch, base, supersede, due)
    place = Place(root, locks, today)
    if dry_run:
        click.echo(_plan(place, packages, options, form), nl=False)
        return exit_codes.CLEAN
    return _due(place, options, form) if due else _tried(place, packages, options, form)


def _plan(place: Place, packages: Sequence[str], options: Options, form: str) -> str:
    if options.due:
        from whypin.reporters import due_trials
        from whypin.trials.due import come_due

        occasions = come_due(place, _tell)
        return due_trials.render_plan_json(occasions) if form == "json" else due_trials.render_plan(occasions)
    from whypin.reporters import trial as report
    from whypin.trials.conduct import planned

    plan = planned(place, packages, options, _tell)
    return report.render_plan_json(plan) if form == "json" else report.render_plan(plan)


def _tried(place: Place, packages: Sequence[str], options: Options, form: str) -> int:
    from whypin.reporters import trial as report
    from whypin.reporters import trial_markdown
    from whypin.trials.conduct import tried
    from whypin.trials.preparation import People

    done = tried(place, packages, options, People(_tell, _ask))
    if form == "text":
        click.echo(report.render_text(done, wants_color()), nl=False)
    else:
        click.echo(report.render_json(done) if form == "json" else trial_markdown.render(done), nl=False)
    return exit_codes.FINDINGS if done.outcome == "failed" else exit_codes.CLEAN


def _due(place: Place, options: Options, form: str) -> int:
    from whypin.reporters import due_trials
    from whypin.trials.due import due_trials as made
    from whypin.trials.preparation import People

    done = []
    for one in made(place, options, People(_tell, _ask)):
        done.append(one)
        if form == "text":
            click.echo(due_trials.render_text(one, wants_color()))
    if form == "text":
        click.echo(due_trials.last_line(done), nl=False)
    else:
        click.echo(due_trials.render_json(done) if form == "json" else due_trials.render_markdown(done), nl=False)
    outcomes = {one.outcome for one in done}
    if "not tried" in outcomes:
        return exit_codes.UNUSABLE
    return exit_codes.FINDINGS if "failed" in outcomes else exit_codes.CLEAN


def _tell(line: str) -> None:
    from whypin.reporters.escape import cut, one_line

    indent = "  " if line.startswith("  ") else ""
    click.echo(indent + cut(one_line(line.strip()), 160), err=True)


def _ask(text: str) -> bool | None:
    """Ask about a manual check on a terminal; elsewhere, and where nothing is answered, it stays open."""
    import sys

    from whypin.reporters.escape import one_line

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    while True:
        click.echo(f"{one_line(' '.join(text.split()))} [y/n, nothing: later] ", err=True, nl=False)
        answer = sys.stdin.readline().strip().lower()
        if answer in ("y", "yes", "n", "no", ""):
            return answer.startswith("y") if answer else None
