"""The GitHub action: its steps, run as the runner runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.cli.test_base import commit, git
from tests.cli.test_check import LOCK, MOVED, RECORD
from tests.folders import record, write
from tests.places.commands import environment
from tests.places.runner import ACTION, EXPRESSION, ROOT, STEPS, Run, run, run_step

BROKEN = "version = 1\n<<<<<<< ours\n"
SUMMED_UP = "0 errors, 0 warnings in 3 packages: 1 decided, 0 exempt, 0 undecided; 0 required"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a project in which a version moved without its record."""
    return write(tmp_path / "checkout", {"uv.lock": MOVED, RECORD: record()})


def commands(log: str) -> list[str]:
    """The lines of a log that the runner obeys."""
    resume, obeyed = "", []
    for line in log.splitlines():
        if resume:
            resume = "" if line == f"::{resume}::" else resume
        elif line.startswith("::stop-commands::"):
            resume = line.removeprefix("::stop-commands::")
        elif line.lstrip().startswith("::") or "##[" in line:
            obeyed.append(line)
    return obeyed


def test_it_annotates_sums_up_and_fails(checkout: Path) -> None:
    done = run(checkout)
    assert (done.code, done.outputs["exit-code"], done.uploads) == (1, "1", [])
    (annotation,) = commands(done.log)
    assert annotation.startswith(
        "::error file=uv.lock,line=15,col=1,title=WHY102 version-mismatch::numpy is locked 2.2.6"
    )
    assert done.summary.startswith("**whypin: 1 error, 0 warnings**\n")
    assert "numpy is locked 2.2.6" in done.summary
    (result,) = json.loads(Path(done.outputs["sarif-file"]).read_text())["runs"][0]["results"]
    assert result["ruleId"] == "WHY102"


def test_a_clean_project_passes(checkout: Path) -> None:
    done = run(write(checkout, {"uv.lock": LOCK}))
    assert (done.code, done.outputs["exit-code"], commands(done.log)) == (0, "0", [])
    assert SUMMED_UP in done.log
    assert SUMMED_UP in done.summary
    assert json.loads(Path(done.outputs["sarif-file"]).read_text())["runs"][0]["results"] == []


def test_the_demo_project_passes_its_whole_action(tmp_path: Path) -> None:
    workspace = tmp_path / "checkout"
    shutil.copytree(ROOT / "tests/data/projects/demo", workspace / "services/api")
    done = run(workspace, root="services/api", arguments="--today\n2026-11-22\n")
    assert (done.code, commands(done.log)) == (0, [])
    assert "0 errors, 0 warnings in 63 packages: 9 decided" in done.summary


def test_input_that_cannot_be_read_leaves_no_report(checkout: Path) -> None:
    done = run(write(checkout, {"uv.lock": BROKEN}), sarif="true")
    assert (done.code, done.outputs["exit-code"], done.outputs["sarif-file"], done.uploads) == (2, "2", "", [])
    (annotation,) = commands(done.log)
    assert annotation.startswith("::error title=whypin could not check::uv.lock:2:1: ")
    assert done.summary == "**whypin could not check**: the log of the step says why.\n"


def test_without_a_summary_none_is_written(checkout: Path) -> None:
    assert run(checkout, summary="false").summary == ""
    assert run(write(checkout, {"uv.lock": BROKEN}), summary="false").summary == ""


@pytest.mark.parametrize(("root", "category"), [("", "whypin"), ("services/api", "whypin/services/api")])
def test_findings_are_uploaded_where_that_is_asked_for(tmp_path: Path, root: str, category: str) -> None:
    write(tmp_path / "checkout" / root, {"uv.lock": MOVED, RECORD: record()})
    done = run(tmp_path / "checkout", root=root, sarif="true")
    (upload,) = done.uploads
    assert (done.code, upload["sarif_file"], upload["category"]) == (1, done.outputs["sarif-file"], category)
    assert re.fullmatch(r"github/codeql-action/upload-sarif@v\d+|.*@[0-9a-f]{40}", upload["uses"])


@pytest.mark.parametrize(("name", "value"), [("summary", "no"), ("sarif", "yes"), ("sarif", "True\nfalse")])
def test_a_switch_that_is_neither_on_nor_off_fails(checkout: Path, name: str, value: str) -> None:
    done = run(write(checkout, {"uv.lock": LOCK}), **{name: value})
    assert (done.code, done.outputs["exit-code"], done.uploads) == (2, "2", [])
    assert "either true or false" in done.log


HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned; rm -rf .",
    "\ntouch pwned\n",
    '"; touch pwned; "',
    "--help",
    "--version\n--help",
    "x\n::error::pwned",
    "x%0A::error::pwned",
    "x'); import os; os.system('touch pwned')",
    "*",
]


