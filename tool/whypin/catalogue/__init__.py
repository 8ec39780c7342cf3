"""The catalogue: a project and its findings as pages of Markdown, for any site generator; nothing here knows MkDocs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from whypin.catalogue.view import Options

if TYPE_CHECKING:
    from whypin.catalogue.parts import Page
    from whypin.model.finding import Finding
    from whypin.model.project import Project

#: What the pages look like and what their script does, as files in the folder `assets` beside this one.
STYLE = "catalogue.css"
SCRIPT = "catalogue.js"


def pages(project: Project, findings: Sequence[Finding], options: Options | None = None) -> list[Page]:
    """Return every page of the catalogue: the lists, then a page for each package and each decision."""
    from whypin.catalogue import decision_page, lists, package_page
    from whypin.catalogue.view import View

    view = View(project, findings, options or Options())
    return [
        lists.start_page(view),
        lists.all_packages(view),
        lists.all_decisions(view),
        *(package_page.page(view, subject) for subject in view.subjects.values()),
        *(decision_page.page(view, record) for record in view.newest_first),
    ]
