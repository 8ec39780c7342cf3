"""WHY106: a file holds another version than was decided."""

from __future__ import annotations

import pytest

from tests.build import found, project, record
from whypin.model.record import Record
from whypin.model.tree import Problem
from whypin.rules.artifact_mismatch import RULE

DOCKERFILE = "# base\nFROM nvidia/cuda:12.1.1-devel\nFROM nvidia/cuda:12.1.1-runtime\n"


def cuda(stem: str = "2026-11-22-cuda", **fields: str) -> Record:
    artifact = {
        "name": "cuda",
        "kind": "image",
        "version": "12.1.1",
        "file": "Dockerfile",
        "pattern": '"FROM nvidia/cuda:{version}-"',
    } | fields
    texts = ", ".join(f"{key}: {value}" for key, value in artifact.items() if value)
    return record(stem, packages=None, artifacts=f"[{{{texts}}}]")


def test_a_file_that_holds_the_version_everywhere_is_quiet() -> None:
    assert found(RULE, project(cuda(), files={"Dockerfile": DOCKERFILE})) == []


def test_every_place_with_another_version_is_a_finding_there() -> None:
    text = DOCKERFILE.replace("12.1.1-runtime", "12.4.0-runtime") + "FROM nvidia/cuda:12.5-base\n"
    first, second = found(RULE, project(cuda(), files={"Dockerfile": text}))
    assert (str(first.location), first.record) == ("Dockerfile:3:18", "2026-11-22-cuda")
    assert first.message == "cuda is 12.4.0 here, and 2026-11-22-cuda decided 12.1.1"
    assert first.fix == "write 12.1.1 here, or write a record that supersedes 2026-11-22-cuda"
    assert (second.location.line, second.message[:16]) == (4, "cuda is 12.5 her")


def test_versions_that_are_equal_by_pep_440_are_the_same() -> None:
    floor = cuda(kind="python", version='"3.11"', file=".python-version", pattern='"{version}"')
    assert found(RULE, project(floor, files={".python-version": "3.11.0\n"})) == []
    (finding,) = found(RULE, project(floor, files={".python-version": "3.11.4\n"}))
    assert finding.message.startswith("cuda is 3.11.4 here")


def test_a_pattern_that_matches_nothing_is_a_finding_at_the_pattern() -> None:
    (finding,) = found(RULE, project(cuda(), files={"Dockerfile": "FROM  nvidia/cuda:12.1.1-devel\n"}))
    assert finding.message == "the pattern of cuda matches nothing in Dockerfile"
    assert str(finding.location) == "decisions/2026-11-22-cuda.yaml:5:83"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "cuda cannot be checked: Dockerfile: there is no such file"),
        (
            {"Dockerfile": Problem(3, 1, "the file is not UTF-8", "save it as UTF-8")},
            "cuda cannot be checked: Dockerfile: the file is not UTF-8",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_a_finding_at_the_record(files: dict[str, str | Problem], message: str) -> None:
    (finding,) = found(RULE, project(cuda(), files=files))
    assert (finding.message, finding.location.path) == (message, "decisions/2026-11-22-cuda.yaml")
    assert finding.fix


def test_what_is_only_stated_superseded_or_not_accepted_is_not_checked() -> None:
    stated = cuda("b", file="", pattern="")
    assert found(RULE, project(stated)) == []
    new = record("c", packages=None, artifacts="[{name: cuda, kind: image, version: 12.4.0}]", supersedes="[a]")
    assert found(RULE, project(cuda("a"), new)) == []
    assert found(RULE, project(cuda()._replace(status="proposed"))) == []


def test_a_successor_takes_over_only_the_artifacts_that_it_names() -> None:
    new = record("c", packages=None, artifacts="[{name: python, kind: python, version: 3.11}]", supersedes="[a]")
    (finding,) = found(RULE, project(cuda("a"), new))
    assert finding.record == "a"


def test_a_hostile_file_gives_neither_endless_findings_nor_endless_messages() -> None:
    subject = project(cuda(pattern='"x{version}"'), files={"Dockerfile": "x1 " * 10_000})
    assert len(found(RULE, subject)) == 50
    (finding,) = found(RULE, project(cuda(pattern='"x{version}"'), files={"Dockerfile": "x" + "1" * 100_000}))
    assert len(finding.message) < 300
