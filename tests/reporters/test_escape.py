"""One table of hostile text runs through every format."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from urllib.parse import unquote_to_bytes, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.build import entry, lock, project, record
from tests.reporters.hostile import COMMAND, SUMMARY, TEXTS, UNSEEN, report
from whypin.model.finding import Finding, Report, Summary
from whypin.model.location import Location
from whypin.reporters import FORMATS, renderer
from whypin.reporters.escape import (
    csv_cell,
    markdown_text,
    one_line,
    sarif_text,
    uri_path,
    workflow_data,
    workflow_property,
    xml_text,
)
from whypin.reporters.packages import RENDERERS

NAMES = pytest.mark.parametrize("name", TEXTS)


def is_safe(rendered: str) -> bool:
    return UNSEEN.search(rendered) is None and all(line.startswith(PREFIXES) for line in COMMAND.findall(rendered))


#: The commands that are meant: no text of a file gets in front of them.
PREFIXES = ("::error file=", "::warning file=")


@NAMES
@pytest.mark.parametrize("form", FORMATS)
def test_no_format_of_findings_lets_a_file_speak_to_the_terminal(form: str, name: str) -> None:
    rendered = renderer(form)(report(TEXTS[name]), False)
    assert is_safe(rendered)
    assert len(COMMAND.findall(rendered)) == (1 if form == "github" else 0)
    rendered.encode("utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_ends_its_last_line_and_says_the_same_each_time(form: str) -> None:
    for subject in (Report((), Summary(0, 0, 0, 0, 0, 0, 0)), report()):
        rendered = renderer(form)(subject, False)
        assert rendered.endswith("\n") and not rendered.endswith("\n\n")
        assert renderer(form)(subject, False) == rendered


@NAMES
@pytest.mark.parametrize("form", RENDERERS)
def test_no_format_of_packages_does_either(form: str, name: str) -> None:
    text = TEXTS[name] or "x"
    subject = project(record(), locks=[lock(entry("numpy", text, groups=(text,), marker=text), path=text)])
    rendered = RENDERERS[form](subject.packages, False)
    assert is_safe(rendered) and not COMMAND.search(rendered)


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


#: Any characters at all, lone surrogates included, and often those that mean something to somebody.
ANYTHING = st.text(st.characters(exclude_categories=()) | st.sampled_from("\n\r\t\x1b:#[]()!@%,&<>\"'`|*_~{}$\\0a "))


@given(ANYTHING)
def test_what_is_escaped_for_one_line_is_one_line_without_a_command(text: str) -> None:
    for escape in (one_line, markdown_text, workflow_data, workflow_property, xml_text, sarif_text):
        escaped = escape(text)
        assert is_safe(escaped) and not COMMAND.search(escaped) and "\n" not in escaped
        escaped.encode("utf-8")


@given(ANYTHING)
def test_xml_reads_back_one_line(text: str) -> None:
    escaped = xml_text(text)
    read = ElementTree.fromstring(f'<a b="{escaped}">{escaped}</a>')
    assert (
        (read.text or "") == read.attrib["b"] == one_line(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    )


@given(ANYTHING)
def test_a_uri_is_relative_and_leads_back(text: str) -> None:
    uri = uri_path(text)
    assert urlsplit(uri)[:2] == ("", "") and not uri.startswith("/") and uri.isascii()
    assert unquote_to_bytes(uri) in {_bytes(text, "surrogateescape"), _bytes(text, "surrogatepass")}


def _bytes(text: str, errors: str) -> bytes | None:
    try:
        return text.encode("utf-8", errors)
    except UnicodeEncodeError:
        return None


@given(ANYTHING)
def test_a_property_ends_nowhere_within(text: str) -> None:
    assert not set(":,\n\r") & set(workflow_property(text))


@given(ANYTHING)
def test_markdown_leaves_nothing_that_opens_anything(text: str) -> None:
    escaped = markdown_text(text)
    assert not set("<>|~$") & set(escaped)
    assert re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]{}]", escaped) is None
    assert re.search(r"[@#!][\w]", unescape(escaped).replace("\u200b", " ")) is None
