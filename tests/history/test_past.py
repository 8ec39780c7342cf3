"""The history of real repositories: what moved, in which commit, through merges, formats and damage."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from tests.corpus import CORPUS, needs_corpus
from tests.folders import record, uv_lock, write
from tests.history.repository import Repository, forked, pins, pipfile_lock, poetry_lock
from whypin.app import past
from whypin.errors import WhypinError
from whypin.model.change import Change

Moved = tuple[str, str, str]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "project")


def history(repository: Repository, *chosen: str) -> list[Change]:
    found, _ = past.history(str(repository.folder), [str(repository.folder / path) for path in chosen])
    return list(found.changes)


def moved(changes: list[Change]) -> list[Moved]:
    """Return package, versions and lock of each change."""
    return [(each.package, f"{','.join(each.old)}->{','.join(each.new)}", each.lock) for each in changes]


def test_every_move_has_its_commit_and_the_newest_comes_first(repository: Repository) -> None:
    repository.commit("Lock", {"uv.lock": uv_lock(numpy="1.26.4", pandas="2.0.2")})
    head = repository.commit("Take NumPy 2", {"uv.lock": uv_lock(numpy="2.2.6", pandas="2.0.2")})
    newest, *rest = history(repository)
    assert newest.commit == (head, "2026-01-01T01:00:00+00:00", "Ada Lovelace", "Take NumPy 2")
    assert (newest.package, newest.old, newest.new, newest.kind) == ("numpy", ("1.26.4",), ("2.2.6",), "upgraded")
    assert moved(rest) == [("numpy", "->1.26.4", "uv.lock"), ("pandas", "->2.0.2", "uv.lock")]


def test_the_projects_own_version_is_no_move(repository: Repository) -> None:
    repository.commit("Lock", {"uv.lock": uv_lock(numpy="1.26.4")})
    repository.commit("Release", {"uv.lock": uv_lock(numpy="1.26.4").replace('"0.1.0"', '"0.2.0"')})
    assert moved(history(repository)) == [("numpy", "->1.26.4", "uv.lock")]


def test_a_merge_is_one_commit_and_a_revert_another(repository: Repository) -> None:
    repository.commit("Lock", {"uv.lock": uv_lock(numpy="1.26.4", pandas="2.0.2")})
    repository.git("checkout", "-q", "-b", "side")
    repository.commit("One", {"uv.lock": uv_lock(numpy="2.0.0", pandas="2.0.2")})
    repository.commit("Two", {"uv.lock": uv_lock(numpy="2.2.6", pandas="2.0.2")})
    repository.git("checkout", "-q", "main")
    repository.commit("Meanwhile", {"README": "x"})
    merge = repository.merge("side")
    repository.git("revert", "--no-edit", "-m", "1", merge)
    revert, merged = history(repository)[:2]
    assert (merged.commit.hash, merged.commit.subject, merged.new) == (merge, "Merge side", ("2.2.6",))
    assert (revert.commit.subject, revert.old, revert.new) == ('Revert "Merge side"', ("2.2.6",), ("1.26.4",))
    assert revert.kind == "downgraded"


def test_a_change_that_only_the_merge_made_is_the_merges(repository: Repository) -> None:
    """`git log -p` shows no such change."""
    repository.commit("Lock", {"uv.lock": uv_lock(numpy="1.26.4")})
    repository.git("checkout", "-q", "-b", "side")
    repository.commit("Side", {"README": "side"})
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "--no-commit", "side")
    write(repository.folder, {"uv.lock": uv_lock(numpy="2.2.6")})
    evil = repository.commit("Evil merge")
    assert history(repository)[0].commit.hash == evil


@pytest.mark.parametrize("gone", [True, False])
def test_a_change_of_format_moves_nothing_by_itself(repository: Repository, gone: bool) -> None:
    """The old lock may go in the same commit or in a later one; packages are compared by what is locked."""
    repository.commit("Pin", {"requirements.txt": pins(numpy="1.23.5", pandas="2.0.2", pytz="2022.07")})
    repository.commit(
        "To pipenv",
        {"Pipfile.lock": pipfile_lock(numpy="1.23.5", pandas="2.0.2", pytz="2022.7"), "requirements.txt": None},
    )
    old = {"Pipfile.lock": None} if gone else {}
    repository.commit("To Poetry", {"poetry.lock": poetry_lock(numpy="1.26.4", pandas="2.0.2", six="1.17.0"), **old})
    if not gone:
        repository.commit("Clean up", {"Pipfile.lock": None})
    changes = [change for change in history(repository) if change.commit.subject != "Pin"]
    found = set(moved(changes))
    assert {("numpy", "1.23.5->1.26.4", "poetry.lock"), ("six", "->1.17.0", "poetry.lock")} <= found
    assert not [each for each in found if each[0] == "pandas"]
    assert {change.package: change.formerly for change in changes}["numpy"] == "Pipfile.lock"
    assert [each[:2] for each in found if each[0] == "pytz"] == [("pytz", "2022.7->")]


def test_requirements_that_are_exported_beside_a_lock_tell_nothing_twice(repository: Repository) -> None:
    repository.commit("Pin", {"requirements.txt": pins(numpy="1.23.5")})
    repository.commit("To uv", {"uv.lock": uv_lock(numpy="1.23.5"), "requirements.txt": pins(numpy="1.23.5")})
    repository.commit("Bump", {"uv.lock": uv_lock(numpy="1.26.4"), "requirements.txt": pins(numpy="1.26.4")})
    assert moved(history(repository)) == [
        ("numpy", "1.23.5->1.26.4", "uv.lock"),
        ("numpy", "->1.23.5", "requirements.txt"),
    ]


def test_requirements_are_a_lock_as_long_as_they_are_exact(repository: Repository) -> None:
    repository.commit("Wish", {"requirements.txt": "numpy>=1.20\n"})
    repository.commit("Pin", {"requirements.txt": "numpy==1.23.5\n"})
    repository.commit("Loosen", {"requirements.txt": "numpy>=1.23\n"})
    repository.commit("Pin again", {"requirements.txt": "numpy==1.26.4\n"})
    assert [each[1] for each in moved(history(repository))] == ["->1.26.4", "1.23.5->", "->1.23.5"]


@pytest.mark.parametrize("included", ["requirements-base.in", "deps/base.txt"])
def test_what_an_included_file_moves_is_seen(repository: Repository, included: str) -> None:
    repository.commit("Pin", {"requirements.txt": f"-r {included}\npandas==2.0.2\n", included: "numpy==1.23.5\n"})
    head = repository.commit("Bump", {included: "numpy==1.26.4\n"})
    newest = history(repository)[0]
    assert (newest.commit.hash, newest.package, newest.old, newest.new) == (head, "numpy", ("1.23.5",), ("1.26.4",))
    assert newest.lock == "requirements.txt"


def test_forks_are_sets_of_versions(repository: Repository) -> None:
    repository.commit("Lock", {"uv.lock": forked("numpy", ["1.26.4"])})
    repository.commit("Fork", {"uv.lock": forked("numpy", ["1.26.4", "2.2.6"])})
    repository.commit("Bump one", {"uv.lock": forked("numpy", ["1.26.4", "2.10.0"])})
    repository.commit("Join", {"uv.lock": forked("numpy", ["2.10.0"])})
    changes = history(repository)
    assert [(change.kind, change.new) for change in changes] == [
        ("downgraded", ("2.10.0",)),
        ("upgraded", ("1.26.4", "2.10.0")),
        ("forked", ("1.26.4", "2.2.6")),
        ("added", ("1.26.4",)),
    ]


def test_a_corrupt_lock_is_told_and_passed_over(repository: Repository) -> None:
    good = uv_lock(numpy="1.26.4", pandas="2.0.2")
    repository.commit("Lock", {"uv.lock": good})
    broken = repository.commit("Break", {"uv.lock": f"<<<<<<< HEAD\n{good}"})
    cut = repository.commit("Cut", {"uv.lock": good.rpartition("\n[[package]]")[0] + "\n"})
    binary = repository.commit("Binary", {"uv.lock": b"\xff\x00" * 50})
    mended = repository.commit("Mend", {"uv.lock": good.replace("1.26.4", "2.2.6")})
    found, _ = past.history(str(repository.folder))
    assert (found.changes[0].package, found.changes[0].commit.hash) == ("numpy", mended)
    assert len(found.changes) == 3
    assert [unread.commit.hash for unread in found.unread] == [binary, cut, broken]
    assert [unread.lock for unread in found.unread] == ["uv.lock"] * 3
    assert "not UTF-8" in found.unread[0].message
    assert "cut short" in found.unread[1].message
    assert "unresolved merge" in found.unread[2].message


def test_a_lock_that_disappears_and_comes_back(repository: Repository) -> None:
    repository.commit("Lock", {"uv.lock": uv_lock(numpy="1.26.4"), "pyproject.toml": "[project]\nname = 'app'\n"})
    repository.commit("Unlock", {"uv.lock": None})
    repository.commit("Lock again", {"uv.lock": uv_lock(numpy="2.2.6")})
    assert [each[1] for each in moved(history(repository))] == ["->2.2.6", "1.26.4->", "->1.26.4"]
    repository.commit("Unlock for good", {"uv.lock": None})
    assert moved(history(repository))[0] == ("numpy", "2.2.6->", "uv.lock")


def test_a_link_in_the_place_of_a_lock_holds_nothing(repository: Repository) -> None:
    repository.commit("Lock", {"uv.lock": uv_lock(numpy="1.26.4")})
    (repository.folder / "uv.lock").unlink()
    (repository.folder / "uv.lock").symlink_to("elsewhere.lock")
    repository.commit("Link")
    repository.commit("Lock", {"elsewhere.lock": uv_lock(numpy="1.26.4")})
    assert [each[1] for each in moved(history(repository))] == ["1.26.4->", "->1.26.4"]


def test_folders_are_told_apart_and_may_lie_below_the_repository(repository: Repository) -> None:
    repository.commit("Lock", {"api/[v1]/uv.lock": uv_lock(numpy="1.26.4"), "jobs/uv.lock": uv_lock(numpy="1.26.4")})
    repository.commit("Bump", {"api/[v1]/uv.lock": uv_lock(numpy="2.2.6")})
    assert moved(history(repository)) == [
        ("numpy", "1.26.4->2.2.6", "api/[v1]/uv.lock"),
        ("numpy", "->1.26.4", "api/[v1]/uv.lock"),
        ("numpy", "->1.26.4", "jobs/uv.lock"),
    ]
    assert {each[2] for each in moved(history(repository, "jobs/uv.lock"))} == {"jobs/uv.lock"}
    below, _ = past.history(str(repository.folder / "api"))
    assert {change.lock for change in below.changes} == {"[v1]/uv.lock"}


def test_many_folders(repository: Repository) -> None:
    locks = {f"service-{number:02}/uv.lock": uv_lock(numpy="1.26.4") for number in range(20)}
    repository.commit("Lock", {**locks, "vendor/x/README": ""})
    repository.commit("Bump", {"service-07/uv.lock": uv_lock(numpy="2.2.6")})
    changes = history(repository)
    assert moved(changes[:1]) == [("numpy", "1.26.4->2.2.6", "service-07/uv.lock")]
    assert len(changes) == 21


def test_what_the_settings_leave_out_is_not_followed(repository: Repository) -> None:
    settings = '[tool.whypin]\nlocks = ["uv.lock"]\nexclude = ["old.py.lock"]\n'
    locks = {"uv.lock": uv_lock(numpy="1.26.4"), "pdm.lock": "not read", "old.py.lock": uv_lock(six="1.0")}
    repository.commit("Lock", {**locks, "pyproject.toml": settings})
    found, _ = past.history(str(repository.folder))
    assert (moved(list(found.changes)), found.unread) == ([("numpy", "->1.26.4", "uv.lock")], ())


def test_a_commit_names_the_records_that_it_touched_and_today_what_accepts_its_version(repository: Repository) -> None:
    repository.commit("Lock", {"uv.lock": uv_lock(numpy="1.26.4")})
    decided = {"decisions/2026-01-01-numpy.yaml": record("numpy", '">=2,<3"')}
    repository.commit("Decide", {"uv.lock": uv_lock(numpy="2.2.6"), **decided, "decisions/README.md": "x"})
    repository.commit("Reword", {"decisions/2026-01-01-numpy.yaml": record("numpy", '">=2,<3"') + "tags: [x]\n"})
    found, project = past.history(str(repository.folder))
    newest, oldest = past.select(found, project, "NumPy", None, None).changes
    assert (newest.records, newest.accepted_by) == (("decisions/2026-01-01-numpy.yaml",), ("2026-01-01-numpy",))
    assert (oldest.records, oldest.accepted_by) == ((), ())


def test_selection(repository: Repository) -> None:
    repository.commit("Lock", {"uv.lock": uv_lock(numpy="1.26.4", pandas="2.0.2")})
    repository.commits += 48
    repository.commit("Bump", {"uv.lock": uv_lock(numpy="2.2.6", pandas="2.0.2")})
    found, project = past.history(str(repository.folder))
    assert len(past.select(found, project, None, None, 2).changes) == 2
    assert [each.new for each in past.select(found, project, None, date(2026, 1, 3), None).changes] == [("2.2.6",)]
    assert past.select(found, project, "pandas", date(2026, 1, 3), None).changes == ()
    with pytest.raises(WhypinError, match=r"panda was never locked in the 2 commits .*did you mean pandas"):
        past.select(found, project, "panda", None, None)


def test_a_detached_head_and_a_worktree_have_their_own_history(repository: Repository, tmp_path: Path) -> None:
    first = repository.commit("Lock", {"uv.lock": uv_lock(numpy="1.26.4")})
    repository.commit("Bump", {"uv.lock": uv_lock(numpy="2.2.6")})
    repository.git("worktree", "add", "-q", str(tmp_path / "tree"), first)
    assert len(past.history(str(tmp_path / "tree"))[0].changes) == 1
    repository.git("checkout", "-q", "--detach", first)
    assert len(history(repository)) == 1


def test_a_shallow_clone_says_so(repository: Repository, tmp_path: Path) -> None:
    repository.commit("Lock", {"uv.lock": uv_lock(numpy="1.26.4", pandas="2.0.2")})
    for minor in (0, 1, 2):
        repository.commit("Bump", {"uv.lock": uv_lock(numpy=f"2.{minor}.0", pandas="2.0.2")})
    address = repository.folder.as_uri()
    subprocess.run(["git", "clone", "-q", "--depth", "2", address, str(tmp_path / "clone")], check=True)
    found, _ = past.history(str(tmp_path / "clone"))
    assert found.shallow
    assert [each[:2] for each in moved(list(found.changes))] == [
        ("numpy", "2.1.0->2.2.0"),
        ("numpy", "->2.1.0"),
        ("pandas", "->2.0.2"),
    ]


def test_no_lock_in_any_commit(repository: Repository) -> None:
    repository.commit("Begin", {"README": "x"})
    write(repository.folder, {"uv.lock": uv_lock(numpy="1.26.4")})
    with pytest.raises(WhypinError, match=r"no commit of this branch holds uv\.lock; commit the lock"):
        history(repository)


@needs_corpus
def test_a_migration_of_a_real_project_from_pip_to_poetry_to_uv(repository: Repository) -> None:
    """The same project, locked by each tool: what differs is what the tools lock, and nothing that was asked for."""
    real = {
        path: (CORPUS / "same-project" / folder / path).read_text(encoding="utf-8")
        for folder, path in (
            ("requirements-pip-compile", "requirements.txt"),
            ("poetry", "poetry.lock"),
            ("uv", "uv.lock"),
        )
    }
    dev = (CORPUS / "same-project/requirements-pip-compile/requirements-dev.txt").read_text(encoding="utf-8")
    pyproject = (CORPUS / "same-project/uv/pyproject.toml").read_text(encoding="utf-8")
    repository.commit("pip", {"requirements.txt": real["requirements.txt"], "requirements-dev.txt": dev})
    repository.commit(
        "Poetry", {"poetry.lock": real["poetry.lock"], "requirements.txt": None, "requirements-dev.txt": None}
    )
    repository.commit("uv", {"uv.lock": real["uv.lock"], "poetry.lock": None, "pyproject.toml": pyproject})
    changes = history(repository)
    later = [change for change in changes if change.commit.subject != "pip"]
    assert {change.package for change in changes} >= {"numpy", "pandas", "scikit-learn", "matplotlib", "pytest", "ruff"}
    assert not {change.package for change in later} & {"numpy", "pandas", "scikit-learn", "pytest", "ruff"}
    assert len(later) < 12


@needs_corpus
def test_the_two_stacks_of_the_article(repository: Repository) -> None:
    for subject, folder in (("As printed", "uv-asis-39"), ("Mended", "uv-fix-39-tfpatch")):
        lock = (CORPUS / "article" / folder / "uv.lock").read_text(encoding="utf-8")
        repository.commit(subject, {"uv.lock": lock})
    found = {change.package: change for change in history(repository) if change.commit.subject == "Mended"}
    assert (found["tensorflow"].old, found["tensorflow"].kind) == (("2.8.0",), "upgraded")
    assert (found["tensorflow"].new, found["protobuf"].kind) == (("2.8.4",), "downgraded")


def test_a_reach_that_ends_before_the_history_makes_it_shallow(repository: Repository) -> None:
    for version in ("1.26.2", "1.26.3", "1.26.4"):
        repository.commit(version, {"uv.lock": uv_lock(numpy=version)})
    root = str(repository.folder)
    cut, _ = past.history(root, reach=past.Reach(commits=2))
    assert (moved(list(cut.changes))[0][1], cut.commits, cut.shallow) == ("1.26.3->1.26.4", 2, True)
    whole, _ = past.history(root, reach=past.Reach(commits=4))
    assert (len(whole.changes), whole.shallow) == (3, False)
