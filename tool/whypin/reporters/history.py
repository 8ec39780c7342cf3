"""The moves of locked versions over the commits, for people and for other programs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from whypin.model.change import Change, Commit, History, Unread
from whypin.reporters.escape import cut, json_text, one_line
from whypin.reporters.text import count, paint

_HASH = 9
_SUBJECT = 100


def render_text(found: History, package: str | None, color: bool = False) -> str:
    """Return one paragraph a commit, the newest first, and a last line that sums up."""
    paragraphs = [
        "".join(f"{line}\n" for line in [_head(commit, color), *_with(listed[0]), *map(_line, listed)])
        for commit, group in groupby(found.changes, key=lambda change: change.commit)
        for listed in [list(group)]
    ]
    number = len({change.commit.hash for change in found.changes})
    of = f" of {one_line(package)}" if package is not None else ""
    last = f"{count(len(found.changes), 'change')}{of} in {number} of {count(found.commits, 'commit')} of locks\n"
    return "\n".join([*paragraphs, last])


def _head(commit: Commit, color: bool) -> str:
    said = one_line(f"{commit.author}: {cut(commit.subject, _SUBJECT)}")
    return f"{one_line(commit.day)} {paint(one_line(commit.hash[:_HASH]), 'path', color)} {said}"


def _with(change: Change) -> list[str]:
    return [f"  with {one_line(', '.join(change.records))}"] if change.records else []


def _line(change: Change) -> str:
    old, new = ", ".join(change.old), ", ".join(change.new)
    versions = f"{old} -> {new}" if old and new else f"{new} added" if new else f"{old} removed"
    formerly = f" ({change.formerly} before)" if change.formerly else ""
    accepted = f"; accepted by {', '.join(change.accepted_by)}" if change.accepted_by else ""
    return f"  {one_line(f'{change.package} {versions} in {change.lock}{formerly}{accepted}')}"


def render_json(found: History, package: str | None, color: bool = False) -> str:
    """Return version 1 of the contract: one object for each change, the newest first."""
    return json_text(
        {
            "version": 1,
            "package": package,
            "commits": found.commits,
            "shallow": found.shallow,
            "changes": [_object(change) for change in found.changes],
            "unread": [_unread(each) for each in found.unread],
        }
    )


RENDERERS: dict[str, Callable[[History, str | None, bool], str]] = {"text": render_text, "json": render_json}


def _object(change: Change) -> dict[str, Any]:
    commit = change.commit
    return {
        "package": change.package,
        "kind": change.kind,
        "old": list(change.old),
        "new": list(change.new),
        "lock": change.lock,
        "formerly": change.formerly,
        "commit": commit.hash,
        "date": commit.time,
        "author": commit.author,
        "subject": commit.subject,
        "accepted_by": list(change.accepted_by),
        "records": list(change.records),
    }


def _unread(unread: Unread) -> dict[str, Any]:
    return {
        "lock": unread.lock,
        "commit": unread.commit.hash,
        "date": unread.commit.time,
        "message": unread.message,
    }


def unread_line(unread: Unread) -> str:
    """Return what could not be read, and in which commit, as one line."""
    return one_line(f"in {unread.commit.hash[:_HASH]} of {unread.commit.day}, {unread.message}; passed over")
