"""What the policy asks of a package, and by which words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whypin.model import glob
from whypin.model.lock import MAIN, SOURCE_TREES, Entry
from whypin.model.settings import Policy, Require, Settings

_WORDS = {
    "production": "the policy requires direct production packages",
    "direct": "the policy requires direct packages",
    "all": "the policy requires every package",
}


def is_production(groups: Iterable[str], policy: Policy) -> bool:
    """Whether any of the groups goes to production: main, or one that is not in the policy's development list."""
    return any(group == MAIN or group.partition(":")[2] not in policy.development for group in groups)


def required_by(settings: Settings, lock: str, name: str, entries: Sequence[Entry]) -> str | None:
    """Return why a package must have a decision, in words, or None where it needn't.

    The project's own members and the source trees it carries are never required: nobody chose their version. Nor is
    what the lock gives no version of, such as a repository at a commit: no record could accept it.
    """
    chosen = [entry for entry in entries if not entry.member and entry.source not in SOURCE_TREES and entry.version]
    if not chosen:
        return None
    policy = settings.policy
    if not settings.scopes:
        if policy.require == "critical" and not policy.critical:
            return None
        return _asked(policy, policy.require, (), (), name, chosen)
    for groups in dict.fromkeys(entry.groups for entry in chosen):
        for group in groups or ("",):
            reason = _asked_in_group(settings, lock, group, name, chosen)
            if reason:
                return reason
    return None


def _asked_in_group(settings: Settings, lock: str, group: str, name: str, entries: Sequence[Entry]) -> str | None:
    require = settings.policy.require
    critical: list[str] = []
    ignore: list[str] = []
    for scope in settings.scopes:
        in_lock = not scope.locks or glob.first_match(scope.locks, lock) is not None
        if in_lock and (not scope.groups or glob.first_match(scope.groups, group) is not None):
            require = scope.require or require
            critical += scope.critical
            ignore += scope.ignore
    members = [entry for entry in entries if group in entry.groups or not entry.groups]
    return _asked(settings.policy, require, critical, ignore, name, members, (group,))


def _asked(
    policy: Policy,
    require: Require,
    critical: Sequence[str],
    ignore: Sequence[str],
    name: str,
    entries: Sequence[Entry],
    only: tuple[str, ...] | None = None,
) -> str | None:
    pattern = glob.first_match((*policy.critical, *critical), name)
    if pattern is not None:
        return "it is critical" if pattern == name else f"it is critical ({pattern})"
    if require == "critical" or glob.first_match((*policy.ignore, *ignore), name) is not None:
        return None
    direct = [entry for entry in entries if entry.direct]
    if require == "all" or (require == "direct" and direct):
        return _WORDS[require]
    if require == "production" and any(is_production(only or entry.groups, policy) for entry in direct):
        return _WORDS[require]
    return None
