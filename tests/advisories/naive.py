"""A second matcher that is slow and simple: OSV's pseudocode word for word, over the advisories as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from packaging.version import InvalidVersion, Version


@cache
def order(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def naively_affected(document: Mapping[str, Any], package: str, text: str) -> bool:
    """Whether an advisory affects a version that is PEP 440: as it is written, or without its local part."""
    version = order(text)
    assert version is not None
    forms = {version, Version(version.public)}
    return any(
        _in_versions(form, text, each) or any(_in_range(form, span) for span in each.get("ranges") or [])
        for each in document.get("affected") or []
        if each["package"]["ecosystem"] == "PyPI" and _key(each["package"]["name"]) == package
        for form in forms
    )


def _key(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _in_versions(form: Version, text: str, each: Mapping[str, Any]) -> bool:
    listed = each.get("versions") or []
    return text in listed or str(form) in listed or any(order(one) == form for one in listed)


def _in_range(form: Version, span: Mapping[str, Any]) -> bool:
    if span["type"] == "GIT":
        return False
    events = [(kind, text) for event in span["events"] for kind, text in event.items()]
    limits = [text for kind, text in events if kind == "limit" and text != "*"]
    if limits and not any(form < (order(limit) or form) for limit in limits):
        return False
    vulnerable = False
    placed = [event for event in events if event[1] == "0" or order(event[1]) is not None]
    for kind, text in sorted(placed, key=lambda event: _rank(*event)):
        at = order(text)
        assert at is not None
        if kind == "introduced" and (text == "0" or form >= at):
            vulnerable = True
        elif (kind == "fixed" and form >= at) or (kind == "last_affected" and form > at):
            vulnerable = False
    return vulnerable


def _rank(kind: str, text: str) -> tuple[bool, Version]:
    first = kind == "introduced" and text == "0"
    return (not first, order(text) or Version("0"))
