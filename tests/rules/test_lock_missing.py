"""lock-missing: what has no lock, what has one by another name, and what is none of our business."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.build import found, manifest, project, requirement
from tests.folders import uv_lock, write
from whypin.model.location import Location
from whypin.rules.lock_missing import RULE
from whypin.workspace import Workspace

BARE = "numpy\npandas>=2\n"
PYPROJECT = '[project]\nname = "app"\nversion = "1"\ndependencies = ["numpy"]\n'
PY, IN = "pyproject.toml", "in/main-requirements.in"
PIN = "numpy==1.26.4"
CONDA = """\
version: 1
metadata:
  platforms: [linux-64]
  sources:
  - environment.yml
package:
- name: zlib
  version: 1.3.1
  manager: conda
  platform: linux-64
  dependencies: {}
  url: https://conda.index.example/conda-forge/linux-64/zlib-1.3.1-h0_0.conda
"""
PIXI = """\
version: 6
environments:
  default:
    channels: []
    packages: {}
packages: []
"""


def unlocked(folder: Path) -> list[str]:
    return [finding.location.path for finding in RULE.check(Workspace(str(folder)).load())]


def test_a_manifest_without_a_lock_is_told_where_its_first_requirement_stands() -> None:
    subject = manifest(requirement("numpy", line=4), requirement("pandas", "==2.1", line=5), locks=())
    [finding] = found(RULE, project(manifests=[subject]))
    assert finding.location == Location("pyproject.toml", 4)
    assert finding.message == "pyproject.toml has 2 requirements and no lock: 1 of them not exact"
    assert finding.fix == "run uv lock, poetry lock or pdm lock"


@pytest.mark.parametrize(
    ("path", "fix"),
    [
        ("Pipfile", "run pipenv lock"),
        ("ml/environment.yml", "run conda-lock -f ml/environment.yml"),
        ("a/requirements.in", "run pip-compile --generate-hashes a/requirements.in"),
        ("requirements.txt", "move it to requirements.in and run pip-compile --generate-hashes requirements.in"),
    ],
)
def test_the_fix_is_the_command_of_the_tool(path: str, fix: str) -> None:
    subject = manifest(requirement("numpy"), path=path, locks=())
    assert [finding.fix for finding in found(RULE, project(manifests=[subject]))] == [fix]


@pytest.mark.parametrize(
    "subject",
    [
        manifest(requirement("numpy")),
        manifest(locks=()),
        manifest(requirement("lib", tree=True, url="../lib"), locks=()),
    ],
    ids=["locked", "asks for nothing", "asks for its own source tree"],
)
def test_quiet(subject: object) -> None:
    assert found(RULE, project(manifests=[subject])) == []  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("files", "paths"),
    [
        ({"requirements.txt": BARE}, ["requirements.txt"]),
        ({"requirements.txt": "numpy==1.26.4\n"}, []),
        ({"requirements.txt": "numpy==1.26.4\n", "requirements.in": "numpy\n"}, []),
        ({"requirements.txt": "numpy==1.26.4\n", "requirements-dev.in": "pytest\n"}, ["requirements-dev.in"]),
        ({"requirements.txt": "numpy==1.26.4  # via -r base.in\n", "base.in": "numpy\n"}, []),
        ({"requirements.txt": BARE, "uv.lock": uv_lock(numpy="1.26.4")}, []),
        ({"pyproject.toml": PYPROJECT}, ["pyproject.toml"]),
        ({"pyproject.toml": PYPROJECT, "requirements.txt": "numpy==1.26.4\n"}, []),
        ({"pyproject.toml": PYPROJECT, "requirements-dev.txt": "pytest==8.0\n"}, ["pyproject.toml"]),
        ({"pyproject.toml": "[tool.ruff]\nline-length = 100\n", "uv.lock": uv_lock(numpy="1.26.4")}, []),
        ({"uv.lock": uv_lock(numpy="1.26.4"), "new/pyproject.toml": PYPROJECT}, ["new/pyproject.toml"]),
        ({"requirements.in": "-r base-requirements.in\n", "base-requirements.in": BARE}, ["requirements.in"]),
        # Compiled files name their sources from where the command was run.
        ({"requirements.txt": f"{PIN}  # via -r in/main.in\n", "in/main-requirements.in": "numpy\n"}, [IN]),
        ({"requirements.txt": f"{PIN}  # via -r in/main-requirements.in\n", IN: "numpy\n"}, []),
        ({"requirements.txt": f"{PIN}\n    # via\n    #   -r {IN}\n    #   -r dev.in\n", IN: "numpy\n"}, []),
        ({"requirements/main.txt": f"{PIN}  # via -r /build/{IN}\n", IN: "numpy\n"}, [IN]),
        ({"out/requirements.txt": f"{PIN}  # via -r {IN}\n", IN: "numpy\n", f"out/{IN}": "numpy\n"}, [IN]),
        ({"out/requirements.txt": f"{PIN}  # via -r ../{IN}\n", IN: "numpy\n"}, []),
        ({"requirements/main.txt": f"{PIN}  # via app (pyproject.toml)\n", "pyproject.toml": PYPROJECT}, []),
        ({"a/b/requirements.txt": f"{PIN}  # via app (a/pyproject.toml:dev)\n", "a/pyproject.toml": PYPROJECT}, []),
        ({"requirements.txt": f"#    pip-compile --no-annotate -c c.in {IN}\n{PIN}\n", IN: "numpy\n"}, []),
        ({"requirements.txt": f"#    uv pip compile -c {IN} a.in -o r.txt\n{PIN}\n", IN: "numpy\n"}, [IN]),
        ({"out/a.requirements.txt": f"{PIN}  # via -r requirements.in\n", "requirements.in": "numpy\n"}, []),
        # Other tools' manifests are none of theirs.
        ({"conda-lock.yml": CONDA, "environment.yml": "dependencies: [zlib]\n", "pyproject.toml": PYPROJECT}, [PY]),
        ({"conda-lock.yml": CONDA.replace("environment.yml", PY), "pyproject.toml": PYPROJECT}, []),
        ({"conda-lock.yml": CONDA.replace("environment.yml", "../x.yml"), "pyproject.toml": PYPROJECT}, [PY]),
        ({"pixi.lock": PIXI, "pixi.toml": "[dependencies]\n", "pyproject.toml": PYPROJECT}, [PY]),
        ({"pixi.lock": PIXI, "pyproject.toml": PYPROJECT}, []),
    ],
)
def test_which_manifests_have_a_lock(tmp_path: Path, files: dict[str, str], paths: list[str]) -> None:
    assert unlocked(write(tmp_path, files)) == paths


def test_a_source_of_the_same_name_in_a_folder_above_is_another(tmp_path: Path) -> None:
    pins = f"{PIN}  # via -r requirements.in\n"
    write(tmp_path, {"requirements.in": "numpy\n", "requirements.txt": pins, "api/requirements.txt": pins})
    locks = {each.path: each.locks for each in Workspace(str(tmp_path)).load().manifests}
    assert locks["requirements.in"] == ("requirements.txt",)


def test_members_of_a_workspace_are_fixed_by_its_lock(tmp_path: Path) -> None:
    member = '\n[[package]]\nname = "lib"\nversion = "1"\nsource = { editable = "libs/lib" }\n'
    lock = uv_lock(numpy="1.26.4") + member
    write(tmp_path, {"uv.lock": lock, "pyproject.toml": PYPROJECT, "libs/lib/pyproject.toml": PYPROJECT})
    project_read = Workspace(str(tmp_path)).load()
    assert {each.path: each.locks for each in project_read.manifests} == {
        "pyproject.toml": ("uv.lock",),
        "libs/lib/pyproject.toml": ("uv.lock",),
    }
    assert unlocked(tmp_path) == []


def test_settings_that_list_the_locks_say_what_is_looked_at(tmp_path: Path) -> None:
    settings = '[tool.whypin]\nlocks = ["uv.lock"]\n'
    files = {"uv.lock": uv_lock(numpy="1.26.4"), "pyproject.toml": settings, "docs/requirements.txt": BARE}
    assert unlocked(write(tmp_path, files)) == []


def test_excluded_folders_are_not_looked_into(tmp_path: Path) -> None:
    settings = '[tool.whypin]\nexclude = ["examples/**"]\n'
    files = {"uv.lock": uv_lock(numpy="1.26.4"), "pyproject.toml": settings, "examples/requirements.txt": BARE}
    assert unlocked(write(tmp_path, files)) == []
