"""`whypin new`: records begun by the command line, and that they pass `check` as soon as there is a reason."""

from __future__ import annotations

import json
import os
import pty
import shutil
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.test_base import commit, git
from tests.cli.test_check import whypin
from tests.corpus import CORPUS, needs_corpus
from tests.folders import record, uv_lock, write

DAY = ("--today", "2026-11-22")
NO_NAME = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
SETTINGS = '[tool.whypin.policy]\nrequire = "all"\n[tool.whypin.owners]\n"*" = ["ml-platform", "core"]\n'
PROJECT = (
    '[project]\nname = "app"\nversion = "0.1.0"\ndependencies = [\n  "numpy<2",  # pickles of 1.x\n  "pandas",\n]\n'
)
REASON = "The feature pipeline was validated with this release and breaks with the next one."
PATH = "decisions/2026-11-22-numpy.yaml"
NUMPY = """\
# yaml-language-server: $schema=record.schema.json
title: Keep numpy 1.26.4
status: proposed
deciders: [ml-platform]
packages:
  numpy: 1.26.4
rationale: ""  # say why here: an accepted decision needs it
context: |
  - numpy is declared in pyproject.toml:5 as `<2`: "pickles of 1.x"
source: {file: pyproject.toml, line: 5}
"""


def project(folder: Path, **more: str) -> Path:
    files = {"uv.lock": uv_lock(numpy="1.26.4", pandas="2.2.3"), "pyproject.toml": PROJECT + SETTINGS}
    return write(folder, {**files, **more})


def new(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return whypin(folder, "new", *arguments, *DAY, **(NO_NAME | environment))


def findings(folder: Path, *more: str) -> list[tuple[str, str]]:
    done = whypin(folder, "check", "--format", "json", *DAY, *more)
    assert done.returncode in (0, 1), done.stderr
    return [(found["code"], found["package"]) for found in json.loads(done.stdout)["findings"]]


def test_everything_is_filled_in_but_the_reason_and_its_line_is_printed(tmp_path: Path) -> None:
    done = new(project(tmp_path), "NumPy")
    told = "whypin: say why under rationale, then set status: accepted\n"
    assert (done.stdout, done.stderr, done.returncode) == (f"{PATH}:7\n", told, 0)
    assert (tmp_path / PATH).read_text() == NUMPY
    assert (tmp_path / "decisions/record.schema.json").read_text() == whypin(tmp_path, "schema").stdout


def test_it_passes_check_as_soon_as_the_reason_is_real(tmp_path: Path) -> None:
    new(project(tmp_path), "numpy", "pandas")
    path = tmp_path / "decisions/2026-11-22-numpy-pandas.yaml"
    assert ("WHY101", "numpy") in findings(tmp_path)
    text = path.read_text().replace('rationale: ""', f"rationale: {REASON}").replace("proposed", "accepted")
    path.write_text(text)
    assert findings(tmp_path) == []


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": "numpy==1.26.4  # pickles\nscipy==1.14.1\n    # via numpy\n"},
        {
            "pyproject.toml": '[tool.poetry]\nname = "app"\nversion = "1"\n[tool.poetry.dependencies]\nnumpy = "^1"\n',
            "poetry.lock": '[[package]]\nname = "numpy"\nversion = "1.26.4"\nfiles = []\n\n[metadata]\n'
            'lock-version = "2.1"\npython-versions = "*"\ncontent-hash = "x"\n',
        },
        {
            "Pipfile": '[packages]\nnumpy = "*"\n',
            "Pipfile.lock": '{"_meta": {"hash": {"sha256": "x"}, "pipfile-spec": 6, "requires": {}, "sources": []},'
            '"default": {"numpy": {"version": "==1.26.4", "hashes": []}}, "develop": {}}',
        },
        {
            "uv.lock": uv_lock(numpy="1.26.4").replace(
                '    { name = "numpy" },\n',
                '    { name = "numpy", source = { registry = "https://index.example/simple" } },\n'
                '    { name = "numpy", source = { registry = "https://two.example/simple" } },\n',
            )
            + '\n[[package]]\nname = "numpy"\nversion = "1.26.4"\n'
            'source = { registry = "https://two.example/simple" }\n'
        },
    ],
    ids=["requirements", "poetry", "pipfile", "two indexes"],
)
def test_the_result_passes_check_in_every_format(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, {**files, "whypin.toml": '[policy]\ncritical = ["numpy"]\n'})
    done = new(tmp_path, "numpy", "--because", REASON, "--decider", "me")
    assert (done.returncode, done.stderr) == (0, "")
    assert not {"WHY001", "WHY101", "WHY102", "WHY103", "WHY104", "WHY005"} & {code for code, _ in findings(tmp_path)}


