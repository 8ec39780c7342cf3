"""JUnit XML in the shape of junit-10.xsd, which Jenkins and GitLab read."""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from tests.reporters.hostile import TEXTS, many, report
from tests.reporters.test_findings import REPORT
from whypin.model.finding import Report, Summary
from whypin.reporters.junit import render

#: Element -> the attributes that it must have, and the elements that may stand in it.
SHAPE = {
    "testsuites": (set[str](), {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, {"testcase"}),
    "testcase": ({"name", "classname", "time"}, {"failure", "system-out"}),
    "failure": ({"message", "type"}, set[str]()),
    "system-out": (set[str](), set[str]()),
}


def suite(subject: Report) -> Element:
    """The one suite, after a look at every element."""
    text = render(subject)
    root = ElementTree.fromstring(text.encode("ascii"))
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = SHAPE[element.tag]
        assert set(element.attrib) == attributes
        assert {child.tag for child in element} <= children
    (only,) = root
    counted = (only.attrib["tests"], only.attrib["failures"])
    assert counted == (str(len(only)), str(len(only.findall("testcase/failure"))))
    return only


def test_an_error_is_a_test_that_failed() -> None:
    case = suite(REPORT)[1]
    assert (case.attrib["classname"], case.attrib["name"]) == (
        "WHY102 version-mismatch",
        "uv.lock:3 torch is locked 2.2.0",
    )
    (failure,) = case
    assert failure.attrib["message"] == "torch is locked 2.2.0"
    assert failure.text == "uv.lock:3:1: error torch is locked 2.2.0\nfix: lock it"


def test_a_warning_fails_nothing() -> None:
    case = suite(REPORT)[0]
    assert [child.tag for child in case] == ["system-out"]
    assert case[0].text == "decisions/a.yaml:4:8: warning numpy is not locked\nfix: correct the name"


def test_nothing_found_is_one_test_that_passed() -> None:
    (case,) = suite(Report((), Summary(0, 0, 1, 0, 1, 0, 0)))
    assert (case.attrib["name"], len(case)) == ("whypin check", 0)


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_leaves_its_element(name: str) -> None:
    (case,) = suite(report(TEXTS[name]))
    (failure,) = case
    assert len(case.attrib["name"]) <= 300
    assert (failure.text or "").count("\n") == 1
    raw = render(report(TEXTS[name]))
    assert "]]>" not in raw and "<!" not in raw
    assert not re.search("&#(0|x0|65534|65535);", raw)


@pytest.mark.parametrize("name", ["end of CDATA", "entity", "quotes", "no ASCII", "comment", "spaces"])
def test_a_text_comes_out_as_it_went_in(name: str) -> None:
    assert suite(report(TEXTS[name]))[0][0].attrib["message"] == TEXTS[name]


def test_none_of_ten_thousand_is_left_out() -> None:
    assert suite(many(10_000)).attrib["failures"] == "5000"
