"""`whypin supersede`: the successor of a record."""

from __future__ import annotations

from datetime import date

import click

from whypin.cli.options import completing, project_options


@click.command("supersede")
@click.argument("record_id", metavar="ID", shell_complete=completing("record"))
@project_options
def command(record_id: str, root: str | None, locks: tuple[str, ...], today: date | None) -> None:
    """Start the record that replaces another one.

    ID is the file name of the old record without .yaml. The new one is a proposal for the same packages at the versions
    that are locked now, with the deciders, the test procedure and the tags of the old one. Say why, and set its status
    to accepted: from then on the old record is superseded.
    """
    from whypin.app import mend
    from whypin.reporters.escape import one_line

    path = mend.supersede(root, locks, today, record_id)
    click.echo(f"{one_line(path)}: written; say why under rationale, then set status: accepted")
