"""`whypin audit`, and what `explain` says of advisories: run as a user runs them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.advisories.osv import advisory, affected
from tests.cli.test_check import whypin
from tests.folders import record, uv_lock, write
from tests.site_examples import ROOT, blocks

LOW = "CVSS:3.0/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"
WAIVED = record("torch", "'<2'") + "waivers:\n  - {advisory: A-2, reason: No such input., expires: 2027-05-22}\n"
FILES = {
    "uv.lock": uv_lock(pillow="9.5.0", torch="1.12.1"),
    "decisions/2026-11-20-pillow.yaml": record("pillow", "9.5.0"),
    "decisions/2026-11-20-torch.yaml": WAIVED,
    "osv/PYSEC-2023-227.json": json.dumps(advisory(aliases=["CVE-2023-44271"])),
    "osv/A-2.json": json.dumps(advisory("A-2", affected("torch", "introduced 0", "fixed 1.13.1"))),
}
DAY = ("--today", "2026-11-22")
DATA = ("--advisories", "osv")
TEXT = """\
package  version  lock     advisory        severity  fixed in  state
pillow   9.5.0    uv.lock  CVE-2023-44271  unknown   10.0.0    blocked by 2026-11-20-pillow
torch    1.12.1   uv.lock  A-2             unknown   1.13.1    waived until 2027-05-22 by 2026-11-20-torch

advisories of 2026-11-20: 2 (osv)
2 alerts: 1 blocked, 1 waived; 1 error; 2 checked packages, 0 could not be checked
"""


def test_every_alert_is_told_with_what_the_project_decided(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, FILES), "audit", *DAY, *DATA)
    assert (done.returncode, done.stdout, done.stderr) == (1, TEXT, "")


def test_without_an_alert_it_speaks_of_this_data_only(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {**FILES, "uv.lock": uv_lock(pillow="10.1.0")}), "audit", *DAY, *DATA)
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            "advisories of 2026-11-20: 2 (osv)",
            "no advisory of this data matches 1 checked package; 0 could not be checked",
        ],
    )


@pytest.mark.parametrize("form", ["text", "json", "sarif", "markdown"])
def test_no_form_changes_the_exit_code_and_the_day_of_the_data_is_always_told(tmp_path: Path, form: str) -> None:
    write(tmp_path, FILES)
    done = whypin(tmp_path, "audit", *DAY, *DATA, "--format", form)
    assert (done.returncode, "2026-11-20" in done.stdout + done.stderr) == (1, True)
    done = whypin(write(tmp_path, {"uv.lock": uv_lock(pillow="10.1.0")}), "audit", *DAY, *DATA, "--format", form)
    assert (done.returncode, "vulnerab" in (done.stdout + done.stderr).lower()) == (0, False)
    assert re.search('advisories of 2026-11-20|"date": "2026-11-20"', done.stdout + done.stderr)


def test_without_data_it_says_where_to_get_it(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, FILES), "audit", *DAY)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "whypin: error: there are no advisories to hold the locks against; type whypin advisories update, then give "
        "--advisories advisories.index, or name it in the policy\n"
    )


def test_a_project_that_locks_nothing_is_no_clean_audit(tmp_path: Path) -> None:
    files = {**FILES, "pyproject.toml": '[project]\nname = "app"\nversion = "1"\ndependencies = ["pillow"]\n'}
    write(tmp_path, {path: text for path, text in files.items() if path != "uv.lock"})
    done = whypin(tmp_path, "audit", *DAY, *DATA)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("whypin: error: there is no lock to hold against the advisories; lock the project")


@pytest.mark.parametrize("path", ["gone.index", "uv.lock"])
def test_data_that_cannot_be_read_is_no_clean_audit(tmp_path: Path, path: str) -> None:
    done = whypin(write(tmp_path, FILES), "audit", *DAY, "--advisories", path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert path in done.stderr and "whypin advisories" in done.stderr


@pytest.mark.parametrize(
    ("settings", "level"),
    [
        ('[policy]\nfail_on_severity = "medium"\n', "warning"),
        ('[rules]\nWHY401 = "warning"\n', "warning"),
        ('[rules]\nWHY401 = "off"\n', None),
        ('[policy]\nfail_on_severity = "medium"\n[rules]\nWHY401 = "error"\n', "error"),
        ('[[ignore_findings]]\nrule = "WHY401"\nreason = "Gone on Monday."\n', None),
    ],
)
def test_the_audit_and_the_check_fail_for_the_same(tmp_path: Path, settings: str, level: str | None) -> None:
    low = advisory("A-1", severity=[{"type": "CVSS_V3", "score": LOW}])
    files = {"uv.lock": uv_lock(pillow="9.5.0"), "osv/A-1.json": json.dumps(low), "whypin.toml": settings}
    write(tmp_path, files)
    done = whypin(tmp_path, "audit", *DAY, *DATA, "--format", "json")
    (alert,) = json.loads(done.stdout)["alerts"]
    assert (alert["level"], done.returncode) == (level, int(level == "error"))
    checked = whypin(tmp_path, "check", *DAY, *DATA, "--format", "json")
    found = [one["severity"] for one in json.loads(checked.stdout)["findings"] if one["code"] == "WHY401"]
    assert found == ([level] if level else [])
    assert checked.returncode == done.returncode


def test_sarif_has_the_alerts_that_are_left_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, {f"services/api/{path}": text for path, text in FILES.items()})
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    done = whypin(
        tmp_path, "audit", "--root", "services/api", *DAY, "--advisories", "services/api/osv", "--format", "sarif"
    )
    (run,) = json.loads(done.stdout)["runs"]
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (result["ruleId"], result["level"]) == ("WHY401", "error")
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("services/api/uv.lock", 15)
    assert done.stderr == "advisories of 2026-11-20: 2\n"


def test_old_data_warns_and_a_record_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "decisions/a.yaml": "title: [\n"})
    done = whypin(tmp_path, "audit", "--today", "2027-01-03", *DATA)
    assert done.stderr.splitlines() == [
        "whypin: warning: decisions/a.yaml is left out: see whypin check",
        "whypin: warning: the advisories are of 2026-11-20, 44 days ago (osv): newer ones are not among them; "
        "whypin advisories update, or whypin advisories build SOURCE with a newer export",
    ]


def test_without_the_library_a_vector_is_shown_and_said_to_be_unrated(tmp_path: Path) -> None:
    low = advisory("A-1", severity=[{"type": "CVSS_V3", "score": LOW}])
    write(tmp_path, {"uv.lock": uv_lock(pillow="9.5.0"), "osv/A-1.json": json.dumps(low)})
    script = (
        "import sys\n"
        "class Gone:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] == 'cvss':\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Gone())\n"
        "from whypin import cli\n"
        "import importlib.util\n"
        "real = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *more: None if name == 'cvss' else real(name, *more)\n"
        "sys.exit(cli.run(lambda: cli.whypin.main(args=sys.argv[1:], standalone_mode=False)))\n"
    )
    command = [sys.executable, "-c", script, "audit", *DAY, *DATA]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"unknown ({LOW})" in done.stdout
    assert done.stderr == "whypin: warning: CVSS vectors are not rated: install whypin[audit], which brings cvss\n"
    assert "low 1.8" in whypin(tmp_path, "audit", *DAY, *DATA).stdout


def test_explain_tells_the_advisories_where_they_are_configured(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert "Advisories" not in whypin(tmp_path, "explain", "pillow", *DAY).stdout
    done = whypin(tmp_path, "explain", "pillow", *DAY, WHYPIN_ADVISORIES="osv")
    assert (
        """
