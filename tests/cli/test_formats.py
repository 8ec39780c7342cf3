"""`whypin check --format`: each format as a CI system gets it, from a project within its repository."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.test_check import MOVED, RECORD, whypin
from tests.folders import record, write
from whypin.reporters import FORMATS

PAGE = Path(__file__).parents[2] / "site/reference/formats.md"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the project in a folder below its top."""
    files = {"services/api/uv.lock": MOVED, f"services/api/{RECORD}": record(), "services/api/whypin.toml": ""}
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return write(tmp_path, files)


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_changes_the_exit_code(repository: Path, form: str) -> None:
    done = whypin(repository, "check", "--root", "services/api", "--format", form)
    assert done.returncode == 1
    assert "numpy is locked 2.2.6" in done.stdout


@pytest.mark.parametrize(("folder", "root"), [(".", ("--root", "services/api")), ("services/api/decisions", ())])
def test_services_get_paths_from_the_top_of_the_repository(
    repository: Path, folder: str, root: tuple[str, ...]
) -> None:
    def printed(form: str) -> str:
        return whypin(repository / folder, "check", *root, "--format", form).stdout

    assert "\n::error file=services/api/uv.lock,line=15,col=1,title=WHY102 " in f"\n{printed('github')}"
    issues = json.loads(printed("gitlab"))
    assert "services/api/uv.lock" in {issue["location"]["path"] for issue in issues}
    results = json.loads(printed("sarif"))["runs"][0]["results"]
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in results]
    assert {"uri": "services/api/uv.lock", "uriBaseId": "%SRCROOT%"} in places


def test_people_and_programs_get_paths_from_the_root(repository: Path) -> None:
    def printed(form: str) -> str:
        return whypin(repository, "check", "--root", "services/api", "--format", form).stdout

    assert "\nuv.lock:15:1: error WHY102 " in f"\n{printed('text')}"
    assert "uv.lock" in {finding["path"] for finding in json.loads(printed("json"))["findings"]}
    assert "\n**uv.lock**\n" in printed("markdown")
    names = [case.attrib["name"] for case in ElementTree.fromstring(printed("junit")).iter("testcase")]
    assert any(name.startswith("uv.lock:15 ") for name in names)


def test_without_a_repository_paths_are_from_the_root(repository: Path) -> None:
    shutil.rmtree(repository / ".git")
    done = whypin(repository, "check", "--root", "services/api", "--format", "github")
    assert "::error file=uv.lock,line=15," in done.stdout


def test_the_log_of_code_scanning_explains_the_rule(repository: Path) -> None:
    done = whypin(repository, "check", "--root", "services/api", "--format", "sarif")
    rules = json.loads(done.stdout)["runs"][0]["tool"]["driver"]["rules"]
    (rule,) = [rule for rule in rules if rule["id"] == "WHY102"]
    assert rule["name"] == "version-mismatch"
    assert "## Why" in rule["help"]["markdown"]


def test_every_format_has_its_section_with_an_example() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [line.split()[1] for line in page.splitlines() if line.startswith("## ")] == list(FORMATS)
    assert all(f"--format {form}" in page for form in FORMATS)
