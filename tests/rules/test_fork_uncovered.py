"""WHY104: a fork that the record says nothing of."""

from tests.build import entry, found, lock, project, record
from whypin.rules import version_mismatch
from whypin.rules.fork_uncovered import RULE

FORKS = lock(
    entry("numpy", "1.26.4", line=3, marker="python_full_version < '3.12'"),
    entry("numpy", "2.2.6", line=9, marker="python_full_version >= '3.12'"),
)


def test_the_fork_that_is_not_covered_is_reported_with_its_marker() -> None:
    (finding,) = found(RULE, project(record(), locks=[FORKS]))
    expected = "2026-11-22-numpy accepts numpy 1.26.4, but not the fork 2.2.6 for python_full_version >= '3.12'"
    assert finding.message == expected
    assert finding.location.line == 9
    assert "[1.26.4, 2.2.6]" in finding.fix


def test_a_list_of_both_forks_is_quiet() -> None:
    assert found(RULE, project(record(packages="{numpy: [1.26.4, 2.2.6]}"), locks=[FORKS])) == []


def test_where_no_fork_matches_it_is_a_plain_mismatch() -> None:
    subject = project(record(packages="{numpy: 1.0}"), locks=[FORKS])
    assert found(RULE, subject) == []
    (finding,) = found(version_mismatch.RULE, subject)
    assert "1.26.4, 2.2.6" in finding.message


def test_same_version_from_another_index_is_a_fork() -> None:
    forks = lock(
        entry("torch", "2.1.0", index="https://index.example/cpu"),
        entry("torch", "2.1.0", index="https://index.example/cu118"),
    )
    versions = "{torch: [{version: 2.1.0, index: https://index.example/cpu}]}"
    (finding,) = found(RULE, project(record(packages=versions), locks=[forks]))
    assert finding.message.endswith("fork 2.1.0 from https://index.example/cu118")
    assert "{version: 2.1.0, index: https://index.example/cpu}, {version: 2.1.0" in finding.fix


def test_a_resolvers_endless_marker_is_cut_where_people_read_it() -> None:
    endless = " or ".join(f"python_full_version == '3.{minor}.*'" for minor in range(30))
    forks = lock(entry("numpy"), entry("numpy", "2.2.6", marker=endless))
    (finding,) = found(RULE, project(record(), locks=[forks]))
    assert finding.message.endswith("for python_full_version == '3.0.*' or python_full_version == '3.1.*' or ...")
