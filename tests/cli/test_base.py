"""`check --base`: what a change does, told by real git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_check import whypin
from tests.folders import record, uv_lock, write

POLICY = '[project]\nname = "app"\nversion = "1"\n\n[tool.whypin.policy]\ncritical = ["numpy", "pandas"]\n'
NUMPY, PANDAS = "decisions/2026-11-01-numpy.yaml", "decisions/2026-11-01-pandas.yaml"
IDENTITY = {f"GIT_{who}_{what}": "x@example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), "-c", "commit.gpgsign=false", *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **IDENTITY, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
    )
    return done.stdout.strip()


def commit(folder: Path, message: str = "x") -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A project on its main branch, all of it decided."""
    folder = tmp_path / "app"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    files = {NUMPY: record("numpy", '">=1.26,<2"'), PANDAS: record("pandas", "2.2.2"), "pyproject.toml": POLICY}
    write(folder, {**files, "uv.lock": uv_lock(numpy="1.26.3", pandas="2.2.2")})
    commit(folder)
    return folder


def found(folder: Path, base: str = "main", *more: str) -> list[tuple[str, str]]:
    done = whypin(folder, "check", "--base", base, "--format", "json", "--today", "2026-11-22", *more)
    assert done.returncode in (0, 1), done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return [(finding["code"], f"{finding['path']}:{finding['line']}") for finding in report["findings"]]


def change(folder: Path, **versions: str) -> None:
    write(folder, {"uv.lock": uv_lock(**versions)})


def test_a_bounded_range_lets_the_routine_update_through(repository: Path) -> None:
    change(repository, numpy="1.26.4", pandas="2.2.2")
    assert found(repository) == []


def test_moves_are_told_whether_they_are_committed_or_not(repository: Path) -> None:
    git(repository, "checkout", "-q", "-b", "update")
    change(repository, numpy="2.0.0", pandas="2.2.2")
    assert found(repository) == [("WHY502", "uv.lock:15")]
    commit(repository)
    assert found(repository) == [("WHY502", "uv.lock:15")]
    assert found(repository, "HEAD") == [("WHY102", "uv.lock:15")]


def test_what_main_has_done_since_is_not_of_this_change(repository: Path) -> None:
    git(repository, "checkout", "-q", "-b", "other")
    write(repository, {"README": "x"})
    commit(repository)
    git(repository, "checkout", "-q", "main")
    change(repository, numpy="1.26.4", pandas="2.2.3")
    commit(repository)
    git(repository, "checkout", "-q", "other")
    assert found(repository) == []


def test_records_and_exemptions_are_compared(repository: Path) -> None:
    exemptions = "uv.lock:\n  pandas: [2.2.2]\n"
    write(repository, {"decisions/exemptions.yaml": exemptions})
    commit(repository)
    (repository / PANDAS).unlink()
    write(repository, {NUMPY: record("numpy", '">=1.26,<3"')})
    write(repository, {"decisions/exemptions.yaml": exemptions + "  numpy: [1.26.3]\n"})
    assert found(repository) == [
        ("WHY503", f"{NUMPY}:5"),
        ("WHY504", f"{PANDAS}:1"),
        ("WHY305", "decisions/exemptions.yaml:3"),
        ("WHY505", "decisions/exemptions.yaml:3"),
    ]


DELETED_AND_EXEMPT = [("WHY504", "2026-11-01-pandas.yaml"), ("WHY505", "exemptions.yaml")]


@pytest.mark.parametrize(
    ("then", "now"), [("decisions", "docs/why"), ("docs/why", "decisions"), (".", "."), (".", "x")]
)
def test_records_are_looked_for_where_they_were(repository: Path, then: str, now: str) -> None:
    def settings(folder: str) -> str:
        return POLICY.replace("[tool.whypin.policy]", f'[tool.whypin]\nrecords = "{folder}"\n[tool.whypin.policy]')

    exemptions, scipy = "uv.lock:\n  scipy: [1.0]\n", uv_lock(numpy="1.26.3", pandas="2.2.2", scipy="1.0")
    (repository / then).mkdir(parents=True, exist_ok=True)
    for path in (NUMPY, PANDAS):
        (repository / path).rename(repository / then / Path(path).name)
    write(repository, {"pyproject.toml": settings(then), f"{then}/exemptions.yaml": exemptions, "uv.lock": scipy})
    commit(repository)
    (repository / now).mkdir(parents=True, exist_ok=True)
    for name in (Path(NUMPY).name, "exemptions.yaml"):
        (repository / then / name).rename(repository / now / name)
    (repository / then / Path(PANDAS).name).unlink()
    write(repository, {"pyproject.toml": settings(now), f"{now}/exemptions.yaml": f"{exemptions}  pandas: [2.2.2]\n"})
    codes = [(code, place.rpartition("/")[2].partition(":")[0]) for code, place in found(repository)]
    assert sorted(one for one in codes if one[0].startswith("WHY5")) == DELETED_AND_EXEMPT


