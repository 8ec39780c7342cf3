"""The badge: readable to everybody, and nothing in it that is fetched or runs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest

from whypin.metrics.badge import COLORS, render

SVG = "{http://www.w3.org/2000/svg}"
LEVELS = [None, 1, 2, 3, 4, 5]


def luminance(color: str) -> float:
    """Source: relative luminance of WCAG 2."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("level", LEVELS)
def test_it_says_the_level_to_eyes_and_to_ears(level: int | None) -> None:
    words = f"level {level}" if level else "no level"
    root = ElementTree.fromstring(render(level))
    assert [text.text for text in root.iter(f"{SVG}text")] == ["whypin", words]
    title = root.find(f"{SVG}title")
    assert title is not None and title.text == root.get("aria-label")
    assert (title.text or "").startswith(f"whypin: {words}") and root.get("role") == "img"


@pytest.mark.parametrize("level", LEVELS)
def test_the_text_stands_out_from_every_colour(level: int | None) -> None:
    root = ElementTree.fromstring(render(level))
    fills = [rect.get("fill", "") for rect in root.iter(f"{SVG}rect") if rect.get("fill")]
    assert len(fills) == 2 and COLORS[level] in fills
    assert all(1.05 / (luminance(fill) + 0.05) >= 4.5 for fill in fills)


@pytest.mark.parametrize("level", LEVELS)
def test_the_text_keeps_within_its_half(level: int | None) -> None:
    root = ElementTree.fromstring(render(level))
    halves = [rect for rect in root.iter(f"{SVG}rect") if rect.get("fill")]
    for text, half in zip(root.iter(f"{SVG}text"), halves, strict=True):
        start, width = float(half.get("x", 0)), float(half.get("width", 0))
        left, length = float(text.get("x", 0)), float(text.get("textLength", 0))
        assert start < left and left + length < start + width
        assert 4.5 < length / len(text.text or "") < 8
    assert sum(float(half.get("width", 0)) for half in halves) == float(root.get("width", 0))


def test_levels_differ_by_more_than_a_number() -> None:
    assert len({COLORS[level] for level in LEVELS}) == len(LEVELS)


def test_nothing_is_fetched_and_nothing_runs() -> None:
    badge = render(3)
    assert set(re.findall(r"\w+://[^\"']+", badge)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<script|href|@import|url\((?!#)|\bon\w+=", badge)
