"""`whypin history`: every locked version, commit by commit."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from whypin.cli.options import day_option, format_option, project_options, wants_color

if TYPE_CHECKING:
    from whypin.app.past import Progress
    from whypin.model.change import History

#: How many locks that could not be read are told one by one.
_MOST = 5


@click.command("history")
@click.argument("package", required=False)
@project_options
@click.option("--all", "everything", is_flag=True, help="The changes of all packages.")
@day_option("--since", "Only changes that their author made on this day or later.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the newest so many changes.")
@format_option(("text", "json"))
def command(
    package: str | None,
    root: str | None,
    locks: tuple[str, ...],
    today: date | None,
    everything: bool,
    since: date | None,
    limit: int | None,
    form: str,
) -> None:
    """Tell every locked version of PACKAGE over git history.

    Told are the commits of the branch that is checked out, the newest first (a merge counts as one), with what each
    moved, from format to format. "accepted by" names the decisions in force today that accept the new version, "with"
    the records that the commit itself touched. Followed are the folders that hold a lock or a manifest today.
    """
    if everything == (package is not None):
        raise click.UsageError("give either PACKAGE or --all", click.get_current_context())
    from whypin.app import past
    from whypin.model.names import record_key
    from whypin.reporters.history import RENDERERS

    found, project = past.history(root, locks, today, progress())
    name = None if package is None else record_key(package)
    selected = past.select(found, project, name, since, limit)
    tell_gaps(found)
    click.echo(RENDERERS[form](selected, name, wants_color()), nl=False)


def progress() -> Progress | None:
    """Return what tells a terminal how far the reading is; None where nobody watches."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        if done == total:
            click.echo("\r\x1b[K", err=True, nl=False)
        elif done % 50 == 0:
            click.echo(f"\rreading locks: {done} of {total}", err=True, nl=False)

    return show


def tell_gaps(found: History) -> None:
    """Say on stderr where a history is cut, and what of it could not be read."""
    from whypin.reporters.history import unread_line

    if found.shallow:
        note = "the clone is shallow: what came before its oldest commit is unknown, and seems added there"
        click.echo(f"whypin: warning: {note}; git fetch --unshallow", err=True)
    for unread in found.unread[:_MOST]:
        click.echo(f"whypin: warning: {unread_line(unread)}", err=True)
    if len(found.unread) > _MOST:
        more = len(found.unread) - _MOST
        click.echo(f"whypin: warning: and {more} more that cannot be read: --format json lists all", err=True)
