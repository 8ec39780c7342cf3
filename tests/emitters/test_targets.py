"""What all targets share: hostile words stay words, and each output is read back by its own format."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.build import entry, lock, project, record
from whypin import emitters
from whypin.emitters import TARGETS, render

WORDS = "\"\"\"\\ ''' ]] # } {{x}} %0A \\u0041 *a &b !c - : ::set-output ##[error] <!-- 日本 😀 $(id) `id` \t"
HOSTILE = project(
    record(
        packages='{numpy: "<2"}',
        title=json.dumps(WORDS, ensure_ascii=False),
        waivers=json.dumps(
            [{"advisory": "CVE-1", "reason": f"{WORDS}\n[x]\n---\n{WORDS}", "expires": "2027-01-01"}],
            ensure_ascii=False,
        ),
    ),
    locks=[lock(entry("numpy"))],
)
DEPENDABOT = "version: 2\nupdates:\n- package-ecosystem: uv\n  directory: /\n"


def read_back(target: str) -> Any:
    text = render(target, HOSTILE, DEPENDABOT if target == "dependabot" else None, TARGETS[target].paths[-1]).text
    assert text is not None and "##[" not in text and "\t" not in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    if target == "dependabot":
        return yaml.safe_load(text)
    if target in ("osv-scanner", "uv-audit"):
        return tomllib.loads(text)
    return text.split("\n") if target == "pip-audit" else json.loads(text)


def test_hostile_words_stay_one_value() -> None:
    words = " ".join(WORDS.split()).replace("##[", "## [")
    reason = f"{words} [x] --- {words} (decisions/2026-11-22-numpy.yaml)"
    assert read_back("renovate")["packageRules"][0]["description"] == [f"{words} (decisions/2026-11-22-numpy.yaml)"]
    (update,) = read_back("dependabot")["updates"]
    assert update["ignore"] == [{"dependency-name": "numpy", "versions": [">=2"]}]
    (ignored,) = read_back("osv-scanner")["IgnoredVulns"]
    assert (ignored["id"], ignored["reason"]) == ("CVE-1", reason)
    assert read_back("uv-audit") == {"tool": {"uv": {"audit": {"ignore": ["CVE-1"]}}}}
    assert read_back("pip-audit") == ["--ignore-vuln CVE-1", ""]
    (statement,) = read_back("openvex")["statements"]
    assert statement["action_statement"] == f"{words} [x] --- {words}"


def test_every_module_here_is_a_target_or_helps_one() -> None:
    modules = {path.stem for path in Path(emitters.__file__).parent.glob("[a-z]*.py")}
    assert modules == {target.module for target in TARGETS.values()} | {"allowed", "emitted", "marked", "waived"}


@pytest.mark.parametrize("target", TARGETS)
def test_where_nothing_is_decided_nothing_is_said(target: str) -> None:
    found = render(target, project(), None, TARGETS[target].paths[-1])
    assert not found.notes and not found.fragment
    assert found.text is None or "numpy" not in found.text


def test_one_advisory_waived_twice_is_told_once_and_holds_as_long_as_any() -> None:
    waiver = "[{{advisory: CVE-1, reason: {}, expires: {}}}]"
    subject = project(
        record("2026-11-20-a", waivers=waiver.format("short", "2026-12-01")),
        record("2026-11-21-b", waivers=waiver.format("long", "2027-01-01")),
        record("2026-11-22-c", waivers=waiver.format("ended", "2026-11-01")),
    )
    (ignored,) = tomllib.loads(render("osv-scanner", subject, None, "osv-scanner.toml").text or "")["IgnoredVulns"]
    assert ignored["reason"] == "long (decisions/2026-11-21-b.yaml)"
