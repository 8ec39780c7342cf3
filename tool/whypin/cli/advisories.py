"""`whypin advisories`: makes the index of advisories that `check` reads, from an export or from the network."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from whypin.cli.options import no_project

if TYPE_CHECKING:
    from whypin.advisories.build import Built

_DEFAULT = "advisories.index"
_MOST_LEFT_OUT = 10

_output = click.option(
    "--output", metavar="FILE", default=_DEFAULT, show_default=True, help="Where the index goes; replaced as a whole."
)


@click.group("advisories", no_args_is_help=False)
@no_project
def command() -> None:
    """Make the index of advisories that check reads.

    The advisories are those of an OSV export. Nothing is ever fetched unless you type update.
    """


@command.command("build")
@click.argument("source", metavar="SOURCE")
@_output
@no_project
def build(source: str, output: str) -> None:
    """Make the index from an OSV export.

    SOURCE is a zip or a folder with one .json, .yaml or .yml file for each advisory.
    """
    from whypin import feed

    _tell(feed.build(source, output), output)


@command.command("update")
@click.option(
    "--url",
    metavar="URL",
    envvar="WHYPIN_ADVISORIES_URL",
    help="Fetch this zip, over https. Default: WHYPIN_ADVISORIES_URL, else OSV's export of the Python packages.",
)
@_output
@no_project
def update(url: str | None, output: str) -> None:
    """Fetch an OSV export over https, and make the index from it.

    The proxy settings of the environment are honoured. Whatever goes wrong, the index that was there stays.
    """
    from whypin import feed

    shown = sys.stderr.isatty()
    try:
        built = feed.update(url or feed.URL, output, _progress if shown else lambda done, total: None)
    finally:
        if shown:
            click.echo(err=True)
    _tell(built, output)


def _progress(done: int, total: int | None) -> None:
    of = f" of {total / 1_000_000:.1f}" if total else ""
    click.echo(f"\rfetched {done / 1_000_000:.1f}{of} MB", err=True, nl=False)


def _tell(built: Built, output: str) -> None:
    """Say what was written, and on stderr by name what was left out."""
    from whypin.reporters.escape import one_line

    for why in built.left_out[:_MOST_LEFT_OUT]:
        click.echo(f"whypin: warning: left out: {one_line(why)}", err=True)
    if len(built.left_out) > _MOST_LEFT_OUT:
        click.echo(f"whypin: warning: and {len(built.left_out) - _MOST_LEFT_OUT} more were left out", err=True)
    index = built.index
    counts = {"withdrawn": built.withdrawn, "of other ecosystems": built.foreign, "unreadable": len(built.left_out)}
    rest = "".join(f", {count} {what}" for what, count in counts.items() if count)
    click.echo(f"{one_line(output)}: {index.count} advisories of {index.date}{rest and f'; left out{rest[1:]}'}")
