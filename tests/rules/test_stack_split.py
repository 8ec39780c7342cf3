"""WHY105: one package has left its stack."""

from tests.build import entry, found, lock, project, record
from whypin.rules import version_mismatch
from whypin.rules.stack_split import RULE

STACK = record(packages="{torch: 2.1.0+cu118, torchvision: 0.16.0+cu118}")


def test_the_package_that_moved_is_reported_instead_of_a_mismatch() -> None:
    subject = project(STACK, locks=[lock(entry("torch", "2.1.0+cu118"), entry("torchvision", "0.17.0", line=8))])
    (finding,) = found(RULE, subject)
    assert (
        finding.message == "torchvision is locked 0.17.0, but 2026-11-22-numpy decided 0.16.0+cu118 together with torch"
    )
    assert finding.location.line == 8
    assert found(version_mismatch.RULE, subject) == []


def test_a_stack_that_moved_as_a_whole_is_a_mismatch_of_each() -> None:
    subject = project(STACK, locks=[lock(entry("torch", "2.2.0"), entry("torchvision", "0.17.0"))])
    assert found(RULE, subject) == []
    assert len(found(version_mismatch.RULE, subject)) == 2


def test_a_package_that_is_not_locked_splits_nothing() -> None:
    subject = project(STACK, locks=[lock(entry("torchvision", "0.17.0"))])
    assert found(RULE, subject) == []


def test_each_lock_is_judged_by_itself() -> None:
    locks = [lock(entry("torch", "2.1.0+cu118"), path="a.lock"), lock(entry("torchvision", "0.17.0"), path="b.lock")]
    assert found(RULE, project(STACK, locks=locks)) == []
