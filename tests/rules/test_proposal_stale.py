"""WHY303: a proposal that nobody decided on."""

import pytest

from tests.build import found, project, record
from whypin.rules.proposal_stale import RULE


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"date": "2026-05-26"}, 1),
        ({"date": "2026-05-27"}, 0),
        ({"date": "2026-01-01", "review_by": "2026-11-23"}, 0),
        ({"date": "2026-11-01", "review_by": "2026-11-22"}, 1),
        ({"date": "2020-01-01", "review_by": "never"}, 0),
    ],
)
def test_a_proposal_may_wait_as_long_as_a_review(fields: dict[str, str], count: int) -> None:
    assert len(found(RULE, project(record(status="proposed", **fields)))) == count


def test_the_finding_stands_at_the_status() -> None:
    (finding,) = found(RULE, project(record("a", status="proposed", date="2026-01-31")))
    assert finding.message == "a, proposed on 2026-01-31, was to be decided by 2026-07-30"
    assert str(finding.location) == "decisions/a.yaml:2:9"


@pytest.mark.parametrize("status", ["accepted", "rejected", "deprecated"])
def test_what_is_decided_is_no_proposal(status: str) -> None:
    assert found(RULE, project(record(status=status, date="2020-01-01"))) == []
