"""WHY006: nobody who decided owns the package."""

from tests.build import found, project, record
from whypin.rules.unowned_decision import RULE

OWNERS = {"torch*": ("ml-platform", "ada"), "torchvision": ("vision",)}


def test_a_decision_without_an_owner_is_reported_at_its_deciders() -> None:
    subject = project(record(packages="{torch: 2.1.0}", deciders="[web]"), owners=OWNERS)
    (finding,) = found(RULE, subject)
    assert finding.message == "torch is owned by ml-platform or ada, who did not decide this"
    assert (finding.location.line, finding.package) == (3, "torch")


def test_one_owner_among_the_deciders_is_enough() -> None:
    assert found(RULE, project(record(packages="{torch: 2.1.0}", deciders="[web, ada]"), owners=OWNERS)) == []


def test_an_owner_of_any_matching_glob_will_do() -> None:
    assert found(RULE, project(record(packages="{torchvision: 0.16}", deciders="[vision]"), owners=OWNERS)) == []


def test_packages_without_an_owner_and_superseded_records_are_quiet() -> None:
    old = record("a", packages="{torch: 2.0.0}", deciders="[web]")
    new = record("b", packages="{torch: 2.1.0, numpy: 1.26.4}", deciders="[ada]", supersedes="[a]")
    assert found(RULE, project(old, new, owners=OWNERS)) == []


def test_a_draft_that_was_accepted_without_a_name_is_reported() -> None:
    (finding,) = found(RULE, project(record(deciders="[to be named]")))
    assert (finding.message, finding.location.line) == ("nobody is named who decided this", 3)
    assert found(RULE, project(record(status="proposed", deciders="[to be named]"))) == []
    assert found(RULE, project(record(deciders="[to be named, ada]"))) == []
