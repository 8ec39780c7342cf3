"""The page of what falls due: reviews, exit criteria, waivers, proposals and exemptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from whypin.catalogue import paths
from whypin.catalogue.lists import NOTHING
from whypin.catalogue.markup import Html, Markdown, heading, join, paragraph, table, text
from whypin.catalogue.parts import Page, chip, count, day, decision_link, labels, package_link, span, ways
from whypin.catalogue.view import View
from whypin.model import lifecycle
from whypin.model.lifecycle import Due

_SOON = 90
#: A list with more is no reading any more; `whypin due` tells them all.
_MOST = 200
_KINDS = {
    "review": "review", "exit": "exit criterion", "proposal": "proposal waits", "waiver": "waiver ends",
    "ignored": "ignored finding", "exemption": "exemption can go",
}  # fmt: skip


def page(view: View) -> Page:
    """Return the page of everything that has come, comes within three months, or later."""
    path = paths.reviews_page(view.options.folder)
    return Page(path, "Reviews due", "\n".join(_blocks(view, path)))


def _blocks(view: View, path: str) -> Iterator[str]:
    today = view.project.today
    soon = today + timedelta(days=_SOON)
    yield heading(1, "Reviews due")
    yield ways(view, path)
    found = lifecycle.due(view.project)
    # A criterion with a day is met on it, like one that the locks meet; a later day is when to look again.
    now = [one for one in found if one.day <= today]
    parts = [
        ("Due now", now),
        ("Within three months", [one for one in found if today < one.day <= soon]),
        ("Later", [one for one in found if one.day > soon]),
    ]
    if not found:
        yield paragraph("Nothing falls due: no decision in force has a day of review.")
    elif not now:
        yield paragraph("Nothing is due on ", day(today), ".")
    for title, shown in parts:
        if shown:
            yield heading(2, title)
            yield _table(view, shown[:_MOST], path, title)
        if len(shown) > _MOST:
            yield paragraph(f"And {count(len(shown) - _MOST, 'more')}: whypin due tells them all.")


def _table(view: View, found: Sequence[Due], path: str, title: str) -> str:
    headers = ("Day", "Left", "About", "What", "Owner")
    return table("due", headers, [_row(view, one, path) for one in found], title)


def _row(view: View, one: Due, path: str) -> tuple[object, ...]:
    record = view.project.record_by_id[one.record] if one.record else None
    about: Markdown | Html = decision_link(view, record, path) if record else NOTHING
    if record is None and one.package:
        about = package_link(view, one.package, path)
    what = text(_KINDS[one.kind])
    if one.kind in ("waiver", "ignored", "exemption") or (one.kind == "exit" and one.day <= view.project.today):
        what = join([text(_KINDS[one.kind]), text(one.what)], "<br>")
    return (
        day(one.day),
        _left(view, one),
        about,
        what,
        labels("owner", record.deciders) if record else NOTHING,
    )


def _left(view: View, one: Due) -> Html:
    days = (one.day - view.project.today).days
    if days > 0:
        return text(span(days))
    if one.kind == "exit":
        return chip("met")
    return join([chip("due"), span(-days) if days else "today"], " ")
