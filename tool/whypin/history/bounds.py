"""Bounds in the manifests of all commits: which commit added a cap, a pin or an exclusion."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from whypin.history.log import Logged
from whypin.model.change import Commit
from whypin.model.version import to_version

if TYPE_CHECKING:
    from packaging.version import Version

#: What one manifest declares: packages as records write them, and the specifiers of each.
Declared: TypeAlias = Mapping[str, tuple[str, ...]]
#: By path and blob; None for what could not be read, nothing for what was not read.
Readings: TypeAlias = Mapping[tuple[str, str], Declared | None]
#: A clause by what it means: `<2.0` is `<2`.
Clause: TypeAlias = tuple[str, object]

_CLAUSE = re.compile(r"\s*(===|==|~=|!=|<=|<)\s*([^\s,]+?)(\.\*)?\s*\Z")


class Added(NamedTuple):
    """A commit that keeps versions of a package out that were allowed before.

    `old` and `new` are specifiers; `first` is whether nothing declared the package before.
    """

    commit: Commit
    package: str
    kind: Literal["cap", "pin", "exclusion"]
    old: str
    new: str
    first: bool


class Bounds(NamedTuple):
    """The newest commit that brought each clause of a package, None where it only let more in.

    `moved` are the packages for which a commit asks anything else than before, by its hash.
    """

    added: dict[tuple[str, Clause], Added | None]
    moved: dict[str, frozenset[str]]


def clauses(specifier: str) -> Iterator[Clause]:
    """Yield the clauses that keep versions out from above, or single ones."""
    for part in specifier.split(","):
        clause = _clause(part)
        if clause is not None:
            yield clause


def _clause(part: str) -> Clause | None:
    match = _CLAUSE.match(part)
    if match is None:
        return None
    try:
        version: object = to_version(match[2])
    except ValueError:
        version = match[2]
    # `~=1.4` and `~=1.4.0` are not the same, nor are `1.*` and `1.0.*`.
    return match[1] + (match[3] or ""), (version, match[2].count(".")) if match[3] or match[1] == "~=" else version


def replay(logged: Sequence[Logged], readings: Readings, whole: bool) -> Bounds:
    """Return what commits did to the bounds; they come the newest first, and `whole` is whether none is missing.

    What is first seen where the history is cut was not added there. A version of a manifest that cannot be read is
    passed over.
    """
    return _Replay(readings, whole).run(logged)


class _Replay:
    def __init__(self, readings: Readings, whole: bool) -> None:
        self._readings = readings
        self._whole = whole
        self._held: dict[str, Declared] = {}
        self._seen: set[str] = set()
        self._lost: set[str] = set()
        self._found = Bounds({}, {})

    def run(self, logged: Sequence[Logged]) -> Bounds:
        for commit, files in reversed(logged):
            before = dict(self._held)
            known = [path for path, blob in files if self._step(path, blob)]
            self._compare(commit, before, known)
        return self._found

    def _step(self, path: str, blob: str | None) -> bool:
        """Put a file of a commit in place; return whether what it held before is known, and what it holds now."""
        known = path not in self._lost and (self._whole or path in self._seen)
        self._seen.add(path)
        if blob is None:
            self._held.pop(path, None)
            self._lost.discard(path)
            return known
        reading = self._readings.get((path, blob))
        if reading is not None:
            self._held[path] = reading
            self._lost.discard(path)
            return known
        if (path, blob) not in self._readings or path not in self._held:
            self._held.pop(path, None)
            self._lost.add(path)
        return False

    def _compare(self, commit: Commit, before: Mapping[str, Declared], paths: Sequence[str]) -> None:
        was, is_now = (_merged(state[path] for path in paths if path in state) for state in (before, self._held))
        changed = {name for name in was.keys() | is_now.keys() if was.get(name) != is_now.get(name)}
        if not changed:
            return
        self._found.moved[commit.hash] = frozenset(changed)
        for name in changed & is_now.keys():
            everywhere = [each for state in before.values() for each in state.get(name, ())]
            had = {clause for specifier in everywhere for clause in clauses(specifier)}
            for path in paths:
                here = before.get(path, {}).get(name, ())
                for new in self._held.get(path, {}).get(name, ()):
                    for clause in set(clauses(new)) - had:
                        self._found.added[name, clause] = _added(commit, name, clause, here or everywhere, new)


def _merged(states: Iterable[Declared]) -> dict[str, list[str]]:
    """Return what some manifests declare together: what moves from one to the other stays the same."""
    found: dict[str, list[str]] = {}
    for state in states:
        for name, specifiers in state.items():
            found.setdefault(name, []).extend(specifiers)
    return {name: sorted(specifiers) for name, specifiers in found.items()}


def _added(commit: Commit, name: str, clause: Clause, olds: Sequence[str], new: str) -> Added | None:
    """Return what a new clause did, None where it raises a bound: what is let in needs no reason to be kept out."""
    operator = clause[0]
    if operator == "!=" or operator == "!=.*":
        return Added(commit, name, "exclusion", ", ".join(olds), new, not olds)
    ceilings = [ceiling for ceiling in map(_ceiling, olds) if ceiling is not None]
    ceiling = _ceiling(new)
    if ceiling is None or (ceilings and ceiling >= min(ceilings)):
        return None
    kind: Literal["pin", "cap"] = "pin" if operator in ("==", "===") else "cap"
    return Added(commit, name, kind, ", ".join(olds), new, not olds)


def _ceiling(specifier: str) -> Version | None:
    """Return the version above which a specifier lets nothing in, None where there is none."""
    found = [ceiling for ceiling in map(_bound, specifier.split(",")) if ceiling is not None]
    return min(found, default=None)


def _bound(part: str) -> Version | None:
    match = _CLAUSE.match(part)
    if match is None or match[1] == "!=":
        return None
    try:
        version = to_version(match[2])
        if match[1] != "~=" and not match[3]:
            return version
        # `~=1.4.2` and `1.4.*` end at 1.5.
        release = version.release[:-1] if match[1] == "~=" else version.release
        return to_version(".".join(map(str, (*release[:-1], release[-1] + 1)))) if release else None
    except ValueError:
        return None
