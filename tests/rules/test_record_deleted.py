"""WHY504: accepted records stay."""

from tests.build import found, project, record
from whypin.model.project import InvalidRecord
from whypin.rules.record_deleted import RULE

BASE = project(record(), record("2026-11-20-draft", status="proposed"))


def test_a_deleted_record_is_told_at_the_path_it_had() -> None:
    (finding,) = found(RULE, project(base=BASE))
    assert str(finding.location) == "decisions/2026-11-22-numpy.yaml:1:1"
    assert finding.record == "2026-11-22-numpy"


def test_one_in_another_folder_is_still_there() -> None:
    moved = record()._replace(path="decisions/old/2026-11-22-numpy.yaml")
    assert found(RULE, project(moved, base=BASE)) == []


def test_one_that_cannot_be_read_is_not_deleted() -> None:
    broken = InvalidRecord("decisions/2026-11-22-numpy.yaml", ())
    assert found(RULE, project(invalid=[broken], base=BASE)) == []
