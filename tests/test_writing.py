"""Writing: a file changes whole or not at all, and never outside the root."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

from tests.folders import write
from whypin.errors import WhypinError
from whypin.workspace import Workspace


def test_a_write_that_fails_leaves_the_file_and_the_folder_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    write(tmp_path, {"a.yaml": "before"})
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(WhypinError, match=r"a\.yaml:1:1: cannot be written: No space left on device"):
        Workspace(str(tmp_path)).write("a.yaml", "after")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.yaml": "before"}


@pytest.mark.parametrize("path", ["../a.yaml", "out/a.yaml"])
def test_nothing_is_written_outside_the_root(tmp_path: Path, path: str) -> None:
    root, outside = write(tmp_path / "root", {"x": ""}), write(tmp_path / "outside", {"x": ""})
    (root / "out").symlink_to(outside)
    with pytest.raises(WhypinError, match="lies outside the root"):
        Workspace(str(root)).write(path, "text")
    assert not list(tmp_path.rglob("a.yaml"))


def test_a_link_inside_the_root_stays_a_link(tmp_path: Path) -> None:
    write(tmp_path, {"real/a.yaml": "before"})
    (tmp_path / "a.yaml").symlink_to("real/a.yaml")
    workspace = Workspace(str(tmp_path))
    workspace.write("a.yaml", "after")
    assert (tmp_path / "a.yaml").is_symlink()
    assert ((tmp_path / "real/a.yaml").read_text(), workspace.text("a.yaml")) == ("after", "after")


def test_a_new_file_gets_the_mode_that_new_files_get(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        Workspace(str(tmp_path)).write("new/a.yaml", "text", new=True)
    finally:
        os.umask(mask)
    assert (tmp_path / "new/a.yaml").stat().st_mode & 0o777 == 0o640
