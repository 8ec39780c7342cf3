from __future__ import annotations

import subprocess

import pytest

from tests.build import project, record
from whypin.emitters.pip_audit import render
from whypin.errors import WhypinError

PATH = "pip-audit.args"
WAIVERS = """[{advisory: PYSEC-2023-1, reason: a, expires: 2026-11-23},
  {advisory: CVE-2023-44271, reason: b, expires: 2027-05-22},
  {advisory: CVE-2020-1, reason: over, expires: 2026-11-01}]"""


def test_each_waiver_in_force_is_an_argument() -> None:
    found = render(project(record(waivers=WAIVERS)), None, PATH)
    assert found.text == "--ignore-vuln CVE-2023-44271\n--ignore-vuln PYSEC-2023-1\n"
    words = subprocess.run(
        ["sh", "-c", 'printf "<%s>" $(cat)'], input=found.text, capture_output=True, text=True, check=True
    )
    assert words.stdout == "<--ignore-vuln><CVE-2023-44271><--ignore-vuln><PYSEC-2023-1>"


def test_without_waivers_the_command_gets_no_argument() -> None:
    assert render(project(), None, PATH).text == ""
    assert render(project(), "--ignore-vuln CVE-1\r\n", PATH).text == ""


@pytest.mark.parametrize("text", ["--ignore-vuln CVE-1 --fix\n", "numpy==1\n", "--ignore-vuln --fix\n"])
def test_a_file_of_the_users_own_is_never_replaced(text: str) -> None:
    with pytest.raises(WhypinError, match=r"^pip-audit\.args:1:1: is not written by whypin"):
        render(project(), text, PATH)


@pytest.mark.parametrize("status", ["proposed", "rejected", "deprecated"])
def test_only_a_record_in_force_waives(status: str) -> None:
    assert render(project(record(waivers=WAIVERS, status=status)), None, PATH).text == ""
