from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tests.build import project, record
from whypin.emitters.allowed import Allowed, allowed, decided, left_out
from whypin.emitters.dependabot import kept_out


def allow(*packages: str) -> Allowed | None:
    """What records allow that each say this of numpy."""
    records = [
        record(f"2026-11-{20 + number}-numpy", packages=f"{{numpy: {text}}}") for number, text in enumerate(packages)
    ]
    return allowed(records, "numpy")


def shown(found: Allowed | None) -> object:
    if found is None:
        return None
    return ",".join(map(str, found.clauses)) if found.exact is None else [item.text for item in found.exact]


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        (['"<2,>=1.23"'], "<2,>=1.23"),
        (['"<2"', '">=1.23"'], "<2,>=1.23"),
        (['"<2"', '"<2,!=1.25.1"'], "<2,!=1.25.1"),
        (['"!=1.25.1"'], "!=1.25.1"),
        (['">=1.23"'], None),
        (['">=1.23"', '">1.24"'], None),
        (["1.26.4"], ["1.26.4"]),
        (["1.26.4", '"<2"'], ["1.26.4"]),
        (["2.2.6", '"<2"'], []),
        (["[1.26.4, 2.2.6]", '"<2"'], ["1.26.4"]),
        (["[2.1.0, 2.1.0+cu118]"], ["2.1.0", "2.1.0+cu118"]),
        (["2.1.0", "2.1.0+cu118"], ["2.1.0+cu118"]),
        (["2.1.0+cu118", "2.1.0"], ["2.1.0+cu118"]),
        (["[{version: 2.1.0, index: https://index.example/cu118}, 2.1.0]"], ["2.1.0"]),
        (['["<1.20", ">=1.25,<2"]'], "<2"),
        (['["<1.20", ">=1.25"]'], None),
        (['["<1.20", 1.26.4]'], "<=1.26.4"),
        (['["~=1.4.2", "==1.6.*"]'], "<1.7"),
        (['"===1.26.4"'], ["===1.26.4"]),
        (['["<1", "===weird"]'], None),
    ],
)
def test_records_are_joined_to_what_a_tool_with_one_range_can_know(packages: list[str], expected: object) -> None:
    assert shown(allow(*packages)) == expected


NUMBERS = st.integers(0, 3)
VERSIONS = st.builds("{}.{}".format, NUMBERS, NUMBERS) | st.builds("{}.{}.{}".format, NUMBERS, NUMBERS, NUMBERS)
CLAUSES = st.builds("{}{}".format, st.sampled_from(["<", "<=", ">=", ">", "!=", "==", "~="]), VERSIONS) | st.builds(
    "{}{}.*".format, st.sampled_from(["==", "!="]), VERSIONS
)


def is_ignored(version: Version, ranges: list[str]) -> bool:
    """Whether Dependabot would ignore a version: a range is clauses that all hold, compared as plain versions."""
    holds = {
        ">": lambda bound: version > bound,
        ">=": lambda bound: version >= bound,
        "<": lambda bound: version < bound,
        "==": lambda bound: version == bound,
    }
    for text in ranges:
        clauses = [text.strip() for text in text.split(",")]
        split = [(clause.rstrip("0123456789."), clause.lstrip("<>=")) for clause in clauses]
        if all(holds[operator](Version(bound)) for operator, bound in split):
            return True
    return False


@settings(max_examples=300, deadline=None)
@given(st.lists(CLAUSES, min_size=1, max_size=3), VERSIONS)
def test_dependabot_ignores_just_what_lies_above_and_is_not_allowed(clauses: list[str], text: str) -> None:
    specifier, version = SpecifierSet(",".join(clauses)), Version(text)
    found = allow(f'"{specifier}"')
    if found is None:
        assert all(clause.startswith(">") for clause in clauses)
        return
    floor = [clause for clause in clauses if clause[0] == ">" or clause[:2] in ("~=", "==")]
    lowest = max((Version(clause.lstrip("<>=~!").removesuffix(".*")) for clause in floor), default=Version("0"))
    # Dependabot never goes below what is locked: what a floor keeps out is not its business.
    if version > lowest:
        assert is_ignored(version, list(kept_out(found))) != specifier.contains(text, prereleases=True)


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ("1.26.4", [">1.26.4"]),
        ("2.1.0+cu118", [">2.1.0"]),
        ("[2.2.6, 1.26.4]", [">1.26.4,<2.2.6", ">2.2.6"]),
        ('"~=1!1.4"', [">=1!2"]),
        ('"===1.26.4"', [">1.26.4"]),
        ('"===weird"', [">=0"]),
    ],
)
def test_what_dependabot_is_kept_from(packages: str, expected: list[str]) -> None:
    found = allow(packages)
    assert found is not None and list(kept_out(found)) == expected


def test_where_nothing_is_allowed_everything_is_ignored() -> None:
    found = allow("2.2.6", '"<2"')
    assert found is not None and list(kept_out(found)) == [">=0"]


def test_only_records_in_force_count_and_conda_packages_are_named() -> None:
    subject = project(
        record("2026-11-20-a", packages="{numpy: 1.26.4, conda:pytorch: 2.1.0}"),
        record("2026-11-21-b", packages="{pandas: 2.2.3}", status="proposed"),
        record("2026-11-22-c", packages="{scipy: 1.11.4}", status="rejected"),
    )
    assert list(decided(subject)) == ["numpy"]
    assert left_out(subject) == ("conda packages are left out: conda:pytorch",)
