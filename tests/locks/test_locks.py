"""Which reader a lock gets: by its name, else by its text."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from tests.corpus import CORPUS, needs_corpus
from tests.folders import uv_lock
from whypin import locks
from whypin.errors import WhypinError

HERE = Path(locks.__file__).parent


def nothing(path: str) -> NoReturn:
    """Fail: no other file is read."""
    raise AssertionError(path)


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("uv.lock", "uv"),
        ("a/b/uv.lock", "uv"),
        ("scripts/job.py.lock", "uv"),
        ("poetry.lock", "poetry"),
        ("pdm.lock", "pdm"),
        ("a/Pipfile.lock", "pipfile"),
        ("pylock.toml", "pylock"),
        ("pylock.dev.toml", "pylock"),
        ("conda-lock.yml", "conda_lock"),
        ("a/conda-lock.yaml", "conda_lock"),
        ("gpu.conda-lock.yml", "conda_lock"),
        ("a/pixi.lock", "pixi"),
        ("requirements.txt", "requirements"),
        ("a/dev-requirements.txt", "requirements"),
        ("requirements.lock", "requirements"),
        ("requirements/main.txt", "requirements"),
        ("a/requirements/dev.lock", "requirements"),
        ("my-uv.lock", None),
        ("requirements.in", None),
        ("requirements/main.in", None),
        ("requirements/deep/main.txt", None),
        ("my-requirements/main.txt", None),
        ("constraints.txt", None),
        ("my-conda-lock.yml", None),
        ("my-pixi.lock", None),
        ("Cargo.lock", None),
    ],
)
def test_the_name_tells_the_format(path: str, module: str | None) -> None:
    known = locks.format_of(path)
    assert (known.module if known else None) == module


def test_every_reader_is_in_the_table() -> None:
    assert {known.module for known in locks.FORMATS} == {path.stem for path in HERE.glob("[a-z]*.py")}


@needs_corpus
@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("uv-revisions/uv-0.13.9.lock", "uv"),
        ("poetry-mixed/mixed-project-and-tool-2.1.lock", "poetry"),
        ("requirements/pypi__warehouse/main.txt", "requirements"),
    ],
)
def test_under_another_name_the_text_tells_it(path: str, module: str) -> None:
    name = path.rpartition("/")[2]
    assert locks.read((CORPUS / path).read_text(encoding="utf-8"), name, nothing).format == module


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("hello\n", "Cargo.lock", "not a lock file that whypin reads"),
        ("numpy>=1.26\n", "constraints.txt", "nothing in it is exact: this is not a lock"),
        ("", "requirements.txt", "nothing in it is exact: this is not a lock"),
        (uv_lock(numpy="1.0"), "poetry.lock", "no [metadata]"),
    ],
)
def test_what_is_no_lock_says_so(text: str, path: str, message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        locks.read(text, path, nothing)
    assert caught.value.message.startswith(message)
