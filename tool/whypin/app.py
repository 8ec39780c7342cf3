"""The use cases: what each command does, without printing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from whypin.errors import WhypinError
from whypin.model.finding import Finding, Report, Summary
from whypin.model.project import Project
from whypin.workspace import Workspace, find_root


def load(root: str | None, locks: Sequence[str] = (), on_day: date | None = None) -> Project:
    """Read the project at `root`, or the one around the current folder; raises WhypinError.

    A folder without any lock or manifest is refused: nothing checked is not nothing found.
    """
    workspace = Workspace(root if root is not None else find_root())
    project = workspace.load(locks, on_day)
    if not (project.locks or project.manifests):
        if project.records or project.invalid_records:
            hint = "lock the project (uv lock, poetry lock, pip-compile), or name the lock with --lock"
        else:
            hint = "go to a project with a uv.lock, poetry.lock or pinned requirements.txt, or give --root or --lock"
        raise WhypinError(f"no lock file found below {workspace.root}", hint=hint)
    return project


def check(project: Project) -> Report:
    """Run all rules over a project."""
    from whypin import rules

    findings = rules.run(project)
    return Report(findings, summarise(project, findings))


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
    """Return what to do in a project that has no records yet."""
    direct = [package for package in project.packages if package.direct and not package.member]
    name = direct[0].name if direct else "SLUG"
    folder = project.settings.records
    begin = f"begin with {folder}/{project.today}-{name}.yaml"
    return f"No decision records in {folder}/ yet: {begin}; whypin schema prints its fields."


def rule_page(code: str) -> str:
    """Return a rule's own documentation as Markdown; raises WhypinError for a code that no rule has."""
    from whypin.rules import RULES, page

    for rule in RULES:
        if code.upper() == rule.code or code == rule.slug:
            return page(rule)
    raise WhypinError(f"there is no rule {code}", hint="known are " + ", ".join(rule.code for rule in RULES))
