"""Small projects, built in memory: what a test does not name is as a healthy project has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from whypin.model.finding import Finding, Rule
from whypin.model.location import Location
from whypin.model.lock import Entry, Lock
from whypin.model.manifest import Manifest, Override, OverrideKind, Requirement
from whypin.model.project import Exemptions, InvalidRecord, Project
from whypin.model.record import Record
from whypin.model.settings import Policy, Scope, Settings
from whypin.model.tree import Problem
from whypin.records.read import read

TODAY = date(2026, 11, 22)


def record(stem: str = "2026-11-22-numpy", **fields: Any) -> Record:
    """Return a valid, accepted record; every argument replaces a field, given as YAML text."""
    texts = {
        "title": "Hold NumPy where the pipeline works",
        "status": "accepted",
        "deciders": "[data-platform]",
        "packages": "{numpy: 1.26.4}",
        "rationale": "The feature pipeline was validated with this release and breaks with the next one.",
    }
    if not stem[:4].isdigit():
        texts["date"] = "2026-11-22"
    texts.update({key: str(value) for key, value in fields.items()})
    text = "".join(f"{key}: {value}\n" for key, value in texts.items() if value != "None")
    found, problems = read(text, f"decisions/{stem}.yaml")
    assert found is not None, problems
    return found


def entry(name: str, version: str | None = "1.26.4", line: int = 1, lock: str = "uv.lock", **fields: Any) -> Entry:
    """Return a locked entry: direct, from a registry with a hash, in main."""
    given: dict[str, Any] = {"source": "registry", "direct": True, "groups": ("main",), "edges": (), "hashed": True}
    given |= fields
    return Entry(name=name, version=version, location=Location(lock, line), **given)


def lock(*entries: Entry, path: str = "uv.lock", format: str = "uv", **fields: Any) -> Lock:
    """Return a lock with these entries, for all environments."""
    placed = tuple(item._replace(location=item.location._replace(path=path)) for item in entries)
    return Lock(path, format, placed, **({"universal": True} | fields))


def requirement(name: str, specifier: str = "", line: int = 1, **fields: Any) -> Requirement:
    """Return a requirement of main; `written` is the specifier unless it is given."""
    given: dict[str, Any] = {"group": "main", "location": Location("pyproject.toml", line), "written": specifier}
    return Requirement(name=name, specifier=specifier, **(given | fields))


def override(kind: OverrideKind, name: str, specifier: str = "", line: int = 1, **fields: Any) -> Override:
    """Return an override, constraint or exclusion of the tool."""
    return Override(kind, requirement(name, specifier, line, **fields))


def manifest(
    *declared: Requirement | Override, path: str = "pyproject.toml", locks: Sequence[str] = ("uv.lock",), **fields: Any
) -> Manifest:
    """Return a manifest of these requirements and overrides, which uv.lock fixes unless `locks` says otherwise."""
    needs = [item for item in declared if isinstance(item, Requirement)]
    overrides = [item for item in declared if isinstance(item, Override)]

    def placed(need: Requirement) -> Requirement:
        return need._replace(location=need.location._replace(path=path))

    return Manifest(
        path,
        fields.pop("project", "app"),
        tuple(map(placed, needs)),
        tuple(item._replace(requirement=placed(item.requirement)) for item in overrides),
        locks=tuple(locks),
        **fields,
    )


def project(
    *records: Record,
    locks: Sequence[Lock] = (),
    manifests: Sequence[Manifest] = (),
    policy: Mapping[str, Any] | None = None,
    owners: Mapping[str, tuple[str, ...]] | None = None,
    scopes: Sequence[Scope] = (),
    exemptions: Exemptions | None = None,
    invalid: Sequence[InvalidRecord] = (),
    base: Project | None = None,
    files: Mapping[str, str | Problem] | None = None,
    **settings: Any,
) -> Project:
    """Return a project of these records, locks and manifests on 2026-11-22."""
    return Project(
        today=TODAY,
        records=sorted(records, key=lambda item: item.id),
        locks=locks,
        manifests=manifests,
        invalid_records=invalid,
        exemptions=exemptions,
        files=files,
        base=base,
        settings=Settings(policy=Policy(**(policy or {})), owners=owners or {}, scopes=tuple(scopes), **settings),
    )


def found(rule: Rule, subject: Project) -> list[Finding]:
    """Return what one rule finds."""
    return list(rule.check(subject))
