"""The use case behind the plugin and `whypin pages`: a project as everything that its catalogue is made of."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from whypin import app, catalogue
from whypin.catalogue.figures import ENDINGS
from whypin.catalogue.svg import is_tame
from whypin.errors import WhypinError
from whypin.workspace import find_root

if TYPE_CHECKING:
    from whypin.catalogue.addresses import Style
    from whypin.catalogue.dialect import Dialect
    from whypin.catalogue.parts import Page
    from whypin.catalogue.view import Options
    from whypin.model.change import History
    from whypin.model.finding import Finding
    from whypin.model.project import Project
    from whypin.output import Written

#: The style and the script of the pages, as files of this machine.
ASSETS = tuple(
    os.path.join(os.path.dirname(catalogue.__file__), "assets", name) for name in (catalogue.STYLE, catalogue.SCRIPT)
)
CALENDAR = "reviews.ics"
#: In bytes: what is larger makes a page that nobody waits for.
_MAX_IMAGE = 10_000_000


class Published(NamedTuple):
    """A catalogue: its pages, and what stands beside them for programs, as text by its path below the site's sources.

    `images` are the files of this machine, by their path likewise, that the pages show. `note` is why there is no
    history, where one was asked for.
    """

    project: Project
    findings: tuple[Finding, ...]
    pages: list[Page]
    machine: dict[str, str]
    images: dict[str, str]
    note: str = ""


def publish(
    root: str | None,
    locks: Sequence[str],
    on_day: date | None,
    options: Options,
    style: Style,
    base: str = "",
    dialect: Dialect | None = None,
    with_history: bool = False,
) -> Published:
    """Read a project and return its catalogue; raises WhypinError.

    `style` is how the site names its pages; `base` is the address of the catalogue's folder where it is known.
    `dialect` is the Markdown of the records' texts. With `with_history`, git is asked where the versions come from.
    """
    from whypin.catalogue import figures
    from whypin.catalogue.addresses import address

    root = root if root is not None else find_root()
    project = app.load(root, locks, on_day, advisories="")
    findings = app.check(project).findings
    records = project.settings.records
    images = {path: figures.site_path(options.folder, records, path) for path in _images(root, records)}
    history, note = _history(root, locks, project) if with_history else (None, "")
    debt = app.debt(project)
    pages = catalogue.pages(project, findings, options, debt=debt, images=images, history=history, dialect=dialect)
    files = catalogue.machine(
        project, findings, options, lambda path: address(path, options.folder, style), base, dialect
    )
    files[f"{options.folder}/{CALENDAR}"] = _calendar(project)
    words = dict(zip(files, ("catalogue.json", "feed of decisions", "calendar of reviews"), strict=True))
    first = f"{options.folder}/index.md"
    pages = [catalogue.for_machines(page, words) if page.path == first else page for page in pages]
    named = figures.shown(pages, options.folder)
    shown = {place: os.path.join(root, path) for path, place in images.items() if place in named}
    return Published(project, findings, pages, files, shown, note)


def _history(root: str, locks: Sequence[str], project: Project) -> tuple[History | None, str]:
    """Return the moves of locked versions, or why there are none to show: a part of them would tell something wrong."""
    from whypin.app import past

    try:
        found = past.history(root, locks, project.today)[0]
    except WhypinError as error:
        return None, str(error)
    return (found, "") if not found.shallow else (None, "this clone is shallow: git fetch --unshallow")


def _images(root: str, folder: str) -> Iterator[str]:
    """Yield the images below the folder of the records, by their path from the root; links are not followed."""
    try:
        with os.scandir(os.path.join(root, folder)) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        path = entry.name if folder == "." else f"{folder}/{entry.name}"
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _images(root, path)
        elif entry.name.lower().endswith(ENDINGS) and entry.is_file() and _is_image(entry):
            yield path


def _is_image(entry: os.DirEntry[str]) -> bool:
    """Whether a file is small enough, and a drawing nothing but an image."""
    if entry.stat().st_size > _MAX_IMAGE or not entry.name.lower().endswith(".svg"):
        return entry.stat().st_size <= _MAX_IMAGE
    with open(entry.path, "rb") as file:
        return is_tame(file.read())


def _calendar(project: Project) -> str:
    """Return everything that falls due and has a day, however far away."""
    from whypin.model.agenda import Span
    from whypin.reporters.ics import render

    agenda = app.due(project, Span(10**8, "y"))
    return render((task for task in agenda.tasks if task.day is not None), agenda.today)


def write(
    folder: str, root: str | None, locks: Sequence[str], on_day: date | None, options: Mapping[str, str]
) -> Written:
    """Write the catalogue of a project into a folder, with links from file to file; raises WhypinError."""
    from whypin import output
    from whypin.catalogue.source import source

    chosen = checked(options)
    found = publish(root, locks, on_day, chosen, "markdown")
    files = {page.path: source(page).encode() for page in found.pages}
    files |= {path: text.encode() for path, text in found.machine.items()}
    below = {path.removeprefix(f"{chosen.folder}/"): data for path, data in files.items()}
    copied = {f"{chosen.folder}/assets/{os.path.basename(path)}": path for path in ASSETS} | found.images
    for path, absolute in copied.items():
        with open(absolute, "rb") as file:
            below[path.removeprefix(f"{chosen.folder}/")] = file.read()
    return output.fill(folder, below)


def checked(options: Mapping[str, str]) -> Options:
    """Return the options of a site; raises WhypinError for an address that pages do not link to."""
    from whypin.catalogue.markup import is_web_address
    from whypin.catalogue.view import Options

    for name in ("package_url", "source_url", "edit_url"):
        url = options.get(name, "")
        if url and not is_web_address(re.sub("[{}]", "", url)):
            raise WhypinError(f"{name} {url!r} is not a web address", hint="begin it with https://")
    return Options()._replace(**options)
