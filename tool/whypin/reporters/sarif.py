"""SARIF 2.1.0, which code scanning services and editors read."""

from __future__ import annotations

from collections.abc import Sequence

from whypin import __version__
from whypin.model.finding import Finding, Report, RuleText
from whypin.reporters.escape import cut, json_text, sarif_text, uri_path
from whypin.reporters.fingerprints import fingerprints

#: As many results as GitHub reads of one run.
LIMIT = 5000
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASE = "%SRCROOT%"
#: As many characters of a description as GitHub shows.
_DESCRIPTION_LENGTH = 1000


def render(report: Report, color: bool = False) -> str:
    """Return one JSON object with one run: the rules that found something, and at most LIMIT results."""
    marks = fingerprints(report.findings)
    kept = _kept(report.findings)
    rules = _rules(report)
    order = {rule.code: position for position, rule in enumerate(rules)}
    run = json_text(
        {
            "tool": {"driver": {"name": "whypin", "version": __version__, "rules": [_rule(rule) for rule in rules]}},
            "originalUriBaseIds": {_BASE: {"description": {"text": "The top of the repository."}}},
            "columnKind": "unicodeCodePoints",
            "invocations": [_invocation(len(report.findings) - len(kept))],
            # A run without the list would say that nothing was looked for.
            "results": [_result(report.findings[at], marks[at], order) for at in kept],
        }
    )
    return f'{{"$schema": "{_SCHEMA}",\n"version": "2.1.0",\n"runs": [{run.rstrip()}]}}\n'


def _kept(findings: Sequence[Finding]) -> list[int]:
    """Return the positions of the findings that are told: all, or of too many the errors before the warnings."""
    by_weight = sorted(range(len(findings)), key=lambda at: findings[at].severity != "error")
    return sorted(by_weight[:LIMIT])


def _invocation(left_out: int) -> dict[str, object]:
    if not left_out:
        return {"executionSuccessful": True}
    text = f"{left_out} more findings are left out: a run holds at most {LIMIT}. whypin check lists them all."
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [{"level": "warning", "message": {"text": text}}],
    }


def _rules(report: Report) -> list[RuleText]:
    """Return a text for each rule that found something; what is known of it is its name, where the report has none."""
    known = {rule.code: rule for rule in report.rules}
    found = {item.code: RuleText(item.code, item.slug, item.severity, "", "") for item in report.findings}
    return [known.get(code, found[code]) for code in sorted(found)]


def _rule(rule: RuleText) -> dict[str, object]:
    described = {
        "shortDescription": {"text": rule.sentence},
        "fullDescription": {"text": cut(_first_section(rule.body), _DESCRIPTION_LENGTH)},
        "help": {"text": rule.body, "markdown": rule.body},
    }
    return {
        "id": rule.code,
        "name": rule.slug,
        **(described if rule.sentence and rule.body else {}),
        "defaultConfiguration": {"level": rule.severity},
    }


def _first_section(body: str) -> str:
    """Return the words of the first section, on one line."""
    return " ".join(line for line in body.split("\n## ", 1)[0].splitlines() if line and not line.startswith("## "))


def _result(finding: Finding, fingerprint: str, order: dict[str, int]) -> dict[str, object]:
    path, line, column = finding.location
    return {
        "ruleId": finding.code,
        "ruleIndex": order[finding.code],
        "level": finding.severity,
        "message": {"text": f"{sarif_text(finding.message)}\nfix: {sarif_text(finding.fix)}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri_path(path), "uriBaseId": _BASE},
                    "region": {"startLine": max(line, 1), "startColumn": max(column, 1)},
                }
            }
        ],
        "partialFingerprints": {"whypinFinding/v1": fingerprint},
    }
