"""Advisories written by hand, as an OSV export has them; and projects against which to hold them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from whypin.advisories.audit import audit
from whypin.advisories.build import Built, build
from whypin.model.advisory import Alerts
from whypin.model.alert import asked
from whypin.model.project import Project

TODAY = date(2026, 11, 22)


def affected(name: str = "pillow", *events: str, versions: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    """Return what an advisory says of a package; every event is written `fixed 1.0`."""
    pairs = [event.split(" ", 1) for event in events]
    ranges = [{"type": "ECOSYSTEM", "events": [{kind: version} for kind, version in pairs]}] if events else []
    return {"package": {"name": name, "ecosystem": "PyPI"}, "ranges": ranges, "versions": list(versions)} | more


def advisory(name: str = "PYSEC-2023-227", *about: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return an advisory; about pillow before 10.0.0 where nothing else is said."""
    given = list(about) or [affected("pillow", "introduced 0", "fixed 10.0.0")]
    return {"id": name, "modified": "2026-11-20T10:00:00Z", "affected": given} | more


def built(*documents: Mapping[str, Any], **files: bytes | str) -> Built:
    """Return what an export of these advisories comes to."""
    found = [(f"{document.get('id', number)}.json", json.dumps(document)) for number, document in enumerate(documents)]
    return build([*((name, text.encode()) for name, text in found), *files.items()], "all.zip", TODAY)


def alerted(subject: Project, *documents: Mapping[str, Any]) -> Project:
    """Return the project with what these advisories say of it."""
    subject.advisories = alerts(subject, *documents)
    return subject


def alerts(subject: Project, *documents: Mapping[str, Any]) -> Alerts:
    """Return what these advisories say of a project."""
    return audit(built(*documents).index, subject.locks, asked(subject), "osv.index")
