from __future__ import annotations

import pytest

from whypin.syntax.marker import without


@pytest.mark.parametrize(
    ("marker", "left"),
    [
        ("a == 'b'", "a == 'b'"),
        ("x == 'gone'", None),
        ("a == 'b' and x == 'gone'", "a == 'b'"),
        ("x == 'gone' and a == 'b' and c == 'd'", "a == 'b' and c == 'd'"),
        ("(a == 'b' and x == 'gone') or (a == 'b' and x != 'gone')", "a == 'b'"),
        ("(a == 'b' and x == 'gone') or c == 'd'", "a == 'b' or c == 'd'"),
        ("(a == 'b' and c == 'd') or (e == 'f' and x == 'gone')", "(a == 'b' and c == 'd') or e == 'f'"),
        ("a == 'b' or x == 'gone'", None),
        ("(a == 'b' or c == 'd') and x == 'gone'", "(a == 'b' or c == 'd')"),
        ("a == 'b' and (x == 'gone' or c == 'd')", "a == 'b'"),
        ("((a == 'b')) and (c == 'd' and (x == 'gone'))", "a == 'b' and c == 'd'"),
        ("a == 'y or x' and x == 'gone'", "a == 'y or x'"),
        ("(" * 90 + "a == 'b'" + ")" * 90, None),
    ],
)
def test_what_is_left_holds_wherever_the_marker_can(marker: str, left: str | None) -> None:
    assert without(marker, lambda term: "'gone'" in term) == left
