"""`whypin trial`, run as a user runs it, against a folder of wheels: no network."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from uv import find_uv_bin

from tests.cli.test_base import commit, git
from tests.cli.test_check import whypin as run_whypin
from tests.folders import write

RECORD = "decisions/2026-11-01-tiny.yaml"
DAY = "2026-11-22"
PROJECT = """\
[project]
name = "app"
version = "0.1"
requires-python = ">=3.11"
dependencies = ["tiny=={tiny}", "{other}"]
"""


def record(*steps: str, packages: str = "tiny: 1.0  # kept") -> str:
    confirmation = "".join(f"  - {step}\n" for step in steps)
    return (
        f"title: Hold tiny\nstatus: accepted\ndeciders: [me]\npackages:\n  {packages}\n"
        "rationale: |\n  The pipeline was validated with it and breaks with the next.\n"
        f"review_by: never\n{'confirmation:' if steps else ''}\n{confirmation}"
    )


TESTED = record("run: python -c \"import tiny; print('this is', tiny.version)\"", "check: Figures look right.")


class Place:
    """A repository with a project in it, and how whypin is run there."""

    def __init__(self, folder: Path, packages: Path) -> None:
        self.folder, self.temporary = folder / "app", folder / "tmp"
        self.temporary.mkdir()
        self.variables = {
            "TMPDIR": str(self.temporary),
            "UV_FIND_LINKS": str(packages),
            "UV_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(packages),
            "PIP_NO_INDEX": "1",
        }
        self.folder.mkdir()
        git(self.folder, "init", "-q", "-b", "main")

    def uv(self, text: str = TESTED, tiny: str = "1.0", other: str = "top") -> Place:
        """Lock a project by uv, with one record, and commit it."""
        write(self.folder, {"pyproject.toml": PROJECT.format(tiny=tiny, other=other), RECORD: text})
        self.uv_lock()
        commit(self.folder)
        return self

    def uv_lock(self) -> None:
        environment = {**os.environ, **self.variables}
        subprocess.run([find_uv_bin(), "lock", "-q"], cwd=self.folder, check=True, env=environment)

    def files(self, files: dict[str, str]) -> Place:
        write(self.folder, files)
        commit(self.folder)
        return self

    def trial(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return run_whypin(self.folder, "trial", *arguments, "--today", DAY, **self.variables, **variables)

    def told(self, *arguments: str, code: int = 0, **variables: str) -> dict[str, Any]:
        done = self.trial(*arguments, "--format", "json", **variables)
        assert done.returncode == code, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    @property
    def changed(self) -> list[str]:
        """What git sees: the status of each file that is not as it was committed."""
        return git(self.folder, "status", "--short", "--untracked-files=all").splitlines()

    @property
    def left(self) -> list[Path]:
        return list(self.temporary.iterdir())

    @property
    def record(self) -> str:
        return (self.folder / RECORD).read_text(encoding="utf-8")


def test_a_version_that_passes_is_logged_and_nothing_else_is_touched(place: Place) -> None:
    done = place.uv().trial("tiny==2.0")
    assert done.returncode == 0
    assert done.stdout.startswith("uv.lock: 1 moved, 1 direct and 0 transitive\n  tiny  major upgrade  1.0 -> 2.0")
    assert "passed  python -c" in done.stdout and "open  Figures look right.\n" in done.stdout
    assert "1 check still to be made by a person" in done.stdout
    assert "next: whypin trial tiny==2.0 --apply --supersede takes the change" in done.stdout
    assert "\n  this is 2.0\n" in done.stderr
    assert place.changed == [f"M {RECORD}", "?? decisions/logs/2026-11-22-tiny-2.0.txt"]
    assert place.record.startswith(TESTED)
    added = place.record.removeprefix(TESTED)
    for line in (
        "  - date: 2026-11-22\n    package: tiny\n    version: 2.0\n    outcome: passed\n",
        "      1 step passed\n      Not checked yet: Figures look right.\n",
        "uv lock --upgrade-package tiny==2.0",
        "    python: 3.",
        "    log: decisions/logs/2026-11-22-tiny-2.0.txt\n",
    ):
        assert line in added
    log = (place.folder / "decisions/logs/2026-11-22-tiny-2.0.txt").read_text(encoding="utf-8")
    assert "this is 2.0\n[exit code 0," in log and str(place.temporary) not in log
    assert place.left == []
    assert run_whypin(place.folder, "check", "--today", DAY).returncode == 0


def test_a_step_that_fails_is_the_evidence_and_ends_the_trial(place: Place) -> None:
    found = place.uv(record("run: echo before; echo 'auc is 0.5'; exit 7", "run: echo later")).told("tiny==2.0", code=1)
    assert found["outcome"] == "failed"
    assert found["evidence"].endswith("ended with exit code 7\nbefore\nauc is 0.5")
    assert [step["outcome"] for step in found["steps"]] == ["failed", "not reached"]
    assert "outcome: failed" in place.record and "auc is 0.5" in place.record


def test_versions_that_do_not_go_together_are_logged_with_the_resolvers_reason(place: Place) -> None:
    found = place.uv(other="cap").told("tiny==2.0", code=1)
    assert (found["outcome"], found["steps"], found["moved"]) == ("failed", [], [])
    assert found["evidence"].startswith("Because all versions of cap depend on tiny<2 and your project depends on cap")
    assert "Because all versions of cap depend on tiny<2" in place.record
    assert place.left == []


def test_a_project_that_does_not_lock_anyway_says_nothing_about_the_version(place: Place) -> None:
    place.uv()
    write(place.folder, {"pyproject.toml": PROJECT.format(tiny="1.0", other='cap", "top>=2')})
    done = place.trial("tiny==1.5")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the project does not lock as it is, without the change: Because" in done.stderr.splitlines()[-1]
    assert (place.changed, place.left) == (["M pyproject.toml"], [])


def test_a_build_that_breaks_is_logged(place: Place) -> None:
    found = place.uv().told("tiny==3.0", code=1)
    assert "numpy.distutils is gone" in found["evidence"]
    assert "outcome: failed" in place.record


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("tiny==9.0", "the index has no tiny==9.0"),
        ("tinny==2.0", "tinny is not locked; did you mean tiny?"),
        ("tiny", "give NAME==VERSION"),
    ],
)
def test_what_cannot_be_tried_is_one_clear_line_and_nothing_is_logged(place: Place, asked: str, said: str) -> None:
    done = place.uv().trial(asked)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr.splitlines()[-1]
    assert (place.changed, place.left) == ([], [])


def test_an_index_that_cannot_be_reached_says_nothing_about_the_version(place: Place) -> None:
    place.uv()
    place.variables |= {"UV_NO_INDEX": "0", "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"}
    done = place.trial("tiny==2.0", "--env", "UV_HTTP_RETRIES")
    assert done.returncode == 2
    assert "nothing is logged" in done.stderr.splitlines()[-1]
    assert place.changed == []


def test_a_step_that_hangs_fails_after_its_time(place: Place) -> None:
    found = place.uv(record("run: echo waiting; sleep 300")).told("tiny==2.0", "--timeout", "2s", code=1)
    assert found["evidence"] == "`echo waiting; sleep 300` took longer than 2 seconds\nwaiting"
    assert place.left == []


def test_a_step_that_floods_is_bounded(place: Place) -> None:
    done = place.uv(record("run: yes flooding | head -c 20000000")).trial("tiny==2.0")
    assert done.returncode == 0
    assert len(done.stderr) < 20_000
    (log,) = (place.folder / "decisions/logs").iterdir()
    assert log.stat().st_size < 1_200_000 and "bytes are left out" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing_behind_and_the_record_unharmed(place: Place, number: int) -> None:
    pipe = place.temporary.parent / "pipe"
    os.mkfifo(pipe)
    place.uv(record(f"run: exec 3> {pipe}; echo up >&3; sleep 300 & sleep 300"))
    process = subprocess.Popen(
        [sys.executable, "-m", "whypin", "trial", "tiny==2.0"],
        cwd=place.folder,
        env={**os.environ, "PYTHONPATH": "", **place.variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    held = os.open(pipe, os.O_RDONLY)  # opens once the step has begun, and ends when none of its processes is left
    assert os.read(held, 3) == b"up\n"
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert (place.changed, place.left) == ([], [])
    assert select.select([held], [], [], 30)[0] == [held] and os.read(held, 1) == b""


def test_two_trials_at_once_both_end_up_in_the_record(place: Place) -> None:
    # Each waits for the other: neither is over before both run.
    pipes = {version: place.temporary.parent / version for version in ("1.5", "2.0")}
    for pipe in pipes.values():
        os.mkfifo(pipe)
    meet = "import os, tiny\npipes = " + repr({version: str(pipe) for version, pipe in pipes.items()}) + "\n"
    meet += "own = os.open(pipes.pop(tiny.version), os.O_RDWR)\nos.write(os.open(*pipes.values(), os.O_RDWR), b'x')\n"
    meet += "os.read(own, 1)\n"
    place.files({"meet.py": meet}).uv(record("run: python meet.py; true"))
    command = [sys.executable, "-m", "whypin", "trial", "--today", DAY, "--timeout", "60s"]
    environment = {**os.environ, "PYTHONPATH": "", **place.variables}
    both = [
        subprocess.Popen(
            [*command, f"tiny=={version}"],
            cwd=place.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for version in ("1.5", "2.0")
    ]
    assert [process.wait(120) for process in both] == [0, 0]
    assert place.record.count("outcome: passed") == 2
    assert {path.name for path in (place.folder / "decisions/logs").iterdir()} == {
        "2026-11-22-tiny-1.5.txt",
        "2026-11-22-tiny-2.0.txt",
    }


def test_the_same_trial_again_has_a_log_of_its_own(place: Place) -> None:
    place.uv(record("run: exit 1"))
    assert [place.told("tiny==2.0", code=1)["log"] for _ in range(2)] == [
        "decisions/logs/2026-11-22-tiny-2.0.txt",
        "decisions/logs/2026-11-22-tiny-2.0-2.txt",
    ]


def test_a_step_that_the_base_does_not_have_runs_only_with_yes(place: Place) -> None:
    place.uv(record("run: echo fine"))
    git(place.folder, "checkout", "-q", "-b", "stranger")
    marker = place.temporary.parent / "ran"
    place.files({RECORD: record("run: echo fine", f"run: touch {marker}")})
    done = place.trial("tiny==2.0")
    assert done.returncode == 2
    assert done.stderr.startswith(f"whypin: error: {RECORD}:")
    assert "is not in the record as it was at the base" in done.stderr and "give --yes" in done.stderr
    assert not marker.exists() and place.left == []
    assert place.told("tiny==2.0", "--yes")["outcome"] == "passed"
    assert marker.exists()


def test_without_a_base_steps_run_only_with_yes(place: Place) -> None:
    place.uv()
    git(place.folder, "branch", "-m", "elsewhere")
    done = place.trial("tiny==2.0")
    assert (done.returncode, "cannot be compared with a base" in done.stderr) == (2, True)
    assert place.trial("tiny==2.0", "--base", "HEAD").returncode == 0


def test_a_record_about_what_moves_along_is_asked_too(place: Place) -> None:
    other = record("run: echo top is asked too", packages="top: 1.0").replace("Hold tiny", "Hold top")
    place.files({"decisions/2026-11-02-top.yaml": other}).uv(record("run: echo tiny"), other="top<=2")
    write(place.folder, {"uv.lock": (place.folder / "uv.lock").read_text(encoding="utf-8")})
    found = place.told("top==1.0", "tiny==1.5")
    assert [step["text"] for step in found["steps"]] == ["echo tiny", "echo top is asked too"]


def test_packages_that_only_move_together_are_tried_together(place: Place) -> None:
    both = record("run: python -c 'import tiny, top; print(top.version)'", packages="{tiny: 1.0, top: 1.0}")
    place.uv(both, other="top==1.0")
    found = place.told("top==2.0", "tiny==2.0", "--apply")
    assert found["outcome"] == "passed"
    assert '["tiny==2.0", "top==2.0"]' in (place.folder / "pyproject.toml").read_text(encoding="utf-8")
    assert "package: top\n" in place.record and "Together with tiny==2.0.\n" in place.record
    assert "package: tiny\n" in place.record and "Together with top==2.0.\n" in place.record


def test_a_dry_run_shows_the_plan_and_does_nothing(place: Place) -> None:
    done = place.uv().trial("tiny==2.0", "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == """\
