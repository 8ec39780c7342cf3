"""What falls due as a calendar, read back by a strict reader of RFC 5545."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.build import TODAY
from tests.reporters.hostile import COMMAND, TEXTS, UNSEEN
from tests.reporters.test_due import EXEMPTION, FULL, REVIEW, WAIVER, hostile
from whypin.model.agenda import Task
from whypin.model.location import Location
from whypin.reporters.ics import render

#: Component -> its properties, each of which has to be there once, and the components that may stand in it.
SHAPE = {
    "VCALENDAR": ({"VERSION", "PRODID", "CALSCALE"}, {"VEVENT", "VTIMEZONE"}),
    "VEVENT": ({"UID", "DTSTAMP", "DTSTART;VALUE=DATE", "SUMMARY", "DESCRIPTION", "TRANSP"}, set[str]()),
    "VTIMEZONE": ({"TZID"}, {"STANDARD"}),
    "STANDARD": ({"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"}, set[str]()),
}
VALUES = {
    "UID": r"[0-9a-f]{32}@whypin",
    "DTSTAMP": r"\d{8}T\d{6}Z",
    "DTSTART;VALUE=DATE": r"\d{8}",
    "SUMMARY": r"(?:[^\\;,]|\\[\\;,nN])*",
    "DESCRIPTION": r"(?:[^\\;,]|\\[\\;,nN])*",
}

Event = dict[str, str]


def unfolded(text: str) -> list[str]:
    """The logical lines, after a look at every physical one."""
    assert text.endswith("\r\n")
    physical = text.removesuffix("\r\n").split("\r\n")
    lines: list[str] = []
    for line in physical:
        assert line and "\r" not in line and "\n" not in line
        assert len(line.encode("utf-8")) <= 75
        if line[0] == " ":
            assert lines
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return lines


def component(lines: list[str]) -> tuple[str, Event, list[tuple[str, Event]]]:
    """Take one component off the lines: its name, its properties, and the names and properties of those in it."""
    begin, _, name = lines.pop(0).partition(":")
    assert begin == "BEGIN"
    properties: Event = {}
    inner: list[tuple[str, Event]] = []
    while not lines[0].startswith("END:"):
        if lines[0].startswith("BEGIN:"):
            child, found, below = component(lines)
            assert child in SHAPE[name][1]
            inner += [(child, found), *below]
        else:
            key, colon, value = lines.pop(0).partition(":")
            assert colon and key not in properties
            assert re.fullmatch(VALUES.get(key, ".+"), value), (key, value)
            properties[key] = value
    assert lines.pop(0) == f"END:{name}"
    assert set(properties) == SHAPE[name][0]
    return name, properties, inner


def plain(value: str) -> str:
    """The text that a value of type TEXT stands for."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


def events(*tasks: Task, today: date = TODAY) -> list[Event]:
    """The events of a calendar."""
    lines = unfolded(render(tasks, today))
    name, properties, inner = component(lines)
    assert (name, lines, properties["VERSION"]) == ("VCALENDAR", [], "2.0")
    assert inner
    return [found for child, found in inner if child == "VEVENT"]


def test_whatever_has_a_day_is_an_event_of_that_day() -> None:
    found = events(*FULL.tasks)
    assert [(event["DTSTART;VALUE=DATE"], plain(event["SUMMARY"])) for event in found] == [
        ("20261101", "review of 2026-05-22-numpy"),
        ("20261123", "waiver of CVE-2023-44271 in 2026-05-22-numpy"),
    ]
    assert {event["DTSTAMP"] for event in found} == {"20261122T000000Z"}
    assert plain(found[0]["DESCRIPTION"]).splitlines() == [
        "Hold NumPy",
        "decisions/2026-05-22-numpy.yaml:9:12",
        "whypin check fails from 2026-11-15 on.",
        "fix: whypin renew 2026-05-22-numpy",
    ]