@needs_corpus
@pytest.mark.parametrize(
    ("folder", "names"),
    [
        ("uv.lock/NovaSky-AI__SkyRL__skyrl-agent", ["torch", "ray"]),
        ("pdm.lock/pdm-project__pdm", ["packaging"]),
        ("conda-lock.yml/conda__conda-lock__pangeo", ["openssl", "conda:tzdata"]),
        ("pixi.lock/prefix-dev__pixi__detectron2", ["conda:openssl"]),
        ("poetry.lock/microsoft__graphrag", ["numpy", "typing-extensions"]),
    ],
)
def test_real_locks_are_decided_by_what_it_writes(tmp_path: Path, folder: str, names: list[str]) -> None:
    """Forks with local versions, and conda versions that PEP 440 does not know, among them."""
    shutil.copytree(CORPUS / folder, tmp_path / "app")
    done = new(tmp_path / "app", *names, "--because", REASON, "--decider", "me")
    assert done.returncode == 0, done.stderr
    listed = json.loads(whypin(tmp_path / "app", "list", "--all", "--format", "json").stdout)["packages"]
    wanted = {name.removeprefix("conda:") for name in names}
    assert {entry["state"] for entry in listed if entry["name"] in wanted and entry["decisions"]} == {"decided"}


def test_a_reason_on_the_command_line_makes_it_accepted_and_is_judged(tmp_path: Path) -> None:
    done = new(project(tmp_path), "numpy", "--because", REASON, "--title", "Hold NumPy: 1.26", "--decider", "me, too")
    owned = f"{PATH}:4:11: warning WHY006 numpy is owned by ml-platform or core, who did not decide this"
    assert (done.returncode, done.stderr.splitlines()[0]) == (0, owned)
    text = (tmp_path / PATH).read_text()
    assert 'title: "Hold NumPy: 1.26"\nstatus: accepted\ndeciders: ["me, too"]\n' in text
    assert f"rationale: |\n  {REASON}\n" in text
    bad = new(tmp_path, "pandas", "--because", "bump")
    assert "WHY005 the rationale gives no reason" in bad.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["numpi"], "numpi is not locked; did you mean numpy?"),
        (["zzz"], "zzz is not locked; whypin list --all shows what is locked"),
        (
            ["numpy", "../../etc"],
            "'../../etc' is not the name of a package; give names, such as numpy or conda:openssl",
        ),
        (["numpy==1.26.4"], "'numpy==1.26.4' names a version, and a decision is about the locked ones; give the name"),
        (["app"], "uv.lock:6:1: app is the project's own: there is nothing to decide; see whypin list"),
        (["rich"], "pyproject.toml:6:3: rich is not locked; lock the project first"),
        ([], "give either PACKAGE or --moved; try "),
        (["numpy", "--moved"], "give either PACKAGE or --moved; try "),
        (["numpy", "--base", "x"], "--base goes with --moved; try "),
        (["numpy", "--edit"], "--edit needs a terminal; try "),
        (["numpy", "--edit", "--stdout"], "give either --edit or --stdout; try "),
        (["numpy", "--because", " "], "--because: an empty text; try "),
        (
            ["numpy", "--because", "\udcff"],
            "--because: a control or direction-changing character in the text; remove it",
        ),
        (["numpy", "--title", "a\nb"], "--title: several lines, where one line is expected; keep the first line"),
        (["numpy", "--moved-not"], "No such option '--moved-not'"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_writes_nothing(tmp_path: Path, arguments: list[str], message: str) -> None:
    project(tmp_path, **{"pyproject.toml": PROJECT.replace('"pandas"', '"rich"') + SETTINGS})
    before = sorted(tmp_path.rglob("*"))
    done = new(tmp_path, *arguments)
    assert (done.stdout, done.returncode, done.stderr.count("\n")) == ("", 2, 1)
    assert done.stderr.startswith(f"whypin: error: {message}")
    assert sorted(tmp_path.rglob("*")) == before


def test_without_a_lock_there_is_nothing_to_decide_about(tmp_path: Path) -> None:
    assert new(tmp_path, "numpy").returncode == 2
    write(tmp_path, {"requirements.in": "numpy\n"})
    done = new(tmp_path, "numpy")
    assert (done.returncode, done.stderr) == (
        2,
        "whypin: error: requirements.in:1:1: numpy is not locked; lock the project first\n",
    )


def test_who_decides_is_an_owner_else_gits_user_else_somebody_has_to_say(tmp_path: Path) -> None:
    project(tmp_path, **{"pyproject.toml": PROJECT})
    config = write(tmp_path / "home", {"config": "[user]\n\tname = Ada \u202eL.\n"}) / "config"
    done = new(tmp_path, "numpy", "--stdout", GIT_CONFIG_GLOBAL=str(config))
    assert "\ndeciders: [Ada L.]\n" in done.stdout
    done = new(tmp_path, "numpy")
    assert done.stderr.endswith("whypin: say who decides: neither the settings nor git name anybody\n")
    assert findings(tmp_path) == [("WHY001", None), ("WHY203", "numpy")]
    refused = new(tmp_path, "numpy", "--because", REASON)
    assert "whypin: error: nobody is known who decides; give --decider; try " in refused.stderr


def test_the_decision_before_is_superseded_and_a_second_proposal_told(tmp_path: Path) -> None:
    old = record("numpy", "1.25.2") + "tags: [numerics]\n"
    project(tmp_path, **{"decisions/2026-01-01-numpy.yaml": old})
    done = new(tmp_path, "numpy")
    said = "whypin: it supersedes 2026-01-01-numpy: take out of supersedes what stays in force beside it"
    assert done.stderr.splitlines()[0] == said
    assert "\nsupersedes: [2026-01-01-numpy]\ntags: [numerics]\n" in (tmp_path / PATH).read_text()
    again = new(tmp_path, "numpy")
    assert again.stdout == "decisions/2026-11-22-numpy-2.yaml:7\n"
    assert again.stderr.splitlines()[0] == f"whypin: {PATH} proposes a decision already"


def test_locks_with_other_versions_are_left_to_another_record(tmp_path: Path) -> None:
    locks = {"a/uv.lock": uv_lock(numpy="1.26.4"), "b/uv.lock": uv_lock(numpy="2.0.0")}
    write(tmp_path, {**locks, "pyproject.toml": SETTINGS})
    done = new(tmp_path, "numpy", "--because", REASON)
    command = "whypin new numpy --lock b/uv.lock"
    assert done.stderr == f"whypin: it speaks of a/uv.lock; b/uv.lock holds other versions: {command}\n"
    assert "\nlocks: [a/uv.lock]\n" in (tmp_path / "decisions/2026-11-22-numpy-a.yaml").read_text()
    new(tmp_path, "numpy", "--lock", "b/uv.lock", "--because", REASON)
    assert "\nlocks: [b/uv.lock]\n" in (tmp_path / "decisions/2026-11-22-numpy-b.yaml").read_text()
    assert findings(tmp_path) == []


def test_the_place_can_be_opened_from_where_the_command_was_run(tmp_path: Path) -> None:
    project(tmp_path / "app")
    (tmp_path / "elsewhere").mkdir()
    done = new(tmp_path / "elsewhere", "numpy", "--root", "../app")
    assert done.stdout == f"../app/{PATH}:7\n"


def test_on_stdout_nothing_is_written(tmp_path: Path) -> None:
    done = new(project(tmp_path), "numpy", "--stdout")
    assert (done.stdout, done.returncode, (tmp_path / "decisions").exists()) == (NUMPY, 0, False)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    project(tmp_path, decisions="a file")
    done = new(tmp_path, "numpy")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "decisions").mkdir(mode=0o500)
    done = new(tmp_path, "numpy")
    assert done.returncode == 2
    assert done.stderr.endswith("cannot be written: Permission denied\n") and done.stderr.count("\n") == 1


