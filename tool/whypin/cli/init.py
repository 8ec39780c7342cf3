"""`whypin init`: adopts an existing repository."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import click

from whypin.cli.options import project_options

if TYPE_CHECKING:
    from whypin.adopt.critical import Asked
    from whypin.app.adoption import Plan
    from whypin.model.finding import Report

_MOST_LOCKS = 5

#: What to do about the warnings that a first check usually has; `whypin rule` tells the rest.
_ADVICE = {
    "WHY201": "give it a bound, and lock it",
    "WHY202": "lock it",
    "WHY203": "write a record for each cap, or take the cap away",
    "WHY204": "write a record for each, or take it away",
    "WHY205": "lock it, or list it under exclude if it is none of this project's manifests",
    "WHY206": "lock again",
    "WHY207": "lock again, with hashes",
}


@click.command("init")
@project_options
@click.option("--dry-run", is_flag=True, help="Only say what would be written.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--no-site", "no_site", is_flag=True, help="Leave out the site, and the plugin for one that is there.")
@click.option("--repository", metavar="URL", help="Where to get whypin from, for hooks and CI. Default: the index.")
def command(
    root: str | None,
    locks: tuple[str, ...],
    today: date | None,
    dry_run: bool,
    yes: bool,
    no_site: bool,
    repository: str | None,
) -> None:
    """Adopt an existing repository: what a first green check needs.

    Says first what it will write, and asks on a terminal. Written are the policy with the packages that it calls
    critical, drafts from the comments beside requirements, the commits that added a bound and the rules of bots,
    exemptions for what is required and not yet decided, a site, and what CI, hooks and the pull request template need.
    Nothing is overwritten; a second run adds what is missing.
    """
    from importlib.util import find_spec

    from whypin import __version__
    from whypin.app import adoption
    from whypin.cli.history import progress

    if repository is not None and not repository.startswith(("https://", "http://", "ssh://", "file://")):
        raise click.BadParameter("give a URL, such as https://git.example/whypin", param_hint="--repository")
    theme = "material" if find_spec("material") else "mkdocs"
    wish = adoption.Wish(__version__, not no_site, theme, repository)
    plan = adoption.plan(root, locks, today, wish, progress())
    _show(plan)
    if not plan.writes:
        click.echo("Nothing to write: this repository has what init would give it.")
        _tell_check("whypin check says", plan.after)
        return
    if dry_run or not _agreed(yes):
        return
    for path in adoption.write(plan):
        _say(f"wrote {path}")
    click.echo()
    _tell_check("whypin check says", adoption.verify(plan, locks, today))
    click.echo("\nNow:")
    for number, step in enumerate(_next(plan), 1):
        click.echo(f"  {number}. {step}")


def _say(text: str) -> None:
    from whypin.reporters.escape import one_line

    indent = text[: len(text) - len(text.lstrip(" "))]
    click.echo(f"{indent}{one_line(text.lstrip(' '))}")


def _agreed(yes: bool) -> bool:
    if yes:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo("\nNothing was written: add --yes to write this.")
        return False
    click.echo()
    if click.confirm("Write this?", default=True):
        return True
    click.echo("Nothing was written.")
    return False


def _show(plan: Plan) -> None:
    """Say what was found and what is to be done, before anything is."""
    from whypin.reporters.text import count

    packages = plan.project.packages
    direct = sum(package.direct and not package.member for package in packages)
    paths = [lock.path for lock in plan.project.locks]
    more = f" and {len(paths) - _MOST_LOCKS} more" if len(paths) > _MOST_LOCKS else ""
    found = f"{', '.join(paths[:_MOST_LOCKS])}{more} with {count(len(packages), 'package')}, {direct} of them direct"
    _say(f"{plan.root}: {found}")
    if plan.writes:
        click.echo("\nTo be written:")
        width = max(len(write.path) for write in plan.writes)
        for write in plan.writes:
            _say(f"  {'new   ' if write.before is None else 'change'}  {write.path:<{width}}  {write.what}")
    if plan.asked is not None:
        _show_asked(plan.asked)
    if plan.notes:
        click.echo("\nTo be known:")
        for note in plan.notes:
            _say(f"  {note}")
    for what, lines in plan.by_hand:
        click.echo("\nBy hand:")
        _say(f"  {what}")
        for line in lines.splitlines():
            _say(f"    {line}")
    click.echo()
    if plan.writes:
        _tell_check("whypin check will say", plan.after)


def _show_asked(asked: Asked) -> None:
    from whypin.adopt.critical import MOST

    if asked.critical:
        click.echo("\nTo be called critical, each excused until it moves or is decided:")
        width = max(len(proposal.name) for proposal in asked.critical)
        for proposal in asked.critical:
            _say(f"  {proposal.name:<{width}}  {proposal.why}")
        return
    few = "they are few" if asked.candidates <= MOST else "nothing tells them apart"
    packages = f"the {asked.candidates} direct production packages: {few}"
    what = packages if asked.candidates else "what goes to production: nothing does yet"
    click.echo(f"\nA decision is to be required for {what}.")


def _tell_check(words: str, report: Report) -> None:
    """Say what a check comes to: the errors one by one, the warnings by rule, and what to do about them."""
    from whypin.reporters.text import last_line

    click.echo(f"{words}: {last_line(report.summary)}")
    errors = [finding for finding in report.findings if finding.severity == "error"]
    if errors:
        click.echo("It is not green, for what init cannot mend:")
    for finding in errors[:20]:
        _say(f"  {finding.location}: {finding.code} {finding.message}")
        _say(f"    fix: {finding.fix}")
    if len(errors) > 20:
        click.echo(f"  and {len(errors) - 20} more")
    for code in sorted({"WHY205", "WHY206"}.intersection(finding.code for finding in errors)):
        click.echo(f'  To let {code} warn until it is mended: {code} = "warning" under [tool.whypin.rules]')
    warned = Counter((finding.code, finding.slug) for finding in report.findings if finding.severity == "warning")
    for (code, slug), number in sorted(warned.items()):
        click.echo(f"  {number} {code} {slug}: {_ADVICE.get(code, f'whypin rule {code} says what to do')}")


def _next(plan: Plan) -> list[str]:
    """Return what to do now."""
    from whypin.cli import COMMANDS

    steps = ["look at what was written (git status, git diff), and commit it"]
    drafts = sum(write.what.startswith("a draft") for write in plan.writes)
    if drafts:
        each = "the draft" if drafts == 1 else f"each of the {drafts} drafts"
        steps.append(f"complete {each}: say why under rationale, name the deciders, set status: accepted; or delete it")
    if plan.asked is not None and plan.asked.critical:
        steps.append("edit the list of critical packages: it is a proposal")
    if "suggest" in COMMANDS:
        steps.append("whypin suggest tells what to decide first")
    if any(write.path.startswith("mkdocs.y") for write in plan.writes):
        steps.append('pip install "whypin[site]", then mkdocs serve: the site with the catalogue')
    return steps
