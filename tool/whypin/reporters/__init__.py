"""Reporters: each renders a report as text for one reader; FORMATS lists them by the name of their format."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from whypin.model.finding import Report


class Format(NamedTuple):
    """One format: the module here that renders it, and what it needs in a report besides the findings.

    `rules`: the rules' own words. `in_repository`: paths from the top of the repository, for the services that look
    there, instead of from the project's root.
    """

    module: str
    rules: bool = False
    in_repository: bool = False


FORMATS = {
    "text": Format("text"),
    "json": Format("json"),
    "github": Format("github", in_repository=True),
    "gitlab": Format("gitlab", in_repository=True),
    "sarif": Format("sarif", rules=True, in_repository=True),
    "junit": Format("junit"),
    "markdown": Format("markdown"),
}


def renderer(name: str) -> Callable[[Report, bool], str]:
    """Return the renderer of a format; it takes the report and whether to colour it."""
    from importlib import import_module

    render: Callable[[Report, bool], str] = import_module(f"whypin.reporters.{FORMATS[name].module}").render
    return render
