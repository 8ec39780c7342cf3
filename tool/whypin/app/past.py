"""The use case of the history: which files of which commits are read, and what of it was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import NamedTuple

from whypin import locks
from whypin.errors import WhypinError
from whypin.git.commits import blobs, is_shallow, log
from whypin.history.contents import INCLUDING, Contents, Load
from whypin.history.log import Logged, parse
from whypin.history.replay import Replay
from whypin.model import glob
from whypin.model.change import Change, History
from whypin.model.lock import Lock
from whypin.model.names import record_key
from whypin.model.project import Project
from whypin.model.version import accepted_by
from whypin.syntax.text import MAX_BYTES, decode
from whypin.workspace import EXEMPTIONS, Workspace, find_root

#: Is told how many of how many contents are read.
Progress = Callable[[int, int], None]

#: In more folders than this, locks are looked for everywhere: git compares every path with every pattern.
_MANY_FOLDERS = 16
#: Files that locks include may include others: so many times the log is asked again for those.
_ROUNDS = 4


class Reach(NamedTuple):
    """How far back the history is read: so many commits, and so many seconds for finding them; None is no end."""

    commits: int | None = None
    seconds: float | None = None


EVERYTHING = Reach()


def history(
    root: str | None,
    chosen: Sequence[str] = (),
    on_day: date | None = None,
    progress: Progress | None = None,
    reach: Reach = EVERYTHING,
) -> tuple[History, Project]:
    """Return every move of a locked version on the branch that is checked out, and the project as it is today.

    Followed are the folders that hold a lock or a manifest today, and the root; with `chosen` locks, their folders.
    Where the `reach` ends before the history does, it is shallow, as that of a clone that is cut. Raises WhypinError
    where there is no history, or no lock in it.
    """
    workspace = Workspace(root if root is not None else find_root())
    project = workspace.load(chosen, on_day)
    followed = _Followed(workspace, project, chosen)
    found = _replayed(workspace.root, followed, progress, reach)
    if not found.commits:
        paths = ", ".join(lock.path for lock in project.locks) or "any lock"
        raise WhypinError(f"no commit of this branch holds {paths}", hint="commit the lock, or correct --root")
    return found._replace(shallow=found.shallow or is_shallow(workspace.root)), project


def select(found: History, project: Project, package: str | None, since: date | None, limit: int | None) -> History:
    """Return what is about one package (or all), from a day on, the newest so many; with what accepts it today.

    Raises WhypinError for a package that no commit locked.
    """
    changes = found.changes
    if package is not None:
        name = record_key(package)
        changes = tuple(change for change in changes if change.package == name)
        if not changes:
            raise _never_locked(name, found)
    if since is not None:
        changes = tuple(change for change in changes if change.commit.day >= since.isoformat())
    return found._replace(changes=tuple(_with_decisions(change, project) for change in changes[:limit]))


def _never_locked(name: str, found: History) -> WhypinError:
    from difflib import get_close_matches

    near = get_close_matches(name, {change.package for change in found.changes}, 3, 0.6)
    hint = f"did you mean {' or '.join(near)}?" if near else "whypin history --all shows what was"
    commits = "one commit that touches" if found.commits == 1 else f"{found.commits} commits that touch"
    return WhypinError(f"{name} was never locked in the {commits} a lock", hint=hint)


def _with_decisions(change: Change, project: Project) -> Change:
    accepting: list[str] = []
    for record in project.active_by_package.get(change.package, ()) if change.new else ():
        # The index of a version that was locked once is not known.
        items = [item._replace(index=None) for item in record.packages[change.package]]
        in_scope = not record.locks or glob.first_match(record.locks, change.lock) is not None
        if in_scope and all(any(accepted_by(items, version, None)) for version in change.new):
            accepting.append(record.id)
    return change._replace(accepted_by=tuple(accepting)) if accepting else change


class _Followed:
    """Which paths of a commit are locks of the project, today or once, and which are decision records."""

    def __init__(self, workspace: Workspace, project: Project, chosen: Sequence[str]) -> None:
        settings = project.settings
        self.read = {lock.path for lock in project.locks}
        files = [*self.read, *(manifest.path for manifest in project.manifests)]
        self.folders = {_folder(path) for path in (self.read if chosen else [*files, ""])}
        self.patterns = self.read if chosen else settings.locks
        self.exclude = [pattern.rstrip("/") for pattern in settings.exclude]
        self.passed_over = self._passed_over(workspace) if self.patterns else frozenset()
        self.records = "" if settings.records in ("", ".") else f"{settings.records}/"

    def _passed_over(self, workspace: Workspace) -> Collection[str]:
        """Return the locks that are there today and that the project does not read, but for exports: once they were."""
        own = {_folder(path) for path in self.read if not locks.is_requirements(path)}
        found = set(workspace.find_locks(self.exclude, True)) - self.read
        return frozenset(path for path in found if not (locks.is_requirements(path) and _folder(path) in own))

    def kind_of(self, path: str) -> str | None:
        """Return the format of a lock by its path; None for what is none of the project's."""
        if _folder(path) not in self.folders or path in self.passed_over:
            return None
        known = locks.format_of(path)
        if known is None:
            return INCLUDING if path in self.read else None
        parts = path.split("/")
        places = ("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
        return None if any(glob.first_match(self.exclude, place) for place in places) else known.module

    def is_listed(self, path: str) -> bool:
        """Whether the user names this lock, so that it counts even beside others."""
        return glob.first_match(self.patterns, path) is not None

    def is_record(self, path: str) -> bool:
        """Whether a decision record stands at this path."""
        return path.startswith(self.records) and path.endswith(".yaml") and path != f"{self.records}{EXEMPTIONS}"

    def pathspecs(self) -> list[str]:
        """Return what to ask git for: all locks that may have stood in the folders, and the records."""
        literal = [f":(literal){path}" for path in sorted(self.read) if locks.format_of(path) is None]
        return [*literal, *self._patterns(), f":(glob){_escaped(self.records)}**/*.yaml"]

    def _patterns(self) -> list[str]:
        if len(self.folders) > _MANY_FOLDERS:
            return [f":(glob)**/{pattern}" for pattern in locks.PATTERNS]
        found = []
        for folder in sorted(self.folders):
            inside, above = f"{folder}/".lstrip("/"), folder.rpartition("/")[2]
            for pattern in locks.PATTERNS:
                first, slash, name = pattern.rpartition("/")
                if not slash or first == above:
                    found.append(f":(glob){_escaped(inside)}{name}")
        return found


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _escaped(path: str) -> str:
    return re.sub(r"([*?\[\]\\])", r"\\\1", path)


def _replayed(root: str, followed: _Followed, progress: Progress | None, reach: Reach) -> History:
    """Replay the log; files that locks include and that stand elsewhere are asked for as soon as they are known."""
    others: frozenset[str] = frozenset()
    for _ in range(_ROUNDS):
        found, more = _replayed_with(others, root, followed, progress, reach)
        if not more:
            break
        others |= more
    return found


def _replayed_with(
    others: Collection[str], root: str, followed: _Followed, progress: Progress | None, reach: Reach
) -> tuple[History, set[str]]:
    """Replay the log with files that are included; return which of those that are were not asked for."""
    specs = [*followed.pathspecs(), *(f":(literal){path}" for path in sorted(others))]
    logged = parse(log(root, specs, reach.commits, reach.seconds))
    contents = Contents(lambda path: followed.kind_of(path) or INCLUDING, _reader(followed), _decode)
    _fill(contents, root, logged, lambda path: path in others or followed.kind_of(path) is not None, progress)
    found = Replay(contents, followed.kind_of, followed.is_listed, followed.is_record).run(logged)
    seen = {path for _, files in logged for path, _ in files}
    found = found._replace(shallow=len(logged) == reach.commits)
    return found, {path for path in contents.included_by if not path.startswith(("/", "../"))} - seen - set(others)


def _fill(
    contents: Contents, root: str, logged: Sequence[Logged], wanted: Callable[[str], bool], progress: Progress | None
) -> None:
    """Read every content that stood at a path that is wanted, once."""
    paths: dict[str, dict[str, None]] = {}
    for _, files in logged:
        for path, blob in files:
            if blob is not None and wanted(path):
                paths.setdefault(blob, {})[path] = None
    for number, (name, size, data) in enumerate(blobs(root, list(paths), MAX_BYTES), 1):
        contents.take(name, paths[name], data, size)
        if progress is not None:
            progress(number, len(paths))


def _reader(followed: _Followed) -> Callable[[bytes, str, Load], Lock | None]:
    def read(data: bytes, path: str, load: Load) -> Lock | None:
        text = _decode(data, path)
        if locks.is_requirements(path) and not followed.is_listed(path) and not locks.is_exact(text, path, load):
            return None
        return locks.read(text, path, load)

    return read


def _decode(data: bytes, path: str) -> str:
    if locks.format_of(path) in (locks.REQUIREMENTS, None):
        from whypin.syntax.requirements import decode_requirements

        return decode_requirements(data, path)
    return decode(data, path)
