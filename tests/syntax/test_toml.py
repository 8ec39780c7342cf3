from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import CORPUS, needs_corpus
from whypin.errors import WhypinError
from whypin.syntax import toml
from whypin.syntax.toml_scan import Raw, Table

DOCUMENT = """\
# a comment
[project]
name = "shop"
dependencies = [
  "numpy<2",  # a cap
  'pandas',
  "torch", "jax",
]
optional-dependencies.web = ["flask"]
[project.urls]
"the home" = "https://shop.example"
[tool.poetry.group.dev.dependencies]
pytest = { version = "^8", extras = ["a", "b"] }
[[tool.x]]
k = 1
[[tool.x]]
k = [
  [1, 2],
  { deep = "here" },
]
[tool.x.sub]
text = \"\"\"
[not.a.table]
\"\"\"
"""


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (("project",), (2, 1)),
        (("project", "name"), (3, 1)),
        (("project", "dependencies"), (4, 1)),
        (("project", "dependencies", 0), (5, 3)),
        (("project", "dependencies", 3), (7, 12)),
        (("project", "optional-dependencies", "web"), (9, 1)),
        (("project", "optional-dependencies", "web", 0), (9, 30)),
        (("project", "urls", "the home"), (11, 1)),
        (("tool", "poetry"), (12, 1)),
        (("tool", "poetry", "group", "dev", "dependencies", "pytest", "extras", 1), (13, 43)),
        (("tool", "x", 0, "k"), (15, 1)),
        (("tool", "x", 1, "k", 1, "deep"), (19, 5)),
        (("tool", "x", 1, "sub", "text"), (22, 1)),
    ],
)
def test_the_place_of_a_key(keys: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert toml.place_of(DOCUMENT, *keys) == place


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (("project", "dependencies", 9), (4, 1)),
        (("project", "scripts", "shop"), (2, 1)),
        (("not", "there"), (1, 1)),
        (("not.a.table",), (1, 1)),
        ((), (1, 1)),
    ],
)
def test_the_place_of_what_is_not_there_is_that_of_what_would_hold_it(
    keys: tuple[str | int, ...], place: tuple[int, int]
) -> None:
    assert toml.place_of(DOCUMENT, *keys) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[[",
        "a = [[[[",
        'a = "',
        '"""',
        "a = '''x",
        "[a.b",
        "=",
        "]}]}",
        "\x00",
        "a.b.=",
        "[" * 50_000,
        "a={" * 9_000,
    ],
)
def test_broken_text_has_places_too(text: str) -> None:
    line, column = toml.place_of(text, "a", "b", 3)
    assert line >= 1 <= column


@needs_corpus
def test_every_key_of_every_manifest_in_the_corpus_has_its_own_place() -> None:
    for path in sorted(CORPUS.rglob("pyproject.toml")):
        text = path.read_text(encoding="utf-8")
        lines = text.split("\n")
        for keys in _key_paths(tomllib.loads(text)):
            line, column = toml.place_of(text, *keys)
            assert str(keys[-1]) in lines[line - 1][column - 1 :], (path, keys)


def _key_paths(value: Any, keys: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [keys] if keys and isinstance(keys[-1], str) else []
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        found += _key_paths(child, (*keys, key))
    return found


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("a = 1\nb = \n", "x.toml:2:5", "not valid TOML: invalid value"),
        (
            'a = "cut',
            "x.toml:1:1",
            "not valid TOML: unterminated string at the end of the file; is the file cut short?",
        ),
        ("a = [1,\n\n\n", "x.toml:1:1", "not valid TOML: invalid value at the end of the file; is the file cut short?"),
        ("a = 1\na = 2\n", "x.toml:2:6", "not valid TOML: cannot overwrite a value"),
        ("[a]\n[a]\n", "x.toml:2:3", "not valid TOML: cannot declare ('a',) twice"),
        ("a = 1\x00\n", "x.toml:1:6", "not valid TOML: expected newline or end of document after a statement"),
        ("\ufeffa = 1\n", "x.toml:1:1", "not valid TOML: invalid statement"),
        ("a = 1\n<<<<<<< ours\nb = 1\n=======\nb = 2\n>>>>>>> theirs\n", "x.toml:2:1", "unresolved merge conflict"),
        ("a = 1\nb = " + "9" * 5000 + "\n", "x.toml:2:1", "a number is too long to be read"),
        ("a = 1\nb = " + "[" * 5000 + "]" * 5000, "x.toml:2:5", "values are nested too deeply to be read"),
        ('a = "\\ud800"\n', "x.toml:1:12", "not valid TOML: escaped character is not a Unicode scalar value"),
    ],
)
def test_bad_text_is_an_error_with_its_place(text: str, where: str, message: str) -> None:
    for load in (toml.load, toml.load_lock):
        with pytest.raises(WhypinError) as caught:
            load(text, "x.toml")
        assert str(caught.value).startswith(f"{where}: {message}")


def test_what_the_scanner_does_not_know_is_read_by_tomllib_with_the_same_lines() -> None:
    tidy = '[[package]]\nname = "a"\nversion = "1"\n\n[[package]]\nversion = "2"\nname = "b"\n'
    odd = tidy + "when = 2026-11-22\n"
    assert [table.line for table in toml.load_lock(tidy, "x")["package"]] == [2, 7]
    tables = toml.load_lock(odd, "x")["package"]
    assert [table.line for table in tables] == [2, 7]
    assert [table["name"] for table in tables] == ["a", "b"]
    assert all(isinstance(table, Table) for table in tables)


def test_a_skipped_value_still_tells_what_keys_it_mentions() -> None:
    file = '{ url = "https://files.index.example/a.whl", hash = "sha256:00", size = 1 }'
    text = f'[[package]]\nname = "a"\nsdist = {file}\nwheels = [\n    {file},\n]\nlast = {{ hash = "x" }}\n'
    table = toml.load_lock(text, "x", {"wheels", "sdist"})["package"][0]
    assert isinstance(table["wheels"], Raw) and isinstance(table["sdist"], Raw)
    assert str(table["wheels"]) == f"    {file},\n"
    assert [toml.mentions(table[key], "hash") for key in ("wheels", "sdist", "last", "name")] == [True] * 3 + [False]
    assert not toml.mentions(table["wheels"], "upload-time")
    assert toml.mentions(tomllib.loads(text)["package"][0]["wheels"], "hash")


def test_line_ends_of_windows_and_a_missing_last_one_make_no_difference(tmp_path: Path) -> None:
    from whypin.syntax.text import decode

    text = '[[package]]\nname = "a"'
    assert toml.load(decode(text.replace("\n", "\r\n").encode(), "x"), "x") == tomllib.loads(text)
