from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown.extensions import Extension  # type: ignore[import-untyped]
from markdown.preprocessors import Preprocessor  # type: ignore[import-untyped]

from tests.catalogue.hostile import PAYLOADS
from tests.catalogue.reading import dangers, elements, text
from whypin.catalogue import prose
from whypin.catalogue.dialect import FIXED, NEVER, Dialect, chosen
from whypin.catalogue.prose import MAX_LENGTH, renderer

#: What sites have, the dangerous included.
MANY = [
    "toc",
    "extra",
    "abbr",
    "admonition",
    "attr_list",
    "codehilite",
    "def_list",
    "footnotes",
    "md_in_html",
    "nl2br",
    "smarty",
    "tables",
    "meta",
    "wikilinks",
    "pymdownx.arithmatex",
    "pymdownx.b64",
    "pymdownx.betterem",
    "pymdownx.blocks.html",
    "pymdownx.caret",
    "pymdownx.details",
    "pymdownx.emoji",
    "pymdownx.extra",
    "pymdownx.highlight",
    "pymdownx.inlinehilite",
    "pymdownx.keys",
    "pymdownx.magiclink",
    "pymdownx.mark",
    "pymdownx.quotes",
    "pymdownx.smartsymbols",
    "pymdownx.snippets",
    "pymdownx.superfences",
    "pymdownx.tabbed",
    "pymdownx.tasklist",
    "pymdownx.tilde",
]
SETTINGS: dict[str, dict[str, Any]] = {
    "pymdownx.tasklist": {"custom_checkbox": True, "clickable_checkbox": True},
    "pymdownx.highlight": {"linenums": True, "anchor_linenums": True},
    "pymdownx.snippets": {"base_path": ["/"], "restrict_base_path": False},
}
render = renderer(chosen(MANY, SETTINGS))

WAKING = {
    "handler on a heading": "# x {onclick=window.pwned=1 style=position:fixed id=__search}",
    "handler on a paragraph": "x\n{: onmouseover=window.pwned=1 style=color:red #__drawer .md-overlay }",
    "handler on a link": '[x](https://a.example){ onclick="window.pwned=1" target=_blank .md-button }',
    "script in a title": '[x](https://a.example "a\\" onclick=\\"window.pwned=1"){ title="<script>" }',
    "admonition of the theme": '!!! md-overlay "<script>window.pwned=1</script>"\n    x',
    "details": '???+ note "<img src=x onerror=window.pwned=1>"\n    <script>window.pwned=1</script>',
    "mermaid": "```mermaid\ngraph TD; a-->b; click a javascript:window.pwned=1\n```",
    "fence with attributes": '```{.python onclick="window.pwned=1" style="x" title="<b>"}\nx\n```',
    "highlighted": "```html linenums='1' hl_lines='1'\n<script>window.pwned=1</script>\n```",
    "inline code": "`#!html <script>window.pwned=1</script>`{.md-overlay}",
    "math": r"$$\href{javascript:window.pwned=1}{x}$$ and \(x\)",
    "footnotes": "x[^1] y[^<b>]\n\n[^1]: [z](javascript:window.pwned=1)\n[^<b>]: <script>window.pwned=1</script>",
    "abbreviation": '*[x]: "><script>window.pwned=1</script>\n\nx',
    "definition": "<script>\n:   window.pwned=1</script>",
    "tasks": "- [x] <b>a</b>\n- [ ] b {onclick=window.pwned=1}",
    "snippet": '--8<-- "/etc/passwd"',
    "snippets": "--8<--\n/etc/passwd\n--8<--",
    "snippet in a fence": '```\n--8<-- "/etc/passwd"\n```',
    "image of a file": "![x](/etc/passwd)",
    "block of html": "/// html | script\nwindow.pwned=1\n///",
    "contents": "[TOC]\n\n# x",
    "meta": "title: x\n\ny",
    "reference to an id": "[x](#__search) [y](#fn:1)",
    "auto link": "https://a.example/\"onclick='window.pwned=1' www.a.example javascript:window.pwned=1",
    "keys": '++ctrl+"<script>"++ :smile: :md-overlay: (c) ==x== ^^x^^ ~~x~~ H~2~O x^2^',
    "macro": "{{ 1 + 1 }} {% raw %}{% endraw %} {{ config }}",
    "markdown in html": '<div markdown="1" class="whypin-chip" onclick="window.pwned=1">\n\n# x\n\n</div>',
    "classes of ours": "x\n{: .whypin-chip .whypin-is-decided .whypin-place-of-0 }\n",
    "task outside of a list": '[ ] x <input type="text" autofocus onfocus="window.pwned=1">',
}
PLAIN = "br hr strong em del ins mark sub pre blockquote thead tbody tr dl dt dd summary"
CLASSED = "p div span code kbd table ul label"
ALLOWED: dict[str, set[str]] = {name: set() for name in PLAIN.split()} | {name: {"class"} for name in CLASSED.split()}
ALLOWED |= {
    "th": {"class", "colspan"},
    "td": {"class", "colspan"},
    "ol": {"start", "type"},
    "details": {"class", "open"},
    "sup": {"id"},
    "li": {"class", "id"},
    "a": {"href", "rel", "class"},
    "abbr": {"title"},
    "input": {"type", "disabled", "checked", "aria-label"},
}
BAD_CLASS = ("md-", "whypin-chip", "whypin-is", "whypin-place", "mermaid", "arithmatex")


