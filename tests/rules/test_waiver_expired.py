"""WHY304: a waiver that has ended."""

import pytest

from tests.build import found, project, record
from whypin.model.record import Record
from whypin.rules.waiver_expired import RULE


def waived(stem: str = "a", expires: str = "2026-11-22", **fields: str) -> Record:
    return record(stem, waivers=f"[{{advisory: CVE-2023-44271, reason: No fonts., expires: {expires}}}]", **fields)


@pytest.mark.parametrize(
    ("expires", "severities"),
    [("2026-11-23", []), ("2026-11-22", ["warning"]), ("2026-11-09", ["warning"]), ("2026-11-08", ["error"])],
)
def test_a_waiver_warns_from_its_day_on_and_fails_after_the_grace_period(expires: str, severities: list[str]) -> None:
    assert [finding.own for finding in found(RULE, project(waived(expires=expires)))] == severities


def test_the_finding_stands_at_the_day() -> None:
    (finding,) = found(RULE, project(waived()))
    assert finding.message == "the waiver of CVE-2023-44271 ended on 2026-11-22; from 2026-12-06 on that is an error"
    assert str(finding.location) == "decisions/a.yaml:7:66"


def test_waivers_of_superseded_records_have_gone_with_them() -> None:
    assert found(RULE, project(waived(), record("b", supersedes="[a]"))) == []
