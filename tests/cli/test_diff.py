"""`whypin diff`: what a change does to the locks, told by real git."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_base import NUMPY, commit, git
from tests.cli.test_base import repository as repository
from tests.cli.test_check import whypin
from tests.corpus import CORPUS, needs_corpus
from tests.folders import record, uv_lock, write

DAY = ("--today", "2026-11-22")


def change(folder: Path, **versions: str) -> None:
    write(folder, {"uv.lock": uv_lock(**versions)})


def told(folder: Path, *arguments: str) -> dict[str, Any]:
    done = whypin(folder, "diff", *arguments, *DAY, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def moves(folder: Path, *arguments: str) -> dict[str, tuple[str, str | None]]:
    found = told(folder, *arguments)
    return {move["name"]: (move["kind"], move["state"]) for lock in found["locks"] for move in lock["moves"]}


def test_by_default_it_is_what_the_branch_did_since_it_left_main(repository: Path) -> None:
    base = git(repository, "rev-parse", "--short=9", "HEAD")
    git(repository, "checkout", "-q", "-b", "update")
    change(repository, numpy="2.0.0", pandas="2.2.2", rich="13.0.0")
    commit(repository)
    git(repository, "checkout", "-q", "main")
    change(repository, numpy="1.26.4", pandas="2.2.2")
    commit(repository)
    git(repository, "checkout", "-q", "update")
    done = whypin(repository, "diff", *DAY)
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == f"""\
uv.lock: 2 moved, 2 direct and 0 transitive
  rich   added          13.0.0           main
  numpy  major upgrade  1.26.3 -> 2.0.0  main  against
      data-platform decided for >=1.26,<2 on 2026-11-01 (2026-11-01-numpy: Hold numpy where the
        pipeline works)
      fix: lock numpy as decided, or run whypin supersede 2026-11-01-numpy and say why

