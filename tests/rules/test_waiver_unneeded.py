"""WHY402: a waiver whose advisory affects nothing here."""

from __future__ import annotations

from typing import Any

import pytest

from tests.advisories.osv import advisory, affected, alerted
from tests.build import entry, found, lock, project, record
from whypin.model.lock import Entry
from whypin.model.project import Project
from whypin.model.record import Record
from whypin.rules.waiver_unneeded import RULE


def waiving(name: str = "PYSEC-2023-227", **fields: Any) -> Record:
    given = {
        "waivers": f"[{{advisory: {name}, reason: No fonts., expires: 2027-05-22}}]",
        "packages": "{pillow: '<12'}",
    }
    return record("2026-11-20-pillow", **(given | fields))


def subject(held: Record, *locked: Entry, **more: Any) -> Project:
    gone = advisory("PYSEC-1", withdrawn="2026-01-01T00:00:00Z")
    other = affected("numpy", "introduced 0")
    pillow = affected("pillow", "introduced 0", "fixed 10.0.0")
    return alerted(project(held, locks=[lock(*locked)], **more), advisory("PYSEC-2023-227", pillow, other), gone)


def test_a_waiver_that_silences_an_alert_is_needed() -> None:
    assert found(RULE, subject(waiving(), entry("pillow", "9.5.0"))) == []


def test_one_whose_package_was_upgraded_is_not() -> None:
    (finding,) = found(RULE, subject(waiving(), entry("pillow", "10.4.0")))
    assert finding.message == "PYSEC-2023-227 is accepted here, and it affects no locked version of numpy, pillow"
    assert (str(finding.location), finding.record) == ("decisions/2026-11-20-pillow.yaml:6:22", "2026-11-20-pillow")


def test_one_that_stands_in_the_wrong_record_says_what_is_affected() -> None:
    (finding,) = found(RULE, subject(waiving(), entry("pillow", "10.4.0"), entry("numpy", "1.26.4")))
    assert "affects numpy 1.26.4 in uv.lock, which this record is not in force for" in finding.message


def test_one_of_a_withdrawn_advisory_is_not() -> None:
    (finding,) = found(RULE, subject(waiving("PYSEC-1"), entry("pillow", "9.5.0")))
    assert "it was withdrawn" in finding.message


@pytest.mark.parametrize(
    ("held", "locked"),
    [
        (waiving("CVE-1"), entry("pillow", "10.4.0")),  # that is WHY403
        (waiving(), entry("pillow", "10.4.0", source="git")),
        (waiving(packages="{'conda:pillow': '<12'}"), entry("pillow", "10.4.0", source="conda")),
        (waiving(status="proposed"), entry("pillow", "10.4.0")),
    ],
)
def test_what_cannot_be_told_is_not_said(held: Record, locked: Entry) -> None:
    assert found(RULE, subject(held, locked)) == []


def test_with_some_of_the_locks_nothing_is_said() -> None:
    whole = subject(waiving(), entry("pillow", "10.4.0"))
    whole.partial = True
    assert found(RULE, whole) == []
