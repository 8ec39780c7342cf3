"""`whypin renew`: another review date for a record."""

from __future__ import annotations

from datetime import date

import click

from whypin.cli.options import completing, day_option, project_options


@click.command("renew")
@click.argument("record_id", metavar="ID", shell_complete=completing("record"))
@project_options
@day_option("--until", "The new review date. Default: today and the policy's review_after_days.")
@click.option("--note", default="", metavar="TEXT", help="Why it still holds; written beside the date.")
def command(
    record_id: str, root: str | None, locks: tuple[str, ...], today: date | None, until: date | None, note: str
) -> None:
    """Give a record another review date.

    ID is the record's file name without .yaml. A comment with the day and the note is written above the date; nothing
    else in the file changes.
    """
    from whypin.app import mend
    from whypin.reporters.escape import one_line

    path, day = mend.renew(root, locks, today, record_id, until, note)
    click.echo(f"{one_line(path)}: review_by is {day} now")
