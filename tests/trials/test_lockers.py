"""The commands that each tool is given; what they do with the tools themselves is in test_real_tools."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.folders import uv_lock, write
from tests.trials.test_plan import POETRY, POETRY_LOCK, PYPROJECT
from whypin.errors import WhypinError
from whypin.model.trial import Wanted
from whypin.trials import run
from whypin.trials.conduct import planned
from whypin.trials.preparation import Options, Place, Preparation

PDM_LOCK = """\
[metadata]
groups = ["default"]
lock_version = "4.5.0"
content_hash = "sha256:00"

[[package]]
name = "numpy"
version = "1.26.4"
groups = ["default"]
"""
PIPFILE = '[packages]\nnumpy = "==1.26.4"\n\n[dev-packages]\npytest = "*"\n'
PIPFILE_LOCK = """\
{"_meta": {"hash": {"sha256": "00"}, "pipfile-spec": 6, "requires": {}, "sources": []},
 "default": {"numpy": {"version": "==1.26.4"}}, "develop": {"pytest": {"version": "==8.0"}}}
"""
VENV = "python -m venv ENVIRONMENT"
BARE = "python -m venv --without-pip ENVIRONMENT"
EDITED = PYPROJECT.format(asked='"numpy==1.26.4"')
POETRY_INSTALL = "poetry install --all-extras --all-groups"


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "found", lambda name: f"/opt/bin/{name}")
    monkeypatch.setattr("sys.executable", "/opt/bin/python")


def commands(folder: Path, files: dict[str, str], *words: str) -> list[str]:
    return list(planned(Place(str(write(folder, files))), words, Options(), print).commands)


@pytest.mark.parametrize(
    ("files", "word", "expected"),
    [
        (
            {"uv.lock": uv_lock(numpy="1.26.4"), "pyproject.toml": EDITED},
            "numpy==2.0",
            ["uv lock --upgrade-package numpy==2.0", "uv sync --locked --all-extras --all-groups"],
        ),
        (
            {"poetry.lock": POETRY_LOCK, "pyproject.toml": f'{POETRY}numpy = "1.26.4"\n'},
            "numpy==2.0",
            [BARE, "poetry lock", VENV, POETRY_INSTALL],
        ),
        (
            {"poetry.lock": POETRY_LOCK, "pyproject.toml": f'{POETRY}numpy = ">=1.26"\n'},
            "numpy==2.0",
            [BARE, "poetry lock", "poetry lock", VENV, POETRY_INSTALL],
        ),
        (
            {"poetry.lock": POETRY_LOCK, "pyproject.toml": f'{POETRY}pandas = "*"\n'},
            "numpy==2.0",
            [BARE, "poetry add --lock numpy==2.0", "poetry lock", VENV, POETRY_INSTALL],
        ),
        (
            {"pdm.lock": PDM_LOCK, "pyproject.toml": EDITED},
            "numpy==2.0",
            [BARE, "pdm lock --update-reuse", "pdm sync"],
        ),
        (
            {"pdm.lock": PDM_LOCK, "pyproject.toml": PYPROJECT.format(asked='"top"')},
            "numpy==2.0",
            [
                BARE,
                "pdm add --no-sync --update-reuse numpy==2.0",
                "pdm lock --update-reuse",
                "pdm sync",
            ],
        ),
        (
            {"Pipfile.lock": PIPFILE_LOCK, "Pipfile": PIPFILE},
            "numpy==2.0",
            [BARE, "pipenv upgrade --lock-only numpy==2.0", VENV, "pipenv sync --dev"],
        ),
        (
            {"Pipfile.lock": PIPFILE_LOCK, "Pipfile": PIPFILE},
            "pytest==8.1",
            [
                BARE,
                "pipenv upgrade --lock-only --dev pytest==8.1",
                "pipenv upgrade --lock-only",
                VENV,
                "pipenv sync --dev",
            ],
        ),
        (
            {
                "Pipfile.lock": PIPFILE_LOCK.replace("develop", "docs"),
                "Pipfile": PIPFILE.replace("dev-packages", "docs"),
            },
            "pytest==8.1",
            [
                BARE,
                "pipenv upgrade --lock-only --categories docs pytest==8.1",
                "pipenv upgrade --lock-only",
                VENV,
                "pipenv sync --categories 'packages dev-packages docs'",
            ],
        ),
        (
            {
                "a/requirements.in": "numpy\n",
                "a/requirements.txt": "#  pip-compile --output-file=requirements.txt requirements.in\nnumpy==1.26.4\n",
            },
            "numpy==2.0",
            [
                "pip-compile --output-file=requirements.txt requirements.in --upgrade-package numpy==2.0",
                VENV,
                "python -m pip install --no-deps -r requirements.txt",
            ],
        ),
        (
            {"requirements.in": "numpy\n", "requirements.txt": "#\n#    pip-compile\n#\nnumpy==1.26.4\n"},
            "numpy==2.0",
            [
                "pip-compile --upgrade-package numpy==2.0",
                VENV,
                "python -m pip install --no-deps -r requirements.txt",
            ],
        ),
        (
            {"requirements.in": "numpy\n", "requirements.txt": "numpy==1.26.4\n    # via -r requirements.in\n"},
            "numpy==2.0",
            [
                "uv pip compile requirements.in --output-file requirements.txt --upgrade-package numpy==2.0",
                "uv venv ENVIRONMENT",
                "uv pip sync --python ENVIRONMENT requirements.txt",
            ],
        ),
        (
            {"requirements.txt": "numpy==1.26.4\n", "requirements-dev.txt": "pytest==8.0\n"},
            "numpy==2.0",
            [
                VENV,
                "python -m pip install --dry-run -r requirements-dev.txt -r requirements.txt",
                "python -m pip install -r requirements-dev.txt -r requirements.txt",
            ],
        ),
    ],
    ids=[
        *("uv", "poetry", "poetry, admitted", "poetry, transitive", "pdm", "pdm, transitive", "pipenv", "pipenv, dev"),
        *("pipenv, a category of its own", "pip-compile", "pip-compile alone", "compiled, no head", "by hand"),
    ],
)
def test_what_each_tool_is_asked(tmp_path: Path, files: dict[str, str], word: str, expected: list[str]) -> None:
    assert commands(tmp_path, files, word) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"poetry.lock": POETRY_LOCK, "pyproject.toml": f'{POETRY}numpy = "1.26.4"\n'}, "poetry update --lock numpy"),
        (
            {"poetry.lock": POETRY_LOCK, "pyproject.toml": f'{POETRY}pandas = "*"\n'},
            "poetry add --lock 'numpy>=1.26,<3'",
        ),
        ({"pdm.lock": PDM_LOCK, "pyproject.toml": EDITED}, "pdm update --no-sync --update-reuse numpy"),
        ({"Pipfile.lock": PIPFILE_LOCK, "Pipfile": PIPFILE}, "pipenv upgrade --lock-only 'numpy>=1.26,<3'"),
        ({"uv.lock": uv_lock(numpy="1.26.4"), "pyproject.toml": EDITED}, "uv lock --upgrade-package 'numpy>=1.26,<3'"),
    ],
    ids=["poetry", "poetry, transitive", "pdm", "pipenv", "uv"],
)
def test_what_each_tool_is_asked_for_the_newest_version(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    preparation = Preparation(Place(str(write(tmp_path, files))), [Wanted("numpy", "", ">=1.26,<3")], Options())
    assert expected in preparation.plan("").commands


def python_of(folder: Path, requires: str) -> str:
    manifest = EDITED.replace("[project]", f'[project]\nrequires-python = "{requires}"')
    files = {"pdm.lock": PDM_LOCK, "pyproject.toml": manifest}
    preparation = Preparation(Place(str(write(folder, files))), [Wanted("numpy", "2.0")], Options())
    return preparation.plan("").commands[0].split()[0]


def test_the_environment_has_a_python_that_the_project_admits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "found", lambda name, shims=True: f"/opt/bin/{name}")
    assert python_of(tmp_path, ">=3.11") == "python"
    assert python_of(tmp_path, ">=3.9,<3.11") == "python3.10"
    monkeypatch.setattr(run, "found", lambda name, shims=True: None if "python" in name else f"/opt/bin/{name}")
    with pytest.raises(WhypinError, match=r"Python <3\.11 is asked for, and none such is on this machine"):
        python_of(tmp_path, "<3.11")


HASHED = "numpy==1.26.4 \\\n    --hash=sha256:" + "0" * 64 + "\n"


@pytest.mark.parametrize(
    ("files", "word", "said"),
    [
        ({"requirements.txt": HASHED}, "numpy==2.0", "it has hashes, and nothing tells how it was made"),
        ({"tool.py.lock": uv_lock(numpy="1.26.4")}, "numpy==2.0", "the lock of a script"),
        (
            {"requirements.in": "numpy", "requirements.txt": "#    uv pip compile x.in -o other.txt\nnumpy==1.26.4\n"},
            "numpy==2.0",
            "the command in its head writes other.txt",
        ),
    ],
    ids=["hashes by hand", "a script", "another file's head"],
)
def test_what_no_tool_can_do_is_refused_before_anything_runs(
    tmp_path: Path, files: dict[str, str], word: str, said: str
) -> None:
    with pytest.raises(WhypinError, match=said):
        commands(tmp_path, files, word)


def test_the_command_of_a_head_runs_where_its_paths_begin(tmp_path: Path) -> None:
    head = "#    uv pip compile app/requirements.in -o app/requirements.txt -P old==1 --upgrade\nnumpy==1.26.4\n"
    files = {"svc/app/requirements.in": "numpy", "svc/app/requirements.txt": head}
    first = commands(tmp_path, files, "numpy==2.0")[0]
    assert first == "uv pip compile app/requirements.in -o app/requirements.txt --upgrade-package numpy==2.0"
