"""WHY401: an advisory affects what is locked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.advisories.osv import advisory, affected, alerted
from tests.build import entry, found, lock, project, record
from whypin.model.lock import Entry
from whypin.model.project import Project
from whypin.model.record import Record
from whypin.rules.vulnerable import RULE

FONTS = advisory(aliases=["CVE-2023-44271"], published="2023-11-03T05:15:00Z", summary="Fonts exhaust the memory")
HIT = "pillow 9.5.0 is affected by CVE-2023-44271 (PYSEC-2023-227): Fonts exhaust the memory; severity unknown"


def subject(*records: Record, locked: Entry | None = None, data: Any = FONTS) -> Project:
    return alerted(project(*records, locks=[lock(locked or entry("pillow", "9.5.0", line=7))]), data)


def held(stem: str = "2026-11-20-pillow", **fields: Any) -> Record:
    return record(stem, **({"packages": "{pillow: 9.5.0}"} | fields))


def waiver(name: str = "CVE-2023-44271", expires: str = "2027-05-22") -> str:
    return f"[{{advisory: {name}, reason: No fonts of others., expires: {expires}}}]"


def test_it_names_the_advisory_by_the_alias_that_people_know_and_the_fix() -> None:
    (finding,) = found(RULE, subject())
    assert finding.message == f"{HIT}; fixed in 10.0.0"
    assert finding.fix == (
        "lock pillow 10.0.0, which no decision keeps out, or accept CVE-2023-44271 under waivers of a record of "
        "pillow, with a reason and a day"
    )
    assert (str(finding.location), finding.package, finding.record) == ("uv.lock:7:1", "pillow", None)


def test_a_decision_that_keeps_the_fix_out_is_named_with_what_would_lift_it() -> None:
    (finding,) = found(RULE, subject(held(exit_criteria='[{locked: "reportlab>=4"}]')))
    assert finding.message == (
        f"{HIT}; fixed in 10.0.0; 2026-11-20-pillow decided for this very version on 2026-11-20, "
        "when the advisory of 2023-11-03 was out; 2026-11-20-pillow keeps the fix out until reportlab>=4 is locked"
    )
    assert finding.fix.startswith("try pillow 10.0.0 and run whypin supersede 2026-11-20-pillow, or accept")
    assert finding.record == "2026-11-20-pillow"


def test_a_decision_that_accepts_the_fix_is_no_obstacle() -> None:
    (finding,) = found(RULE, subject(held(packages='{pillow: "<11"}')))
    assert "keeps the fix out" not in finding.message
    assert "lock pillow 10.0.0" in finding.fix


def test_of_several_fixes_the_one_that_the_decisions_accept_is_told() -> None:
    data = advisory("A-1", affected("pillow", "introduced 0", "fixed 9.6", "introduced 10", "fixed 10.1"))
    (finding,) = found(RULE, subject(held(packages='{pillow: "<11,!=9.6"}'), data=data))
    assert "fixed in 9.6, 10.1" in finding.message
    assert finding.fix.startswith("lock pillow 10.1,")


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"waivers": waiver()}, 0),
        ({"waivers": waiver("pysec-2023-227")}, 0),
        ({"waivers": waiver("CVE-2023-44272")}, 1),
        ({"waivers": waiver(expires="2026-11-22")}, 0),  # WHY304 warns of it
        ({"waivers": waiver(expires="2026-11-08")}, 1),  # the grace period is over
        ({"waivers": waiver(), "status": "proposed"}, 1),
        ({"waivers": waiver(), "locks": "[services/*/uv.lock]"}, 1),
        ({"waivers": waiver(), "packages": "{numpy: 1.26.4}"}, 1),  # the reason was given for another package
    ],
)
def test_a_waiver_of_the_package_in_force_silences_it(fields: dict[str, str], count: int) -> None:
    assert len(found(RULE, subject(held(**fields)))) == count


def test_the_waiver_of_a_superseded_record_is_no_longer_in_force() -> None:
    old = held("2026-01-01-pillow", waivers=waiver())
    assert len(found(RULE, subject(old, held(supersedes="[2026-01-01-pillow]")))) == 1


@pytest.mark.parametrize(
    "locked",
    [
        entry("pillow", "10.0.0"),
        entry("pillow", "9.5.0", source="conda"),
        entry("pillow", "9.5.0", source="git", ref="https://git.example/pillow@0123"),
        entry("pillow", "9.5.0", source="url", ref="https://files.index.example/pillow.whl"),
        entry("pillow", None),
        entry("pillow", "9.5.0", source="editable", member=True),
    ],
)
def test_what_is_not_affected_or_not_of_an_index_is_no_finding(locked: Entry) -> None:
    assert found(RULE, subject(locked=locked)) == []


def test_every_fork_is_looked_at() -> None:
    forks = [entry("pillow", "9.5.0", line=1), entry("pillow", "9.4.0+cpu", line=5), entry("pillow", "10.1", line=9)]
    findings = found(RULE, alerted(project(locks=[lock(*forks)]), FONTS))
    assert [finding.location.line for finding in findings] == [1, 5]


def test_a_severity_is_told_with_its_vector() -> None:
    data = advisory(
        severity=[{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L"}], database_specific={"severity": "HIGH"}
    )
    (finding,) = found(RULE, subject(data=data))
    assert "severity high (CVSS:3.1/AV:N/AC:L)" in finding.message


@pytest.mark.parametrize(
    ("about", "words"),
    [
        (affected("pillow", "introduced 0"), "it names no fixed version"),
        (
            affected("pillow", "introduced 0", "fixed 10.0.0", versions=["10.0.0"]),
            "10.0.0 is called fixed, and can't be relied upon",
        ),
        (
            affected("pillow", "introduced 0", "fixed 9.5.0", versions=["9.5.0"]),
            "its ranges call this version fixed, and its list calls it affected",
        ),
    ],
)
def test_a_fix_that_is_none_is_not_recommended(about: Any, words: str) -> None:
    (finding,) = found(RULE, subject(data=advisory("A-1", about)))
    assert words in finding.message
    assert finding.fix.startswith("take pillow out, or accept A-1")


def test_without_advisories_nothing_is_said() -> None:
    assert found(RULE, project(locks=[lock(entry("pillow", "9.5.0"))])) == []
