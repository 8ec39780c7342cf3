"""WHY404: advisories that nobody has fetched for a month."""

import pytest

from tests.advisories.osv import advisory, alerted
from tests.build import found, project
from whypin.rules.advisories_old import RULE


@pytest.mark.parametrize(("modified", "count"), [("2026-11-22", 0), ("2026-10-23", 0), ("2026-10-22", 1)])
def test_thirty_days_are_fine_and_one_more_is_old(modified: str, count: int) -> None:
    data = advisory(modified=f"{modified}T23:00:00Z")
    assert len(found(RULE, alerted(project(), data))) == count


def test_the_finding_says_how_old_and_stands_in_the_settings() -> None:
    (finding,) = found(RULE, alerted(project(), advisory(modified="2026-01-01T00:00:00Z")))
    assert finding.message == (
        "the advisories are of 2026-01-01, 325 days ago (osv.index): newer ones are not among them"
    )
    assert str(finding.location) == "pyproject.toml:1:1"
    assert "whypin advisories update" in finding.fix


def test_without_advisories_nothing_is_old() -> None:
    assert found(RULE, project()) == []
