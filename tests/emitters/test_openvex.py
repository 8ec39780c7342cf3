from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest

from tests.build import entry, lock, project, record
from whypin.emitters.openvex import render
from whypin.errors import WhypinError
from whypin.model.project import Project
from whypin.records.format import JUSTIFICATIONS

PATH = "openvex.json"
OPEN = "{advisory: CVE-2023-44271, reason: We render no fonts., expires: 2027-05-22}"
CLAIM = "{advisory: CVE-2024-1, reason: a, expires: 2027-05-22, justification: vulnerable_code_not_in_execute_path}"
ENDED = "{advisory: CVE-2020-1, reason: over, expires: 2026-11-01}"
PILLOW = record(
    "2026-11-20-pillow", packages="{pillow: 10.0.0}", title="Hold Pillow", waivers=f"[{OPEN}, {CLAIM}, {ENDED}]"
)
LOCK = lock(entry("pillow", "10.0.0"), entry("numpy", "1.26.4"))


def document(subject: Project) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(subject, None, PATH).text or "")
    check(found)
    return found


TIME = re.compile(r"\d{4}-\d\d-\d\dT00:00:00Z")
FIELDS = {"vulnerability", "timestamp", "products", "status", "status_notes", "justification", "action_statement"}


def check(found: dict[str, Any]) -> None:
    """Hold a document to the rules of OpenVEX 0.2.0 that concern what we write."""
    assert set(found) == {"@context", "@id", "author", "timestamp", "version", "tooling", "statements"}
    assert found["@context"] == "https://openvex.dev/ns/v0.2.0" and TIME.fullmatch(found["timestamp"])
    assert uuid.UUID(found["@id"].removeprefix("urn:uuid:")) and found["author"]
    assert found["version"] >= 1 and found["statements"]
    assert len({json.dumps(statement) for statement in found["statements"]}) == len(found["statements"])
    for statement in found["statements"]:
        assert set(statement) <= FIELDS and set(statement["vulnerability"]) == {"name"}
        assert TIME.fullmatch(statement["timestamp"]) and statement["products"]
        assert all(
            product == {"@id": purl, "identifiers": {"purl": purl}}
            for product in statement["products"]
            for purl in [product["@id"]]
        )
        if statement["status"] == "not_affected":
            assert statement["justification"] in JUSTIFICATIONS and "action_statement" not in statement
        else:
            assert (
                statement["status"] == "affected" and statement["action_statement"] and "justification" not in statement
            )


def test_not_affected_is_claimed_only_with_a_justification() -> None:
    purl = "pkg:pypi/pillow@10.0.0"
    where = "Hold Pillow (decisions/2026-11-20-pillow.yaml), until 2027-05-22"
    found = document(project(PILLOW, locks=[LOCK]))
    assert (found["author"], found["timestamp"]) == ("data-platform", "2026-11-20T00:00:00Z")
    assert found["statements"] == [
        {
            "vulnerability": {"name": "CVE-2023-44271"},
            "timestamp": "2026-11-20T00:00:00Z",
            "products": [{"@id": purl, "identifiers": {"purl": purl}}],
            "status": "affected",
            "action_statement": "We render no fonts.",
            "status_notes": where,
        },
        {
            "vulnerability": {"name": "CVE-2024-1"},
            "timestamp": "2026-11-20T00:00:00Z",
            "products": [{"@id": purl, "identifiers": {"purl": purl}}],
            "status": "not_affected",
            "justification": "vulnerable_code_not_in_execute_path",
            "status_notes": f"{where}: a",
        },
    ]


def test_the_same_gives_the_same_and_another_has_another_id() -> None:
    subject = project(PILLOW, locks=[LOCK])
    assert render(subject, None, PATH) == render(subject, render(subject, None, PATH).text, PATH)
    moved = lock(entry("pillow", "10.0.1"))
    assert document(subject)["@id"] != document(project(PILLOW, locks=[moved]))["@id"]


def test_every_fork_in_scope_is_a_product_and_a_local_version_is_escaped() -> None:
    locks = [
        lock(entry("torch", "2.1.0"), entry("torch", "2.1.0+cu118"), entry("torch", "1!2.0"), path="api/uv.lock"),
        lock(entry("torch", "9.9", source="git"), entry("torch", None), path="api/b/uv.lock"),
        lock(entry("torch", "1.0"), path="web/uv.lock"),
    ]
    subject = project(record(packages="{torch: 2.1.0}", waivers=f"[{OPEN}]", locks="[api/**]"), locks=locks)
    (statement,) = document(subject)["statements"]
    assert [product["@id"] for product in statement["products"]] == [
        "pkg:pypi/torch@1%212.0",
        "pkg:pypi/torch@2.1.0",
        "pkg:pypi/torch@2.1.0%2Bcu118",
    ]


def test_two_waivers_of_one_advisory_do_not_contradict_each_other_about_a_product() -> None:
    longer = CLAIM.replace("CVE-2024-1", "CVE-2023-44271").replace("2027-05-22", "2028-01-01")
    both = record(
        "2026-11-21-both", packages="{pillow: 10.0.0, numpy: 1.26.4}", deciders="[security]", waivers=f"[{OPEN}]"
    )
    one = record("2026-11-22-one", packages="{pillow: 10.0.0}", waivers=f"[{longer}]")
    found = document(project(both, one, locks=[LOCK]))
    said = [(each["status"], [product["@id"] for product in each["products"]]) for each in found["statements"]]
    assert said == [("not_affected", ["pkg:pypi/pillow@10.0.0"]), ("affected", ["pkg:pypi/numpy@1.26.4"])]
    assert found["author"] == "data-platform, security"


def test_a_waiver_without_a_locked_package_is_left_out_and_said() -> None:
    found = render(project(record(packages="{gone: 1.0}", waivers=f"[{OPEN}]"), locks=[LOCK]), None, PATH)
    assert found == (
        None,
        ("the waiver of CVE-2023-44271 is left out: 2026-11-22-numpy has no locked PyPI package",),
        False,
    )


def test_a_superseded_record_waives_nothing() -> None:
    newer = record("2026-11-22-pillow", packages="{pillow: 10.0.0}", supersedes="[2026-11-20-pillow]")
    assert render(project(PILLOW, newer, locks=[LOCK]), None, PATH).text is None


@pytest.mark.parametrize("text", ['{"tooling": "vexctl"}', "{}", "x"])
def test_a_file_of_the_users_own_is_never_replaced(text: str) -> None:
    with pytest.raises(WhypinError, match=r"^openvex\.json:1:1: is not written by whypin"):
        render(project(PILLOW, locks=[LOCK]), text, PATH)
