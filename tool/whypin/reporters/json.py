"""Findings for other programs: version 1 of the contract."""

from __future__ import annotations

from whypin.model.finding import Finding, Report
from whypin.reporters.escape import json_text


def render(report: Report, color: bool = False) -> str:
    """Return one JSON object; lines and columns start at 1."""
    findings = [_finding(finding) for finding in report.findings]
    return json_text({"version": 1, "findings": findings, "summary": report.summary._asdict()})


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "slug": finding.slug,
        "severity": finding.severity,
        "path": finding.location.path,
        "line": finding.location.line,
        "column": finding.location.column,
        "message": finding.message,
        "fix": finding.fix,
        "package": finding.package,
        "record": finding.record,
    }
