"""What is known about one package, for other programs: version 1 of the contract."""

from __future__ import annotations

from typing import Any

from whypin.model.ancestry import Path
from whypin.model.explanation import AskedVersion, Decision, Explanation, Holding, Stated
from whypin.model.location import Location
from whypin.model.lock import Lock
from whypin.model.manifest import Requirement
from whypin.model.project import Package
from whypin.model.record import Attempt, Record
from whypin.reporters.audit import alert, told_of, unchecked
from whypin.reporters.escape import json_text
from whypin.reporters.packages import _object as locked_entry

Object = dict[str, Any]


def render_json(explanation: Explanation, color: bool = False, everything: bool = False) -> str:
    """Return one JSON object; nothing is cut short."""
    name, _ = explanation.question
    about = explanation.about_version
    return json_text(
        {
            "version": 1,
            "package": name,
            "locks": [_lock(holding) for holding in explanation.holdings],
            "decisions": [_decision(decision, name) for decision in explanation.decisions],
            "superseded": [_other(record, explanation) for record in explanation.others],
            "attempts": [_attempt(*pair) for pair in explanation.attempts],
            "artifacts": [_artifact(stated) for stated in explanation.artifacts],
            "advisories": _advisories(explanation),
            "asked": _asked(about) if about else None,
        }
    )


def _advisories(explanation: Explanation) -> Object | None:
    alerts = explanation.project.advisories
    if alerts is None:
        return None
    return {
        **told_of(alerts),
        "alerts": [alert(row) for row in explanation.alerts],
        "unchecked": [unchecked(one) for one in explanation.unchecked],
    }


def _lock(holding: Holding) -> Object:
    package, ancestry = holding.package, holding.ancestry
    return {
        "lock": package.lock.path,
        "state": package.state,
        "required": _required(holding),
        "entries": [_entry(holding, at) for at in range(len(package.entries))],
        "declared": [
            *(_requirement(requirement, "requirement") for requirement in holding.declared),
            *(_requirement(override.requirement, override.kind) for override in holding.overrides),
        ],
        "reached": ancestry.reached if ancestry.recorded else None,
        "paths": [_path(path, package.lock) for path in ancestry.paths] if ancestry.recorded else None,
        "dependents": len(ancestry.dependents) if ancestry.recorded else None,
        "dependencies": _dependencies(package),
    }


def _required(holding: Holding) -> Object | None:
    if not holding.demand.required:
        return None
    place = holding.asked_at
    path, line = (place.path, place.line) if place else (None, None)
    return {"reason": holding.demand.reason, "path": path, "line": line}


def _entry(holding: Holding, at: int) -> Object:
    package = holding.package
    needed_by = dict.fromkeys(package.lock.entries[parent].name for parent in holding.ancestry.parents[at])
    known = list(needed_by) if holding.ancestry.recorded else None
    return {**locked_entry(package, package.entries[at]), "needed_by": known}


def _requirement(requirement: Requirement, kind: str) -> Object:
    return {
        "kind": kind,
        **_place(requirement.location),
        "name": requirement.name,
        "extras": list(requirement.extras),
        "specifier": requirement.specifier,
        "written": requirement.written,
        "url": requirement.url,
        "marker": requirement.marker,
        "group": requirement.group,
        "comment": requirement.comment,
    }


def _place(location: Location) -> Object:
    return location._asdict()


def _path(path: Path, lock: Lock) -> Object:
    return {
        "groups": list(path.groups),
        "members": [lock.entries[position].name for position in path.members],
        "steps": [
            {
                "name": lock.entries[step.position].name,
                "version": lock.entries[step.position].version,
                "line": lock.entries[step.position].location.line,
                "extras": list(step.extras),
                "marker": step.marker,
            }
            for step in path.steps
        ],
    }


def _dependencies(package: Package) -> list[str] | None:
    if all(entry.edges is None for entry in package.entries):
        return None
    edges = [edge for entry in package.entries for edge in entry.edges or () if edge.targets]
    return list(dict.fromkeys(edge.name for edge in edges if edge.name != package.entries[0].name))


def _decision(decision: Decision, name: str) -> Object:
    record = decision.record
    return {
        "id": record.id,
        "title": record.title,
        "status": record.status,
        "deciders": list(record.deciders),
        "date": str(record.date),
        "review_by": str(decision.review_by) if decision.review_by else None,
        **_place(record.package_place(name)),
        "accepts": [item.text for item in record.packages[name]],
        "decides": list(decision.decides),
        "rejects": list(decision.rejects),
        "rationale": record.rationale,
        "exit_criteria": [{criterion.kind: criterion.value} for criterion in record.exit_criteria],
        "waivers": [
            {"advisory": waiver.advisory, "reason": waiver.reason, "expires": str(waiver.expires)}
            for waiver in record.waivers
        ],
    }


def _other(record: Record, explanation: Explanation) -> Object:
    return {
        "id": record.id,
        "title": record.title,
        "status": record.status,
        "date": str(record.date),
        **_place(record.package_place(explanation.question.name)),
        "superseded_by": explanation.replaced_by(record),
    }


def _attempt(record: Record, attempt: Attempt) -> Object:
    told = attempt._asdict()
    return {"record": record.id, **told, "date": str(attempt.date), "commands": list(attempt.commands)}


def _artifact(stated: Stated) -> Object:
    artifact = stated.artifact
    return {
        "record": stated.record.id,
        "name": artifact.name,
        "kind": artifact.kind,
        "version": artifact.version,
        "file": artifact.file or None,
        "active": stated.active,
        "verified": bool(stated.places) and all(good for *_, good in stated.places),
    }


def _asked(about: AskedVersion) -> Object:
    return {
        "version": about.version,
        "locked": list(about.locked),
        "accepted_by": [record.id for record, answer in about.answers if answer == "accepts"],
        "rejected_by": [record.id for record, answer in about.answers if answer == "rejects"],
        "attempts": [_attempt(*pair) for pair in about.attempts],
        "options": [{"record": record.id, **option._asdict()} for record, option in about.options],
    }
