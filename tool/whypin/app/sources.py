"""Where drafts come from: comments beside requirements first, then commits, then the rules of update bots."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from typing import NamedTuple

from whypin.app import commits
from whypin.app.drafted import Drafted, Told, from_comments, from_others
from whypin.app.past import Progress
from whypin.drafts.draft import Draft
from whypin.errors import WhypinError
from whypin.model.project import Project
from whypin.model.version import accepted_by, parse_item
from whypin.workspace import Workspace

_RENOVATE = (
    "renovate.json",
    "renovate.json5",
    ".github/renovate.json",
    ".github/renovate.json5",
    ".renovaterc",
    ".renovaterc.json",
    "package.json",
)
_DEPENDABOT = (".github/dependabot.yml", ".github/dependabot.yaml")


class Sources(NamedTuple):
    """What a team already wrote, as records; `noted` are those from comments, which come first."""

    noted: tuple[Drafted, ...]
    others: tuple[Drafted, ...]
    notes: tuple[str, ...]


def gather(workspace: Workspace, project: Project, folder: str, progress: Progress | None = None) -> Sources:
    """Return the drafts for the packages that no record names; what cannot be read is a note and no failure."""
    noted = tuple(from_comments(project, folder))
    records = (*project.records, *(drafted.record for drafted in noted))
    heard = commits.hear(workspace.root, project, {name for record in records for name in record.packages}, progress)
    notes = list(heard.notes)
    told = [*heard.told, *_ruled(workspace, project, notes)]
    return Sources(noted, tuple(from_others(project, folder, told, noted)), tuple(notes))


def _ruled(workspace: Workspace, project: Project, notes: list[str]) -> Iterator[Told]:
    """Yield what bots are told, where it still holds what is locked; adds a note for each file that can't be read."""
    known = {package.name for package in project.packages}
    for path in (*_RENOVATE, *_DEPENDABOT):
        if not os.path.isfile(os.path.join(workspace.root, path)):
            continue
        try:
            found = list(_rules(workspace.text(path), path, known))
        except WhypinError as error:
            notes.append(f"{error.where or path}: {error.message}: no drafts from its rules")
            continue
        yield from (Told(draft) for draft in found if _holds(draft, project))


def _rules(text: str, path: str, known: Collection[str]) -> Iterator[Draft]:
    from whypin.drafts.bots import from_dependabot, from_renovate

    if path in _DEPENDABOT:
        return from_dependabot(text, path, known)
    if path == "package.json" and '"renovate"' not in text:
        return iter(())
    return from_renovate(text, path, known)


def _holds(draft: Draft, project: Project) -> bool:
    """Whether a rule is about a package that is locked, and all its locked versions are within it."""
    found = [entry for lock in project.locks for entry in project.entries_of(lock, draft.package)]
    if not draft.specifier or not found:
        return bool(found)
    try:
        item = parse_item(draft.specifier)
    except ValueError:
        return False
    return all(all(accepted_by((item,), entry.version, None)) for entry in found)
