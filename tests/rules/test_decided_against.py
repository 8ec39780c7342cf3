"""WHY502: a change moves a package to what a decision rejects."""

import pytest

from tests.build import entry, found, lock, project, record
from whypin.model.project import Project
from whypin.rules import fork_uncovered, stack_split, version_mismatch
from whypin.rules.decided_against import RULE

OTHERS = (version_mismatch.RULE, fork_uncovered.RULE, stack_split.RULE)


def test_who_decided_and_what_would_lift_it_is_told() -> None:
    held = record(exit_criteria='[{locked: "tensorflow>=2.14"}, {date: 2027-06-01}]')
    before = project(locks=[lock(entry("numpy"))])
    subject = project(held, locks=[lock(entry("numpy", "2.0.0", line=9))], base=before)
    (finding,) = found(RULE, subject)
    assert finding.message == (
        "numpy moved 1.26.4 -> 2.0.0, and data-platform decided for 1.26.4 on 2026-11-22 (2026-11-22-numpy); "
        "it lapses when tensorflow>=2.14 is locked or 2027-06-01 has come"
    )
    assert finding.fix == "lock numpy as decided, or run whypin supersede 2026-11-22-numpy and say why"
    assert (str(finding.location), finding.record) == ("uv.lock:9:1", "2026-11-22-numpy")


def test_what_came_in_and_what_came_from_elsewhere() -> None:
    held = record(packages="{numpy: [{version: 1.26.4, index: https://index.example/a}]}")
    there = [lock(entry("numpy", index="https://index.example/a"))]
    moved = [lock(entry("numpy", index="https://index.example/b"))]
    (came,) = found(RULE, project(held, locks=moved, base=project(locks=[lock(entry("torch"))])))
    assert came.message.startswith("numpy came in at 1.26.4, and data-platform decided for 1.26.4 from https://index.")
    (other,) = found(RULE, project(held, locks=moved, base=project(locks=there)))
    told = "numpy moved 1.26.4 from https://index.example/a -> 1.26.4 from https://index.example/b, and data-platform"
    assert other.message.startswith(told)


STACK = "{torch: 2.1.0, torchvision: 0.16.0}"


@pytest.mark.parametrize(
    ("packages", "entries"),
    [
        ("{numpy: 1.26.4}", [entry("numpy", "2.0.0")]),
        ("{numpy: 1.26.4}", [entry("numpy"), entry("numpy", "2.0.0", line=5)]),
        (STACK, [entry("torch", "2.1.0"), entry("torchvision", "0.17.0", line=5)]),
    ],
    ids=["version", "fork", "stack"],
)
def test_it_takes_the_place_of_the_rules_that_know_no_change(packages: str, entries: list[object]) -> None:
    def subject(base: Project | None) -> Project:
        return project(record(packages=packages), locks=[lock(*entries)], base=base)  # type: ignore[arg-type]

    moved, unmoved = subject(project(locks=[lock(entry("numpy"))])), subject(subject(None))
    assert (len(found(RULE, moved)), [found(rule, moved) for rule in OTHERS]) == (1, [[], [], []])
    assert found(RULE, unmoved) == []
    assert sum(len(found(rule, unmoved)) for rule in OTHERS) == 1
