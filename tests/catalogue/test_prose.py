from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue.hostile import PAYLOADS
from tests.catalogue.reading import dangers, elements, text
from whypin.catalogue.prose import MAX_LENGTH, rebuild, render

PLAIN = "br hr strong em del code pre blockquote ul li table thead tbody tr"
ALLOWED: dict[str, set[str]] = {name: set() for name in PLAIN.split()} | {
    name: {"class"} for name in ("p", "th", "td", "div")
}
ALLOWED |= {"a": {"href", "rel"}, "ol": {"start"}}
FRAGMENTS = st.lists(
    st.sampled_from([*PAYLOADS.values(), "\n", "\n\n", "    ", "- ", "> ", "**", "`", "](", "a"]), max_size=6
)


def assert_tame(html: str) -> None:
    assert dangers(html) == []
    for element in elements(html):
        assert set(element.attributes) <= ALLOWED[element.tag], element
        assert element.attributes.get("href", "https://").startswith(("https://", "http://"))
    assert "\n" not in html


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=list(PAYLOADS))
def test_a_hostile_text_is_tame(payload: str) -> None:
    assert_tame(render(payload))
    assert_tame(rebuild(payload))


@given(FRAGMENTS)
def test_any_mixture_is_tame(fragments: list[str]) -> None:
    assert_tame(render("".join(fragments)))
    assert_tame(rebuild("".join(fragments)))


def test_raw_html_is_shown_not_swallowed() -> None:
    assert text(render("Set <path> in <b>bold</b> &amp; go")) == "Set <path> in <b>bold</b> & go"


def test_markdown_is_markdown() -> None:
    html = render(
        "A **b** `c<d` and [e](https://f.example/?g=1&h=2).\n\n1. i\n2. j\n\n| k | l |\n| --- | --: |\n| m | n |\n"
    )
    assert [element.tag for element in elements(html)][:8] == ["div", "p", "strong", "code", "a", "ol", "li", "li"]
    assert "c<d" in text(html)
    assert [e.attributes["href"] for e in elements(html) if e.tag == "a"] == ["https://f.example/?g=1&h=2"]
    assert [e.attributes.get("class") for e in elements(html) if e.tag == "td"] == [None, "whypin-right"]


def test_code_keeps_its_lines_and_says_nothing_to_the_page() -> None:
    html = render("```python\nif a < b:\n    ```\n--8<-- x\n```\n")
    (code,) = [element for element in elements(html) if element.tag == "code"]
    assert "".join(code.text).startswith("if a < b:\n")
    assert "`" not in html and "\n" not in html


def test_headings_leave_the_outline_of_the_page_alone() -> None:
    html = render("# One\n\ntext\n\nTwo\n---\n")
    assert [element.tag for element in elements(html)] == ["div", "p", "p", "p"]
    assert text(html) == "One text Two"


def test_an_image_becomes_a_link_because_showing_it_would_call_another_host() -> None:
    (link,) = [e for e in elements(render("![the plot](https://a.example/p.png)")) if e.tag != "div" and e.tag != "p"]
    assert (link.tag, link.attributes["href"], link.text) == ("a", "https://a.example/p.png", ["the plot"])


@pytest.mark.parametrize("limit", [MAX_LENGTH, 2 * MAX_LENGTH])
@pytest.mark.parametrize(
    "bad", ["[", "![", "[a](b", "[a]: b\n", "> ", "- ", "*a ", "_a*", "`", "<a ", "|", "&#x", "\\"]
)
def test_text_made_of_one_mark_is_tame_and_ends(bad: str, limit: int) -> None:
    for source in ((bad * limit)[:limit], (bad * 400)[:limit]):
        assert_tame(render(source))


def test_a_text_of_the_greatest_length_is_still_markdown() -> None:
    assert "<strong>" in render("**a** " * (MAX_LENGTH // 6))
    assert "<strong>" not in render("**a** " * (MAX_LENGTH // 6 + 1))
