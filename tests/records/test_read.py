"""Records: what the format allows, and every problem at once, each with what to type."""

from __future__ import annotations

from datetime import date

import pytest

from whypin.model.record import Attempt, ExitCriterion, Option, Origin, Step
from whypin.model.version import Item
from whypin.records.read import read

PATH = "decisions/2026-11-22-numpy.yaml"
WHOLE = """\
# yaml-language-server: $schema=record.schema.json
title: Hold NumPy at 1.23 until TensorFlow lifts its cap
status: accepted
deciders: [data-platform]
packages:
  NumPy: 1.23.5
  typing_extensions: "<5,>=4.10"
  torch: [2.10.0, 2.10.0+cu128, {version: 2.10.0+cu130, index: https://index.example/cu130}]
  conda:_libgcc_mutex: 0.1
rationale: |
  TensorFlow 2.12.0 declares numpy>=1.22,<1.24.
date: 2026-11-21
context: The pipeline asked for 1.24.
considered_options:
  - option: numpy 1.24.3
    verdict: rejected
    because: Unsatisfiable.
consequences:
  - np.bool still works.
confirmation:
  - run: python -m pytest -q
  - check: AUC within 0.002.
exit_criteria:
  - locked: "tensorflow>=2.12.1"
  - unlocked: opencv-python-headless
  - date: 2027-06-01
  - issue: https://tracker.example/60978
review_by: never
waivers:
  - advisory: CVE-2023-44271
    reason: No user-supplied fonts.
    expires: 2027-05-22
    justification: vulnerable_code_not_in_execute_path
attempts:
  - date: 2026-11-20
    package: numpy
    version: 1.10
    outcome: failed
    evidence: "tensorflow==2.12.0 depends on numpy>=1.22,<1.24"
    commands: [uv lock]
artifacts:
  - name: cuda
    kind: image
    version: 12.1.1
    file: Dockerfile
    pattern: "FROM nvidia/cuda:{version}-"
locks: [services/api/*]
supersedes: [2025-06-01-numpy]
links: ["https://tracker.example/v2.12.0"]
tags: [numerics]
source: {file: requirements.in, line: 12}
"""
LEAST = "title: T\nstatus: accepted\ndeciders: [a]\npackages: {numpy: 1.0}\nrationale: It breaks.\n"


def test_every_field_is_read_and_typed() -> None:
    record, problems = read(WHOLE, PATH)
    assert problems == []
    assert record is not None
    assert record.id == "2026-11-22-numpy"
    assert record.packages["numpy"] == (Item("1.23.5", version="1.23.5"),)
    assert record.packages["typing-extensions"] == (Item("<5,>=4.10", specifier="<5,>=4.10"),)
    assert [(item.version, item.index) for item in record.packages["torch"]] == [
        ("2.10.0", None),
        ("2.10.0+cu128", None),
        ("2.10.0+cu130", "https://index.example/cu130"),
    ]
    assert "conda:_libgcc_mutex" in record.packages
    assert record.rationale == "TensorFlow 2.12.0 declares numpy>=1.22,<1.24."
    assert (record.date, record.review_by) == (date(2026, 11, 21), "never")
    assert record.considered_options == (Option("numpy 1.24.3", "rejected", "Unsatisfiable."),)
    assert record.confirmation == (Step("run", "python -m pytest -q"), Step("check", "AUC within 0.002."))
    assert record.exit_criteria == (
        ExitCriterion("locked", "tensorflow>=2.12.1"),
        ExitCriterion("unlocked", "opencv-python-headless"),
        ExitCriterion("date", "2027-06-01"),
        ExitCriterion("issue", "https://tracker.example/60978"),
    )
    assert record.waivers[0].expires == date(2027, 5, 22)
    evidence = "tensorflow==2.12.0 depends on numpy>=1.22,<1.24"
    attempt = Attempt(date(2026, 11, 20), "numpy", "1.10", "failed", evidence, ("uv lock",), "", "", "", "")
    assert record.attempts == (attempt,)
    assert record.artifacts[0].pattern == "FROM nvidia/cuda:{version}-"
    assert (record.locks, record.supersedes, record.tags) == (("services/api/*",), ("2025-06-01-numpy",), ("numerics",))
    assert record.source == Origin("requirements.in", 12, "")


def test_every_value_knows_its_place() -> None:
    record, _ = read(WHOLE, PATH)
    assert record is not None
    assert str(record.place("exit_criteria", 0, "locked")) == f"{PATH}:24:13"
    assert str(record.package_place("numpy")) == f"{PATH}:6:10"
    assert str(record.package_place("typing-extensions")) == f"{PATH}:7:22"
    assert str(record.package_place("torch", 1)) == f"{PATH}:8:19"
    assert str(record.place("attempts", 9, "version")) == f"{PATH}:35:3"


def test_the_date_may_stand_in_the_file_name_only() -> None:
    record, _ = read(LEAST, PATH)
    assert record is not None
    assert record.date == date(2026, 11, 22)


def test_windows_line_ends_and_a_proposal_without_a_reason_are_fine() -> None:
    text = LEAST.replace("accepted", "proposed").replace("It breaks.", "")
    record, problems = read(text.replace("\n", "\r\n"), PATH)
    assert (problems, record is not None) == ([], True)


