"""The workspace: which files are found, which are never looked into, and what cannot be read."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from tests.folders import record, uv_lock, write
from whypin import rules
from whypin.errors import WhypinError
from whypin.workspace import Workspace, find_root

LOCK = uv_lock(numpy="1.26.4")
PINNED = "numpy==1.26.4\n"


def _git(folder: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


def _found(folder: Path, *exclude: str) -> list[str]:
    return Workspace(str(folder)).find_locks(exclude)


@pytest.mark.parametrize("in_git", [True, False])
def test_locks_are_found_anywhere_below_the_root(tmp_path: Path, in_git: bool) -> None:
    files = {
        "uv.lock": LOCK,
        "services/api/uv.lock": LOCK,
        "jobs/requirements.txt": PINNED,
        "jobs/requirements-dev.txt": PINNED,
    }
    write(_git(tmp_path) if in_git else tmp_path, files)
    assert _found(tmp_path) == ["jobs/requirements-dev.txt", "jobs/requirements.txt", "services/api/uv.lock", "uv.lock"]


@pytest.mark.parametrize("in_git", [True, False])
def test_virtual_environments_are_never_looked_into(tmp_path: Path, in_git: bool) -> None:
    files = {
        "uv.lock": LOCK,
        "env39/pyvenv.cfg": "home = /usr\n",
        "env39/lib/pkg/uv.lock": LOCK,
        ".venv/x/uv.lock": LOCK,
    }
    files[".venv/pyvenv.cfg"] = "home = /usr\n"
    write(_git(tmp_path) if in_git else tmp_path, files)
    assert _found(tmp_path) == ["uv.lock"]


def test_what_git_ignores_is_never_looked_into(tmp_path: Path) -> None:
    files = {"uv.lock": LOCK, "vendor/uv.lock": LOCK, "new/uv.lock": LOCK, ".gitignore": "vendor/\n"}
    assert _found(write(_git(tmp_path), files)) == ["new/uv.lock", "uv.lock"]


def test_a_root_that_is_itself_ignored_is_still_read(tmp_path: Path) -> None:
    write(_git(tmp_path), {".gitignore": "scratch/\n", "scratch/a/uv.lock": LOCK})
    assert _found(tmp_path / "scratch" / "a") == ["uv.lock"]


def test_a_lock_that_git_knows_and_that_was_deleted_is_not_found(tmp_path: Path) -> None:
    write(_git(tmp_path), {"uv.lock": LOCK, "old/uv.lock": LOCK})
    subprocess.run(["git", "-C", str(tmp_path), "add", "-A"], check=True)
    (tmp_path / "old" / "uv.lock").unlink()
    assert _found(tmp_path) == ["uv.lock"]


def test_excluded_paths_are_never_looked_into(tmp_path: Path) -> None:
    write(tmp_path, {"uv.lock": LOCK, "tests/data/a/uv.lock": "broken ["})
    assert _found(tmp_path, "tests/data/**") == ["uv.lock"]


def test_an_export_beside_a_lock_is_not_read_twice(tmp_path: Path) -> None:
    write(tmp_path, {"uv.lock": LOCK, "requirements.txt": PINNED, "docs/requirements.txt": PINNED})
    assert _found(tmp_path) == ["docs/requirements.txt", "uv.lock"]


def test_an_export_that_the_settings_list_is_read(tmp_path: Path) -> None:
    settings = "[tool.whypin]\nlocks = ['uv.lock', 'requirements.txt']\n"
    write(tmp_path, {"uv.lock": LOCK, "requirements.txt": PINNED, "pyproject.toml": settings})
    assert [lock.path for lock in Workspace(str(tmp_path)).load().locks] == ["uv.lock", "requirements.txt"]


@pytest.mark.parametrize(
    "text", ["numpy>=1.26\n", "numpy\n", "numpy==1.26.*\n", "numpy==1.26.4\npandas\n", "# nothing\n", ""]
)
def test_a_requirements_file_that_is_not_exact_is_no_lock(tmp_path: Path, text: str) -> None:
    assert _found(write(tmp_path, {"requirements.txt": text})) == []


def test_symbolic_links_out_of_the_root_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "outside", {"uv.lock": LOCK, "a.yaml": record()})
    root = write(tmp_path / "root", {"uv.lock": LOCK, "decisions/2026-11-22-a.yaml": record()})
    os.symlink(tmp_path / "outside", root / "linked")
    os.symlink(tmp_path / "outside" / "uv.lock", root / "decisions" / "poetry.lock")
    os.symlink(root, root / "loop")
    assert _found(root) == ["uv.lock"]


def test_a_record_that_links_out_of_the_root_is_a_finding_not_a_leak(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("password: hunter2\n")
    root = write(tmp_path / "root", {"uv.lock": LOCK, "decisions/2026-11-22-a.yaml": record()})
    os.symlink(secret, root / "decisions" / "2026-11-22-b.yaml")
    project = Workspace(str(root)).load()
    (invalid,) = project.invalid_records
    assert (invalid.path, invalid.problems[0].message) == ("decisions/2026-11-22-b.yaml", "lies outside the root")


def test_a_record_that_links_to_nowhere_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path, {"uv.lock": LOCK, "decisions/2026-11-22-a.yaml": record()})
    os.symlink("gone.yaml", tmp_path / "decisions" / "2026-11-22-b.yaml")
    (invalid,) = Workspace(str(tmp_path)).load().invalid_records
    assert invalid.problems[0].message == "cannot be read: No such file or directory"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_what_goes_by_the_name_of_a_record_is_never_left_out_in_silence(tmp_path: Path) -> None:
    write(tmp_path, {"uv.lock": LOCK, "decisions/A.YAML": record(), "more/2026-11-22-c.yaml": record()})
    os.mkfifo(tmp_path / "decisions" / "b.yaml")
    os.symlink(tmp_path / "more", tmp_path / "decisions" / "linked")
    project = Workspace(str(tmp_path)).load()
    assert {item.path: item.problems[0].message for item in project.invalid_records} == {
        "decisions/A.YAML": "records end in .yaml",
        "decisions/b.yaml": "neither a file nor a folder of this project",
        "decisions/linked": "links to folders are not followed",
    }


def test_a_folder_for_the_records_that_the_settings_name_has_to_be_there(tmp_path: Path) -> None:
    write(tmp_path, {"uv.lock": LOCK, "whypin.toml": "records = 'decison'"})
    with pytest.raises(WhypinError, match=r"whypin\.toml:1:1: there is no folder decison"):
        Workspace(str(tmp_path)).load()


@pytest.mark.parametrize("folder", ["/etc", "..", "/"])
def test_a_folder_for_the_records_lies_below_the_root(tmp_path: Path, folder: str) -> None:
    write(tmp_path, {"uv.lock": LOCK, "whypin.toml": f"\nrecords = '{folder}'"})
    with pytest.raises(WhypinError, match=rf"whypin\.toml:2:1: the records folder {folder} lies outside the root"):
        Workspace(str(tmp_path)).load()


def test_paths_have_one_spelling(tmp_path: Path) -> None:
    settings = "locks = ['./uv.lock', 'uv.lock']\nrecords = './decisions/'\n"
    write(tmp_path, {"uv.lock": LOCK, "whypin.toml": settings, "decisions/2026-11-22-a.yaml": record()})
    project = Workspace(str(tmp_path)).load()
    assert [lock.path for lock in project.locks] == ["uv.lock"]
    assert [item.path for item in project.records] == ["decisions/2026-11-22-a.yaml"]


def test_a_comment_about_us_is_no_configuration(tmp_path: Path) -> None:
    files = {"pyproject.toml": "[tool.whypin]\n", "sub/pyproject.toml": "# tool.whypin is in the folder above\n"}
    files |= {"inline/pyproject.toml": "[tool]\nwhypin = {locks = []}\n"}
    write(tmp_path, files)
    assert find_root(str(tmp_path / "sub")) == str(tmp_path)
    assert find_root(str(tmp_path / "inline")) == str(tmp_path / "inline")


@pytest.mark.parametrize("pattern", ["sub", "sub/", "sub/**", "**/junk"])
def test_an_excluded_folder_takes_all_below_it_along(tmp_path: Path, pattern: str) -> None:
    write(tmp_path, {"uv.lock": LOCK, "sub/junk/uv.lock": "broken ["})
    assert _found(tmp_path, pattern) == ["uv.lock"]


def test_prose_that_goes_by_the_name_of_requirements_is_no_lock(tmp_path: Path) -> None:
    write(tmp_path, {"uv.lock": LOCK, "docs/functional-requirements.txt": "The system shall be fast.\n"})
    assert _found(tmp_path) == ["uv.lock"]


@pytest.mark.parametrize("content", ["{% if gpu %}\ntorch==2.1.0\n", b"torch==2.1.0  # caf\xe9\n"])
def test_a_guess_that_cannot_be_read_says_how_to_leave_it_out(tmp_path: Path, content: str | bytes) -> None:
    write(tmp_path, {"docs/requirements.txt": content})
    with pytest.raises(WhypinError, match="list it under exclude"):
        _found(tmp_path)


def test_a_repository_that_git_will_not_read_is_an_error(tmp_path: Path) -> None:
    write(_git(tmp_path), {"uv.lock": LOCK})
    (tmp_path / ".git" / "HEAD").write_text("nonsense\n")
    with pytest.raises(WhypinError, match="git cannot read the repository"):
        _found(tmp_path)


def test_a_lock_cut_before_its_first_package_is_damaged(tmp_path: Path) -> None:
    pyproject = "[project]\nname = 'app'\ndependencies = ['numpy']\n"
    write(tmp_path, {"uv.lock": LOCK.partition("\n[[package]]")[0], "pyproject.toml": pyproject})
    with pytest.raises(WhypinError, match="not even app itself"):
        Workspace(str(tmp_path)).load()


@pytest.mark.parametrize("header", ["[policy.{}]", "a.{} = 1"])
def test_keys_of_a_thousand_parts_are_refused(tmp_path: Path, header: str) -> None:
    write(tmp_path, {"uv.lock": LOCK, "whypin.toml": header.format(".".join("a" * 3000)) + "\n"})
    with pytest.raises(WhypinError, match="nested too deeply"):
        Workspace(str(tmp_path)).load()


def test_the_root_is_the_nearest_configured_folder(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.whypin]\n", "a/pyproject.toml": "[project]\nname = 'a'\n", "a/b/x": ""})
    assert find_root(str(tmp_path / "a" / "b")) == str(tmp_path)


def test_without_configuration_the_root_is_the_current_folder(tmp_path: Path) -> None:
    write(tmp_path, {"a/x": ""})
    assert find_root(str(tmp_path / "a")) == str(tmp_path / "a")


def test_two_configurations_are_one_too_many(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.whypin]\n", "whypin.toml": "", "uv.lock": LOCK})
    with pytest.raises(WhypinError, match=r"pyproject\.toml:1:\d+: .* whypin\.toml too"):
        Workspace(str(tmp_path)).load()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"uv.lock": LOCK.encode() + b"\xff"}, r"uv\.lock:\d+:1: the file is not UTF-8"),
        ({"uv.lock": LOCK.replace("1.26.4", "1.26.4\x00")}, r"uv\.lock:\d+:\d+: "),
        ({"uv.lock": LOCK[: len(LOCK) // 2]}, r"uv\.lock:\d+:\d+: "),
        ({"uv.lock": f"<<<<<<< ours\n{LOCK}=======\n>>>>>>> theirs\n"}, r"uv\.lock:1:1: unresolved merge conflict"),
        ({"uv.lock": LOCK.replace("version = 1\n", "version = 2\n", 1)}, r"uv\.lock:\d+:\d+: .*unsupported"),
        (
            {"uv.lock": LOCK, "decisions/exemptions.yaml": "uv.lock: [numpy]"},
            r"decisions/exemptions\.yaml:1:10: not a mapping",
        ),
        (
            {"uv.lock": LOCK, "whypin.toml": "locks = ['missing.lock']"},
            r"missing\.lock:1:1: there is no such lock file",
        ),
        ({"uv.lock": LOCK, "whypin.toml": "records = '..'"}, "outside the root"),
    ],
)
def test_input_that_cannot_be_read_is_an_error_with_its_place(
    tmp_path: Path, files: dict[str, str | bytes], message: str
) -> None:
    with pytest.raises(WhypinError, match=message):
        Workspace(str(write(tmp_path, files))).load()


def test_a_lock_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "uv.lock").open("wb") as file:
        file.truncate(33 * 1024 * 1024)
    with pytest.raises(WhypinError, match="too large"):
        Workspace(str(tmp_path)).load()


def test_a_lock_may_be_named_from_the_current_folder_or_from_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "root", {"api/uv.lock": LOCK, "uv.lock": uv_lock(jax="0.4.1")})
    write(tmp_path / "other", {"api/uv.lock": LOCK})
    workspace = Workspace(str(tmp_path / "root"))
    monkeypatch.chdir(tmp_path / "other")
    assert [lock.path for lock in workspace.load(["api/uv.lock"]).locks] == ["api/uv.lock"]
    monkeypatch.chdir(tmp_path / "root" / "api")
    assert [lock.path for lock in workspace.load(["uv.lock"]).locks] == ["api/uv.lock"]
    with pytest.raises(WhypinError, match="lies outside the root"):
        workspace.load([str(tmp_path / "other" / "api" / "uv.lock")])


def test_what_two_requirements_files_share_is_found_once(tmp_path: Path) -> None:
    files = {
        "base.txt": PINNED,
        "requirements.txt": "-r base.txt\n",
        "requirements-dev.txt": "-r base.txt\npytest==9.0\n",
    }
    files["decisions/2026-11-22-numpy.yaml"] = record(versions="1.26.3")
    project = Workspace(str(write(tmp_path, files))).load()
    found = [(str(finding.location), finding.code) for finding in rules.run(project) if finding.code != "WHY207"]
    assert found == [("base.txt:1:1", "WHY102")]


def test_records_are_read_in_folders_too_and_ids_are_unique(tmp_path: Path) -> None:
    files = {"uv.lock": LOCK, "decisions/2026-11-22-a.yaml": record(), "decisions/old/2025-01-01-b.yaml": record()}
    files |= {
        "decisions/old/2026-11-22-a.yaml": record(),
        "decisions/2026-11-22-c.yml": record(),
        "decisions/notes.md": "x",
    }
    project = Workspace(str(write(tmp_path, files))).load()
    assert [item.id for item in project.records] == ["2025-01-01-b", "2026-11-22-a"]
    problems = {item.path: item.problems[0].message for item in project.invalid_records}
    assert problems == {
        "decisions/old/2026-11-22-a.yaml": "the id 2026-11-22-a is taken by decisions/2026-11-22-a.yaml",
        "decisions/2026-11-22-c.yml": "records end in .yaml",
    }


def test_exemptions_are_part_of_the_project(tmp_path: Path) -> None:
    files = {"uv.lock": LOCK, "decisions/exemptions.yaml": "uv.lock:\n  NumPy: [1.26.4]\n"}
    files["whypin.toml"] = "[policy]\nrequire = 'direct'\n"
    project = Workspace(str(write(tmp_path, files))).load(on_day=date(2026, 11, 22))
    assert [(package.name, package.state) for package in project.packages if package.required] == [("numpy", "exempt")]


def _holding(file: str) -> str:
    """Return a record of the Python that a file holds."""
    artifact = f"{{name: python, kind: python, version: '3.11', file: {file!r}, pattern: 'python:{{version}}'}}"
    return record().replace("packages:\n  numpy: 1.26.4\n", f"artifacts: [{artifact}]\n")


def _artifact_findings(folder: Path) -> list[str]:
    found = rules.run(Workspace(str(folder)).load(on_day=date(2026, 11, 22)))
    return [f"{finding.location.path}: {finding.message}" for finding in found if finding.code == "WHY106"]


def test_the_file_of_an_artifact_is_read_from_the_root(tmp_path: Path) -> None:
    files = {"uv.lock": LOCK, "docker/api/Dockerfile": "\ufeffFROM python:3.11\r\nFROM python:3.12\r\n"}
    write(tmp_path, files | {"decisions/2026-11-22-python.yaml": _holding("./docker/api/Dockerfile")})
    expected = "python is 3.12 here, and 2026-11-22-python decided 3.11"
    assert _artifact_findings(tmp_path) == [f"docker/api/Dockerfile: {expected}"]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("Dockerfile", "there is no such file"),
        ("docker", "it is a folder"),
        (".", "it is a folder"),
        ("latin", "line 2: the file is not UTF-8"),
        ("pipe", "it is no plain file"),
        ("broken", "it is no plain file"),
        ("large", "the file is too large (33 MB; at most 32 MB is read)"),
        ("/etc/hostname", "the path is an absolute path"),
        ("../outside", "the path steps up a folder"),
        ("docker/../../outside", "the path steps up a folder"),
        ("out", "the path leads out of the project through a link"),
        ("folder/outside", "the path leads out of the project through a link"),
        (".git/config", "the path is git's own"),
        ("token", "the path is git's own"),
        ("x" * 5000, "there is no such file"),
    ],
)
def test_a_file_that_cannot_be_read_or_is_unsafe_is_a_finding_at_the_record(
    tmp_path: Path, file: str, words: str
) -> None:
    root = _git(tmp_path / "root")
    write(tmp_path, {"outside": "FROM python:3.12\n"})
    held = "date: 2026-11-22\n" + _holding(file)
    write(root, {"uv.lock": LOCK, "docker/x": "", "latin": b"a\n\xff", "decisions/a.yaml": held})
    os.mkfifo(root / "pipe")
    (root / "broken").symlink_to("nowhere")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "folder").symlink_to(tmp_path)
    (root / "token").symlink_to(".git/config")
    with open(root / "large", "wb") as large:
        large.truncate(33 * 1024 * 1024)
    assert _artifact_findings(root) == [f"decisions/a.yaml: python cannot be checked: {file}: {words}"]


def test_files_of_records_that_are_not_in_force_are_not_read(tmp_path: Path) -> None:
    proposed = _holding("/etc/hostname").replace("status: accepted", "status: proposed")
    write(tmp_path, {"uv.lock": LOCK, "decisions/2026-11-22-python.yaml": proposed})
    assert Workspace(str(tmp_path)).load().files == {}


@pytest.mark.parametrize("in_git", [True, False])
def test_globs_that_keep_nothing_from_being_read_are_known(tmp_path: Path, in_git: bool) -> None:
    exclude = 'exclude = ["tests/data/**", "examples/", "gone/**", "docs/*.txt"]'
    files = {
        "pyproject.toml": f"[tool.whypin]\n{exclude}\n",
        "uv.lock": LOCK,
        "tests/data/a/uv.lock": "broken [",
        "examples/x/Pipfile.lock": "broken",
        "docs/notes.md": "no lock",
    }
    project = Workspace(str(write(_git(tmp_path) if in_git else tmp_path, files))).load()
    assert project.unused_excludes == ("gone/**", "docs/*.txt")


def test_where_the_locks_are_listed_nothing_is_said_of_what_is_excluded(tmp_path: Path) -> None:
    files = {"pyproject.toml": '[tool.whypin]\nlocks = ["uv.lock"]\nexclude = ["gone/**"]\n', "uv.lock": LOCK}
    assert Workspace(str(write(tmp_path, files))).load().unused_excludes == ()


def test_chosen_locks_are_known_to_be_a_part(tmp_path: Path) -> None:
    write(tmp_path, {"uv.lock": LOCK, "a/uv.lock": LOCK})
    workspace = Workspace(str(tmp_path))
    assert workspace.load([str(tmp_path / "uv.lock")]).partial
    assert not workspace.load().partial


PROSE = (
    "System requirements\n===================\n\nYou need a GPU with 16 GB, see https://docs.example/gpu for more.\n"
)


def test_prose_under_the_name_of_requirements_is_neither_a_lock_nor_a_manifest(tmp_path: Path) -> None:
    write(tmp_path, {"uv.lock": LOCK, "docs/system-requirements.txt": PROSE})
    project = Workspace(str(tmp_path)).load()
    assert ([lock.path for lock in project.locks], project.manifests) == (["uv.lock"], ())


def test_requirements_with_a_mistake_are_no_prose(tmp_path: Path) -> None:
    write(tmp_path, {"uv.lock": LOCK, "docs/requirements.txt": "sphinx>=7\nfuro >> 1\n"})
    with pytest.raises(WhypinError, match=r"docs/requirements\.txt:2:1: .*list it under exclude"):
        Workspace(str(tmp_path)).load()


def test_templates_of_projects_are_none(tmp_path: Path) -> None:
    template = "[project]\nname = {{ cookiecutter.name }}\n"
    write(tmp_path, {"uv.lock": LOCK, "template/{{cookiecutter.slug}}/pyproject.toml": template})
    assert Workspace(str(tmp_path)).load().manifests == ()
