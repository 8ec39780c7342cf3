"""`whypin waive`: into which record a waiver goes, what is written, and what is refused."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.advisories.osv import advisory, affected
from tests.cli.test_check import whypin
from tests.folders import record, uv_lock, write

DAY = ("--today", "2026-11-22")
UNTIL = ("--expires", "2027-05-22")
WHY = ("--reason", "We render no fonts: none.")
ID = "2026-11-20-pillow"
PATH = f"decisions/{ID}.yaml"
ALIAS = "CVE-2023-44271"
TEXT = record("pillow", "9.5.0") + "# the end\n"
ADDED = f'waivers:\n  - advisory: {ALIAS}\n    reason: "We render no fonts: none."\n    expires: 2027-05-22\n'
DATA: dict[str, bytes | str] = {
    "osv/PYSEC-2023-227.json": json.dumps(advisory(aliases=[ALIAS])),
    "osv/PYSEC-1.json": json.dumps(advisory("PYSEC-1", withdrawn="2026-01-01T00:00:00Z")),
    "osv/PYSEC-2.json": json.dumps(advisory("PYSEC-2", affected("numpy", "introduced 0", "fixed 1.20"))),
}
CONFIGURED = '[tool.whypin.policy]\nadvisories = "osv"\n'


def project(folder: Path, **more: Any) -> Path:
    lock = uv_lock(pillow="9.5.0", numpy="1.26.4")
    return write(folder, {"uv.lock": lock, "pyproject.toml": CONFIGURED, PATH: TEXT, **DATA, **more})


def waive(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return whypin(folder, "waive", *arguments, *DAY, **environment)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_data_tells_the_package_and_so_the_record_and_the_alert_is_silenced(tmp_path: Path) -> None:
    before = files(project(tmp_path))
    assert whypin(tmp_path, "check", *DAY).returncode == 1
    done = waive(tmp_path, ALIAS, *UNTIL, *WHY)
    assert (done.stdout, done.stderr, done.returncode) == (
        f"{PATH}:10: {ALIAS} is waived until 2027-05-22\n",
        "",
        0,
    )
    assert files(tmp_path) == before | {PATH: (TEXT + ADDED).encode()}
    assert whypin(tmp_path, "check", *DAY).returncode == 0


def test_without_data_the_package_or_the_record_is_named(tmp_path: Path) -> None:
    for number, place in enumerate((("--package", "Pillow"), ("--record", ID), ("--record", PATH))):
        folder = project(tmp_path / str(number), **{"pyproject.toml": ""})
        done = waive(folder, ALIAS, *UNTIL, *WHY, *place)
        assert (done.stderr, (folder / PATH).read_text()) == ("", TEXT + ADDED)


def test_a_justification_is_written_only_where_it_is_given(tmp_path: Path) -> None:
    project(tmp_path)
    waive(tmp_path, ALIAS, *UNTIL, *WHY, "--justification", "component_not_present")
    assert (tmp_path / PATH).read_text() == TEXT + ADDED + "    justification: component_not_present\n"


def test_line_ends_the_byte_order_mark_and_other_waivers_stay(tmp_path: Path) -> None:
    text = "\ufeff" + (TEXT + "waivers:\n- {advisory: A-1, reason: b, expires: 2027-01-01}  # c\n").replace(
        "\n", "\r\n"
    )
    project(tmp_path, **{PATH: text})
    waive(tmp_path, ALIAS, *UNTIL, "--reason", "One.\nTwo.")
    lines = f"- advisory: {ALIAS}\n  reason: |\n    One.\n    Two.\n  expires: 2027-05-22\n"
    assert (tmp_path / PATH).read_bytes() == (text + lines.replace("\n", "\r\n")).encode()


@pytest.mark.parametrize("name", [ALIAS, ALIAS.lower(), "PYSEC-2023-227"])
def test_what_is_waived_already_by_any_alias_is_refused(tmp_path: Path, name: str) -> None:
    before = files(project(tmp_path, **{PATH: TEXT + ADDED}))
    done = waive(tmp_path, name, *UNTIL, *WHY)
    alias = f" as {ALIAS}" if name.startswith("PYSEC") else ""
    message = f"{PATH}:10:15: {ID} waives {name}{alias} until 2027-05-22 already"
    hint = "write a later day under expires if the reason still holds"
    assert (done.stderr, done.returncode) == (f"whypin: error: {message}; {hint}\n", 2)
    assert files(tmp_path) == before


OTHER = "decisions/2026-11-21-other.yaml"


@pytest.mark.parametrize(
    ("more", "arguments", "message"),
    [
        (
            {OTHER: record("pillow", "'<10'")},
            [ALIAS],
            f"2 decisions in force name pillow: {ID}, 2026-11-21-other; give --record ID",
        ),
        (
            {PATH: record("numpy")},
            [ALIAS],
            f"no decision in force names pillow in uv.lock; begin one, and waive {ALIAS} in it: whypin new pillow",
        ),
        (
            {PATH: TEXT + "locks: [other/*]\n"},
            [ALIAS],
            f"no decision in force names pillow in uv.lock; begin one, and waive {ALIAS} in it: whypin new pillow",
        ),
        (
            {PATH: "title: [\n"},
            [ALIAS],
            f"no decision in force names pillow in uv.lock; begin one, and waive {ALIAS} in it: whypin new pillow; "
            "or mend the records that cannot be read: see whypin check",
        ),
        (
            {},
            ["CVE-2023-4427"],
            "CVE-2023-4427 is not among the 2 advisories of 2026-11-20; "
            "correct the id, or give --record ID or --package NAME",
        ),
        (
            {},
            ["PYSEC-2"],
            "PYSEC-2 affects no locked version of numpy, and no decision in force names it; "
            "by the 2 advisories of 2026-11-20 nothing is to be accepted",
        ),
        ({}, ["PYSEC-1"], "PYSEC-1 was withdrawn; nothing is to be accepted; or give --record ID"),
        ({}, [ALIAS, "--package", "numpy"], f"{ALIAS} is about pillow, not numpy; give --package pillow"),
        (
            {OTHER: record("numpy")},
            [ALIAS, "--record", "2026-11-21-other"],
            f"{OTHER}:1:1: 2026-11-21-other does not name pillow, which {ALIAS} is about; "
            "leave --record out, or name a record that does",
        ),
        (
            {"pyproject.toml": ""},
            [ALIAS],
            f"nothing here tells which package {ALIAS} is about; "
            "give --record ID or --package NAME, or the data with --advisories PATH",
        ),
        ({}, [ALIAS, "--record", "2026-11-20-pilow"], f"there is no record 2026-11-20-pilow; did you mean {ID}?"),
        (
            {PATH: TEXT.replace("accepted", "rejected")},
            [ALIAS, "--record", ID],
            f"{PATH}:1:1: {ID} is rejected; only what is in force can be given a waiver",
        ),
        (
            {"pyproject.toml": CONFIGURED.replace("osv", "gone")},
            [ALIAS],
            "pyproject.toml:2:1: there are no advisories at gone; "
            "correct advisories, or make the file: whypin advisories update",
        ),
    ],
)
def test_where_it_is_not_clear_nothing_is_written(
    tmp_path: Path, more: dict[str, str], arguments: list[str], message: str
) -> None:
    before = files(project(tmp_path, **more))
    done = waive(tmp_path, *arguments, *UNTIL, *WHY)
    assert (done.stderr, done.returncode) == (f"whypin: error: {message}\n", 2)
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([ALIAS, *WHY], "give --expires, a day like 2027-05-22; "),
        ([ALIAS, *UNTIL], "give --reason: why is it accepted? Try "),
        ([ALIAS, *UNTIL, "--reason", " "], "--reason: an empty text; "),
        ([ALIAS, *UNTIL, "--reason", "a\x1b[31m"], "--reason: a control or direction-changing character in the text; "),
        ([ALIAS, *WHY, "--expires", "2026-11-22"], "2026-11-22 is not after 2026-11-22; give --expires a day to come"),
        ([ALIAS, *WHY, "--expires", "soon"], "Invalid value for '--expires': 'soon' is not a day like 2026-11-22; "),
        (["CVE 1", *WHY, *UNTIL], "ADVISORY: 'CVE 1' is not the id of an advisory; write it like CVE-2023-44271; "),
        (["A" * 101, *WHY, *UNTIL], "ADVISORY: longer than 100 characters; "),
        ([ALIAS, *WHY, *UNTIL, "--justification", "safe"], "Invalid value for '--justification': 'safe' is not one of"),
        ([ALIAS, *WHY, *UNTIL, "--package", "a", "--record", "b"], "give either --record or --package; "),
    ],
)
def test_a_waiver_that_would_not_be_one_is_refused_in_one_line(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    before = files(project(tmp_path))
    done = waive(tmp_path, *arguments)
    assert (done.stdout, done.returncode, done.stderr.count("\n")) == ("", 2, 1)
    assert done.stderr.startswith(f"whypin: error: {message}")
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("more", "name", "warning"),
    [
        ({}, "CVE-2023-4427", "CVE-2023-4427 is not among the 2 advisories of 2026-11-20"),
        ({}, "PYSEC-1", "PYSEC-1 was withdrawn, by the 2 advisories of 2026-11-20"),
        (
            {"uv.lock": uv_lock(pillow="10.0.0")},
            ALIAS,
            f"{ALIAS} affects no locked version of pillow, by the 2 advisories of 2026-11-20",
        ),
        (
            {PATH: TEXT.replace("accepted", "proposed")},
            ALIAS,
            f"{ID} is only proposed: the waiver counts once it is accepted",
        ),
        (
            {"b/uv.lock": uv_lock(pillow="9.4.0"), PATH: TEXT + "locks: [uv.lock]\n"},
            ALIAS,
            f"pillow 9.4.0 in b/uv.lock is affected too, and stays so: {ID} does not speak of it",
        ),
    ],
)
def test_what_it_does_not_silence_is_told_and_it_is_written_all_the_same(
    tmp_path: Path, more: dict[str, str], name: str, warning: str
) -> None:
    project(tmp_path, **more)
    done = waive(tmp_path, name, *UNTIL, *WHY, "--record", ID)
    assert (done.stderr, done.returncode) == (f"whypin: warning: {warning}\n", 0)
    assert f"advisory: {name}" in (tmp_path / PATH).read_text()


def test_the_option_names_other_data_than_the_policy(tmp_path: Path) -> None:
    project(tmp_path, **{"pyproject.toml": CONFIGURED.replace("osv", "gone")})
    assert waive(tmp_path, ALIAS, *UNTIL, *WHY, "--advisories", "osv").returncode == 0


def in_terminal(folder: Path, typed: str, **environment: str) -> tuple[str, int]:
    """Waive without a reason in a terminal where this is typed; return what it shows, and the exit code."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "whypin", "waive", ALIAS, *UNTIL, *DAY],
        cwd=folder,
        stdin=its,
        stdout=its,
        stderr=its,
        env={**os.environ, "CI": "", "PYTHONPATH": "", **environment},
    )
    os.close(its)
    os.write(ours, typed.encode())
    said = b""
    try:
        while data := os.read(ours, 4096):
            said += data
    except OSError:
        pass
    os.close(ours)
    return said.decode(), process.wait()


def test_on_a_terminal_the_reason_is_asked_for_until_it_is_one(tmp_path: Path) -> None:
    project(tmp_path)
    said, code = in_terminal(tmp_path, "\n  \nWe render no fonts: none.\n")
    assert code == 0, said
    assert f"Why is {ALIAS} accepted? It goes into {PATH}: " in said
    assert (tmp_path / PATH).read_text() == TEXT + ADDED


def test_nothing_is_asked_in_a_pipeline_nor_before_the_record_is_found(tmp_path: Path) -> None:
    project(tmp_path)
    said, code = in_terminal(tmp_path, "", CI="true")
    assert (code, "give --reason" in said) == (2, True)
    (tmp_path / PATH).unlink()
    said, code = in_terminal(tmp_path, "")
    assert (code, "no decision in force names pillow" in said) == (2, True)
