"""One command: its time, its output, its environment, and what it leaves running."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.folders import write
from whypin.errors import WhypinError
from whypin.trials import run as running
from whypin.trials import scratch as scratching
from whypin.trials.run import Done, environment, run
from whypin.trials.scratch import Scratch, opened


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scratch]:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    with opened(str(write(tmp_path / "app", {"a.txt": "a"})), False) as scratch:
        yield scratch


def ran(place: Scratch, command: str, seconds: float = 30, said: list[str] | None = None) -> Done:
    lines = said if said is not None else []
    return run(command, place.project, environment(place, (), False), seconds, lines.append, str)


def test_output_and_exit_code(place: Scratch) -> None:
    said: list[str] = []
    done = ran(place, "echo out; echo err >&2; ls; exit 3", said=said)
    assert (done.code, done.output, said) == (3, "out\nerr\na.txt\n", ["out", "err", "a.txt"])


def holder(place: Scratch) -> int:
    """A pipe that commands may hold open as `../tmp/pipe`: at its end, nobody does any more."""
    pipe = os.path.join(place.temporary, "pipe")
    os.mkfifo(pipe)
    return os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)


def heard(pipe: int) -> bytes:
    """What was written into the pipe up to its end; fails where somebody still holds it after half a minute."""
    said = b""
    while select.select([pipe], [], [], 30)[0]:
        chunk = os.read(pipe, 99)
        if not chunk:
            return said
        said += chunk
    raise AssertionError("a process is still there")


def test_a_command_that_hangs_is_ended_with_all_it_has_started(place: Scratch) -> None:
    pipe = holder(place)
    done = ran(place, "exec 3> ../tmp/pipe; echo up >&3; (trap '' TERM; sleep 300) & sleep 300", seconds=0.5)
    assert (done.code, heard(pipe)) == (None, b"up\n")


def test_what_a_command_leaves_running_ends_with_it(place: Scratch) -> None:
    pipe = holder(place)
    done = ran(place, "exec 3> ../tmp/pipe; echo up >&3; sleep 300 & echo done")
    assert (done.code, done.output) == (0, "done\n")
    assert heard(pipe) == b"up\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only there we are told")
@pytest.mark.parametrize("code", [0, None])
def test_what_leaves_for_a_session_of_its_own_ends_too(place: Scratch, code: int | None) -> None:
    pipe = holder(place)
    daemon = "exec 3> ../tmp/pipe; env -i /usr/bin/setsid /bin/sh -c '(echo up >&3; sleep 300) & sleep 300' & "
    done = ran(place, daemon + ("sleep 300" if code is None else "sleep 0.2"), 1)
    assert done.seconds < 4
    assert (done.code, heard(pipe)) == (code, b"up\n")


def test_a_flood_is_cut_in_the_middle_and_shown_in_part(place: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST", 1 << 17)
    said: list[str] = []
    done = ran(
        place, "echo first; yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | head -c 8000000; echo last", said=said
    )
    assert len(done.output) < 1 << 19
    assert done.output.startswith("first\n") and done.output.endswith("last\n") and "bytes are left out" in done.output
    assert len(said) == running.SHOWN + 1 and said[-1] == "… more is in the log"


def test_a_line_without_end_is_no_trouble(place: Scratch) -> None:
    said: list[str] = []
    done = ran(place, "head -c 3000000 /dev/zero | tr '\\0' x", said=said)
    assert done.code == 0
    assert [len(line) for line in said] == [2000]


def test_nothing_is_asked(place: Scratch) -> None:
    assert ran(place, "read answer || echo nobody").output == "nobody\n"


def test_commands_do_not_get_the_callers_secrets(place: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("UV_INDEX_URL", "https://me:hunter2@index.example/simple")
    monkeypatch.setenv("DATA", "where")
    step, tool = environment(place, (), False), environment(place, (), True)
    assert "hunter2" not in str(step) and "DATA" not in step
    assert "UV_INDEX_URL" in tool and "AWS_SECRET_ACCESS_KEY" not in tool
    assert environment(place, ("DATA",), False)["DATA"] == "where"
    assert step["HOME"] == place.home != os.environ.get("HOME")


def test_the_callers_environment_is_not_on_the_path(place: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere/venv")
    monkeypatch.setenv("PATH", os.pathsep.join(["/somewhere/venv/bin", "/usr/bin"]))
    folders = environment(place, (), False)["PATH"].split(os.pathsep)
    assert folders == [f"{place.environment}/bin", "/usr/bin", place.tools]


def test_a_program_that_is_not_there_is_said_so(place: Scratch) -> None:
    with pytest.raises(WhypinError, match="nowhere cannot be run"):
        run(["nowhere"], place.project, environment(place, (), False), 5, print, str)


def test_a_full_disk_ends_the_command(place: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratching, "LEAST_FREE", 1 << 60)
    with pytest.raises(WhypinError, match="is free in"):
        ran(place, "sleep 300")
