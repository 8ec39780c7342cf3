"""The newest version that is allowed of each package: the project's own tool is asked, in a scratch copy."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Sequence

from whypin.errors import WhypinError
from whypin.model.names import normalise, spelt
from whypin.model.project import Project
from whypin.model.trial import Wanted
from whypin.model.version import to_version
from whypin.trials.preparation import Options, Place, Preparation
from whypin.trials.scratch import opened
from whypin.trials.session import Failed, Session
from whypin.trials.working_copy import WorkingCopy

#: The most of a report that is read, in bytes.
_REPORT = 64 << 20


def newest(place: Place, wanted: Sequence[Wanted], options: Options, tell: Callable[[str], None]) -> tuple[Wanted, ...]:
    """Return those of the packages that move, with the newest version that resolves; all others keep theirs.

    Where the build of such a version breaks, that version is returned: it is what there is to try. Raises WhypinError
    where the tool fails for another reason.
    """
    preparation = Preparation(place, wanted, options)
    with opened(preparation.workspace.root, False) as scratch:
        report = os.path.join(scratch.folder, "report.json")
        locker = preparation.locker(scratch.environment, report=report)
        copy = WorkingCopy(preparation, scratch)
        try:
            copy.lock(locker, Session(scratch, options, tell))
        except Failed as failed:
            return _blamed(failed, wanted, locker.name)
        found = _reported(report, wanted) if os.path.exists(report) else _locked(copy.read(), preparation, wanted)
    return tuple(one for one in found if _is_newer(one, preparation))


def _locked(after: Project, preparation: Preparation, wanted: Iterable[Wanted]) -> list[Wanted]:
    paths = {lock.path for lock in preparation.locks}
    locks = [lock for lock in after.locks if lock.path in paths]
    found = []
    for one in wanted:
        versions = [entry.version for lock in locks for entry in after.entries_of(lock, one.name) if entry.version]
        if versions:
            # Of several, for one Python each, say, only the oldest may do for all.
            found.append(Wanted(one.name, min(versions, key=to_version)))
    return found


def _reported(path: str, wanted: Iterable[Wanted]) -> list[Wanted]:
    """Return what pip would install, by the report of `pip install --report`."""
    with open(path, "rb") as file:
        told = json.loads(file.read(_REPORT))
    names = {one.name for one in wanted}
    items = (item["metadata"] for item in told["install"])
    return [Wanted(normalise(item["name"]), item["version"]) for item in items if normalise(item["name"]) in names]


def _is_newer(one: Wanted, preparation: Preparation) -> bool:
    project = preparation.project
    locked = [entry.version for lock in preparation.locks for entry in project.entries_of(lock, one.name)]
    return all(to_version(one.version) > to_version(version) for version in locked if version)


def _blamed(failed: Failed, wanted: Iterable[Wanted], tool: str) -> tuple[Wanted, ...]:
    """Return the version whose build broke, by the tool's own words; raises WhypinError where they don't name one."""
    for one in wanted:
        match = re.search(rf"\b{spelt(one.name)}(?:==|-| \(|@)v?(\d[\w.+!]*\w)", failed.evidence, re.IGNORECASE)
        if failed.kind == "broken" and match is not None:
            return (Wanted(one.name, match[1]),)
    said = " ".join(failed.evidence.split())
    raise WhypinError(f"{tool} finds no newer version: {said}", hint="does it lock as it is? whypin check tells")
