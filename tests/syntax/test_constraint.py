from __future__ import annotations

import pytest
from packaging.specifiers import SpecifierSet

from whypin.syntax.constraint import as_one, to_pep440


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("^1.2", ">=1.2,<2"),
        ("^1.2.3", ">=1.2.3,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("^1!2.3", ">=1!2.3,<1!3"),
        ("^1.0.0rc1", ">=1.0.0rc1,<2"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        ("~=1.4.2", "~=1.4.2"),
        ("1.2", "==1.2"),
        ("=1.2", "==1.2"),
        ("==1.2", "==1.2"),
        ("v1.2", "==1.2"),
        ("2.1.0+cu118", "==2.1.0+cu118"),
        (">=2.0+cpu", ">=2.0"),
        ("*", ""),
        ("", ""),
        ("1.*", "==1.*"),
        ("1.2.x", "==1.2.*"),
        ("!=1.5.*", "!=1.5.*"),
        (">=3.*", ">=3"),
        ("<>1.5", "!=1.5"),
        (">=1,<2", ">=1,<2"),
        (">= 2.7, != 3.0.*", ">=2.7,!=3.0.*"),
        (">=1 <2", ">=1,<2"),
        ("~2022.1 , !=2022.1.4", ">=2022.1,<2022.2,!=2022.1.4"),
        ("1.2,", "==1.2"),
    ],
)
def test_one_constraint_of_poetry_is_one_specifier_set(constraint: str, expected: str) -> None:
    assert to_pep440(constraint) == (expected,)
    SpecifierSet(expected)


@pytest.mark.parametrize(
    ("constraint", "alternatives", "one"),
    [
        (">=1.5.6,<1.5.7 || >1.5.7", (">=1.5.6,<1.5.7", ">1.5.7"), ">=1.5.6,!=1.5.7"),
        (">3.9,<3.9.1 || >3.9.1,<4", (">3.9,<3.9.1", ">3.9.1,<4"), ">3.9,!=3.9.1,<4"),
        ("^1 || ^3", (">=1,<2", ">=3,<4"), ">=1,<4"),
        ("^10 || ^9", (">=10,<11", ">=9,<10"), ">=9,<11"),
        ("1.0 | 2.0", ("==1.0", "==2.0"), ">=1.0,<=2.0"),
        ("==1.* || ~=3.4", ("==1.*", "~=3.4"), ">=1,<4"),
        ("<2 || >2", ("<2", ">2"), "!=2"),
        ("^1.2 || *", (">=1.2,<2", ""), ""),
        ("<1 || >=2", ("<1", ">=2"), ""),
    ],
)
def test_alternatives_stay_apart_and_make_one_range_that_spans_them(
    constraint: str, alternatives: tuple[str, ...], one: str
) -> None:
    assert to_pep440(constraint) == alternatives
    assert as_one(alternatives) == one
    admitted = SpecifierSet(one)
    for version in ("0.5", "1.0", "1.5.6", "1.5.7", "1.6", "2", "2.0", "3.4.1", "3.9.1", "3.10", "9.1", "10.2", "11"):
        if any(SpecifierSet(each).contains(version) for each in alternatives):
            assert admitted.contains(version)


@pytest.mark.parametrize(
    "constraint",
    [
        "latest", "^", "^^1", "||", "^1 ||", ">=1 foo", "~=1", ">1.*", "^1.*", "!=*", "1..2", "1!=2", "$1", "a" * 5000,
        "^" + "9" * 200,
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_a_short_line(constraint: str) -> None:
    with pytest.raises(ValueError, match=r"is not a (version )?(constraint|version)") as caught:
        to_pep440(constraint)
    assert len(str(caught.value)) < 200
