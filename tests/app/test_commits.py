"""Drafts from commits, in real repositories: who bounded what is bounded today and said why; never a relock's words."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.folders import uv_lock
from tests.history.repository import Repository, pins
from whypin.app import traces
from whypin.app.commits import Heard, hear
from whypin.app.drafted import Told
from whypin.errors import WhypinError
from whypin.git.commits import bodies, touched
from whypin.history.log import parse
from whypin.workspace import Workspace

WHY = "numpy 2.0 breaks our compiled extension"
OTHERS = {"pandas": "2.2.3", "protobuf": "3.20.3"}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "project")
    made.commit("Begin", {"pyproject.toml": declared("numpy", "pandas", "protobuf"), "uv.lock": lock("1.26.3")})
    return made


def declared(*requirements: str, more: str = "") -> str:
    listed = "".join(f'    "{requirement}",\n' for requirement in requirements)
    return f'[project]\nname = "app"\nversion = "0.1.0"\ndependencies = [\n{listed}]\n{more}'


def lock(numpy: str, **more: str) -> str:
    return uv_lock(numpy=numpy, **(OTHERS | more))


def capped(bound: str = "<2", **more: str) -> dict[str, str]:
    return {"pyproject.toml": declared(f"numpy{bound}", "pandas", "protobuf"), **more}


def heard(repository: Repository, *spoken_for: str) -> Heard:
    root = str(repository.folder)
    return hear(root, Workspace(root).load(), set(spoken_for))


def told(repository: Repository, *spoken_for: str) -> Sequence[Told]:
    found = heard(repository, *spoken_for)
    assert found.notes == ()
    return found.told


def test_a_cap_that_came_with_a_reason_is_told_with_its_commit(repository: Repository) -> None:
    commit = repository.commit(f"Cap numpy\n\n{WHY}, see\nhttps://git.example/app/issues/7.\n", capped())
    repository.commit("Unrelated", {"README.md": "x\n"})
    (one,) = told(repository)
    draft = one.draft
    assert (draft.package, draft.specifier, draft.source.commit) == ("numpy", "<2", commit)
    assert draft.quote == f"{WHY}, see https://git.example/app/issues/7."
    assert (draft.facts.failing_versions, one.day, one.locks) == (("2.0",), "2026-01-01", ("uv.lock",))
    assert told(repository, "numpy") == ()


def test_the_bound_is_the_one_of_today(repository: Repository) -> None:
    commit = repository.commit(f"Cap numpy: {WHY}", capped())
    repository.commit("Raise the floor", capped(">=1.25,<2.0"))
    (one,) = told(repository)
    assert (one.draft.specifier, one.draft.source.commit) == (">=1.25,<2.0", commit)


def test_pins_and_exclusions_are_bounds_too(repository: Repository) -> None:
    repository.commit(f"Pin numpy: {WHY}", capped("==1.26.3"))
    excluded = {"pyproject.toml": declared("numpy==1.26.3", "pandas!=2.2.2", "protobuf")}
    repository.commit("Exclude pandas 2.2.2, it crashes on import", excluded)
    found = {one.draft.package: one.draft.specifier for one in told(repository)}
    assert found == {"numpy": "==1.26.3", "pandas": "!=2.2.2"}


def test_a_cap_that_is_gone_or_was_raised_is_not_explained_by_old_words(repository: Repository) -> None:
    repository.commit(f"Cap numpy: {WHY}", capped())
    repository.commit("Allow numpy 2, our extension no longer breaks", capped("<3"))
    assert told(repository) == ()
    repository.commit("Lift the cap of numpy", capped(""))
    assert told(repository) == ()
    repository.commit("Cap numpy again", capped())
    assert told(repository) == ()


def test_of_two_commits_with_the_same_cap_the_newest_tells(repository: Repository) -> None:
    repository.commit(f"Cap numpy: {WHY}", capped())
    repository.commit("Lift the cap", capped(""))
    again = repository.commit("Cap numpy, 2.0 still segfaults on arm64", capped())
    assert [one.draft.source.commit for one in told(repository)] == [again]


def test_a_bulk_relock_is_no_reason_for_what_it_moves(repository: Repository) -> None:
    names = [f"package-{number}" for number in range(8)]
    before, after = (dict.fromkeys(names, version) for version in ("1.0", "1.1"))
    repository.commit("More", {"uv.lock": lock("1.26.4", **before)})
    repository.commit(f"Update everything but numpy: {WHY}", capped(**{"uv.lock": lock("1.26.3", **after)}))
    assert told(repository) == ()


@pytest.mark.parametrize(("author", "subject"), [("dependabot[bot]", f"Cap numpy: {WHY}"), ("Ada", "Bump numpy")])
def test_what_machines_write_or_what_gives_no_reason_is_not_told(
    repository: Repository, author: str, subject: str
) -> None:
    repository.author = author
    repository.commit(subject, capped(**{"uv.lock": lock("1.26.2")}))
    assert told(repository) == ()


def test_a_pin_that_a_bump_raised_has_no_reason(tmp_path: Path) -> None:
    made = Repository(tmp_path / "project")
    made.commit("Begin", {"requirements.txt": pins(django="4.2.0", numpy="1.26.3")})
    made.commit(
        "Upgrade django, 4.2.0 has a security issue", {"requirements.txt": pins(django="4.2.1", numpy="1.26.3")}
    )
    assert told(made) == ()


def test_a_revert_of_an_upgrade_tells_why_the_version_was_taken_back(repository: Repository) -> None:
    repository.commit("Bump numpy", {"uv.lock": lock("2.0.0")})
    message = 'Revert "Bump numpy"\n\nThis reverts commit 1234567.\n\nnumpy 2.0.0 crashes our importer.'
    commit = repository.commit(message, {"uv.lock": lock("1.26.3")})
    (one,) = told(repository)
    assert (one.draft.package, one.draft.specifier, one.draft.source.commit) == ("numpy", "==1.26.3", commit)
    assert one.draft.quote == "numpy 2.0.0 crashes our importer."
    assert one.draft.facts.failing_versions == ("2.0.0",)


def test_a_downgrade_is_told_while_it_stands(repository: Repository) -> None:
    repository.commit("Downgrade numpy, 1.26.3 leaks memory", {"uv.lock": lock("1.26.2")})
    assert [one.draft.specifier for one in told(repository)] == ["==1.26.2"]
    repository.commit("Take numpy 1.26.4", {"uv.lock": lock("1.26.4")})
    assert told(repository) == ()


def test_a_downgrade_that_came_with_other_upgrades_is_a_relock(repository: Repository) -> None:
    names = [f"package-{number}" for number in range(8)]
    repository.commit("More", {"uv.lock": lock("1.26.3", **dict.fromkeys(names, "1.0"))})
    after = lock("1.26.2", **dict.fromkeys(names, "1.1"))
    repository.commit("Downgrade numpy, 1.26.3 leaks memory", {"uv.lock": after})
    assert told(repository) == ()


def test_a_cap_that_moved_to_another_file_keeps_its_reason(repository: Repository) -> None:
    repository.commit("Old", {"pyproject.toml": declared("pandas"), "requirements.in": "numpy\nprotobuf\n"})
    commit = repository.commit(f"Cap numpy: {WHY}", {"requirements.in": "numpy<2\nprotobuf\n"})
    repository.commit("Move it all, setup.py breaks with new pip", capped(**{"requirements.in": None}))  # type: ignore[arg-type]
    assert [one.draft.source.commit for one in told(repository)] == [commit]


def test_words_that_came_with_a_new_package_are_about_the_package_unless_they_name_the_bound(
    repository: Repository,
) -> None:
    def with_sentry(specifier: str) -> dict[str, str]:
        return {"pyproject.toml": declared("numpy", "pandas", "protobuf", f"sentry-sdk{specifier}")}

    repository.commit("Add sentry-sdk to fix the missing error reports", with_sentry("~=1.4"))
    assert told(repository) == ()
    repository.commit("Drop it", {"pyproject.toml": declared("numpy", "pandas", "protobuf")})
    repository.commit("Add sentry-sdk, pinned below 2 which breaks our filters", with_sentry("<2"))
    assert [one.draft.package for one in told(repository)] == ["sentry-sdk"]


@pytest.mark.parametrize(("other", "found"), [("NEWS.md", 1), ("requirements.in", 1), ("loader.py", 0)])
def test_words_that_may_be_about_the_code_have_to_name_the_package(
    repository: Repository, other: str, found: int
) -> None:
    repository.commit("Cap it\n\nThe newest release crashes our loader.", capped(**{other: "# x\n"}))
    assert len(told(repository)) == found
    repository.commit("Lift the cap", capped(""))
    repository.commit(f"Cap numpy: {WHY}", capped(**{other: "# y\n"}))
    assert len(told(repository)) == 1


def test_a_version_of_a_manifest_that_cannot_be_read_is_passed_over(repository: Repository) -> None:
    commit = repository.commit(f"Cap numpy: {WHY}", capped())
    repository.commit("Break it: a conflict", {"pyproject.toml": "[project\n<<<<<<< ours\n"})
    repository.commit("Mend what was broken since numpy", capped())
    assert [one.draft.source.commit for one in told(repository)] == [commit]


def test_what_is_not_committed_yet_has_no_commit(repository: Repository) -> None:
    (repository.folder / "pyproject.toml").write_text(capped()["pyproject.toml"])
    assert told(repository) == ()


def test_where_the_log_is_cut_nothing_was_added(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit(f"Cap numpy: {WHY}", capped())
    repository.commit("A word", {"pyproject.toml": capped()["pyproject.toml"] + "# x\n"})
    monkeypatch.setattr(traces, "_COMMITS", 2)
    assert told(repository) == ()
    monkeypatch.setattr(traces, "_COMMITS", 3)
    assert len(told(repository)) == 1


def test_a_long_history_is_left_when_time_is_over_and_a_note_says_so(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit(f"Cap numpy: {WHY}", capped(**{"uv.lock": lock("1.26.2")}))
    ticks = iter(range(0, 10_000, 20))
    monkeypatch.setattr(traces, "monotonic", lambda: next(ticks))
    found = heard(repository)
    assert found.told == ()
    assert [note.partition(":")[0] for note in found.notes] == [
        "the history of the manifests is long",
        "the history of the locks takes long to read",
    ]


def test_progress_is_told_to_its_end(repository: Repository) -> None:
    seen: list[tuple[int, int]] = []
    root = str(repository.folder)
    hear(root, Workspace(root).load(), (), lambda done, total: seen.append((done, total)))
    assert seen and seen[-1][0] == seen[-1][1]


def test_without_a_history_a_note_says_so(tmp_path: Path, repository: Repository) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(repository.folder, copy, ignore=shutil.ignore_patterns(".git"))
    found = hear(str(copy), Workspace(str(copy)).load(), ())
    only = "drafts come from comments and the rules of bots alone"
    assert found == Heard(notes=(f"there is no git history here: {only}",))
    clone = tmp_path / "clone"
    repository.commit(f"Cap numpy: {WHY}", capped())
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(clone))
    found = hear(str(clone), Workspace(str(clone)).load(), ())
    assert found.told == () and found.notes == (
        f"the clone is shallow: {only}; git fetch --unshallow brings the commits",
    )


def test_an_error_of_git_is_a_note(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> dict[str, str]:
        raise WhypinError("git cannot read the history: it is damaged")

    monkeypatch.setattr("whypin.app.commits.bodies", fail)
    assert heard(repository).notes[0].startswith("git cannot read the history: it is damaged: drafts come from ")


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("requirements.in", "numpy\nscipy\n", "numpy<2\nscipy\n"),
        ("Pipfile", '[packages]\nnumpy = "*"\nscipy = "*"\n', '[packages]\nnumpy = "<2"\nscipy = "*"\n'),
        (
            "setup.cfg",
            "[options]\ninstall_requires =\n    numpy\n    scipy\n",
            "[options]\ninstall_requires =\n    numpy<2\n    scipy\n",
        ),
        ("environment.yml", "dependencies:\n  - numpy\n  - scipy\n", "dependencies:\n  - numpy <2\n  - scipy\n"),
        (
            "pixi.toml",
            '[workspace]\nname = "a"\nchannels = []\nplatforms = ["linux-64"]\n[dependencies]\nnumpy = "*"\n',
            '[workspace]\nname = "a"\nchannels = []\nplatforms = ["linux-64"]\n[dependencies]\nnumpy = "<2"\n',
        ),
        (
            "app/pyproject.toml",
            '[tool.poetry]\nname = "a"\n[tool.poetry.dependencies]\nnumpy = "*"\n',
            '[tool.poetry]\nname = "a"\n[tool.poetry.dependencies]\nnumpy = "<2"\n',
        ),
    ],
)
def test_every_kind_of_manifest_has_a_history(tmp_path: Path, path: str, before: str, after: str) -> None:
    made = Repository(tmp_path / "project")
    made.commit("Begin", {path: before})
    commit = made.commit(f"Cap numpy: {WHY}", {path: after})
    (one,) = told(made)
    assert (one.draft.package.removeprefix("conda:"), one.draft.source.commit) == ("numpy", commit)


def test_a_merge_tells_what_its_message_says_and_nothing_of_a_bare_one(repository: Repository) -> None:
    for number, (words, found) in enumerate((("", 0), (f"\n\nCap numpy, {WHY}", 1))):
        repository.git("checkout", "-q", "-b", f"side-{number}")
        repository.commit("wip", capped())
        repository.git("checkout", "-q", "main")
        repository.commit("Meanwhile", {f"{number}.md": "x\n"})
        repository.git("merge", "-q", "--no-ff", "-m", f"Merge pull request #5 from a/cap{words}", f"side-{number}")
        assert len(told(repository)) == found
        repository.commit("Lift the cap", capped(""))


def test_below_the_top_of_a_repository_only_its_own_files_count(tmp_path: Path) -> None:
    made = Repository(tmp_path / "project")
    made.commit("Begin", {"app/requirements.in": "numpy\n", "requirements.in": "numpy\n"})
    commit = made.commit(f"Cap numpy: {WHY}", {"app/requirements.in": "numpy<2\n"})
    root = str(made.folder / "app")
    assert [one.draft.source.commit for one in hear(root, Workspace(root).load(), ()).told] == [commit]


def test_an_export_beside_the_lock_says_nothing(repository: Repository) -> None:
    names = [f"package-{number}" for number in range(8)]
    repository.commit("Export", {"requirements.txt": pins(numpy="1.26.3", **dict.fromkeys(names, "1.0"))})
    export = pins(numpy="1.26.3", **dict.fromkeys(names, "1.1"))
    commit = repository.commit(f"Cap numpy: {WHY}", capped(**{"requirements.txt": export}))
    assert [one.draft.source.commit for one in told(repository)] == [commit]


def test_bodies_are_whole_whatever_their_encoding_and_number(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = repository.commit("One\n\nFirst line\n\nCaf\u00e9 -- last line")
    repository.git("-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "--allow-empty", "-m", "Two\n\nplain")
    second, third = repository.head(), repository.commit("Three")
    monkeypatch.setattr("whypin.git.commits._MOST_HASHES", 2)
    found = bodies(str(repository.folder), [first, second, third])
    assert {commit: body.strip() for commit, body in found.items()} == {
        first: "First line\n\nCaf\u00e9 -- last line",
        second: "plain",
        third: "",
    }
    logged = parse(touched(str(repository.folder), [first, second, third, repository.commit("x", {"a.py": "x"})]))
    assert [[path for path, _ in files] for _, files in logged] == [[], [], [], ["a.py"]]
    assert bodies(str(repository.folder), []) == {}
    with pytest.raises(WhypinError):
        bodies(str(repository.folder), ["0" * 40])
