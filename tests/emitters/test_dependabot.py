from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.build import entry, lock, project, record
from tests.emitters.schemas import complaint
from whypin.emitters.dependabot import render
from whypin.errors import WhypinError
from whypin.model.project import Project

PATH = ".github/dependabot.yml"
BEGIN = "# whypin: begin. Written by whypin emit dependabot: change the decision records instead."
CAP = record("2026-11-20-numpy", packages='{numpy: "<2"}', title="The C API broke")
HEAD = "version: 2\nupdates:\n"
ENTRY = "  - package-ecosystem: uv\n    directory: /\n    schedule: {interval: weekly}\n"


def written(text: str, subject: Project | None = None) -> str:
    return render(subject or project(CAP), text, PATH).text or ""


def test_an_entry_without_a_list_gets_one() -> None:
    assert written(HEAD + ENTRY) == HEAD + (
        "  - package-ecosystem: uv\n"
        f"    {BEGIN}\n"
        "    ignore:\n"
        "      # The C API broke (decisions/2026-11-20-numpy.yaml)\n"
        '      - dependency-name: "numpy"\n'
        '        versions: [">=2"]\n'
        "    # whypin: end\n"
        "    directory: /\n"
        "    schedule: {interval: weekly}\n"
    )


def test_what_is_ignored_by_hand_stays_as_it_is() -> None:
    by_hand = "    ignore: # ours\n    # because\n    - {dependency-name: 'foo'}   # x\n\n# last\n"
    text = written(HEAD + ENTRY + by_hand)
    assert text.startswith(f"{HEAD}{ENTRY}    ignore: # ours\n    {BEGIN}\n") and text.endswith(
        "    # whypin: end\n    # because\n    - {dependency-name: 'foo'}   # x\n\n# last\n"
    )
    assert [each["dependency-name"] for each in yaml.safe_load(text)["updates"][0]["ignore"]] == ["numpy", "foo"]


