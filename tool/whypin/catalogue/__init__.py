"""The catalogue: a project and its findings as pages of Markdown, for any site generator; nothing here knows MkDocs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from whypin.catalogue.view import Options

if TYPE_CHECKING:
    from whypin.catalogue.dialect import Dialect
    from whypin.catalogue.parts import Page
    from whypin.catalogue.prose import Render
    from whypin.model.change import History
    from whypin.model.debt import Debt
    from whypin.model.finding import Finding
    from whypin.model.project import Project

#: What the pages look like and what their script does, as files in the folder `assets` beside this one.
STYLE = "catalogue.css"
SCRIPT = "catalogue.js"
NO_IMAGES: Mapping[str, str] = {}


def pages(
    project: Project,
    findings: Sequence[Finding],
    options: Options | None = None,
    *,
    debt: Debt | None = None,
    images: Mapping[str, str] = NO_IMAGES,
    history: History | None = None,
    dialect: Dialect | None = None,
) -> list[Page]:
    """Return every page of the catalogue: the lists, then a page for each package and each decision.

    `images` are those beside the records, from their path to their place on the site. `history` is where the versions
    come from, all of it. `dialect` is the Markdown of the records' texts; None is that of a site without extensions.
    """
    from whypin.catalogue import (
        dashboard,
        debt_page,
        decision_page,
        figures,
        lists,
        package_page,
        policy_page,
        reviews_page,
    )
    from whypin.catalogue.timeline import Past
    from whypin.catalogue.view import View

    past = Past(history, project) if history is not None else None
    view = View(project, findings, options or Options(), debt, past, _render(dialect))
    found = [
        dashboard.page(view),
        lists.all_packages(view),
        lists.all_decisions(view),
        lists.all_findings(view),
        lists.read_first(view),
        reviews_page.page(view),
        policy_page.page(view),
        *([debt_page.page(view, debt)] if debt else []),
        *(package_page.page(view, subject) for subject in view.subjects.values()),
        *(package_page.gone(view, name) for name in view.gone),
        *(decision_page.page(view, record) for record in view.newest_first),
    ]
    return figures.placed(view, found, images)


def machine(
    project: Project,
    findings: Sequence[Finding],
    options: Options,
    address: Callable[[str], str],
    base: str = "",
    dialect: Dialect | None = None,
) -> dict[str, str]:
    """Return what other programs read, as text by its path: `catalogue.json` and the feed of decisions.

    `address` gives the address of a page, by its path, relative to the catalogue's folder, and `base` is that of the
    folder, where it is known.
    """
    from whypin.catalogue import data, feeds
    from whypin.catalogue.view import View

    view = View(project, findings, options, render=_render(dialect))
    return {
        f"{options.folder}/{data.NAME}": data.render(view, address),
        f"{options.folder}/{feeds.NAME}": feeds.render(view, address, base),
    }


def _render(dialect: Dialect | None) -> Render:
    from whypin.catalogue import prose

    return prose.renderer(dialect, prose.render) if dialect is not None else prose.render


def for_machines(page: Page, files: Mapping[str, str]) -> Page:
    """Return a page with a last paragraph that links to files, by their paths with what each is."""
    from whypin.catalogue.markup import inward, paragraph
    from whypin.catalogue.parts import in_a_row

    links = in_a_row([inward(what, path, page.path) for path, what in files.items()])
    return page._replace(text=f"{page.text}\n{paragraph('For machines: ', links)}")
