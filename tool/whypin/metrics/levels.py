"""The level of every manifest, and the lines that hold it down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from whypin.model.debt import Line, Standing
from whypin.model.location import Location
from whypin.model.lock import SOURCE_TREES, Entry, Lock
from whypin.model.locking import lock_again, lock_it
from whypin.model.manifest import Manifest, Requirement
from whypin.model.policy import is_production
from whypin.model.project import Package, Project, entry_key
from whypin.model.staleness import Stale

LOCKED = 4
REASONS = 5

_OWN = {"bare": 1, "bounded": 2, "exact": 3}
_PYPROJECT = "pyproject.toml"
_COMMIT = re.compile(r"@[0-9a-f]{40}")


def standings(project: Project) -> tuple[Standing, ...]:
    """Return how every manifest stands, in the order of the project; the time is linear in lines and locked entries."""
    locked = _Locked(project)
    return tuple(_standing(manifest, locked) for manifest in project.manifests)


def lowest(found: Sequence[Standing]) -> int | None:
    """Return the lowest level of several manifests, None where none has one."""
    return min((standing.level for standing in found if standing.level is not None), default=None)


def spelled(requirement: Requirement) -> str:
    """Return a requirement as a person would write it: `numpy<2`, `numpy ^1.2`, `shop @ https://…`."""
    extras = f"[{','.join(requirement.extras)}]" if requirement.extras else ""
    name = f"{requirement.key}{extras}"
    if requirement.url is not None:
        return f"{name} @ {requirement.url}"
    words = requirement.written or requirement.specifier
    return f"{name}{words}" if not words or words[0] in "<>=!~" else f"{name} {words}"


def _standing(manifest: Manifest, locked: _Locked) -> Standing:
    judged = _judged(manifest, locked.project)
    if not judged:
        return Standing(manifest.path, None, manifest.locks, 0, ())
    lines = [line for requirement in judged if (line := _line(manifest, requirement, locked)) is not None]
    lines += _lines_of_locks(manifest, judged, locked)
    if lines:
        level = min(line.level for line in lines)
    else:
        lines = list(_lacking_reasons(manifest, locked))
        level = LOCKED if lines else REASONS
    lines.sort(key=lambda line: line.level)
    return Standing(manifest.path, level, manifest.locks, len(judged), tuple(lines))


def _judged(manifest: Manifest, project: Project) -> list[Requirement]:
    """Return the production requirements, each once however many groups it is in; source trees are nobody's choice."""
    found = {
        (requirement.location, requirement.key): requirement
        for requirement in manifest.requirements
        if not project.is_own(manifest, requirement) and is_production((requirement.group,), project.settings.policy)
    }
    return list(found.values())


def _line(manifest: Manifest, requirement: Requirement, locked: _Locked) -> Line | None:
    """Return what one requirement lacks for level 4; None where every lock fixes it."""
    locks = locked.project.locks_of(manifest)
    lines = [line for lock in locks if (line := _line_in(lock, manifest, requirement, locked)) is not None]
    if not lines and not locked.project.is_fixed(manifest, requirement):
        why = f"{_words(requirement)}; no lock of this manifest has it" if locks else _words(requirement)
        fix = _lock_this_too(manifest, locks[0], requirement) if locks else _fix_alone(manifest, requirement)
        lines.append(_own(requirement, why, fix))
    return min(lines, key=lambda line: line.level, default=None)


def _line_in(lock: Lock, manifest: Manifest, requirement: Requirement, locked: _Locked) -> Line | None:
    stale = locked.stale(manifest, lock, requirement)
    if stale is not None:
        return _own(requirement, _staleness(stale), lock_again(manifest, lock))
    package = locked.package(lock, requirement)
    bare = next((entry for entry in package.entries if not _is_fixed(entry)), None) if package is not None else None
    if bare is None:
        return None
    if bare.location == requirement.location and requirement.strictness == "bare":
        return _own(requirement, _words(requirement), _fix_alone(manifest, requirement))
    why = "exact" if bare.location == requirement.location else f"locked in {bare.location.path}:{bare.location.line}"
    return _unhashed(requirement.location, spelled(requirement), f"{why}, but without a hash", manifest, lock, locked)


def _lock_this_too(manifest: Manifest, lock: Lock, requirement: Requirement) -> str:
    """Return what to do for a requirement that the lock leaves out: PDM locks extras only where it is asked to."""
    every = " -G :all" if lock.format == "pdm" and requirement.group.startswith("extra:") else ""
    return f"{lock_again(manifest, lock)}{every}"


def _fix_alone(manifest: Manifest, requirement: Requirement) -> str:
    """Return what to do for a requirement that no lock fixes; pip-compile leaves a branch as it is."""
    if requirement.url is not None and requirement.strictness == "bare" and manifest.path.endswith((".txt", ".in")):
        return "write #sha256= and the hash behind the address, or for a repository @ and the full commit"
    return lock_it(manifest)


def _staleness(stale: Stale) -> str:
    if stale.problem == "not-locked":
        return f"{stale.lock.path} is stale: it is not locked there"
    versions = ", ".join(dict.fromkeys(entry.version or "without a version" for entry in stale.entries))
    return f"{stale.lock.path} is stale: it has {versions}"


def _own(requirement: Requirement, why: str, fix: str) -> Line:
    """Return a line at the level that its own words give it."""
    return Line(requirement.location, spelled(requirement), _OWN[requirement.strictness], why, fix)


