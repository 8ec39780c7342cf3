"""The debt as text, JSON and Markdown."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import markdown  # type: ignore[import-untyped]
import pytest

from tests.catalogue.reading import elements, text
from tests.reporters.hostile import COMMAND, TEXTS, UNSEEN
from tests.reporters.test_markdown import REFERENCE
from tests.site_examples import ROOT
from whypin.model.debt import Age, Aged, Cap, Coverage, Debt, Line, Review, Reviews, Standing
from whypin.model.location import Location
from whypin.reporters.debt import LIMIT, MOST, RENDERERS, percent

NOWHERE = Reviews((), (), ())


def standing(*lines: Line, path: str = "api/pyproject.toml", level: int | None = 2) -> Standing:
    return Standing(path, level, ("api/uv.lock",), 4, lines)


def line(name: str, number: int = 3, level: int = 2, fix: str = "run uv lock") -> Line:
    return Line(Location("api/pyproject.toml", number, 5), name, level, "a range leaves the version to the day", fix)


FULL = Debt(
    level=2,
    manifests=(
        standing(line("numpy>=1"), line("pandas>=2", 4), line("scipy==1.1", 5, 3, "lock it")),
        Standing("docs/requirements.in", None, (), 0, ()),
        Standing("web/pyproject.toml", 5, ("web/uv.lock",), 1, ()),
    ),
    coverage=Coverage(3, 2, 0, 1, 4, 1),
    age=Age(9, 10, 1234, (Aged("numpy", "1.26.4", Location("api/uv.lock", 9), date(2024, 2, 5), 1021),)),
    caps=(
        Cap(Location("api/pyproject.toml", 7, 5), "torch<3", "torch", ("<3",), "record", ("2026-11-20-torch",)),
        Cap(Location("api/pyproject.toml", 8, 5), "jax<1", "jax", ("<1",), "nothing", ()),
    ),
    reviews=Reviews(
        (Review("2026-01-01-a", "A", Location("decisions/2026-01-01-a.yaml", 2), date(2026, 11, 21), -1),),
        (Review("2026-06-01-b", "B", Location("decisions/2026-06-01-b.yaml", 2), date(2026, 11, 28), 6),),
        (Review("2026-11-01-c", "C", Location("decisions/2026-11-01-c.yaml", 2)),),
    ),
)


def test_text_has_a_paragraph_for_each_manifest_the_numbers_and_the_level_last() -> None:
    assert (
        RENDERERS["text"](FULL, False)
        == """\
api/pyproject.toml: level 2 of 5, ranges that no lock fixes
api/pyproject.toml:3:5: level 2 numpy>=1: a range leaves the version to the day
api/pyproject.toml:4:5: level 2 pandas>=2: a range leaves the version to the day
  fix: run uv lock
api/pyproject.toml:5:5: level 3 scipy==1.1: a range leaves the version to the day
  fix: lock it

docs/requirements.in: no level, as nothing of it goes to production

web/pyproject.toml: level 5 of 5, a lock with reasons

required  2 of 3 packages decided (66%), 0 exempt, 1 undecided
direct    1 of 4 direct production packages decided (25%)
age       1234 days in the median, known for 9 of 10 locked versions
          api/uv.lock:9:1: numpy 1.26.4 is 1021 days old
caps      1 explained by a record, 0 by a comment only, 1 by nothing
          api/pyproject.toml:8:5: jax<1
reviews   1 due, 1 due within 30 days, 1 proposed
          decisions/2026-01-01-a.yaml:2:1: 2026-01-01-a since 2026-11-21
          decisions/2026-06-01-b.yaml:2:1: 2026-06-01-b in 6 days, on 2026-11-28
          decisions/2026-11-01-c.yaml:2:1: 2026-11-01-c is proposed

