"""Reporters: each renders a report as text for one reader; REPORTERS lists them by the name of their format."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whypin.model.finding import Report

FORMATS = ("text", "json")


def renderer(name: str) -> Callable[[Report, bool], str]:
    """Return the renderer of a format; it takes the report and whether to colour it."""
    if name == "json":
        from whypin.reporters import json

        return json.render
    from whypin.reporters import text

    return text.render
