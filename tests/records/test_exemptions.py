"""Exemptions: what is taken off the list takes nothing else along."""

from __future__ import annotations

import pytest

from whypin.records.exemptions import read, without

KEPT = {"uv.lock": {"zope-interface": ("6.0",)}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "# head\nuv.lock: # l\n  numpy: [1.0] # n\n  # of zope\n  zope.interface:  # z\n    - 6.0 # six\n"
            "    # five\n"
            "    - 5.0 # gone\n# o\nother.lock:\n  # inner\n  a:\n  - 1.0\n",
            "# head\nuv.lock: # l\n  # of zope\n  zope.interface:  # z\n    - 6.0 # six\n    # five\n# o\n  # inner\n",
        ),
        (
            "uv.lock:\r\n  numpy:\r\n  - 1.0\r\n  zope-interface:\r\n  - '6.0'",
            "uv.lock:\r\n  zope-interface:\r\n  - '6.0'",
        ),
        (
            "# k\n{uv.lock: {numpy: [1.0], zope.interface: ['6.0', 5.0,7.0]}, b.lock: {a: [1.0]}} # c\n",
            "# k\n{uv.lock: {zope.interface: ['6.0']}} # c\n",
        ),
        (
            "uv.lock: {zope.interface: [5.0, 6.0, # six\n  7.0 # seven\n ], # z\n numpy: [1.0]}\n",
            "uv.lock: {zope.interface: [6.0, # six\n   # seven\n ], # z\n }\n",
        ),
    ],
    ids=["block style", "CRLF, no end", "flow style", "comments within flow style"],
)
def test_the_rest_stays_as_it_is(text: str, expected: str) -> None:
    assert without(text, KEPT) == expected
    assert read(expected, "decisions/exemptions.yaml") == KEPT


@pytest.mark.parametrize("text", ["{uv.lock: {numpy: [1.0]}} # c\n", "# c\nuv.lock:\n  numpy:\n    - 1.0\n"])
def test_the_last_one_leaves_an_empty_list(text: str) -> None:
    left = without(text, {})
    assert "# c\n" in left
    assert read(left, "decisions/exemptions.yaml") == {}
