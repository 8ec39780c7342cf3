"""Trials of what has come due: the newest version that is allowed of each package, one occasion after the other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from whypin.errors import WhypinError
from whypin.model.lock import Lock
from whypin.model.project import Project
from whypin.model.trial import DueTrial, Occasion, Wanted
from whypin.model.version import accepted_by
from whypin.trials import lockers, plan
from whypin.trials.conduct import tell_left_out, tried
from whypin.trials.newest import newest
from whypin.trials.occasions import occasions
from whypin.trials.preparation import Options, People, Place
from whypin.workspace import Workspace, find_root


def come_due(place: Place, tell: Callable[[str], None]) -> list[Occasion]:
    """Return what has come due; nothing is copied, run or written."""
    project = _project(place)
    tell_left_out(project, tell)
    return occasions(project)


def due_trials(place: Place, options: Options, people: People) -> Iterator[DueTrial]:
    """Make a trial of each thing that has come due, and yield what came of it: an error ends no more than its own."""
    project = _project(place)
    place = place._replace(root=place.root if place.root is not None else find_root(), today=project.today)
    tell_left_out(project, people.tell)
    found = occasions(project)
    lifted = {record.id for occasion in found for record in occasion.records}
    for occasion in found:
        people.tell(f"== {'; '.join(occasion.reasons)}")
        try:
            done = _tried(place, project, occasion, lifted, options, people)
        except WhypinError as error:
            done = DueTrial(occasion, "not tried", said=str(error))
        if done.said:
            people.tell(f"{done.outcome}: {done.said}")
        yield done


def _project(place: Place) -> Project:
    workspace = Workspace(place.root if place.root is not None else find_root())
    project = workspace.load(place.locks, place.today)
    if not project.locks:
        raise WhypinError(f"no lock file found below {workspace.root}", hint="lock the project first")
    return project


def _tried(
    place: Place, project: Project, occasion: Occasion, lifted: set[str], options: Options, people: People
) -> DueTrial:
    locks = _locks(project, occasion)
    if occasion.unfit or not lockers.is_known(locks[0].format):
        said = occasion.unfit or f"no trial can be made of a {locks[0].format} lock"
        return DueTrial(occasion, "nothing to try", said=said)
    place = _narrowed(place, project, locks)
    asked = [Wanted(name, "", plan.allowed_by_others(project, locks, name, lifted)) for name in occasion.packages]
    people.tell(f"looking for the newest {', '.join(occasion.packages)}")
    found = newest(place, asked, options, people.tell)
    wanted = [one for one in found if not _rejecting(project, occasion, one, lifted)]
    if not wanted:
        return DueTrial(occasion, "nothing to try", found, said=_nothing(project, occasion, found, lifted))
    trial = tried(place, list(map(str, wanted)), options, people)
    return DueTrial(occasion, trial.outcome, tuple(wanted), trial)


def _locks(project: Project, occasion: Occasion) -> list[Lock]:
    return [lock for lock in project.locks if lock.path in occasion.locks]


def _narrowed(place: Place, project: Project, locks: Sequence[Lock]) -> Place:
    """Return the place with only these locks, and the requirements files beside them: all are installed together."""
    paths = {each.path for lock in locks for each in plan.beside(project, lock)}
    chosen = [lock for lock in project.locks if lock.path in paths]
    if len(chosen) == len(project.locks):
        return place
    assert place.root is not None, "it was found"
    return place._replace(locks=tuple(os.path.join(place.root, lock.path) for lock in chosen))


def _rejecting(project: Project, occasion: Occasion, one: Wanted, lifted: set[str]) -> list[str]:
    """Return the ids of the records that have not come due and don't accept a version."""
    locks = _locks(project, occasion)
    records = plan.others(project, locks, one.name, lifted)
    return [record.id for record in records if not any(accepted_by(record.packages[one.name], one.version, None))]


def _nothing(project: Project, occasion: Occasion, found: Sequence[Wanted], lifted: set[str]) -> str:
    rejected = [f"{one} ({', '.join(_rejecting(project, occasion, one, lifted))} rejects it)" for one in found]
    if rejected:
        return f"the newest is kept out: {'; '.join(rejected)}"
    held = ", ".join(f"{name} {' and '.join(versions)}" for name, versions in occasion.packages.items())
    locks = _locks(project, occasion)
    ids = [record.id for name in occasion.packages for record in plan.others(project, locks, name, lifted)]
    beside = f" beside {', '.join(dict.fromkeys(ids))}" if ids else ""
    return f"nothing newer is allowed than {held}{beside}"
