"""What falls due, as text and as JSON."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from tests.build import TODAY
from tests.reporters.hostile import COMMAND, TEXTS, UNSEEN
from tests.site_examples import ROOT
from whypin.model.agenda import Agenda, Task
from whypin.model.location import Location
from whypin.reporters.due import render_json, render_text

NUMPY = "2026-05-22-numpy"
REVIEW = Task(
    day=date(2026, 11, 1),
    days=-21,
    kind="review",
    what=f"review of {NUMPY}",
    fix=f"whypin renew {NUMPY}",
    location=Location(f"decisions/{NUMPY}.yaml", 9, 12),
    record=NUMPY,
    title="Hold NumPy",
    package=None,
    subject="",
    rule="WHY301",
    error_from=date(2026, 11, 15),
)
EXEMPTION = REVIEW._replace(
    day=None,
    days=0,
    kind="exemption",
    what="exemption of pandas 2.2.2 in uv.lock: it moved to 2.2.3",
    fix="whypin exempt --prune",
    location=Location("decisions/exemptions.yaml", 3, 3),
    record=None,
    title=None,
    package="pandas",
    subject="uv.lock",
    rule="WHY305",
    error_from=None,
)
WAIVER = REVIEW._replace(
    day=date(2026, 11, 23),
    days=1,
    kind="waiver",
    what=f"waiver of CVE-2023-44271 in {NUMPY}",
    fix="upgrade past the advisory",
    subject="CVE-2023-44271",
    rule="WHY304",
    error_from=date(2026, 12, 7),
)
FULL = Agenda(TODAY, date(2026, 12, 22), (REVIEW, EXEMPTION, EXEMPTION._replace(what="exemption of rich"), WAIVER))


def test_text_says_for_each_when_what_where_and_what_to_type() -> None:
    assert (
        render_text(FULL)
        == """\
2026-11-01  21 days overdue  review of 2026-05-22-numpy; an error by now
  decisions/2026-05-22-numpy.yaml:9:12
  fix: whypin renew 2026-05-22-numpy
            now              exemption of pandas 2.2.2 in uv.lock: it moved to 2.2.3
  decisions/exemptions.yaml:3:3
            now              exemption of rich
  decisions/exemptions.yaml:3:3
  fix: whypin exempt --prune
2026-11-23  in 1 day         waiver of CVE-2023-44271 in 2026-05-22-numpy; an error from 2026-12-07 on
  decisions/2026-05-22-numpy.yaml:9:12
  fix: upgrade past the advisory

1 overdue, 2 due now, 1 to come until 2026-12-22
"""
    )


def test_where_nothing_falls_due_it_says_until_when() -> None:
    nothing = FULL._replace(tasks=())
    assert render_text(nothing) == "nothing falls due until 2026-12-22\n"
    assert json.loads(render_json(nothing))["due"] == []


@pytest.mark.parametrize(
    ("error_from", "said"),
    [
        (None, "review of 2026-05-22-numpy"),
        (date(2026, 11, 22), "review of 2026-05-22-numpy; an error by now"),
        (date(2026, 11, 23), "review of 2026-05-22-numpy; an error from that day on"),
        (date(2026, 11, 24), "review of 2026-05-22-numpy; an error from 2026-11-24 on"),
    ],
)
def test_it_says_when_a_check_fails_for_it(error_from: date | None, said: str) -> None:
    task = REVIEW._replace(day=date(2026, 11, 23), days=1, error_from=error_from)
    first = render_text(FULL._replace(tasks=(task,))).splitlines()[0]
    assert first == f"2026-11-23  in 1 day  {said}"


def test_colour_tells_errors_from_warnings_and_is_there_only_when_it_is_asked_for() -> None:
    assert "\x1b" not in render_text(FULL)
    coloured = render_text(FULL, True)
    assert "\x1b[31;1m21 days overdue\x1b[0m  review" in coloured
    assert "\x1b[33;1mnow\x1b[0m              exemption" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == render_text(FULL)


def test_json_is_the_contract() -> None:
    data = json.loads(render_json(FULL))
    assert {key: data[key] for key in ("version", "today", "until")} == {
        "version": 1,
        "today": "2026-11-22",
        "until": "2026-12-22",
    }
    assert data["due"][0] == {
        "date": "2026-11-01",
        "days": -21,
        "kind": "review",
        "what": "review of 2026-05-22-numpy",
        "fix": "whypin renew 2026-05-22-numpy",
        "path": "decisions/2026-05-22-numpy.yaml",
        "line": 9,
        "column": 12,
        "record": "2026-05-22-numpy",
        "title": "Hold NumPy",
        "package": None,
        "subject": None,
        "rule": "WHY301",
        "error_from": "2026-11-15",
    }
    empty = ("date", "record", "title", "error_from")
    assert {key: data["due"][1][key] for key in empty} == dict.fromkeys(empty)
    assert (data["due"][1]["days"], data["due"][1]["package"]) == (0, "pandas")


def test_every_key_and_kind_of_the_json_is_documented() -> None:
    page = (ROOT / "site/reference/json.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`(\w+)`", page.partition("## whypin due")[2].partition("\n## ")[0]))
    data = json.loads(render_json(FULL))
    assert {*data, *data["due"][0]} - {"version"} - listed == set()
    assert {"review", "exit", "proposal", "waiver", "ignored", "exemption"} <= listed


def hostile(text: str) -> Task:
    """A task with the text in every place where a text of a file can stand."""
    return WAIVER._replace(
        what=text, fix=text, location=Location(text, 3, 7), record=text, title=text, package=text, subject=text
    )


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_speaks_to_the_terminal_or_the_log(name: str) -> None:
    agenda = FULL._replace(tasks=(hostile(TEXTS[name]),))
    for said in (render_text(agenda), render_json(agenda)):
        assert not UNSEEN.search(said)
        assert not COMMAND.search(said)
    assert render_text(agenda).count("\n") == 5
    (told,) = json.loads(render_json(agenda))["due"]
    assert (told["what"], told["path"], told["title"]) == (TEXTS[name],) * 3
