"""How packages stand: the first state that holds."""

import pytest

from tests.build import entry, lock, project, record

LOCK = lock(entry("numpy"), entry("pandas", "2.0.2", direct=False))


@pytest.mark.parametrize(
    ("records", "exempt", "policy", "state"),
    [
        ([record()], {}, {}, "decided"),
        ([record(packages="{numpy: 1.0}")], {"numpy": ("1.26.4",)}, {"critical": ("numpy",)}, "undecided"),
        ([record(packages="{numpy: 1.0}")], {}, {}, "undecided"),
        ([record("a"), record("b", packages='{numpy: "<1"}')], {}, {}, "undecided"),
        ([], {"numpy": ("1.26.4",)}, {"critical": ("numpy",)}, "exempt"),
        ([], {"numpy": ("1.26.3",)}, {"critical": ("numpy",)}, "undecided"),
        ([], {}, {}, "not-required"),
        ([record(packages='{numpy: ">=1"}')], {}, {}, "not-required"),
        ([record(packages='{numpy: ">=1"}')], {}, {"critical": ("numpy",)}, "undecided"),
    ],
)
def test_state(records: list, exempt: dict, policy: dict, state: str) -> None:  # type: ignore[type-arg]
    subject = project(*records, locks=[LOCK], policy=policy, exemptions={"uv.lock": exempt})
    assert subject.packages[0].state == state


def test_entries_of_one_name_are_one_package() -> None:
    forks = lock(entry("numpy"), entry("pandas"), entry("numpy", "2.2.6", line=9, groups=("group:dev",)))
    numpy, pandas = project(locks=[forks]).packages
    assert (numpy.versions, numpy.groups, pandas.name) == (("1.26.4", "2.2.6"), ("main", "group:dev"), "pandas")


def test_a_conda_package_goes_by_its_own_name() -> None:
    mixed = lock(entry("numpy"), entry("numpy", "2.0", source="conda"))
    assert [package.name for package in project(locks=[mixed]).packages] == ["numpy", "conda:numpy"]
