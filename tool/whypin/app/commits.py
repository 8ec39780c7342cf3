"""Drafts from commits: who added a bound that is there today, or took a version back, and said why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from whypin import locks
from whypin.app.drafted import Told
from whypin.app.past import Progress
from whypin.app.traces import requirements, trace
from whypin.drafts.commits import Event, drafts
from whypin.drafts.draft import Draft
from whypin.drafts.reason import weigh
from whypin.errors import WhypinError
from whypin.git.commits import bodies, is_shallow, touched
from whypin.history.bounds import Added, Bounds, clauses
from whypin.history.log import parse
from whypin.manifests import is_candidate
from whypin.model.change import Change, Commit
from whypin.model.manifest import Manifest, Requirement
from whypin.model.project import Package, Project

#: What changes with a requirement and is about nothing else.
_NARROW = (".md", ".rst", ".txt", ".in")
_RANK = {"low": 0, "medium": 1, "high": 2}


class Heard(NamedTuple):
    """What commits tell, at most once for each package, and what to know of the reading."""

    told: tuple[Told, ...] = ()
    notes: tuple[str, ...] = ()


class _Held(NamedTuple):
    """What is to be explained: one event, the bound that is there today, and the locks that it speaks of."""

    event: Event
    commit: Commit
    specifier: str
    locks: tuple[str, ...]
    first: bool


def hear(root: str, project: Project, spoken_for: Collection[str], progress: Progress | None = None) -> Heard:
    """Return a draft for each package that a commit gives a reason for, but for those that are spoken for.

    Never raises WhypinError: where the history cannot be read, or is cut, nothing is told, and a note says so.
    """
    alone = "drafts come from comments and the rules of bots alone"
    try:
        if is_shallow(root):
            return Heard(notes=(f"the clone is shallow: {alone}; git fetch --unshallow brings the commits",))
        found = trace(root, project, progress)
        held = [*_bounded(project, found.bounds, spoken_for), *_taken_back(project, found.changes, spoken_for)]
        told = _told(root, project, held, _moved(project, found.bounds, found.changes))
    except WhypinError as error:
        message = error.message if root not in error.message else "there is no git history here"
        return Heard(notes=(f"{message}: {alone}",))
    return Heard(told, found.notes)


def _bounded(project: Project, bounds: Bounds, spoken_for: Collection[str]) -> Iterator[_Held]:
    """Yield for each clause that is there today the commit that added it, if that kept more out than before."""
    seen: set[tuple[str, str]] = set()
    for manifest in project.manifests:
        for requirement in requirements(manifest):
            name = requirement.key
            if name in spoken_for or not requirement.caps or project.is_own(manifest, requirement):
                continue
            for clause in clauses(requirement.specifier):
                added = bounds.added.get((name, clause))
                if added is not None and (name, added.commit.hash) not in seen:
                    seen.add((name, added.commit.hash))
                    yield _held(added, requirement, manifest)


def _held(added: Added, requirement: Requirement, manifest: Manifest) -> _Held:
    event = Event(added.package, added.kind, added.old, added.new)
    return _Held(event, added.commit, requirement.specifier, manifest.locks, added.first)


def _taken_back(project: Project, changes: Sequence[Change], spoken_for: Collection[str]) -> Iterator[_Held]:
    """Yield each direct package whose last move was down, and that stands there still."""
    direct = {(package.lock.path, package.name): package for package in project.packages if _is_chosen(package)}
    seen: set[tuple[str, str]] = set()
    for change in changes:
        place = (change.lock, change.package)
        if place in seen:
            continue
        seen.add(place)
        package = direct.get(place)
        if package is None or change.kind != "downgraded" or change.package in spoken_for:
            continue
        if len(change.new) == 1 and change.new == package.versions:
            event = Event(change.package, "downgrade", change.old[-1], change.new[0])
            yield _Held(event, change.commit, event.bound, (change.lock,), False)


def _is_chosen(package: Package) -> bool:
    return package.direct and not package.member


def _moved(project: Project, bounds: Bounds, changes: Sequence[Change]) -> Mapping[str, set[str]]:
    """Return what each commit moved, by its hash: all that it asks for or locks, but what a downgrade took with it."""
    direct = {package.name for package in project.packages if _is_chosen(package)}
    found = {commit: set(names) for commit, names in bounds.moved.items()}
    for change in changes:
        if change.old and change.new and (change.package in direct or change.kind != "downgraded"):
            found.setdefault(change.commit.hash, set()).add(change.package)
    return found


def _told(root: str, project: Project, held: Sequence[_Held], moved: Mapping[str, set[str]]) -> tuple[Told, ...]:
    """Return the surest draft of each package, of equals the newest; a bound goes before a version taken back."""
    by_commit: dict[str, list[_Held]] = {}
    for each in held:
        of_it = by_commit.setdefault(each.commit.hash, [])
        if all(other.event.package != each.event.package for other in of_it):
            of_it.append(each)
    said, wider = bodies(root, list(by_commit)), _wider(root, list(by_commit))
    known = {package.name for package in project.packages}
    found: dict[str, list[Told]] = {}
    for commit, of_it in by_commit.items():
        events = {each.event.package: each for each in of_it}
        # Words that may be about other things have to name the package: of two that moved, it is not alone.
        all_moved = max(len(moved.get(commit, set()) | events.keys()), 1 + (commit in wider))
        for draft in drafts(of_it[0].commit, said.get(commit, ""), [each.event for each in of_it], all_moved, known):
            each = events[draft.package]
            if not each.first or _is_about_the_bound(draft):
                told = Told(draft._replace(specifier=each.specifier), each.locks, each.commit.day)
                found.setdefault(draft.package, []).append(told)
    time = {each.commit.hash: each.commit.time for each in held}

    def order(told: Told) -> tuple[int, str]:
        return _RANK[told.draft.sure], time[told.draft.source.commit]

    return tuple(max(several, key=order) for several in found.values())


def _wider(root: str, commits: Sequence[str]) -> set[str]:
    """Return the commits that touched more than manifests, locks and prose: their words may be about that."""
    return {
        commit.hash
        for commit, files in parse(touched(root, commits))
        if not all(locks.is_candidate(path) or path.endswith(_NARROW) or is_candidate(path) for path, _ in files)
    }


def _is_about_the_bound(draft: Draft) -> bool:
    """Whether words that came with a new package are about its versions: most say why it is there at all."""
    signs = weigh(draft.quote, draft.package, draft.specifier).signs
    return "bound" in signs or bool(draft.facts.failing_versions)
