"""`whypin advisories`, and `check` with advisories: run as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.advisories.osv import advisory, affected
from tests.cli.test_check import whypin
from tests.folders import record, uv_lock, write

DATA: dict[str, bytes | str] = {
    "osv/PYSEC-2023-227.json": json.dumps(advisory(aliases=["CVE-2023-44271"])),
    "osv/PYSEC-1.json": json.dumps(advisory("PYSEC-1", withdrawn="2026-01-01T00:00:00Z")),
}
CONFIGURED = '[tool.whypin.policy]\nadvisories = "osv.index"\n'
DAY = ("--today", "2026-11-22")


def project(folder: Path, pillow: str = "9.5.0", **more: Any) -> Path:
    return write(folder, {"uv.lock": uv_lock(pillow=pillow), **DATA, **more})


def test_the_index_is_built_and_says_what_is_in_it(tmp_path: Path) -> None:
    project(tmp_path, **{"osv/bad.json": "{"})
    done = whypin(tmp_path, "advisories", "build", "osv", "--output", "osv.index")
    assert (done.returncode, done.stdout) == (
        0,
        "osv.index: 1 advisories of 2026-11-20; left out 1 withdrawn, 1 unreadable\n",
    )
    assert done.stderr.startswith("whypin: warning: left out: bad.json:1:1: not valid JSON")


@pytest.mark.parametrize("source", ["osv", "osv.index"])
def test_a_vulnerable_version_fails_the_check(tmp_path: Path, source: str) -> None:
    project(tmp_path)
    whypin(tmp_path, "advisories", "build", "osv", "--output", "osv.index")
    done = whypin(tmp_path, "check", *DAY, "--advisories", source)
    assert done.returncode == 1
    assert "uv.lock:14:1: error WHY401 pillow 9.5.0 is affected by CVE-2023-44271 (PYSEC-2023-227)" in done.stdout
    assert done.stderr.startswith("advisories of 2026-11-20: 1\n")


def test_the_policy_the_environment_and_the_option_name_the_data_in_this_order(tmp_path: Path) -> None:
    project(tmp_path, **{"pyproject.toml": CONFIGURED})
    quiet = write(tmp_path / "quiet", {"A-1.json": json.dumps(advisory("A-1", affected("other", "introduced 0")))})
    whypin(tmp_path, "advisories", "build", "osv", "--output", "osv.index")
    assert whypin(tmp_path, "check", *DAY).returncode == 1
    assert whypin(tmp_path, "check", *DAY, WHYPIN_ADVISORIES=str(quiet)).returncode == 0
    done = whypin(tmp_path, "check", *DAY, "--advisories", "osv.index", WHYPIN_ADVISORIES=str(quiet))
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("osv.index", "pyproject.toml:2:1: there are no advisories at osv.index"),
        ("../osv.index", "pyproject.toml:2:1: the advisories ../osv.index lie outside the root"),
        ("uv.lock", "uv.lock:1:1: neither a zip nor an index of advisories"),
    ],
)
def test_data_that_cannot_be_read_is_never_a_clean_check(tmp_path: Path, setting: str, words: str) -> None:
    project(tmp_path, **{"pyproject.toml": f'[tool.whypin.policy]\nadvisories = "{setting}"\n'})
    done = whypin(tmp_path, "check", *DAY)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr and len(done.stderr.splitlines()) == 1


def test_commands_that_match_nothing_do_not_need_the_data(tmp_path: Path) -> None:
    project(tmp_path, **{"pyproject.toml": CONFIGURED})
    assert whypin(tmp_path, "list").returncode == 0


def test_what_cannot_be_checked_is_listed(tmp_path: Path) -> None:
    lock = uv_lock(pillow="10.1.0", fork="1.0").replace(
        'name = "fork"\nversion = "1.0"\nsource = { registry = "https://index.example/simple" }',
        'name = "fork"\nversion = "1.0"\nsource = { git = "https://git.example/fork?rev=1#' + "0" * 40 + '" }',
    )
    project(tmp_path, **{"uv.lock": lock})
    done = whypin(tmp_path, "check", *DAY, "--advisories", "osv")
    assert done.returncode == 0
    assert done.stderr.splitlines()[:2] == ["advisories of 2026-11-20: 1", "not checkable, from git: 1 (fork)"]


def test_a_waiver_silences_the_alert_and_is_found_unneeded_after_the_upgrade(tmp_path: Path) -> None:
    waived = record("pillow", "'<12'") + "waivers:\n  - {advisory: CVE-2023-44271, reason: A., expires: 2027-05-22}\n"
    project(tmp_path, **{"decisions/2026-11-20-pillow.yaml": waived})
    done = whypin(tmp_path, "check", *DAY, "--advisories", "osv")
    assert (done.returncode, "WHY4" in done.stdout) == (0, False)
    done = whypin(project(tmp_path, "10.1.0"), "check", *DAY, "--advisories", "osv")
    assert "decisions/2026-11-20-pillow.yaml:9:16: warning WHY402 CVE-2023-44271 is accepted here" in done.stdout


@pytest.mark.parametrize("pillow", ["9.5.0", "10.1.0"])
def test_no_output_ever_says_that_there_is_none(tmp_path: Path, pillow: str) -> None:
    project(tmp_path, pillow)
    for form in ("text", "json", "markdown", "sarif"):
        done = whypin(tmp_path, "check", *DAY, "--advisories", "osv", "--format", form)
        assert "vulnerabilit" not in (done.stdout + done.stderr).lower()
        assert "advisories of 2026-11-20: 1" in done.stderr


def test_old_data_warns(tmp_path: Path) -> None:
    done = whypin(project(tmp_path, "10.1.0"), "check", "--today", "2026-12-24", "--advisories", "osv")
    assert (done.returncode, "WHY404 the advisories are of 2026-11-20, 34 days ago (osv)" in done.stdout) == (0, True)


@pytest.mark.parametrize("arguments", [["build", "uv.lock"], ["build", "gone.zip"], ["update", "--url", "http://a/"]])
def test_what_cannot_be_made_says_so_and_leaves_what_was_there(tmp_path: Path, arguments: list[str]) -> None:
    project(tmp_path, **{"advisories.index": "old"})
    done = whypin(tmp_path, "advisories", *arguments)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert (tmp_path / "advisories.index").read_text() == "old"


def test_an_empty_path_is_not_taken_for_none(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {"uv.lock": uv_lock(numpy="1.26.4")}), "check", "--advisories", "")
    assert done.returncode == 2
    assert "it is empty: is a variable not set?" in done.stderr
