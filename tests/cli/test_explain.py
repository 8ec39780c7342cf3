"""`whypin explain`, run as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_check import whypin
from tests.corpus import CORPUS, needs_corpus
from tests.folders import record, uv_lock, write
from whypin import cli

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "pyproject.toml": """\
[project]
name = "app"
version = "0.1.0"
dependencies = [
  "numpy<2",  # until pandas 2.2
]

[tool.whypin.policy]
require = "direct"
""",
    "uv.lock": uv_lock(numpy="1.26.4", pandas="2.0.2"),
    "decisions/2026-11-22-numpy.yaml": record(),
}


def test_the_place_of_the_requirement_the_setting_and_the_decision_are_told(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, FILES), "explain", "NumPy")
    assert (done.returncode, done.stderr) == (0, "")
    assert "pyproject.toml:5:3: declared as numpy <2, in main  # until pandas 2.2\n" in done.stdout
    assert "a decision is required: the policy requires direct packages (pyproject.toml:9:1)\n" in done.stdout
    assert "    decisions/2026-11-22-numpy.yaml:5:10\n" in done.stdout
    assert "no other package needs it\n" in done.stdout


@pytest.mark.parametrize(
    "arguments", [("why", "numpy"), ("--today", "2026-11-22", "why", "numpy"), ("--format", "text", "explain", "numpy")]
)
def test_the_alias_and_options_in_front_say_the_same(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write(tmp_path, FILES)
    done = whypin(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (0, whypin(tmp_path, "explain", "numpy").stdout)


def test_a_package_may_be_called_like_a_command(tmp_path: Path) -> None:
    write(tmp_path, {"uv.lock": uv_lock(check="1.0", why="2.0")})
    assert whypin(tmp_path, "why", "check").stdout.startswith("check\n  uv.lock:15:1: 1.0, ")
    assert whypin(tmp_path, "--root", ".", "explain", "why").stdout.startswith("why\n  uv.lock:21:1: 2.0, ")


def test_every_alias_is_told_by_its_command_and_listed_only_there(tmp_path: Path) -> None:
    listed = whypin(tmp_path, "--help").stdout
    for alias, name in cli.ALIASES.items():
        assert f"\n  {alias} " not in listed
        assert f"(alias: {alias})" in next(line for line in listed.splitlines() if line.startswith(f"  {name} "))


def test_json_is_the_contract(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, FILES), "why", "numpy==2.0", "--format", "json")
    data = json.loads(done.stdout)
    (held,) = data["locks"]
    assert (done.returncode, data["version"], data["package"]) == (0, 1, "numpy")
    assert held["required"] == {
        "reason": "the policy requires direct packages",
        "path": "pyproject.toml",
        "line": 9,
    }
    assert data["asked"]["rejected_by"] == ["2026-11-22-numpy"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("nunpy", "nunpy is not locked, and no record speaks of it; did you mean numpy?"),
        ("zzz", "zzz is not locked, and no record speaks of it; whypin list --all shows what is locked"),
        ("numpy>=2", "'numpy>=2' is not the name of a package; ask for NAME or NAME==VERSION"),
        ("numpy==x", "'x' is not a version; ask for NAME or NAME==VERSION"),
        ("\x1b[31m", "'\\x1b[31m' is not the name of a package; ask for NAME or NAME==VERSION"),
    ],
)
def test_what_nobody_knows_is_one_clear_line_and_exit_code_2(tmp_path: Path, asked: str, said: str) -> None:
    done = whypin(write(tmp_path, FILES), "why", asked)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"whypin: error: {said}\n")


def test_what_is_declared_and_not_locked_says_where(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {"pyproject.toml": FILES["pyproject.toml"]}), "why", "numpy")
    assert done.returncode == 2
    assert done.stderr.endswith("; pyproject.toml:5:3 declares it: lock the project\n")


def test_a_record_about_what_is_not_locked_is_told(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {**FILES, "uv.lock": uv_lock(pandas="2.0.2")}), "why", "numpy")
    assert (done.returncode, done.stdout.splitlines()[1]) == (0, "  not locked")


def test_the_demo_project() -> None:
    done = whypin(ROOT, "why", "protobuf", "--root", "tests/data/projects/demo", "--today", "2026-11-22")
    assert "      tensorflow -> protobuf\n" in done.stdout
    assert "a decision is required: it is critical (pyproject.toml:26:45)\n" in done.stdout


@needs_corpus
@pytest.mark.parametrize(
    ("folder", "package", "said"),
    [
        ("stress", "numpy", "  locked 2 times:\n"),
        ("uv.lock/langchain-ai__langgraph__monorepo", "pydantic", "pydantic  [of "),
        ("poetry.lock/zama-ai__concrete-ml", "numpy", "pyproject.toml:69:9: declared as numpy 1.23.5"),
        ("Pipfile.lock/pypa__pipenv", "requests", "this format records no edges"),
        ("same-project/requirements-uv-pip-compile", "numpy", "requirements.in:1:1: declared as numpy"),
    ],
)
def test_real_locks(folder: str, package: str, said: str) -> None:
    done = whypin(CORPUS / folder, "why", package, "--root", ".")
    assert (done.returncode, done.stderr) == (0, "")
    assert said in done.stdout
    assert done.stdout.count(" -> ") < 80 and max(map(len, done.stdout.splitlines())) <= 100
