"""unused-setting: a setting speaks of something that is not there.

## What it does
Reports every glob and name in the settings that matches nothing: under `exclude` and `locks`, among the policy's
`critical` and `ignore`, in a `scope`, and among the `owners`; every entry of `ignore_findings` that hides no finding;
and a severity for a rule that is always an error. `critical` and `ignore` are held against what is locked, owners
also against what records name. With `--lock` only a part is read, and nothing is reported. Nor is an ignored finding
of a rule that compares with a base or with advisories: whether it hides something depends on these.

## Why
A misspelt `critical` protects nothing, and looks as if it did. An ignored finding that has gone will hide the next one,
which is another.

## Example
```toml
[tool.whypin.policy]
critical = ["nunpy"]
```

## Fix
Correct the name, or take the setting out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from whypin.model import glob
from whypin.model.finding import Finding, Rule
from whypin.model.project import Project
from whypin.model.settings import IgnoredFinding, Scope

#: Rules that find only what a base or advisories show: these are not there in every run.
_NOT_IN_EVERY_RUN = ("WHY4", "WHY5")

Keys = tuple[str | int, ...]


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each setting that matches nothing."""
    if project.settings.path is None or project.partial:
        return
    unused = (_unused_excludes, _unused_globs, _unused_severities, _unused_ignores)
    for keys, message in (each for find in unused for each in find(project)):
        yield Finding(project.settings.place(*keys), message, "correct it, or take it out")


def _unused_excludes(project: Project) -> Iterator[tuple[Keys, str]]:
    for position, pattern in enumerate(project.settings.exclude):
        if pattern in project.unused_excludes:
            yield ("exclude", position), f"{pattern} keeps no lock or manifest from being read"


def _unused_globs(project: Project) -> Iterator[tuple[Keys, str]]:
    """Yield what names a lock, package or group that is not there; without a lock nothing can be told."""
    if not project.locks:
        return
    settings = project.settings
    paths = {lock.path for lock in project.locks}
    # One that is no glob has to be there: the run ends where it isn't.
    wildcards = [pattern if glob.is_glob(pattern) else "**" for pattern in settings.locks]
    yield from _unmatched(("locks",), wildcards, paths, "lock")
    locked = {package.name for package in project.packages}
    yield from _unmatched(("policy", "critical"), settings.policy.critical, locked, "locked package")
    yield from _unmatched(("policy", "ignore"), settings.policy.ignore, locked, "locked package")
    for number, scope in enumerate(settings.scopes):
        yield from _unused_in_scope(project, number, scope, locked)
    known = locked.union(*(record.packages for record in project.records)) if settings.owners else locked
    for pattern in settings.owners:
        if not _matches(pattern, known):
            yield ("owners", pattern), f"{pattern} matches no locked package, and none of a record"


def _unused_in_scope(project: Project, number: int, scope: Scope, locked: set[str]) -> Iterator[tuple[Keys, str]]:
    paths = {lock.path for lock in project.locks}
    yield from _unmatched(("scope", number, "locks"), scope.locks, paths, "lock")
    groups = {group for package in project.packages for group in package.groups} if scope.groups else set()
    yield from _unmatched(("scope", number, "groups"), scope.groups, groups, "group of a lock")
    yield from _unmatched(("scope", number, "critical"), scope.critical, locked, "locked package")
    yield from _unmatched(("scope", number, "ignore"), scope.ignore, locked, "locked package")


def _unmatched(keys: Keys, patterns: Sequence[str], names: set[str], what: str) -> Iterator[tuple[Keys, str]]:
    for position, pattern in enumerate(patterns):
        if not _matches(pattern, names):
            yield (*keys, position), f"{pattern} matches no {what}"


def _matches(pattern: str, names: Iterable[str]) -> bool:
    return pattern in names or (glob.is_glob(pattern) and any(glob.matches(pattern, name) for name in names))


def _unused_severities(project: Project) -> Iterator[tuple[Keys, str]]:
    if project.settings.rules:
        from whypin.rules import ALWAYS

        for code, severity in project.settings.rules.items():
            if code in ALWAYS and severity != "error":
                yield ("rules", code), f"{code} is always an error"


def _unused_ignores(project: Project) -> Iterator[tuple[Keys, str]]:
    """Yield the ignored findings that are not found: their rules are run once more, for want of a better witness."""
    if not project.settings.ignore_findings:
        return
    from whypin.rules import ALWAYS, RULES

    rules = {rule.code: rule for rule in RULES if not rule.code.startswith(_NOT_IN_EVERY_RUN)}
    found: dict[str, list[Finding]] = {}
    for position, ignored in enumerate(project.settings.ignore_findings):
        if ignored.rule in ALWAYS:
            yield ("ignore_findings", position), f"{ignored.rule} is never ignored"
        elif ignored.rule in rules and ignored.rule != RULE.code:
            if ignored.rule not in found:
                found[ignored.rule] = list(rules[ignored.rule].check(project))
            if not any(_is_about(ignored, finding) for finding in found[ignored.rule]):
                of = f" of {ignored.package}" if ignored.package else ""
                yield ("ignore_findings", position), f"there is no finding {ignored.rule}{of} to ignore"


def _is_about(ignored: IgnoredFinding, finding: Finding) -> bool:
    return ignored.package is None or finding.package == ignored.package


RULE = Rule("WHY901", "unused-setting", "warning", check)
