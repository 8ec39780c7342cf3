"""A page as a file of Markdown: with the front matter that site generators read."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

from whypin.catalogue.markup import text

if TYPE_CHECKING:
    from whypin.catalogue.parts import Page


def source(page: Page) -> str:
    """Return a page with its front matter; themes print the title of it without escaping it."""
    meta = [f"title: {dumps(text(page.title))}"]
    if page.wide:
        meta.append("hide: [toc]")
    if page.boost != 1:
        meta.append(f"search: {{boost: {page.boost}}}")
    return "\n".join(["---", *meta, "---", "", page.text])
