"""WHY403: a waiver of what is not in the data."""

import pytest

from tests.advisories.osv import advisory, alerted
from tests.build import found, project, record
from whypin.rules.unknown_advisory import RULE


@pytest.mark.parametrize(
    ("name", "count"), [("CVE-2023-44271", 0), ("pysec-2023-227", 0), ("PYSEC-1", 0), ("CVE-2023-4427", 1)]
)
def test_an_id_is_looked_up_by_every_alias_whatever_its_capitals(name: str, count: int) -> None:
    held = record(waivers=f"[{{advisory: {name}, reason: No fonts., expires: 2027-05-22}}]")
    gone = advisory("PYSEC-1", withdrawn="2026-01-01T00:00:00Z")
    assert len(found(RULE, alerted(project(held), advisory(aliases=["CVE-2023-44271"]), gone))) == count


def test_the_finding_says_in_what_data_it_is_not() -> None:
    held = record(waivers="[{advisory: CVE-1, reason: No fonts., expires: 2027-05-22}]")
    (finding,) = found(RULE, alerted(project(held), advisory()))
    assert finding.message == "CVE-1 is not among the 1 advisories of 2026-11-20"
    assert str(finding.location) == "decisions/2026-11-22-numpy.yaml:6:22"


def test_without_advisories_nothing_is_said() -> None:
    assert found(RULE, project(record(waivers="[{advisory: CVE-1, reason: A., expires: 2027-05-22}]"))) == []
