"""Patterns that every supported Python reads alike."""

from __future__ import annotations

import re
from pathlib import Path

import whypin

#: A group under a possessive repeat: Python before 3.11.5 loses track of what such groups hold (gh-106052).
POSSESSIVE_GROUP = re.compile(r"\)(?:\*|\+|\?|\{[0-9,]+\})\+")


def test_no_group_is_repeated_possessively() -> None:
    for path in Path(whypin.__file__).parent.rglob("*.py"):
        lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        assert [(number, line) for number, line in lines if POSSESSIVE_GROUP.search(line)] == [], path