def test_records_that_stay_behind_in_the_old_folder_are_deleted_ones(repository: Path) -> None:
    settings = POLICY.replace("[tool.whypin.policy]", '[tool.whypin]\nrecords = "new"\n[tool.whypin.policy]')
    write(repository, {"pyproject.toml": settings, "new/2026-11-01-numpy.yaml": record("numpy", '">=1.26,<2"')})
    assert ("WHY504", f"{PANDAS}:1") in found(repository)


def test_a_base_whose_settings_are_broken_is_read_by_those_of_today(repository: Path) -> None:
    write(repository, {"pyproject.toml": f"{POLICY}nonsense = 1\n"})
    commit(repository)
    write(repository, {"pyproject.toml": POLICY})
    (repository / PANDAS).unlink()
    assert ("WHY504", f"{PANDAS}:1") in found(repository)


def test_what_lies_in_a_hidden_folder_was_no_record(repository: Path) -> None:
    hidden = "decisions/.drafts/2026-11-02-numpy.yaml"
    write(repository, {hidden: record("numpy", "1.26.3")})
    commit(repository)
    (repository / hidden).unlink()
    assert found(repository) == []


def test_what_is_read_through_links_is_compared(repository: Path) -> None:
    (repository / "store").mkdir()
    for path, target in ((NUMPY, "store/numpy.yaml"), ("uv.lock", "store/prod.lock")):
        (repository / path).rename(repository / target)
        (repository / path).symlink_to(os.path.relpath(repository / target, (repository / path).parent))
    (repository / "decisions").rename(repository / "why")
    (repository / "decisions").symlink_to("why")
    commit(repository)
    lower = {"numpy": "1.26.3", "pandas": "2.2.1"}
    write(repository, {"store/numpy.yaml": record("numpy", '"<9"'), "store/prod.lock": uv_lock(**lower)})
    (repository / "why" / Path(PANDAS).name).unlink()
    told = {("WHY503", f"{NUMPY}:5"), ("WHY504", f"{PANDAS}:1"), ("WHY506", "uv.lock:21")}
    assert told <= set(found(repository))


def test_a_file_that_was_only_touched_is_as_it_was(repository: Path) -> None:
    index = (repository / ".git/index").stat().st_mtime_ns
    for path in (NUMPY, "uv.lock", "pyproject.toml"):
        os.utime(repository / path, (1, 1))
    assert found(repository) == []
    assert (repository / ".git/index").stat().st_mtime_ns == index


def test_a_pipe_in_the_place_of_a_record_is_not_opened(repository: Path) -> None:
    (repository / PANDAS).unlink()
    os.mkfifo(repository / PANDAS)
    assert ("WHY001", f"{PANDAS}:1") in found(repository)


def test_content_that_git_lacks_is_not_taken_for_content_that_was_not_there(repository: Path) -> None:
    name = git(repository, "rev-parse", f"main:{PANDAS}")
    (repository / PANDAS).unlink()
    (repository / ".git/objects" / name[:2] / name[2:]).unlink()
    done = whypin(repository, "check", "--base", "main")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"whypin: error: git lacks {PANDAS} as it was at the base")


def test_exemptions_that_cannot_be_read_at_the_base_are_one_line(repository: Path) -> None:
    write(repository, {"decisions/exemptions.yaml": "uv.lock: [\n"})
    commit(repository)
    (repository / "decisions/exemptions.yaml").unlink()
    done = whypin(repository, "check", "--base", "main")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "(at the base, " in done.stderr


def test_a_downgrade_wants_a_record_of_this_change(repository: Path) -> None:
    change(repository, numpy="1.26.2", pandas="2.2.2")
    assert found(repository) == [("WHY506", "uv.lock:15")]
    write(repository, {"decisions/2026-11-22-numpy.yaml": record("numpy", "1.26.2")})
    assert found(repository) == []


