"""`whypin trial` where git matters: versions out of tags, steps that call git, a project in a larger repository."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

from tests.cli.test_base import commit, git
from tests.cli.test_check import whypin as run_whypin
from tests.cli.test_trial import DAY, RECORD, Place, record
from tests.folders import write
from tests.trials.test_repository import listing

#: A build backend that takes the version from git, as setuptools-scm and its like do.
BACKEND = """\
import pathlib, subprocess, zipfile

def version():
    return subprocess.check_output(["git", "describe", "--tags", "--abbrev=0"], text=True).strip().lstrip("v")

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name, number = {name!r}, {version}
    info = f"{{name}}-{{number}}.dist-info"
    files = {{
        f"{{name}}.py": f"version = {{number!r}}\\n",
        f"{{info}}/METADATA": f"Metadata-Version: 2.1\\nName: {{name}}\\nVersion: {{number}}\\nRequires-Dist: tiny\\n",
        f"{{info}}/WHEEL": "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }}
    files[f"{{info}}/RECORD"] = "".join(f"{{path}},,\\n" for path in (*files, f"{{info}}/RECORD"))
    wheel = f"{{name}}-{{number}}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, wheel), "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel

build_editable = build_wheel
"""
BUILT = """\
[project]
name = "{name}"
dynamic = ["version"]
requires-python = ">=3.11"
dependencies = [{dependencies}]

[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


def built(name: str, dependencies: str = '"tiny"', version: str = "version()") -> dict[str, str]:
    """Return the files of a package that is built from its source tree."""
    pyproject = BUILT.format(name=name, dependencies=dependencies)
    return {"pyproject.toml": pyproject, "backend.py": BACKEND.format(name=name, version=version)}


def below(folder: str, files: dict[str, str]) -> dict[str, str]:
    return {f"{folder}/{path}": text for path, text in files.items()}


def lock(place: Place, folder: Path) -> None:
    subprocess.run([find_uv_bin(), "lock", "-q"], cwd=folder, check=True, env={**os.environ, **place.variables})


def tried(place: Place, folder: Path, *arguments: str) -> list[str]:
    """Make a trial of tiny 2.0, which leaves git's own folder as it was; returns the lines that were shown."""
    before = listing(place.folder / ".git")
    done = run_whypin(folder, "trial", "tiny==2.0", "--today", DAY, *arguments, **place.variables)
    assert done.returncode == 0, done.stderr
    assert listing(place.folder / ".git") == before
    assert place.left == []
    return done.stderr.splitlines()


DESCRIBED = record("run: git describe --tags --long", "run: git status --porcelain", "run: git log --oneline | wc -l")


def test_a_version_from_git_and_steps_that_ask_git(place: Place) -> None:
    write(place.folder, {**built("app"), RECORD: record("run: python -c 'import app; print(app.version)'")})
    commit(place.folder)
    git(place.folder, "tag", "v1.2")
    lock(place, place.folder)
    commit(place.folder)
    assert "  1.2" in tried(place, place.folder)


def test_git_tells_the_steps_what_it_tells_the_user_and_what_the_trial_has_changed(place: Place) -> None:
    place.uv(DESCRIBED)
    git(place.folder, "tag", "v1.2")
    place.files({"notes.txt": "x"})
    write(place.folder, {"notes.txt": "y", "new.txt": ""})
    lines = tried(place, place.folder)
    short = git(place.folder, "rev-parse", "--short", "HEAD")
    shown = [line.strip() for line in lines[lines.index("$ git describe --tags --long") :]]
    assert f"v1.2-1-g{short}" in shown
    states = ["M notes.txt", "M pyproject.toml", "M uv.lock", "?? new.txt"]
    assert shown[shown.index("$ git status --porcelain") + 1 :][:4] == states
    assert shown[-1] == "2"


def test_a_project_of_a_monorepo_finds_what_lies_beside_it(place: Place) -> None:
    project = place.folder / "services/api"
    sources = '\n[tool.uv.sources]\nlibrary = { path = "../../library" }\n'
    manifest = (
        '[project]\nname = "api"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["library", "tiny"]\n'
    )
    write(place.folder, below("library", built("library", version="'3.0'")))
    write(project, {"pyproject.toml": manifest + sources, RECORD: record("run: python -c 'import library' && pwd")})
    write(place.folder, {"services/web/uv.lock": "version = 1\n"})
    lock(place, project)
    commit(place.folder)
    assert "  ." in tried(place, project)
    assert "outcome: passed" in (project / RECORD).read_text(encoding="utf-8")


def test_a_submodule_is_built_by_its_own_tags(place: Place, tmp_path: Path) -> None:
    library = write(tmp_path / "library", built("library"))
    git(library, "init", "-q", "-b", "main")
    commit(library)
    git(library, "tag", "v7.0")
    git(place.folder, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(library), "library")
    sources = '\n[tool.uv.sources]\nlibrary = { path = "library" }\n'
    manifest = (
        '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["library", "tiny"]\n'
    )
    steps = record("run: python -c 'import library; print(library.version)'")
    write(place.folder, {"pyproject.toml": manifest + sources, RECORD: steps})
    lock(place, place.folder)
    commit(place.folder)
    git(place.folder, "tag", "v1.2")
    assert "  7.0" in tried(place, place.folder)


def test_in_a_linked_worktree_and_in_a_shallow_clone(place: Place, tmp_path: Path) -> None:
    place.uv(DESCRIBED)
    git(place.folder, "tag", "v1.2")
    commit(place.folder)
    git(place.folder, "worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    lines = tried(place, tmp_path / "linked")
    assert any(line.startswith("  v1.2-1-g") for line in lines)
    git(place.folder, "clone", "-q", "--depth=1", place.folder.as_uri(), str(tmp_path / "shallow"))
    git(tmp_path / "shallow", "tag", "v1.3")
    lines = tried(place, tmp_path / "shallow")
    assert any(line.startswith("  v1.3-0-g") for line in lines)
    assert lines[-1] == "  1"


def test_before_the_first_commit(place: Place) -> None:
    write(place.folder, {RECORD: record("run: git status --porcelain --branch")})
    write(place.folder, {"pyproject.toml": '[project]\nname = "app"\nversion = "1"\ndependencies = ["tiny"]\n'})
    lock(place, place.folder)
    assert "  ## No commits yet on main" in tried(place, place.folder, "--yes")


def test_nothing_that_the_repository_names_is_run(place: Place, tmp_path: Path) -> None:
    program = write(tmp_path, {"program": f"#!/bin/sh\ntouch '{tmp_path}/ran'\ncat\n"}) / "program"
    program.chmod(0o755)
    place.uv(record("run: git status && git -c user.name=x -c user.email=x@index.example commit -qam x"))
    place.files({".gitattributes": "*.toml filter=odd\n"})
    write(place.folder / ".git/hooks", {"pre-commit": program.read_text(encoding="utf-8")})
    (place.folder / ".git/hooks/pre-commit").chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "filter.odd.clean", "filter.odd.smudge", "core.sshCommand"):
        git(place.folder, "config", name, str(program))
    (tmp_path / "ran").unlink(missing_ok=True)
    before = {name: text for name, (_, _, text) in listing(place.folder / ".git").items()}
    assert place.told("tiny==2.0")["outcome"] == "passed"
    assert not (tmp_path / "ran").exists()
    # A commit may give new times to what it borrows, and nothing else.
    assert {name: text for name, (_, _, text) in listing(place.folder / ".git").items()} == before


def test_a_repository_that_cannot_be_read_is_told_in_one_line(place: Place) -> None:
    place.uv(record("run: echo fine"))
    (place.folder / ".git/index").write_bytes(b"nonsense")
    done = place.trial("tiny==2.0", "--yes", "--lock", "uv.lock")
    assert done.returncode == 0
    told = [line for line in done.stderr.splitlines() if "has no git repository" in line]
    assert len(told) == 1 and told[0].startswith("the copy has no git repository: git cannot read it: ")


@pytest.mark.parametrize("stage", ["lock", "install"])
def test_a_project_that_does_not_build_says_nothing_of_the_version(place: Place, stage: str) -> None:
    write(place.folder, {**built("app", version="'1.0'"), RECORD: record("run: echo fine")})
    lock(place, place.folder)
    broken = BACKEND.format(name="app", version="1/0")
    if stage == "install":
        metadata = "def prepare_metadata_for_build_wheel(folder, config_settings=None):\n"
        metadata += "    import os\n    os.mkdir(f'{folder}/app-1.0.dist-info')\n"
        metadata += "    with open(f'{folder}/app-1.0.dist-info/METADATA', 'w') as file:\n"
        metadata += "        file.write('Metadata-Version: 2.1\\nName: app\\nVersion: 1.0\\nRequires-Dist: tiny\\n')\n"
        metadata += (
            "    return 'app-1.0.dist-info'\nprepare_metadata_for_build_editable = prepare_metadata_for_build_wheel\n"
        )
        broken += metadata
    write(place.folder, {"backend.py": broken})
    commit(place.folder)
    done = place.trial("tiny==2.0")
    assert done.returncode == 2
    assert ("$ uv sync" in done.stderr) == (stage == "install")
    said = done.stderr.splitlines()[-1]
    assert said.startswith("whypin: error: the project itself does not build, or what it takes from a folder: ")
    assert "division by zero" in said and said.endswith("nothing is logged; does it build without the trial?")
    assert (place.changed, place.left) == ([], [])
