"""Globs over paths and names."""

import pytest

from whypin.model import glob


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("torch*", "torchvision", True),
        ("torch*", "pytorch", False),
        ("services/*/uv.lock", "services/api/uv.lock", True),
        ("services/*/uv.lock", "services/api/v2/uv.lock", False),
        ("services/**/uv.lock", "services/uv.lock", True),
        ("services/**/uv.lock", "services/api/v2/uv.lock", True),
        ("tests/data/**", "tests/data/a/b.lock", True),
        ("tests/data/**", "tests/database.lock", False),
        ("**/uv.lock", "uv.lock", True),
        ("./uv.lock", "uv.lock", True),
        ("req?.txt", "req1.txt", True),
        ("req[12].txt", "req2.txt", True),
        ("req[!12].txt", "req2.txt", False),
        ("a.b", "aXb", False),
        ("[", "[", True),
        ("[z-a]", "[z-a]", False),
        ("a+(b)", "a+(b)", True),
        ("*", "new\nline", True),
    ],
)
def test_globs(pattern: str, text: str, expected: bool) -> None:
    assert glob.matches(pattern, text) is expected


def test_many_stars_do_not_hang() -> None:
    assert not glob.matches("*a" * 12, "a" * 60 + "b")
