"""WHY001: every problem of a file, at its place."""

from tests.build import found, project
from whypin.model.location import Location
from whypin.model.project import InvalidRecord
from whypin.records.read import read
from whypin.rules.invalid_record import RULE

BROKEN = """\
title: Hold NumPy
status: acepted
packages:
  numpy: >=1.26
colour: red
"""


def test_every_problem_of_a_file_is_a_finding_at_its_place() -> None:
    _, problems = read(BROKEN, "decisions/2026-11-22-numpy.yaml")
    subject = project(invalid=[InvalidRecord("decisions/2026-11-22-numpy.yaml", tuple(problems))])
    findings = found(RULE, subject)
    assert [(item.location.line, item.location.column) for item in findings] == [(1, 1), (2, 9), (4, 10), (5, 1)]
    assert all(item.location.path == "decisions/2026-11-22-numpy.yaml" for item in findings)
    assert {item.record for item in findings} == {"2026-11-22-numpy"}
    assert [item.fix for item in findings][1:3] == ["did you mean accepted?", 'quote the specifier: ">=1.26"']


def test_a_project_with_valid_records_only_is_quiet() -> None:
    assert found(RULE, project()) == []


def test_the_place_is_never_lost() -> None:
    _, problems = read("", "decisions/x.yaml")
    subject = project(invalid=[InvalidRecord("decisions/x.yaml", tuple(problems))])
    assert [item.location for item in found(RULE, subject)] == [Location("decisions/x.yaml", 1, 1)]
