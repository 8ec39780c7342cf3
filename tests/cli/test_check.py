"""`whypin check`, run as a user runs it: whole output and exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.folders import record, uv_lock, write

LOCK = uv_lock(numpy="1.26.4", pandas="2.0.2")
MOVED = uv_lock(numpy="2.2.6", pandas="2.0.2")
RECORD = "decisions/2026-11-22-numpy.yaml"


def whypin(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run whypin in a folder, as its own process."""
    return subprocess.run(
        [sys.executable, "-m", "whypin", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": "", **environment},
    )


def test_a_clean_project_works_unconfigured(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {"uv.lock": LOCK, RECORD: record()}), "check")
    expected = "0 errors, 0 warnings in 3 packages: 1 decided, 0 exempt, 0 undecided; 0 required\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, expected, "")


def test_a_version_that_moved_without_its_record_fails(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {"uv.lock": MOVED, RECORD: record()}), "check")
    assert done.returncode == 1
    assert (
        done.stdout
        == """\
uv.lock:15:1: error WHY102 numpy is locked 2.2.6, and 2026-11-22-numpy accepts 1.26.4
  fix: lock numpy as decided, or write a record that supersedes 2026-11-22-numpy

1 error, 0 warnings in 3 packages: 0 decided, 0 exempt, 1 undecided; 0 required
"""
    )


@pytest.mark.parametrize("arguments", [(), ("--today", "2026-11-22"), ("--format", "text")])
def test_whypin_alone_checks(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = whypin(write(tmp_path, {"uv.lock": MOVED, RECORD: record()}), *arguments)
    assert (done.returncode, "WHY102" in done.stdout) == (1, True)


def test_options_may_stand_before_the_command(tmp_path: Path) -> None:
    write(tmp_path, {"list/uv.lock": LOCK, "list/decisions/2026-11-22-numpy.yaml": record()})
    assert whypin(tmp_path, "--root", "list", "list").stdout.startswith("uv.lock\n  package")
    assert whypin(tmp_path, "--root", "list").stdout.startswith("0 errors")


def test_json_is_the_contract(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {"uv.lock": MOVED, RECORD: record()}), "check", "--format", "json")
    data = json.loads(done.stdout)
    assert (done.returncode, data["version"]) == (1, 1)
    (finding,) = data["findings"]
    assert (finding["code"], finding["path"], finding["line"], finding["column"]) == ("WHY102", "uv.lock", 15, 1)
    assert data["summary"]["error"] == 1


def test_warnings_are_allowed(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {"uv.lock": LOCK, RECORD: record("jax", "0.4.1")}), "check")
    assert (done.returncode, "warning WHY103 jax is not locked" in done.stdout) == (0, True)


def test_a_broken_record_fails_and_the_others_still_count(tmp_path: Path) -> None:
    files = {"uv.lock": MOVED, RECORD: record(), "decisions/2026-11-22-b.yaml": "title: x\n"}
    done = whypin(write(tmp_path, files), "check")
    assert done.returncode == 1
    assert "decisions/2026-11-22-b.yaml:1:1: error WHY001 status is missing" in done.stdout
    assert "WHY102" in done.stdout


def test_the_policy_asks_for_decisions(tmp_path: Path) -> None:
    settings = "[tool.whypin.policy]\nrequire = 'direct'\n"
    done = whypin(write(tmp_path, {"uv.lock": LOCK, RECORD: record(), "pyproject.toml": settings}), "check")
    assert done.returncode == 1
    assert "WHY101 pandas 2.0.2 has no decision: the policy requires direct packages" in done.stdout
    assert "3 packages: 1 decided, 0 exempt, 1 undecided; 2 required" in done.stdout


