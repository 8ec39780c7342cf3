"""The guide: what it quotes was said, what it names exists, and what it says is missing is missing."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from uv import find_uv_bin

from tests.build import found, project, record
from tests.corpus import CORPUS, needs_corpus
from tests.site_examples import DEMO, LEVELS, ROOT, all_steps, blocks
from whypin import app, cli
from whypin.rules import RULES
from whypin.rules.placeholder_rationale import RULE as PLACEHOLDER

GUIDE = ROOT / "site/guide"
PAGES = sorted(GUIDE.glob("*.md"))
BY_NAME = {page.name: page for page in PAGES}


def name_of(page: Path) -> str:
    return page.name


def words(name: str) -> str:
    """The text of a page on one line."""
    return " ".join(BY_NAME[name].read_text(encoding="utf-8").split())


def nav() -> list[Any]:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    return list(yaml.safe_load(text[text.index("\nnav:") :])["nav"])


def test_every_page_of_the_guide_is_in_the_nav_and_on_its_first_page() -> None:
    (entries,) = [entry["Guide"] for entry in nav() if "Guide" in entry]
    listed = [entry if isinstance(entry, str) else next(iter(entry.values())) for entry in entries]
    assert listed[0] == "guide/index.md"
    assert sorted(listed) == sorted(f"guide/{page.name}" for page in PAGES)
    first = BY_NAME["index.md"].read_text(encoding="utf-8")
    assert {page.name for page in PAGES} - {"index.md"} <= set(re.findall(r"\]\(([\w-]+\.md)", first))


def typed(page: Path) -> Iterator[tuple[str, str]]:
    """Yield (language, command) of all that a page says to type, in its blocks and in its prose."""
    for block in blocks(page):
        if block.language == "sh":
            yield from (("sh", line.split(" #")[0].strip()) for line in block.text.splitlines())
    yield from (("console", step.command) for step in all_steps(page))
    prose = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    yield from (("prose", " ".join(code.split())) for code in re.findall(r"`([^`]+)`", prose))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_of_whypin_that_a_page_names_exists(page: Path) -> None:
    for _, command in typed(page):
        program, *rest = command.split() or [""]
        if program == "whypin" and rest:
            known = cli.whypin.get_command(click.Context(cli.whypin), rest[0])
            assert known is not None, command
            if isinstance(known, click.Group) and len(rest) > 1:
                known = known.get_command(click.Context(known), rest[1])
                assert known is not None, command
            options = {option for parameter in known.params for option in parameter.opts}
            assert set(re.findall(r"--[a-z-]+", command)) <= options, command


UV = sorted({command for page in PAGES for kind, command in typed(page) if kind == "sh" and command.startswith("uv ")})


@pytest.mark.parametrize("command", UV)
def test_every_command_of_uv_that_a_page_names_exists(command: str) -> None:
    parts = shlex.split(command)
    verb = parts[1:3] if parts[1] == "pip" else parts[1:2]
    done = subprocess.run([find_uv_bin(), *verb, "--help"], capture_output=True, text=True, check=True)
    assert {word for word in parts if word.startswith("--")} <= set(re.findall(r"--[a-z-]+", done.stdout))


def test_the_commands_of_uv_were_found() -> None:
    assert len(UV) >= 5


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_rule_that_a_page_names_exists_and_is_linked(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"WHY\d{3}", text))
    assert named <= {rule.code for rule in RULES}
    assert set(re.findall(r"WHY\d{3}", prose)) <= set(re.findall(r"\(\.\./reference/rules/(WHY\d{3})\.md\)", text))


def test_the_guide_tells_of_every_rule_about_advisories_and_of_what_they_cannot_say() -> None:
    text = words("index.md")
    assert {rule.code for rule in RULES if rule.code.startswith("WHY4")} <= set(re.findall(r"WHY\d{3}", text))
    assert "**cannot be checked**" in text and "What a green check does **not** say" in text


def test_the_reviewer_is_told_of_every_rule_about_a_change() -> None:
    text = BY_NAME["review-a-lock-change.md"].read_text(encoding="utf-8")
    assert {rule.code for rule in RULES if rule.code.startswith("WHY5")} <= set(re.findall(r"WHY\d{3}", text))


def test_the_first_hour_leads_to_every_decision_of_the_demo_project() -> None:
    text = BY_NAME["first-hour.md"].read_text(encoding="utf-8")
    linked = re.findall(r"^\d+\. .*?\(\.\./demo/decisions/([\w.-]+)\.md\)", text, re.MULTILINE)
    records = app.load(str(ROOT / DEMO)).records
    assert sorted(linked) == sorted(record.id for record in records)
    assert f"lock holds {len(app.load(str(ROOT / DEMO)).packages)}." in text


def shown(page: str, title: str) -> str:
    (text,) = [block.text for block in blocks(BY_NAME[page]) if block.title == title]
    return text


@needs_corpus
@pytest.mark.parametrize(
    ("title", "log"),
    [
        ("uv lock, the first stack", "poetry-asis/lock.log"),
        ("uv lock, the second stack on Python 3.8", "uv-asis-38/lock.log"),
        ("uv lock, the second stack on Python 3.9", "uv-asis-39/lock.log"),
    ],
)
def test_the_resolver_said_what_the_guide_quotes(title: str, log: str) -> None:
    assert shown("what-it-costs.md", title) in (CORPUS / "article" / log).read_text(encoding="utf-8")


@needs_corpus
def test_the_story_of_the_trial_stands_in_the_logs() -> None:
    failed = (CORPUS / "article/poetry-asis/lock.log").read_text(encoding="utf-8")
    assert shown("update-a-dependency.md", "uv lock, tensorflow 2.12.0") == failed.rstrip("\n") + "\n"
    passed = (CORPUS / "article/poetry-fix-tf-patch/lock.log").read_text(encoding="utf-8").strip()
    assert f"With 2.12.1 the same command says `{passed}`" in words("update-a-dependency.md")


@needs_corpus
def test_the_figures_of_the_two_ways_out_stand_in_the_logs() -> None:
    page = BY_NAME["what-it-costs.md"].read_text(encoding="utf-8")
    seconds = 0.0
    for change, folder in (("numpy 1.23.5", "poetry-fix-numpy"), ("tensorflow 2.12.1", "poetry-fix-tf-patch")):
        said = (CORPUS / "article" / folder / "lock.log").read_text(encoding="utf-8").strip()
        assert f"| {change} | `{said}` |" in page
        assert change.replace(" ", "==") in (CORPUS / "article" / folder / "pyproject.toml").read_text(encoding="utf-8")
        seconds += float(said.rpartition(" in ")[2].removesuffix("s"))
    assert round(seconds) == 14 and "Fourteen seconds" in page
    stack = shown("what-it-costs.md", "the first stack")
    assert stack in (CORPUS / "article/poetry-asis/pyproject.toml").read_text(encoding="utf-8")


def uploaded(lock: Path, name: str, version: str) -> set[str]:
    """The months in which the files of a locked version were published."""
    text = lock.read_text(encoding="utf-8")
    (entry,) = re.findall(rf'^name = "{name}"\nversion = "{re.escape(version)}"$.*?^$', text, re.MULTILINE | re.DOTALL)
    return set(re.findall(r'upload-time = "(\d{4}-\d\d)', entry))


@needs_corpus
def test_the_months_of_typing_extensions_stand_in_the_locks() -> None:
    assert "holds 4.5.0, of February 2023" in words("what-it-costs.md")
    assert uploaded(CORPUS / "article/poetry-fix-tf-patch/uv.lock", "typing-extensions", "4.5.0") == {"2023-02"}
    held = [package for package in app.load(str(ROOT / DEMO)).packages if package.name == "typing-extensions"]
    assert [str(entry.version) for package in held for entry in package.entries] == ["4.5.0"]


def test_the_second_stack_holds_the_newer_typing_extensions() -> None:
    assert "holds 4.16.0, of July 2026" in words("what-it-costs.md")
    assert uploaded(ROOT / LEVELS / "4-lock/uv.lock", "typing-extensions", "4.16.0") == {"2026-07"}


def test_the_dependencies_of_the_second_stack_differ_by_one_digit() -> None:
    assert "differ by one digit" in words("what-it-costs.md")
    asked = [
        re.findall(r'"([\w-]+==[\d.]+)"', (ROOT / LEVELS / folder / "pyproject.toml").read_text(encoding="utf-8"))
        for folder in ("4-lock", "5-reasons")
    ]
    assert [pair for pair in zip(*asked, strict=True) if len(set(pair)) > 1] == [
        ("tensorflow==2.8.0", "tensorflow==2.8.4")
    ]


def test_the_attempt_that_the_guide_shows_is_the_demo_projects() -> None:
    (attempt,) = [block.text for block in blocks(BY_NAME["write-a-record.md"]) if block.text.startswith("attempts:")]
    record = (ROOT / DEMO / "decisions/2026-11-20-numpy.yaml").read_text(encoding="utf-8")
    assert attempt.removeprefix("attempts:\n") in record


def test_the_reasons_that_the_guide_praises_are_reasons() -> None:
    table = BY_NAME["write-a-record.md"].read_text(encoding="utf-8").partition("## Kinds of reasons")[2]
    praised = re.findall(r"^\| (?!The reason|---).+? \| .+? \| (.+?) \|$", table, re.MULTILINE)
    assert len(praised) >= 6
    for reason in praised:
        assert found(PLACEHOLDER, project(record(rationale=f"|\n  {reason}"))) == [], reason


def test_what_whypin_cannot_judge_it_does_not_judge() -> None:
    assert 'It would not notice "due to compatibility issues"' in words("write-a-record.md")
    assert found(PLACEHOLDER, project(record(rationale="due to compatibility issues"))) == []


def test_no_page_is_long() -> None:
    assert [page.name for page in PAGES if len(page.read_text(encoding="utf-8").splitlines()) > 170] == []
