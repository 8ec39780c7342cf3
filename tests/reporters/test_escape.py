"""One table of hostile text runs through every format."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from tests.build import entry, lock, project, record
from whypin.model.finding import Finding, Report, Summary
from whypin.model.location import Location
from whypin.reporters import FORMATS, renderer
from whypin.reporters.escape import csv_cell, one_line
from whypin.reporters.packages import RENDERERS

HOSTILE = [
    "\x1b[31mred",
    "two\nlines",
    "carriage\rreturn",
    "::error file=x::boo",
    "\n::set-output name=a::b",
    "  ::warning::indented",
    "##[command]rm",
    "\u202eright to left",
    "\x9b31m C1",
    "\u2028separator",
    "bell\x07",
    "lone \ud800 surrogate",
]
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]|^\\s*::|##\\[", re.MULTILINE)
SUMMARY = Summary(1, 0, 1, 1, 0, 0, 1)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("form", FORMATS)
def test_no_format_of_findings_lets_a_file_speak_to_the_terminal(form: str, text: str) -> None:
    finding = Finding(Location(text, 1, 1), text, text, package=text, record=text, code="WHY102", slug="s")
    rendered = renderer(form)(Report((finding,), SUMMARY), False)
    assert not FORBIDDEN.search(rendered)
    rendered.encode("utf-8")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("form", RENDERERS)
def test_no_format_of_packages_does_either(form: str, text: str) -> None:
    subject = project(record(), locks=[lock(entry("numpy", text, groups=(text,), marker=text), path=text)])
    assert not FORBIDDEN.search(RENDERERS[form](subject.packages, False))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    (row,) = csv.reader(io.StringIO(f'"{csv_cell(text)}"'))
    assert row[0].startswith("'")


def test_plain_text_is_left_as_it_is() -> None:
    assert one_line("numpy is locked 1.24.3, naïve 日本 🙂 a::b") == "numpy is locked 1.24.3, naïve 日本 🙂 a::b"


def test_json_keeps_what_the_file_said() -> None:
    finding = Finding(Location("a\x1b", 1, 1), "m\u202e", "f", code="WHY102", slug="s")
    data = json.loads(renderer("json")(Report((finding,), SUMMARY), False))
    assert (data["findings"][0]["path"], data["findings"][0]["message"]) == ("a\x1b", "m\u202e")
