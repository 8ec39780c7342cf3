"""The history as anybody would write it first: every lock of every commit through its own reader, one by one."""

from __future__ import annotations

from pathlib import Path

from tests.history.repository import Repository
from whypin import locks
from whypin.errors import WhypinError
from whypin.model.lock import SOURCE_TREES

Event = tuple[str, str, frozenset[str], frozenset[str]]
Held = dict[str, set[str]]


def events(repository: Repository) -> set[Event]:
    """Return (commit, package, old versions, new versions) of all commits of one folder: the root."""
    found: set[Event] = set()
    last: dict[str, Held] = {}
    in_force: dict[str, Held] = {}
    for commit in repository.git("rev-list", "--first-parent", "--reverse", "HEAD").split():
        now: dict[str, Held] = {}
        for path in repository.git("ls-tree", "--name-only", commit).split():
            if locks.format_of(path) is not None:
                text = repository.git("show", f"{commit}:{path}")
                held = _held(text, path, last.get(path))
                if held is not None:
                    now[path] = held
        last = now
        own = {path: held for path, held in now.items() if not locks.is_requirements(path)}
        before, in_force = in_force, own or now
        found |= {(commit, *event) for event in _moved(before, in_force)}
    return found


def _held(text: str, path: str, before: Held | None) -> Held | None:
    try:
        if locks.is_requirements(path) and not locks.is_exact(text, path, Path.read_text):  # type: ignore[arg-type]
            return None
        lock = locks.read(text, path, Path.read_text)  # type: ignore[arg-type]
    except WhypinError:
        return before
    held: Held = {}
    for entry in lock.entries:
        if entry.source not in SOURCE_TREES:
            held.setdefault(entry.name, set()).add(str(entry.version))
    return held


def _moved(before: dict[str, Held], after: dict[str, Held]) -> set[tuple[str, frozenset[str], frozenset[str]]]:
    pairs = [(before[path], after[path]) for path in before if path in after]
    went = _union([held for path, held in before.items() if path not in after])
    came = _union([held for path, held in after.items() if path not in before])
    moved = {event for pair in pairs for event in _differences(*pair)}
    if went and came:
        return moved | _differences(went, came)
    beside = _union([held for path, held in before.items() if path in after])
    moved |= {
        event for event in _differences({n: v for n, v in beside.items() if n in came}, came) if event[2] - event[1]
    }
    rest = _union(list(after.values()))
    return moved | {
        event for event in _differences(went, {n: v for n, v in rest.items() if n in went}) if event[1] - event[2]
    }


def _union(several: list[Held]) -> Held:
    union: Held = {}
    for held in several:
        for name, versions in held.items():
            union.setdefault(name, set()).update(versions)
    return union


def _differences(old: Held, new: Held) -> set[tuple[str, frozenset[str], frozenset[str]]]:
    names = old.keys() | new.keys()
    pairs = {(name, frozenset(old.get(name, ())), frozenset(new.get(name, ()))) for name in names}
    return {event for event in pairs if event[1] != event[2]}
