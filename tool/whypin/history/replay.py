"""Commits replayed from the oldest: every move of a locked version, through changes of format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from whypin.history.chunks import State
from whypin.history.contents import INCLUDING, Contents
from whypin.history.log import Logged
from whypin.model.change import Change, Commit, History, Unread, are_equal, in_order

#: The locks of one folder, by path, with what they hold.
Held = dict[str, State]


class Replay:
    """The files and locks as they stand in one commit after the other.

    `kind_of` gives the format by a path, None for what is no lock of the project; `listed` tells the locks that count
    even beside others; `is_record` the decision records.
    """

    def __init__(
        self,
        contents: Contents,
        kind_of: Callable[[str], str | None],
        listed: Callable[[str], bool],
        is_record: Callable[[str], bool],
    ) -> None:
        self._contents = contents
        self._kind_of = kind_of
        self._listed = listed
        self._is_record = is_record
        self._files: dict[str, str] = {}
        self._held: dict[str, Held] = {}
        self._unread: list[Unread] = []

    def run(self, logged: Sequence[Logged]) -> History:
        """Return the history of commits that come the newest first."""
        by_commit: list[list[Change]] = []
        commits = 0
        for commit, files in reversed(logged):
            locks = self._step(files)
            commits += bool(locks)
            records = tuple(sorted(path for path, _ in files if self._is_record(path)))
            moved = [change for folder in sorted(locks) for change in self._changes(folder, locks[folder], commit)]
            by_commit.append([change._replace(records=records) for change in moved] if records else moved)
        changes = tuple(change for moved in reversed(by_commit) for change in moved)
        return History(changes, tuple(reversed(self._unread)), commits)

    def _step(self, files: Iterable[tuple[str, str | None]]) -> dict[str, list[str]]:
        """Put the files of a commit in place; return the locks that this touched, by folder."""
        touched: dict[str, None] = {}
        for path, blob in files:
            if blob is None:
                self._files.pop(path, None)
            else:
                self._files[path] = blob
            touched[path] = None
        for path in list(touched):
            touched.update(dict.fromkeys(sorted(self._contents.included_by.get(path, ()))))
        locks: dict[str, list[str]] = {}
        for path in touched:
            if self._kind_of(path) is not None:
                locks.setdefault(path.rpartition("/")[0], []).append(path)
        return locks

    def _changes(self, folder: str, paths: Iterable[str], commit: Commit) -> Iterator[Change]:
        held = self._held.setdefault(folder, {})
        before = self._in_force(held)
        for path in paths:
            if path not in self._files:
                held.pop(path, None)
                continue
            reading = self._contents.reading(path, self._files)
            if reading.problem:
                self._unread.append(Unread(path, commit, reading.problem))
            elif reading.state is None:
                held.pop(path, None)
            else:
                held[path] = reading.state
        return compare(before, self._in_force(held), commit)

    def _in_force(self, held: Held) -> Held:
        """Return the locks that count: beside another lock, requirements are its export."""
        own = any(self._kind_of(path) != INCLUDING for path in held)
        return {
            path: state
            for path, state in held.items()
            if not own or self._kind_of(path) != INCLUDING or self._listed(path)
        }


def compare(before: Held, after: Held, commit: Commit) -> Iterator[Change]:
    """Yield what moved in one folder, by lock and package.

    A lock that is there before and after is compared with itself. Locks that went are compared with those that came: a
    change of format moves nothing by itself. One that came beside others adds what they do not hold; one that
    went from beside others removes what they do not hold.
    """
    for path in sorted(before.keys() & after.keys()):
        if before[path] is not after[path]:
            yield from _moves({path: before[path]}, {path: after[path]}, commit)
    went = {path: before[path] for path in sorted(before.keys() - after.keys())}
    came = {path: after[path] for path in sorted(after.keys() - before.keys())}
    if went and came:
        yield from _moves(went, came, commit, next(iter(came)))
    elif came:
        added = {name for state in came.values() for name, _ in state}
        for move in _moves(_only(before, added), came, commit):
            if not set(move.new) <= set(move.old):
                yield move
    elif went:
        removed = {name for state in went.values() for name, _ in state}
        for move in _moves(went, _only(after, removed), commit):
            if not set(move.old) <= set(move.new):
                yield move


def _only(held: Held, names: set[str]) -> Held:
    return {path: tuple(fact for fact in state if fact[0] in names) for path, state in held.items()}


def _moves(before: Held, after: Held, commit: Commit, successor: str = "") -> Iterator[Change]:
    """Yield what differs between locks; what is gone counts for their successor, if there is one."""
    old = {fact for state in before.values() for fact in state}
    new = {fact for state in after.values() for fact in state}
    names = {name for name, _ in old ^ new}
    if not names:
        return
    olds, news = _by_name(before, names), _by_name(after, names)
    for name in sorted(names):
        was, is_now = olds.get(name, {}), news.get(name, {})
        if was and is_now and are_equal(was, is_now):
            continue
        held_in = next(iter(was.values()), None)
        lock = next(iter(is_now.values()), successor or held_in or "")
        yield Change(name, in_order(was), in_order(is_now), lock, commit, held_in if held_in != lock else None)


def _by_name(held: Held, names: set[str]) -> Mapping[str, dict[str, str]]:
    """Return for each of the names its versions, and for each of these the first lock that holds it."""
    found: dict[str, dict[str, str]] = {}
    for path, state in held.items():
        for name, version in state:
            if name in names:
                found.setdefault(name, {}).setdefault(version, path)
    return found
