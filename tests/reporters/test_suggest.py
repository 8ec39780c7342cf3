"""What to decide next, as text and as JSON."""

from __future__ import annotations

import json
import re

import pytest

from tests.reporters.hostile import COMMAND, TEXTS, UNSEEN
from tests.site_examples import ROOT
from whypin.model.location import Location
from whypin.model.suggestion import Part, Suggestion
from whypin.reporters.suggest import render_json, render_text

NUMPY = Suggestion(
    "numpy",
    ("1.26.4", "2.0.0"),
    ("uv.lock",),
    Location("uv.lock", 15, 1),
    (Part("required", 200, "undecided: it is critical"), Part("dependents", 3, "3 packages need it")),
    None,
)
RICH = NUMPY._replace(package="rich", versions=("13.0",), parts=(Part("direct", 30, "direct, in production"),))


def test_text_says_where_why_and_what_to_type() -> None:
    assert render_text([NUMPY, RICH], 10) == (
        "uv.lock:15:1: numpy 1.26.4, 2.0.0 (score 203)\n"
        "  undecided: it is critical; 3 packages need it\n"
        "  fix: whypin new numpy\n"
        "uv.lock:15:1: rich 13.0 (score 30)\n"
        "  direct, in production\n"
        "  fix: whypin new rich\n"
        "\n"
        "2 suggestions\n"
    )


def test_what_is_left_out_is_counted() -> None:
    text = render_text([NUMPY, RICH], 1)
    assert "rich" not in text
    assert text.endswith("\n1 more suggestion: --limit 2 shows all\n")
    assert render_text([], 10) == "nothing to suggest: every direct package is decided\n"


def test_json_has_every_part_and_the_total() -> None:
    said = json.loads(render_json([NUMPY, RICH], 1))
    assert (said["version"], said["total"], len(said["suggestions"])) == (1, 2, 1)
    assert said["suggestions"][0] == {
        "package": "numpy",
        "versions": ["1.26.4", "2.0.0"],
        "locks": ["uv.lock"],
        "path": "uv.lock",
        "line": 15,
        "score": 203,
        "parts": [
            {"name": "required", "points": 200, "why": "undecided: it is critical"},
            {"name": "dependents", "points": 3, "why": "3 packages need it"},
        ],
        "proposed": None,
        "fix": "whypin new numpy",
    }


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_nothing_hostile_reaches_the_terminal(text: str) -> None:
    part = Part("capped", 25, text)
    hostile = Suggestion(text, (text,), (text,), Location(text, 1, 1), (part,), None)
    for rendered in (render_text([hostile], 1), render_json([hostile], 1)):
        assert not UNSEEN.search(rendered)
        assert not COMMAND.search(rendered)


def test_every_key_of_the_json_is_documented() -> None:
    page = (ROOT / "site/reference/json.md").read_text(encoding="utf-8")
    section = page.partition("## whypin suggest")[2].partition("\n## ")[0]
    said = json.loads(render_json([NUMPY], 1))
    keys = {*said, *said["suggestions"][0], *said["suggestions"][0]["parts"][0]} - {"version"}
    assert keys <= set(re.findall(r"`(\w+)`", section))
