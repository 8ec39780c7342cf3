"""What a change does, for other programs: version 1 of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whypin.model.advice import lifted_by
from whypin.model.difference import Check, Difference, Excused, LockDifference, Moved, RecordChanges
from whypin.model.lock import Entry
from whypin.model.record import Record
from whypin.reporters.escape import json_text


def render(found: Difference) -> str:
    """Return one JSON object, with a line for each lock and for each step of the checklist."""
    return json_text(
        {
            "version": 1,
            "base": found.base,
            "locks": list(map(_lock, found.locks)),
            "records": _records(found.records),
            "checklist": list(map(_check, found.checklist)),
            "summary": found.counts,
        }
    )


def _lock(lock: LockDifference) -> dict[str, Any]:
    return {"lock": lock.path, "kind": lock.kind, "was": lock.was, "moves": list(map(_moved, lock.moved))}


def _moved(moved: Moved) -> dict[str, Any]:
    package = moved.package
    return {
        "name": moved.name,
        "kind": moved.kind,
        "step": moved.step,
        "direct": moved.direct,
        "groups": list(moved.groups),
        "before": list(map(_entry, moved.before)),
        "after": list(map(_entry, moved.after)),
        "line": package.location.line if package is not None else None,
        "state": package.state if package is not None else None,
        "required": package.required if package is not None else None,
        "decisions": [
            {"record": record.id, "title": record.title, "decides": record in moved.deciding}
            for record in moved.accepting
        ],
        "rejected_by": [_rejecting(record, moved.name) for record in moved.rejecting],
        "brought_by": None if moved.brought_by is None else list(moved.brought_by),
        "fix": moved.fix or None,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {"version": entry.version, "source": entry.source, "index": entry.index, "ref": entry.ref}


def _rejecting(record: Record, name: str) -> dict[str, Any]:
    return {
        "record": record.id,
        "title": record.title,
        "deciders": list(record.deciders),
        "date": str(record.date),
        "accepts": [item.text for item in record.packages[name]],
        "lifted_by": list(lifted_by(record)),
    }


def _records(records: RecordChanges) -> dict[str, Any]:
    return {
        "added": list(map(_record, records.added)),
        "edited": [{**_record(record), "fields": list(fields)} for record, fields in records.edited],
        "superseded": [
            {**_record(one.record), "by": one.by, "packages": list(one.packages)} for one in records.superseded
        ],
        "deleted": list(map(_record, records.deleted)),
        "exempted": _excused(records.exempted),
        "unexempted": _excused(records.unexempted),
    }


def _record(record: Record) -> dict[str, Any]:
    return {"record": record.id, "title": record.title, "status": record.status, "path": record.path}


def _excused(excused: Sequence[Excused]) -> list[dict[str, Any]]:
    return [{"lock": one.lock, "name": one.name, "versions": list(one.versions)} for one in excused]


def _check(check: Check) -> dict[str, Any]:
    return {
        "record": check.record.id,
        "kind": check.step.kind,
        "text": check.step.text,
        "packages": list(check.packages),
    }
