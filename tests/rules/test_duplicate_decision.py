"""WHY003: the same decision twice."""

import pytest

from tests.build import found, project, record
from whypin.rules.duplicate_decision import RULE


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1.26.4", "1.26.4"),
        ("1.26", "==1.26.0"),
        ('"<2,>=1.23"', '">=1.23, <2"'),
        ("[1.26.4, 2.2.6]", "[2.2.6, 1.26.4]"),
    ],
)
def test_the_later_of_two_equal_decisions_is_reported(first: str, second: str) -> None:
    older = record("2026-01-01-a", packages=f"{{numpy: {first}}}")
    newer = record("2026-02-01-b", packages=f"{{numpy: {second}}}")
    (finding,) = found(RULE, project(newer, older))
    assert finding.record == "2026-02-01-b"
    assert "2026-01-01-a" in finding.message


@pytest.mark.parametrize(
    "fields",
    [
        {"packages": '{numpy: "<2"}'},
        {"packages": "{pandas: 1.26.4}"},
        {"locks": "[services/*]"},
        {"status": "proposed"},
        {"supersedes": "[2026-01-01-a]"},
    ],
)
def test_a_cap_beside_a_floor_another_scope_or_a_successor_is_no_duplicate(fields: dict[str, str]) -> None:
    assert found(RULE, project(record("2026-01-01-a"), record("2026-02-01-b", **fields))) == []
