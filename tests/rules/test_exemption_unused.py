"""WHY305: an exemption that excuses nothing."""

from __future__ import annotations

import pytest

from tests.build import entry, found, lock, project, record
from whypin.model.project import Exemptions, Project
from whypin.records.exemptions import read
from whypin.rules.exemption_unused import RULE

LOCK = lock(entry("numpy", "1.26.4"), entry("rich", "13.0"))


def exempting(versions: Exemptions, *records: object, **policy: object) -> Project:
    return project(*records, locks=[LOCK], exemptions=versions, policy={"critical": ("numpy",)} | policy)  # type: ignore[arg-type]


def test_a_needed_exemption_is_quiet() -> None:
    assert found(RULE, exempting({"uv.lock": {"numpy": ("1.26.4",)}})) == []


@pytest.mark.parametrize(
    ("exemptions", "message"),
    [
        ({"uv.lock": {"numpy": ("1.26.3",)}}, "numpy 1.26.3 in uv.lock needs no exemption: it moved to 1.26.4"),
        ({"uv.lock": {"scipy": ("1.0",)}}, "scipy 1.0 in uv.lock needs no exemption: it is locked no more"),
        ({"old.lock": {"numpy": ("1.26.4",)}}, "numpy 1.26.4 in old.lock needs no exemption: there is no such lock"),
        ({"uv.lock": {"rich": ("13.0",)}}, "rich 13.0 in uv.lock needs no exemption: the policy does not ask for it"),
        (
            {"uv.lock": {"numpy": ("1.26.3", "1.26.4")}},
            "numpy 1.26.3 in uv.lock needs no exemption: it is locked no more",
        ),
    ],
)
def test_an_exemption_that_excuses_nothing_is_reported(exemptions: Exemptions, message: str) -> None:
    (finding,) = found(RULE, exempting(exemptions))
    assert finding.message == message
    assert finding.package is not None


def test_a_decision_takes_the_exemptions_place() -> None:
    (finding,) = found(RULE, exempting({"uv.lock": {"numpy": ("1.26.4",)}}, record()))
    assert finding.message.endswith("a decision covers it")


def test_the_place_is_the_line_of_the_exemption() -> None:
    text = "uv.lock:\n  numpy: [1.26.4]\n  SciPy: [1.0]\n"
    (finding,) = found(RULE, exempting(read(text, "decisions/exemptions.yaml")))
    assert (finding.package, str(finding.location)) == ("scipy", "decisions/exemptions.yaml:3:3")


def test_where_only_some_locks_were_read_the_others_exemptions_are_left_alone() -> None:
    some = Project(today=project().today, locks=[LOCK], exemptions={"b.lock": {"numpy": ("1",)}}, partial=True)
    assert found(RULE, some) == []