Advisories
  CVE-2023-44271 (PYSEC-2023-227)
    uv.lock:15:1: 9.5.0, severity unknown, fixed in 10.0.0; blocked by 2026-11-20-pillow
  nothing else of this data matches: advisories of 2026-11-20: 2 (osv)
"""
        in done.stdout
    )
    told = json.loads(whypin(tmp_path, "explain", "torch", *DAY, "--format", "json", WHYPIN_ADVISORIES="osv").stdout)
    assert [(one["advisory"], one["state"]) for one in told["advisories"]["alerts"]] == [("A-2", "waived")]
    assert (told["advisories"]["date"], told["advisories"]["unchecked"]) == ("2026-11-20", [])
    plain = json.loads(whypin(tmp_path, "explain", "torch", *DAY, "--format", "json").stdout)
    assert plain["advisories"] is None


def test_explain_can_do_without_data_that_is_not_there_and_says_so(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "whypin.toml": '[policy]\nadvisories = "osv.index"\n'})
    done = whypin(tmp_path, "explain", "pillow", *DAY)
    assert (done.returncode, "Advisories" in done.stdout) == (0, False)
    assert done.stderr.startswith("whypin: warning: told without advisories: whypin.toml:2:1: there are no advisories")


def _job() -> str:
    """The script of the job in the guide that keeps the issue."""
    (block,) = [one for one in blocks(ROOT / "site/guide/vulnerable-versions.md") if ".github" in one.title]
    job = yaml.safe_load(block.text)
    assert job["permissions"] == {"contents": "read", "issues": "write"}
    step = job["jobs"]["audit"]["steps"][-1]
    assert step["env"]["GH_TOKEN"] == "${{ github.token }}"
    assert "secrets." not in block.text and "${{" not in step["run"]
    return str(step["run"])


@pytest.mark.skipif(sys.platform == "win32", reason="the job runs in bash on Linux")
@pytest.mark.parametrize(
    ("code", "number", "calls"),
    [
        (1, "", ["create"]),
        (1, "7", ["edit 7"]),
        (0, "", []),
        (0, "7", ["edit 7", "close 7"]),
        (2, "7", None),
    ],
)
def test_the_job_of_the_guide_opens_one_issue_keeps_it_and_closes_it(
    tmp_path: Path, code: int, number: str, calls: list[str] | None
) -> None:
    tools = write(
        tmp_path / "bin",
        {
            "whypin": f"#!/bin/sh\necho '| table |'\nexit {code}\n",
            "gh": f'#!/bin/sh\necho "$*" >> "$RUNNER_TEMP/calls"\n[ "$2" = list ] && echo "{number}"\nexit 0\n',
        },
    )
    for tool in tools.iterdir():
        tool.chmod(0o755)
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", _job()],
        cwd=tmp_path,
        env={"PATH": f"{tools}:{os.environ['PATH']}", "RUNNER_TEMP": str(tmp_path), "TITLE": "Advisories"},
        capture_output=True,
        text=True,
        check=False,
    )
    made = (tmp_path / "calls").read_text().splitlines() if (tmp_path / "calls").exists() else []
    if calls is None:
        assert (done.returncode, made) == (code, [])
        return
    assert (done.returncode, done.stderr) == (0, "")
    assert made[0].startswith("issue list --app github-actions --state open")
    assert [re.sub(r"^issue (create|\w+ \d+).*", r"\1", call) for call in made[1:]] == calls
    assert all("alerts.md" in call for call in made[1:] if "close" not in call)
    assert (tmp_path / "alerts.md").read_text() == "| table |\n"
