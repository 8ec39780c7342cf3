"""Findings for a person at a terminal: grouped by file, each place as editors can open it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from whypin.model.finding import Finding, Report, Summary
from whypin.reporters.escape import one_line

_CODES = {"error": "31;1", "warning": "33;1", "clean": "32;1", "path": "1", "fix": "36"}


#: Of more than so many warnings of one rule about one file, so many are told: the others take the same answer.
_MANY, _SHOWN = 20, 5


def render(report: Report, color: bool = False, everything: bool = True) -> str:
    """Return one paragraph a file, and a last line that sums up; unless everything is to be told, floods are cut."""
    paragraphs = [
        [line for finding in findings for line in _lines(finding, color)] + _left_out(findings, left, color)
        for findings, left in (_shown(found, everything) for found in _by_file(report.findings))
    ]
    text = "".join("\n".join(lines) + "\n\n" for lines in paragraphs)
    return f"{text}{last_line(report.summary, color)}\n"


def _by_file(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    for _, found in groupby(findings, lambda finding: finding.location.path):
        yield list(found)


def _shown(findings: list[Finding], everything: bool) -> tuple[list[Finding], Counter[str]]:
    """Return the findings about one file that are told, and how many warnings of which rules are not."""
    numbers = Counter(finding.code for finding in findings if finding.severity == "warning")
    many = {code for code, number in numbers.items() if number > _MANY and not everything}
    told: Counter[str] = Counter()
    left: Counter[str] = Counter()
    shown = []
    for finding in findings:
        counted = finding.severity == "warning" and finding.code in many
        told[finding.code] += counted
        if counted and told[finding.code] > _SHOWN:
            left[finding.code] += 1
        else:
            shown.append(finding)
    return shown, left


def _left_out(findings: Sequence[Finding], left: Counter[str], color: bool) -> list[str]:
    path = one_line(findings[0].location.path)
    return [
        f"{paint(path, 'path', color)}: {paint('warning', 'warning', color)} {code} {number} more like these: "
        "whypin check --all lists them"
        for code, number in left.items()
    ]


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
