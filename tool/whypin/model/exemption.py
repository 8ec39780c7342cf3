"""Exemptions in force, and those that are no longer needed: the list may only shrink."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from whypin.model.project import Exemptions, Package, Project


class Exemption(NamedTuple):
    """One package of one lock, excused at exactly these versions; `unneeded` says why it can go, `""` where it holds.

    `stale` are the versions of one that holds which are locked no more.
    """

    lock: str
    name: str
    versions: tuple[str, ...]
    unneeded: str
    stale: tuple[str, ...] = ()


def exemptions(project: Project) -> Iterator[Exemption]:
    """Yield every exemption in the order of the file. Time is linear in the packages."""
    if not project.exemptions:
        return
    packages = {(package.lock.path, package.name): package for package in project.packages}
    locks = {lock.path for lock in project.locks}
    for lock, names in project.exemptions.items():
        for name, versions in names.items():
            package = packages.get((lock, name))
            unread = project.partial and lock not in locks
            reason = "" if unread else _unneeded(package, versions, lock in locks)
            stale = () if reason or package is None else tuple(set(versions) - set(package.versions))
            yield Exemption(lock, name, versions, reason, tuple(sorted(stale)))


def _unneeded(package: Package | None, versions: tuple[str, ...], is_lock: bool) -> str:
    if package is None:
        return "it is locked no more" if is_lock else "there is no such lock"
    if not package.exempt:
        return f"it moved to {', '.join(package.versions)}"
    if package.state == "decided":
        return "a decision covers it"
    if package.rejected:
        return "a decision speaks of it"
    return "" if package.required else "the policy does not ask for it"


def pruned(project: Project) -> Exemptions:
    """Return the exemptions that are still needed, at the versions that are still locked."""
    kept: dict[str, dict[str, tuple[str, ...]]] = {}
    for lock, name, versions, unneeded, stale in exemptions(project):
        if not unneeded:
            kept.setdefault(lock, {})[name] = tuple(version for version in versions if version not in stale)
    return kept
