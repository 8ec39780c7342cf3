"""The registry: rules, tests and pages are the same set, and the run applies severities and ignores."""

from datetime import date
from pathlib import Path

import pytest

from tests.build import entry, lock, project, record
from whypin import rules
from whypin.model.finding import Rule
from whypin.model.project import InvalidRecord
from whypin.model.settings import IgnoredFinding
from whypin.model.tree import Problem

#: Codes are never reused: this list only grows.
CODES = {
    "WHY001": "invalid-record",
    "WHY002": "unknown-supersedes",
    "WHY003": "duplicate-decision",
    "WHY004": "contradictory-decisions",
    "WHY005": "placeholder-rationale",
    "WHY006": "unowned-decision",
    "WHY101": "undecided",
    "WHY102": "version-mismatch",
    "WHY103": "not-locked",
    "WHY104": "fork-uncovered",
    "WHY105": "stack-split",
    "WHY106": "artifact-mismatch",
    "WHY201": "unpinned",
    "WHY202": "lower-bound-only",
    "WHY203": "unexplained-cap",
    "WHY204": "unexplained-override",
    "WHY205": "lock-missing",
    "WHY206": "lock-stale",
    "WHY207": "no-hashes",
    "WHY301": "review-overdue",
    "WHY302": "exit-criterion-met",
    "WHY303": "proposal-stale",
    "WHY304": "waiver-expired",
    "WHY305": "exemption-unused",
    "WHY401": "vulnerable",
    "WHY402": "waiver-unneeded",
    "WHY403": "unknown-advisory",
    "WHY404": "advisories-old",
    "WHY501": "moved-without-decision",
    "WHY502": "decided-against",
    "WHY503": "accepted-record-rewritten",
    "WHY504": "record-deleted",
    "WHY505": "exemption-added",
    "WHY506": "downgrade-unexplained",
    "WHY901": "unused-setting",
    "WHY902": "unknown-rule",
}
HERE = Path(__file__).parent
MODULES = Path(rules.__file__).parent


def test_codes_and_slugs_are_those_that_were_published_in_order() -> None:
    assert {rule.code: rule.slug for rule in rules.RULES} == CODES
    assert [rule.code for rule in rules.RULES] == sorted(CODES)


def test_rules_modules_and_tests_are_one_set() -> None:
    slugs = {rule.slug.replace("-", "_") for rule in rules.RULES}
    assert {path.stem for path in MODULES.glob("[a-z]*.py")} == slugs
    assert {path.stem.removeprefix("test_") for path in HERE.glob("test_*.py")} - {"rules", "spectrum"} == slugs


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.slug)
def test_every_page_has_its_four_sections(rule: Rule) -> None:
    page = rules.page(rule)
    assert page.startswith(f"# {rule.code} {rule.slug}\n")
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings == ["## What it does", "## Why", "## Example", "## Fix"]


MISMATCH = (record(packages="{numpy: 1.0}"), lock(entry("numpy", "2.0", line=3), entry("pandas", "2.0")))


def test_findings_carry_code_slug_and_severity() -> None:
    (finding,) = rules.run(project(MISMATCH[0], locks=[MISMATCH[1]]))
    assert (finding.code, finding.slug, finding.severity) == ("WHY102", "version-mismatch", "error")


@pytest.mark.parametrize(("setting", "expected"), [("off", []), ("warning", ["warning"]), ("error", ["error"])])
def test_the_settings_give_the_severity(setting: str, expected: list[str]) -> None:
    found = rules.run(project(MISMATCH[0], locks=[MISMATCH[1]], rules={"WHY102": setting}))
    assert [finding.severity for finding in found] == expected


@pytest.mark.parametrize(
    ("package", "expires", "count"),
    [
        ("numpy", None, 0),
        (None, None, 0),
        ("pandas", None, 1),
        ("numpy", date(2026, 11, 23), 0),
        ("numpy", date(2026, 11, 22), 1),
    ],
)
def test_an_ignored_finding_is_quiet_until_it_expires(package: str | None, expires: date | None, count: int) -> None:
    ignored = (IgnoredFinding("WHY102", package, "known", expires),)
    assert len(rules.run(project(MISMATCH[0], locks=[MISMATCH[1]], ignore_findings=ignored))) == count


def test_findings_come_in_the_order_of_places() -> None:
    subject = project(record("z", packages="{numpy: 1.0}"), record("a", packages="{gone: 1.0}"), locks=[MISMATCH[1]])
    assert [str(finding.location) for finding in rules.run(subject)] == ["decisions/a.yaml:4:18", "uv.lock:3:1"]


@pytest.mark.parametrize("severity", ["off", "warning"])
def test_what_cannot_be_read_is_never_switched_off(severity: str) -> None:
    broken = InvalidRecord("decisions/b.yaml", (Problem(1, 1, "not YAML", "mend it"),))
    (finding,) = rules.run(project(invalid=[broken], rules={"WHY001": severity}))
    assert (finding.code, finding.severity) == ("WHY001", "error")


def test_a_code_that_the_design_has_given_out_may_stand_in_the_settings_already() -> None:
    assert rules.run(project(rules={"WHY203": "off"})) == ()
