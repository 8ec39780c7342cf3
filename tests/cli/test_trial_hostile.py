"""`whypin trial` with records, steps and indexes that mean no good, or do none."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from uv import find_uv_bin

from tests import wheels
from tests.cli.test_base import commit, git
from tests.cli.test_trial import DAY, PROJECT, RECORD, Place, record
from tests.folders import write

MORE = "2026-11-03-more.yaml"
LOG = "decisions/logs/2026-11-22-tiny-2.0.txt"


def through_a_link_above(place: Place, text: str) -> None:
    git(place.folder, "mv", "docs", "elsewhere")
    (place.folder / "docs").symlink_to("elsewhere")
    write(place.folder, {f"elsewhere/decisions/{MORE}": text})


def in_a_submodule(place: Place, text: str) -> None:
    inner = write(place.temporary.parent / "inner", {MORE: text})
    git(inner, "init", "-q", "-b", "main")
    commit(inner)
    git(place.folder, "-c", "protocol.file.allow=always", "submodule", "add", str(inner), "docs/decisions/more")


def ignored(place: Place, text: str) -> None:
    write(place.folder, {".gitignore": f"{MORE}\n", f"docs/decisions/{MORE}": text})


@pytest.mark.parametrize("smuggled", [through_a_link_above, in_a_submodule, ignored])
def test_a_step_that_git_does_not_tell_as_changed_runs_only_with_yes(place: Place, smuggled: object) -> None:
    place.files({"whypin.toml": 'records = "docs/decisions"\n', f"docs/{RECORD}": record("run: echo fine")})
    write(place.folder, {"pyproject.toml": PROJECT.format(tiny="1.0", other="top")})
    environment = {**os.environ, **place.variables}
    subprocess.run([find_uv_bin(), "lock", "-q"], cwd=place.folder, check=True, env=environment)
    commit(place.folder)
    assert place.trial("tiny==2.0", "--only", "lock").returncode == 0
    git(place.folder, "checkout", "-q", "-b", "stranger")
    marker = place.temporary.parent / "ran"
    assert callable(smuggled)
    smuggled(place, record(f"run: touch {marker}"))
    commit(place.folder)
    done = place.trial("tiny==2.0")
    assert (done.returncode, "is not in the record as it was at the base" in done.stderr) == (2, True)
    assert not marker.exists()


@pytest.mark.parametrize("removed", ["$PWD", "$(dirname $HOME)"])
def test_a_step_that_removes_what_it_runs_in_is_judged_by_its_exit_code(place: Place, removed: str) -> None:
    found = place.uv(record(f'run: rm -rf "{removed}"; sleep 0.2; exit 5')).told("tiny==2.0", code=1)
    assert found["evidence"].endswith("ended with exit code 5")
    assert place.changed == [f"M {RECORD}", f"?? {LOG}"]
    assert place.left == []


def test_what_no_record_may_hold_is_left_out_of_evidence_and_log(place: Place) -> None:
    odd = r"\342\200\250 \342\200\256 \302\233 \357\277\276 \357\273\277 \000 \033]0;title"
    place.files({"say.sh": f"printf 'before {odd} after\\n'; exit 3\n"}).uv(record("run: sh say.sh"))
    found = place.told("tiny==2.0", code=1)
    last = found["evidence"].splitlines()[-1]
    assert last.isprintable() and last.split() == ["before", "0;title", "after"]
    assert (place.folder / LOG).read_text(encoding="utf-8").replace("\n", "").isprintable()
    assert "outcome: failed" in place.record


@pytest.mark.parametrize(
    ("made", "said"), [("a file", "no file can be written there"), ("a link", "lies outside the root")]
)
def test_where_the_log_cannot_be_written_nothing_is_run(place: Place, made: str, said: str) -> None:
    place.uv(record("run: exit 1"))
    logs = place.folder / "decisions/logs"
    if made == "a link":
        logs.symlink_to(place.temporary.parent)
    else:
        logs.write_text("")
    commit(place.folder)
    done = place.trial("tiny==2.0")
    assert (done.returncode, len(done.stderr.splitlines()), said in done.stderr) == (2, 1, True)
    assert (place.changed, place.left) == ([], [])


def test_no_line_of_a_secret_is_shown(place: Place) -> None:
    done = place.uv(record('run: echo "$KEY"')).trial(
        "tiny==2.0", "--env", "KEY", KEY="-- BEGIN\nhunter2hunter2\n-- END"
    )
    assert done.returncode == 0
    assert "hunter2" not in done.stdout + done.stderr + (place.folder / LOG).read_text(encoding="utf-8")


def test_an_index_that_lacks_what_the_project_needs_anyway_says_nothing_of_the_version(
    place: Place, packages: Path
) -> None:
    some = Path(shutil.copytree(packages, place.temporary.parent / "some"))
    with wheels.served(some) as address:
        place.variables = {"TMPDIR": str(place.temporary), "UV_DEFAULT_INDEX": address}
        place.uv()
        for file in some.glob("top-*"):
            file.unlink()
        done = place.trial("tiny==2.0")
    assert (done.returncode, "nothing is logged" in done.stderr) == (2, True)
    assert place.changed == []


def test_a_repository_that_cannot_be_reached_says_nothing_of_the_version(place: Place) -> None:
    lines = "tiny==1.0\ntop==1.0\n"
    place.files({"requirements.txt": lines, RECORD: record()})
    write(place.folder, {"requirements.txt": f"{lines}other @ git+http://127.0.0.1:9/other.git@{'0' * 40}\n"})
    commit(place.folder)
    done = place.trial("tiny==2.0")
    assert (done.returncode, "unable to access" in done.stderr) == (2, True)
    assert place.changed == []


def test_whatever_interrupts_all_at_once_leaves_nothing_behind(place: Place) -> None:
    pipe = place.temporary.parent / "pipe"
    os.mkfifo(pipe)
    place.uv(record(f"run: exec 3> {pipe}; echo up >&3; sleep 300"))
    process = subprocess.Popen(
        [sys.executable, "-m", "whypin", "trial", "tiny==2.0", "--today", DAY],
        cwd=place.folder,
        env={**os.environ, "PYTHONPATH": "", **place.variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    held = os.open(pipe, os.O_RDONLY)
    assert os.read(held, 3) == b"up\n"
    process.send_signal(signal.SIGSTOP)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGCONT):
        process.send_signal(number)
    assert b"Traceback" not in process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert (place.changed, place.left) == ([], [])
    assert select.select([held], [], [], 30)[0] == [held] and os.read(held, 1) == b""
