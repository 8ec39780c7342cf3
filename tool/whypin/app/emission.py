"""The use case that hands decisions to other tools: reads what is there, merges, and writes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from whypin import emitters
from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.workspace import Workspace, find_root

if TYPE_CHECKING:
    from whypin.emitters.emitted import Emitted
    from whypin.model.project import Project


class Emission(NamedTuple):
    """The file of one target: what it has to hold, and what it holds now (None: it is not there)."""

    target: str
    path: str
    emitted: Emitted
    before: str | None

    @property
    def fresh(self) -> bool:
        """Whether the file holds what it has to, whatever the ends of its lines."""
        return _lines(self.emitted.text) == _lines(self.before)

    @property
    def first(self) -> str:
        """What is left to do where the file is new, and where its tool looks for it."""
        target = emitters.TARGETS[self.target]
        return target.first if self.before is None and self.path in target.paths else ""


def _lines(text: str | None) -> str | None:
    return text.replace("\r\n", "\n") if text is not None else None


def emit(root: str | None, project: Project, targets: Sequence[str], output: str | None = None) -> list[Emission]:
    """Return what each target's file has to hold; writes nothing.

    Raises WhypinError where a record can't be read: what it says would be missing; and where a file can't be merged.
    """
    if project.invalid_records:
        where = Location(project.invalid_records[0].path)
        raise WhypinError("the record has problems, and what it says would be missing", where, "see whypin check")
    workspace = Workspace(root if root is not None else find_root())
    return [_emission(workspace, project, target, output) for target in targets]


def _emission(workspace: Workspace, project: Project, target: str, output: str | None) -> Emission:
    paths = [workspace.relative(output)] if output is not None else emitters.TARGETS[target].paths
    path = next((path for path in paths if _is_there(workspace, path)), paths[-1])
    before = _as_written(workspace, path) if _is_there(workspace, path) else None
    return Emission(target, path, emitters.render(target, project, before, path), before)


def _is_there(workspace: Workspace, path: str) -> bool:
    return os.path.lexists(os.path.join(workspace.root, path))


def _as_written(workspace: Workspace, path: str) -> str:
    """Return a text with the ends of its lines as they are; raises WhypinError where it can't be read."""
    workspace.text(path)
    return workspace.as_written(path).decode().removeprefix("\ufeff")


def write(root: str | None, emissions: Sequence[Emission]) -> list[bool]:
    """Write the file of each target, whole or not at all; returns which of them had to be.

    Raises WhypinError, before anything is written, where a file has to be the user's own and is not there, and where
    one is there that has nothing left to say.
    """
    for each in emissions:
        _refuse(each)
    workspace = Workspace(root if root is not None else find_root())
    return [_written(workspace, each) for each in emissions]


def _refuse(emission: Emission) -> None:
    if emission.emitted.fragment:
        hint = emitters.TARGETS[emission.target].lacking
        raise WhypinError("there is no such file to write into", Location(emission.path), hint)
    if emission.emitted.text is None and emission.before is not None:
        raise WhypinError("no waiver is in force, so there is nothing to say", Location(emission.path), "remove it")


def _written(workspace: Workspace, emission: Emission) -> bool:
    text = emission.emitted.text
    if text is None or emission.fresh:
        return False
    if emission.before is not None and "\r\n" in emission.before and "\r\n" not in text:
        text = text.replace("\n", "\r\n")
    workspace.write(emission.path, text)
    return True