def assert_tame(html: str) -> None:
    assert dangers(html) == []
    found = elements(html)
    ids = [element.attributes["id"] for element in found if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for element in found:
        assert set(element.attributes) <= ALLOWED[element.tag], element
        address = element.attributes.get("href", "https://")
        assert address.startswith(("https://", "http://")) or address[1:] in ids
        assert not any(bad in element.attributes.get("class", "") for bad in BAD_CLASS)
        assert element.tag != "input" or (element.attributes["type"] == "checkbox" and "disabled" in element.attributes)
    assert all(one.startswith("whypin-") for one in ids)
    assert "\n" not in html and "root:" not in html


@pytest.mark.parametrize("payload", [*PAYLOADS.values(), *WAKING.values()], ids=[*PAYLOADS, *WAKING])
def test_a_hostile_text_is_tame_whatever_a_site_has(payload: str) -> None:
    assert_tame(render(payload))


@given(
    st.lists(
        st.sampled_from([*PAYLOADS.values(), *WAKING.values(), "\n", "\n\n", "    ", "- ", "[^1]", "{: .x }", "a"]),
        max_size=6,
    )
)
def test_any_mixture_is_tame(fragments: list[str]) -> None:
    assert_tame(render("".join(fragments)))


@pytest.mark.parametrize(
    "bad",
    [
        "[^a]",
        "*[a]: b\n",
        "a\n: b\n",
        "{: a }",
        "!!! a\n",
        "??? a\n",
        "~a",
        "^a",
        "==a",
        "++a",
        ":a:",
        "- [ ] ",
        "```\n",
        "*a ",
        "_a*",
        "<a ",
        "|",
    ],
)
def test_text_made_of_one_mark_ends(bad: str) -> None:
    for source in ((bad * MAX_LENGTH)[:MAX_LENGTH], bad * 400):
        assert_tame(render(source))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            '!!! warning "Mind"\n    **a**',
            '<div class="admonition warning"> <p class="admonition-title">Mind</p> <p><strong>',
        ),
        ('??? tip "More"\n    a', '<details class="tip"> <summary>More</summary> <p>a</p>'),
        ("Term\n:   words", "<dl> <dt>Term</dt> <dd>words</dd> </dl>"),
        ("The ABI.\n\n*[ABI]: Application Binary Interface", '<abbr title="Application Binary Interface">ABI</abbr>'),
        ("~~a~~ ^^b^^ ==c== H~2~O x^2^", "<del>a</del> <ins>b</ins> <mark>c</mark> H<sub>2</sub>O x<sup>2</sup>"),
        ("++ctrl+c++", '<kbd class="key-control">Ctrl</kbd>'),
        ("```python\nimport x\n```", '<span class="kn">import</span>'),
        ("a -- b...", "&#8211;"),
        (":smile:", "&#128516;"),
        ("https://a.example/x", '<a href="https&#58;&#47;&#47;a.example&#47;x"'),
    ],
)
def test_what_a_site_has_shows(source: str, expected: str) -> None:
    assert expected in render(source)


