from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whypin.catalogue.paths import decision_page, package_page, slug


@pytest.mark.parametrize("name", ["numpy", "typing-extensions", "2026-11-22-numpy", "_libgcc_mutex", "ruamel.yaml"])
def test_a_plain_name_is_its_own_file(name: str) -> None:
    assert slug(name) == name


@pytest.mark.parametrize(
    "name",
    ["index", "readme", "readme.txt", "con", "com1", "a--b", "../../x", "a/b", "a b", "Ä", "", "x" * 10_000, ".x", "A"],
)
def test_any_other_name_gets_a_hash(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]{1,41}--[0-9a-f]{10}", slug(name))
    assert slug(name) == slug(name)


@given(st.text(max_size=30), st.text(max_size=30))
def test_two_names_never_share_a_file(one: str, other: str) -> None:
    assert (slug(one).lower() == slug(other).lower()) == (one == other)


def test_a_conda_package_has_a_page_beside_the_one_of_its_namesake() -> None:
    assert package_page("c", "numpy") == "c/packages/numpy.md"
    assert package_page("c", "conda:numpy") == "c/packages/conda/numpy.md"
    assert package_page("c", "conda") == "c/packages/conda.md"
    assert package_page("c", "conda:index") not in ("c/packages/conda/index.md", "c/packages/index.md")
    assert decision_page("c", "index") != "c/decisions/index.md"