tiny==2.0 in uv.lock, in a scratch copy; nothing is run now
  change pyproject.toml:5: tiny ==1.0 to ==2.0
  run uv lock --upgrade-package tiny==2.0
  run uv sync --locked --all-extras --all-groups
  run python -c "import tiny; print('this is', tiny.version)" (2026-11-01-tiny)
  ask Figures look right. (2026-11-01-tiny)
  log the attempt in 2026-11-01-tiny
"""
    )
    assert (place.changed, place.left) == ([], [])


def test_only_lock_stops_after_resolving(place: Place) -> None:
    found = place.uv(record("run: exit 1")).told("tiny==2.0", "--only", "lock")
    assert (found["outcome"], found["rejected_by"]) == ("locked", ["2026-11-01-tiny"])
    assert [move["name"] for move in found["moved"][0]["moves"]] == ["tiny"]
    assert place.changed == []


def test_apply_changes_lock_and_manifest_and_supersede_starts_the_successor(place: Place) -> None:
    found = place.uv().told("tiny==2.0", "--apply", "--supersede")
    assert found["written"] == ["uv.lock", "pyproject.toml", "decisions/2026-11-22-tiny.yaml"]
    assert '"tiny==2.0"' in (place.folder / "pyproject.toml").read_text(encoding="utf-8")
    successor = (place.folder / "decisions/2026-11-22-tiny.yaml").read_text(encoding="utf-8")
    assert "tiny: 2.0\n" in successor and successor.count("outcome: passed") == 1 and 'rationale: ""' in successor
    environment = {**os.environ, **place.variables}
    subprocess.run([find_uv_bin(), "lock", "--check", "-q"], cwd=place.folder, check=True, env=environment)


def test_what_passed_a_moment_ago_is_taken_without_logging_it_twice(place: Place) -> None:
    place.uv().told("tiny==2.0")
    found = place.told("tiny==2.0", "--apply", "--supersede")
    assert (found["logged"], found["known"], found["log"]) == ([], [RECORD], None)
    assert place.record.count("outcome: passed") == 1
    successor = (place.folder / "decisions/2026-11-22-tiny.yaml").read_text(encoding="utf-8")
    assert successor.count("outcome: passed") == 1


def test_what_fails_is_not_applied(place: Place) -> None:
    place.uv(record("run: exit 1")).told("tiny==2.0", "--apply", "--patch", "../p", code=1)
    assert place.changed == [f"M {RECORD}", "?? decisions/logs/2026-11-22-tiny-2.0.txt"]
    assert not (place.folder / "../p").exists()


def test_what_was_changed_meanwhile_is_not_overwritten(place: Place) -> None:
    place.uv(record(f"run: echo '# mine' >> {place.folder}/pyproject.toml"))
    done = place.trial("tiny==2.0", "--apply")
    assert (done.returncode, "it has changed since the trial began" in done.stderr) == (2, True)
    assert (place.folder / "pyproject.toml").read_text(encoding="utf-8").endswith("# mine\n")
    assert "uv.lock" not in str(place.changed)


def test_a_patch_is_one_that_git_applies(place: Place) -> None:
    place.uv().told("tiny==2.0", "--patch", "../change.patch")
    assert place.changed == [f"M {RECORD}", "?? decisions/logs/2026-11-22-tiny-2.0.txt"]
    git(place.folder, "apply", "../change.patch")
    assert 'version = "2.0"' in (place.folder / "uv.lock").read_text(encoding="utf-8")


def test_a_patch_takes_the_place_of_no_other_file(place: Place) -> None:
    place.uv()
    for path, said in (("pyproject.toml", "is there, and it is no patch"), ("gone/x.patch", "there is no such folder")):
        done = place.trial("tiny==2.0", "--patch", path)
        assert (done.returncode, said in done.stderr, "uv lock" in done.stderr) == (2, True, False)
    assert place.changed == []
    for version in ("1.5", "2.0"):  # its own kind it may replace
        place.told(f"tiny=={version}", "--patch", "../change.patch")


def test_a_successor_that_is_proposed_already_is_not_started_again(place: Place) -> None:
    proposal = record(packages="tiny: 2.0").replace("accepted", "proposed") + "supersedes: [2026-11-01-tiny]\n"
    place.files({"decisions/2026-11-10-next.yaml": proposal.replace("confirmation:", "")})
    done = place.uv(record()).trial("tiny==2.0", "--apply", "--supersede")
    assert done.returncode == 0, done.stderr
    assert "next: go on with 2026-11-10-next, which is to supersede 2026-11-01-tiny\n" in done.stdout
    assert not (place.folder / "decisions/2026-11-22-tiny.yaml").exists()


def test_a_successor_takes_over_the_attempt_however_the_version_is_spelt(place: Place) -> None:
    place.uv(record()).told("tiny==2", "--apply", "--supersede")
    assert "    version: 2\n" in (place.folder / "decisions/2026-11-22-tiny.yaml").read_text(encoding="utf-8")


def test_what_supersedes_has_to_have_passed(place: Place) -> None:
    done = place.uv().trial("tiny==2.0", "--apply", "--supersede", "--only", "lock")
    assert (done.returncode, place.changed) == (2, [])


def test_of_several_locks_the_attempt_and_the_next_command_name_theirs(place: Place) -> None:
    place.uv(record())
    write(
        place.folder, {f"b/{name}": (place.folder / name).read_text("utf-8") for name in ("pyproject.toml", "uv.lock")}
    )
    done = place.trial("tiny==2.0", "--lock", "b/uv.lock")
    assert "  next: whypin trial tiny==2.0 --lock b/uv.lock --apply --supersede takes the change\n" in done.stdout
    assert "    evidence: |\n      In b/uv.lock.\n      Locked and installed;" in place.record


def test_what_is_locked_and_not_installed_has_not_been_tried(place: Place) -> None:
    place.uv(record(packages="{tiny: 1.0, top: 1.0}"))
    manifest = PROJECT.format(tiny="1.0", other="top").replace("==1.0", "==1.0; sys_platform == 'never'")
    write(place.folder, {"pyproject.toml": manifest.replace('"top"', "\"top==1.0; sys_platform == 'never'\"")})
    done = place.trial("tiny==2.0")
    assert (done.returncode, "attempts" in place.record) == (2, False)
    assert "uv has not installed tiny==2.0: nothing is logged; a marker" in done.stderr


def test_of_packages_that_move_together_it_is_said_which_was_not_installed(place: Place) -> None:
    place.uv(record(packages="{tiny: 1.0, still: 1.0}"))
    manifest = PROJECT.format(tiny="1.0", other="still==1.0").replace(
        'tiny==1.0"', "tiny==1.0; sys_platform == 'never'\""
    )
    write(place.folder, {"pyproject.toml": manifest})
    place.uv_lock()
    found = place.told("tiny==2.0", "still==1.1")
    assert found["evidence"].endswith("Locked, and not installed on this machine: tiny==2.0")


def test_keep_keeps_the_scratch_place(place: Place) -> None:
    scratch = Path(place.uv().told("tiny==2.0", "--keep")["scratch"])
    assert place.left == [scratch]
    assert '"tiny==2.0"' in (scratch / "project/pyproject.toml").read_text(encoding="utf-8")


def test_without_a_record_it_is_tried_and_logged_nowhere(place: Place) -> None:
    place.uv()
    git(place.folder, "rm", "-q", RECORD)
    done = place.trial("tiny==2.0")
    assert done.returncode == 0
    assert "logged nowhere: no record in force names it" in done.stdout and "next: whypin new tiny" in done.stdout


def test_secrets_that_are_named_are_handed_over_and_not_shown(place: Place) -> None:
    place.uv(record("run: echo token $TOKEN other $OTHER."))
    done = place.trial("tiny==2.0", "--env", "TOKEN", TOKEN="hunter2hunter2", OTHER="hunter3hunter3")
    assert "token *** other .\n" in done.stderr
    (log,) = (place.folder / "decisions/logs").iterdir()
    assert "hunter" not in done.stdout + done.stderr + place.record + log.read_text(encoding="utf-8")


COMPILED = """\
# This file was autogenerated by uv via the following command:
#    uv pip compile requirements.in -o requirements.txt --no-strip-extras
tiny==1.0
    # via
    #   -r requirements.in
    #   top
