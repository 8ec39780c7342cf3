from __future__ import annotations

import markdown  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue.hostile import PAYLOADS
from tests.catalogue.reading import elements
from tests.catalogue.reading import text as text_of
from whypin.catalogue.markup import Html, inward, is_web_address, join, outward, paragraph, relative, table, tag, text

EXTENSIONS = [
    "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "smarty", "tables", "toc",
    "pymdownx.arithmatex", "pymdownx.betterem", "pymdownx.caret", "pymdownx.critic", "pymdownx.details",
    "pymdownx.emoji", "pymdownx.inlinehilite", "pymdownx.keys", "pymdownx.magiclink", "pymdownx.mark",
    "pymdownx.snippets", "pymdownx.superfences", "pymdownx.tasklist", "pymdownx.tilde",
]  # fmt: skip
NASTY = st.text(st.sampled_from("ab1 .-_*`~^=+|<>[](){}!#:;'\"\\/&$%@?wWé漢\n\t\x07\u202e"), max_size=30) | st.text(
    max_size=20
)
UNSEEN = "\x07\u202e"


def as_shown(value: str) -> str:
    """What a reader is to see: one line, without characters that nobody sees."""
    return " ".join(text_of(str(text(value))).split())


@given(NASTY)
def test_any_text_comes_out_of_any_markdown_as_it_went_in(value: str) -> None:
    html = markdown.markdown(f"x {text(value)} x", extensions=EXTENSIONS)
    assert {element.tag for element in elements(html)} == {"p"}
    assert text_of(html) == f"x {as_shown(value)} x".replace("  ", " ")


@given(NASTY)
def test_any_text_is_only_text_in_an_element_and_in_an_attribute(value: str) -> None:
    html = str(tag("p", value, title=value))
    (element,) = elements(html)
    assert (element.tag, list(element.attributes)) == ("p", ["title"])
    assert "".join(element.text) == element.attributes["title"]


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=list(PAYLOADS))
def test_a_hostile_text_is_shown_word_for_word(payload: str) -> None:
    assert text_of(markdown.markdown(f"x {text(payload)}", extensions=EXTENSIONS)) == " ".join(f"x {payload}".split())


def test_unseen_characters_are_made_visible() -> None:
    assert text_of(text("a\x1b[31m\u202eb\ud800")) == "a\ufffd[31m\ufffdb\ufffd"


def test_plain_values_stay_readable_in_the_source() -> None:
    assert text("Hold NumPy at 1.24.3, the newest") == "Hold NumPy at 1.24.3, the newest"


def test_only_markup_escapes_escaping() -> None:
    assert tag("p", tag("b", "<"), "<") == "<p><b>&#60;</b>&#60;</p>"
    assert join([Html("<br>"), "<"], "|") == "<br>|&#60;"
    assert paragraph("<", Html("<b>")) == "&#60;<b>\n"


def test_cells_cannot_leave_their_table() -> None:
    html = markdown.markdown(table("x", ("A", "B"), [("a|b", "c\n| d")]), extensions=["tables"])
    assert [element.text[0] for element in elements(html) if element.tag == "td"] == ["a|b", "c | d"]


@pytest.mark.parametrize(
    ("source", "target", "path"),
    [
        ("c/index.md", "c/packages/numpy.md", "packages/numpy.md"),
        ("c/packages/numpy.md", "c/index.md", "../index.md"),
        ("c/packages/numpy.md", "c/packages/numpy.md", "numpy.md"),
        ("c/packages/conda/numpy.md", "c/packages/numpy.md", "../numpy.md"),
        ("c/packages/conda.md", "c/packages/conda/numpy.md", "conda/numpy.md"),
        ("c/decisions/a.md", "c/packages/conda/b.md", "../packages/conda/b.md"),
    ],
)
def test_paths_between_pages(source: str, target: str, path: str) -> None:
    assert relative(target, source) == path
    assert inward("*", target, source) == f"[&#42;]({path})"


@pytest.mark.parametrize("address", ["https://a.example/x?y=1&z=(2)#_3", "HTTP://a.example"])
def test_web_addresses_become_links(address: str) -> None:
    (element,) = elements(outward(address))
    assert (element.tag, element.attributes["href"], element.text) == ("a", address, [address])


@pytest.mark.parametrize(
    "address",
    ["javascript:x", " https://a.example", "https://a.example/ x", "//a.example", "data:,x", "", 'https://a"b'],
)
def test_anything_else_stays_text(address: str) -> None:
    assert not is_web_address(address)
    assert elements(outward(address)) == []
