"""What the history of a project shows of its bounds: every version of its manifests, and the moves in its locks."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import NamedTuple

from whypin import manifests
from whypin.app import past
from whypin.app.past import Progress
from whypin.errors import WhypinError
from whypin.git.commits import blobs, log
from whypin.history.bounds import Bounds, Declared, Readings, replay
from whypin.history.log import Logged, parse
from whypin.model.change import Change
from whypin.model.manifest import Manifest, Requirement
from whypin.model.project import Project
from whypin.syntax.text import decode

#: So many commits that touch a manifest are looked at, so many that touch a lock, and so many seconds for each.
_COMMITS, _LOCK_COMMITS, _SECONDS = 2000, 500, 15.0
_MAX_BYTES = 1 << 20
#: git compares every path with every pattern.
_MANY_FOLDERS = 16


class Traces(NamedTuple):
    """What commits did to the bounds, the moves in the locks (the newest first), and what to know of the reading."""

    bounds: Bounds
    changes: Sequence[Change]
    notes: tuple[str, ...]


def trace(root: str, project: Project, progress: Progress | None = None) -> Traces:
    """Return what the branch that is checked out shows, as far as there is time for it.

    Raises WhypinError where there is no history of the manifests to read.
    """
    logged = _of_manifests(root, project, parse(log(root, _pathspecs(project), _COMMITS, _SECONDS)))
    late = _Deadline(progress)
    readings = _readings(root, logged, late)
    bounds = replay(logged, readings, len(logged) < _COMMITS)
    notes = []
    if late.passed:
        notes.append(f"the history of the manifests is long: only what {_SECONDS:.0f} seconds allow was read of it")
    changes, note = _changes(root, project, progress)
    return Traces(bounds, changes, (*notes, *filter(None, [note])))


class _Deadline:
    """Tells how far a reading is, and when it has taken long enough."""

    def __init__(self, progress: Progress | None) -> None:
        self._end = monotonic() + _SECONDS
        self._progress = progress
        self.passed = False

    def tell(self, done: int, total: int) -> None:
        self.passed = done < total and monotonic() > self._end
        if self._progress is not None:
            self._progress(total if self.passed else done, total)


def _pathspecs(project: Project) -> list[str]:
    """Return what to ask git for: the manifests of today, and all that may have stood in their folders before."""
    today = _today(project)
    folders = {path.rpartition("/")[0] for path in today} | {""}
    globs = [
        f":(glob){_escaped(f'{folder}/'.lstrip('/'))}{name}"
        for folder in sorted(folders)[:_MANY_FOLDERS]
        for name in manifests.PATTERNS
        if "/" not in name
    ]
    return [*(f":(literal){path}" for path in sorted(today)), *globs]


def _today(project: Project) -> set[str]:
    """Return the manifests that are there today, with the files that they include."""
    included = {place.location.path for manifest in project.manifests for place in requirements(manifest)}
    return included | {manifest.path for manifest in project.manifests}


def _of_manifests(root: str, project: Project, logged: Sequence[Logged]) -> list[Logged]:
    """Return the log without files that are there today and are no manifests of the project, such as exports."""
    today = _today(project)
    paths = {path for _, files in logged for path, _ in files}
    others = {path for path in paths - today if os.path.lexists(os.path.join(root, path))}
    return [Logged(commit, tuple(file for file in files if file[0] not in others)) for commit, files in logged]


def _escaped(path: str) -> str:
    return re.sub(r"([*?\[\]\\])", r"\\\1", path)


def _readings(root: str, logged: Sequence[Logged], late: _Deadline) -> Readings:
    """Read every version of the manifests once, the newest first, as long as there is time."""
    paths: dict[str, dict[str, None]] = {}
    for _, files in logged:
        for path, blob in files:
            if blob is not None:
                paths.setdefault(blob, {})[path] = None
    found: dict[tuple[str, str], Declared | None] = {}
    for number, (name, _, data) in enumerate(blobs(root, list(paths), _MAX_BYTES), 1):
        found.update(((path, name), _declared(data, path)) for path in paths[name])
        late.tell(number, len(paths))
        if late.passed:
            break
    return found


def _declared(data: bytes | None, path: str) -> Declared | None:
    """Return what a version of a manifest declares itself; what it includes is read by itself."""
    if data is None:
        return None
    try:
        manifest = manifests.read(_text(data, path), path, lambda _: "")
    except (WhypinError, RecursionError):
        return None
    found: dict[str, dict[str, None]] = {}
    for requirement in requirements(manifest):
        found.setdefault(requirement.key, {})[requirement.specifier] = None
    return {name: tuple(specifiers) for name, specifiers in found.items()}


def _text(data: bytes, path: str) -> str:
    if path.endswith((".txt", ".in")):
        from whypin.syntax.requirements import decode_requirements

        return decode_requirements(data, path)
    return decode(data, path)


def requirements(manifest: Manifest) -> Iterator[Requirement]:
    """Yield what a manifest requires, and what it tells the tool beside that."""
    yield from manifest.requirements
    yield from (override.requirement for override in manifest.overrides)


def _changes(root: str, project: Project, progress: Progress | None) -> tuple[Sequence[Change], str]:
    """Return the moves in the locks, the newest first; and a note where they take too long."""

    class TooLate(Exception):
        """Ends the reading: what is known of its beginning alone tells of no move."""

    late = _Deadline(progress)

    def tell(done: int, total: int) -> None:
        late.tell(done, total)
        if late.passed:
            raise TooLate

    chosen = [f"{root}/{lock.path}" for lock in project.locks] if project.partial else []
    try:
        found, _ = past.history(root, chosen, project.today, tell, past.Reach(_LOCK_COMMITS, _SECONDS))
    except TooLate:
        return (), "the history of the locks takes long to read: no draft comes from a version that was taken back"
    except WhypinError:
        return (), ""
    return found.changes, ""
