"""Renovate: a preset of `packageRules` that keeps each decided package at the versions that its records allow.

It is a file of its own, which the hand-written configuration extends: JSON has no comments to mark a section by.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from whypin.emitters.allowed import Allowed, allowed, decided, left_out
from whypin.emitters.emitted import Emitted, check_own, json_of, members, reason_of
from whypin.model import glob
from whypin.model.lock import Lock
from whypin.model.project import Project
from whypin.model.record import Record

_SCHEMA = "https://docs.renovatebot.com/renovate-schema.json"
_MARK = "Written by whypin emit renovate: change the decision records instead."


def render(project: Project, text: str | None, path: str) -> Emitted:
    """Return the preset: a rule for each package that a record in force bounds, pins or keeps from some version."""
    check_own(text, path, lambda found: _MARK in str(members(found).get("description")))
    files = _files(project)
    rules = [rule for name, records in decided(project).items() for rule in _rules(name, records, files)]
    return Emitted(json_of({"$schema": _SCHEMA, "description": [_MARK], "packageRules": rules}), left_out(project))


def _files(project: Project) -> dict[str, list[Lock]]:
    """Return from each file that Renovate changes to its locks: the manifests of a lock, or itself if it has none."""
    found: dict[str, list[Lock]] = {}
    for lock in project.locks:
        paths = [manifest.path for manifest in project.manifests if lock.path in manifest.locks]
        for path in paths or [lock.path]:
            found.setdefault(path, []).append(lock)
    return found


def _rules(name: str, records: Sequence[Record], files: dict[str, list[Lock]]) -> Iterator[dict[str, object]]:
    """Yield one rule, or where records speak of some locks only, one for all files that the same records speak of."""
    if not any(record.locks for record in records):
        yield from _rule(name, records, ())
        return
    groups: dict[tuple[str, ...], list[str]] = {}
    for path, locks in files.items():
        ids = tuple(record.id for record in records if any(_speaks_of(record, lock) for lock in locks))
        groups.setdefault(ids, []).append(path)
    for ids, paths in sorted(groups.items()):
        yield from _rule(name, [record for record in records if record.id in ids], sorted(paths))


def _speaks_of(record: Record, lock: Lock) -> bool:
    return not record.locks or glob.first_match(record.locks, lock.path) is not None


def _rule(name: str, records: Sequence[Record], paths: Sequence[str]) -> Iterator[dict[str, object]]:
    found = allowed(records, name) if records else None
    if found is None:
        return
    rule: dict[str, object] = {
        "description": [reason_of(record) for record in records],
        "matchDatasources": ["pypi"],
        "matchPackageNames": [name],
    }
    if paths:
        rule["matchFileNames"] = [_as_glob(posixpath.normpath(path)) for path in paths]
    versions = _versions(found)
    yield rule | ({"allowedVersions": versions} if versions else {"enabled": False})


def _versions(found: Allowed) -> str:
    """Return a PEP 440 range, or for several versions a regular expression; nothing where no version is allowed."""
    if found.exact is None:
        return ",".join(map(str, found.clauses))
    if len(found.exact) == 1 and not found.exact[0].arbitrary:
        return f"=={found.exact[0].version}"
    return f"/^(?:{'|'.join(re.escape(item.version or '') for item in found.exact)})$/" if found.exact else ""


def _as_glob(path: str) -> str:
    """Return a path as a glob that matches nothing else; Renovate takes a leading `!` or `/` for more."""
    return re.sub(r"[\\*?\[\]{}()!+@]", r"\\\g<0>", path)
