"""JUnit XML, which most CI systems show as a list of tests."""

from __future__ import annotations

from whypin.model.finding import Finding, Report
from whypin.reporters.escape import cut, xml_text

#: A name that is longer fills the view; the whole message stands below it.
_NAME_LENGTH = 300


def render(report: Report, color: bool = False) -> str:
    """Return one test suite: each error is a test that failed, each warning one that passed and says so."""
    cases = [_case(finding) for finding in report.findings] or [_PASSED]
    failed = sum(finding.severity == "error" for finding in report.findings)
    counts = f'tests="{len(cases)}" failures="{failed}" errors="0" skipped="0" time="0"'
    suite = f'<testsuite name="whypin" {counts}>\n{"".join(cases)}</testsuite>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{suite}\n</testsuites>\n'


_PASSED = '  <testcase classname="whypin" name="whypin check" time="0"/>\n'


def _case(finding: Finding) -> str:
    path, line, _ = finding.location
    kind = xml_text(f"{finding.code} {finding.slug}")
    name = xml_text(cut(f"{path}:{line} {finding.message}", _NAME_LENGTH))
    head = f'  <testcase classname="{kind}" name="{name}" time="0">'
    message = xml_text(finding.message)
    told = f"{xml_text(str(finding.location))}: {finding.severity} {message}\nfix: {xml_text(finding.fix)}"
    if finding.severity == "error":
        inner = f'<failure message="{message}" type="{kind}">{told}</failure>'
    else:
        inner = f"<system-out>{told}</system-out>"
    return f"{head}\n    {inner}\n  </testcase>\n"
