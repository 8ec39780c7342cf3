"""Findings for a person at a terminal: grouped by file, each place as editors can open it."""

from __future__ import annotations

from whypin.model.finding import Finding, Report, Summary
from whypin.reporters.escape import one_line

_CODES = {"error": "31;1", "warning": "33;1", "clean": "32;1", "path": "1", "fix": "36"}


def render(report: Report, color: bool = False) -> str:
    """Return one paragraph a file, and a last line that sums up."""
    paragraphs: list[str] = []
    path = ""
    for finding in report.findings:
        if paragraphs and finding.location.path != path:
            paragraphs.append("")
        path = finding.location.path
        paragraphs += _lines(finding, color)
    if paragraphs:
        paragraphs.append("")
    return "\n".join([*paragraphs, last_line(report.summary, color)]) + "\n"


def _lines(finding: Finding, color: bool) -> list[str]:
    place = paint(one_line(str(finding.location)), "path", color)
    severity = paint(finding.severity, finding.severity, color)
    fix = f"  {paint('fix:', 'fix', color)} {one_line(finding.fix)}"
    return [f"{place}: {severity} {finding.code} {one_line(finding.message)}", fix]


def verdict(summary: Summary) -> str:
    """Return how many errors and warnings there are."""
    return f"{count(summary.error, 'error')}, {count(summary.warning, 'warning')}"


def last_line(summary: Summary, color: bool = False) -> str:
    """Return the line that sums up: the verdict, and the packages by state."""
    word = "error" if summary.error else "warning" if summary.warning else "clean"
    states = f"{summary.decided} decided, {summary.exempt} exempt, {summary.undecided} undecided"
    packages = f"{count(summary.packages, 'package')}: {states}; {summary.required} required"
    return f"{paint(verdict(summary), word, color)} in {packages}"


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def paint(text: str, kind: str, color: bool) -> str:
    """Return the text in the colour of its kind, where colours are wanted."""
    return f"\x1b[{_CODES[kind]}m{text}\x1b[0m" if color else text
