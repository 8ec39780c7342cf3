"""The page of one package: its version and the reason first, then what stands around it."""

from __future__ import annotations

from collections.abc import Iterator

from whypin.catalogue import paths, reasons
from whypin.catalogue.markup import Html, Markdown, heading, inward, join, paragraph, table, tag, text
from whypin.catalogue.parts import (
    Page,
    accepted,
    chip,
    code,
    day,
    decision_link,
    described_elsewhere,
    facts,
    finding_list,
    in_a_row,
    package_link,
)
from whypin.catalogue.view import Subject, View
from whypin.model.lock import Entry
from whypin.model.project import entry_key
from whypin.model.record import Record


def page(view: View, subject: Subject) -> Page:
    """Return the page of a package."""
    path = paths.package_page(view.options.folder, subject.name)
    return Page(path, subject.name, "\n".join(_blocks(view, subject, path)), boost=2)


def _blocks(view: View, subject: Subject, path: str) -> Iterator[str]:
    yield heading(1, subject.name)
    yield _lead(subject)
    yield paragraph(in_a_row(_ways(view, subject, path)))
    found = view.findings_of_package(subject.name)
    if found:
        yield finding_list(found)
    for record in subject.records:
        yield from _decision(view, subject, record, path)
    if not subject.records:
        yield from _undecided(subject)
    yield from _locked(subject)
    yield from _neighbours(view, subject, path)
    yield from _others(view, subject, path)


def _lead(subject: Subject) -> str:
    versions = [tag("span", version, class_="whypin-version") for version in subject.versions]
    groups = [tag("span", group, class_="whypin-group") for group in subject.groups]
    return f"{tag('div', *versions, chip(subject.state), *groups, class_='whypin-lead')}\n"


def _ways(view: View, subject: Subject, path: str) -> list[Markdown | Html]:
    folder = view.options.folder
    return [
        inward(view.options.title, paths.start_page(folder), path),
        inward("All packages", paths.all_packages_page(folder), path),
        *described_elsewhere(view, subject),
    ]


def _decision(view: View, subject: Subject, record: Record, path: str) -> Iterator[str]:
    yield heading(2, decision_link(view, record, path))
    due = view.review_by(record)
    yield facts(
        [
            ("Accepts", accepted(record, subject.name)),
            ("Decided", join([day(record.date), " by ", ", ".join(record.deciders)])),
            ("Review by", day(due) if due else "never"),
        ]
    )
    yield reasons.why(record)
    yield from reasons.sections(record, 3)


def _undecided(subject: Subject) -> Iterator[str]:
    yield heading(2, "No decision")
    if subject.required:
        excused = ", but it is exempt at exactly this version" if subject.state == "exempt" else ""
        yield paragraph(f"None is in force. The reason for asking: {subject.required}{excused}.")
    else:
        yield paragraph("None is in force, and the policy asks for none: this version may float under the lock.")


def _locked(subject: Subject) -> Iterator[str]:
    entries = [(package, entry) for package in subject.packages for entry in package.entries]
    columns = {
        "Version": [code(entry.version) if entry.version else text("no version") for _, entry in entries],
        "For": [code(entry.marker) if entry.marker else Html("") for _, entry in entries],
        "From": [_source(entry) for _, entry in entries],
        "Groups": [text(", ".join(entry.groups)) for _, entry in entries],
        "Stands in": [code(f"{package.lock.path}:{entry.location.line}") for package, entry in entries],
    }
    filled = {title: cells for title, cells in columns.items() if any(cells)}
    yield heading(2, "Locked")
    yield table("locked", list(filled), zip(*filled.values(), strict=True))


def _source(entry: Entry) -> Html:
    where = entry.index or entry.ref
    return join([entry.source, " ", code(where)]) if where else text(entry.source)


def _neighbours(view: View, subject: Subject, path: str) -> Iterator[str]:
    parents = [_neighbour(view, entry, path) for entry in view.needed_by(subject) if not entry.member]
    if subject.direct:
        parents.insert(0, Markdown("the project itself"))
    if parents:
        yield heading(2, "Needed by")
        yield paragraph(in_a_row(parents))
    children = [_neighbour(view, entry, path) for entry in view.needs(subject)]
    if children:
        yield heading(2, "Needs")
        yield paragraph(in_a_row(children))


def _neighbour(view: View, entry: Entry, path: str) -> Markdown:
    version = f" {text(entry.version)}" if entry.version else ""
    return Markdown(f"{package_link(view, entry_key(entry), path)}{version}")


def _others(view: View, subject: Subject, path: str) -> Iterator[str]:
    others = view.other_records(subject)
    if others:
        yield heading(2, "Other decisions about it")
        yield "".join(
            f"- {decision_link(view, record, path)} {chip(view.standing(record, subject.name))} {day(record.date)}\n"
            for record in others
        )
