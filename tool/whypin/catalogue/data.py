"""The catalogue for other programs: `catalogue.json`, a contract of its own version."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from whypin.catalogue import paths
from whypin.catalogue.view import Subject, View

if TYPE_CHECKING:
    from whypin.model.record import Record

VERSION = 1
NAME = "catalogue.json"

#: From the path of a page to its address, relative to the catalogue's folder.
Address = Callable[[str], str]


def render(view: View, address: Address) -> str:
    """Return version 1 of the contract: one JSON object in ASCII, with a line for each package and each decision."""
    members = {
        "version": VERSION,
        "title": view.options.title,
        "today": str(view.project.today),
        "packages": [_package(view, subject, address) for subject in view.subjects.values()],
        "decisions": [_decision(view, record, address) for record in view.newest_first],
    }
    return "{" + ",\n".join(f"{json.dumps(key)}: {_json(value)}" for key, value in members.items()) + "}\n"


def _json(value: object) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value)
    return "[\n" + ",\n".join(f"  {json.dumps(item)}" for item in value) + "\n]"


def _package(view: View, subject: Subject, address: Address) -> dict[str, Any]:
    days = [due for record in subject.records if (due := view.review_by(record)) is not None]
    return {
        "name": subject.name,
        "page": address(paths.package_page(view.options.folder, subject.name)),
        "versions": list(dict.fromkeys(entry.version for entry in subject.entries if entry.version)),
        "state": subject.state,
        "direct": subject.direct,
        "required": subject.required,
        "groups": list(subject.groups),
        "locks": [package.lock.path for package in subject.packages],
        "decisions": [record.id for record in subject.records],
        "review_by": _day(min(days, default=None)),
    }


def _decision(view: View, record: Record, address: Address) -> dict[str, Any]:
    return {
        "id": record.id,
        "page": address(paths.decision_page(view.options.folder, record.id)),
        "title": record.title,
        "status": record.status,
        "superseded_by": _each_once(view.project.superseded, record),
        "supersedes": list(record.supersedes),
        "date": str(record.date),
        "deciders": list(record.deciders),
        "packages": {name: [item.text for item in items] for name, items in record.packages.items()},
        "artifacts": {artifact.name: artifact.version for artifact in record.artifacts},
        "review_by": _day(view.review_by(record)),
        "tags": list(record.tags),
        "path": record.path,
    }


def _each_once(superseded: dict[tuple[str, str], str], record: Record) -> list[str]:
    from whypin.model.project import named_in

    found: Iterable[str | None] = (superseded.get((record.id, name)) for name in named_in(record))
    return [one for one in dict.fromkeys(found) if one is not None]


def _day(day: date | None) -> str | None:
    return str(day) if day is not None else None
