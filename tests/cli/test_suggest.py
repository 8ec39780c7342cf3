"""`whypin suggest`: what it tells on the command line, with and without history."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_base import commit, git
from tests.cli.test_check import whypin
from tests.folders import record, uv_lock, write
from whypin.model import suggestion

SETTINGS = '[project]\nname = "app"\nversion = "0.1.0"\n[tool.whypin.policy]\ncritical = ["numpy"]\n'


@pytest.fixture
def app(tmp_path: Path) -> Path:
    files = {"pyproject.toml": SETTINGS, "decisions/2026-11-22-rich.yaml": record("rich", "14.0")}
    return write(tmp_path, {**files, "uv.lock": uv_lock(pandas="2.2.3", numpy="1.26.4", rich="14.0")})


def test_what_is_undecided_comes_with_the_command_that_decides_it(app: Path) -> None:
    done = whypin(app, "suggest", "--today", "2026-11-22")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "uv.lock:22:1: numpy 1.26.4 (score 230)\n"
        "  undecided: it is critical; direct, in production\n"
        "  fix: whypin new numpy\n"
        "uv.lock:16:1: pandas 2.2.3 (score 30)\n"
        "  direct, in production\n"
        "  fix: whypin new pandas\n"
        "\n"
        "2 suggestions\n"
    )
    assert whypin(app, "suggest", "--limit", "1").stdout.endswith("\n1 more suggestion: --limit 2 shows all\n")


def test_where_no_direct_package_is_known_none_is_called_decided(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {"requirements.txt": "numpy<2\n"}), "suggest")
    assert (done.returncode, done.stdout) == (
        0,
        "nothing to suggest: no direct package is locked; see whypin list --all\n",
    )


def test_what_it_says_to_type_can_be_typed(app: Path) -> None:
    fix = json.loads(whypin(app, "suggest", "--format", "json").stdout)["suggestions"][0]["fix"]
    because = "The saved models are pickles of 1.x, which 2.0 cannot read."
    assert whypin(app, *fix.split()[1:], "--because", because, "--decider", "me").returncode == 0
    left = json.loads(whypin(app, "suggest", "--format", "json").stdout)
    assert [one["package"] for one in left["suggestions"]] == ["pandas"]


def test_history_is_read_only_where_it_is_asked_for(app: Path) -> None:
    git(app, "init", "-q", "-b", "main")
    for version in ("1.26.3", "2.0.0", "1.26.4"):
        write(app, {"uv.lock": uv_lock(pandas="2.2.3", numpy=version, rich="14.0")})
        commit(app)
    assert "downgraded" not in whypin(app, "suggest").stdout
    said = whypin(app, "suggest", "--history").stdout
    assert "; downgraded from 2.0.0 to 1.26.4 on 2" in said
    assert "; moved 2 times within a year\n" in said


def test_history_that_is_not_there_is_one_line(app: Path) -> None:
    done = whypin(app, "suggest", "--history", GIT_CEILING_DIRECTORIES=str(app.parent))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_the_help_tells_the_points_as_they_are(app: Path) -> None:
    said = " ".join(whypin(app, "suggest", "--help").stdout.split())
    for words in (
        f"{suggestion.REQUIRED} where the policy requires a decision",
        f"{suggestion.EXEMPT} where it is exempt",
        f"{suggestion.PRODUCTION} where it is direct and in production, {suggestion.DEVELOPMENT} where",
        f"{suggestion.CAPPED} for a cap and {suggestion.OVERRIDDEN} for an override",
        f"{suggestion.PINNED} for a pin",
        f"1 for each package that needs it, up to {suggestion.MOST_DEPENDENTS}",
        f"{suggestion.EACH_YEAR} for each year since it was published, up to "
        f"{suggestion.EACH_YEAR * suggestion.MOST_YEARS}",
        f"{suggestion.DOWNGRADED} for a downgrade",
        f"{suggestion.EACH_MOVE} for each move within a year, up to {suggestion.MOST_MOVES}",
    ):
        assert words in said
