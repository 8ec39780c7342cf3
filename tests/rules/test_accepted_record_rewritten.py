"""WHY503: what was accepted is not changed in place."""

import pytest

from tests.build import found, project, record
from whypin.rules.accepted_record_rewritten import RULE

OLD = {"packages": "{numpy: 1.26.4, pandas: 2.2.3}", "rationale": "It breaks the pipeline with 2.0."}


def rewritten(before: dict[str, str], **changes: str) -> list[str]:
    subject = project(record(**(before | changes)), base=project(record(**before)))
    return [str(finding.location) for finding in found(RULE, subject)]


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"packages": "{numpy: 1.26.5, pandas: 2.2.3}"}, ["decisions/2026-11-22-numpy.yaml:4:11"]),
        ({"packages": "{numpy: 1.26.4}"}, ["decisions/2026-11-22-numpy.yaml:4:11"]),
        ({"rationale": "Because."}, ["decisions/2026-11-22-numpy.yaml:5:12"]),
    ],
)
def test_other_packages_or_reasons_are_reported_where_they_stand(changes: dict[str, str], places: list[str]) -> None:
    assert rewritten(OLD, **changes) == places


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "deprecated"},
        {"links": "[https://tracker.example/1]"},
        {"review_by": "2027-05-22"},
        {"packages": "{Pandas: 2.2.3, numpy: 1.26.4}"},
        {"rationale": "It breaks  the pipeline\n  with 2.0."},
    ],
    ids=["status", "links", "review", "order and spelling", "line breaks"],
)
def test_everything_else_may_change(changes: dict[str, str]) -> None:
    assert rewritten(OLD, **changes) == []


def test_a_proposal_may_be_rewritten() -> None:
    assert rewritten(OLD | {"status": "proposed"}, rationale="Another one.", status="accepted") == []


def test_without_a_base_nothing_is_known_of_yesterday() -> None:
    assert found(RULE, project(record())) == []
