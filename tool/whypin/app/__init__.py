"""The use cases: what each command does, without printing."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from whypin.errors import WhypinError
from whypin.model.finding import Finding, Report, RuleText, Summary
from whypin.model.project import Project
from whypin.workspace import Workspace, find_root

if TYPE_CHECKING:
    from whypin.model.agenda import Agenda, Span
    from whypin.model.audit import Audit
    from whypin.model.debt import Debt
    from whypin.model.difference import Difference
    from whypin.model.explanation import Explanation


def load(
    root: str | None,
    locks: Sequence[str] = (),
    on_day: date | None = None,
    base: str | None = None,
    advisories: str | None = None,
) -> Project:
    """Read the project at `root`, or the one around the current folder; raises WhypinError.

    With a `base`, a revision of git, it knows what it was where the checkout left that revision. A folder without any
    lock or manifest is refused: nothing checked is not nothing found. `advisories` is as for `Workspace.load`.
    """
    workspace = Workspace(root if root is not None else find_root())
    project = workspace.load(locks, on_day, advisories)
    if not (project.locks or project.manifests):
        if project.records or project.invalid_records:
            hint = "lock the project (uv lock, poetry lock, pip-compile), or name the lock with --lock"
        else:
            hint = "go to a project with a uv.lock, poetry.lock or pinned requirements.txt, or give --root or --lock"
        raise WhypinError(f"no lock file found below {workspace.root}", hint=hint)
    if base is not None:
        from whypin.snapshot import with_base

        return with_base(workspace, project, locks, base)
    return project


def base_of(root: str | None, revision: str | None = None) -> str:
    """Return the commit at which the checkout left a revision, or the main branch where none is given."""
    from whypin.git.base import base_of

    return base_of(root if root is not None else find_root(), revision)


def diff(project: Project, commit: str) -> Difference:
    """Return what has changed in a project since its base, which is that commit."""
    from whypin.model.difference import difference

    return difference(project, commit)


def check(project: Project, only: Collection[str] | None = None) -> Report:
    """Run all rules over a project, or `only` those with these codes."""
    from whypin import rules

    findings = rules.run(project, only)
    return Report(findings, summarise(project, findings))


def debt(project: Project) -> Debt:
    """Return how well the project's versions are fixed and explained."""
    from whypin.metrics.debt import debt

    return debt(project)


def audit(project: Project) -> Audit:
    """Return what the advisories come to; raises WhypinError where there are none, or nothing is locked."""
    from whypin.model.audit import audit

    if not project.locks:
        hint = "lock the project (uv lock, poetry lock, pip-compile), or name the lock with --lock"
        raise WhypinError("there is no lock to hold against the advisories", hint=hint)
    if project.advisories is None:
        hint = "type whypin advisories update, then give --advisories advisories.index, or name it in the policy"
        raise WhypinError("there are no advisories to hold the locks against", hint=hint)
    return audit(project, project.advisories)


def consult(project: Project, root: str | None) -> str:
    """Let a project know the advisories that are configured for it; returns why it cannot, or nothing.

    For what tells more with them and can do without; `load` fails where they cannot be read.
    """
    try:
        project.advisories = Workspace(root if root is not None else find_root()).alerts(project)
    except WhypinError as error:
        return str(error)
    return ""


def due(project: Project, span: Span) -> Agenda:
    """Return what has fallen due, and what does so within a span from the project's day on."""
    from whypin.model.agenda import agenda

    return agenda(project, span)


def prepare(report: Report, form: str, root: str | None) -> Report:
    """Return the report as a format needs it: with what its rules say, and paths from the top of the repository."""
    from whypin.reporters import FORMATS

    if FORMATS[form].rules:
        report = report._replace(rules=_rule_texts({finding.code for finding in report.findings}))
    above = _path_in_repository(root if root is not None else find_root()) if FORMATS[form].in_repository else ""
    return report._replace(findings=tuple(_below(above, finding) for finding in report.findings)) if above else report