top==1.0
    # via -r requirements.in
"""


def test_requirements_that_uv_compiled(place: Place) -> None:
    place.files({"requirements.in": "tiny==1.0  # for now\ntop\n", "requirements.txt": COMPILED, RECORD: TESTED})
    found = place.told("tiny==2.0", "--apply")
    assert found["commands"][:1] == [
        "uv pip compile requirements.in -o requirements.txt --no-strip-extras --upgrade-package tiny==2.0"
    ]
    assert found["outcome"] == "passed"
    assert (place.folder / "requirements.in").read_text(encoding="utf-8") == "tiny==2.0  # for now\ntop\n"
    assert "\ntiny==2.0\n" in (place.folder / "requirements.txt").read_text(encoding="utf-8")


#: The file of the developers, with the other one as its constraints.
COMPILED_DEV = """\
# This file was autogenerated by uv via the following command:
#    uv pip compile requirements-dev.in -o requirements-dev.txt
still==1.0
    # via -r requirements-dev.in
tiny==1.0
    # via
    #   -c requirements.txt
    #   top
top==1.0
    # via
    #   -c requirements.txt
    #   -r requirements-dev.in
"""


@pytest.mark.parametrize("dev", [COMPILED_DEV, COMPILED_DEV.replace("-c requirements.txt", "-c other.txt")])
def test_what_has_the_lock_as_its_constraints_is_compiled_after_it(place: Place, dev: str) -> None:
    place.files({"requirements.in": "tiny<2\ntop\n", "requirements.txt": COMPILED, RECORD: TESTED})
    place.files({"requirements-dev.in": "-c requirements.txt\nstill\ntop\n", "requirements-dev.txt": dev})
    found = place.told("tiny==2.0", "--apply")
    assert (found["outcome"], found["locks"]) == ("passed", ["requirements.txt", "requirements-dev.txt"])
    assert "\ntiny==2.0\n" in (place.folder / "requirements-dev.txt").read_text(encoding="utf-8")


def test_an_unresolvable_version_of_compiled_requirements(place: Place) -> None:
    compiled = COMPILED.replace("top", "cap")
    place.files({"requirements.in": "tiny\ncap\n", "requirements.txt": compiled, RECORD: TESTED})
    found = place.told("tiny==2.0", code=1)
    assert "all versions of cap depend on tiny<2" in found["evidence"]


@pytest.mark.parametrize("option", ["--pip-args=--config=x", "--config-file evil.toml", "../other.in", "--python sh"])
def test_a_head_that_could_run_something_else_is_not_repeated(place: Place, option: str) -> None:
    compiled = COMPILED.replace("--no-strip-extras", option)
    place.files({"requirements.in": "tiny\ntop\n", "requirements.txt": compiled, RECORD: TESTED})
    done = place.trial("tiny==2.0")
    assert done.returncode == 2
    assert done.stderr.startswith("whypin: error: requirements.txt:1:1: ") and len(done.stderr.splitlines()) == 1


def test_requirements_written_by_hand_are_tried_by_pip(place: Place) -> None:
    place.files({"requirements.txt": "tiny==1.0\ntop==1.0\n", RECORD: TESTED})
    found = place.told("tiny==2.0", "--apply")
    assert (found["outcome"], found["tool"].split()[0]) == ("passed", "pip")
    assert found["written"] == ["requirements.txt"]
    assert (place.folder / "requirements.txt").read_text(encoding="utf-8") == "tiny==2.0\ntop==1.0\n"


def test_pip_says_what_does_not_go_together(place: Place) -> None:
    place.files({"requirements.txt": "tiny==1.0\ncap==1.0\n", RECORD: TESTED})
    found = place.told("tiny==2.0", code=1)
    assert "cap 1.0 depends on tiny<2" in found["evidence"]
    done = place.trial("tiny==9.0")
    assert (done.returncode, "the index has no tiny==9.0" in done.stderr) == (2, True)


def test_requirements_that_pip_compile_compiled(place: Place) -> None:
    compiled = COMPILED.replace("uv pip compile requirements.in -o requirements.txt", "pip-compile requirements.in")
    place.files({"requirements.in": "tiny==1.0\ntop\n", "requirements.txt": compiled, RECORD: TESTED})
    found = place.told("tiny==2.0", "--apply")
    assert (found["outcome"], found["tool"].split()[0]) == ("passed", "pip-compile")
    assert "\ntiny==2.0\n" in (place.folder / "requirements.txt").read_text(encoding="utf-8")


#: Locks what stands in the manifest, as Poetry does; where nothing exact stands there, it keeps what is locked.
POETRY = """\
#!/bin/sh
case $1 in
lock)
  version=$(sed -n 's/^tiny = "==\\(.*\\)"/\\1/p' pyproject.toml)
  if [ -n "$version" ]; then sed -i.bak "s/^version = \\"1.0\\"/version = \\"$version\\"/" poetry.lock; fi
  ;;
