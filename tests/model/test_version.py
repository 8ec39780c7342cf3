"""Versions: what is one, and which are the same without asking a library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from whypin.model.version import accepted_by, admits, parse_item

NUMBERS = st.integers(0, 30)
VERSIONS = st.builds(
    lambda epoch, release, pre, post, dev, local: f"{epoch}{'.'.join(map(str, release))}{pre}{post}{dev}{local}",
    st.sampled_from(["", "", "1!"]),
    st.lists(NUMBERS, min_size=1, max_size=4),
    st.sampled_from(["", "", "a1", "b2", "rc1"]),
    st.sampled_from(["", "", ".post1"]),
    st.sampled_from(["", "", ".dev3"]),
    st.sampled_from(["", "", "+cu118", "+cpu.1"]),
)


@given(VERSIONS, VERSIONS)
def test_an_exact_item_accepts_what_the_standard_calls_equal(wanted: str, locked: str) -> None:
    ours, theirs = Version(wanted), Version(locked)
    expected = ours == theirs or (ours.local is None and ours == Version(theirs.public))
    assert accepted_by([parse_item(wanted)], locked, None) == [expected]


@given(VERSIONS)
def test_a_version_accepts_itself_however_it_is_written(version: str) -> None:
    for text in (version, f"=={version}", f"== {version}", f"==={version}"):
        assert accepted_by([parse_item(text)], version, None) == [True]


@pytest.mark.parametrize(
    "text", ["", "banana", "1.0 - 2.0", "^1.2", "1.2.x", ">=", "==1.0.*.1", "9" * 5000, "1" * 201, "<2 >1"]
)
def test_what_is_no_version_says_so(text: str) -> None:
    with pytest.raises(ValueError, match=r"version|specifier"):
        parse_item(text)


@pytest.mark.parametrize(
    ("text", "bounded"),
    [
        *((text, True) for text in ("1.0", "===1.0", "<2", "<=2,>=1", "~=1.4", "==1.*")),
        *((text, False) for text in (">=1", "!=1.0", ">1,!=1.5")),
    ],
)
def test_what_is_bounded(text: str, bounded: bool) -> None:
    assert parse_item(text).bounded is bounded


def test_beside_local_versions_a_plain_one_means_itself() -> None:
    items = [parse_item("2.10.0"), parse_item("2.10.0+cu128")]
    assert accepted_by(items, "2.10.0+cu128", None) == [False, True]
    assert accepted_by(items, "2.10.0+cu130", None) == [False, False]
    assert accepted_by(items, "2.10.0", None) == [True, False]


#: Few numbers, so that clauses and versions meet at their edges.
RELEASES = st.lists(st.integers(0, 3), min_size=1, max_size=4).map(lambda numbers: ".".join(map(str, numbers)))
CLAUSES = st.builds(
    lambda operator, space, version, star: f"{operator}{space}{version}{star}",
    st.sampled_from(["==", "!=", "<=", ">=", "<", ">", "~=", "==="]),
    st.sampled_from(["", "", " "]),
    RELEASES | VERSIONS,
    st.sampled_from(["", "", "", ".*"]),
)


@given(st.lists(CLAUSES, max_size=3).map(",".join), RELEASES | VERSIONS)
def test_a_specifier_admits_what_the_standard_admits(specifier: str, version: str) -> None:
    try:
        expected = SpecifierSet(specifier).contains(version, prereleases=True)
    except InvalidSpecifier:
        with pytest.raises(ValueError, match="specifier"):
            admits(specifier, version)
    else:
        assert admits(specifier, version) == expected


@pytest.mark.parametrize(
    ("specifier", "version", "expected"),
    [
        (">=1.26,<2", "1.26.4", True),
        ("==2.1.0", "2.1.0+cu118", True),
        (">2.1.0", "2.1.0+cu118", False),
        ("==2.1.0+cu118", "2.1.0", False),
        ("~=1.4", "1.10", True),
        ("~=1.4.0", "1.10", False),
        ("==1.*", "1", True),
        ("!=1.0.*", "1", False),
        (">=2022.12.07", "2022.12.7", True),
        ("<2", "2.0rc1", False),
        (" >=1 , ", "1.0", True),
        ("", "1.0", True),
    ],
)
def test_edges_of_a_specifier(specifier: str, version: str, expected: bool) -> None:
    assert admits(specifier, version) is expected


@pytest.mark.parametrize(("specifier", "version"), [(">=1", "9h0a1ee4_7"), ("1.2", "1.2"), ("~=1", "1.0"), (">=", "1")])
def test_what_is_not_of_the_standard_is_neither_admitted_nor_refused(specifier: str, version: str) -> None:
    with pytest.raises(ValueError, match=r"version|specifier"):
        admits(specifier, version)
