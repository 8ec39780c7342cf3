"""conda's match specs in the words of PEP 440."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from whypin.syntax.match_spec import MatchSpec, parse, specifier_of


@pytest.mark.parametrize(
    ("text", "name", "constraint", "specifier"),
    [
        ("numpy", "numpy", "", ""),
        ("NumPy=1.26", "numpy", "=1.26", "==1.26.*"),
        ("numpy==1.26.4", "numpy", "==1.26.4", "==1.26.4"),
        ("numpy 1.26.4", "numpy", "1.26.4", "==1.26.4"),
        ("numpy 1.26.*", "numpy", "1.26.*", "==1.26.*"),
        ("numpy=1.26*", "numpy", "=1.26*", "==1.26.*"),
        ("numpy>=1.26,<2", "numpy", ">=1.26,<2", ">=1.26,<2"),
        ("numpy >= 1.26 , < 2", "numpy", ">= 1.26 , < 2", ">=1.26,<2"),
        ("conda-forge::numpy=1.26=py311_0", "numpy", "=1.26=py311_0", "==1.26"),
        ("conda-forge/linux-64::numpy=1.26.4=py311_0", "numpy", "=1.26.4=py311_0", "==1.26.4"),
        ("numpy >=1.26 py311_0", "numpy", ">=1.26 py311_0", ">=1.26"),
        ("_libgcc_mutex 0.1 main", "_libgcc_mutex", "0.1 main", "==0.1"),
        ("jaxlib * *cuda12*", "jaxlib", "* *cuda12*", ""),
        ("numpy[version='>=1.2,<2',channel=conda-forge]", "numpy", ">=1.2,<2", ">=1.2,<2"),
        ('numpy[build="py311*", version=1.26.*]', "numpy", "1.26.* py311*", "==1.26.*"),
        ("numpy[build=py311*]", "numpy", "* py311*", ""),
        ("numpy ~=1.26.2", "numpy", "~=1.26.2", "~=1.26.2"),
        ("numpy ~=1", "numpy", "~=1", ">=1"),
        ("numpy !=1.26.*", "numpy", "!=1.26.*", "!=1.26.*"),
        ("numpy>=1.26.*", "numpy", ">=1.26.*", ">=1.26"),
        ("numpy >=1,<2|>3", "numpy", ">=1,<2|>3", ">=1"),
        ("numpy (>=1,<2)|(>=3,<4)", "numpy", "(>=1,<2)|(>=3,<4)", ">=1,<4"),
        ("numpy >=1,(<2|>3)", "numpy", ">=1,(<2|>3)", ""),
        ("numpy <2|>2", "numpy", "<2|>2", "!=2"),
        ("numpy ^1.2.*$", "numpy", "^1.2.*$", ""),
        ("openssl 1.1.1w", "openssl", "1.1.1w", "===1.1.1w"),
        ("openssl >=1.1.1w,<4", "openssl", ">=1.1.1w,<4", "<4"),
        ("torch >=2.1+cu118", "torch", ">=2.1+cu118", ">=2.1"),
    ],
)
def test_a_spec(text: str, name: str, constraint: str, specifier: str) -> None:
    assert parse(text) == MatchSpec(name, constraint, specifier)
    SpecifierSet(specifier)


def test_an_archive_is_exact_and_keeps_no_credentials() -> None:
    found = parse("https://user:secret@conda.example/t/token-1/linux-64/numpy-base-1.26.4-py311_0.conda#" + "a" * 32)
    url = "https://conda.example/linux-64/numpy-base-1.26.4-py311_0.conda#" + "a" * 32
    assert found == MatchSpec("numpy-base", "1.26.4", "==1.26.4", url)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is not a package spec"),
        ("~numpy", "'~numpy' is not a package spec"),
        ("numpy,pandas", "'numpy,pandas' is not a package spec"),
        ("numpy[version", "'numpy[version' is not a package spec: [ is never closed"),
        ("numpy[version='1]", "\"numpy[version='1]\" is not a package spec: write name[version='>=1.0']"),
        ("numpy >>1", "'>>1' is not a version constraint: '>>1' is not part of one"),
        ("numpy=", "'=' is not a version constraint: '=' is not part of one"),
        ("numpy 1 2 3", "'1 2 3' is not a version constraint"),
        ("numpy\x1b[31m", "'numpy\\x1b[31m' is not a package spec: it holds a control character"),
        ("a" * 201, f"'{'a' * 57}...' is not the name of a conda package"),
        ("a" * 5000, "a package spec this long is not a package spec"),
        ("./linux-64/numpy.conda", "'./linux-64/numpy.conda' is not the file of a conda package"),
    ],
)
def test_what_is_none_is_named(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse(text)
    assert str(caught.value).startswith(message)


@given(st.text("ab1.*=<>!~,|() ^$+-_", max_size=30))
def test_whatever_is_read_is_pep_440(text: str) -> None:
    try:
        found = specifier_of(text)
    except ValueError:
        return
    SpecifierSet(found)
