"""`whypin pages`: the catalogue as files of Markdown."""

from __future__ import annotations

from datetime import date

import click

from whypin.cli.options import project_options


@click.command("pages")
@click.argument("folder", metavar="DIR")
@project_options
@click.option("--title", metavar="TEXT", help="What the catalogue is called. Default: Catalogue.")
@click.option(
    "--package-url",
    metavar="URL",
    help="Where a package from a registry is described, with {name} and {version}; empty for no link.",
)
@click.option("--source-url", metavar="URL", help="Where the files of the project are shown, with {path} and {line}.")
def command(
    folder: str,
    root: str | None,
    locks: tuple[str, ...],
    today: date | None,
    title: str | None,
    package_url: str | None,
    source_url: str | None,
) -> None:
    """Write the catalogue into DIR as files of Markdown.

    The pages are those of the MkDocs plugin, with links from file to file that need no site generator. Beside them
    stand catalogue.json, the feed of decisions, the calendar of reviews, and the style and script of the pages.

    DIR is made where it is not there. Run it again and what has changed is replaced, and what is gone is removed. A
    folder that holds anything else is refused.
    """
    from whypin.app import publish
    from whypin.reporters.escape import one_line

    given = {"title": title, "package_url": package_url, "source_url": source_url}
    options = {key: value for key, value in given.items() if value is not None}
    written = publish.write(folder, root, locks, today, options)
    gone = f", {written.removed} removed" if written.removed else ""
    click.echo(f"{one_line(folder)}: {written.files} files, {written.changed} written{gone}")
