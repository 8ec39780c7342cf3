"""The page of one decision: what was decided, about which packages, why, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from whypin.catalogue import paths, reasons
from whypin.catalogue.markup import Html, heading, join, paragraph, table, tag, text
from whypin.catalogue.parts import (
    Page,
    accepted,
    back,
    chip,
    code,
    codes,
    day,
    decision_link,
    edit,
    facts,
    finding_list,
    in_a_row,
    package_link,
    place,
    source,
)
from whypin.catalogue.view import View
from whypin.model.location import Location
from whypin.model.record import Artifact, Origin, Record

#: An artifact in more places than these is described well enough by its file.
_MOST_PLACES = 5
_STATED = chip("unverified")


def page(view: View, record: Record) -> Page:
    """Return the page of a decision."""
    path = paths.decision_page(view.options.folder, record.id)
    return Page(path, record.title, "\n".join(_blocks(view, record, path)))


def _blocks(view: View, record: Record, path: str) -> Iterator[str]:
    yield heading(1, record.title)
    yield f"{tag('div', chip(view.standing(record)), *_tags(record.tags), class_='whypin-lead')}\n"
    yield back(view, path)
    yield from _kin(view, record, path)
    yield _facts(view, record)
    if record.packages:
        yield _packages(view, record, path)
    if record.artifacts:
        yield _artifacts(view, record)
    if record.rationale:
        yield heading(2, "Why")
        yield reasons.why(view, record)
    yield from reasons.sections(view, record, 2)
    found = view.findings_of_record(record)
    if found:
        yield heading(2, "Findings")
        yield finding_list(view, found)


def _tags(tags: Sequence[str]) -> list[Html]:
    return [tag("span", word, class_="whypin-group") for word in tags]


def _facts(view: View, record: Record) -> str:
    due = view.review_by(record)
    return facts(
        [
            ("Decided", join([day(record.date), " by ", ", ".join(record.deciders)])),
            ("Review by", join([day(due), *([chip("due")] if view.is_due(record) else [])], " ") if due else "never"),
            ("Only for", codes(record.locks)),
            ("Drafted from", _origin(view, record.source)),
            ("Record", join([source(view, record), *edit(view, record)], " ")),
        ]
    )


def _origin(view: View, source: Origin | None) -> Html | None:
    if source is None:
        return None
    if not source.file:
        return join(["commit ", code(source.commit)])
    return place(view, Location(source.file, source.line)) if source.line else code(source.file)


def _kin(view: View, record: Record, path: str) -> Iterator[str]:
    old = [view.project.record_by_id[one] for one in record.supersedes if one in view.project.record_by_id]
    for words, records in (("Superseded by ", view.successors(record)), ("Supersedes ", old)):
        if records:
            yield paragraph(words, in_a_row([decision_link(view, other, path) for other in records]))


def _packages(view: View, record: Record, path: str) -> str:
    rows = []
    for name in record.packages:
        subject = view.subjects.get(name)
        locked = codes(subject.versions) if subject else text("not locked")
        state = chip(subject.state) if subject else Html("")
        replaced = chip("superseded") if view.standing(record, name) == "superseded" else state
        rows.append((package_link(view, name, path), accepted(record, name), locked, replaced))
    return table("decided", ("Package", "Accepts", "Locked", "State"), rows, "What it decides")


def _artifacts(view: View, record: Record) -> str:
    rows = [
        (text(item.name), text(item.kind), code(item.version), _held_where(view, item) if item.file else _STATED)
        for item in record.artifacts
    ]
    return table("artifacts", ("Beside the lock", "Kind", "Version", "Where"), rows, "What it decides beside the lock")


def _held_where(view: View, item: Artifact) -> Html:
    """Return the places of a file that hold an artifact, the first few, and the pattern that finds them."""
    from whypin.model.artifact import find

    read = view.project.files.get(item.file)
    found = islice(find(item.pattern, read, item.version), _MOST_PLACES) if isinstance(read, str) else ()
    places = dict.fromkeys(f"{item.file}:{held.line}" for held in found)
    return join([codes(places or [item.file]), " ", code(item.pattern)])
