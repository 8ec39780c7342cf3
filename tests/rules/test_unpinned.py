"""WHY201: a bare name in production that no lock fixes."""

from __future__ import annotations

import pytest

from tests.build import entry, found, lock, manifest, override, project, requirement
from whypin.model.manifest import Requirement
from whypin.rules.unpinned import RULE


def test_a_bare_name_without_a_lock_is_reported_where_it_stands() -> None:
    [finding] = found(RULE, project(manifests=[manifest(requirement("numpy", line=3), locks=())]))
    assert str(finding.location) == "pyproject.toml:3:1"
    assert finding.message == "numpy has no version, and there is no lock: any release may be installed"
    assert finding.fix == "lock the project, or write the version that works"
    assert finding.package == "numpy"


def test_a_lock_that_does_not_hold_it_fixes_nothing() -> None:
    subject = project(locks=[lock(entry("pandas"))], manifests=[manifest(requirement("numpy"), requirement("pandas"))])
    [finding] = found(RULE, subject)
    assert "numpy has no version, and uv.lock does not hold it" in finding.message


def test_several_locks_that_do_not_hold_it_are_told() -> None:
    locks = [lock(entry("pandas"), path=path) for path in ("a.txt", "b.txt")]
    subject = project(locks=locks, manifests=[manifest(requirement("numpy"), locks=["a.txt", "b.txt"])])
    [finding] = found(RULE, subject)
    assert "numpy has no version, and a.txt, b.txt do not hold it" in finding.message


@pytest.mark.parametrize(
    "need",
    [
        requirement("numpy", ">=1.26"),
        requirement("numpy", "!=1.26"),
        requirement("numpy", url="https://files.index.example/numpy.whl"),
        requirement("lib", url="../lib", tree=True),
        requirement("numpy", group="group:dev"),
        requirement("numpy", group="extra:docs"),
    ],
    ids=["a floor", "an exclusion", "a URL", "a source tree", "development", "an extra for development"],
)
def test_quiet_without_a_lock(need: Requirement) -> None:
    assert found(RULE, project(manifests=[manifest(need, locks=())])) == []


@pytest.mark.parametrize("group", ["extra:gpu", "group:serving"])
def test_an_extra_or_group_that_is_not_for_development_goes_to_production(group: str) -> None:
    subject = project(manifests=[manifest(requirement("numpy", group=group), locks=())])
    assert [finding.package for finding in found(RULE, subject)] == ["numpy"]


def test_what_stands_in_several_groups_at_one_place_is_one_finding() -> None:
    needs = [requirement("numpy", group=group) for group in ("extra:gpu", "extra:all", "group:dev")]
    assert len(found(RULE, project(manifests=[manifest(*needs, locks=())]))) == 1


@pytest.mark.parametrize(
    "declared",
    [
        (requirement("numpy"),),
        (requirement("pywin32", marker="sys_platform == 'cygwin'"),),
        (requirement("gone"), override("exclude", "gone")),
        (requirement("app"),),
    ],
    ids=["held", "needed nowhere", "excluded", "the project itself"],
)
def test_quiet_under_a_lock(declared: tuple[Requirement, ...]) -> None:
    assert found(RULE, project(locks=[lock(entry("numpy"))], manifests=[manifest(*declared)])) == []