def test_a_text_on_which_an_extension_fails_spoils_no_other() -> None:
    shared = renderer(chosen(MANY, SETTINGS), prose.render)
    for payload in PAYLOADS.values():
        shared(payload)
    assert "<kbd" in shared("Press ++ctrl+c++.")


def test_a_task_is_a_box_that_nobody_can_tick() -> None:
    boxes = [one.attributes for one in elements(render("- [x] a\n- [ ] b")) if one.tag == "input"]
    assert [("checked" in box, box["aria-label"]) for box in boxes] == [(True, "done"), (False, "open")]


def test_footnotes_lead_there_and_back_and_do_not_meet_those_of_other_texts() -> None:
    one, other = (elements(render(f"{words}[^1]\n\n[^1]: Said.")) for words in ("a", "b"))
    for found in (one, other):
        ids = {element.attributes["id"] for element in found if "id" in element.attributes}
        assert {element.attributes["href"][1:] for element in found if element.tag == "a"} == ids
        assert len(ids) == 2
    assert not {e.attributes.get("id", "") for e in one} & {e.attributes.get("id", "-") for e in other}


def test_without_extensions_of_its_own_a_site_reads_as_no_site() -> None:
    assert chosen(["toc", "tables", "fenced_code"], {"toc": {"permalink": True}}) == Dialect()
    assert chosen(["markdown.extensions.tables", "markdown.extensions.toc:TocExtension"], {}) == Dialect()


def test_what_could_read_run_or_fetch_is_passed_over() -> None:
    found = chosen([*NEVER, "markdown_exec", "mkdocs_x:Y", Extension()], {}, trusted=[*NEVER, "mkdocs_x"])
    assert found.extensions == (*FIXED, "mkdocs_x:Y")
    assert found.passed_over == ("markdown_exec",)


def test_settings_that_run_code_are_left_out() -> None:
    run: list[str] = []

    def execute(source: str, *_: Any, **__: Any) -> str:
        run.append(source)
        return "<b>x</b>"

    fence = {"name": "run", "class": "run", "format": execute}
    names = ["pymdownx.superfences", "pymdownx.inlinehilite"]
    settings = {
        "pymdownx.superfences": {"custom_fences": [fence]},
        "pymdownx.inlinehilite": {"custom_inline": [fence]},
    }
    for dialect in (chosen(names, settings), chosen(["pymdownx.extra"], {"pymdownx.extra": settings})):
        assert "1 / 0" in text(renderer(dialect)("```run\n1 / 0\n```\n\n`#!run 1 / 0`"))
    assert run == []


class Shouting(Extension):  # type: ignore[misc]
    """Emits what no page may have, and fails on one word."""

    def extendMarkdown(self, md: Any) -> None:
        class Shout(Preprocessor):  # type: ignore[misc]
            def run(self, lines: list[str]) -> list[str]:
                if "boom" in lines:
                    raise ValueError("boom")
                kept = self.md.htmlStash.store("<svg onload=window.pwned=1><text>loud</text></svg><script>x</script>")
                return [*lines, "", kept]

        md.preprocessors.register(Shout(md), "shout", 5)


def test_an_extension_that_the_site_vouches_for_is_used_and_what_it_emits_is_judged() -> None:
    name = f"{__name__}:Shouting"
    shout = renderer(chosen([name], {}, [name]), prose.render)
    html = shout("A **b**.")
    assert "<strong>" in html and "loud" in text(html)
    assert_tame(html)
    assert "<p>boom" in shout("boom") and "loud" not in shout("boom")


@given(st.from_regex(prose._PLAIN, fullmatch=True))
def test_words_are_words_to_every_extension_that_lets_them_alone(source: str) -> None:
    waiting = [name for name in MANY if chosen([name], {}).leaves_words_alone]
    assert "footnotes" in waiting and "pymdownx.superfences" in waiting and "smarty" not in waiting
    dialect = chosen(waiting, {})
    quick = renderer(dialect)(source)
    html = prose._reader(dialect).convert(source)
    assert f'<div class="whypin-prose">{prose.rebuild(html, source)}</div>' == quick
