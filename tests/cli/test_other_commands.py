"""`whypin schema`, `whypin rule`, `--help`, and the boundary where errors become exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import click
import pytest

from tests.cli.test_check import whypin
from tests.folders import record, uv_lock, write
from whypin import __version__, cli
from whypin.errors import WhypinError
from whypin.records.format import json_schema
from whypin.rules import RULES


def test_schema_prints_the_schema(tmp_path: Path) -> None:
    assert json.loads(whypin(tmp_path, "schema").stdout) == json_schema()


@pytest.mark.parametrize("name", ["WHY102", "why102", "version-mismatch"])
def test_rule_prints_a_rules_own_page(tmp_path: Path, name: str) -> None:
    done = whypin(tmp_path, "rule", name)
    assert (done.returncode, done.stdout.startswith("# WHY102 version-mismatch\n")) == (0, True)


def test_an_unknown_rule_is_wrong_usage(tmp_path: Path) -> None:
    done = whypin(tmp_path, "rule", "WHY999")
    assert (done.returncode, done.stdout) == (2, "")
    assert all(rule.code in done.stderr for rule in RULES)


@pytest.mark.parametrize(("asked", "meant"), [("101", "WHY101"), ("undecidd", "undecided")])
def test_a_rule_that_is_nearly_right_is_named(tmp_path: Path, asked: str, meant: str) -> None:
    done = whypin(tmp_path, "rule", asked)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"whypin: error: there is no rule {asked}; did you mean {meant}?\n"


def test_help_lists_every_command_and_every_command_has_help(tmp_path: Path) -> None:
    listed = whypin(tmp_path, "--help").stdout
    for name in cli.COMMANDS:
        assert f"\n  {name} " in listed
        command = cli.whypin.get_command(click.Context(cli.whypin), name)
        assert command is not None
        assert command.help
        assert all(option.help for option in command.params if isinstance(option, click.Option))


@pytest.mark.parametrize("command", [["list"], ["explain", "numpy"], ["debt"], ["exempt"]])
def test_a_record_that_cannot_be_read_is_not_left_out_in_silence(tmp_path: Path, command: list[str]) -> None:
    write(tmp_path, {"uv.lock": uv_lock(numpy="1.26.4"), "decisions/2026-11-22-numpy.yaml": "title: [\n"})
    done = whypin(tmp_path, *command)
    warning = "whypin: warning: decisions/2026-11-22-numpy.yaml is left out: see whypin check\n"
    assert (done.stderr, done.returncode) == (warning, 0)


@pytest.mark.parametrize("command", [["schema"], ["rule", "WHY001"]])
def test_every_command_takes_the_options_that_all_take(tmp_path: Path, command: list[str]) -> None:
    done = whypin(tmp_path, "--root", ".", "--lock", "a", "--lock", "b", "--today", "2026-11-22", *command)
    assert (done.stdout, done.returncode) == (whypin(tmp_path, *command).stdout, 0)


def test_version(tmp_path: Path) -> None:
    assert whypin(tmp_path, "--version").stdout == f"whypin {__version__}\n"


def _raise(error: BaseException) -> NoReturn:
    raise error


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (WhypinError("no", hint="do that"), 2, "whypin: error: no; do that\n"),
        (click.UsageError("bad option"), 2, "whypin: error: bad option\n"),
        (KeyboardInterrupt(), 130, ""),
        (ZeroDivisionError("oops"), 3, "this is a defect in whypin"),
    ],
)
def test_every_end_has_its_exit_code(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(lambda: _raise(error)) == code
    assert said in capsys.readouterr().err


def test_check_imports_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    """Start-up time is a feature: a check of exact versions gets by without the heavy half of packaging."""
    script = (
        "import sys\nfrom whypin import cli\n"
        "cli.run(lambda: cli.whypin.main(args=['check'], standalone_mode=False))\n"
        "heavy = {'mkdocs', 'jinja2', 'importlib.metadata', 'dataclasses', 'packaging.specifiers', 'json', 'tomllib'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))\n"
    )
    write(tmp_path, {"uv.lock": uv_lock(numpy="1.26.4"), "decisions/2026-11-22-numpy.yaml": record()})
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "loaded: []" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "whypin", "schema"]
        done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "whypin: error: the output: No space left on device\n")


def test_a_reader_who_leaves_early_is_no_defect(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "whypin", "schema"]
    done = subprocess.run(command, cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert done.stderr == ""