def _rule_texts(codes: Collection[str]) -> tuple[RuleText, ...]:
    from whypin.rules import RULES, page

    texts = []
    for rule in RULES:
        if rule.code in codes:
            _, sentence, _, body = page(rule).split("\n\n", 3)
            texts.append(RuleText(rule.code, rule.slug, rule.severity, sentence, body))
    return tuple(texts)


def _path_in_repository(root: str) -> str:
    """Return the path from the top of the repository to the root; empty where they are one, or there is none."""
    folder, parts = os.path.abspath(root), list[str]()
    while not os.path.exists(os.path.join(folder, ".git")):
        folder, name = os.path.split(folder)
        if not name:
            return ""
        parts.insert(0, name)
    return "/".join(parts)


def _below(above: str, finding: Finding) -> Finding:
    place = finding.location
    return finding._replace(location=place._replace(path=f"{above}/{place.path}"))


def summarise(project: Project, findings: Sequence[Finding]) -> Summary:
    """Count findings by severity and packages by state."""
    severities = Counter(finding.severity for finding in findings)
    states = Counter(package.state for package in project.packages)
    return Summary(
        error=severities["error"],
        warning=severities["warning"],
        packages=len(project.packages),
        required=sum(package.required is not None for package in project.packages),
        decided=states["decided"],
        exempt=states["exempt"],
        undecided=states["undecided"],
    )


def first_step(project: Project) -> str:
    """Return what to do in a project that has no records yet; only `init` writes exemptions, so it has run there."""
    next_step = "whypin suggest tells what to decide first"
    if not project.exemptions:
        next_step = f"whypin init adopts this repository; {next_step}"
    return f"No decision records in {project.settings.records}/ yet: {next_step}."


def explain(project: Project, asked: str) -> Explanation:
    """Return what the project knows of a package, `NAME==VERSION` or an artifact; raises WhypinError if nothing."""
    from whypin.model import explanation

    try:
        question = explanation.parse(asked, project)
    except ValueError as error:
        raise WhypinError(str(error), hint="ask for NAME or NAME==VERSION") from None
    found = explanation.explain(project, question)
    if not found.known:
        hint = _where_to_look(project, question.name, explanation.names(project))
        raise WhypinError(f"{question.name} is not locked, and no record speaks of it", hint=hint)
    return found


def _where_to_look(project: Project, name: str, known: Collection[str]) -> str:
    from difflib import get_close_matches

    for manifest in project.manifests:
        for requirement in manifest.requirements:
            if requirement.key == name:
                return f"{requirement.location} declares it: lock the project"
    near = get_close_matches(name, known, 3, 0.6)
    return f"did you mean {' or '.join(near)}?" if near else "whypin list --all shows what is locked"


def record_ids(root: str | None) -> list[str]:
    """Return the ids of the records that are in force or proposed; no lock is read."""
    from whypin.model.lifecycle import in_force
    from whypin.workspace import today

    workspace = Workspace(root if root is not None else find_root())
    settings = workspace.settings()
    project = Project(today=today(), records=workspace.records(settings)[0], settings=settings)
    proposed = (record.id for record in project.records if record.status == "proposed")
    return sorted({*proposed, *(record.id for record in in_force(project))})


def rule_page(asked: str) -> str:
    """Return a rule's own documentation as Markdown, by its code or name; raises WhypinError if there is none."""
    from whypin.rules import RULES, page

    for rule in RULES:
        if asked.upper() == rule.code or asked == rule.slug:
            return page(rule)
    from difflib import get_close_matches

    names = {rule.slug: rule.code for rule in RULES}
    near = [code for code in names.values() if code == f"WHY{asked}"] or get_close_matches(asked, names, 1, 0.6)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(names.values())}"
    raise WhypinError(f"there is no rule {asked}", hint=hint)
