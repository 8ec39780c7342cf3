"""Content hashes: what the tools keep of a manifest in their locks, reproduced."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import CORPUS, needs_corpus
from whypin.manifests.content_hash import hashes

#: Where another pyproject.toml was locked than the one that stands there.
STALE = {"saleor__saleor__2020-10-lv1.0"}


def _kept(lock: Path) -> str:
    text = lock.read_text(encoding="utf-8")
    if lock.name == "Pipfile.lock":
        return str(json.loads(text)["_meta"]["hash"]["sha256"])
    metadata = tomllib.loads(text)["metadata"]
    return str(metadata["content-hash"] if lock.name == "poetry.lock" else metadata["content_hash"])


def _locks(name: str) -> list[Path]:
    return sorted(path for path in CORPUS.glob(f"**/{name}") if path.is_file())


def _as_it_was(text: str) -> str:
    """Put the default index back: in the corpus its name is replaced, and sources are hashed with their URLs."""
    index = pytest.importorskip("pip._internal.models.index").PyPI.simple_url
    return text.replace("https://index.example/simple", str(index))


def _given(manifest: Path, lock_format: str) -> list[str]:
    data = tomllib.loads(_as_it_was(manifest.read_text(encoding="utf-8")))
    return [value for name, value in hashes(data, manifest.name) if name == lock_format]


@needs_corpus
@pytest.mark.parametrize("lock", _locks("poetry.lock"), ids=lambda path: str(path.parent.relative_to(CORPUS)))
def test_poetry(lock: Path) -> None:
    fresh = lock.parent.name not in STALE
    assert (_kept(lock) in _given(lock.parent / "pyproject.toml", "poetry")) == fresh


@needs_corpus
@pytest.mark.parametrize("lock", _locks("pdm.lock"), ids=lambda path: str(path.parent.relative_to(CORPUS)))
def test_pdm(lock: Path) -> None:
    assert _kept(lock) in _given(lock.parent / "pyproject.toml", "pdm")


@needs_corpus
@pytest.mark.parametrize("lock", _locks("Pipfile.lock"), ids=lambda path: str(path.parent.relative_to(CORPUS)))
def test_pipenv(lock: Path) -> None:
    assert _kept(lock) in _given(lock.parent / "Pipfile", "pipfile")


POETRY = {"tool": {"poetry": {"name": "app", "dependencies": {"python": "^3.11", "numpy": "^1.26"}}}}
PIPFILE = {"source": [{"url": "https://index.example/simple"}], "packages": {"numpy": "*"}}


@pytest.mark.parametrize(
    ("name", "data", "keys", "changes"),
    [
        ("pyproject.toml", POETRY, ("tool", "poetry", "dependencies", "numpy"), True),
        ("pyproject.toml", POETRY, ("tool", "poetry", "name"), False),
        ("Pipfile", PIPFILE, ("packages", "numpy"), True),
        ("Pipfile", PIPFILE, ("scripts",), False),
    ],
)
def test_only_what_can_change_the_lock_changes_the_hash(
    name: str, data: dict[str, Any], keys: tuple[str, ...], changes: bool
) -> None:
    other = json.loads(json.dumps(data))
    table = other
    for key in keys[:-1]:
        table = table[key]
    table[keys[-1]] = "2"
    assert hashes(data, name)
    assert set(hashes(data, name)).isdisjoint(hashes(other, name)) == changes


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("setup.cfg", {}),
        ("Pipfile", {"packages": {"numpy": "*"}}),
        ("Pipfile", {"source": [], "packages": {"numpy": tomllib.loads("day = 2026-11-22")["day"]}}),
    ],
    ids=["another file", "pipenv puts its own source in", "no tool could hash a date"],
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
