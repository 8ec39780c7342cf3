"""`whypin audit`: the advisories against the locks, and what the project has decided about each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from whypin.cli import exit_codes
from whypin.cli.options import (
    advisories_option,
    format_option,
    load_project,
    project_options,
    tell_left_out,
    wants_color,
)
from whypin.reporters.escape import one_line

if TYPE_CHECKING:
    from whypin.model.advisory import Severity


@click.command("audit")
@project_options
@format_option(("text", "json", "sarif", "markdown"))
@advisories_option
def command(root: str | None, locks: tuple[str, ...], today: date | None, form: str, advisories: str | None) -> int:
    """List what the advisories say of the locks, with waivers and decisions.

    An alert is open, blocked where decisions keep every fix out, waived in a record until a day, or ignored by the
    settings. Exit code 0: no alert that is an error. 1: there are some. 2: no data, or input that cannot be read.
    """
    from whypin import app

    project = load_project(root, locks, today, None, advisories or "")
    audit = app.audit(project)
    tell_left_out(project)
    for warning in app.check(project, ("WHY404",)).findings:
        click.echo(f"whypin: warning: {one_line(f'{warning.message}; {warning.fix}')}", err=True)
    if not _can_score() and any(_unscored(row.hit.advisory.severity) for row in audit.rows):
        click.echo("whypin: warning: CVSS vectors are not rated: install whypin[audit], which brings cvss", err=True)
    if form == "sarif":
        from whypin.reporters import alerts, renderer

        # The format has no place for the data that was used.
        for line in alerts.render(audit.alerts):
            click.echo(line, err=True)
        report = app.prepare(app.check(project, ("WHY401",)), form, root)
        click.echo(renderer(form)(report, False), nl=False)
    else:
        from whypin.reporters.audit import RENDERERS

        click.echo(RENDERERS[form](audit, wants_color()), nl=False)
    return exit_codes.FINDINGS if audit.errors else exit_codes.CLEAN


def _unscored(severity: Severity) -> bool:
    return severity.rating == "unknown" and bool(severity.vector)


def _can_score() -> bool:
    from importlib.util import find_spec

    return find_spec("cvss") is not None
