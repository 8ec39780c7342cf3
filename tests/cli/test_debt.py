"""`whypin debt`, run as a user runs it, and the page that explains the levels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_check import whypin
from tests.corpus import CORPUS, needs_corpus
from tests.folders import record, uv_lock, write
from tests.site_examples import LEVELS, ROOT, blocks

DAY = ("--today", "2026-11-22")
PYPROJECT = '[project]\nname = "app"\nversion = "0.1.0"\ndependencies = ["numpy>=1.26"]\n'


@pytest.mark.parametrize(
    ("folder", "level"), [("1-bare", 1), ("2-ranges", 2), ("3-pins", 3), ("4-lock", 4), ("5-reasons", 5)]
)
def test_each_project_of_the_page_stands_where_the_page_says(folder: str, level: int) -> None:
    done = whypin(ROOT, "debt", "--root", f"{LEVELS}/{folder}", *DAY, "--format", "json")
    data = json.loads(done.stdout)
    assert (done.returncode, data["level"], [one["level"] for one in data["manifests"]]) == (0, level, [level])
    assert bool(data["manifests"][0]["held_down_by"]) == (level < 5)


def test_the_projects_of_the_page_are_sound_but_for_what_they_show() -> None:
    done = whypin(ROOT, "check", "--root", f"{LEVELS}/5-reasons", *DAY, "--format", "json")
    assert json.loads(done.stdout)["summary"]["error"] == 0


def test_our_own_check_does_not_look_at_them() -> None:
    done = whypin(ROOT, "debt", *DAY, "--format", "json")
    assert [manifest["path"] for manifest in json.loads(done.stdout)["manifests"]] == ["pyproject.toml"]


@pytest.mark.parametrize(("level", "code"), [("1", 0), ("2", 0), ("3", 1), ("5", 1)])
def test_a_team_can_hold_the_level_that_it_has(tmp_path: Path, level: str, code: int) -> None:
    write(tmp_path, {"requirements.txt": "numpy>=1.26\npandas==2.0.2\n"})
    done = whypin(tmp_path, "debt", "--fail-under", level)
    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout.endswith("\nlevel 2 of 5, ranges that no lock fixes\n")


def test_options_may_stand_before_the_command(tmp_path: Path) -> None:
    write(tmp_path, {"requirements.txt": "numpy\n"})
    assert whypin(tmp_path, "--fail-under", "2", "debt").returncode == 1


@pytest.mark.parametrize("level", ["0", "6", "high"])
def test_a_level_that_there_is_not_is_wrong_usage(tmp_path: Path, level: str) -> None:
    done = whypin(write(tmp_path, {"requirements.txt": "numpy\n"}), "debt", "--fail-under", level)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--fail-under" in done.stderr


def test_a_folder_without_anything_to_judge_is_no_report(tmp_path: Path) -> None:
    done = whypin(tmp_path, "debt")
    assert (done.returncode, done.stdout) == (2, "")


def test_what_cannot_be_read_is_no_report(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {"uv.lock": "version = 1\n[[package]]\n<<<<<<< HEAD\n"}), "debt")
    assert (done.returncode, done.stdout) == (2, "")
    assert "uv.lock:3" in done.stderr


def test_a_lock_without_hashes_is_level_3_and_says_where(tmp_path: Path) -> None:
    unhashed = uv_lock(numpy="1.26.4").replace(', hash = "sha256:00"', "")
    write(tmp_path, {"uv.lock": unhashed, "pyproject.toml": PYPROJECT})
    (manifest,) = json.loads(whypin(tmp_path, "debt", "--format", "json").stdout)["manifests"]
    assert (manifest["level"], manifest["locks"]) == (3, ["uv.lock"])
    assert [(line["path"], line["line"]) for line in manifest["held_down_by"]] == [
        ("pyproject.toml", 4),
        ("uv.lock", 1),
    ]


def test_a_lock_that_was_not_made_again_does_not_count(tmp_path: Path) -> None:
    declared = PYPROJECT.replace('"numpy>=1.26"', '"numpy>=1.26", "pandas"')
    write(tmp_path, {"uv.lock": uv_lock(numpy="1.26.4"), "pyproject.toml": declared})
    (manifest,) = json.loads(whypin(tmp_path, "debt", "--format", "json").stdout)["manifests"]
    assert (manifest["level"], manifest["held_down_by"][0]["requirement"]) == (1, "pandas")


def test_every_manifest_of_a_monorepo_is_judged(tmp_path: Path) -> None:
    files = {"a/requirements.txt": "numpy\n", "b/requirements.txt": "numpy==1.26.4\n", "decisions/x.yaml": record()}
    done = whypin(write(tmp_path, files), "debt", "--format", "json")
    found = {one["path"]: one["level"] for one in json.loads(done.stdout)["manifests"]}
    assert found == {"a/requirements.txt": 1, "b/requirements.txt": 3}


def test_the_badge_is_an_svg_and_the_markdown_a_summary(tmp_path: Path) -> None:
    write(tmp_path, {"requirements.txt": "numpy\n"})
    badge = whypin(tmp_path, "debt", "--format", "badge").stdout
    assert badge.startswith("<svg ") and badge.endswith("</svg>\n") and ">level 1<" in badge
    assert whypin(tmp_path, "debt", "--format", "markdown").stdout.startswith("**whypin debt: level 1 of 5")


@needs_corpus
def test_the_resolver_said_what_the_page_quotes_and_the_projects_are_the_articles() -> None:
    quoted = {block.title: block.text for block in blocks(ROOT / "site/levels.md") if block.title.startswith("uv lock")}
    log = (CORPUS / "article/poetry-asis/lock.log").read_text(encoding="utf-8")
    assert quoted["uv lock, the pinned stack"].strip() in log
    log = (CORPUS / "article/uv-asis-39/lock.log").read_text(encoding="utf-8")
    assert quoted["uv lock, the older stack"] == log
    for ours, theirs in (("4-lock", "uv-asis-39"), ("5-reasons", "uv-fix-39-tfpatch")):
        original = CORPUS / "article" / theirs
        assert (ROOT / LEVELS / ours / "uv.lock").read_bytes() == (original / "uv.lock").read_bytes()
        declared = (ROOT / LEVELS / ours / "pyproject.toml").read_text(encoding="utf-8")
        assert declared.startswith((original / "pyproject.toml").read_text(encoding="utf-8"))
    pins = (ROOT / LEVELS / "3-pins/requirements.txt").read_text(encoding="utf-8").split()
    printed = (CORPUS / "article/poetry-asis/pyproject.toml").read_text(encoding="utf-8")
    assert all(f'"{pin}"' in printed for pin in pins) and len(pins) == 5
