"""`whypin due`, run as a user runs it, on a project in which everything that can fall due does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_check import whypin
from tests.folders import record, uv_lock, write
from tests.reporters.test_ics import component, plain, unfolded

SETTINGS = """\
[tool.whypin.policy]
critical = ["pandas"]
grace_days = 7
[[tool.whypin.ignore_findings]]
rule = "WHY102"
package = "numpy"
reason = "The pipeline moves next month."
expires = 2026-12-10
"""
NUMPY = """\
exit_criteria:
  - locked: numpy>=1.26
  - date: 2027-02-01
waivers:
  - {advisory: CVE-2023-44271, reason: We render no fonts., expires: 2026-12-01}
"""
FILES = {
    "pyproject.toml": SETTINGS,
    "uv.lock": uv_lock(numpy="1.26.4", pandas="2.2.3"),
    "decisions/2026-11-20-numpy.yaml": record(review="2026-11-20") + NUMPY,
    "decisions/2026-05-22-pandas.yaml": record("pandas", "2.2.3", "").replace("accepted", "proposed"),
    "decisions/exemptions.yaml": "uv.lock:\n  pandas: [2.2.2]\n",
}
DAY = ("--today", "2026-11-22")
TEXT = """\
2026-11-18  4 days overdue  proposal 2026-05-22-pandas, proposed on 2026-05-22
  decisions/2026-05-22-pandas.yaml:2:9
  fix: set status: accepted or rejected, with the reason
2026-11-20  2 days overdue  review of 2026-11-20-numpy; an error from 2026-11-27 on
  decisions/2026-11-20-numpy.yaml:7:12
  fix: look at it again, then whypin renew 2026-11-20-numpy, or whypin supersede 2026-11-20-numpy
2026-11-22  today           exit criterion of 2026-11-20-numpy: numpy is locked 1.26.4, and this waited for numpy>=1.26
  decisions/2026-11-20-numpy.yaml:9:13
  fix: the pin can go: whypin supersede 2026-11-20-numpy, or renew it with a criterion that is not met
            now             exemption of pandas 2.2.2 in uv.lock: it moved to 2.2.3
  decisions/exemptions.yaml:2:3
  fix: take it off the list: whypin exempt --prune
2026-12-01  in 9 days       waiver of CVE-2023-44271 in 2026-11-20-numpy; an error from 2026-12-08 on
  decisions/2026-11-20-numpy.yaml:12:70
  fix: upgrade past the advisory, or write a later day under expires if the reason still holds
2026-12-10  in 18 days      WHY102 of numpy is ignored until then
  pyproject.toml:8:1
  fix: mend what it hides, or write a later day under expires if the reason still holds

2 overdue, 2 due now, 2 to come until 2026-12-22
"""


def test_what_falls_due_soon_is_listed_the_soonest_first(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, FILES), "due", *DAY)
    assert (done.returncode, done.stdout, done.stderr) == (0, TEXT, "")


@pytest.mark.parametrize(
    ("span", "last"),
    [
        ("0d", "2 overdue, 2 due now, 0 to come until 2026-11-22"),
        ("2w", "2 overdue, 2 due now, 1 to come until 2026-12-06"),
        ("2m", "2 overdue, 2 due now, 2 to come until 2027-01-22"),
        ("1y", "2 overdue, 2 due now, 3 to come until 2027-11-22"),
    ],
)
def test_how_far_to_look_is_said_in_days_weeks_months_or_years(tmp_path: Path, span: str, last: str) -> None:
    done = whypin(write(tmp_path, FILES), "due", *DAY, "--within", span)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, last)


def test_options_may_stand_before_the_command(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, FILES), "--within", "1y", *DAY, "due")
    assert done.stdout.splitlines()[-1].endswith("until 2027-11-22")


@pytest.mark.parametrize("span", ["soon", "30", "-3d", "", "1" * 5000 + "d"])
def test_a_span_that_is_none_is_wrong_usage(tmp_path: Path, span: str) -> None:
    done = whypin(write(tmp_path, FILES), "due", "--within", span)
    assert (done.returncode, done.stdout) == (2, "")
    shown = span if len(span) < 40 else f"{span[:40]}…"
    said = f"whypin: error: Invalid value for '--within': {shown!r} is not a span like 30d, 6w, 3m or 1y; try "
    assert done.stderr.startswith(said) and done.stderr.count("\n") == 1


def test_json_has_the_same(tmp_path: Path) -> None:
    data = json.loads(whypin(write(tmp_path, FILES), "due", *DAY, "--format", "json").stdout)
    assert [(one["date"], one["days"], one["kind"], one["record"], one["package"]) for one in data["due"]] == [
        ("2026-11-18", -4, "proposal", "2026-05-22-pandas", None),
        ("2026-11-20", -2, "review", "2026-11-20-numpy", None),
        ("2026-11-22", 0, "exit", "2026-11-20-numpy", None),
        (None, 0, "exemption", None, "pandas"),
        ("2026-12-01", 9, "waiver", "2026-11-20-numpy", None),
        ("2026-12-10", 18, "ignored", None, "numpy"),
    ]
    subjects = [None, None, "locked: numpy>=1.26", "uv.lock", "CVE-2023-44271", "WHY102"]
    assert [one["subject"] for one in data["due"]] == subjects


def test_the_calendar_is_utf_8_with_its_own_line_ends_wherever_it_is_made(tmp_path: Path) -> None:
    path = "decisions/2026-11-20-numpy.yaml"
    write(tmp_path, {**FILES, path: FILES[path].replace("Hold numpy", "Hold numpy – 日本")})
    command = [sys.executable, "-m", "whypin", "due", *DAY, "--format", "ics"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, env={"PYTHONIOENCODING": "latin-1"})
    _, _, events = component(unfolded(done.stdout.decode("utf-8")))
    assert [event["DTSTART;VALUE=DATE"] for _, event in events] == [
        "20261118",
        "20261120",
        "20261122",
        "20261201",
        "20261210",
    ]
    assert plain(events[1][1]["DESCRIPTION"]).startswith("Hold numpy – 日本 where the pipeline works\n")


def test_the_day_that_it_names_is_the_day_on_which_a_check_fails(tmp_path: Path) -> None:
    path = "decisions/2026-11-20-numpy.yaml"
    write(tmp_path, {"uv.lock": FILES["uv.lock"], path: record(review="2026-11-20")})
    data = json.loads(whypin(tmp_path, "due", *DAY, "--format", "json").stdout)
    (day,) = [one["error_from"] for one in data["due"] if one["kind"] == "review"]
    assert day == "2026-12-04"
    assert [whypin(tmp_path, "check", "--today", at).returncode for at in ("2026-12-03", day)] == [0, 1]


def test_a_record_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {**FILES, "decisions/a.yaml": "title: [\n"}), "due", *DAY)
    assert (done.returncode, done.stdout) == (0, TEXT)
    assert done.stderr == "whypin: warning: decisions/a.yaml is left out: see whypin check\n"


def test_what_cannot_be_read_is_no_report(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {**FILES, "uv.lock": "<<<<<<< HEAD\n"}), "due", *DAY)
    assert (done.returncode, done.stdout) == (2, "")
    assert "uv.lock:1" in done.stderr
