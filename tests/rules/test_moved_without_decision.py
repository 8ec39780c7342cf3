"""WHY501: a change moves what must have a decision."""

import pytest

from tests.build import entry, found, lock, project, record
from whypin.model.lock import Lock
from whypin.rules import decided_against, undecided
from whypin.rules.moved_without_decision import RULE

CRITICAL = {"critical": ("numpy",)}
BEFORE = project(locks=[lock(entry("numpy", "1.26.3"), entry("pandas", "2.2.2"))])


def after(*records: object, version: str = "1.26.4", exempt: str = "") -> object:
    exemptions = {"uv.lock": {"numpy": (exempt,)}} if exempt else None
    locks = [lock(entry("numpy", version, line=7), entry("pandas", "2.2.3"))]
    return project(*records, locks=locks, policy=CRITICAL, base=BEFORE, exemptions=exemptions)  # type: ignore[arg-type]


def test_a_move_is_told_with_both_versions_instead_of_undecided() -> None:
    subject = after()
    (finding,) = found(RULE, subject)  # type: ignore[arg-type]
    assert finding.message == "numpy moved 1.26.3 -> 1.26.4 without a decision: it is critical"
    assert finding.fix == "write decisions/2026-11-22-numpy.yaml with packages: {numpy: 1.26.4}"
    assert str(finding.location) == "uv.lock:7:1"
    assert found(undecided.RULE, subject) == []  # type: ignore[arg-type]


def test_what_the_change_left_alone_stays_undecided() -> None:
    subject = after(version="1.26.3")
    assert found(RULE, subject) == []  # type: ignore[arg-type]
    assert [finding.package for finding in found(undecided.RULE, subject)] == ["numpy"]  # type: ignore[arg-type]


@pytest.mark.parametrize("versions", ["1.26.4", '">=1.26,<2"'])
def test_a_record_that_decides_the_new_version_covers_the_move(versions: str) -> None:
    assert found(RULE, after(record(packages=f"{{numpy: {versions}}}"))) == []  # type: ignore[arg-type]


def test_an_exemption_at_the_new_version_covers_it() -> None:
    assert found(RULE, after(exempt="1.26.4")) == []  # type: ignore[arg-type]


def test_a_record_that_rejects_it_is_the_business_of_another_rule() -> None:
    subject = after(record(packages="{numpy: 1.26.3}"))
    assert found(RULE, subject) == []  # type: ignore[arg-type]
    assert len(found(decided_against.RULE, subject)) == 1  # type: ignore[arg-type]


def test_a_package_that_came_in() -> None:
    subject = project(locks=[lock(entry("numpy"))], policy=CRITICAL, base=project(locks=[lock()]))
    assert [finding.message for finding in found(RULE, subject)] == [
        "numpy came in at 1.26.4 without a decision: it is critical"
    ]


def test_another_format_with_the_same_versions_moves_nothing() -> None:
    old = Lock("poetry.lock", "poetry", (entry("numpy", lock="poetry.lock"),))
    subject = project(locks=[lock(entry("numpy", index="https://index.example/simple"))], policy=CRITICAL)
    subject.base = project(locks=[old])
    assert found(RULE, subject) == []


def test_the_same_version_from_another_index_has_moved() -> None:
    before = project(locks=[lock(entry("numpy", index="https://index.example/simple"))])
    locks = [lock(entry("numpy", index="https://other.example/simple"))]
    assert len(found(RULE, project(locks=locks, policy=CRITICAL, base=before))) == 1
