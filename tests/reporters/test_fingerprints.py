"""What makes two findings the same for a service that has seen one of them before."""

from __future__ import annotations

import pytest

from tests.reporters.hostile import finding, many, report
from whypin.model.finding import Finding
from whypin.model.location import Location
from whypin.reporters.fingerprints import fingerprints

FOUND = Finding(Location("uv.lock", 3), "numpy is locked 2.2.6", "lock it", "numpy", "a", "WHY102", "version-mismatch")


@pytest.mark.parametrize(
    "again",
    [
        FOUND._replace(location=Location("uv.lock", 40, 2)),
        FOUND._replace(message="numpy is locked 2.3.0"),
        FOUND._replace(message="numpy  is\nlocked 2.2.6"),
        FOUND._replace(fix="or another fix", severity="warning"),
    ],
)
def test_a_line_a_number_or_a_severity_makes_no_other_finding(again: Finding) -> None:
    assert fingerprints([again]) == fingerprints([FOUND])


@pytest.mark.parametrize(
    "other",
    [
        FOUND._replace(code="WHY104"),
        FOUND._replace(location=Location("api/uv.lock", 3)),
        FOUND._replace(package="torch"),
        FOUND._replace(record="b"),
        FOUND._replace(message="numpy is yanked"),
        FOUND._replace(package=None, record="numpy\0a"),
    ],
)
def test_rule_path_package_record_and_words_do(other: Finding) -> None:
    assert fingerprints([other]) != fingerprints([FOUND])


def test_those_that_are_alike_are_told_apart_and_keep_their_order() -> None:
    first, second = fingerprints([FOUND, FOUND])
    assert first != second
    assert fingerprints([FOUND]) == [first]


def test_another_finding_in_front_changes_none() -> None:
    assert fingerprints([finding("x"), FOUND])[1:] == fingerprints([FOUND])


def test_no_two_are_alike() -> None:
    everything = [*many(2000).findings, *many(2000).findings, *report().findings]
    assert len(set(fingerprints(everything))) == len(everything)


def test_it_is_the_same_in_every_version_of_whypin() -> None:
    """Changed, every finding of every project would be reported as fixed and found anew."""
    assert fingerprints([FOUND]) == ["23b463d57d36b7db21c979f049e61a0b"]
