from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.build import entry, lock, manifest, project, record
from tests.emitters.schemas import complaint
from whypin.emitters.renovate import render
from whypin.errors import WhypinError
from whypin.model.project import Project

PATH = "renovate-whypin.json"


def rules(subject: Project) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(subject, None, PATH).text or "")["packageRules"]
    return found


def test_a_decision_becomes_a_rule_that_names_its_record() -> None:
    subject = project(record("2026-11-20-numpy", packages='{numpy: "<2,>=1.23"}', title='The "C API" broke'))
    assert rules(subject) == [
        {
            "description": ['The "C API" broke (decisions/2026-11-20-numpy.yaml)'],
            "matchDatasources": ["pypi"],
            "matchPackageNames": ["numpy"],
            "allowedVersions": "<2,>=1.23",
        }
    ]


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ("1.26.4", {"allowedVersions": "==1.26.4"}),
        ("2.1.0+cu118", {"allowedVersions": "==2.1.0+cu118"}),
        ("[1.26.4, 2.2.6]", {"allowedVersions": r"/^(?:1\.26\.4|2\.2\.6)$/"}),
        ('"===1.26.4"', {"allowedVersions": r"/^(?:1\.26\.4)$/"}),
    ],
)
def test_exact_versions(packages: str, expected: dict[str, object]) -> None:
    (rule,) = rules(project(record(packages=f"{{numpy: {packages}}}")))
    assert {key: rule[key] for key in expected} == expected and "enabled" not in rule


def test_a_list_of_versions_allows_those_and_no_others() -> None:
    (rule,) = rules(project(record(packages="{torch: [2.10.0, 2.10.0+cu128]}")))
    pattern = re.compile(rule["allowedVersions"].strip("/"))
    assert [bool(pattern.search(text)) for text in ("2.10.0", "2.10.0+cu128", "2.10.01", "12.10.0", "2x10.0")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_records_that_no_version_satisfies_disable_the_package() -> None:
    subject = project(
        record("2026-11-20-a", packages="{numpy: 2.2.6}"), record("2026-11-21-b", packages='{numpy: "<2"}')
    )
    (rule,) = rules(subject)
    assert (rule["enabled"], len(rule["description"]), "allowedVersions" in rule) == (False, 2, False)


def test_a_scope_becomes_the_files_that_renovate_changes() -> None:
    locks = [
        lock(entry("numpy"), path="api/uv.lock"),
        lock(entry("numpy"), path="web/uv.lock"),
        lock(entry("numpy"), path="ml/requirements.txt", format="requirements"),
    ]
    manifests = [
        manifest(path="api/pyproject.toml", locks=["api/uv.lock"]),
        manifest(path="api/libs/[x]/pyproject.toml", locks=["api/uv.lock"]),
        manifest(path="web/pyproject.toml", locks=["web/uv.lock"]),
    ]
    everywhere = record("2026-11-20-all", packages='{numpy: "<3"}')
    api = record("2026-11-21-api", packages='{numpy: "<2"}', locks="[api/*]")
    found = {
        tuple(rule["matchFileNames"]): rule
        for rule in rules(project(everywhere, api, locks=locks, manifests=manifests))
    }
    assert {paths: rule["allowedVersions"] for paths, rule in found.items()} == {
        (r"api/libs/\[x\]/pyproject.toml", "api/pyproject.toml"): "<3,<2",
        ("ml/requirements.txt", "web/pyproject.toml"): "<3",
    }


def test_a_scope_without_any_lock_says_nothing() -> None:
    assert rules(project(record(locks="[gone/*]"), locks=[lock(entry("numpy"))])) == []


def test_the_schema_of_renovate_takes_it(tmp_path: Path) -> None:
    subject = project(
        record("2026-11-20-a", packages='{numpy: "<2", torch: [2.10.0, 2.10.0+cu128], scipy: 1}'),
        record("2026-11-21-b", packages='{scipy: ">=2", pandas: "~=2.2"}', locks="['*']"),
        locks=[lock(entry("numpy"))],
    )
    text = render(subject, None, PATH).text or ""
    assert complaint(tmp_path, "vendor.renovate", PATH, text) == ""
    broken = text.replace('"packageRules": [', '"packageRules": [{"allowedVersions": 1},')
    assert complaint(tmp_path, "vendor.renovate", PATH, broken) != ""


@pytest.mark.parametrize(
    "text", ['{"extends": ["config:recommended"]}', "[]", "{", '{"description": 1}', "[" * 100_000]
)
def test_a_file_of_the_users_own_is_never_replaced(text: str) -> None:
    with pytest.raises(WhypinError, match=r"^renovate\.json:1:1: is not written by whypin"):
        render(project(), text, "renovate.json")


def test_its_own_file_is_replaced() -> None:
    first = render(project(record()), None, PATH).text
    assert render(project(), first, PATH) == render(project(), None, PATH)
