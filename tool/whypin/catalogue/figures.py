"""Images beside a record: where they stand on the site, and where they show on its pages.

A text that people wrote becomes one block of HTML, in which no generator mends addresses. So an image leaves the block:
it follows as Markdown, which every generator and every viewer of the files knows how to show.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from whypin.catalogue import paths
from whypin.catalogue.markup import Html, Markdown, paragraph, relative, tag

if TYPE_CHECKING:
    from whypin.catalogue.parts import Page
    from whypin.catalogue.view import View

ENDINGS = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")

_MARK = re.compile(r'<img class="whypin-figure" alt="([^"]*)" src="([^"]*)">')
_SHOWN = re.compile(r"!\[[^\]]*\]\((?:\.\./)*images/([^)]+)\)")
_TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
_BLOCK = '<div class="whypin-prose">'


def mark(address: str, words: str) -> Html | None:
    """Return what stands in a text for an image until it is placed; None where no image beside a record is meant."""
    path = unquote(address)
    if not path.lower().endswith(ENDINGS) or re.match(r"[a-z][a-z0-9+.-]*:|[/\\]", path, re.IGNORECASE):
        return None
    if re.search(r"[\\\x00-\x1f\x7f?#]", path):
        return None
    return Html(f"{tag('img', class_='whypin-figure', alt=words, src=path)}".removesuffix("</img>"))


def without(html: str) -> Html:
    """Return a text with the words of its images in place of them."""
    return Html(_MARK.sub(r"\1", html))


def site_path(folder: str, records: str, path: str) -> str:
    """Return where an image of the records' folder stands on the site; the same image has the same place for ever."""
    stem, ending = posixpath.splitext(path.removeprefix(f"{records}/"))
    return f"{folder}/images/{paths.slug(stem)}{ending.lower()}"


def shown(pages: Iterable[Page], folder: str) -> set[str]:
    """Return the places on the site of the images that pages show."""
    return {f"{folder}/images/{name}" for page in pages for name in _SHOWN.findall(page.text)}


def placed(view: View, pages: list[Page], images: Mapping[str, str]) -> list[Page]:
    """Return the pages with their images: those that there are, from path to place on the site.

    An image is looked for beside the records that speak on the page. One that is not there, or that two folders have,
    is words only.
    """
    if not any(_MARK.search(page.text) for page in pages):
        return pages
    folders = _folders(view)
    everywhere = tuple(sorted({folder for found in folders.values() for folder in found}))
    return [_placed(page, folders.get(page.path, everywhere), images) for page in pages]


def _folders(view: View) -> dict[str, tuple[str, ...]]:
    """From the path of a page to the folders of the records that speak on it."""
    folder = view.options.folder
    found: dict[str, tuple[str, ...]] = {}
    for subject in view.subjects.values():
        beside = dict.fromkeys(posixpath.dirname(record.path) for record in subject.records)
        found[paths.package_page(folder, subject.name)] = tuple(beside)
    for record in view.newest_first:
        found[paths.decision_page(folder, record.id)] = (posixpath.dirname(record.path),)
    return found


def _placed(page: Page, folders: tuple[str, ...], images: Mapping[str, str]) -> Page:
    if not _MARK.search(page.text):
        return page
    lines: list[str] = []
    for line in page.text.split("\n"):
        lines += _line(line, page, folders, images) if "<img " in line else [line]
    return page._replace(text="\n".join(lines))


def _line(line: str, page: Page, folders: tuple[str, ...], images: Mapping[str, str]) -> Iterator[str]:
    """Yield a block of HTML with its images behind it; where one is a paragraph of a text, the text is parted there."""
    rest, shown = "", list[str]()
    end = 0
    for match in _MARK.finditer(line):
        target = _target(match[2], folders, images)
        rest += line[end : match.start()]
        end = match.end()
        if target is None:
            rest += match[1]
            continue
        figure = paragraph(Markdown(f"![{match[1]}]({relative(target, page.path)})"))
        if _is_paragraph(rest, line[end:]):
            yield f"{rest.removesuffix('<p>')}</div>"
            yield from ("", figure)
            rest, end = _BLOCK, end + len("</p>")
        else:
            rest += match[1]
            shown.append(figure)
    if rest + line[end:] != f"{_BLOCK}</div>":
        yield rest + line[end:]
    for figure in shown:
        yield from ("", figure.rstrip("\n"))
    if shown:
        yield ""


def _is_paragraph(before: str, after: str) -> bool:
    """Whether an image is all of a paragraph, right below the text's own element."""
    if not (before.startswith(_BLOCK) and before.endswith("<p>") and after.startswith("</p>")):
        return False
    depth = 0
    for closing, name in _TAG.findall(before):
        depth += -1 if closing else name not in ("br", "hr", "img", "input")
    return depth == 2


def _target(address: str, folders: tuple[str, ...], images: Mapping[str, str]) -> str | None:
    path = unescape(address)
    found = {images.get(posixpath.normpath(posixpath.join(folder, path))) for folder in folders} - {None}
    return found.pop() if len(found) == 1 else None
