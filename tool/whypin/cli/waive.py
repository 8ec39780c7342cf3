"""`whypin waive`: an advisory that is knowingly accepted, written into the record that it belongs to."""

from __future__ import annotations

import os
import sys
from datetime import date

import click

from whypin.cli.options import completing, day_option, project_options
from whypin.model.record import Record, Waiver
from whypin.model.tree import Node
from whypin.records.format import JUSTIFICATIONS, WAIVER
from whypin.reporters.escape import one_line

_LONGEST_ID = 100


@click.command("waive")
@click.argument("advisory", metavar="ADVISORY")
@project_options
@day_option("--expires", "The day on which the waiver ends. Needed.")
@click.option("--reason", metavar="TEXT", help="Why it is accepted. Needed; on a terminal it is asked for.")
@click.option(
    "--justification",
    type=click.Choice(JUSTIFICATIONS),
    metavar="WORD",
    help='Only where the claim is "not affected": why, in the words of OpenVEX, one of ' + ", ".join(JUSTIFICATIONS),
)
@click.option(
    "--record", "record_id", metavar="ID", shell_complete=completing("record"), help="The record that is to hold it."
)
@click.option(
    "--package",
    metavar="NAME",
    shell_complete=completing("package"),
    help="The package, where no data tells which one the advisory is about.",
)
@click.option(
    "--advisories",
    metavar="PATH",
    shell_complete=completing("file"),
    help="Look the advisory up here: an index, zip or folder. Default: WHYPIN_ADVISORIES, else what the policy names.",
)
def command(
    advisory: str,
    root: str | None,
    locks: tuple[str, ...],
    today: date | None,
    expires: date | None,
    reason: str | None,
    justification: str | None,
    record_id: str | None,
    package: str | None,
    advisories: str | None,
) -> None:
    """Accept an advisory, with a reason and until a day.

    ADVISORY is an id such as CVE-2023-44271, or any of its aliases. The waiver goes into the one decision in force that
    names the package; where there are several, say which. Nothing else in the file changes.
    """
    from whypin.app import mend

    name = _valid("advisory", "ADVISORY", advisory)
    if len(name) > _LONGEST_ID:
        raise click.UsageError(f"ADVISORY: longer than {_LONGEST_ID} characters", click.get_current_context())
    if record_id is not None and package is not None:
        raise click.UsageError("give either --record or --package", click.get_current_context())
    if expires is None:
        raise click.UsageError("give --expires, a day like 2027-05-22", click.get_current_context())
    if reason is None and not _may_ask():
        raise click.UsageError("give --reason: why is it accepted?", click.get_current_context())
    given = _valid("reason", "--reason", reason) if reason is not None else ""
    waiver = Waiver(name, given, expires, justification or "")
    done = mend.waive(root, locks, today, waiver, record_id, package, advisories, lambda record: _ask(name, record))
    for doubt in done.doubts:
        click.echo(f"whypin: warning: {one_line(doubt)}", err=True)
    click.echo(one_line(f"{done.place.path}:{done.place.line}: {name} is waived until {expires}"))


def _may_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty() and not os.environ.get("CI")


def _ask(advisory: str, record: Record) -> str:
    """Ask for the reason until there is one that a record can hold."""
    question = one_line(f"Why is {advisory} accepted? It goes into {record.path}")
    return str(click.prompt(question, err=True, value_proc=lambda text: _valid("reason", "the reason", text)))


def _valid(field: str, shown: str, text: str) -> str:
    """Return a text as a waiver has it; raises click.UsageError where the record would be refused."""
    problems: list[str] = []
    kind = WAIVER.by_name[field].kind
    value = kind.read(
        Node(text, 1, 1), lambda _, message, fix: problems.append(f"{message}; {fix}" if fix else message)
    )
    if problems:
        said = problems[0] if text.strip() else "an empty text"
        raise click.UsageError(f"{shown}: {said}", click.get_current_context())
    return str(value)
