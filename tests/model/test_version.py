"""Versions: what is one, and which are the same without asking a library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from whypin.model.version import accepted_by, parse_item

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