@pytest.mark.parametrize("name", ["root", "arguments"])
@pytest.mark.parametrize("value", HOSTILE)
def test_what_an_input_says_is_never_run(checkout: Path, name: str, value: str) -> None:
    if name == "arguments":
        value = "\n".join(f"--lock={line}" for line in value.splitlines())
    before = sorted(path for path in checkout.parent.rglob("*") if checkout in path.parents)
    done = run(checkout, **{name: value}, sarif="true")
    assert (done.code, done.outputs["exit-code"], done.outputs["sarif-file"], done.uploads) == (2, "2", "", [])
    assert sorted(path for path in checkout.parent.rglob("*") if checkout in path.parents) == before
    (annotation,) = commands(done.log)
    assert annotation.startswith("::error title=whypin could not check::")
    assert "%0A" not in annotation.replace("%250A", "")


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    name = "a $(touch pwned) `b`;&'\"%0A"
    workspace = write(tmp_path / "checkout", {f"{name}/uv.lock": MOVED, f"{name}/{RECORD}": record()})
    done = run(workspace, root=name)
    assert (done.code, len(commands(done.log))) == (1, 1)
    assert not list(tmp_path.rglob("pwned"))


def test_each_line_of_arguments_is_one_argument(checkout: Path) -> None:
    write(checkout, {"a b/uv.lock": LOCK, "c/uv.lock": LOCK})
    done = run(checkout, arguments="--lock\na b/uv.lock\r\n\n--lock=c/uv.lock")
    assert done.code == 0
    assert "in 6 packages" in done.log
    assert run(checkout, arguments="--lock a b/uv.lock").code == 2


def test_a_checkout_of_somebody_else_is_read_as_in_a_container(checkout: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=checkout, check=True)
    other = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1", "HOME": str(checkout.parent), "GIT_CONFIG_NOSYSTEM": "1"}
    refused = subprocess.run(["git", "ls-files"], cwd=checkout, env={**os.environ, **other}, check=False)
    assert refused.returncode != 0
    assert run(write(checkout, {"uv.lock": LOCK}), other).code == 0


def test_what_whypin_says_to_people_is_no_command_to_the_runner(checkout: Path) -> None:
    bin_folder = checkout.parent / "bin"
    bin_folder.mkdir()
    crash = "#!/bin/sh\nprintf 'Traceback\\n::error::pwned\\n##[add-mask]pwned' >&2\nexit 3\n"
    loud = write(checkout.parent / "loud", {"whypin": crash}) / "whypin"
    loud.chmod(0o755)
    done = _check_step(checkout, f"{loud.parent}{os.pathsep}{os.environ['PATH']}")
    assert "::error::pwned" in done.log
    assert commands(done.log) == ["::error title=whypin could not check::the log of this step says why"]


def _check_step(workspace: Path, path: str) -> Run:
    """Run the step that checks with another PATH."""
    outside = workspace.parent
    (step,) = [step for step in STEPS if step.get("id") == "check"]
    variables = {"PATH": path, "RUNNER_TEMP": str(outside), "GITHUB_OUTPUT": str(outside / "output")}
    switches = {
        "ROOT": "",
        "ARGUMENTS": "",
        "SUMMARY": "true",
        "SARIF": "false",
        "COMMENT": "false",
        "GITHUB_WORKSPACE": str(workspace),
    }
    done = run_step(step, workspace, variables | switches)
    return Run(done.returncode, done.stdout, {}, "", [])


#: A `gh` that keeps what it is asked to do, knows the comments in a file, and may be refused.
GH = """\
#!/bin/bash
printf '%s\\n' "$*" >> "$FOLDER/asked"
case "$*" in
  *--jq*) cat "$FOLDER/comments" ;;
  *)
    for word in "$@"; do case $word in body=@*) cp "${word#body=@}" "$FOLDER/body" ;; esac; done
    [ ! -e "$FOLDER/refused" ]
    ;;
esac
"""


def commented(tmp_path: Path, ref: str = "refs/pull/7/merge", comments: str = "", refused: bool = False) -> Run:
    """What comes of the action in a pull request that moves numpy."""
    checkout = tmp_path / "checkout"
    write(checkout, {"uv.lock": LOCK, RECORD: record()})
    git(checkout, "init", "-q", "-b", "main")
    commit(checkout)
    git(checkout, "update-ref", "refs/remotes/origin/main", "HEAD")
    write(checkout, {"uv.lock": MOVED})
    write(tmp_path, {"bin/gh": GH, "comments": comments, **({"refused": ""} if refused else {})})
    (tmp_path / "bin/gh").chmod(0o755)
    github = {"GITHUB_REF": ref, "GITHUB_BASE_REF": "main", "GITHUB_REPOSITORY": "owner/app", "FOLDER": str(tmp_path)}
    return run(checkout, github, comment="true", summary="false")


