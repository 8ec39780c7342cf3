"""What the policy asks of a package, and by which words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from whypin.model import glob
from whypin.model.lock import MAIN, SOURCE_TREES, Entry
from whypin.model.settings import Policy, Require, Scope, Settings

Keys = tuple[str | int, ...]

_WORDS = {
    "critical": "the policy requires only critical packages",
    "production": "the policy requires direct production packages",
    "direct": "the policy requires direct packages",
    "all": "the policy requires every package",
}


class Demand(NamedTuple):
    """What the policy asks of one package, why, and the keys of the setting that asks or lets it float, if any."""

    required: bool
    reason: str
    keys: Keys = ()


def is_production(groups: Iterable[str], policy: Policy) -> bool:
    """Whether any of the groups goes to production: main, or one that is not in the policy's development list."""
    return any(group == MAIN or group.partition(":")[2] not in policy.development for group in groups)


def required_by(settings: Settings, lock: str, name: str, entries: Sequence[Entry]) -> str | None:
    """Return why a package must have a decision, in words, or None where it needn't.

    The project's own members and the source trees it carries are never required: nobody chose their version. Nor is
    what the lock gives no version of, such as a repository at a commit: no record could accept it.
    """
    if settings.policy.require == "critical" and not settings.policy.critical and not settings.scopes:
        return None
    demand = demanded(settings, lock, name, entries)
    return demand.reason if demand.required else None


def demanded(settings: Settings, lock: str, name: str, entries: Sequence[Entry]) -> Demand:
    """Return what the policy asks of a package, why, and by which setting."""
    chosen = [entry for entry in entries if not entry.member and entry.source not in SOURCE_TREES and entry.version]
    if not chosen:
        return _not_chosen(entries)
    if not settings.scopes:
        return _demand(_Terms(settings.policy), name, chosen)
    first = None
    for groups in dict.fromkeys(entry.groups for entry in chosen):
        for group in groups or ("",):
            demand = _in_group(settings, lock, group, name, chosen)
            if demand.required:
                return demand
            first = first or demand
    return first or _not_chosen(entries)


def _not_chosen(entries: Sequence[Entry]) -> Demand:
    if any(entry.member for entry in entries):
        return Demand(False, "it is the project's own")
    if any(entry.source in SOURCE_TREES for entry in entries):
        return Demand(False, "it is a source tree that the project carries")
    return Demand(False, "the lock gives no version of it that a record could accept")


class _Terms:
    """The policy as it holds in one place: what it requires, names and ignores, and the settings that say so."""

    def __init__(self, policy: Policy, only: tuple[str, ...] | None = None) -> None:
        self.policy = policy
        self.only = only
        self.require: Require = policy.require
        self.require_keys: Keys = ("policy", "require")
        self.critical: list[tuple[tuple[str, ...], Keys]] = [(policy.critical, ("policy", "critical"))]
        self.ignore: list[tuple[tuple[str, ...], Keys]] = [(policy.ignore, ("policy", "ignore"))]

    def add(self, number: int, scope: Scope) -> None:
        """Let a scope have its say: the last one that requires counts, names add up."""
        if scope.require:
            self.require, self.require_keys = scope.require, ("scope", number, "require")
        self.critical.append((scope.critical, ("scope", number, "critical")))
        self.ignore.append((scope.ignore, ("scope", number, "ignore")))


def _in_group(settings: Settings, lock: str, group: str, name: str, entries: Sequence[Entry]) -> Demand:
    terms = _Terms(settings.policy, (group,))
    for number, scope in enumerate(settings.scopes):
        in_lock = not scope.locks or glob.first_match(scope.locks, lock) is not None
        if in_lock and (not scope.groups or glob.first_match(scope.groups, group) is not None):
            terms.add(number, scope)
    return _demand(terms, name, [entry for entry in entries if group in entry.groups or not entry.groups])


def _demand(terms: _Terms, name: str, entries: Sequence[Entry]) -> Demand:
    pattern, keys = _named(terms.critical, name)
    if pattern is not None:
        return Demand(True, "it is critical" if pattern == name else f"it is critical ({pattern})", keys)
    if terms.require == "critical":
        return Demand(False, _WORDS["critical"], terms.require_keys)
    pattern, keys = _named(terms.ignore, name)
    if pattern is not None:
        return Demand(False, f"the policy ignores {pattern}", keys)
    direct = [entry for entry in entries if entry.direct]
    words = _WORDS[terms.require]
    if terms.require != "all" and not direct:
        return Demand(False, f"{words}, and it is transitive", terms.require_keys)
    if terms.require == "production" and not any(
        is_production(terms.only or entry.groups, terms.policy) for entry in direct
    ):
        return Demand(False, f"{words}, and it is for development only", terms.require_keys)
    return Demand(True, words, terms.require_keys)


def _named(lists: Iterable[tuple[Sequence[str], Keys]], name: str) -> tuple[str | None, Keys]:
    """Return the first glob of some lists that matches the name, with the keys of the setting that it stands in."""
    for patterns, keys in lists:
        pattern = glob.first_match(patterns, name) if patterns else None
        if pattern is not None:
            return pattern, (*keys, patterns.index(pattern))
    return None, ()