OTHERS = {
    "second key": HEAD + "  - directory: /\n    package-ecosystem: 'pip'\n    schedule: {interval: weekly}\n",
    "no indent": "version: 2\nupdates:\n- package-ecosystem: pip\n  directory: /\n  schedule: {interval: weekly}\n",
    "two and another": HEAD + ENTRY + "  # the node part\n" + ENTRY.replace("uv", "npm") + ENTRY.replace("uv", "pip"),
    "key behind": "updates:\n" + ENTRY + "    # hers\n\nversion: 2\n",
    "no last newline": HEAD + ENTRY.rstrip("\n"),
    "markers moved": HEAD
    + ENTRY
    + "    ignore:\n      - dependency-name: a\n      # whypin: begin\n      # whypin: end\n",
    "markers in an empty list": HEAD + ENTRY + "    ignore:\n        # whypin: begin\n        # whypin: end\n",
    "markers in the entry": HEAD + ENTRY + "    # whypin: begin\n    # whypin: end\n    labels: [a]\n",
    "windows": (HEAD + ENTRY + "    ignore:\n      - dependency-name: a\n").replace("\n", "\r\n"),
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_it_is_merged_again_and_again_and_taken_out_to_the_byte(text: str, tmp_path: Path) -> None:
    first = written(text)
    assert complaint(tmp_path, "vendor.dependabot", "dependabot.yml", first) == ""
    assert written(first) == first
    mine = [update for update in yaml.safe_load(first)["updates"] if update["package-ecosystem"] in ("pip", "uv")]
    assert all({"dependency-name": "numpy", "versions": [">=2"]} in update["ignore"] for update in mine)
    emptied = written(first, project())
    assert complaint(tmp_path, "vendor.dependabot", "dependabot.yml", emptied) == ""
    assert written(emptied) == first
    assert ("\r\n" in text) == ("\r\n" in first) and first.count("\r\n") in (0, first.count("\n"))
    own = [line for line in emptied.splitlines() if "# whypin: " not in line and line.strip() != "[]"]
    assert own == [line for line in text.splitlines() if "# whypin: " not in line]


@pytest.mark.parametrize("title", ["whypin: end", "  whypin: begin of it"])
def test_a_title_ends_no_section(title: str) -> None:
    subject = project(record("2026-11-20-numpy", packages='{numpy: "<2"}', title=f"'{title}'"))
    text = written(HEAD + ENTRY, subject)
    assert written(text, subject) == text and written(text, project()) == written(written(HEAD + ENTRY), project())


def test_where_nothing_is_to_be_said_nothing_changes() -> None:
    for text in (HEAD + ENTRY, "version: 2\nupdates: []\n", HEAD + ENTRY + "    ignore: []\n"):
        assert written(text, project()) == text
    assert render(project(), None, PATH).text is None


def test_without_the_file_the_list_itself_is_told() -> None:
    found = render(project(CAP), None, PATH)
    assert found.fragment and f"{HEAD}{ENTRY}{found.text}" == written(
        f"{HEAD}{ENTRY}    # whypin: begin\n    # whypin: end\n"
    ).replace("    # whypin: begin\n", f"    {BEGIN}\n")


def test_a_scope_is_for_the_entries_of_its_folders() -> None:
    locks = [lock(entry("numpy"), path=path) for path in ("uv.lock", "services/api/uv.lock", "services/web/uv.lock")]
    subject = project(
        record("2026-11-20-root", packages="{numpy: 1.26.4}", locks="[uv.lock]"),
        record("2026-11-21-api", packages='{numpy: "<2"}', locks="[services/api/*]"),
        record("2026-11-22-all", packages='{numpy: "<3"}'),
        locks=locks,
    )
    folders = (
        "directory: /",
        "directory: /services/api",
        'directory: "./services/web/"',
        'directories: ["/services/*"]',
    )
    text = HEAD + "".join(ENTRY.replace("directory: /", folder) for folder in folders)
    updates = yaml.safe_load(written(text, subject))["updates"]
    assert [update["ignore"][0]["versions"] for update in updates] == [
        [">1.26.4"],
        [">=2", ">=3"],
        [">=3"],
        [">=2", ">=3"],
    ]


WRONG = {
    "no entry": ("version: 2\nupdates: []\n", ":1:1: no entry under updates is for pip or uv"),
    "other entry": (HEAD + ENTRY.replace("uv", "npm"), ":1:1: no entry under updates is for pip or uv"),
    "brackets": (HEAD + ENTRY + "    ignore: [{dependency-name: a}]\n", ":6:13: this list is written in brackets"),
    "braces": (HEAD + "  - {package-ecosystem: uv, directory: /}\n", ":3:5: this entry is written in braces"),
    "no end": (HEAD + ENTRY + "    # whypin: begin\n", ":6:1: the comments of a marked section don't pair up"),
    "no begin": (HEAD + ENTRY + "    # whypin: end\n", ":6:1: the comments of a marked section don't pair up"),
    "elsewhere": (
        HEAD + ENTRY + ENTRY.replace("uv", "npm") + "    # whypin: begin\n    # whypin: end\n",
        ":9:1: this marked section is in no entry for pip or uv",
    ),
    "twice": (
        HEAD + ENTRY + "    # whypin: begin\n    # whypin: end\n" * 2,
        ":8:1: a second marked section in this entry",
    ),
    "in another list": (
        HEAD
        + ENTRY
        + "    ignore:\n      - dependency-name: a\n    labels:\n      # whypin: begin\n      # whypin: end\n",
        "stands in no list of what to ignore",
    ),
    "no yaml": (HEAD + "  - [\n", "not YAML"),
    "anchor": (HEAD + ENTRY + "    labels: &a [x]\n", "anchors are not allowed"),
    "deep": ("updates: " + "[" * 10_000, "nested deeper"),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_merged_is_one_clear_line(text: str, message: str) -> None:
    with pytest.raises(WhypinError) as raised:
        written(text)
    assert str(raised.value).startswith(PATH) and message in str(raised.value) and "\n" not in str(raised.value)
    assert raised.value.hint


def test_a_name_that_yaml_takes_for_another_type_stays_a_name() -> None:
    subject = project(record(packages='{"on": "1.0", "1e3": "1.0"}'))
    names = [each["dependency-name"] for each in yaml.safe_load(written(HEAD + ENTRY, subject))["updates"][0]["ignore"]]
    assert names == ["1e3", "on"]