install) mkdir -p "$VIRTUAL_ENV/lib/python3/site-packages/tiny-2.0.dist-info" ;;
--version) echo "Poetry (version 2.3.1)" ;;
esac
"""
POETRY_LOCK = """\
[[package]]
name = "tiny"
version = "1.0"
description = ""
optional = false
python-versions = "*"
files = []

[metadata]
lock-version = "2.1"
python-versions = ">=3.11"
content-hash = "0"
"""


def test_what_the_manifest_says_for_the_lock_only_is_taken_back(place: Place) -> None:
    manifest = PROJECT.replace('"tiny=={tiny}", "{other}"', "")
    manifest += '[tool.poetry.dependencies]\npython = ">=3.11"\ntiny = ">=1.0"\n'
    place.files({"pyproject.toml": manifest, "poetry.lock": POETRY_LOCK, RECORD: record("run: echo fine")})
    tools = write(place.temporary.parent / "tools", {"poetry": POETRY})
    (tools / "poetry").chmod(0o755)
    found = place.told("tiny==2.0", "--apply", PATH=f"{tools}:/usr/bin:/bin")
    assert (found["outcome"], found["tool"], found["written"]) == ("passed", "poetry 2.3.1", ["poetry.lock"])
    assert found["changes"][0]["passing"] is True
    assert (place.folder / "pyproject.toml").read_text(encoding="utf-8") == manifest
    assert 'version = "2.0"' in (place.folder / "poetry.lock").read_text(encoding="utf-8")


def test_a_tool_that_locks_another_version_is_believed(place: Place) -> None:
    manifest = PROJECT.replace('"tiny=={tiny}", "{other}"', "") + '[tool.poetry.dependencies]\ntiny = "1.0"\n'
    place.files({"pyproject.toml": manifest, "poetry.lock": POETRY_LOCK, RECORD: record("run: echo fine")})
    tools = write(place.temporary.parent / "tools", {"poetry": "#!/bin/sh\n"})
    (tools / "poetry").chmod(0o755)
    done = place.trial("tiny==2.0", PATH=f"{tools}:/usr/bin:/bin")
    assert (done.returncode, place.changed) == (2, [])
    assert "poetry has locked tiny 1.0, and not 2.0: nothing is logged" in done.stderr


def at_a_terminal(place: Place, *answers: tuple[str, str]) -> tuple[int, dict[str, Any]]:
    """Try tiny 2.0 at a terminal: each question is waited for, and answered; returns the exit code and what is told."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "whypin", "trial", "tiny==2.0", "--format", "json", "--today", DAY],
        cwd=place.folder,
        env={**os.environ, "PYTHONPATH": "", **place.variables},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    for question, answer in answers:
        while f"{question} [y/n, nothing: later]".encode() not in said:
            said += os.read(ours, 4096)
        os.write(ours, f"{answer}\n".encode())
    output = process.communicate(timeout=60)[0]
    os.close(ours)
    return process.returncode, json.loads(output)


