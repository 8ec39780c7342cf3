"""WHY302: the reason of a decision has lapsed."""

from tests.build import entry, found, lock, project, record
from whypin.rules.exit_criterion_met import RULE

LOCK = lock(entry("numpy"), entry("tensorflow", "2.15.0", 5))


def test_a_met_criterion_is_reported_at_its_place() -> None:
    held = record(exit_criteria='[{unlocked: numpy}, {locked: "tensorflow>=2.12.1"}]')
    (finding,) = found(RULE, project(held, locks=[LOCK]))
    assert finding.message == (
        "the reason of 2026-11-22-numpy has lapsed: tensorflow is locked 2.15.0, and this waited for tensorflow>=2.12.1"
    )
    assert str(finding.location) == "decisions/2026-11-22-numpy.yaml:6:45"
    assert "the pin can go" in finding.fix


def test_every_criterion_speaks_for_itself() -> None:
    held = record(exit_criteria="[{unlocked: pandas}, {date: 2026-11-22}, {date: 2026-11-23}]")
    assert len(found(RULE, project(held, locks=[LOCK]))) == 2


def test_only_decisions_in_force_can_lapse() -> None:
    old = record("a", exit_criteria="[{unlocked: pandas}]")
    assert found(RULE, project(old, record("b", supersedes="[a]"), locks=[LOCK])) == []
    assert found(RULE, project(old._replace(status="proposed"), locks=[LOCK])) == []
