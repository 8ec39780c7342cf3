"""What has come due, and what is tried for it together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.folders import uv_lock, write
from whypin.model.trial import Occasion
from whypin.trials.occasions import occasions
from whypin.workspace import Workspace

DUE = "review_by: 2026-11-20\n"
DAY = date(2026, 11, 22)


def record(packages: str, more: str = DUE) -> str:
    return (
        f"title: T\nstatus: accepted\ndeciders: [me]\npackages: {packages}\n"
        f"rationale: The pipeline was validated with it, and breaks with the next.\n{more}"
    )


def found(folder: Path, files: dict[str, str]) -> list[Occasion]:
    return occasions(Workspace(str(write(folder, files))).load((), DAY))


def short(occasion: Occasion) -> tuple[list[str], list[str], list[str]]:
    return [each.id for each in occasion.records], list(occasion.locks), list(occasion.packages)


def test_reviews_and_exit_criteria_that_have_come_are_told_and_no_others(tmp_path: Path) -> None:
    exits = "review_by: never\nexit_criteria:\n  - locked: numpy>=1.26\n  - date: 2026-11-22\n  - date: 2026-11-23\n"
    files = {
        "uv.lock": uv_lock(numpy="1.26.4", torch="2.1.0", idna="3.4", six="1.16"),
        "decisions/2026-01-01-idna.yaml": record("{idna: 3.4}", "review_by: 2026-11-23\n"),
        "decisions/2026-01-01-numpy.yaml": record("{numpy: 1.26.4}", DUE),
        "decisions/2026-01-01-six.yaml": record("{six: 1.16}").replace("accepted", "proposed"),
        "decisions/2026-01-01-torch.yaml": record("{torch: 2.1.0}", exits),
    }
    first, second = found(tmp_path, files)
    assert first.reasons == ("2026-01-01-numpy: its review was due on 2026-11-20",)
    assert first.packages == {"numpy": ("1.26.4",)}
    assert second.reasons == (
        "2026-01-01-torch: exit criterion met: numpy is locked 1.26.4, and this waited for numpy>=1.26",
        "2026-01-01-torch: exit criterion met: it was to hold until 2026-11-22",
    )


def test_records_that_share_a_package_are_tried_together_and_others_apart(tmp_path: Path) -> None:
    files = {
        "uv.lock": uv_lock(a="1", b="1", c="1", d="1", e="1"),
        "decisions/2026-01-01-a.yaml": record("{a: 1, b: 1}"),
        "decisions/2026-01-02-c.yaml": record("{c: 1, d: 1}"),
        "decisions/2026-01-03-e.yaml": record("{e: 1}"),
        "decisions/2026-01-04-b.yaml": record("{b: 1, c: 1}"),
    }
    together = ["2026-01-01-a", "2026-01-02-c", "2026-01-04-b"]
    assert [short(one) for one in found(tmp_path, files)] == [
        (together, ["uv.lock"], ["b", "c", "a", "d"]),
        (["2026-01-03-e"], ["uv.lock"], ["e"]),
    ]


def test_each_lock_is_an_occasion_but_requirements_of_one_folder_are_one(tmp_path: Path) -> None:
    files = {
        "a/uv.lock": uv_lock(numpy="1.26.4"),
        "b/requirements.txt": "numpy==1.24.0\n",
        "b/requirements-dev.txt": "numpy==1.24.0\n",
        "c/uv.lock": uv_lock(numpy="1.26.4"),
        "decisions/2026-01-01-numpy.yaml": record("{numpy: '<2'}", DUE + "locks: ['[ab]/*']\n"),
    }
    assert [one.locks for one in found(tmp_path, files)] == [
        ("a/uv.lock",),
        ("b/requirements-dev.txt", "b/requirements.txt"),
    ]


def test_what_a_successor_decides_is_no_business_of_the_old_record(tmp_path: Path) -> None:
    files = {
        "uv.lock": uv_lock(numpy="1.26.4", pandas="2.0.0"),
        "decisions/2026-01-01-old.yaml": record("{numpy: 1.26.4, pandas: 2.0.0}"),
        "decisions/2026-01-02-new.yaml": record("{numpy: 1.26.4}", "review_by: never\nsupersedes: [2026-01-01-old]\n"),
    }
    assert [short(one) for one in found(tmp_path, files)] == [(["2026-01-01-old"], ["uv.lock"], ["pandas"])]


@pytest.mark.parametrize(
    ("packages", "more", "said"),
    [
        ("{gone: 1.0}", "", "nothing that it names is locked any more"),
        ('{"conda:numpy": 1.26.4}', "", "conda packages cannot be tried"),
        ("{ours: '>=0,<9'}", "", "what it names comes from elsewhere than an index"),
        ("{}", "artifacts:\n  - {name: cuda, kind: cuda, version: 12.1}\n", "it names no package"),
    ],
)
def test_why_nothing_can_be_tried_is_said(tmp_path: Path, packages: str, more: str, said: str) -> None:
    ours = '\n[[package]]\nname = "ours"\nversion = "1.0"\nsource = { git = "https://git.example/ours#0123456789" }\n'
    files = {"uv.lock": uv_lock(numpy="1.26.4") + ours, "decisions/2026-01-01-x.yaml": record(packages, DUE + more)}
    (one,) = found(tmp_path, files)
    assert (one.packages, one.locks, one.unfit) == ({}, (), said)
