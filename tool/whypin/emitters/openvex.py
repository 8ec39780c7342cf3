"""OpenVEX 0.2.0: a statement for each waiver about the locked versions of its record's packages.

"Not affected" is claimed only where the waiver gives a justification; else the export says affected, with the reason.
Source: the OpenVEX specification, https://github.com/openvex/spec.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from whypin.emitters.emitted import Emitted, check_own, json_of, line_of, members
from whypin.emitters.waived import Waived, waived
from whypin.model.project import Project

_CONTEXT = "https://openvex.dev/ns/v0.2.0"
_TOOLING = "whypin emit openvex"


def render(project: Project, text: str | None, path: str) -> Emitted:
    """Return the document; none where no waiver is in force, for one without statements is not valid.

    The same records and locks give the same document; its id tells another from it.
    """
    check_own(text, path, lambda found: members(found).get("tooling") == _TOOLING)
    notes: list[str] = []
    said: set[tuple[str, str]] = set()
    stated: list[tuple[Waived, list[str]]] = []
    for each in waived(project):
        locked = _locked(project, each)
        new = [purl for purl in locked if (each.waiver.advisory, purl) not in said]
        said.update((each.waiver.advisory, purl) for purl in new)
        if new:
            stated.append((each, new))
        elif not locked:
            notes.append(
                f"the waiver of {each.waiver.advisory} is left out: {each.record.id} has no locked PyPI package"
            )
    return Emitted(json_of(_document(stated)) if stated else None, tuple(notes))


def _document(stated: list[tuple[Waived, list[str]]]) -> dict[str, Any]:
    import uuid

    records = [each.record for each, _ in stated]
    deciders = dict.fromkeys(decider for record in records for decider in record.deciders)
    rest = {
        "author": ", ".join(map(line_of, deciders)),
        "timestamp": _time(max(record.date for record in records)),
        "version": 1,
        "tooling": _TOOLING,
        "statements": [_statement(each, purls) for each, purls in stated],
    }
    return {"@context": _CONTEXT, "@id": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json_of(rest))}", **rest}


def _statement(each: Waived, purls: Iterable[str]) -> dict[str, Any]:
    waiver, record = each
    until = line_of(f"{record.title} ({record.path}), until {waiver.expires}")
    reason = line_of(waiver.reason)
    claim = (
        {"status": "not_affected", "justification": waiver.justification, "status_notes": f"{until}: {reason}"}
        if waiver.justification
        else {"status": "affected", "action_statement": reason, "status_notes": until}
    )
    return {
        "vulnerability": {"name": waiver.advisory},
        "timestamp": _time(record.date),
        "products": [{"@id": purl, "identifiers": {"purl": purl}} for purl in purls],
        **claim,
    }


def _time(day: date) -> str:
    return f"{day}T00:00:00Z"


def _locked(project: Project, each: Waived) -> list[str]:
    """Return the package URLs of what is locked of the record's packages, where it is in force for them."""
    return sorted(set(_purls(project, each)))


def _purls(project: Project, each: Waived) -> Iterator[str]:
    from urllib.parse import quote

    for name in each.record.packages:
        if name.startswith("conda:") or not project.is_active(each.record, name):
            continue
        for lock in project.locks_in_scope(each.record):
            for entry in project.entries_of(lock, name):
                if entry.version is not None and entry.source == "registry":
                    yield f"pkg:pypi/{name}@{quote(entry.version, safe='')}"
