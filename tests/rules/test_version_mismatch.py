"""WHY102: the lock holds what a record rejects."""

from typing import Any

import pytest

from tests.build import entry, found, lock, project, record
from whypin.rules.version_mismatch import RULE


def _count(versions: str, locked: str | None, **fields: Any) -> int:
    subject = project(record(packages=f"{{torch: {versions}}}"), locks=[lock(entry("torch", locked, **fields))])
    return len(found(RULE, subject))


@pytest.mark.parametrize(
    ("versions", "locked"),
    [
        ("2.1.0", "2.1.0"),
        ("2.1.0", "2.1.0+cu118"),
        ("2.1", "2.1.0"),
        ("2022.12.07", "2022.12.7"),
        ("2.1.0+cu118", "2.1.0+cu118"),
        ('"==2.1.0"', "2.1.0+cu118"),
        ('"==2.1.*"', "2.1.9"),
        ('">=2,<3"', "2.9.0rc1"),
        ('"===2.1.0"', "2.1.0"),
        ("1.10", "1.10.0"),
        ("1!2.0", "1!2.0"),
    ],
)
def test_accepted(versions: str, locked: str) -> None:
    assert _count(versions, locked) == 0


@pytest.mark.parametrize(
    ("versions", "locked"),
    [
        ("2.1.0", "2.1.1"),
        ("2.1.0+cu118", "2.1.0"),
        ("2.1.0+cu118", "2.1.0+cu121"),
        ("1.10", "1.1"),
        ("22.10.0", "22.10.0rc1"),
        ('"<2"', "2.0"),
        ("2.0", "1!2.0"),
        ('"===2.1"', "2.1.0"),
        ("2.1.0", None),
        ("2.1.0", "not-a-version"),
    ],
)
def test_rejected(versions: str, locked: str | None) -> None:
    assert _count(versions, locked) == 1


@pytest.mark.parametrize(
    ("index", "count"),
    [
        ("https://index.example/cu118", 0),
        ("https://user:secret@index.example/cu118/", 0),
        ("https://index.example/simple", 1),
    ],
)
def test_an_item_with_an_index_insists_on_it(index: str, count: int) -> None:
    versions = "{version: 2.1.0, index: https://index.example/cu118}"
    assert _count(versions, "2.1.0", index=index) == count


def test_the_finding_names_both_sides_and_stands_in_the_lock() -> None:
    subject = project(record(packages="{torch: 2.1.0}"), locks=[lock(entry("torch", "2.2.0", line=40))])
    (finding,) = found(RULE, subject)
    assert finding.message == "torch is locked 2.2.0, and 2026-11-22-numpy accepts 2.1.0"
    assert (str(finding.location), finding.package, finding.record) == ("uv.lock:40:1", "torch", "2026-11-22-numpy")


def test_several_records_must_all_be_satisfied() -> None:
    cap, floor = record("cap", packages='{torch: "<3"}'), record("floor", packages='{torch: ">=2.5"}')
    findings = found(RULE, project(cap, floor, locks=[lock(entry("torch", "2.1.0"))]))
    assert [item.record for item in findings] == ["floor"]


def test_a_record_of_a_conda_package_does_not_speak_of_the_pypi_one() -> None:
    conda = entry("numpy", "1.0", source="conda")
    assert found(RULE, project(record(packages="{numpy: 2.0}"), locks=[lock(conda)])) == []
    assert len(found(RULE, project(record(packages='{"conda:numpy": 2.0}'), locks=[lock(conda)]))) == 1


@pytest.mark.parametrize(("status", "count"), [("accepted", 1), ("proposed", 0), ("rejected", 0), ("deprecated", 0)])
def test_only_accepted_records_are_in_force(status: str, count: int) -> None:
    subject = project(record(packages="{torch: 1.0}", status=status), locks=[lock(entry("torch", "2.0"))])
    assert len(found(RULE, subject)) == count


def test_a_superseded_record_stays_in_force_for_what_its_successor_does_not_name() -> None:
    old = record("old", packages="{torch: 1.0, numpy: 1.0}")
    new = record("new", packages="{torch: 2.0}", supersedes="[old]")
    findings = found(RULE, project(old, new, locks=[lock(entry("torch", "2.0"), entry("numpy", "2.0"))]))
    assert [(item.record, item.package) for item in findings] == [("old", "numpy")]


def test_a_proposed_successor_supersedes_nothing() -> None:
    old = record("old", packages="{torch: 1.0}")
    new = record("new", packages="{torch: 2.0}", supersedes="[old]", status="proposed")
    assert [item.record for item in found(RULE, project(old, new, locks=[lock(entry("torch", "2.0"))]))] == ["old"]
