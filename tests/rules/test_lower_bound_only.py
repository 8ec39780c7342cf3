"""WHY202: a floor in production that no lock fixes."""

from __future__ import annotations

import pytest

from tests.build import entry, found, lock, manifest, project, requirement
from whypin.rules.lower_bound_only import RULE


def test_a_floor_without_a_lock_is_reported_where_it_stands() -> None:
    [finding] = found(RULE, project(manifests=[manifest(requirement("numpy", ">=1.26", line=3), locks=())]))
    assert str(finding.location) == "pyproject.toml:3:1"
    assert finding.message == "numpy >=1.26 has no upper bound, and there is no lock"
    assert finding.fix == "lock the project, or write the version that works"


@pytest.mark.parametrize(
    ("specifier", "count"),
    [
        (">=1.26", 1),
        (">1.26", 1),
        (">=1.26,!=1.27", 1),
        ("!=1.27, >1.26", 1),
        (">=1.26,<2", 0),
        ("<2", 0),
        ("~=1.4", 0),
        ("==1.*", 0),
        ("==1.26.4", 0),
        ("!=1.27", 0),
        ("", 0),
    ],
)
def test_which_specifiers(specifier: str, count: int) -> None:
    assert len(found(RULE, project(manifests=[manifest(requirement("numpy", specifier), locks=())]))) == count


def test_under_a_lock_that_holds_it_a_floor_is_the_right_thing() -> None:
    needs = [requirement("numpy", ">=1.26"), requirement("pandas", ">=2")]
    [finding] = found(RULE, project(locks=[lock(entry("numpy"))], manifests=[manifest(*needs)]))
    assert finding.message == "pandas >=2 has no upper bound, and uv.lock does not hold it"
    assert finding.fix == "lock again, or write the version that works"


def test_development_may_float() -> None:
    subject = manifest(requirement("pytest", ">=8", group="group:test"), locks=())
    assert found(RULE, project(manifests=[subject])) == []