def test_the_schema_that_is_there_stays(tmp_path: Path) -> None:
    project(tmp_path, **{"decisions/record.schema.json": "{}\n"})
    assert new(tmp_path, "numpy").returncode == 0
    assert (tmp_path / "decisions/record.schema.json").read_text() == "{}\n"


ANSWERS = """\
Hold NumPy at 1.26
The saved models are pickles of 1.x.

Loading them with 2.0 fails.

team-a, team-b
until never
date 2027-02-30
date 2027-06-01
locked scipy
locked: scipy>=1.14

2027-13-01
2027-03-01
run pytest -q tests/models
check The AUC is as before.

"""


def answered(folder: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "whypin", "new", "numpy", "--interactive", *DAY, *arguments]
    return subprocess.run(
        command, cwd=folder, input=text, capture_output=True, text=True, check=False, env={**os.environ, **NO_NAME}
    )


def test_interactive_asks_again_until_each_answer_is_right(tmp_path: Path) -> None:
    answers = ANSWERS.replace("\n\nLoading them with 2.0 fails.\n", "\n", 1)
    done = answered(project(tmp_path), answers)
    assert (done.stdout, done.returncode) == (f"{PATH}:7\n", 0), done.stderr
    text = (tmp_path / PATH).read_text()
    assert "title: Hold NumPy at 1.26\nstatus: accepted\ndeciders: [team-a, team-b]\n" in text
    assert "rationale: |\n  The saved models are pickles of 1.x.\ncontext" in text
    assert 'exit_criteria:\n  - date: 2027-06-01\n  - locked: "scipy>=1.14"\nreview_by: 2027-03-01\n' in text
    assert "confirmation:\n  - run: pytest -q tests/models\n  - check: The AUC is as before.\n" in text
    for said in (
        "'until' is not a key here",
        "2027-02-30 is not a day of the calendar",
        "'scipy' is not a package with a specifier",
        "2027-13-01 is not a day of the calendar",
    ):
        assert said in done.stderr


