"""What is written for CI and hooks: it says what it should, and whypin takes every command in it."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.places.invocations import accept
from whypin.adopt import pages, places


@pytest.mark.parametrize("text", [places.workflow("1.2", None), places.gitlab_job("1.2", None)])
def test_it_is_yaml_and_its_commands_exist(text: str) -> None:
    assert yaml.safe_load(text)
    commands = re.findall(r"whypin (check[^>|\n]*)", text)
    assert commands
    for command in commands:
        accept(f"whypin {command}")
    assert "whypin==1.2" in text


def test_only_actions_of_github_itself_are_used() -> None:
    used = re.findall(r"uses: (\S+)", places.workflow("1.2", None))
    assert used and all(name.startswith("actions/") for name in used)


@pytest.mark.parametrize(
    ("gitignore", "hidden"),
    [
        ("/site\n", True),
        ("site/\n", True),
        ("site", True),
        ("**/site/\r\n", True),
        ("site/*\n", True),
        ("# site\n", False),
        ("sites/\n", False),
        ("docs/site/\n", False),
        ("site/\n!site/\n", False),
        ("", False),
    ],
)
def test_a_hidden_folder_is_seen(gitignore: str, hidden: bool) -> None:
    assert places.hides(gitignore, "site") is hidden


def test_the_pages_speak_of_the_folder_of_the_records_and_of_commands_that_exist() -> None:
    files = pages.site("docs", "adr/versions", "mkdocs")
    assert list(files)[-1] == "mkdocs.yml" and yaml.safe_load(files["mkdocs.yml"])["docs_dir"] == "docs"
    assert "`adr/versions/`" in files["docs/guide/write-a-record.md"]
    text = "\n".join(files.values())
    assert "{" not in re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert set(re.findall(r"whypin ([a-z]+)", text)) >= {"explain", "trial", "supersede", "check", "diff"}