level 2 of 5, ranges that no lock fixes: the lowest of 2 manifests
"""
    )


def test_colour_is_there_only_when_it_is_asked_for() -> None:
    assert "\x1b[31;1mlevel 2" in RENDERERS["text"](FULL, True)
    assert "\x1b" not in RENDERERS["text"](FULL, False)


EMPTY = Debt(None, (), Coverage(0, 0, 0, 0, 0, 0), Age(0, 0, None, ()), (), NOWHERE)


def test_where_there_is_nothing_to_judge_it_says_so() -> None:
    said = RENDERERS["text"](EMPTY, False)
    assert said.endswith("\nno level: no manifest asks for anything that goes to production\n")
    assert "the policy requires no decision" in said and "%" not in said
    assert json.loads(RENDERERS["json"](EMPTY, False))["coverage"]["percent"] is None


def test_what_people_are_not_shown_is_counted_and_json_has_it() -> None:
    debt = EMPTY._replace(manifests=(standing(*(line(f"p{number}") for number in range(MOST + 7))),))
    said = RENDERERS["text"](debt, False)
    assert said.count("level 2 p") == MOST
    assert "\nand 7 more: --format json lists all\n" in said
    assert len(json.loads(RENDERERS["json"](debt, False))["manifests"][0]["held_down_by"]) == MOST + 7


def test_json_is_the_contract() -> None:
    data = json.loads(RENDERERS["json"](FULL, False))
    assert (data["version"], data["level"]) == (1, 2)
    assert [manifest["level"] for manifest in data["manifests"]] == [2, None, 5]
    assert data["manifests"][0] | {"held_down_by": data["manifests"][0]["held_down_by"][:1]} == {
        "path": "api/pyproject.toml",
        "level": 2,
        "locks": ["api/uv.lock"],
        "requirements": 4,
        "held_down_by": [
            {
                "path": "api/pyproject.toml",
                "line": 3,
                "column": 5,
                "requirement": "numpy>=1",
                "level": 2,
                "why": "a range leaves the version to the day",
                "fix": "run uv lock",
            }
        ],
    }
    assert data["coverage"] == {
        "required": 3,
        "decided": 2,
        "exempt": 0,
        "undecided": 1,
        "percent": 66,
        "direct_production": {"packages": 4, "decided": 1, "percent": 25},
    }
    assert (data["age"]["median_days"], data["age"]["known"], data["age"]["of"]) == (1234, 9, 10)
    assert data["age"]["oldest"][0]["uploaded"] == "2024-02-05"
    assert {key: data["caps"][key] for key in ("record", "comment", "nothing")} == {
        "record": 1,
        "comment": 0,
        "nothing": 1,
    }
    assert data["caps"]["requirements"][0]["records"] == ["2026-11-20-torch"]
    assert [data["reviews"][kind][0]["record"][-1] for kind in ("due", "soon", "proposed")] == ["a", "b", "c"]
    assert (data["reviews"]["due"][0]["due"], data["reviews"]["due"][0]["days"]) == ("2026-11-21", -1)
    assert "due" not in data["reviews"]["proposed"][0]


def keys(value: Any) -> set[str]:
    """All keys of a JSON value, those of inner ones included."""
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_every_key_of_the_json_is_documented() -> None:
    page = (ROOT / "site/reference/json.md").read_text(encoding="utf-8")
    section = page.partition("## whypin debt")[2].partition("\n## ")[0]
    said = keys(json.loads(RENDERERS["json"](FULL, False))) - {"version", "name"}
    assert said - set(re.findall(r"`(\w+)`", section)) == set()


def test_markdown_is_a_table_of_manifests_the_numbers_and_what_to_mend_folded() -> None:
    page = markdown.markdown(RENDERERS["markdown"](FULL, False), extensions=["tables", "md_in_html"])
    assert text(page).startswith("whypin debt: level 2 of 5, ranges that no lock fixes: the lowest of 2 manifests")
    source = RENDERERS["markdown"](FULL, False)
    assert source.count("<details>") == source.count("</details>") == 1
    assert "<summary>3 lines to mend</summary>" in source
    assert "| api/pyproject.toml:3:5 | numpy&gt;=1 | 2 |" in source


def hostile(words: str) -> Debt:
    """A debt with the text in every place where a text of a file can stand."""
    at = Location(words, 3, 7)
    return Debt(
        1,
        (Standing(words, 1, (words,), 1, (Line(at, words, 1, words, words),)),),
        Coverage(1, 1, 0, 0, 1, 1),
        Age(1, 1, 1, (Aged(words, words, at, date(2026, 1, 1), 1),)),
        (Cap(at, words, words, (words,), "nothing", (words,)),),
        Reviews((Review(words, words, at, date(2026, 1, 1), -1),), (), ()),
    )


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_speaks_to_the_terminal_or_the_log(name: str) -> None:
    for form in ("text", "json", "markdown"):
        said = RENDERERS[form](hostile(TEXTS[name]), False)
        assert not UNSEEN.search(said)
        assert not COMMAND.search(said)
    assert json.loads(RENDERERS["json"](hostile(TEXTS[name]), False))["manifests"][0]["path"] == TEXTS[name]


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_is_markup_or_leaves_its_cell(name: str) -> None:
    source = RENDERERS["markdown"](hostile(TEXTS[name]), False)
    assert len(source) < LIMIT
    tables = re.findall(r"(?:^\|.*\n?)+", source, re.MULTILINE)
    assert [table.count("\n") for table in tables[:2]] == [3, 10]
    for table, columns in zip(tables, (3, 2, 5), strict=True):
        page = markdown.markdown(table, extensions=["tables"])
        tags = [element.tag for element in elements(page)]
        assert set(tags) == {"table", "thead", "tbody", "tr", "th", "td"}
        assert tags.count("th") == columns and tags.count("td") % columns == 0
        assert not REFERENCE.search(text(page))
    assert re.findall(r"<[a-z/][^>]*>", source) == ["<details>", "<summary>", "</summary>", "</details>"]


def test_markdown_fits_into_a_comment_however_much_there_is() -> None:
    manifests = tuple(standing(*(line(f"p{at}") for at in range(100)), path=f"{at}/x.in") for at in range(900))
    source = RENDERERS["markdown"](FULL._replace(manifests=manifests), False)
    assert LIMIT * 0.6 < len(source) <= LIMIT
    assert re.search(r"^\| and \d+ more: --format json lists all \| \| \|$", source, re.MULTILINE)
    assert "Left out for length" in source and source.count("<details>") == source.count("</details>") > 0


def test_all_is_a_hundred_percent_and_nearly_all_is_not() -> None:
    assert (percent(200, 200), percent(199, 200), percent(0, 3), percent(0, 0)) == (100, 99, 0, None)
