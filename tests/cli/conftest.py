"""Where trials are made: a repository, and an index of wheels that needs no network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import wheels

if TYPE_CHECKING:
    from tests.cli.test_trial import Place


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheels.index(tmp_path_factory.mktemp("index"))


@pytest.fixture
def place(tmp_path: Path, packages: Path) -> Place:
    from tests.cli.test_trial import Place

    return Place(tmp_path, packages)
