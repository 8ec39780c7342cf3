"""WHY002: ids that no record has, and circles."""

from tests.build import found, project, record
from whypin.model.project import InvalidRecord
from whypin.rules.unknown_supersedes import RULE


def test_an_unknown_id_is_reported_with_the_nearest_known_one() -> None:
    old = record("2025-06-01-numpy", status="deprecated")
    new = record("2026-11-22-numpy", supersedes="[2025-06-01-nunpy]")
    (finding,) = found(RULE, project(old, new))
    assert finding.message == "there is no record 2025-06-01-nunpy"
    assert finding.fix == "did you mean 2025-06-01-numpy?"
    assert (finding.location.path, finding.location.line) == ("decisions/2026-11-22-numpy.yaml", 6)


def test_a_known_id_is_quiet() -> None:
    assert found(RULE, project(record("2025-06-01-numpy"), record(supersedes="[2025-06-01-numpy]"))) == []


def test_the_id_of_a_broken_record_is_not_reported_twice() -> None:
    subject = project(record(supersedes="[broken]"), invalid=[InvalidRecord("decisions/broken.yaml", ())])
    assert found(RULE, subject) == []


def test_each_link_of_a_circle_is_reported() -> None:
    one, two, three = (record(name, supersedes=f"[{after}]") for name, after in (("a", "b"), ("b", "c"), ("c", "a")))
    assert [item.record for item in found(RULE, project(one, two, three))] == ["a", "b", "c"]


def test_a_record_that_supersedes_itself_is_a_circle() -> None:
    assert len(found(RULE, project(record("a", supersedes="[a]")))) == 1


def test_a_long_chain_is_not_a_circle() -> None:
    chain = [record(f"r{number}", supersedes=f"[r{number - 1}]") for number in range(1, 300)]
    assert found(RULE, project(record("r0"), *chain)) == []