def test_the_whole_of_it_byte_by_byte() -> None:
    task = REVIEW._replace(title="Hold NumPy, pandas; and SciPy", fix="whypin renew x" + "é" * 40, error_from=None)
    assert render([task], TODAY).replace("\r\n", "\n") == (
        "BEGIN:VCALENDAR\n"
        "VERSION:2.0\n"
        "PRODID:-//whypin//whypin due//EN\n"
        "CALSCALE:GREGORIAN\n"
        "BEGIN:VEVENT\n"
        f"UID:{events(task)[0]['UID']}\n"
        "DTSTAMP:20261122T000000Z\n"
        "DTSTART;VALUE=DATE:20261101\n"
        "SUMMARY:review of 2026-05-22-numpy\n"
        "DESCRIPTION:Hold NumPy\\, pandas\\; and SciPy\\ndecisions/2026-05-22-numpy.yam\n"
        " l:9:12\\nfix: whypin renew xééééééééééééééééééééééé\n"
        " ééééééééééééééééé\n"
        "TRANSP:TRANSPARENT\n"
        "END:VEVENT\n"
        "END:VCALENDAR\n"
    )


@pytest.mark.parametrize("tasks", [(), (EXEMPTION,)])
def test_a_calendar_without_events_still_holds_what_the_standard_wants(tasks: tuple[Task, ...]) -> None:
    assert events(*tasks) == []


def test_an_event_is_known_again_when_its_day_place_and_words_have_changed() -> None:
    place = Location("decisions/b/2026-05-22-numpy.yaml", 99)
    later = WAIVER._replace(day=date(2027, 1, 1), days=40, location=place, title="Another", what="waiver", fix="wait")
    assert events(WAIVER)[0]["UID"] == events(later, today=date(2026, 12, 1))[0]["UID"]


def test_no_two_events_have_the_same_uid() -> None:
    another = (
        WAIVER._replace(subject="CVE-2023-44272"),
        WAIVER._replace(record="2026-05-22-scipy"),
        WAIVER._replace(kind="exit"),
        WAIVER._replace(package="numpy"),
        WAIVER._replace(package="a", subject="b\0c"),
        WAIVER._replace(package="a\0b", subject="c"),
    )
    found = events(WAIVER, *another, WAIVER)
    assert len({event["UID"] for event in found}) == len(found) == 8


def test_no_fold_puts_a_command_at_the_beginning_of_a_line() -> None:
    tasks = [hostile(f"{'x' * length}::error::boo") for length in range(75)]
    lines = render(tasks, TODAY).split("\r\n")
    assert {"", ":"} <= {line.lstrip()[:1] for line in lines}
    assert not any(line.lstrip().startswith("::") for line in lines)


@pytest.mark.parametrize("day", [date(1, 2, 3), date(9999, 12, 31)])
def test_a_year_has_four_digits(day: date) -> None:
    assert events(REVIEW._replace(day=day))[0]["DTSTART;VALUE=DATE"] == day.isoformat().replace("-", "")


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_leaves_its_property_or_speaks_to_a_log(name: str) -> None:
    task = hostile(TEXTS[name])
    (event,) = events(task)
    said = render([task], TODAY)
    assert not UNSEEN.search(said.replace("\r\n", "\n"))
    # Some read a folded line as one of its own.
    assert not COMMAND.search(said.replace("\r\n", "\n"))
    assert len(said) < 12_000
    assert plain(event["SUMMARY"]).count("\n") == 0
    assert len(plain(event["DESCRIPTION"]).split("\n")) == 3 + bool(TEXTS[name])


@pytest.mark.parametrize(
    "name", ["no ASCII", "quotes", "commas and colons", "backslash at the end", "table", "end of CDATA"]
)
def test_a_text_comes_out_as_it_went_in(name: str) -> None:
    (event,) = events(hostile(TEXTS[name]))
    assert plain(event["SUMMARY"]) == TEXTS[name].replace("\n", " ")


@given(st.text(alphabet=st.sampled_from("a:; ,\\\n#[\x1b日🙂é"), max_size=300))
def test_no_text_at_all_breaks_a_line_or_a_character_or_gives_a_command(words: str) -> None:
    said = render([hostile(words)], TODAY)
    assert len(events(hostile(words))) == 1
    assert not COMMAND.search(said.replace("\r\n", "\n"))
