"""Workflow commands that GitHub shows as annotations beside the changed lines."""

from __future__ import annotations

from whypin.model.finding import Finding, Report
from whypin.reporters.escape import workflow_data, workflow_property
from whypin.reporters.text import last_line


def render(report: Report, color: bool = False) -> str:
    """Return a command for each finding, and a last line that sums up.

    GitHub shows ten errors and ten warnings of a step as annotations; the log holds them all.
    """
    lines = [_command(finding) for finding in report.findings]
    return "".join(f"{line}\n" for line in [*lines, last_line(report.summary)])


def _command(finding: Finding) -> str:
    path, line, column = finding.location
    title = workflow_property(f"{finding.code} {finding.slug}")
    place = f"file={workflow_property(path)},line={line},col={column},title={title}"
    return f"::{finding.severity} {place}::{workflow_data(finding.message)}%0Afix: {workflow_data(finding.fix)}"
