"""WHY203: an upper bound or an exclusion that no record explains."""

from __future__ import annotations

from typing import Any

import pytest

from tests.build import entry, found, lock, manifest, project, record, requirement
from whypin.model.finding import Finding
from whypin.model.manifest import Requirement
from whypin.model.record import Record
from whypin.rules.unexplained_cap import RULE

LOCK = lock(entry("numpy"), entry("protobuf", "3.20.3"))


def findings(need: Requirement, *records: Record, **fields: Any) -> list[Finding]:
    return found(RULE, project(*records, locks=[LOCK], manifests=[manifest(need, **fields)]))


def test_a_cap_is_reported_with_the_record_to_write() -> None:
    [finding] = findings(requirement("protobuf", ">=3.9,<4", line=7))
    assert str(finding.location) == "pyproject.toml:7:1"
    assert finding.message == "no record in force says why protobuf is held at <4"
    assert finding.fix == (
        'write decisions/2026-11-22-protobuf.yaml with packages: {protobuf: ">=3.9,<4"} and the reason as its rationale'
    )


def test_the_comment_beside_it_is_quoted_and_belongs_in_the_record() -> None:
    comment = "TensorFlow 2.8 fails on import with protobuf 4, whatever its metadata say; see issue 51 in our tracker"
    [finding] = findings(requirement("protobuf", "<4", comment=comment))
    assert '; the comment beside it: "TensorFlow 2.8 fails on import' in finding.message
    assert finding.message.endswith(' ..."')
    assert finding.fix.endswith("and what the comment says as its rationale")


def test_a_comment_of_one_long_word_is_cut_and_not_lost() -> None:
    [finding] = findings(requirement("protobuf", "<4", comment=f"https://tracker.example/issues/{'1' * 80}"))
    assert '; the comment beside it: "https://tracker.example/issues/111' in finding.message


@pytest.mark.parametrize(
    ("specifier", "written", "shown"),
    [
        ("<2", "<2", "<2"),
        (">=1,<2", ">=1, < 2", "<2"),
        ("!=1.5", "!=1.5", "!=1.5"),
        (">=1,!=1.5,<2", ">=1,!=1.5,<2", "!=1.5, <2"),
        ("~=1.4", "~=1.4", "~=1.4"),
        ("==1.*", "==1.*", "==1.*"),
        (">=1.2,<1.3", "~1.2", "~1.2"),
        (">=1.2,<3", "(>=1.2,<3)", "<3"),
        (">=1.2,<2,<1.9", "^1.2,<1.9", "^1.2,<1.9"),
    ],
)
def test_what_holds_versions_out_is_shown_as_it_is_written(specifier: str, written: str, shown: str) -> None:
    [finding] = findings(requirement("protobuf", specifier, written=written))
    assert finding.message == f"no record in force says why protobuf is held at {shown}"


@pytest.mark.parametrize(
    ("need", "path"),
    [
        (requirement("numpy", ">=1.2,<2", written="^1.2"), "pyproject.toml"),
        (requirement("numpy", ">=1.2,<4", written="^1.2 || ^3"), "pyproject.toml"),
        (requirement("numpy", ">=2.32.3,<3.0.0", written="(>=2.32.3,<3.0.0)"), "pyproject.toml"),
        (requirement("numpy", ">=1.26.4,<2", conda=True), "pixi.toml"),
        (requirement("numpy", ">=1.26.4,<2", conda=True), "pyproject.toml"),
        (requirement("numpy", ">=0.5.1,<0.6"), "gpu/pixi.toml"),
        (requirement("python", "==3.11.*", conda=True), "environment.yml"),
        (requirement("numpy", ">=1"), "pyproject.toml"),
        (requirement("numpy"), "pyproject.toml"),
        (requirement("lib", "<2", tree=True), "pyproject.toml"),
        (requirement("app", "<2"), "pyproject.toml"),
    ],
)
def test_what_nobody_decided_is_quiet(need: Requirement, path: str) -> None:
    assert findings(need, path=path) == []


@pytest.mark.parametrize(
    ("need", "path"),
    [
        (requirement("numpy", ">=1.26.4,<2"), "pyproject.toml"),
        (requirement("numpy", ">=1.26.4,<1.27", conda=True), "pixi.toml"),
        (requirement("numpy", ">=1.26.4,<2", conda=True), "environment.yml"),
    ],
)
def test_the_same_range_elsewhere_is_somebodys(need: Requirement, path: str) -> None:
    assert len(findings(need, path=path)) == 1


@pytest.mark.parametrize(("locks", "count"), [(("uv.lock",), 0), ((), 1)])
def test_an_exact_pin_counts_where_there_is_no_lock(locks: tuple[str, ...], count: int) -> None:
    assert len(findings(requirement("numpy", "==1.26.4"), locks=locks)) == count


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({}, 0),
        ({"packages": '{numpy: ">=1.20"}'}, 0),
        ({"packages": "{pandas: 2.0.2}"}, 1),
        ({"status": "proposed"}, 1),
        ({"status": "rejected"}, 1),
        ({"locks": "[uv.lock]"}, 0),
        ({"locks": "[services/*]"}, 1),
    ],
)
def test_a_record_in_force_about_the_package_explains_it(fields: dict[str, str], count: int) -> None:
    assert len(findings(requirement("numpy", "<2"), record(**fields))) == count


def test_a_superseded_record_explains_nothing_and_its_successor_does() -> None:
    old, new = record("2026-01-01-numpy"), record("2026-11-22-numpy", supersedes="[2026-01-01-numpy]")
    assert findings(requirement("numpy", "<2"), old, new) == []
    new = record("2026-11-22-numpy", supersedes="[2026-01-01-numpy]", status="proposed")
    assert findings(requirement("numpy", "<2"), old, new) == []


def test_without_a_lock_a_scoped_record_counts() -> None:
    assert findings(requirement("numpy", "<2"), record(locks="[services/*]"), locks=()) == []


def test_a_conda_package_is_explained_by_a_record_about_it() -> None:
    need = requirement("numpy", "<2", conda=True)
    [finding] = findings(need, record(), path="environment.yml")
    assert 'decisions/2026-11-22-conda-numpy.yaml with packages: {conda:numpy: "<2"}' in finding.fix
    assert findings(need, record(packages='{"conda:numpy": "<2"}'), path="environment.yml") == []


def test_several_groups_at_one_place_are_one_finding() -> None:
    needs = [requirement("numpy", "<2", group=group) for group in ("group:dev", "group:test")]
    assert len(found(RULE, project(locks=[LOCK], manifests=[manifest(*needs)]))) == 1


def test_development_is_no_excuse() -> None:
    assert len(findings(requirement("pytest", "<8", group="group:test"))) == 1
