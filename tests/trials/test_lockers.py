"""The commands of each tool, as its documentation has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.folders import uv_lock, write
from tests.trials.test_plan import POETRY, POETRY_LOCK, PYPROJECT
from whypin.errors import WhypinError
from whypin.trials import run
from whypin.trials.conduct import planned
from whypin.trials.preparation import Options, Place

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
EDITED = PYPROJECT.format(asked='"numpy==1.26.4"')
POETRY_INSTALL = "poetry install --all-extras --all-groups"


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "found", lambda name: f"/opt/bin/{name}")
    monkeypatch.setattr("sys.executable", "/opt/bin/python")


def commands(folder: Path, files: dict[str, str], *words: str) -> list[str]:
    return list(planned(Place(str(write(folder, files))), words, Options()).commands)


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
            ["poetry lock", VENV, POETRY_INSTALL],
        ),
        (
            {"poetry.lock": POETRY_LOCK, "pyproject.toml": f'{POETRY}numpy = ">=1.26"\n'},
            "numpy==2.0",
            ["poetry lock", "poetry lock", VENV, POETRY_INSTALL],
        ),
        (
            {"poetry.lock": POETRY_LOCK, "pyproject.toml": f'{POETRY}pandas = "*"\n'},
            "numpy==2.0",
            ["poetry add --lock numpy==2.0", "poetry remove --lock numpy", VENV, POETRY_INSTALL],
        ),
        (
            {"pdm.lock": PDM_LOCK, "pyproject.toml": EDITED},
            "numpy==2.0",
            ["pdm lock --update-reuse", VENV, "pdm use --first ENVIRONMENT", "pdm sync --group :all"],
        ),
        (
            {"Pipfile.lock": PIPFILE_LOCK, "Pipfile": PIPFILE},
            "numpy==2.0",
            ["pipenv upgrade --lock-only numpy==2.0", VENV, "pipenv sync --dev"],
        ),
        (
            {"Pipfile.lock": PIPFILE_LOCK, "Pipfile": PIPFILE},
            "pytest==8.1",
            ["pipenv upgrade --lock-only --dev pytest==8.1", VENV, "pipenv sync --dev"],
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
        *("uv", "poetry", "poetry, admitted", "poetry, transitive", "pdm", "pipenv", "pipenv, dev", "pip-compile"),
        *("compiled, no head", "by hand"),
    ],
)
def test_what_each_tool_is_asked(tmp_path: Path, files: dict[str, str], word: str, expected: list[str]) -> None:
    assert commands(tmp_path, files, word) == expected


HASHED = "numpy==1.26.4 \\\n    --hash=sha256:" + "0" * 64 + "\n"


@pytest.mark.parametrize(
    ("files", "word", "said"),
    [
        ({"requirements.txt": HASHED}, "numpy==2.0", "it has hashes, and nothing tells how it was made"),
        (
            {"pdm.lock": PDM_LOCK, "pyproject.toml": PYPROJECT.format(asked='"top"')},
            "numpy==2.0",
            "pdm takes no version",
        ),
        ({"tool.py.lock": uv_lock(numpy="1.26.4")}, "numpy==2.0", "the lock of a script"),
        (
            {"requirements.in": "numpy", "requirements.txt": "#    uv pip compile x.in -o other.txt\nnumpy==1.26.4\n"},
            "numpy==2.0",
            "the command in its head writes other.txt",
        ),
    ],
    ids=["hashes by hand", "pdm, transitive", "a script", "another file's head"],
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
