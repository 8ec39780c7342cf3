"""What advisories say: of one package on its page, of all on the first page; without data there is nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whypin.catalogue.markup import Html, Markdown, heading, join, paragraph, table, text
from whypin.catalogue.parts import chip, code, count, day, decision_link, package_link
from whypin.catalogue.view import Subject, View
from whypin.model.alert import Standing
from whypin.model.audit import audit, fixed, severity, verdict
from whypin.model.project import entry_key

#: With more the first page would be a list; `whypin audit` tells them all.
_MOST = 20
#: The classes of chips that there are, by what an alert comes to.
_KINDS = {"open": "error", "blocked": "error", "waived": "accepted", "ignored": "not-required"}


def section(view: View, subject: Subject, path: str) -> Iterator[str]:
    """Yield what the advisories say of a package, and what they cannot say; it always names the day of the data."""
    alerts = view.project.advisories
    if alerts is None:
        return
    rows = view.alerts.get(subject.name, ())
    missing = dict.fromkeys(one.why for one in view.unchecked.get(subject.name, ()))
    yield heading(2, "Advisories")
    if rows:
        yield _table(view, rows, path, f"Advisories about {subject.name}", named=False)
    for why in missing:
        yield paragraph(f"Not checkable: {why}.")
    if not rows and not missing:
        yield paragraph("No advisory of ", day(alerts.date), " matches what is locked.")
    else:
        yield paragraph("The data is of ", day(alerts.date), ".")


def overview(view: View, path: str) -> Iterator[str]:
    """Yield what the advisories come to in the whole project: what is to be done first, and what was not checked."""
    alerts = view.project.advisories
    if alerts is None:
        return
    found = audit(view.project, alerts)
    yield heading(2, "Advisories")
    yield paragraph("Advisories of ", day(alerts.date), f": {verdict(found)}.")
    if found.rows:
        yield _table(view, found.rows[:_MOST], path, "Advisories that affect what is locked")
    if len(found.rows) > _MOST:
        yield paragraph(f"And {count(len(found.rows) - _MOST, 'more')}: whypin audit tells them all.")
    names = list(dict.fromkeys(entry_key(one.entry) for one in found.unchecked_entries))
    if names:
        links = [package_link(view, name, path) for name in names[:_MOST]]
        more = [text(f"and {len(names) - _MOST} more")] if len(names) > _MOST else []
        yield paragraph("Could not be checked: ", Markdown(", ".join([*links, *more])), ".")


def unsettled(view: View) -> int:
    """Return how many alerts `check` reports."""
    return sum(row.level is not None for rows in view.alerts.values() for row in rows)


def _table(view: View, rows: Sequence[Standing], path: str, caption: str, named: bool = True) -> str:
    headers = ["Advisory", "Severity", "Version", "Fixed in", "State"]
    return table(
        "alerts",
        [*(["Package"] if named else []), *headers],
        [
            [*([package_link(view, entry_key(one.hit.entry), path)] if named else []), *_row(view, one, path)]
            for one in rows
        ],
        caption,
    )


def _row(view: View, row: Standing, path: str) -> list[Markdown | Html]:
    advisory, entry = row.hit.advisory, row.hit.entry
    return [
        join([code(advisory.name), *([Html("<br>"), advisory.summary] if advisory.summary else [])]),
        text(severity(row.hit)),
        join([code(entry.version or ""), Html("<br>"), code(row.hit.lock)]),
        text(fixed(row.hit)),
        _state(view, row, path),
    ]


def _state(view: View, row: Standing, path: str) -> Markdown | Html:
    word = "warning" if row.level == "warning" else _KINDS[row.state]
    label = chip(word, row.state)
    if row.waiver is not None:
        waiver, record = row.waiver.waiver, row.waiver.record
        told = join([label, " until ", day(waiver.expires), ": ", " ".join(waiver.reason.split())])
        return Markdown(f"{told} ({decision_link(view, record, path)})")
    if row.state == "blocked":
        return Markdown(f"{label} by {', '.join(decision_link(view, one, path) for one in row.way.blocking)}")
    return join([label, ": ", row.reason]) if row.reason else label