CHECK = "Figures look right."
OFFER = "Passed, with tiny 1.0 -> 2.0. Change uv.lock, pyproject.toml and start what supersedes 2026-11-01-tiny?"


@pytest.mark.parametrize(("answer", "outcome", "code"), [("y", "passed", 0), ("n", "failed", 1), ("", "open", 0)])
def test_a_manual_check_is_asked_at_a_terminal(place: Place, answer: str, outcome: str, code: int) -> None:
    then = [] if answer == "n" else [(OFFER, "")]
    returned, told = at_a_terminal(place.uv(), (CHECK, answer), *then)
    assert (returned, told["steps"][-1]["outcome"], told["written"]) == (code, outcome, [])
    assert ("Not so: Figures look right." in place.record) == (answer == "n")
    assert ("Not checked yet: Figures look right." in place.record) == (not answer)
    assert place.changed == [f"M {RECORD}", "?? decisions/logs/2026-11-22-tiny-2.0.txt"]


def test_what_passed_is_offered_at_a_terminal(place: Place) -> None:
    told = at_a_terminal(place.uv(), (CHECK, "y"), (OFFER, "y"))[1]
    assert told["written"] == ["uv.lock", "pyproject.toml", "decisions/2026-11-22-tiny.yaml"]
    successor = (place.folder / "decisions/2026-11-22-tiny.yaml").read_text(encoding="utf-8")
    assert "tiny: 2.0\n" in successor and successor.count("outcome: passed") == 1 and 'rationale: ""' in successor


