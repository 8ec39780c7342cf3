"""The hooks for pre-commit: which files they run for, and what they run."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.places.invocations import accept
from whypin import locks, manifests
from whypin.model.settings import Settings
from whypin.workspace import EXEMPTIONS

ROOT = Path(__file__).resolve().parents[2]
HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
}
#: As pre-commit asks: anywhere in the path, from the top of the repository.
MATCHES = re.compile(HOOKS["whypin-check"]["files"]).search

NAMES = sorted({*locks.PATTERNS, *manifests.PATTERNS})


@pytest.mark.parametrize("pattern", NAMES)
def test_every_lock_and_manifest_makes_it_run(pattern: str) -> None:
    for folder, filling in product(("", "services/api/"), ("", "dev", "a-b.c")):
        path = folder + pattern.replace("*", filling)
        assert locks.is_candidate(path) or manifests.is_candidate(path)
        assert MATCHES(path), path


@pytest.mark.parametrize(
    "path",
    [
        f"{Settings().records}/2026-11-22-numpy.yaml",
        f"{Settings().records}/2026-11-22-numpy.yml",
        f"{Settings().records}/2025/numerics/2025-11-22-numpy.yaml",
        f"services/api/{Settings().records}/{EXEMPTIONS}",
        "whypin.toml",
        "services/api/whypin.toml",
        "constraints.txt",
    ],
)
def test_what_else_the_check_reads_makes_it_run(path: str) -> None:
    assert MATCHES(path)


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "src/app.py",
        "src/requirements.py",
        "tests/locks/test_uv.py",
        "docs/requirements.md",
        "decisions/README.md",
        "my-decisions/a.yaml",
        "decisions.yaml",
        "config/decisions.yaml",
        "Cargo.lock",
        "package-lock.json",
        "my-pyproject.toml",
        "pyproject.toml.orig",
        "uv.lock.bak",
        "Pipfile.py",
        "environment.py",
        "my-environment.yml",
        "notes.txt",
        "text/a.txt",
    ],
)
def test_other_files_do_not(path: str) -> None:
    assert not MATCHES(path)


def test_our_own_sources_do_not() -> None:
    assert [path for path in (ROOT / "tool").rglob("*.py") if MATCHES(path.relative_to(ROOT).as_posix())] == []


def test_both_hooks_run_once_over_the_whole_project_for_the_same_files() -> None:
    assert {name: hook["entry"] for name, hook in HOOKS.items()} == {
        "whypin-check": "whypin check",
        "whypin-fix": "whypin check --fix",
    }
    for hook in HOOKS.values():
        accept(hook["entry"])
        assert (hook["language"], hook["pass_filenames"]) == ("python", False)
        assert hook["files"] == HOOKS["whypin-check"]["files"]