def _words(requirement: Requirement) -> str:
    if requirement.strictness == "bare" and requirement.url is not None:
        return "an address without a hash or a full commit"
    if requirement.strictness == "bare":
        return "a bare name takes any version"
    if requirement.strictness == "bounded":
        return "a range leaves the version to the day"
    return "exact, but what it needs itself is not fixed"


def _lines_of_locks(manifest: Manifest, judged: Sequence[Requirement], locked: _Locked) -> Iterator[Line]:
    """Yield what the locks lack beyond the manifest's own lines: hashes of what these need in their turn."""
    declared = {requirement.key.lower() for requirement in judged}
    for lock in locked.project.locks_of(manifest):
        bare = locked.without_hash(lock)
        if bare and lock.path != manifest.path and not locked.has_hashes(lock):
            why = f"none of its {len(bare)} packages for production has a hash"
            if len(bare) == 1:
                why = "its one package for production has no hash"
            yield _unhashed(Location(lock.path), lock.path, why, manifest, lock, locked)
            continue
        for entry in bare:
            if entry_key(entry).lower() not in declared:
                yield _unhashed(entry.location, _locked_as(entry), "locked without a hash", manifest, lock, locked)


def _unhashed(at: Location, what: str, why: str, manifest: Manifest, lock: Lock, locked: _Locked) -> Line:
    """Return a line at level 3; where others of the lock have a hash, it is the index that tells none for this one."""
    fix = lock_again(manifest, lock)
    if locked.has_hashes(lock) and lock.format != "requirements":
        fix += "; what comes from an index that tells no hashes cannot be verified"
    return Line(at, what, 3, why, fix)


def _locked_as(entry: Entry) -> str:
    return f"{entry.name} {entry.version}" if entry.version else entry.name


def _is_fixed(entry: Entry) -> bool:
    """Whether an entry can be one thing only: by a hash, by a commit, or because the project carries it itself."""
    if entry.hashed or entry.member or entry.source in SOURCE_TREES or entry.source == "path":
        return True
    if entry.source == "conda":
        # What conda calls `__osx` is the system itself.
        return entry.name.startswith("__")
    return entry.source == "git" and _COMMIT.search(entry.ref or "") is not None


def _lacking_reasons(manifest: Manifest, locked: _Locked) -> Iterator[Line]:
    """Yield what a manifest at level 4 lacks for level 5."""
    locks = locked.project.locks_of(manifest)
    required = [package for lock in locks for package in locked.required.get(lock.path, ())]
    if not required:
        settings = locked.project.settings
        at = settings.place("policy") if settings.path else Location(manifest.path)
        there = settings.path or next((one.path for one in locked.project.manifests if one.path == _PYPROJECT), "")
        table = f"[tool.whypin.policy] of {_PYPROJECT}" if there == _PYPROJECT else "[policy] of whypin.toml"
        fix = f'set require = "production", or list the critical packages, in {table}'
        yield Line(at, "policy", LOCKED, "the policy requires no decision about any package here", fix)
    for package in required:
        if package.state != "decided":
            versions = ", ".join(package.versions)
            wanted = package.versions[0] if len(package.versions) == 1 else f"[{versions}]"
            fix = f"write a record with packages: {{{package.name}: {wanted}}}"
            yield Line(package.location, f"{package.name} {versions}", LOCKED, _why_undecided(package), fix)


def _why_undecided(package: Package) -> str:
    if package.rejected:
        against = ", ".join(verdict.record.id for verdict in package.verdicts if not verdict.fits)
        return f"locked against {against}"
    return f"{'exempt, not decided' if package.exempt else 'no decision'}: {package.required}"


class _Locked:
    """What the locks say, by lock and name: each is walked once, however many manifests it fixes."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.required: dict[str, list[Package]] = {}
        self._packages: dict[tuple[str, str], Package] = {}
        for package in project.packages:
            # conda's names do not tell upper from lower case, and those of an index are in normal form.
            self._packages[package.lock.path, package.name.lower()] = package
            if package.required:
                self.required.setdefault(package.lock.path, []).append(package)
        self._stale: dict[tuple[str, str, str], list[Stale]] = {}
        for stale in project.stale:
            key = (stale.manifest.path, stale.lock.path, stale.requirement.key)
            self._stale.setdefault(key, []).append(stale)
        self._without_hash: dict[str, list[Entry]] = {}
        self._has_hashes: dict[str, bool] = {}

    def package(self, lock: Lock, requirement: Requirement) -> Package | None:
        """Return what a lock has for a requirement."""
        return self._packages.get((lock.path, requirement.key.lower()))

    def stale(self, manifest: Manifest, lock: Lock, requirement: Requirement) -> Stale | None:
        """Return how a lock fails a requirement, or the override that takes its place; None where it holds."""
        for stale in self._stale.get((manifest.path, lock.path, requirement.key), ()):
            if stale.requirement.location == requirement.location or _is_override(stale, manifest):
                return stale
        return None

    def has_hashes(self, lock: Lock) -> bool:
        """Whether a lock has any hash at all."""
        if lock.path not in self._has_hashes:
            self._has_hashes[lock.path] = any(entry.hashed for entry in lock.entries)
        return self._has_hashes[lock.path]

    def without_hash(self, lock: Lock) -> list[Entry]:
        """Return the production entries of a lock that nothing fixes, in the order of the file."""
        if lock.path not in self._without_hash:
            policy = self.project.settings.policy
            self._without_hash[lock.path] = [
                entry for entry in lock.entries if not _is_fixed(entry) and is_production(entry.groups, policy)
            ]
        return self._without_hash[lock.path]


def _is_override(stale: Stale, manifest: Manifest) -> bool:
    return any(one.requirement.location == stale.requirement.location for one in manifest.overrides)