def test_interactive_without_a_reason_leaves_a_proposal_with_the_defaults(tmp_path: Path) -> None:
    done = answered(project(tmp_path), "\n" * 6)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / PATH).read_text() == NUMPY


@pytest.mark.parametrize("answers", ["", "Hold NumPy\n", ANSWERS[:120]])
def test_answers_that_end_early_write_nothing(tmp_path: Path, answers: str) -> None:
    done = answered(project(tmp_path), answers)
    assert (done.returncode, done.stdout, (tmp_path / "decisions").exists()) == (130, "", False)


def in_terminal(folder: Path, arguments: Sequence[str], **environment: str) -> tuple[str, int]:
    """Run whypin with a terminal for its stdin and stdout; return what it wrote there, and its exit code."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "whypin", *arguments],
        cwd=folder,
        stdin=its,
        stdout=its,
        stderr=its,
        env={**os.environ, **NO_NAME, **environment},
    )
    os.close(its)
    said = b""
    while True:
        try:
            data = os.read(ours, 4096)
        except OSError:
            break
        if not data:
            break
        said += data
    os.close(ours)
    return said.decode().replace("\r\n", "\n"), process.wait()


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("", 0, ""),
        ("s/proposed/accepted/", 1, "WHY001 no rationale"),
        ("s/^title/titel/", 1, "WHY001 'titel' is not a key here"),
    ],
)
def test_edit_opens_the_editor_and_says_what_is_wrong_after_that(
    tmp_path: Path, script: str, code: int, said: str
) -> None:
    editor = write(project(tmp_path), {"editor.sh": f'#!/bin/sh\nsed -i.bak -e "{script}" "$1"\n'}) / "editor.sh"
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    write(tmp_path, {"whypin.toml": ""})
    write(tmp_path, {"pyproject.toml": PROJECT})
    printed, returned = in_terminal(
        tmp_path, ["new", "numpy", "--edit", "--decider", "me", *DAY], VISUAL=str(editor), EDITOR="false"
    )
    assert (returned, printed.splitlines()[0]) == (code, f"{PATH}:7")
    assert said in printed


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A project on its main branch, all of it decided."""
    folder = tmp_path / "app"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    decided = {f"decisions/2026-11-01-{name}.yaml": record(name, versions) for name, versions in (("numpy", "1.26.3"),)}
    write(
        folder, {**decided, "pyproject.toml": SETTINGS, "decisions/2026-11-01-rich.yaml": record("rich", '">=13,<15"')}
    )
    write(folder, {"uv.lock": uv_lock(numpy="1.26.3", rich="13.0"), "decisions/exemptions.yaml": ""})
    commit(folder, "Lock")
    return folder


