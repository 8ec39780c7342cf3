"""`whypin trial --due`, run as a scheduled job runs it, against a folder of wheels: no network."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests import wheels
from tests.cli.test_trial import COMPILED, PROJECT, RECORD, Place, record
from tests.folders import uv_lock, write
from tests.site_examples import ROOT

WORKS = "run: python -c 'import tiny; print(tiny.version)'"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that builds, so that 2.0 is the newest tiny."""
    folder = wheels.index(tmp_path_factory.mktemp("index"))
    (folder / "tiny-3.0.tar.gz").unlink()
    return folder


def overdue(*steps: str, packages: str = "tiny: 1.0  # kept", day: str = "2026-11-20") -> str:
    return record(*steps, packages=packages).replace("review_by: never", f"review_by: {day}")


def due(place: Place, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
    told = place.told("--due", *arguments, code=code)
    found: list[dict[str, Any]] = told["due"]
    assert sum(told["summary"].values()) == len(found)
    return found


def tried(place: Place, *arguments: str, code: int = 0) -> list[tuple[str, dict[str, str]]]:
    """What came of each occasion, and the newest versions that it tried."""
    return [
        (one["outcome"], {each["name"]: each["newest"] for each in one["packages"] if each["newest"]})
        for one in due(place, *arguments, code=code)
    ]


def test_the_newest_version_is_tried_and_logged_and_no_lock_is_changed(place: Place) -> None:
    done = place.uv(overdue(WORKS)).trial("--due")
    assert done.returncode == 0
    assert done.stdout.startswith("== 2026-11-01-tiny: its review was due on 2026-11-20\n")
    assert "tiny==2.0: passed in " in done.stdout
    assert "  next: whypin trial tiny==2.0 --apply --supersede takes the change\n" in done.stdout
    assert done.stdout.endswith("\n1 decision has come due: 1 passed\n")
    assert place.changed == [f"M {RECORD}", "?? decisions/logs/2026-11-22-tiny-2.0.txt"]
    assert "    version: 2.0\n    outcome: passed\n" in place.record
    assert place.left == []


def test_one_that_fails_is_logged_and_the_exit_code_says_so(place: Place) -> None:
    (found,) = due(place.uv(overdue("run: echo 'auc is 0.5'; exit 7")), code=1)
    assert found["trial"]["evidence"].endswith("ended with exit code 7\nauc is 0.5")
    assert "outcome: failed" in place.record


def test_a_result_of_late_is_told_and_not_logged_again(place: Place) -> None:
    place.uv(overdue(WORKS))
    assert place.trial("--due").returncode == 0
    before = place.record
    (found,) = due(place)
    assert (found["outcome"], found["trial"]["known"], found["trial"]["log"]) == ("passed", [RECORD], None)
    assert place.record == before
    assert len(list((place.folder / "decisions/logs").iterdir())) == 1


@pytest.mark.parametrize(
    "attempt",
    [
        "{date: 2026-10-22, package: tiny, version: 2.0, outcome: passed}",
        "{date: 2026-11-21, package: tiny, version: 2.0, outcome: failed}",
        "{date: 2026-11-21, package: tiny, version: 1.5, outcome: passed}",
    ],
)
def test_what_is_old_or_came_out_otherwise_is_logged(place: Place, attempt: str) -> None:
    place.uv(overdue(WORKS) + f"attempts:\n  - {attempt}\n")
    assert due(place)[0]["trial"]["logged"] == [RECORD]
    assert place.record.count("date: 2026-") == 2


def test_a_result_is_known_however_its_version_is_spelt(place: Place) -> None:
    place.uv(overdue(WORKS) + "attempts:\n  - {date: 2026-11-21, package: tiny, version: 2.0.0, outcome: passed}\n")
    assert due(place)[0]["trial"]["known"] == [RECORD]


def test_a_result_in_one_lock_is_none_in_another(place: Place) -> None:
    place.uv(overdue(WORKS, packages='{tiny: "<2"}'))
    write(
        place.folder, {f"b/{name}": (place.folder / name).read_text("utf-8") for name in ("pyproject.toml", "uv.lock")}
    )
    assert [one["trial"]["logged"] for one in due(place)] == [[RECORD], [RECORD]]
    assert "In uv.lock.\n" in place.record and "In b/uv.lock.\n" in place.record
    assert [one["trial"]["logged"] for one in due(place)] == [[], []]


def test_what_only_a_newer_python_can_have_is_not_the_newest_for_all(
    place: Place, packages: Path, tmp_path: Path
) -> None:
    index = shutil.copytree(packages, tmp_path / "index")
    wheels.wheel(index, "tiny", "2.5", python=">=3.12")
    place.variables["UV_FIND_LINKS"] = str(index)
    assert tried(place.uv(overdue(WORKS))) == [("passed", {"tiny": "2.0"})]


def test_the_requirements_beside_the_lock_are_installed_too(place: Place) -> None:
    place.files({"requirements.txt": "tiny==1.0\n", "requirements-dev.txt": "still==1.0\n", "b/uv.lock": uv_lock()})
    place.files({RECORD: overdue("run: python -c 'import still'")})
    assert tried(place) == [("passed", {"tiny": "2.0"})]


def test_only_a_review_is_answered_by_renewing_it(place: Place) -> None:
    met = record("run: exit 1").replace("review_by: never", "exit_criteria: [{date: 2026-11-20}]\nreview_by: never")
    said = place.uv(met).trial("--due").stdout
    assert f"next: give {RECORD} an exit criterion that is not met, if the reason still holds\n" in said
    assert "whypin renew" not in said


def test_who_keeps_it_where_it_is_is_said(place: Place) -> None:
    place.files({"decisions/2026-11-02-other.yaml": record(packages='tiny: "<1.5"')})
    (found,) = due(place.uv(overdue(WORKS)))
    assert found["said"] == "nothing newer is allowed than tiny 1.0 beside 2026-11-02-other"


def test_nothing_newer_is_nothing_to_try(place: Place) -> None:
    place.uv(overdue(WORKS, packages="tiny: 2.0"), tiny="2.0")
    (found,) = due(place)
    assert (found["outcome"], found["said"]) == ("nothing to try", "nothing newer is allowed than tiny 2.0")
    assert place.changed == []
    assert "next: whypin renew 2026-11-01-tiny" in place.trial("--due").stdout


def test_another_package_may_keep_it_where_it_is(place: Place) -> None:
    assert tried(place.uv(overdue(WORKS), other="cap")) == [("passed", {"tiny": "1.5"})]


def test_what_another_record_allows_is_a_limit(place: Place) -> None:
    place.files({"decisions/2026-11-02-other.yaml": record(packages='tiny: "<2"')})
    assert tried(place.uv(overdue(WORKS))) == [("passed", {"tiny": "1.5"})]


def test_it_is_one_where_the_manifest_has_none_too(place: Place) -> None:
    place.files({"decisions/2026-11-02-other.yaml": record(packages='tiny: "<2"')})
    place.uv(overdue(WORKS), other="top")
    write(place.folder, {"pyproject.toml": PROJECT.replace('"tiny=={tiny}", "{other}"', '"top"')})
    assert tried(place) == [("passed", {"tiny": "1.5"})]


def test_a_version_that_a_list_leaves_out_is_kept_out(place: Place) -> None:
    place.files({"decisions/2026-11-02-other.yaml": record(packages="tiny: [1.0, 1.5]")})
    (found,) = due(place.uv(overdue(WORKS)))
    assert found["outcome"] == "nothing to try"
    assert found["said"] == "the newest is kept out: tiny==2.0 (2026-11-02-other rejects it)"


def test_records_that_have_both_come_due_don_t_hold_each_other(place: Place) -> None:
    place.files({"decisions/2026-11-02-other.yaml": overdue("run: echo other", packages='tiny: "<2"')})
    (found,) = due(place.uv(overdue(WORKS)))
    assert [each["id"] for each in found["records"]] == ["2026-11-01-tiny", "2026-11-02-other"]
    assert [step["text"] for step in found["trial"]["steps"]] == [WORKS.removeprefix("run: "), "echo other"]
    assert found["trial"]["logged"] == [RECORD, "decisions/2026-11-02-other.yaml"]


def test_a_stack_is_tried_together(place: Place) -> None:
    place.uv(overdue(WORKS, packages="{tiny: 1.0, top: 1.0}"), other="top==1.0")
    assert tried(place) == [("passed", {"tiny": "2.0", "top": "2.0"})]


def test_the_build_of_the_newest_that_breaks_is_what_there_is_to_learn(place: Place, tmp_path: Path) -> None:
    place.variables["UV_FIND_LINKS"] = str(wheels.index(tmp_path / "broken"))
    assert tried(place.uv(overdue(WORKS)), code=1) == [("failed", {"tiny": "3.0"})]
    assert "numpy.distutils is gone" in place.record


def test_one_that_cannot_be_tried_keeps_no_other_from_it(place: Place) -> None:
    head = COMPILED.replace("--no-strip-extras", "--config-file evil.toml")
    place.files({"sub/requirements.in": "tiny\ntop\n", "sub/requirements.txt": head}).uv(overdue(WORKS))
    outcomes = {one["locks"][0]: (one["outcome"], one["said"]) for one in due(place, code=2)}
    assert outcomes["uv.lock"] == ("passed", "")
    outcome, said = outcomes["sub/requirements.txt"]
    assert outcome == "not tried" and said.startswith("sub/requirements.txt:1:1: its head has --config-file")


def test_steps_of_a_strangers_branch_are_not_run(place: Place) -> None:
    place.uv(overdue(WORKS))
    marker = place.temporary.parent / "ran"
    write(place.folder, {RECORD: overdue(WORKS, f"run: touch {marker}")})
    (found,) = due(place, code=2)
    assert "is not in the record as it was at the base" in found["said"]
    assert not marker.exists() and place.left == []


def test_lines_written_by_hand_are_tried_by_pip(place: Place) -> None:
    place.files({"requirements.txt": "tiny==1.0\ntop==1.0\n", RECORD: overdue(WORKS)})
    assert tried(place) == [("passed", {"tiny": "2.0"})]
    assert (place.folder / "requirements.txt").read_text(encoding="utf-8") == "tiny==1.0\ntop==1.0\n"


def test_compiled_requirements_are_compiled_with_the_newest(place: Place) -> None:
    place.files({"requirements.in": "tiny==1.0\ntop\n", "requirements.txt": COMPILED, RECORD: overdue(WORKS)})
    assert tried(place) == [("passed", {"tiny": "2.0"})]


def test_a_plan_says_what_would_be_tried_and_runs_nothing(place: Place) -> None:
    done = place.uv(overdue(WORKS)).trial("--due", "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "2026-11-01-tiny: its review was due on 2026-11-20\n"
        "  try the newest tiny (now 1.0) in uv.lock\n"
        "1 decision has come due; nothing is run now\n"
    )
    assert (place.changed, place.left) == ([], [])


def test_every_key_is_documented(place: Place) -> None:
    (found,) = due(place.uv(overdue(WORKS)))
    page = (ROOT / "site/reference/json.md").read_text(encoding="utf-8")
    of_one, of_due = re.findall(r"^## whypin trial .*?(?=^## )", page, re.MULTILINE | re.DOTALL)
    assert [key for key in found["trial"] if f"`{key}`" not in of_one] == []
    assert [key for key in (*found, *found["packages"][0], *found["records"][0]) if f"`{key}`" not in of_due] == []


def test_nothing_due_is_said(place: Place) -> None:
    place.uv(overdue(WORKS, day="2026-11-23"))
    assert place.trial("--due").stdout == "nothing has come due\n"
    assert place.trial("--due", "--format", "markdown").stdout == "**whypin: nothing has come due**\n"


def test_the_report_is_markdown_in_which_nothing_hostile_is_alive(place: Place) -> None:
    hostile = "run: printf '```\\n<script>alert(1)</script>\\n| @everyone |\\n'; exit 1"
    place.uv(overdue(hostile).replace("Hold tiny", "'Hold <b>tiny</b> | @team #1'"))
    done = place.trial("--due", "--format", "markdown")
    assert done.returncode == 1
    report = done.stdout
    assert report.startswith("**whypin: 1 decision has come due: 1 failed**\n\n| due | tried | outcome |\n")
    assert "| 2026-11-01-tiny: its review was due on 2026-11-20 | tiny==2.0 | failed |" in report
    outside, _, fenced = report.partition("````text\n")
    evidence, _, rest = fenced.partition("\n````\n")
    assert "<script>alert(1)</script>" in evidence and "\n````" not in evidence
    assert "<" not in (outside + rest).replace("<br>", "") and "@team" not in outside + rest
    assert "next: whypin renew 2026-11-01-tiny, if the reason still holds" in rest


def test_a_record_that_cannot_be_read_is_told(place: Place) -> None:
    place.files({"decisions/2026-11-02-bad.yaml": "title: [\n"}).uv(overdue(WORKS))
    assert "decisions/2026-11-02-bad.yaml is left out: see whypin check" in place.trial("--due").stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name PACKAGE==VERSION, or give --due"),
        (("--due", "tiny==2.0"), "name PACKAGE==VERSION, or give --due"),
        (("--due", "--apply"), "--due changes no lock"),
        (("--due", "--patch", "x"), "--due changes no lock"),
        (("tiny==2.0", "--dry-run", "--format", "markdown"), "a plan is told as text or json"),
    ],
)
def test_what_does_not_go_together_is_refused(place: Place, arguments: tuple[str, ...], said: str) -> None:
    done = place.trial(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
