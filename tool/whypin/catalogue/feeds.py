"""The decisions as a feed (Atom 1.0, RFC 4287), the newest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from whypin.catalogue import figures, paths

if TYPE_CHECKING:
    from whypin.catalogue.view import View
    from whypin.model.record import Record

NAME = "decisions.atom"

#: Whoever reads a feed has seen the older ones; all of them are in catalogue.json.
_MOST = 100
#: What XML 1.0 cannot hold, not even as a reference; and control characters and direction marks.
_UNSEEN = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
#: Under which the names that ids are made of are unique; drawn once.
_OURS = "5f0b6c1e-6f0c-4d0e-9a53-6f3f4f6f0b57"


def render(view: View, address: Callable[[str], str], base: str = "") -> str:
    """Return the feed, to be written as UTF-8.

    `address` gives the address of a page relative to the catalogue's folder; with `base`, the address of that folder,
    all links are absolute. Ids are derived from the base, the folder and the record's id, and from nothing else.
    """
    records = view.newest_first[:_MOST]
    updated = max(map(_updated, records), default=view.project.today)
    start = urljoin(base, address(paths.start_page(view.options.folder)))
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"  <id>{_urn(view, base, '')}</id>",
        f"  <title>{_text(view.options.title)}: decisions</title>",
        f"  <updated>{_time(updated)}</updated>",
        f'  <link rel="self" type="application/atom+xml" href="{_text(urljoin(base, NAME))}"/>',
        f'  <link rel="alternate" href="{_text(start)}"/>',
        "  <generator>whypin</generator>",
    ]
    for record in records:
        lines += _entry(view, record, address, base)
    return "".join(f"{line}\n" for line in (*lines, "</feed>"))


def _entry(view: View, record: Record, address: Callable[[str], str], base: str) -> Iterator[str]:
    page = urljoin(base, address(paths.decision_page(view.options.folder, record.id)))
    yield "  <entry>"
    yield f"    <id>{_urn(view, base, record.id)}</id>"
    yield f"    <title>{_text(record.title)}</title>"
    yield f"    <published>{_time(record.date)}</published>"
    yield f"    <updated>{_time(_updated(record))}</updated>"
    yield f'    <link rel="alternate" href="{_text(page)}"/>'
    for decider in record.deciders:
        yield f"    <author><name>{_text(decider)}</name></author>"
    for word in dict.fromkeys((*record.packages, *record.tags)):
        yield f'    <category term="{_text(word)}"/>'
    yield f"    <summary>{_text(_summary(view, record))}</summary>"
    if record.rationale:
        yield f'    <content type="html">{_text(figures.without(view.prose(record.rationale)))}</content>'
    yield "  </entry>"


def _summary(view: View, record: Record) -> str:
    accepted = [f"{name} {', '.join(item.text for item in items)}" for name, items in record.packages.items()]
    held = [f"{artifact.name} {artifact.version}" for artifact in record.artifacts]
    return f"{view.standing(record)}: {'; '.join([*accepted, *held])}"


def _updated(record: Record) -> date:
    """Return the day of the last thing that a record tells: the decision, or an attempt that was logged later."""
    return max([record.date, *(attempt.date for attempt in record.attempts)])


def _time(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _urn(view: View, base: str, record_id: str) -> str:
    from uuid import UUID, uuid5

    whole = "\0".join((base, view.options.folder, record_id)).encode("utf-8", "replace").decode()
    return uuid5(UUID(_OURS), whole).urn


def _text(value: str) -> str:
    """Return text for an element or an attribute of XML."""
    plain = _UNSEEN.sub("\ufffd", value)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
