"""The real lock files that stand beside the checkout, where they are there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"

needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus of real lock files is not beside the checkout"
)


def truth_of(folder: str) -> dict[str, Any]:
    """Return what another tool read from the lock in this folder of the corpus."""
    data: dict[str, Any] = json.loads((CORPUS / folder / "truth.json").read_text(encoding="utf-8"))
    return data


def projects(lock_format: str) -> list[tuple[str, str]]:
    """Return (folder, lock file name) for every corpus project of a format, as the corpus index lists them."""
    if not CORPUS.is_dir():
        return []
    index = json.loads((CORPUS / "INDEX.json").read_text(encoding="utf-8"))
    return [(item["dir"], item["lock"]) for item in index if item["format"] == lock_format]
