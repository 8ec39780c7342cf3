"""The lists: the catalogue's first page, all locked packages, all decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whypin.catalogue import paths
from whypin.catalogue.markup import Html, Markdown, heading, inward, join, paragraph, table, tag, text
from whypin.catalogue.parts import Page, chip, code, codes, day, decision_link, finding_list, in_a_row, package_link
from whypin.catalogue.view import Subject, View
from whypin.model.record import Record

#: A page with more is no page any more; `whypin check` tells them all.
_MOST_FINDINGS = 50
_MOST_NAMES = 6
_MOST_LOCKS = 3
_NOTHING = Html('<span class="whypin-none">\u2013</span>')  # a dash


def start_page(view: View) -> Page:
    """Return the first page: every package that somebody chose, decided or has to decide, and how it stands."""
    path = paths.start_page(view.options.folder)
    return Page(path, view.options.title, "\n".join(_start(view, path)), wide=True)


def _start(view: View, path: str) -> Iterator[str]:
    folder = view.options.folder
    yield heading(1, view.options.title)
    if view.project.locks:
        yield paragraph("What is locked in ", _locks(view), " and why, as of ", day(view.project.today), ".")
    else:
        yield paragraph("There is no lock yet, as of ", day(view.project.today), ".")
    yield _numbers(view)
    shown = sorted(filter(_is_chosen, view.subjects.values()), key=lambda subject: subject.state != "undecided")
    if shown:
        headers = ("Package", "Locked", "Decision", "State", "Groups", "Decided", "Review by")
        yield table("packages", headers, (_package_row(view, subject, path) for subject in shown))
    everything = inward(_all(len(view.subjects), "locked package"), paths.all_packages_page(folder), path)
    decisions = inward(_all(len(view.project.records), "decision"), paths.all_decisions_page(folder), path)
    yield paragraph(in_a_row([everything, decisions]))
    yield from _artifacts(view, path)
    if view.findings:
        yield heading(2, "Findings")
        yield finding_list(view.findings[:_MOST_FINDINGS])
    if len(view.findings) > _MOST_FINDINGS:
        yield paragraph(f"And {len(view.findings) - _MOST_FINDINGS} more: ", code("whypin check"), " tells them all.")


def _all(count: int, noun: str) -> str:
    return f"All {count} {noun}s" if count != 1 else f"The one {noun}"


def _locks(view: View) -> Html:
    locks = view.project.locks
    return codes(lock.path for lock in locks) if len(locks) <= _MOST_LOCKS else text(f"{len(locks)} lock files")


def _is_chosen(subject: Subject) -> bool:
    return subject.direct or bool(subject.records) or subject.required is not None


def _numbers(view: View) -> str:
    states = [subject.state for subject in view.subjects.values()]
    required = sum(subject.required is not None for subject in view.subjects.values())
    counted = [("packages locked", len(states), "all")] + ([("required", required, "required")] if required else [])
    counted.append(("decided", states.count("decided"), "decided"))
    counted += [(state, states.count(state), state) for state in ("exempt", "undecided") if state in states]
    if view.findings:
        counted.append(("finding" if len(view.findings) == 1 else "findings", len(view.findings), "findings"))
    tiles = [
        tag("div", tag("dt", words), tag("dd", number), class_=f"whypin-number whypin-is-{kind}")
        for words, number, kind in counted
    ]
    return f"{tag('dl', *tiles, class_='whypin-numbers')}\n"


def _package_row(view: View, subject: Subject, path: str) -> tuple[object, ...]:
    decided = max((record.date for record in subject.records), default=None)
    return (
        package_link(view, subject.name, path),
        codes(subject.versions),
        Markdown("<br>".join(decision_link(view, record, path) for record in subject.records)) or _NOTHING,
        _state(view, subject),
        text(", ".join(subject.groups)) or _NOTHING,
        day(decided) if decided else _NOTHING,
        _review(view, subject.records),
    )


def _state(view: View, subject: Subject) -> Html:
    count = len(view.findings_of_package(subject.name))
    if not count:
        return chip(subject.state)
    return join([chip(subject.state), tag("span", f"{count} finding{'s' * (count > 1)}", class_="whypin-count")], " ")


def _review(view: View, records: Iterable[Record]) -> Html:
    """Return the first day on which one of the decisions falls due."""
    days = [due for record in records if (due := view.review_by(record)) is not None]
    if not days:
        return _NOTHING
    due = min(days)
    return join([day(due), chip("due")], " ") if due <= view.project.today else day(due)


def _artifacts(view: View, path: str) -> Iterator[str]:
    rows = [
        (text(item.name), code(item.version), decision_link(view, record, path), text(item.kind), day(record.date))
        for record in view.newest_first
        for item in record.artifacts
        if view.project.is_active(record, f"artifact:{item.name}")
    ]
    if rows:
        yield heading(2, "Beside the lock")
        yield table("beside", ("What", "Version", "Decision", "Kind", "Decided"), rows)


def all_packages(view: View) -> Page:
    """Return the list of everything that is locked."""
    path = paths.all_packages_page(view.options.folder)
    title = "All locked packages"
    headers = ("Package", "Locked", "State", "Groups", "Needed by")
    rows = [
        (
            package_link(view, subject.name, path),
            codes(subject.versions),
            _state(view, subject),
            text(", ".join(subject.groups)) or _NOTHING,
            _dependants(view, subject),
        )
        for subject in view.subjects.values()
    ]
    blocks = [heading(1, title), paragraph(inward(view.options.title, paths.start_page(view.options.folder), path))]
    return Page(path, title, "\n".join([*blocks, table("everything", headers, rows)]), wide=True)


def _dependants(view: View, subject: Subject) -> Html:
    count = len({parent.name for parent in view.needed_by(subject) if not parent.member})
    parts = ["the project"] if subject.direct else []
    parts += [f"{count} package{'s' * (count > 1)}"] if count else []
    return text(", ".join(parts)) or _NOTHING


def all_decisions(view: View) -> Page:
    """Return the list of all decisions, the newest first, whatever became of them."""
    path = paths.all_decisions_page(view.options.folder)
    title = "All decisions"
    headers = ("Date", "Decision", "Status", "About", "Decided by", "Review by")
    rows = [
        (
            day(record.date),
            decision_link(view, record, path),
            chip(view.standing(record)),
            _about(view, record, path),
            text(", ".join(record.deciders)),
            _review(view, [record]) if view.standing(record) == "accepted" else _NOTHING,
        )
        for record in view.newest_first
    ]
    blocks = [heading(1, title), paragraph(inward(view.options.title, paths.start_page(view.options.folder), path))]
    return Page(path, title, "\n".join([*blocks, table("decisions", headers, rows)]), wide=True)


def _about(view: View, record: Record, path: str) -> Markdown:
    names = [*record.packages, *(artifact.name for artifact in record.artifacts)]
    links = [package_link(view, name, path) if name in record.packages else text(name) for name in names[:_MOST_NAMES]]
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return Markdown(", ".join(links) + more)
