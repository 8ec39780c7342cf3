"""The page of one package: its version and the reason first, then what stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whypin.catalogue import alerts, history, paths, reasons
from whypin.catalogue.kin import MOST_WAYS
from whypin.catalogue.markup import Html, Markdown, bullets, heading, join, marked, paragraph, table, tag, text
from whypin.catalogue.parts import (
    Page,
    accepted,
    back,
    chip,
    code,
    codes,
    count,
    day,
    decision_link,
    described_elsewhere,
    facts,
    finding_list,
    in_a_row,
    labels,
    package_link,
    place,
    source,
)
from whypin.catalogue.view import Subject, View
from whypin.model.location import Location
from whypin.model.lock import Entry, abridged
from whypin.model.manifest import Override, Requirement
from whypin.model.project import entry_key
from whypin.model.record import Record

_MOST_NEIGHBOURS = 24
#: What the project asks for itself is explained by that: fewer ways tell who else needs it.
_MOST_BESIDE = 5
#: A path deeper than this is told by its ends.
_DEEPEST = 8
_ADDED = {"override": "in its place", "constraint": "limited to", "exclude": "left out"}


def page(view: View, subject: Subject) -> Page:
    """Return the page of a package."""
    path = paths.package_page(view.options.folder, subject.name)
    return Page(path, subject.name, "\n".join(_blocks(view, subject, path)), boost=2)


def gone(view: View, name: str) -> Page:
    """Return the page of a package that decisions speak of and no lock holds: its address stays."""
    path = paths.package_page(view.options.folder, name)
    blocks = [heading(1, name), f"{tag('div', chip('not-locked'), class_='whypin-lead')}\n", back(view, path)]
    blocks.append(paragraph(f"No lock of this project holds {name} on {view.project.today}. Decisions speak of it:"))
    blocks.append(bullets(_other(view, name, record, path) for record in view.gone[name]))
    declared = list(_declared(view, name))
    return Page(path, name, "\n".join([*blocks, *declared, *history.section(view, name, path)]))


def _blocks(view: View, subject: Subject, path: str) -> Iterator[str]:
    yield heading(1, subject.name)
    yield _lead(subject)
    yield back(view, path, *described_elsewhere(view, subject))
    for record in subject.records:
        yield from _decision(view, subject, record, path)
    if not subject.records:
        yield from _undecided(subject)
    found = view.findings_of_package(subject.name)
    if found:
        yield heading(2, "Findings")
        yield finding_list(view, found)
    yield from alerts.section(view, subject, path)
    yield from _declared(view, subject.name)
    yield from _locked(view, subject)
    yield from _needed_by(view, subject, path)
    yield from _needs(view, subject, path)
    yield from history.section(view, subject.name, path)
    yield from _others(view, subject, path)


def _lead(subject: Subject) -> str:
    versions = [tag("span", version, class_="whypin-version") for version in subject.versions]
    groups = [tag("span", group, class_="whypin-group") for group in subject.groups]
    return f"{tag('div', *versions, chip(subject.state), *groups, class_='whypin-lead')}\n"


def _decision(view: View, subject: Subject, record: Record, path: str) -> Iterator[str]:
    yield heading(2, decision_link(view, record, path))
    due = view.review_by(record)
    yield facts(
        [
            ("Accepts", accepted(record, subject.name)),
            ("Decided", join([day(record.date), " by ", ", ".join(record.deciders)])),
            ("Review by", join([day(due), *([chip("due")] if view.is_due(record) else [])], " ") if due else "never"),
            ("Record", source(view, record) if view.options.source_url else None),
        ]
    )
    yield reasons.why(view, record)
    yield from reasons.sections(view, record, 3)


def _undecided(subject: Subject) -> Iterator[str]:
    yield heading(2, "No decision")
    if subject.required:
        excused = ", but it is exempt at exactly this version" if subject.state == "exempt" else ""
        yield paragraph(f"None is in force. The reason for asking: {subject.required}{excused}.")
    else:
        yield paragraph("None is in force, and the policy asks for none: this version may float under the lock.")


def _declared(view: View, name: str) -> Iterator[str]:
    """Yield what the manifests ask for, with the comment that stands there, and what the tools are told beside."""
    asked = view.declared(name)
    told = view.overrides(name)
    if not asked and not told:
        return
    items = [_requirement(view, need) for need in asked] + [_override(view, override) for override in told]
    yield heading(2, "Declared")
    yield f"{tag('ul', *items, class_='whypin-declared')}\n"


def _requirement(view: View, need: Requirement) -> Html:
    words = need.written or need.specifier or (abridged(need.url) if need.url else "")
    head = [
        code(words) if words else text("any version"),
        " in ",
        place(view, need.location),
        *([" for ", labels("group", [need.group])]),
    ]
    head += [" where ", code(abridged(need.marker))] if need.marker else []
    comment = [tag("p", "\u201c", need.comment, "\u201d", class_="whypin-details")] if need.comment else []
    return tag("li", *head, *comment)


def _override(view: View, override: Override) -> Html:
    need = override.requirement
    of = [" of ", code(override.parent)] if override.parent else []
    words = [" ", code(need.written or need.specifier)] if need.written or need.specifier else []
    return tag("li", _ADDED[override.kind], *words, *of, " in ", place(view, need.location))


def _locked(view: View, subject: Subject) -> Iterator[str]:
    entries = [(package, entry) for package in subject.packages for entry in package.entries]
    columns = {
        "Version": [code(entry.version) if entry.version else text("no version") for _, entry in entries],
        "For": [code(entry.marker) if entry.marker else Html("") for _, entry in entries],
        "From": [_source(entry) for _, entry in entries],
        "Groups": [text(", ".join(entry.groups)) for _, entry in entries],
        "Published": [day(entry.uploaded) if entry.uploaded else Html("") for _, entry in entries],
        "Stands in": [place(view, Location(package.lock.path, entry.location.line)) for package, entry in entries],
    }
    filled = {title: cells for title, cells in columns.items() if any(cells)}
    yield heading(2, "Locked" if len(entries) == 1 else f"Locked {len(entries)} times")
    yield table("locked", list(filled), zip(*filled.values(), strict=True), f"Where {subject.name} is locked")


def _source(entry: Entry) -> Html:
    where = entry.index or entry.ref
    return join([entry.source, " ", code(where)]) if where else text(entry.source)


def _needed_by(view: View, subject: Subject, path: str) -> Iterator[str]:
    found = view.kin.ways(subject.packages, _MOST_BESIDE if subject.direct else MOST_WAYS)
    if not subject.direct and not found.shown:
        return
    yield heading(2, "Needed by")
    items = [(0, Markdown("the project itself"))] if subject.direct else []
    items += _tree(view, found.shown, path)
    yield marked("tree", "".join(f"{'    ' * depth}- {words}\n" for depth, words in items))
    if found.more:
        leads = "leads" if found.more == 1 else "lead"
        yield paragraph(f"And {count(found.more, 'other direct package')} that {leads} to it.")
    everyone = view.kin.dependents(subject.packages)
    if everyone > len(items):
        yield paragraph(f"In all, {everyone} packages need it, directly or not.")


def _tree(view: View, shown: Sequence[tuple[Entry, ...]], path: str) -> list[tuple[int, Markdown]]:
    """Return the lines of a tree with their depths: ways with the same beginning share it."""
    lines: list[tuple[int, Markdown]] = []
    seen: set[tuple[int, ...]] = set()
    for way in sorted(shown, key=lambda way: [entry.name for entry in way]):
        steps = way if len(way) <= _DEEPEST else (*way[: _DEEPEST // 2], *way[-_DEEPEST // 2 :])
        for depth, entry in enumerate(steps):
            key = tuple(id(step) for step in steps[: depth + 1])
            if key not in seen:
                seen.add(key)
                lines.append((depth, _neighbour(view, entry, path)))
    return lines


def _neighbour(view: View, entry: Entry, path: str) -> Markdown:
    version = f" {text(entry.version)}" if entry.version else ""
    return Markdown(f"{package_link(view, entry_key(entry), path)}{version}")


def _needs(view: View, subject: Subject, path: str) -> Iterator[str]:
    children = view.kin.children(subject.packages)
    if children:
        yield heading(2, "Needs")
        shown = [_neighbour(view, entry, path) for entry in children[:_MOST_NEIGHBOURS]]
        if len(children) > _MOST_NEIGHBOURS:
            shown.append(Markdown(f"and {len(children) - _MOST_NEIGHBOURS} more"))
        yield marked("tree", bullets(shown))


def _others(view: View, subject: Subject, path: str) -> Iterator[str]:
    others = view.other_records(subject)
    if others:
        yield heading(2, "Other decisions about it")
        yield bullets(_other(view, subject.name, record, path) for record in others)


def _other(view: View, name: str, record: Record, path: str) -> Markdown:
    said = in_a_row([codes([item.text for item in record.packages[name]])])
    link = decision_link(view, record, path)
    return Markdown(f"{link} {chip(view.standing(record, name))} {day(record.date)} {said}")
