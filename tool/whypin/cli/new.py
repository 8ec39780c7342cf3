"""`whypin new`: a decision record with every fact filled in that the machine knows."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from whypin.cli import exit_codes
from whypin.cli.options import completing, load_project, project_options, tell_left_out

if TYPE_CHECKING:
    from whypin.app.scaffolding import Proposal
    from whypin.model.finding import Finding
    from whypin.model.project import Project


@click.command("new")
@click.argument("packages", metavar="[PACKAGE]...", nargs=-1, shell_complete=completing("package"))
@project_options
@click.option("--moved", is_flag=True, help="Instead of PACKAGE: all that the change moved and that needs a decision.")
@click.option("--base", metavar="REV", help="With --moved: where the change began. Default: the main branch.")
@click.option("--because", metavar="TEXT", help="The reason; the record is then accepted.")
@click.option("--title", metavar="TEXT", help="The decision in one line. Default: the packages and their versions.")
@click.option(
    "--decider",
    "deciders",
    metavar="NAME",
    multiple=True,
    help="Who decides. Repeatable. Default: the owners in the settings, else git's user.name.",
)
@click.option("--interactive", is_flag=True, help="Ask for the reason and the rest, one question at a time.")
@click.option("--edit", is_flag=True, help="Open the record in $VISUAL or $EDITOR, and check it after that.")
@click.option("--stdout", "to_stdout", is_flag=True, help="Print the record instead of writing it.")
def command(
    packages: tuple[str, ...],
    root: str | None,
    locks: tuple[str, ...],
    today: date | None,
    moved: bool,
    base: str | None,
    because: str | None,
    title: str | None,
    deciders: tuple[str, ...],
    interactive: bool,
    edit: bool,
    to_stdout: bool,
) -> int:
    """Start a decision record about one package or several.

    It is a proposal with everything filled in that the machine knows: the locked versions, what declares and needs the
    packages, their last moves, and the decision that it replaces, with its waivers and test steps. What is left is the
    reason: the line where it belongs is printed as PATH:LINE. A package of conda is conda:NAME, where an index has one
    of that name too.

    With --moved it is one decision about all that the change moved and that no decision covers. Where other locks hold
    other versions, the record speaks of one lock only: name it with --lock.
    """
    _check_usage(packages, moved, base, edit, to_stdout)
    from whypin import app
    from whypin.app import scaffolding

    commit = app.base_of(root, base) if moved else None
    project = load_project(root, locks, today, commit)
    tell_left_out(project)
    if commit is not None:
        found = scaffolding.about_moves(root, project, base or commit[:8])
        if found is None:
            _tell(f"nothing to decide: no decision is missing for what moved since {base or commit[:8]}")
            return exit_codes.CLEAN
        proposal = found
    else:
        proposal = scaffolding.about_packages(root, locks, project, packages)
    for note in proposal.notes:
        _tell(note)
    proposal = _filled_in(proposal, project, title, because, deciders, interactive)
    if to_stdout:
        click.echo(scaffolding.as_text(project, proposal).text, nl=False)
        return exit_codes.CLEAN
    written = scaffolding.write(root, project, proposal)
    folder = scaffolding.folder_of(root)
    place = os.path.join(folder, written.path)
    click.echo(_shown(os.path.relpath(place)) + f":{written.line}")
    if edit:
        click.edit(filename=place)
    elif proposal.draft.status == "proposed":
        _tell("say why under rationale, then set status: accepted")
        if not proposal.draft.deciders:
            _tell("say who decides: neither the settings nor git name anybody")
        return exit_codes.CLEAN
    project = app.load(root, locks, today)
    return _tell_findings(scaffolding.findings_about(app.check(project), written.path, proposal.draft))


def _check_usage(packages: tuple[str, ...], moved: bool, base: str | None, edit: bool, to_stdout: bool) -> None:
    context = click.get_current_context()
    if bool(packages) == moved:
        raise click.UsageError("give either PACKAGE or --moved", context)
    if base is not None and not moved:
        raise click.UsageError("--base goes with --moved", context)
    if edit and to_stdout:
        raise click.UsageError("give either --edit or --stdout", context)
    if edit and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError("--edit needs a terminal", context)


def _filled_in(
    proposal: Proposal,
    project: Project,
    title: str | None,
    because: str | None,
    deciders: tuple[str, ...],
    interactive: bool,
) -> Proposal:
    """Return a proposal with what the user says of it."""
    draft = proposal.draft
    for option, field, value in (
        ("--title", "title", title),
        ("--because", "rationale", because),
        ("--decider", "deciders", deciders or None),
    ):
        if value is not None:
            draft = draft._replace(**{field: _valid(option, field, value)})
    if because is not None:
        draft = draft._replace(status="accepted")
    if interactive:
        from whypin.app import scaffolding
        from whypin.cli.questions import asked

        draft = asked(draft, scaffolding.review_day(project))
    if draft.status == "accepted" and not draft.deciders:
        raise click.UsageError("nobody is known who decides; give --decider", click.get_current_context())
    return proposal._replace(draft=draft)


def _valid(option: str, field: str, value: str | tuple[str, ...]) -> Any:
    """Return what an option says as a record has it; raises click.UsageError where the record would be refused."""
    from whypin.records.answer import read

    read_value, problems = read(field, value)
    if problems or not read_value:
        said = problems[0] if problems else "an empty text"
        raise click.UsageError(f"{option}: {said}", click.get_current_context())
    return read_value


def _tell_findings(found: Sequence[Finding]) -> int:
    """Say on stderr what is wrong with the new record and its packages; return the exit code."""
    for finding in found:
        _tell(f"{finding.location}: {finding.severity} {finding.code} {finding.message}", "")
        _tell(f"  fix: {finding.fix}", "")
    return exit_codes.FINDINGS if any(finding.severity == "error" for finding in found) else exit_codes.CLEAN


def _shown(text: str) -> str:
    from whypin.reporters.escape import one_line

    return one_line(text)


def _tell(text: str, who: str = "whypin: ") -> None:
    click.echo(_shown(f"{who}{text}"), err=True)
