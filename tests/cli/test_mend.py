"""`check --fix`, `renew`, `supersede` and `exempt`: what changes on disk, and what never does."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from tests.cli.test_check import whypin
from tests.folders import record, uv_lock, write

LOCK = uv_lock(numpy="1.26.4", pandas="2.2.3")
ID = "2026-11-22-numpy"
PATH = f"decisions/{ID}.yaml"
SETTINGS = "[tool.whypin.policy]\nrequire = 'direct'\n"
EXEMPT = "# ours\nuv.lock:\n  numpy: [1.26.4]\n  pandas: [2.2.2]  # moved since\n"


def project(folder: Path, **more: str | bytes) -> Path:
    return write(folder, {"uv.lock": LOCK, "pyproject.toml": SETTINGS, PATH: record(), **more})


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_fix_mends_what_is_mechanical_and_tells_it(tmp_path: Path) -> None:
    more = {"decisions/exemptions.yaml": EXEMPT, "decisions/b/2026-11-22-pandas.yaml": record("Pandas", ">=2,<3")}
    project(tmp_path, **more)
    done = whypin(tmp_path, "check", "--fix", "--today", "2026-11-22")
    assert done.stderr.splitlines() == [
        "fixed decisions/b/2026-11-22-pandas.yaml: quoted the specifiers",
        f"fixed {PATH}: named the schema",
        "fixed decisions/b/2026-11-22-pandas.yaml: normalised the names and named the schema",
        "fixed decisions/record.schema.json: written",
        "fixed decisions/exemptions.yaml: 2 unneeded exemptions dropped",
    ]
    assert done.returncode == 0, done.stdout
    assert (tmp_path / PATH).read_text() == "# yaml-language-server: $schema=record.schema.json\n" + record()
    pandas = (tmp_path / "decisions/b/2026-11-22-pandas.yaml").read_text()
    assert pandas.startswith("# yaml-language-server: $schema=../record.schema.json\n")
    assert '  pandas: ">=2,<3"\n' in pandas
    assert (tmp_path / "decisions/exemptions.yaml").read_text() == "# ours\n"
    schema = whypin(tmp_path, "schema").stdout
    assert (tmp_path / "decisions/record.schema.json").read_text() == schema


def test_fix_has_nothing_to_do_the_second_time(tmp_path: Path) -> None:
    project(tmp_path)
    whypin(tmp_path, "check", "--fix")
    before = files(tmp_path)
    done = whypin(tmp_path, "check", "--fix")
    assert (done.stderr, files(tmp_path)) == ("", before)


def test_fix_leaves_alone_what_it_cannot_mend(tmp_path: Path) -> None:
    broken: dict[str, str | bytes] = {
        "decisions/a.yaml": "title: [\n",
        "decisions/b.yaml": b"\xff\xfe\x00",
        "decisions/c.yml": "title: x\n",
    }
    project(tmp_path, **broken)
    before = files(tmp_path)
    assert whypin(tmp_path, "check", "--fix").returncode == 1
    after = files(tmp_path)
    assert {name: after[name] for name in broken} == {name: before[name] for name in broken}


def test_what_was_mended_is_told_even_where_the_next_file_cannot_be_written(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "decisions/record.schema.json").mkdir()
    done = whypin(tmp_path, "check", "--fix")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, f"fixed {PATH}: named the schema")


def test_renew_writes_the_date_and_a_note_and_nothing_else(tmp_path: Path) -> None:
    text = "\ufeff" + record(review="")
    project(tmp_path, **{PATH: text})
    (tmp_path / PATH).chmod(0o640)
    before = files(tmp_path)
    done = whypin(tmp_path, "renew", ID, "--today", "2026-11-22", "--note", "still needed")
    assert (done.stdout, done.returncode) == (f"{PATH}: review_by is 2027-05-21 now\n", 0)
    added = "# 2026-11-22 renewed until 2027-05-21: still needed\nreview_by: 2027-05-21\n"
    assert files(tmp_path) == before | {PATH: (text + added).encode()}
    assert stat.S_IMODE((tmp_path / PATH).stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["numpi"], "there is no record numpi; see whypin list"),
        (["2026-11-22-nunpy"], "there is no record 2026-11-22-nunpy; did you mean 2026-11-22-numpy?"),
        ([ID, "--until", "2026-11-22"], "2026-11-22 is not after 2026-11-22; give --until a day to come"),
        (["broken"], "decisions/broken.yaml:1:1: the record has problems; run whypin check and mend them first"),
        (["old"], "decisions/old.yaml:1:1: old is superseded by new; only what is in force can be renewed"),
        (["no"], "decisions/no.yaml:1:1: no is rejected; only what is in force can be renewed"),
    ],
)
def test_renew_refuses_what_it_cannot_renew(tmp_path: Path, arguments: list[str], message: str) -> None:
    more = {
        "decisions/broken.yaml": "a: b\n",
        "decisions/old.yaml": record() + "date: 2025-01-01\n",
        "decisions/new.yaml": record() + "date: 2025-02-01\nsupersedes: [old]\n",
        "decisions/no.yaml": record().replace("accepted", "rejected") + "date: 2025-02-01\n",
    }
    project(tmp_path, **more)
    before = files(tmp_path)
    done = whypin(tmp_path, "renew", *arguments, "--today", "2026-11-22")
    assert (done.stderr, done.returncode) == (f"whypin: error: {message}\n", 2)
    assert files(tmp_path) == before


def test_supersede_takes_over_the_attempts_with_what_is_locked_now(tmp_path: Path) -> None:
    attempts = "".join(
        f"  - {{date: 2026-11-20, package: Numpy, version: {version}, outcome: {outcome}, tool: uv 0.13.9}}\n"
        for version, outcome in (("1.26.4", "passed"), ("2.0", "failed"))
    )
    project(tmp_path, **{"decisions/2025-01-01-numpy.yaml": record("numpy", "1.26.3") + f"attempts:\n{attempts}"})
    (tmp_path / PATH).unlink()
    assert whypin(tmp_path, "supersede", "2025-01-01-numpy", "--today", "2026-11-22").returncode == 0
    text = (tmp_path / PATH).read_text()
    assert text.count("outcome:") == 1
    assert "version: 1.26.4" in text and "outcome: passed" in text and "tool: uv 0.13.9" in text


def test_supersede_starts_the_successor_at_the_locked_versions(tmp_path: Path) -> None:
    old = record("numpy", "1.26.3").replace("packages:\n", "packages:\n  gone: 1.0\n") + "tags: [numerics]\n"
    old += "confirmation:\n  - run: pytest -q tests/regression\n"
    project(tmp_path, **{"decisions/2025-01-01-numpy.yaml": old})
    (tmp_path / PATH).unlink()
    done = whypin(tmp_path, "supersede", "2025-01-01-numpy", "--today", "2026-11-22")
    assert done.stdout == f"{PATH}: written; say why under rationale, then set status: accepted\n"
    assert (tmp_path / PATH).read_text() == (
        "# yaml-language-server: $schema=record.schema.json\n"
        'title: "Revise: Hold numpy where the pipeline works"\n'
        "status: proposed\n"
        "deciders: [data-platform]\n"
        "packages:\n"
        "  gone: 1.0\n"
        "  numpy: 1.26.4\n"
        'rationale: ""  # say why here: an accepted decision needs it\n'
        "confirmation:\n"
        "  - run: pytest -q tests/regression\n"
        "supersedes: [2025-01-01-numpy]\n"
        "tags: [numerics]\n"
    )
    again = whypin(tmp_path, "supersede", "2025-01-01-numpy", "--today", "2026-11-22")
    message = f"{PATH}:1:1: 2026-11-22-numpy is to supersede 2025-01-01-numpy already; go on with that one"
    assert (again.stderr, again.returncode) == (f"whypin: error: {message}\n", 2)
    begun = whypin(tmp_path, "supersede", "2026-11-22-numpy", "--today", "2026-11-22")
    message = f"{PATH}:1:1: 2026-11-22-numpy is only proposed; change it where it is"
    assert (begun.stderr, begun.returncode) == (f"whypin: error: {message}\n", 2)


def test_a_successor_gets_an_id_that_no_record_has(tmp_path: Path) -> None:
    more = {"decisions/a/2026-11-22-numpy-2.yaml": "title: [\n", "decisions/b/2026-11-22-numpy-3.yaml": record()}
    project(tmp_path, **more)
    done = whypin(tmp_path, "supersede", ID, "--today", "2026-11-22")
    assert done.stdout.startswith("decisions/2026-11-22-numpy-4.yaml: written"), done.stderr


def test_a_successor_insists_on_the_index_as_the_old_record_did(tmp_path: Path) -> None:
    items = "[{version: 1.26.3, index: https://index.example/simple}]"
    project(tmp_path, **{PATH: record(versions=items)})
    whypin(tmp_path, "supersede", ID, "--today", "2026-11-23")
    text = (tmp_path / "decisions/2026-11-23-numpy.yaml").read_text()
    assert '  numpy: [{version: 1.26.4, index: "https://index.example/simple"}]\n' in text


@pytest.mark.parametrize("command", [("check", "--fix"), ("renew", ID, "--note", "still")])
def test_line_ends_stay_as_they_are(tmp_path: Path, command: tuple[str, ...]) -> None:
    text = record("NumPy", ">=1.26,<2").replace("\n", "\r\n")
    if command[0] == "renew":
        text = text.replace(">=1.26,<2", "1.26.4")
    project(tmp_path, **{PATH: text})
    whypin(tmp_path, *command, "--today", "2026-11-22")
    after = (tmp_path / PATH).read_bytes()
    assert len(after) > len(text)
    assert after.count(b"\n") == after.count(b"\r\n")


def test_exempt_lists_and_prunes(tmp_path: Path) -> None:
    more = {
        "decisions/exemptions.yaml": EXEMPT.replace("pandas: [2.2.2]", "pandas: [2.2.3]") + "gone.lock:\n  a: [1.0]\n"
    }
    project(tmp_path, **more)
    (tmp_path / PATH).unlink()
    listed = whypin(tmp_path, "exempt")
    assert listed.stdout == (
        "uv.lock\n  numpy   1.26.4\n  pandas  2.2.3\n"
        "gone.lock\n  a       1.0  (unneeded: there is no such lock)\n\n"
        "2 exemptions needed; 1 can go: whypin exempt --prune\n"
    )
    pruned = whypin(tmp_path, "exempt", "--prune")
    assert pruned.stderr == "decisions/exemptions.yaml: 1 unneeded exemption dropped\n"
    kept = "# ours\nuv.lock:\n  numpy: [1.26.4]\n  pandas: [2.2.3]  # moved since\n"
    assert (tmp_path / "decisions/exemptions.yaml").read_text() == kept


def test_exempt_for_other_programs(tmp_path: Path) -> None:
    project(tmp_path, **{"decisions/exemptions.yaml": "uv.lock:\n  pandas: [2.2.3, 2.2.2]\n"})
    listed = json.loads(whypin(tmp_path, "exempt", "--format", "json").stdout)
    whole = {"lock": "uv.lock", "name": "pandas", "versions": ["2.2.3", "2.2.2"]}
    assert listed == {
        "version": 1,
        "exemptions": [whole | {"needed": True, "unneeded": None, "stale": ["2.2.2"]}],
    }
    said = whypin(tmp_path, "exempt").stdout
    assert said.endswith("\n1 exemption needed; 1 can go, in whole or in part: whypin exempt --prune\n")


def test_a_lock_that_is_missing_costs_no_exemption(tmp_path: Path) -> None:
    settings = SETTINGS + "[project]\nname = 'a'\nversion = '1'\ndependencies = ['pandas']\n"
    project(tmp_path, **{"decisions/exemptions.yaml": EXEMPT, "pyproject.toml": settings})
    (tmp_path / "uv.lock").unlink()
    assert "exemption" not in whypin(tmp_path, "check", "--fix").stderr
    pruned = whypin(tmp_path, "exempt", "--prune")
    assert (pruned.stdout, pruned.returncode) == ("", 2)
    assert (tmp_path / "decisions/exemptions.yaml").read_text() == EXEMPT


def test_exempt_without_exemptions(tmp_path: Path) -> None:
    assert whypin(project(tmp_path), "exempt", "--prune").stdout == "no exemptions\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "decisions").chmod(0o500)
    done = whypin(tmp_path, "renew", ID, "--today", "2026-11-22")
    assert (done.stderr, done.returncode) == (f"whypin: error: {PATH}:1:1: cannot be written: Permission denied\n", 2)
