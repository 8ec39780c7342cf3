"""The first page: how the project stands in a few numbers, each with the list behind it, and what it chose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from whypin.catalogue import alerts, charts, lists, paths
from whypin.catalogue.charts import Share
from whypin.catalogue.markup import Html, Markdown, bullets, heading, inward, marked, paragraph, table, tag, text
from whypin.catalogue.parts import (
    Page,
    chip,
    code,
    codes,
    count,
    day,
    decision_link,
    finding_list,
    in_a_row,
    ways,
)
from whypin.catalogue.view import Subject, View
from whypin.model.debt import LEVELS
from whypin.model.project import State

_MOST_LOCKS = 3
_MOST_FINDINGS = 5
_MOST_RECENT = 6
#: With more the first page would be a list; the list of all packages is one click away.
_MOST_ROWS = 60
#: This month comes twice: a year from now is in it too.
_MONTHS = 13
#: The ages of versions in days that a column of the drawing ends before.
_AGES = ((183, "< 6 mo"), (365, "6-12 mo"), (730, "1-2 y"), (1096, "2-3 y"), (10**9, "> 3 y"))


class _Tile(NamedTuple):
    """One number: what it counts, its kind, and the page and query behind it."""

    number: str
    words: str
    kind: str
    page: str
    query: dict[str, str]


def page(view: View) -> Page:
    """Return the first page."""
    path = paths.start_page(view.options.folder)
    return Page(path, view.options.title, "\n".join(_blocks(view, path)), wide=True)


def _blocks(view: View, path: str) -> Iterator[str]:
    yield heading(1, view.options.title)
    if view.project.locks:
        yield paragraph("What is locked in ", _locks(view), " and why, as of ", day(view.project.today), ".")
    else:
        yield paragraph("There is no lock yet, as of ", day(view.project.today), ".")
    yield ways(view, path)
    yield marked("tiles", bullets(_tile(one, path) for one in _tiles(view)))
    drawn = [chart for chart in _charts(view) if chart]
    if drawn:
        yield f"{tag('div', *map(Html, drawn), class_='whypin-charts')}\n"
    yield from _findings(view, path)
    yield from alerts.overview(view, path)
    yield from _recent(view, path)
    yield from _chosen(view, path)
    yield from _artifacts(view, path)


def _locks(view: View) -> Html:
    locks = view.project.locks
    return codes(lock.path for lock in locks) if len(locks) <= _MOST_LOCKS else text(f"{len(locks)} lock files")


def _tile(tile: _Tile, path: str) -> Markdown:
    number = tag("strong", tile.number, class_=f"whypin-is-{tile.kind}")
    return inward(Html(f"{number} {text(tile.words)}"), tile.page, path, **tile.query)


def _tiles(view: View) -> Iterator[_Tile]:
    folder = view.options.folder
    packages = paths.all_packages_page(folder)
    states = Counter(subject.state for subject in view.subjects.values())
    required = [subject for subject in view.subjects.values() if subject.required]
    if required:
        decided = sum(subject.state == "decided" for subject in required)
        kind = "decided" if decided == len(required) else "plain"
        number = f"{decided} of {len(required)}"
        yield _Tile(number, "required packages decided", kind, packages, {"role": "required"})
    if view.debt is not None and view.debt.level is not None:
        yield _Tile(str(view.debt.level), f"level: {LEVELS[view.debt.level]}", "plain", paths.debt_page(folder), {})
    if states["undecided"]:
        yield _Tile(str(states["undecided"]), "undecided", "undecided", packages, {"state": "undecided"})
    kind = "findings" if view.findings else "decided"
    yield _counted(len(view.findings), "open finding", "open findings", kind, paths.findings_page(folder))
    if view.project.advisories is not None:
        waiting = alerts.unsettled(view)
        kind = "findings" if waiting else "plain"
        yield _counted(waiting, "open alert", "open alerts", kind, paths.findings_page(folder))
    yield from _due(view, paths.reviews_page(folder))
    if states["exempt"]:
        yield _counted(states["exempt"], "exemption left", "exemptions left", "exempt", packages, state="exempt")
    records = len(view.project.records)
    yield _counted(records, "decision", "decisions", "plain", paths.all_decisions_page(folder))
    yield _counted(len(view.subjects), "package locked", "packages locked", "plain", packages)


def _due(view: View, reviews: str) -> Iterator[_Tile]:
    if view.in_force:
        due = sum(map(view.is_due, view.in_force))
        yield _counted(due, "review due", "reviews due", "due" if due else "decided", reviews)
    met = sum(len(view.met(record)) for record in view.in_force)
    if met:
        yield _counted(met, "exit criterion met", "exit criteria met", "due", reviews)


def _counted(number: int, one: str, many: str, kind: str, page: str, **query: str) -> _Tile:
    return _Tile(str(number), one if number == 1 else many, kind, page, query)


def _charts(view: View) -> Iterator[str]:
    required = Counter(subject.state for subject in view.subjects.values() if subject.required)
    kinds: tuple[State, ...] = ("decided", "exempt", "undecided")
    yield charts.bar("coverage", "Required packages", [Share(kind, required[kind], kind) for kind in kinds])
    if view.debt is not None and view.debt.level is not None:
        yield charts.ladder("level", "Level", list(LEVELS.values()), view.debt.level)
    yield _reviews(view)
    yield _ages(view)


def _reviews(view: View) -> str:
    today = view.project.today
    months = [(today.year * 12 + today.month - 1 + at) for at in range(_MONTHS)]
    days = [due for record in view.in_force if (due := view.review_by(record)) is not None]
    ahead = Counter(due.year * 12 + due.month - 1 for due in days if due > today)
    late = sum(due <= today for due in days)
    shares = [Share("due", late, "due")] if late else []
    shares += [Share(_month(month), ahead[month]) for month in months]
    title = "Reviews in the coming year"
    return charts.columns("reviews", title, shares)


def _month(month: int) -> str:
    return date(2000, month % 12 + 1, 1).strftime("%b")


def _ages(view: View) -> str:
    days = [(view.project.today - since).days for one in view.subjects.values() if (since := one.oldest_upload)]
    shares, least = [], -(10**9)
    for end, label in _AGES:
        shares.append(Share(label, sum(least <= one < end for one in days)))
        least = end
    return charts.columns("ages", "Age of the locked versions", shares)


def _findings(view: View, path: str) -> Iterator[str]:
    if not view.findings:
        return
    yield heading(2, "Findings")
    worst = sorted(view.findings, key=lambda finding: finding.severity)[:_MOST_FINDINGS]
    yield finding_list(view, worst)
    if len(view.findings) > _MOST_FINDINGS:
        yield paragraph(inward(f"All {len(view.findings)} findings", paths.findings_page(view.options.folder), path))


def _recent(view: View, path: str) -> Iterator[str]:
    if not view.newest_first:
        return
    yield heading(2, "Recent decisions")
    rows = [
        Markdown(f"{day(record.date)} {decision_link(view, record, path)} {chip(view.standing(record))}")
        for record in view.newest_first[:_MOST_RECENT]
    ]
    yield marked("recent", bullets(rows))
    everything = inward(_all(len(view.newest_first), "decision"), paths.all_decisions_page(view.options.folder), path)
    yield paragraph(everything)


def _chosen(view: View, path: str) -> Iterator[str]:
    shown = sorted(filter(_is_chosen, view.subjects.values()), key=lambda subject: subject.state != "undecided")
    if shown:
        yield heading(2, "What somebody chose")
    if 0 < len(shown) <= _MOST_ROWS:
        yield lists.package_table(view, shown, path, "Packages that are direct, required or decided")
    packages = paths.all_packages_page(view.options.folder)
    links = [inward(_all(len(view.subjects), "locked package"), packages, path)]
    if len(shown) > _MOST_ROWS:
        direct = sum(subject.direct for subject in shown)
        links.insert(0, inward(count(direct, "direct package"), packages, path, role="direct"))
        links.insert(1, inward("Those that want attention", packages, path, attention="1"))
    yield paragraph(in_a_row(links))


def _all(number: int, noun: str) -> str:
    return f"All {number} {noun}s" if number != 1 else f"The one {noun}"


def _is_chosen(subject: Subject) -> bool:
    return subject.direct or bool(subject.records) or subject.required is not None


def _artifacts(view: View, path: str) -> Iterator[str]:
    rows = [
        (text(item.name), code(item.version), decision_link(view, record, path), text(item.kind), day(record.date))
        for record in view.newest_first
        for item in record.artifacts
        if view.project.is_active(record, f"artifact:{item.name}")
    ]
    if rows:
        yield heading(2, "Beside the lock")
        yield table("beside", ("What", "Version", "Decision", "Kind", "Decided"), rows, "Versions that no lock holds")
