"""WHY506: nobody goes back without a reason."""

import pytest

from tests.build import entry, found, lock, project, record
from whypin.rules.downgrade_unexplained import RULE

BASE = project(locks=[lock(entry("numpy", "1.26.4"))])


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([entry("numpy", "1.26.3")], ["1.26.4 -> 1.26.3"]),
        ([entry("numpy", "1.26.4rc1")], ["1.26.4 -> 1.26.4rc1"]),
        ([entry("numpy", "1.26.5")], []),
        ([entry("numpy", "1.26.3", direct=False)], ["1.26.4 -> 1.26.3"]),
        ([entry("numpy", "1.26.3"), entry("numpy", "2.0", line=3)], []),
        ([], []),
    ],
    ids=["down", "to a pre-release", "up", "direct only before", "the newest went up", "removed"],
)
def test_a_direct_package_that_went_down(entries: list[object], told: list[str]) -> None:
    findings = found(RULE, project(locks=[lock(*entries)], base=BASE))  # type: ignore[arg-type]
    assert [finding.message.split(", ")[1] for finding in findings] == told


def test_a_transitive_one_may_go_down() -> None:
    before = project(locks=[lock(entry("numpy", "1.26.4", direct=False))])
    assert found(RULE, project(locks=[lock(entry("numpy", "1.26.3", direct=False))], base=before)) == []


def test_a_record_of_this_change_explains_it_and_an_old_one_does_not() -> None:
    locks, old = [lock(entry("numpy", "1.26.3"))], record(packages='{numpy: "<2"}')
    base = project(old, locks=BASE.locks)
    assert len(found(RULE, project(old, locks=locks, base=base))) == 1
    new = record("2026-11-23-numpy", packages="{numpy: 1.26.3}")
    assert found(RULE, project(old, new, locks=locks, base=base)) == []
    edited = record(packages='{numpy: "<2"}', links="[https://tracker.example/1]")
    assert found(RULE, project(edited, locks=locks, base=base)) == []
