"""One file of an OSV export: checked, and reduced to what is asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date as Day
from typing import Any, NamedTuple

from whypin.errors import WhypinError
from whypin.model.advisory import Affected, Event, EventKind, Range, Severity
from whypin.model.names import is_valid, normalise
from whypin.model.tree import Node
from whypin.syntax.text import decode as to_text

ECOSYSTEM = "PyPI"
#: Of the versions of the format; another major version may mean anything by the same words.
_MAJOR = "1"

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}\Z")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?\Z")
_KINDS: tuple[EventKind, ...] = ("introduced", "fixed", "last_affected", "limit")
#: From the latest kind of vector to the oldest.
_VECTORS = ("CVSS_V4", "CVSS_V3", "CVSS_V2")
_RATINGS = {"moderate": "medium", "important": "high"} | {
    word: word for word in ("critical", "high", "medium", "low", "none")
}
_MOST_SUMMARY = 200


class About(NamedTuple):
    """What an advisory says of one package, by its normal name."""

    name: str
    affected: Affected
    severity: Severity


class Document(NamedTuple):
    """One advisory as it stands in the export; `modified` a time (RFC 3339), `ecosystems` are all that it is about."""

    id: str
    aliases: tuple[str, ...]
    modified: str
    published: Day | None
    withdrawn: bool
    summary: str
    packages: tuple[About, ...]
    ecosystems: tuple[str, ...]


def read(data: bytes, name: str) -> Document:
    """Return the advisory in a file of that name, JSON or YAML; raises WhypinError that says why it is none."""
    text = to_text(data, name)
    return _document(_yaml(text, name) if name.lower().endswith((".yaml", ".yml")) else _json(text, name), name)


def _json(text: str, name: str) -> Any:
    from whypin.syntax.json import load

    return load(text, name)


def _yaml(text: str, name: str) -> Any:
    from whypin.model.location import Location
    from whypin.syntax.yaml import parse

    node, problems = parse(text)
    if node is None or problems:
        line, column, message, *_ = problems[0] if problems else (1, 1, "not a YAML mapping")
        raise WhypinError(message, Location(name, line, column))
    return _plain(node)


def _plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: _plain(value) for key, value in node.value.items()}
    if isinstance(node.value, list):
        return [_plain(value) for value in node.value]
    return None if node.style == "" and node.value in ("", "~", "null") else node.value


def _document(data: Any, name: str) -> Document:
    try:
        return _checked(data)
    except ValueError as error:
        from whypin.model.location import Location

        raise WhypinError(str(error), Location(name)) from None


def _checked(data: Any) -> Document:
    if not isinstance(data, dict) or not _ID.match(_text(data, "id")):
        raise ValueError("not an advisory: there is no id")
    version = _text(data, "schema_version") or "1.0.0"
    if version.partition(".")[0] != _MAJOR:
        raise ValueError(f"version {version[:20]} of the OSV format is not known")
    affected = _tables(data, "affected")
    ecosystems = dict.fromkeys(_text(_table(each, "package"), "ecosystem") or "none" for each in affected)
    ours = [each for each in affected if _text(_table(each, "package"), "ecosystem") == ECOSYSTEM]
    return Document(
        data["id"],
        tuple(dict.fromkeys(alias for alias in _texts(data, "aliases") if _ID.match(alias))),
        _modified(data),
        _day(_text(data, "published")),
        bool(data.get("withdrawn")),
        " ".join(_text(data, "summary").split())[:_MOST_SUMMARY],
        tuple(_about(each, data) for each in ours),
        tuple(ecosystems),
    )


def _modified(data: Mapping[str, Any]) -> str:
    """Return when it was last modified, or "" where that is no time: such an advisory counts all the same."""
    text = _text(data, "modified")
    return text if _day(text) is not None else ""


def _about(affected: Mapping[str, Any], whole: Mapping[str, Any]) -> About:
    name = _text(_table(affected, "package"), "name")
    if not is_valid(name):
        raise ValueError(f"{name[:40]!r} is not the name of a package")
    ranges = tuple(_range(each) for each in _tables(affected, "ranges") if _text(each, "type") != "GIT")
    versions = tuple(dict.fromkeys(_texts(affected, "versions")))
    return About(normalise(name), Affected(ranges, versions), _severity(affected, whole))


def _range(data: Mapping[str, Any]) -> Range:
    kind = _text(data, "type")
    # SEMVER is no type that PyPI uses; a version of it that PEP 440 can read is compared as one.
    if kind not in ("ECOSYSTEM", "SEMVER"):
        raise ValueError(f"{kind[:20]!r} is no type of range")
    events = tuple(event for each in _tables(data, "events") for event in _events(each))
    if not any(event.kind == "introduced" for event in events):
        raise ValueError("a range does not say where it begins")
    return events


def _events(data: Mapping[str, Any]) -> Iterator[Event]:
    """Yield what one event says; the format wants one thing, but early advisories say two, and both are meant."""
    known = [kind for kind in _KINDS if data.get(kind) is not None]
    if not known:
        raise ValueError("an event of a range is none of " + ", ".join(_KINDS))
    for kind in known:
        yield Event(kind, _text(data, kind))


def _severity(affected: Mapping[str, Any], whole: Mapping[str, Any]) -> Severity:
    """Return what is said of the package itself; only where nothing is, what is said of all."""
    own = _tables(affected, "severity")
    given = own or _tables(whole, "severity")
    vectors = {_text(each, "type"): _text(each, "score") for each in given}
    vector = next((vectors[kind] for kind in _VECTORS if vectors.get(kind)), "")
    words = [
        _table(affected, "ecosystem_specific").get("severity"),
        _table(affected, "database_specific").get("severity"),
        None if own else _table(whole, "database_specific").get("severity"),
        *vectors.values(),
    ]
    rating = next((_RATINGS[word.lower()] for word in words if isinstance(word, str) and word.lower() in _RATINGS), "")
    return Severity(rating or "unknown", vector[:200] if vector.isprintable() else "")


def _day(text: str) -> Day | None:
    match = _DAY.match(text)
    try:
        return Day.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{key} is not text")
    return value


def _texts(data: Mapping[str, Any], key: str) -> list[str]:
    value = data.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"{key} is not a list of texts")
    return value


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"{key} is not a table")
    return value


def _tables(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = data.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ValueError(f"{key} is not a list of tables")
    return value