def test_moved_makes_one_decision_of_all_that_the_change_left_undecided(repository: Path) -> None:
    write(repository, {"uv.lock": uv_lock(numpy="1.26.4", rich="14.0", pandas="2.2.3")})
    done = new(repository, "--moved", "--base", "main")
    path = repository / "decisions/2026-11-22-numpy-pandas.yaml"
    assert done.stdout == "decisions/2026-11-22-numpy-pandas.yaml:8\n", done.stderr
    text = path.read_text()
    assert "packages:\n  numpy: 1.26.4\n  pandas: 2.2.3\n" in text
    assert "  - numpy moved since main: 1.26.3 -> 1.26.4\n  - pandas moved since main: nothing -> 2.2.3\n" in text
    assert "supersedes: [2026-11-01-numpy]\n" in text
    before = {code for code, _ in findings(repository, "--base", "main")}
    assert {"WHY501", "WHY502"} <= before
    path.write_text(
        text.replace('rationale: ""', f"rationale: {REASON}").replace("status: proposed", "status: accepted")
    )
    assert [code for code, _ in findings(repository, "--base", "main") if code != "WHY006"] == []


def test_moved_with_nothing_to_decide_says_so(repository: Path) -> None:
    write(repository, {"uv.lock": uv_lock(numpy="1.26.3", rich="14.0")})
    done = new(repository, "--moved")
    told = "whypin: nothing to decide: no decision is missing for what moved since "
    assert (done.returncode, done.stdout, done.stderr.startswith(told)) == (0, "", True)


@pytest.mark.parametrize("base", ["nowhere", "--output=x"])
def test_moved_since_what_git_does_not_know_is_one_line(repository: Path, base: str) -> None:
    done = new(repository, "--moved", f"--base={base}")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_the_last_moves_are_told_where_git_is_there(repository: Path) -> None:
    write(repository, {"uv.lock": uv_lock(numpy="1.26.4", rich="13.0")})
    commit(repository, "Bump `numpy`")
    moved = "  - 'numpy moved from 1.26.3 to 1.26.4 on "
    said = new(repository, "numpy", "--stdout").stdout
    assert moved.replace("'", "") in said and '"Bump `numpy`"' in said
    without = new(repository, "numpy", "--stdout", PATH="")
    assert without.returncode == 0 and "moved from" not in without.stdout