def _problem(change: str, by: str, path: str = PATH) -> tuple[str, str]:
    assert change in LEAST
    _, (problem, *_) = read(LEAST.replace(change, by), path)
    return problem.message, problem.fix


@pytest.mark.parametrize(
    ("change", "by", "message", "fix"),
    [
        ("title: T\n", "", "title is missing", "add title: one line of text"),
        ("deciders: [a]", "deciders: []", "an empty list", "write at least one: one line of text"),
        ("deciders: [a]", "deciders: ada", "a single value where a list is expected", 'write ["ada"]'),
        ("title: T", "titel: T", "'titel' is not a key here", "did you mean title?"),
        ("status: accepted", "status: done", "'done' is not one of proposed, accepted, rejected, deprecated", ""),
        (
            "rationale: It breaks.\n",
            "",
            "no rationale, which a decision that is not just proposed needs",
            "say why under rationale:",
        ),
        ("rationale: It breaks.", "rationale:", "no rationale, which a decision that is not just proposed needs", ""),
        ("packages: {numpy: 1.0}\n", "", "neither packages nor artifacts", "add packages: {NAME: VERSION}"),
        ("packages: {numpy: 1.0}", "packages: {}", "neither packages nor artifacts", "add packages: {NAME: VERSION}"),
        ("numpy: 1.0", "numpy: banana", "'banana' is neither a version nor a specifier", ""),
        ("numpy: 1.0", 'numpy: "<banana"', "'<banana' is not a specifier", ""),
        ("numpy: 1.0", "numpy: []", "an empty list of versions", ""),
        ("numpy: 1.0", "numpy: >2", "YAML reads an unquoted > as a block of text", 'quote the specifier: ">2"'),
        ("numpy: 1.0", "numpy: {version: 1.0}", "not a version with its index", ""),
        ("numpy: 1.0", "num py: 1.0", "'num py' is not the name of a package", ""),
        (
            "numpy: 1.0",
            "foo_bar: 1.0, Foo-Bar: 2.0",
            "'Foo-Bar' is given twice, in another spelling",
            "keep one of them",
        ),
        ("numpy: 1.0", '"a\\u001bb": 1.0', "a control or direction-changing character in the text", "remove it"),
        ("title: T", "title: |\n  a\n  b", "several lines, where one line is expected", "keep the first line"),
        ("title: T", "date: 2026-02-30\ntitle: T", "2026-02-30 is not a day of the calendar", ""),
        ("title: T", "date: 20261122\ntitle: T", "'20261122' is not a date (YYYY-MM-DD)", "write it like 2026-11-22"),
        (
            "title: T",
            "review_by: soon\ntitle: T",
            "'soon' is not a date (YYYY-MM-DD) or never",
            "write it like 2026-11-22",
        ),
        (
            "title: T",
            "links: ['javascript:alert(1)']\ntitle: T",
            "'javascript:alert(1)' is not a link",
            "write a full https:// address",
        ),
        ("title: T", "supersedes: [../x]\ntitle: T", "'../x' is not the id of a record", ""),
        ("title: T", "exit_criteria: [{}]\ntitle: T", "not exactly one of locked, unlocked, date, issue", ""),
        ("title: T", "exit_criteria: [{locked: numpy}]\ntitle: T", "'numpy' is not a package with a specifier", ""),
        ("title: T", "confirmation: [{run: a, check: b}]\ntitle: T", "not exactly one of run, check", ""),
        (
            "title: T",
            "artifacts: [{name: c, kind: image, version: 1, file: D}]\ntitle: T",
            "only one of file and pattern",
            "give both, or neither",
        ),
        (
            "title: T",
            "artifacts: [{name: c, kind: image, version: 1, file: D, pattern: x}]\ntitle: T",
            "the pattern does not hold {version} exactly once",
            "",
        ),
        ("title: T", "source: {line: 3}\ntitle: T", "not exactly one of file and commit", ""),
        ("title: T", "source: {file: a, line: 0}\ntitle: T", "'0' is not a whole number from 1", ""),
        ("title: T", "attempts: [x]\ntitle: T", "not an attempt with fields", ""),
    ],
)
def test_what_the_format_forbids(change: str, by: str, message: str, fix: str) -> None:
    found_message, found_fix = _problem(change, by)
    assert found_message == message
    assert found_fix
    assert not fix or found_fix == fix


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("decisions/numpy.yaml", "date is missing"),
        ("decisions/2026-13-01-numpy.yaml", "date is missing"),
        ("decisions/2026-11-22-NumPy.yaml", "'2026-11-22-NumPy' is not an id: lower case letters, digits and ._-"),
    ],
)
def test_the_file_name_is_part_of_the_format(path: str, message: str) -> None:
    assert _problem("title: T", "title: T", path)[0] == message


@pytest.mark.parametrize("text", ["", "# only a comment\n", "[]", "just text"])
def test_a_file_that_holds_no_mapping_is_not_a_record(text: str) -> None:
    record, problems = read(text, PATH)
    assert record is None
    assert problems[0].line == 1


def test_all_problems_are_reported_at_once_in_order() -> None:
    text = "status: nope\ndecider: [a]\npackages:\n  numpy: >=1\n  x y: 1\nlinks: [ftp://a]\n"
    _, problems = read(text, PATH)
    assert [problem.line for problem in problems] == [1, 1, 1, 2, 4, 5, 6]
