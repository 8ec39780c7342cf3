"""Findings, and the rules that make them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

from whypin.model.location import Location

if TYPE_CHECKING:
    from whypin.model.project import Project

Severity = Literal["error", "warning"]


class Finding(NamedTuple):
    """One problem at one place: `message` says what is wrong, `fix` what to type.

    A rule leaves `code`, `slug` and `severity` to the run, which fills them in from the rule and the settings. Where
    one finding is to count for less or more than the rule says, the rule gives it a severity of its `own`.
    """

    location: Location
    message: str
    fix: str
    package: str | None = None
    record: str | None = None
    code: str = ""
    slug: str = ""
    severity: Severity = "error"
    own: Severity | None = None


class Rule(NamedTuple):
    """One rule: its code is never reused; `check` yields findings for a project. Its module's docstring is its page."""

    code: str
    slug: str
    severity: Severity
    check: Callable[[Project], Iterable[Finding]]


class Summary(NamedTuple):
    """What a check comes to: findings by severity, and packages (one for each name in each lock) by state."""

    error: int
    warning: int
    packages: int
    required: int
    decided: int
    exempt: int
    undecided: int


class RuleText(NamedTuple):
    """What a rule says of itself: a sentence, and the sections of its page as Markdown."""

    code: str
    slug: str
    severity: Severity
    sentence: str
    body: str


class Report(NamedTuple):
    """The findings of one check, in the order of places, with their summary.

    `rules` speaks of the rules that found something; it is there only for the formats that pass it on.
    """

    findings: tuple[Finding, ...]
    summary: Summary
    rules: tuple[RuleText, ...] = ()