@pytest.mark.parametrize(
    ("lock", "text", "tool"),
    [
        (
            "Pipfile.lock",
            '{"_meta": {"pipfile-spec": 6}, "default": {"tiny": {"version": "==1.0"}}, "develop": {}}',
            "pipenv",
        ),
        (
            "requirements.txt",
            COMPILED.replace("uv pip compile", "pip-compile").replace(" uv ", " pip-compile "),
            "pip-compile",
        ),
    ],
)
def test_a_tool_that_is_not_here_is_named(place: Place, lock: str, text: str, tool: str) -> None:
    place.files({lock: text, "requirements.in": "tiny\ntop\n", RECORD: TESTED})
    # The tools lie beside the interpreter that runs the tests: this one has no neighbours.
    lonely = place.temporary.parent / "bin/python"
    lonely.parent.mkdir()
    lonely.symlink_to(os.path.realpath(sys.executable))
    done = subprocess.run(
        [lonely, "-m", "whypin", "trial", "tiny==2.0", "--lock", lock, "--today", DAY],
        cwd=place.folder,
        env={**os.environ, **place.variables, "PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{tool} makes this lock, and it is not on this machine; install" in done.stderr
    assert place.left == []


def test_a_lock_that_no_tool_of_ours_makes(place: Place) -> None:
    pylock = 'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "tiny"\nversion = "1.0"\n'
    done = place.files({"pylock.toml": pylock, RECORD: TESTED}).trial("tiny==2.0")
    assert (done.returncode, "no trial can be made of a pylock lock" in done.stderr) == (2, True)
