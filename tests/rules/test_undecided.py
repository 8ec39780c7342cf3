"""WHY101: required, and neither decided nor exempt."""

import pytest

from tests.build import entry, found, lock, project, record
from whypin.rules.undecided import RULE

CRITICAL = {"critical": ("numpy",)}
LOCK = lock(entry("numpy", line=12), entry("pandas", "2.0.2", line=20))


def test_a_critical_package_without_a_record_is_reported_at_its_line() -> None:
    (finding,) = found(RULE, project(locks=[LOCK], policy=CRITICAL))
    assert finding.message == "numpy 1.26.4 has no decision: it is critical"
    assert finding.fix == "write decisions/2026-11-22-numpy.yaml with packages: {numpy: 1.26.4}"
    assert str(finding.location) == "uv.lock:12:1"


@pytest.mark.parametrize("versions", ["1.26.4", '"<2"', '"~=1.26.0"', '"==1.26.*"'])
def test_an_exact_version_or_an_upper_bound_decides(versions: str) -> None:
    assert found(RULE, project(record(packages=f"{{numpy: {versions}}}"), locks=[LOCK], policy=CRITICAL)) == []


@pytest.mark.parametrize("versions", ['">=1.20"', '"!=1.25.0"', '">=0"', '[1.26.4, ">=1"]'])
def test_a_floor_or_an_exclusion_decides_nothing(versions: str) -> None:
    (finding,) = found(RULE, project(record(packages=f"{{numpy: {versions}}}"), locks=[LOCK], policy=CRITICAL))
    assert "no upper bound in 2026-11-22-numpy" in finding.message


def test_a_rejected_version_is_reported_by_its_own_rule_instead() -> None:
    assert found(RULE, project(record(packages="{numpy: 1.0}"), locks=[LOCK], policy=CRITICAL)) == []


@pytest.mark.parametrize(
    ("versions", "count"),
    [(("1.26.4",), 0), (("1.26.4", "2.2.6"), 0), (("1.26.3",), 1), ((), 1)],
)
def test_an_exemption_holds_at_exactly_its_versions(versions: tuple[str, ...], count: int) -> None:
    exemptions = {"uv.lock": {"numpy": versions}}
    assert len(found(RULE, project(locks=[LOCK], policy=CRITICAL, exemptions=exemptions))) == count


def test_a_proposed_or_superseded_record_decides_nothing() -> None:
    proposed = record("a", status="proposed")
    assert len(found(RULE, project(proposed, locks=[LOCK], policy=CRITICAL))) == 1


def test_each_lock_is_judged_by_itself() -> None:
    locks = [lock(entry("numpy"), path="a/uv.lock"), lock(entry("numpy"), path="b/uv.lock")]
    (finding,) = found(RULE, project(record(locks="[a/*]"), locks=locks, policy=CRITICAL))
    assert finding.location.path == "b/uv.lock"


def test_forks_of_one_package_are_one_finding() -> None:
    forks = lock(entry("numpy"), entry("numpy", "2.2.6", line=9))
    (finding,) = found(RULE, project(locks=[forks], policy=CRITICAL))
    assert finding.fix.endswith("packages: {numpy: [1.26.4, 2.2.6]}")


def test_an_exemption_that_has_lapsed_is_told() -> None:
    (finding,) = found(RULE, project(locks=[LOCK], policy=CRITICAL, exemptions={"uv.lock": {"numpy": ("1.26.3",)}}))
    assert "its exemption was for 1.26.3" in finding.message


def test_where_locks_differ_the_record_to_write_is_for_one_of_them() -> None:
    locks = [lock(entry("numpy"), path="api/uv.lock"), lock(entry("numpy", "2.2.6"), path="jobs/re-train/uv.lock")]
    fixes = [finding.fix for finding in found(RULE, project(locks=locks, policy=CRITICAL))]
    assert fixes == [
        "write decisions/2026-11-22-numpy-api.yaml with packages: {numpy: 1.26.4} and locks: [api/uv.lock]",
        "write decisions/2026-11-22-numpy-jobs-re-train.yaml with packages: {numpy: 2.2.6} "
        "and locks: [jobs/re-train/uv.lock]",
    ]