def test_adopting_whypin_is_no_change_of_the_lock(repository: Path) -> None:
    shutil.rmtree(repository / "decisions")
    git(repository, "rm", "-q", "-r", "--cached", "decisions")
    commit(repository)
    write(repository, {"decisions/exemptions.yaml": "uv.lock:\n  numpy: [1.26.3]\n  pandas: [2.2.2]\n"})
    assert found(repository, "HEAD") == []


def test_a_new_lock_and_a_new_service(repository: Path) -> None:
    write(repository, {"services/api/uv.lock": uv_lock(numpy="1.20.0")})
    assert found(repository) == [("WHY502", "services/api/uv.lock:14")]


def test_another_format_is_compared_by_content(repository: Path) -> None:
    git(repository, "rm", "-q", "uv.lock")
    sha = "--hash=sha256:" + "0" * 64
    write(repository, {"requirements.txt": f"numpy==1.26.3 {sha}\npandas==2.2.3 {sha}\n"})
    assert found(repository) == [("WHY502", "requirements.txt:2")]


def test_lifecycle_errors_fail_only_the_change_that_touches_them(repository: Path) -> None:
    overdue = record("numpy", '">=1.26,<2"').replace("review_by: never", "review_by: 2026-01-01")
    write(repository, {NUMPY: overdue})
    commit(repository)
    assert whypin(repository, "check", "--today", "2026-11-22").returncode == 1
    done = whypin(repository, "check", "--base", "HEAD", "--today", "2026-11-22")
    assert (done.returncode, "warning WHY301" in done.stdout) == (0, True)
    change(repository, numpy="1.26.4", pandas="2.2.2")
    done = whypin(repository, "check", "--base", "HEAD", "--today", "2026-11-22")
    assert (done.returncode, "error WHY301" in done.stdout) == (1, True)


def test_a_root_below_the_top_of_the_repository(repository: Path) -> None:
    write(repository, {"sub/uv.lock": uv_lock(numpy="1.26.3"), "sub/pyproject.toml": POLICY})
    commit(repository)
    write(repository, {"sub/uv.lock": uv_lock(numpy="1.26.4")})
    assert ("WHY501", "uv.lock:14") in found(repository / "sub")


def test_worktrees_and_detached_heads(repository: Path, tmp_path: Path) -> None:
    change(repository, numpy="2.0.0", pandas="2.2.2")
    commit(repository)
    git(repository, "worktree", "add", "-q", "--detach", str(tmp_path / "tree"))
    assert found(tmp_path / "tree", "HEAD~1") == [("WHY502", "uv.lock:15")]


def test_a_shallow_clone_knows_what_it_has(repository: Path, tmp_path: Path) -> None:
    change(repository, numpy="2.0.0", pandas="2.2.2")
    commit(repository)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "shallow")
    assert [code for code, _ in found(tmp_path / "shallow", "HEAD")] == ["WHY102"]
    done = whypin(tmp_path / "shallow", "check", "--base", "HEAD~1")
    assert done.stderr == (
        "whypin: error: git knows no revision HEAD~1; is it spelt right? A shallow clone may lack it: "
        "git fetch --unshallow, or fetch-depth: 0 in the workflow\n"
    )


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "", "HEAD:uv.lock", "a\nb"])
def test_an_unknown_revision_is_one_line(repository: Path, revision: str) -> None:
    done = whypin(repository, "check", f"--base={revision}")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("whypin: error: git knows no revision ")
    assert not (repository / "x").exists()


def test_a_folder_in_no_repository_is_one_line(tmp_path: Path) -> None:
    write(tmp_path, {"uv.lock": uv_lock(numpy="1.26.3")})
    done = whypin(tmp_path, "check", "--base", "main")
    message = f"{tmp_path} is in no git repository: there is no base; give --root a folder of one"
    assert (done.returncode, done.stderr) == (2, f"whypin: error: {message}\n")


def test_a_lock_that_cannot_be_read_at_the_base_is_one_line(repository: Path) -> None:
    write(repository, {"uv.lock": "version = 1\n[[package]\n"})
    commit(repository)
    change(repository, numpy="1.26.3", pandas="2.2.2")
    done = whypin(repository, "check", "--base", "HEAD")
    assert done.returncode == 2
    assert done.stderr.startswith("whypin: error: uv.lock:2:")
    assert "(at the base, " in done.stderr
