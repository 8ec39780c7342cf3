from __future__ import annotations

from pathlib import Path

import pytest

from whypin.errors import WhypinError
from whypin.output import MARKER, Written, fill


def held(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, the marker aside."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != MARKER}


def test_a_folder_is_made_and_then_follows_what_it_is_given(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "pages"
    first = {"a.md": b"a", "b/c.md": b"c", "b/d/e.md": b"e"}
    assert fill(str(folder), first) == Written(3, 3, 0)
    assert held(folder) == first
    second = {"a.md": b"A", "b/c.md": b"c", "f.md": b"f"}
    assert fill(str(folder), second) == Written(3, 2, 1)
    assert held(folder) == second
    assert not (folder / "b/d").exists()


def test_what_is_right_already_is_not_written_again(tmp_path: Path) -> None:
    fill(str(tmp_path), {"a.md": b"a"})
    before = (tmp_path / "a.md").stat()
    assert fill(str(tmp_path), {"a.md": b"a"}) == Written(1, 0, 0)
    after = (tmp_path / "a.md").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_can_become_a_folder_and_a_folder_a_file(tmp_path: Path) -> None:
    fill(str(tmp_path), {"a": b"1", "b/c": b"2"})
    fill(str(tmp_path), {"a/c": b"3", "b": b"4"})
    assert held(tmp_path) == {"a/c": b"3", "b": b"4"}


@pytest.mark.parametrize("other", ["mine.md", ".git/config", "b/mine.md"])
def test_a_folder_with_other_files_is_left_as_it_is(tmp_path: Path, other: str) -> None:
    fill(str(tmp_path), {"a.md": b"a", "b/c.md": b"c"})
    (tmp_path / other).parent.mkdir(exist_ok=True)
    (tmp_path / other).write_text("mine")
    before = held(tmp_path)
    with pytest.raises(WhypinError, match=f"holds {other}, which whypin pages has not written"):
        fill(str(tmp_path), {"a.md": b"other"})
    assert held(tmp_path) == before


def test_links_are_never_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "pages"
    outside.mkdir()
    (outside / "c.md").write_text("mine")
    fill(str(folder), {"b/c.md": b"c"})
    (folder / "b/c.md").unlink()
    (folder / "b").rmdir()
    (folder / "b").symlink_to(outside)
    with pytest.raises(WhypinError, match="b is a link"):
        fill(str(folder), {"b/c.md": b"other"})
    assert (outside / "c.md").read_text() == "mine"


@pytest.mark.parametrize("line", ["../mine.md", "/etc/passwd", "b/../../mine.md", "\x00"])
def test_a_marker_that_names_other_places_removes_nothing_there(tmp_path: Path, line: str) -> None:
    (tmp_path / "mine.md").write_text("mine")
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / MARKER).write_text(f"{line}\n")
    fill(str(folder), {"a.md": b"a"})
    assert (tmp_path / "mine.md").read_text() == "mine"
    assert held(folder) == {"a.md": b"a"}


def test_a_run_that_was_cut_short_can_be_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(str(tmp_path), {"a.md": b"a", "old.md": b"old"})
    (tmp_path / "b").mkdir()
    (tmp_path / "b/x.md.whypin-new").write_bytes(b"hal")
    (tmp_path / "blocked").mkdir()
    (tmp_path / "blocked").chmod(0o755)
    with pytest.raises(WhypinError, match="cannot be written"):
        fill(str(tmp_path), {"b/x.md": b"x", "blocked": b"in the way"})
    (tmp_path / "blocked").rmdir()
    fill(str(tmp_path), {"b/x.md": b"x", "blocked": b"there"})
    assert held(tmp_path) == {"b/x.md": b"x", "blocked": b"there"}


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    with pytest.raises(WhypinError, match="is not a folder"):
        fill(str(tmp_path / "a"), {"a.md": b"a"})
    with pytest.raises(WhypinError, match="cannot be written"):
        fill(str(tmp_path / "a/b"), {"a.md": b"a"})
    assert (tmp_path / "a").read_text() == "mine"
