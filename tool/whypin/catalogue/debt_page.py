"""The page of the level: how well each manifest's versions are fixed and explained, and what holds it down."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from whypin.catalogue import paths, trend
from whypin.catalogue.markup import Html, heading, paragraph, table, tag, text
from whypin.catalogue.parts import Page, code, codes, count, day, package_link, place, span, ways
from whypin.catalogue.view import View
from whypin.model.debt import LEVELS, Debt, Standing

_MOST = 100


def page(view: View, debt: Debt) -> Page:
    """Return the page of the level."""
    path = paths.debt_page(view.options.folder)
    return Page(path, "Level and debt", "\n".join(_blocks(view, debt, path)))


def _blocks(view: View, debt: Debt, path: str) -> Iterator[str]:
    yield heading(1, "Level and debt")
    yield ways(view, path)
    if debt.level is not None:
        yield paragraph(tag("strong", f"Level {debt.level} of {len(LEVELS)}"), f": {LEVELS[debt.level]}.")
    else:
        yield paragraph("No manifest has a level: none asks for anything that goes to production.")
    if debt.manifests:
        rows = [(code(one.path), _level(one), codes(one.locks), text(one.requirements)) for one in debt.manifests]
        yield heading(2, "Manifests")
        yield table("manifests", ("Manifest", "Level", "Fixed by", "Requirements"), rows, "The level of each manifest")
    yield from trend.section(view)
    yield from _held_down(view, debt)
    yield from _caps(view, debt, path)
    yield from _oldest(view, debt, path)


def _level(one: Standing) -> Html:
    return text(f"{one.level} \u2013 {LEVELS[one.level]}" if one.level else "nothing in production")


def _held_down(view: View, debt: Debt) -> Iterator[str]:
    lines = [line for one in debt.manifests for line in one.held_down_by]
    if not lines:
        return
    yield heading(2, "What holds it down")
    rows = [
        (place(view, line.location), code(line.requirement), text(str(line.level)), text(line.why), text(line.fix))
        for line in islice(lines, _MOST)
    ]
    yield table("lines", ("Where", "What stands there", "Level", "Why", "Fix"), rows, "Lines that hold the level down")
    if len(lines) > _MOST:
        yield paragraph(f"And {len(lines) - _MOST} more: ", code("whypin debt"), " tells them all.")


def _caps(view: View, debt: Debt, path: str) -> Iterator[str]:
    unexplained = [cap for cap in debt.caps if cap.explained == "nothing"]
    if not debt.caps:
        return
    yield heading(2, "Caps")
    yield paragraph(
        f"{count(len(debt.caps), 'requirement')} of the manifests keep newer versions out; "
        f"{len(debt.caps) - len(unexplained)} of them have a reason."
    )
    if unexplained:
        rows = [
            (package_link(view, cap.package, path), code(cap.requirement), place(view, cap.location))
            for cap in islice(unexplained, _MOST)
        ]
        yield table("caps", ("Package", "Requirement", "Where"), rows, "Caps without a reason")


def _oldest(view: View, debt: Debt, path: str) -> Iterator[str]:
    if not debt.age.oldest:
        return
    yield heading(2, "The oldest direct versions")
    if debt.age.median is not None:
        yield paragraph(f"Half of the locked versions are older than {span(debt.age.median)}.")
    rows = [
        (package_link(view, one.name, path), code(one.version), day(one.uploaded), text(span(one.days)))
        for one in debt.age.oldest
    ]
    yield table("oldest", ("Package", "Locked", "Published", "Age"), rows, "The oldest direct versions")