2 packages moved since {base}: 2 direct, 0 transitive; 1 against a decision
"""
    )


def test_a_revision_and_what_is_not_committed_yet(repository: Path) -> None:
    change(repository, numpy="1.26.4", pandas="2.2.2")
    commit(repository)
    change(repository, numpy="1.26.4", pandas="2.2.3")
    assert moves(repository, "HEAD") == {"pandas": ("upgraded", "undecided")}
    assert moves(repository, "HEAD~1") == {"numpy": ("upgraded", "decided"), "pandas": ("upgraded", "undecided")}
    assert told(repository, "HEAD~1")["base"] == git(repository, "rev-parse", "HEAD~1")


def test_nothing_moved(repository: Path) -> None:
    done = whypin(repository, "diff")
    base = git(repository, "rev-parse", "--short=9", "HEAD")
    assert (done.returncode, done.stdout) == (0, f"nothing moved since {base}\n")


def test_the_records_of_the_change(repository: Path) -> None:
    successor = record("numpy", "2.0.0") + "supersedes: [2026-11-01-numpy]\n"
    write(repository, {"decisions/2026-11-22-numpy.yaml": successor})
    (repository / "decisions/2026-11-01-pandas.yaml").unlink()
    write(repository, {"decisions/exemptions.yaml": "uv.lock:\n  pandas: [2.2.2]\n"})
    found = told(repository)["records"]
    assert {key: [one.get("record", one.get("name")) for one in listed] for key, listed in found.items()} == {
        "added": ["2026-11-22-numpy"],
        "edited": [],
        "superseded": ["2026-11-01-numpy"],
        "deleted": ["2026-11-01-pandas"],
        "exempted": ["pandas"],
        "unexempted": [],
    }


def test_a_record_that_cannot_be_read_is_told_and_not_taken_for_deleted(repository: Path) -> None:
    write(repository, {NUMPY: "title: [\n"})
    done = whypin(repository, "diff", "--format", "json")
    assert (done.returncode, done.stderr) == (0, f"whypin: warning: {NUMPY} is left out: see whypin check\n")
    assert json.loads(done.stdout)["records"]["deleted"] == []


def test_a_lock_that_appears_and_one_that_disappears(repository: Path) -> None:
    git(repository, "rm", "-q", "uv.lock")
    write(repository, {"services/api/uv.lock": uv_lock(numpy="1.26.4")})
    found = told(repository)
    assert [(lock["lock"], lock["kind"], lock["was"]) for lock in found["locks"]] == [
        ("services/api/uv.lock", "added", None),
        ("uv.lock", "removed", None),
    ]
    gone = {move["name"]: move for move in found["locks"][1]["moves"]}
    assert (gone["numpy"]["kind"], gone["numpy"]["state"], gone["numpy"]["line"]) == ("removed", None, None)
    assert gone["numpy"]["decisions"] == [
        {"record": "2026-11-01-numpy", "title": "Hold numpy where the pipeline works", "decides": False}
    ]


def test_a_comment_for_a_pull_request(repository: Path) -> None:
    change(repository, numpy="1.26.4", pandas="2.2.2")
    done = whypin(repository, "diff", "--format", "markdown", *DAY)
    assert done.stdout.startswith(
        "<!-- whypin diff -->\n\n**whypin: 1 package moved, 1 direct, and none lacks a decision that it needs**\n"
    )


def test_the_root_may_stand_in_front(repository: Path, tmp_path: Path) -> None:
    done = whypin(tmp_path, "--root", str(repository), "diff", "main")
    assert (done.returncode, done.stdout[:14]) == (0, "nothing moved ")


def test_one_lock_alone(repository: Path) -> None:
    write(repository, {"services/api/uv.lock": uv_lock(numpy="1.26.3")})
    change(repository, numpy="1.26.4", pandas="2.2.2")
    assert [lock["lock"] for lock in told(repository)["locks"]] == ["services/api/uv.lock", "uv.lock"]
    assert [lock["lock"] for lock in told(repository, "--lock", "uv.lock")["locks"]] == ["uv.lock"]


def test_without_a_main_branch_it_asks_for_a_revision(repository: Path) -> None:
    git(repository, "branch", "-q", "-m", "main", "trunk")
    done = whypin(repository, "diff")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("whypin: error: there is no main branch to compare with; ")


@pytest.mark.parametrize("revision", ["nowhere", "HEAD:uv.lock", "a\nb"])
def test_an_unknown_revision_is_one_line(repository: Path, revision: str) -> None:
    done = whypin(repository, "diff", revision)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("whypin: error: git knows no revision ")


def test_a_folder_in_no_repository_is_one_line(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {"uv.lock": uv_lock(numpy="1.26.3")}), "diff")
    message = f"{tmp_path} is in no git repository: there is no base; give --root a folder of one"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"whypin: error: {message}\n")


def test_a_lock_that_cannot_be_read_at_the_base_is_one_line(repository: Path) -> None:
    write(repository, {"uv.lock": "version = 1\n[[package]\n"})
    commit(repository)
    change(repository, numpy="1.26.3", pandas="2.2.2")
    done = whypin(repository, "diff", "HEAD")
    assert (done.returncode, done.stdout) == (2, "")
    assert "(at the base, " in done.stderr


def test_a_shallow_clone_that_lacks_the_base_says_what_to_type(repository: Path, tmp_path: Path) -> None:
    commit(repository)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "shallow")
    done = whypin(tmp_path / "shallow", "diff", "HEAD~1")
    assert (done.returncode, "git fetch --unshallow" in done.stderr) == (2, True)
    assert moves(tmp_path / "shallow") == {}


def replace(folder: Path, source: str) -> None:
    """Let a project of the corpus take the place of what stands in a folder, and commit it."""
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()
    for path in (CORPUS / source).iterdir():
        if path.name not in ("truth.json", "SOURCE.json"):
            shutil.copy(path, folder)
    commit(folder)


@needs_corpus
def test_a_project_that_goes_from_pip_to_poetry_to_uv(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    for source in ("pipenv", "poetry", "uv"):
        replace(tmp_path, f"same-project/{source}")
    (lock,) = told(tmp_path, "HEAD~1")["locks"]
    assert lock == {"lock": "uv.lock", "kind": "replaced", "was": "poetry.lock", "moves": []}
    (lock,) = told(tmp_path, "HEAD~2")["locks"]
    assert (lock["was"], {move["kind"] for move in lock["moves"]}) == ("Pipfile.lock", {"added", "forked"})
    direct = [move["name"] for move in lock["moves"] if move["direct"]]
    brought = {move["name"]: move["brought_by"] for move in lock["moves"]}
    assert (direct, brought["six"], brought["tomli"]) == (["matplotlib"], ["matplotlib"], ["pytest"])


@needs_corpus
def test_the_articles_stack(tmp_path: Path) -> None:
    """TensorFlow one patch up: protobuf went down four major versions, and nobody had asked for that."""
    git(tmp_path, "init", "-q", "-b", "main")
    replace(tmp_path, "article/uv-asis-39")
    replace(tmp_path, "article/uv-fix-39-tfpatch")
    done = whypin(tmp_path, "diff", "HEAD~1")
    assert done.stdout.startswith("""\
uv.lock: 4 moved, 1 direct and 3 transitive
  tensorflow            patch upgrade    2.8.0 -> 2.8.4            main
  tensorflow-estimator  added            2.8.0                     main  by tensorflow
  tf-estimator-nightly  removed          2.8.0.dev2021122109       main  by tensorflow
  protobuf              major downgrade  6.33.6, 7.36.2 -> 3.19.6  main  by tensorflow
""")
