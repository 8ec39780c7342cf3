"""A code quality report, which GitLab shows in the merge request and beside the changed lines."""

from __future__ import annotations

from whypin.model.finding import Finding, Report
from whypin.reporters.escape import json_list, one_line
from whypin.reporters.fingerprints import fingerprints

#: GitLab knows info, minor, major, critical and blocker.
_SEVERITIES = {"error": "major", "warning": "minor"}


def render(report: Report, color: bool = False) -> str:
    """Return one JSON list with an object for each finding; no finding is an empty list."""
    return json_list(map(_issue, report.findings, fingerprints(report.findings)))


def _issue(finding: Finding, fingerprint: str) -> dict[str, object]:
    return {
        "description": f"{finding.code} {one_line(finding.message)}; fix: {one_line(finding.fix)}",
        "check_name": f"{finding.code} {finding.slug}",
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": one_line(finding.location.path), "lines": {"begin": finding.location.line}},
    }
