"""URLs are shown without what opens them."""

from __future__ import annotations

import pytest

from whypin.syntax.url import redact


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://index.example/simple", "https://index.example/simple"),
        ("https://me:secret@index.example/simple", "https://index.example/simple"),
        ("https://token@git.example/a.git", "https://git.example/a.git"),
        ("ssh://git@git.example/a.git", "ssh://git@git.example/a.git"),
        ("https://index.example/simple?token=secret&b=1", "https://index.example/simple?token=***&b=1"),
        ("../libs/a@b", "../libs/a@b"),
    ],
)
def test_no_credential_is_shown(url: str, shown: str) -> None:
    assert redact(url) == shown
