"""Artifacts: where a pattern finds versions, and when two versions are one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whypin.model.artifact import Held, find, is_same, refusal

COMMIT = "0123456789abcdef0123456789abcdef01234567"
DIGEST = f"sha256:{COMMIT}{COMMIT[:24]}"


def held(pattern: str, text: str, decided: str = "1.0") -> list[str]:
    return [found.version for found in find(pattern, text, decided)]


@pytest.mark.parametrize(
    ("pattern", "text", "decided", "versions"),
    [
        ("FROM nvidia/cuda:{version}-", "FROM nvidia/cuda:12.1.1-devel-ubuntu22.04\n", "12.1.1", ["12.1.1"]),
        ("FROM nvidia/cuda:{version}-", "FROM nvidia/cuda:12.4.0-devel\n", "12.1.1", ["12.4.0"]),
        (
            "FROM python:{version}",
            "FROM python:3.11-slim AS a\nFROM python:3.12\n",
            "3.11-slim",
            ["3.11-slim", "3.12"],
        ),
        ("FROM python@{version}", f"FROM python@{DIGEST} AS build", DIGEST, [DIGEST]),
        ("FROM python@{version} AS", f"FROM python@sha256:{'0' * 64} AS build", DIGEST, [f"sha256:{'0' * 64}"]),
        ("FROM python@sha256:{version}", f"FROM python@{DIGEST}\n", DIGEST[7:], [DIGEST[7:]]),
        (
            "actions/checkout@{version}",
            "- uses: actions/checkout@v4\n- uses: actions/checkout@v5 # x",
            "v4",
            ["v4", "v5"],
        ),
        ("actions/checkout@{version}", f"- uses: actions/checkout@{COMMIT} # v4.2.2\n", COMMIT, [COMMIT]),
        ('revision="{version}"', f'load("x", revision="{COMMIT}")', COMMIT, [COMMIT]),
        ("revision={version}", "load(x, revision=refs/pr/7)", "refs/pr/3", ["refs/pr/7"]),
        (
            "data-{version}-full",
            "data-2026-03-01-full data-2026-04-01-full",
            "2026-03-01",
            ["2026-03-01", "2026-04-01"],
        ),
        ("data-{version}-", "data-2026-03-01-full", "2026-03-01", ["2026-03-01"]),
        ('requires-python = ">={version}"', 'requires-python = ">=3.11"\n', "3.11", ["3.11"]),
        (
            "{version}-slim",
            "python:3.11-slim\nFROM node:22-alpine\nFROM python:3.12-slim",
            "3.11",
            ["3.11", "3.12"],
        ),
        ("at {version}", "It runs at 3.11.\nOr at 3.12, and at -.", "3.11", ["3.11", "3.12"]),
        (",{version},", "1,2,3,4", "2", ["2", "3"]),
        ("=={version}", "a ===1", "1", ["1"]),
    ],
)
def test_versions_stand_between_the_text_before_and_behind(
    pattern: str, text: str, decided: str, versions: list[str]
) -> None:
    assert held(pattern, text, decided) == versions


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("FROM  python:{version}", "FROM python:3.11"),
        ("from python:{version}", "FROM python:3.11"),
        ('python-version: "{version}"', "python-version: '3.11'"),
        ("version = {version}", 'version = "3.11"'),
        ("FROM x:{version}-", "FROM x:1.0 AS a-b"),
        ("FROM x:{version}-", "FROM x:-devel"),
        ("x:{version}", "x:"),
        ("{version}", "# only a comment\n\n"),
    ],
)
def test_every_character_counts_and_a_version_has_to_be_there(pattern: str, text: str) -> None:
    assert held(pattern, text) == []


@pytest.mark.parametrize(
    ("text", "version", "line"),
    [("3.11.4\n", "3.11.4", 1), ("# of the service\n\n  3.12 # not 3.13\n3.11\n", "3.12", 3), ("3.11\r\n", "3.11", 1)],
)
def test_a_pattern_of_nothing_but_the_version_means_the_first_word(text: str, version: str, line: int) -> None:
    (found,) = find("{version}", text, "3.11")
    assert (found.version, found.line) == (version, line)


def test_every_place_is_told_by_line_and_column_of_the_version() -> None:
    text = "a\n\N{SNAKE} uses: x@v1, x@v2\n\nx@v3"
    assert list(find("x@{version}", text, "v1")) == [Held("v1", 2, 11), Held("v2", 2, 17), Held("v3", 4, 3)]


@pytest.mark.parametrize(
    ("decided", "version", "same"),
    [
        ("3.11", "3.11", True),
        ("3.11", "3.11.0", True),
        ("3.11", "3.11.4", False),
        ("1.0rc1", "1.0-RC.1", True),
        ("12.1.1", "12.1.1-devel", False),
        ("v4", "main", False),
        ("1234567", "01234567", False),
        ("9" * 5000, "9" * 5001, False),
        ("main", "Main", False),
    ],
)
def test_the_same_version_is_the_same_text_or_equal_by_pep_440(decided: str, version: str, same: bool) -> None:
    assert is_same(decided, version) is same


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("Dockerfile", None),
        ("./docker/..train/Dockerfile", None),
        ("/etc/hostname", "is an absolute path"),
        ("C:/x", "is an absolute path"),
        ("..\\x", "has backslashes"),
        ("a/../../x", "steps up a folder"),
        ("..", "steps up a folder"),
        (".git/config", "is git's own"),
        ("sub/.GIT/config", "is git's own"),
        (".github/workflows/ci.yml", None),
    ],
)
def test_paths_that_are_never_read(path: str, words: str | None) -> None:
    assert refusal(path) == words


@given(
    st.text("a1.- ", max_size=3),
    st.text("a1.- ", max_size=3),
    st.lists(st.text("a1.- \n", max_size=6), max_size=6),
    st.sampled_from(["1", "a.1", "1-a"]),
)
def test_what_is_found_stands_in_the_text_between_the_two(
    before: str, behind: str, parts: list[str], decided: str
) -> None:
    text = f"{before}{decided}{behind}".join(parts)
    for found in find(f"{before}{{version}}{behind}", text, decided):
        line = text.split("\n")[found.line - 1]
        at = found.column - 1
        assert line[at:].startswith(found.version)
        if before or behind:
            assert line[:at].endswith(before)
            assert line[at + len(found.version) :].startswith(behind)


@given(st.text("a1. \n", max_size=8), st.text("a1. \n", max_size=8), st.sampled_from(["1.0", "a-1", DIGEST]))
def test_the_decided_version_is_found_wherever_it_stands(left: str, right: str, decided: str) -> None:
    assert decided in held("<{version}>", f"{left}<{decided}>{right}", decided)


@pytest.mark.parametrize(
    ("pattern", "text", "count"),
    [
        ("a{version}-", "a" * 2_000_000, 0),
        ("{version}-", "a" * 2_000_000, 0),
        ("a{version}", "a." * 500_000, 0),
        ("a{version}b", "a1" * 500_000 + "b", 1),
        ("{version}-slim", "1 " * 500_000, 0),
        ("x{version}" + "b##" * 60, "xb##" * 250_000, 0),
        ("{version}", "   # x\n" * 150_000, 0),
        ("{version}", " " * 2_000_000, 0),
        (".{version}", "." * 1_000_000, 0),
        ("x{version}", "x1 " * 300_000, 300_000),
    ],
)
def test_a_hostile_file_is_read_in_one_way(pattern: str, text: str, count: int) -> None:
    """Time that grew with the square of these lengths would not end."""
    assert len(held(pattern, text)) == count
