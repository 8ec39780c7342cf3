"""The configuration of a project: where things are, what the policy asks, how rules count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from whypin.model.location import Location

Require = Literal["critical", "production", "direct", "all"]
FailOn = Literal["any", "low", "medium", "high", "critical"]
Development = Literal["error", "warning", "off"]


class Policy(NamedTuple):
    """Which packages are required to have a decision, the periods of the lifecycle in days, and what alerts count."""

    require: Require = "critical"
    critical: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    development: tuple[str, ...] = ("dev", "test", "tests", "docs", "lint", "typing")
    review_after_days: int = 180
    grace_days: int = 14
    advisories: str = ""
    fail_on_severity: FailOn = "any"
    development_alerts: Development = "error"


class Scope(NamedTuple):
    """Policy for some locks or groups, both globs; empty means all. None means: as in the policy."""

    locks: tuple[str, ...]
    groups: tuple[str, ...]
    require: Require | None
    critical: tuple[str, ...]
    ignore: tuple[str, ...]


class IgnoredFinding(NamedTuple):
    """A finding that is knowingly not reported until it expires; `package` None means any."""

    rule: str
    package: str | None
    reason: str
    expires: date | None


def _nowhere(*_keys: str | int) -> Location:
    return Location("pyproject.toml")


class Settings(NamedTuple):
    """All of `[tool.whypin]`; `place(*keys)` tells where a key stands; `path` is None where nothing is set."""

    path: str | None = None
    records: str = "decisions"
    locks: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    policy: Policy = Policy()
    owners: Mapping[str, tuple[str, ...]] = {}
    scopes: tuple[Scope, ...] = ()
    rules: Mapping[str, str] = {}
    ignore_findings: tuple[IgnoredFinding, ...] = ()
    place: Callable[..., Location] = _nowhere
