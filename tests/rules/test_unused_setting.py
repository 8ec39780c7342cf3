"""WHY901: a setting that matches nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.build import TODAY, entry, found, lock, project, record
from whypin import rules
from whypin.model.project import Project
from whypin.model.settings import IgnoredFinding, Scope, Settings
from whypin.rules.unused_setting import RULE
from whypin.settings.read import read_pyproject

LOCK = lock(entry("numpy"), entry("scipy", "1.0", groups=("group:train",)), path="api/uv.lock")


def messages(**given: Any) -> list[str]:
    subject = project(*given.pop("records", ()), locks=given.pop("locks", [LOCK]), path="pyproject.toml", **given)
    return [finding.message for finding in found(RULE, subject)]


@pytest.mark.parametrize(("severity", "said"), [("off", ["WHY902 is always an error"]), ("error", [])])
def test_a_severity_that_changes_nothing_is_reported(severity: str, said: list[str]) -> None:
    assert messages(rules={"WHY902": severity, "WHY203": "off"}) == said


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"policy": {"critical": ("numpy", "torch*")}}, "torch* matches no locked package"),
        ({"policy": {"ignore": ("num*", "types-*")}}, "types-* matches no locked package"),
        ({"owners": {"*": ("ada",), "torch": ("ada",)}}, "torch matches no locked package, and none of a record"),
        ({"scopes": [Scope(("api/*", "web/*"), (), None, (), ())]}, "web/* matches no lock"),
        ({"scopes": [Scope((), ("main", "group:eval"), None, (), ())]}, "group:eval matches no group of a lock"),
        ({"scopes": [Scope((), (), None, ("nunpy",), ())]}, "nunpy matches no locked package"),
        ({"scopes": [Scope((), (), None, (), ("nunpy",))]}, "nunpy matches no locked package"),
    ],
)
def test_a_name_or_glob_that_matches_nothing_is_reported(settings: dict[str, Any], message: str) -> None:
    assert messages(**settings) == [message]


def test_everything_that_matches_is_quiet() -> None:
    settings: dict[str, Any] = {
        "policy": {"critical": ("numpy",), "ignore": ("sci*",)},
        "owners": {"torch": ("ada",)},
        "scopes": [Scope(("api/*",), ("group:*",), None, ("scipy",), ("n*",))],
    }
    assert messages(records=[record(packages="{torch: 2.1.0}")], **settings) == []


def test_without_a_lock_nothing_can_be_told() -> None:
    assert messages(locks=[], policy={"critical": ("torch*",)}) == []


MISMATCH = record(packages="{numpy: 1.0}")


@pytest.mark.parametrize(
    ("ignored", "expected"),
    [
        (IgnoredFinding("WHY102", "numpy", "known", None), []),
        (IgnoredFinding("WHY102", None, "known", date(2020, 1, 1)), []),
        (IgnoredFinding("WHY102", "scipy", "known", None), ["there is no finding WHY102 of scipy to ignore"]),
        (IgnoredFinding("WHY103", None, "known", None), ["there is no finding WHY103 to ignore"]),
        (IgnoredFinding("WHY001", None, "known", None), ["WHY001 is never ignored"]),
        (IgnoredFinding("WHY901", None, "known", None), []),
        (IgnoredFinding("WHY501", None, "known", None), []),
        (IgnoredFinding("WHY1O2", None, "known", None), []),
    ],
)
def test_an_ignored_finding_that_is_not_found_is_reported(ignored: IgnoredFinding, expected: list[str]) -> None:
    assert messages(records=[MISMATCH], ignore_findings=(ignored,)) == expected


def test_a_setting_is_reported_where_it_stands() -> None:
    text = '[tool.whypin]\nexclude = ["a/**", "b/**"]\n[tool.whypin.owners]\n"torch*" = ["ada"]\n'
    text += '[[tool.whypin.ignore_findings]]\nrule = "WHY103"\nreason = "x"\n'
    settings = read_pyproject(text, "pyproject.toml")
    subject = Project(today=TODAY, locks=[LOCK], settings=settings, unused_excludes=["b/**"])
    assert [(finding.location.line, finding.message) for finding in found(RULE, subject)] == [
        (2, "b/** keeps no lock or manifest from being read"),
        (4, "torch* matches no locked package, and none of a record"),
        (5, "there is no finding WHY103 to ignore"),
    ]


def test_where_only_some_locks_were_read_nothing_is_reported() -> None:
    settings = Settings(path="pyproject.toml", owners={"torch": ("ada",)})
    assert found(RULE, Project(today=TODAY, locks=[LOCK], settings=settings, partial=True)) == []


def test_the_rule_can_be_switched_off_as_others_can() -> None:
    settings = Settings(path="pyproject.toml", owners={"torch": ("ada",)}, rules={"WHY901": "off"})
    assert rules.run(Project(today=TODAY, locks=[LOCK], settings=settings)) == ()
