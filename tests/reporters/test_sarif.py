"""SARIF, held against the official schema."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import jsonschema
import pytest

from tests.reporters.hostile import TEXTS, many, report
from tests.reporters.test_findings import REPORT
from whypin import __version__, app
from whypin.model.finding import Finding, Report, RuleText, Summary
from whypin.model.location import Location
from whypin.reporters.sarif import LIMIT, render
from whypin.rules import RULES

SCHEMA = Path(__file__).parents[1] / "data/sarif-schema-2.1.0.json"
CLEAN = Report((), Summary(0, 0, 1, 0, 1, 0, 0))


@cache
def validator() -> Any:
    return jsonschema.Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def run(subject: Report) -> dict[str, Any]:
    """The one run of a log, which the schema allows."""
    log = json.loads(render(subject))
    problems = [f"{problem.json_path}: {problem.message[:200]}" for problem in validator().iter_errors(log)]
    assert problems == []
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    only: dict[str, Any] = log["runs"][0]
    return only


def test_the_schema_is_one_that_refuses() -> None:
    log = json.loads(render(REPORT))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert not validator().is_valid(log)


def test_a_result_has_its_rule_level_place_and_fingerprint() -> None:
    result = run(REPORT)["results"][0]
    fingerprint = result.pop("partialFingerprints")
    assert result == {
        "ruleId": "WHY103",
        "ruleIndex": 2,
        "level": "warning",
        "message": {"text": "numpy is not locked\nfix: correct the name"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "decisions/a.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 4, "startColumn": 8},
                }
            }
        ],
    }
    assert list(fingerprint) == ["whypinFinding/v1"]


def test_nothing_found_is_a_run_with_an_empty_list() -> None:
    assert run(CLEAN)["results"] == []


def test_the_tool_says_its_name_and_version() -> None:
    driver = run(CLEAN)["tool"]["driver"]
    assert (driver["name"], driver["version"], driver["rules"]) == ("whypin", __version__, [])


def test_the_rules_that_found_something_bring_their_page() -> None:
    rules = run(app.prepare(REPORT, "sarif", "."))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["WHY101", "WHY102", "WHY103"]
    undecided = rules[0]
    assert (undecided["name"], undecided["defaultConfiguration"]) == ("undecided", {"level": "error"})
    assert undecided["shortDescription"]["text"] == "A package that must have a decision has none."
    assert undecided["fullDescription"]["text"].startswith("Asks the policy which packages are required")
    assert undecided["help"]["markdown"].startswith("## What it does\n")
    assert "\n## Fix\n" in undecided["help"]["markdown"]


def test_every_rule_has_a_page_that_the_schema_takes() -> None:
    found = tuple(Finding(Location("x"), "m", "f", code=rule.code, slug=rule.slug) for rule in RULES)
    rules = run(app.prepare(Report(found, REPORT.summary), "sarif", "."))["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} == {rule.code for rule in RULES}
    assert all(len(rule["fullDescription"]["text"]) <= 1000 and rule["shortDescription"]["text"] for rule in rules)
    assert not any("##" in rule["fullDescription"]["text"] for rule in rules)


def test_a_long_description_is_cut_where_github_cuts_it() -> None:
    long = RuleText("WHY101", "undecided", "error", "s", f"## What it does\n{'x ' * 2000}\n\n## Why\ny")
    rule = run(REPORT._replace(rules=(long,)))["tool"]["driver"]["rules"][0]
    assert len(rule["fullDescription"]["text"]) == 1000
    assert rule["help"]["text"] == long.body


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_is_a_link_or_leaves_the_repository(name: str) -> None:
    (result,) = run(report(TEXTS[name]))["results"]
    message = result["message"]["text"]
    assert "](" not in message and "{0}" not in message
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert uri.isascii() and not uri.startswith("/")
    errors = "surrogatepass" if "\ud800" in TEXTS[name] else "surrogateescape"
    assert unquote_to_bytes(uri) == TEXTS[name].encode("utf-8", errors)


def test_places_that_no_editor_knows_are_the_first_line() -> None:
    nowhere = REPORT.findings[0]._replace(location=Location("x", 0, 0))
    region = run(Report((nowhere,), REPORT.summary))["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 1}


def test_of_too_many_the_errors_are_told_and_the_rest_is_counted() -> None:
    log = json.loads(render(many(8000)))["runs"][0]
    assert len(log["results"]) == LIMIT
    assert sum(result["level"] == "error" for result in log["results"]) == 4000
    lines = [result["message"]["text"] for result in log["results"]]
    assert lines == sorted(lines, key=lambda line: int(line.split()[0].rpartition("-")[2]))
    (note,) = log["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("3000 more findings are left out")
    log["results"] = log["results"][:3]
    assert validator().is_valid({"version": "2.1.0", "runs": [log]})


def test_as_many_as_fit_need_no_note() -> None:
    log = json.loads(render(many(LIMIT)))["runs"][0]
    assert len(log["results"]) == LIMIT
    assert log["invocations"] == [{"executionSuccessful": True}]
