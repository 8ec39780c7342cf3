"""Content hashes: what the tools keep of a manifest in their locks, reproduced."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import CORPUS, needs_corpus
from tests.folders import write
from whypin.manifests.content_hash import hashes
from whypin.workspace import Workspace

#: The one lock of version 1.0, which no known way gives the hash of: Poetry before 1.1, or another pyproject.toml.
NOT_REPRODUCED = {"saleor__saleor__2020-10-lv1.0"}


def _locks(name: str) -> list[Path]:
    """The locks of the corpus whose manifest names no index: in the others its URL is replaced, and hashed with it."""
    found = sorted(path for path in CORPUS.glob(f"**/{name}") if path.is_file())
    return [path for path in found if ".source]]" not in (path.parent / "pyproject.toml").read_text(encoding="utf-8")]


def _given(lock: Path, lock_format: str) -> list[str]:
    data = tomllib.loads((lock.parent / "pyproject.toml").read_text(encoding="utf-8"))
    return [value for name, value in hashes(data, "pyproject.toml") if name == lock_format]


def _metadata(lock: Path) -> dict[str, Any]:
    metadata: dict[str, Any] = tomllib.loads(lock.read_text(encoding="utf-8"))["metadata"]
    return metadata


@needs_corpus
@pytest.mark.parametrize("lock", _locks("poetry.lock"), ids=lambda path: str(path.parent.relative_to(CORPUS)))
def test_poetry(lock: Path) -> None:
    reproduced = lock.parent.name not in NOT_REPRODUCED
    assert (_metadata(lock)["content-hash"] in _given(lock, "poetry")) == reproduced


@needs_corpus
@pytest.mark.parametrize("lock", _locks("pdm.lock"), ids=lambda path: str(path.parent.relative_to(CORPUS)))
def test_pdm(lock: Path) -> None:
    assert _metadata(lock)["content_hash"] in _given(lock, "pdm")


POETRY = {"tool": {"poetry": {"name": "app", "dependencies": {"python": "^3.11", "numpy": "^1.26"}}}}


@pytest.mark.parametrize(("keys", "changes"), [(("dependencies", "numpy"), True), (("name",), False)])
def test_only_what_can_change_the_lock_changes_the_hash(keys: tuple[str, ...], changes: bool) -> None:
    other = json.loads(json.dumps(POETRY))
    table = other["tool"]["poetry"]
    for key in keys[:-1]:
        table = table[key]
    table[keys[-1]] = "2"
    before, after = (set(hashes(data, "pyproject.toml")) for data in (POETRY, other))
    assert before
    assert before.isdisjoint(after) == changes


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("setup.cfg", {}),
        ("Pipfile", {"packages": {"numpy": "*"}}),
        ("pyproject.toml", {"tool": {"poetry": {"source": [{"name": "x", "url": "https://index.example/simple"}]}}}),
        ("pyproject.toml", {"tool": {"poetry": {"extras": tomllib.loads("day = 2026-11-22")["day"]}}}),
    ],
    ids=["another file", "a Pipfile", "an index of its own", "no tool could hash a date"],
)
def test_nothing_is_said_of_what_is_not_known(name: str, data: dict[str, Any]) -> None:
    assert hashes(data, name) == ()


@pytest.mark.parametrize("groups", [{"dev": ["pytest"], "all": [{"include-group": "dev"}]}, {"Test": ["pytest"]}])
def test_pdm_is_left_out_where_groups_are_merged_in_ways_that_are_not_known(groups: dict[str, Any]) -> None:
    data = {"project": {"name": "app"}, "tool": {"pdm": {"dev-dependencies": {"test": ["ruff"]}}}}
    assert {name for name, _ in hashes(data, "pyproject.toml")} == {"poetry", "pdm"}
    data["dependency-groups"] = groups
    assert {name for name, _ in hashes(data, "pyproject.toml")} == {"poetry"}


@pytest.mark.parametrize("tool", ["poetry", "project", "dependency-groups"])
def test_tables_of_another_shape_are_no_traceback(tool: str) -> None:
    data = {"tool": {"poetry": [1]}} if tool == "poetry" else {tool: ["x"]}
    assert isinstance(hashes(data, "pyproject.toml"), tuple)


def test_what_is_no_toml_is_not_read_as_such(tmp_path: Path) -> None:
    locked = f'package = []\n\n[metadata]\nlock-version = "2.1"\npython-versions = "*"\ncontent-hash = "{"0" * 64}"\n'
    files = {"poetry.lock": locked, "pyproject.toml": "[tool.poetry]\n", "setup.cfg": "[flake8]\nignore = a b\n"}
    project = Workspace(str(write(tmp_path, files))).load()
    assert {manifest.path: bool(manifest.hashes) for manifest in project.manifests} == {
        "pyproject.toml": True,
        "setup.cfg": False,
    }