def test_a_comment_says_what_moved(tmp_path: Path) -> None:
    done = commented(tmp_path)
    assert (done.code, commands(done.log)[1:], done.summary) == (1, [], "")
    asked = (tmp_path / "asked").read_text().splitlines()
    assert [words.partition(" -F ")[0] for words in asked[1:]] == [
        "api --method POST repos/owner/app/issues/7/comments"
    ]
    assert (tmp_path / "body").read_text().startswith("<!-- whypin diff -->\n")
    assert "numpy" in (tmp_path / "body").read_text()


def test_the_comment_that_is_there_is_brought_up_to_date(tmp_path: Path) -> None:
    commented(tmp_path, comments="41\n43\n")
    asked = (tmp_path / "asked").read_text().splitlines()
    assert [words.partition(" -F ")[0] for words in asked[1:]] == [
        "api --method PATCH repos/owner/app/issues/comments/41"
    ]


def test_where_comments_are_refused_the_summary_has_it(tmp_path: Path) -> None:
    done = commented(tmp_path, refused=True)
    assert done.summary.startswith("<!-- whypin diff -->\n")


@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/pull/$(touch pwned)/merge", "refs/pull//merge"])
def test_where_there_is_no_pull_request_there_is_no_comment(tmp_path: Path, ref: str) -> None:
    done = commented(tmp_path, ref)
    assert (done.code, (tmp_path / "asked").exists(), list(tmp_path.rglob("pwned"))) == (1, False, [])


def test_no_script_has_an_expression_in_it() -> None:
    assert [step["name"] for step in STEPS if EXPRESSION.search(step.get("run", "") + step.get("shell", ""))] == []
    assert all(step["shell"] == "bash" for step in STEPS if "run" in step)


def test_every_input_and_output_is_described_and_used() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert all(given["description"] and given["required"] is False for given in ACTION["inputs"].values())
    assert all(f"inputs.{name}" in text for name in ACTION["inputs"])
    assert all(given["description"] for given in ACTION["outputs"].values())


def test_it_is_an_action_to_others_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


#: A Python that tells how it is called, and makes of a virtual environment what the action needs.
PYTHON = """\
#!/bin/bash
printf '%s\\n' "$*" >> "$CALLS"
[ "$1" = -I ] || exit 9
case "$2 $3" in
  "-c "*) exit "${TOO_OLD:-0}" ;;
  "-m venv") mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; touch "$4/bin/pip" ;;
  "-m pip") touch "$(dirname "$0")/whypin" ;;
esac
"""


@pytest.fixture
def install(tmp_path: Path) -> dict[str, str]:
    """The variables of the step that installs, with a Python that only tells how it is called."""
    commands_folder = write(tmp_path / "bin", {"python": PYTHON})
    (commands_folder / "python").chmod(0o755)
    (tmp_path / "temp").mkdir()
    (tmp_path / "checkout").mkdir()
    return environment(
        commands_folder,
        CALLS=str(tmp_path / "calls"),
        RUNNER_TEMP=str(tmp_path / "temp"),
        GITHUB_PATH=str(tmp_path / "path"),
        GITHUB_ACTION_PATH=str(ROOT),
    )


def test_it_installs_itself_beside_the_versions_it_was_tested_with(tmp_path: Path, install: dict[str, str]) -> None:
    done = run_step(STEPS[0], tmp_path / "checkout", install)
    assert (done.returncode, done.stdout) == (0, "")
    pip = (tmp_path / "calls").read_text().splitlines()[-1]
    assert re.search(r"-m pip .*install .*--constraint \S+/constraints\.txt " + re.escape(str(ROOT)) + "$", pip)
    constraints = (tmp_path / "temp/whypin/constraints.txt").read_text().splitlines()
    pins = dict(re.findall(r"^(\S+)==(\S+)( ; .*)?$", line)[0][:2] for line in constraints)
    with (ROOT / "pyproject.toml").open("rb") as file:
        needed = [re.split("[<>=]", each)[0] for each in tomllib.load(file)["project"]["dependencies"]]
    assert {"click", "hatchling", *needed} <= set(pins)
    assert not any("hash" in line or "\\" in line for line in constraints)


def test_the_steps_to_come_get_whypin_and_keep_their_python(tmp_path: Path, install: dict[str, str]) -> None:
    run_step(STEPS[0], tmp_path / "checkout", install)
    (folder,) = (tmp_path / "path").read_text().splitlines()
    assert [path.name for path in Path(folder).iterdir()] == ["whypin"]


def test_a_python_that_is_too_old_is_told(tmp_path: Path, install: dict[str, str]) -> None:
    done = run_step(STEPS[0], tmp_path / "checkout", install | {"TOO_OLD": "1"})
    assert done.returncode == 1
    assert "::error title=whypin::whypin needs Python 3.11 or newer" in done.stdout
    assert not (tmp_path / "path").exists()
