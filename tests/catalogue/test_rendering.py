from __future__ import annotations

import re

import markdown  # type: ignore[import-untyped]
import pytest

from tests.catalogue.hostile import hostile_project
from tests.catalogue.reading import Element, elements, text
from tests.site_examples import DEMO, ROOT
from whypin import app, rules
from whypin.catalogue import pages, prose
from whypin.catalogue.dialect import Dialect
from whypin.catalogue.parts import Page
from whypin.catalogue.rendering import joined, parted
from whypin.model.project import Project


def read(source: str) -> str:
    return str(markdown.markdown(source, extensions=["tables", "toc"]))


def tree(html: str) -> list[Element]:
    """The elements of a page, white space at the ends of their text aside."""
    return [one._replace(text=["".join(one.text).split()]) for one in elements(html)]  # type: ignore[list-item]


def both(page: Page) -> tuple[str, str]:
    """A page as Python-Markdown renders it, and as we do."""
    found = parted(page.text, lambda address: address)
    assert found is not None, page.path
    return read(page.text), joined(read(found[0]), [piece.html for piece in found[1]])


@pytest.mark.parametrize("subject", [app.load(str(ROOT / DEMO)), hostile_project()], ids=["demo", "hostile"])
def test_it_renders_every_page_as_markdown_is_rendered(subject: Project) -> None:
    for page in pages(subject, rules.run(subject), debt=app.debt(subject)):
        if parted(page.text, str) is None and re.search(r"^1\. ", page.text, re.MULTILINE):
            continue
        theirs, ours = both(page)
        assert tree(ours) == tree(theirs), page.path
        assert re.sub(r"\s", "", text(ours)) == re.sub(r"\s", "", text(theirs)), page.path


@pytest.mark.parametrize(
    "source",
    [
        "Crashes.",
        'It crashes: see 2.0 (x), 50% of "runs", don\'t.\nSo we wait - for now.\n\n\nAnd then?\n',
        "a\n===\nb",
        "a\n---",
        "a\n- b",
        "a  \nb",
        "a\n\n    b",
        "a b_c_d e",
        "[a]: https://a.example",
        "Term\n:   words",
        "a | b\n--- | ---\nc | d",
        "1. a",
        "Ünïcode wörds, 漢字 too.",
        "http://a.example/x?y=z",
        "a\\\nb",
        "",
        "\n",
        "x" * 500 + "-" * 500,
    ],
)
def test_plain_words_become_what_markdown_makes_of_them(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = prose.renderer(Dialect())(source)
    monkeypatch.setattr(prose, "_PLAIN", re.compile("(?!)"))
    assert quick == prose.renderer(Dialect())(source)


def test_nested_lists_and_links() -> None:
    source = "- a\n    - [b](x/y.md?z=1#w)\n        - c\n- d &#91;\n\n![e](f.png)\n"
    theirs, ours = both(Page("x.md", "x", source))
    assert tree(ours) == tree(theirs)
    assert ours.count("<ul>") == ours.count("</ul>") == 3


@pytest.mark.parametrize(
    "source",
    [
        "1. x",
        "> x",
        "- x\n        - y",
        "| a |\n| b |",
        "**x**",
        "`x`",
        "```\nx\n```",
        "x\ny",
        "<div>\n\nx\n</div>",
        "[x]",
    ],
)
def test_what_it_does_not_know_is_left_to_others(source: str) -> None:
    assert parted(source, lambda address: address) is None


def test_a_link_to_nowhere_is_left_to_those_who_warn_of_it() -> None:
    assert parted("[x](nowhere.md)", lambda address: None) is None


def test_a_search_gets_the_words_of_a_page_and_not_those_of_others() -> None:
    source = '# A\n\nOf [b](b.md)&#58; c\n\n| d |\n| --- |\n| e |\n\n- f\n\n<div class="whypin-prose"><p>g</p></div>\n'
    for with_prose, words in ((True, ["Of", "b", "c", "g"]), (False, ["Of", "b", "c"])):
        found = parted(source, str, with_prose)
        assert found is not None
        assert re.findall(r"[A-Za-z\[]+", re.sub("<.*?>|&#58;", " ", found[1][1].words)) == words