@pytest.mark.parametrize(
    ("files", "arguments", "message"),
    [
        ({}, (), "no lock file found below"),
        ({RECORD: record()}, (), "no lock file found below"),
        ({"uv.lock": "["}, (), "uv.lock:1:"),
        ({"uv.lock": LOCK}, ("--lock", "other.lock"), "other.lock:1:1: there is no such lock file"),
        ({"uv.lock": LOCK, "notes.txt": "x"}, ("--lock", "notes.txt"), "notes.txt:1:1: "),
        ({"uv.lock": LOCK}, ("--root", "nowhere"), "nowhere is not a folder"),
        ({"uv.lock": LOCK}, ("--today", "tomorrow"), "'tomorrow' is not a day like 2026-11-22"),
        ({"uv.lock": LOCK}, ("--colour",), "No such option"),
        ({"uv.lock": LOCK}, ("--bse", "main"), "No such option '--bse'. Did you mean '--base'? Try "),
        ({"uv.lock": LOCK}, ("chekc",), "No such command 'chekc'. Did you mean 'check'? Try "),
        ({"uv.lock": LOCK}, ("frobnicate",), "No such command 'frobnicate'; try "),
        ({"uv.lock": LOCK}, ("advisories",), "Missing command; try "),
        ({"uv.lock": LOCK, "whypin.toml": "lokcs = []"}, (), "whypin.toml:1:1: lokcs: 'lokcs' is not a key here"),
    ],
)
def test_what_cannot_be_used_is_one_clear_line_and_exit_code_2(
    tmp_path: Path, files: dict[str, str], arguments: tuple[str, ...], message: str
) -> None:
    done = whypin(write(tmp_path, files), *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("whypin: error: ")
    assert message in done.stderr


def test_a_hostile_file_name_cannot_speak_to_the_ci_log(tmp_path: Path) -> None:
    write(tmp_path, {"uv.lock": LOCK, "decisions/::error::x\n::warning::y.yaml": "title: \x1b[31m\n"})
    done = whypin(tmp_path, "check")
    assert not any(line.startswith("::") for line in done.stdout.splitlines() + done.stderr.splitlines())
    assert "\x1b" not in done.stdout + done.stderr


def test_without_records_it_says_how_to_begin(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {"uv.lock": LOCK}), "--today", "2026-11-22")
    assert done.returncode == 0
    assert "yet: whypin init adopts this repository; whypin suggest tells what to decide first.\n" in done.stderr


def test_an_adopted_repository_is_not_told_to_adopt_whypin(tmp_path: Path) -> None:
    exempt = {"decisions/exemptions.yaml": "uv.lock:\n  numpy: [1.26.4]\n"}
    policy = {"whypin.toml": 'policy = {critical = ["numpy"]}\n'}
    done = whypin(write(tmp_path, {"uv.lock": uv_lock(numpy="1.26.4"), **exempt, **policy}))
    assert (done.returncode, done.stderr) == (
        0,
        "No decision records in decisions/ yet: whypin suggest tells what to decide first.\n",
    )


def test_nothing_is_coloured_in_a_pipe(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {"uv.lock": MOVED, RECORD: record()}), FORCE_COLOR="1")
    assert "\x1b" not in done.stdout


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo terminals on this system")
@pytest.mark.parametrize(
    ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_a_terminal_is_coloured_unless_it_says_no(tmp_path: Path, environment: dict[str, str], coloured: bool) -> None:
    write(tmp_path, {"uv.lock": MOVED, RECORD: record()})
    reader, writer = os.openpty()
    inherited = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "whypin"],
        cwd=tmp_path,
        stdout=writer,
        stderr=subprocess.DEVNULL,
        env={**inherited, "TERM": "xterm", **environment},
    )
    process.wait()
    os.close(writer)
    shown = os.read(reader, 100_000).decode()
    os.close(reader)
    assert "WHY102" in shown
    assert ("\x1b[" in shown) is coloured


def test_the_lock_may_be_named_from_a_folder_below_the_root(tmp_path: Path) -> None:
    write(tmp_path, {"whypin.toml": "", "api/uv.lock": LOCK, "job/uv.lock": MOVED, RECORD: record()})
    assert whypin(tmp_path / "api", "--lock", "uv.lock").returncode == 0
    assert whypin(tmp_path / "api", "--lock", "job/uv.lock").returncode == 1
    assert whypin(tmp_path / "api").returncode == 1


def test_what_a_reader_warns_of_goes_to_stderr(tmp_path: Path) -> None:
    lock = '[[package]]\nname = "numpy"\nversion = "1.26.4"\n\n[metadata]\nlock-version = "2.2"\ncontent-hash = "00"\n'
    done = whypin(write(tmp_path, {"poetry.lock": lock}), "check", "--format", "json")
    warning = "whypin: warning: poetry.lock:6:1: lock version 2.2 is newer than whypin knows: 2.1\n"
    assert done.stderr == warning
