"""`whypin emit`, run as a user runs it: what it writes, what it leaves alone, and how it fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_check import whypin
from tests.folders import record, uv_lock, write
from whypin.emitters import TARGETS

RECORD = "decisions/2026-11-20-pillow.yaml"
WAIVER = "waivers:\n  - {advisory: CVE-2023-44271, reason: We render no fonts., expires: 2027-05-22}\n"
DEPENDABOT = "version: 2\nupdates:\n  - package-ecosystem: uv\n    directory: /\n    schedule: {interval: weekly}\n"
FILES = {
    "uv.lock": uv_lock(pillow="10.0.0"),
    RECORD: record("pillow", '"<11"') + WAIVER,
    "pyproject.toml": '[project]\nname = "app"\nversion = "0.1.0"\ndependencies = ["pillow<11"]\n',
    ".github/dependabot.yml": DEPENDABOT,
}
DAY = ("--today", "2026-11-22")
WRITTEN = """\
renovate-whypin.json: written
.github/dependabot.yml: written
osv-scanner.toml: written
pyproject.toml: written
pip-audit.args: written
openvex.json: written
"""


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_target_is_written_and_then_up_to_date(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, FILES), "emit", *TARGETS, *DAY)
    assert (done.returncode, done.stdout) == (0, WRITTEN)
    assert done.stderr.count("\n  next: ") + done.stderr.startswith("  next: ") == 4
    before = files(tmp_path)
    for arguments in ((), ("--check",)):
        done = whypin(tmp_path, "emit", *TARGETS, *DAY, *arguments)
        assert (done.returncode, done.stdout, done.stderr) == (0, WRITTEN.replace("written", "up to date"), "")
    assert files(tmp_path) == before
    assert {"renovate-whypin.json", "osv-scanner.toml", "pip-audit.args", "openvex.json"} == set(before) - set(FILES)


@pytest.mark.parametrize("target", TARGETS)
def test_check_fails_and_writes_nothing_where_a_file_is_behind_its_record(tmp_path: Path, target: str) -> None:
    whypin(write(tmp_path, FILES), "emit", target, *DAY)
    write(tmp_path, {RECORD: FILES[RECORD].replace("<11", "<10.5").replace("44271", "44272")})
    before = files(tmp_path)
    done = whypin(tmp_path, "emit", target, "--check", *DAY)
    path = next(path for path in TARGETS[target].paths if path in before)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == f"{path}: out of date: run whypin emit {target}\n"
    assert files(tmp_path) == before


@pytest.mark.parametrize("target", ["osv-scanner", "uv-audit", "pip-audit"])
def test_a_waiver_is_taken_out_when_its_grace_has_ended(tmp_path: Path, target: str) -> None:
    whypin(write(tmp_path, FILES), "emit", target, *DAY)
    days = ("2027-05-21", "2027-05-22", "2027-06-04", "2027-06-05")
    codes = [whypin(tmp_path, "emit", target, "--check", "--today", day).returncode for day in days]
    assert codes == [0, 0, 0, 1]
    assert whypin(tmp_path, "emit", target, "--today", "2027-06-05").returncode == 0
    assert b"CVE" not in b"".join(data for name, data in files(tmp_path).items() if name != RECORD)


def test_stdout_prints_what_the_file_has_to_hold(tmp_path: Path) -> None:
    before = files(write(tmp_path, FILES))
    printed = {target: whypin(tmp_path, "emit", target, "--stdout", *DAY).stdout for target in TARGETS}
    assert files(tmp_path) == before
    whypin(tmp_path, "emit", *TARGETS, *DAY)
    after = {name: data.decode() for name, data in files(tmp_path).items()}
    paths = {target: next(path for path in TARGETS[target].paths if path in after) for target in TARGETS}
    assert printed == {target: after[path] for target, path in paths.items()}


def test_without_a_file_of_the_users_own_the_part_for_it_is_printed(tmp_path: Path) -> None:
    write(tmp_path, {name: text for name, text in FILES.items() if name != ".github/dependabot.yml"})
    before = files(tmp_path)
    done = whypin(tmp_path, "emit", "renovate", "dependabot", *DAY)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    said = (
        "whypin: error: .github/dependabot.yml:1:1: there is no such file to write into; begin it with an entry for pip"
    )
    assert done.stderr.startswith(said)
    assert files(tmp_path) == before
    assert whypin(tmp_path, "emit", "dependabot", "--check", *DAY).returncode == 1
    assert '- dependency-name: "pillow"\n' in whypin(tmp_path, "emit", "dependabot", "--stdout", *DAY).stdout


def test_where_no_waiver_is_in_force_no_document_is_written_and_an_old_one_has_to_go(tmp_path: Path) -> None:
    whypin(write(tmp_path, FILES), "emit", "openvex", *DAY)
    write(tmp_path, {RECORD: record("pillow", '"<11"')})
    done = whypin(tmp_path, "emit", "openvex", *DAY)
    said = "whypin: error: openvex.json:1:1: no waiver is in force, so there is nothing to say; remove it\n"
    assert (done.returncode, done.stderr) == (2, said)
    assert whypin(tmp_path, "emit", "openvex", "--check", *DAY).returncode == 1
    (tmp_path / "openvex.json").unlink()
    done = whypin(tmp_path, "emit", "openvex", *DAY)
    assert (done.returncode, done.stdout) == (0, "openvex.json: nothing to say, so no file\n")
    assert not (tmp_path / "openvex.json").exists()
    assert whypin(tmp_path, "emit", "openvex", "--check", *DAY).returncode == 0


def test_another_file_may_be_named(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, FILES), "--output", "ci/vex.json", *DAY, "emit", "openvex")
    assert (done.returncode, done.stdout) == (0, "ci/vex.json: written\n")
    assert json.loads((tmp_path / "ci/vex.json").read_text(encoding="utf-8"))["statements"]
    done = whypin(tmp_path, "emit", "openvex", "--output", "../vex.json", *DAY)
    assert done.returncode == 2 and "lies outside the root" in done.stderr
    assert not (tmp_path.parent / "vex.json").exists()


def test_a_link_out_of_the_root_is_not_written_through(tmp_path: Path) -> None:
    root = write(tmp_path / "root", FILES)
    write(tmp_path, {"outside.toml": "a = 1\n"})
    (root / "osv-scanner.toml").symlink_to(tmp_path / "outside.toml")
    done = whypin(root, "emit", "osv-scanner", *DAY)
    assert done.returncode == 2 and "lies outside the root" in done.stderr
    assert (tmp_path / "outside.toml").read_text() == "a = 1\n"


@pytest.mark.parametrize("target", TARGETS)
def test_the_ends_of_lines_and_a_byte_order_mark_stay(tmp_path: Path, target: str) -> None:
    whypin(write(tmp_path, FILES), "emit", target, *DAY)
    path = tmp_path / next(path for path in TARGETS[target].paths if (tmp_path / path).exists())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    assert whypin(tmp_path, "emit", target, *DAY).stdout.endswith(": up to date\n") and path.read_bytes() == before
    write(tmp_path, {RECORD: FILES[RECORD].replace("<11", "<10.5").replace("44271", "44272")})
    whypin(tmp_path, "emit", target, *DAY)
    after = path.read_bytes()
    assert after != before and after.startswith(b"\xef\xbb\xbf") and after.count(b"\n") == after.count(b"\r\n")


def test_a_record_that_cannot_be_read_is_not_left_out_in_silence(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "decisions/2026-11-21-x.yaml": "title: [\n"})
    done = whypin(tmp_path, "emit", "renovate", *DAY)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "decisions/2026-11-21-x.yaml:1:1: the record has problems" in done.stderr
    assert not (tmp_path / "renovate-whypin.json").exists()


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "decisions/2026-11-21-x.yaml": record("conda:pytorch", "2.1.0")})
    done = whypin(tmp_path, "emit", "renovate", "pip-audit", *DAY)
    assert done.stderr.startswith("whypin: warning: conda packages are left out: conda:pytorch\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing argument 'TARGET...'"),
        (("grype",), "'grype' is not one of 'renovate', 'dependabot'"),
        (("renovate", "--check", "--stdout"), "--check and --stdout exclude each other"),
        (("renovate", "openvex", "--output", "x"), "--output is for one target"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = whypin(write(tmp_path, FILES), "emit", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr
