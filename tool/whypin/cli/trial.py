"""`whypin trial`: the test procedure for another version, run and remembered."""

from __future__ import annotations

import re
from datetime import date

import click

from whypin.cli import exit_codes
from whypin.cli.options import format_option, project_options, wants_color

_UNITS = {"s": 1, "m": 60, "h": 3600}


def _seconds(ctx: click.Context, param: click.Parameter, value: str) -> float:
    match = re.fullmatch(r"([0-9]{1,6})([smh])", value)
    if match is None or not int(match[1]):
        raise click.BadParameter(f"{value!r} is not a time like 90s, 30m or 2h")
    return int(match[1]) * _UNITS[match[2]]


@click.command("trial")
@click.argument("packages", metavar="PACKAGE==VERSION...", nargs=-1, required=True)
@project_options
@format_option(("text", "json"))
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

    Your files and your environment are not touched; what git ignores is not copied. The commands get PATH and a home of
    their own, the tools also the settings of the package index and proxies; nothing else of your environment. Locking
    and installing run what packages bring along.

    The exit code is 0 where the version passed, 1 where it failed, and 2 where there was nothing to learn about it.
    """
    from whypin.reporters import trial as report
    from whypin.trials.conduct import People, planned, tried
    from whypin.trials.preparation import Options, Place

    if supersede and not apply:
        raise click.UsageError("--supersede needs --apply: a new record names what is locked")
    options = Options(only == "lock", keep, yes, names, timeout, apply, patch, base, supersede)
    place = Place(root, locks, today)
    if dry_run:
        plan = planned(place, packages, options)
        click.echo(report.render_plan_json(plan) if form == "json" else report.render_plan(plan), nl=False)
        return exit_codes.CLEAN
    done = tried(place, packages, options, People(_tell, _ask))
    click.echo(report.render_json(done) if form == "json" else report.render_text(done, wants_color()), nl=False)
    return exit_codes.FINDINGS if done.outcome == "failed" else exit_codes.CLEAN


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
