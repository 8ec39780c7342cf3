"""WHY902: settings about rules that do not exist."""

from tests.build import found, project
from whypin.model.location import Location
from whypin.model.settings import IgnoredFinding
from whypin.rules.unknown_rule import RULE


def test_a_misspelt_code_is_reported_where_it_stands() -> None:
    subject = project(rules={"WHY1O2": "off"}, place=lambda *keys: Location("pyproject.toml", 7))
    (finding,) = found(RULE, subject)
    assert (finding.message, finding.location.line) == ("there is no rule WHY1O2", 7)


def test_a_slug_gets_its_code() -> None:
    (finding,) = found(RULE, project(rules={"not-locked": "off"}))
    assert finding.fix == "write WHY103"


def test_the_rule_of_an_ignored_finding_counts_too() -> None:
    assert len(found(RULE, project(ignore_findings=(IgnoredFinding("WHY999", None, "because", None),)))) == 1


def test_known_codes_are_quiet() -> None:
    assert found(RULE, project(rules={"WHY103": "off"})) == []
