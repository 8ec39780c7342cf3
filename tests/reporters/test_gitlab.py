"""The code quality report: the fields that GitLab requires, and nothing that its parser would refuse."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.reporters.hostile import TEXTS, many, report
from tests.reporters.test_findings import REPORT
from whypin.model.finding import Report, Summary
from whypin.reporters.gitlab import render


def issues(subject: Report) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads(render(subject))
    return read


def test_each_finding_has_the_fields_that_gitlab_requires() -> None:
    first, second, _ = issues(REPORT)
    fingerprint = first.pop("fingerprint")
    assert first == {
        "description": "WHY103 numpy is not locked; fix: correct the name",
        "check_name": "WHY103 not-locked",
        "severity": "minor",
        "location": {"path": "decisions/a.yaml", "lines": {"begin": 4}},
    }
    assert re.fullmatch("[0-9a-f]{32}", fingerprint)
    assert second["severity"] == "major"


def test_nothing_found_is_an_empty_list() -> None:
    assert render(Report((), Summary(0, 0, 1, 0, 1, 0, 0))) == "[]\n"


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_breaks_the_report(name: str) -> None:
    (issue,) = issues(report(TEXTS[name]))
    # A null or a lone surrogate, which JSON could hold, does not fit into GitLab's database.
    assert not re.search("[\0\ud800-\udfff]", issue["description"] + issue["location"]["path"])
    assert issue["check_name"] == "WHY102 version-mismatch"


@pytest.mark.parametrize("name", ["no ASCII", "spaces", "commas and colons", "percent codes", "query and fragment"])
def test_a_path_stays_as_it_is(name: str) -> None:
    (issue,) = issues(report(TEXTS[name]))
    assert issue["location"]["path"] == TEXTS[name]


def test_no_fingerprint_of_ten_thousand_comes_twice() -> None:
    """GitLab would show the first one only."""
    found = issues(many(10_000))
    assert len({issue["fingerprint"] for issue in found}) == len(found) == 10_000
