"""setup.cfg as setuptools reads it."""

from __future__ import annotations

from configparser import Error, RawConfigParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpus import CORPUS, needs_corpus
from whypin.errors import WhypinError
from whypin.manifests.setup_cfg import read, sections_of
from whypin.model.location import Location
from whypin.model.manifest import Manifest, Requirement

SHOP = """\
[metadata]
name = My.Shop

[options]
python_requires = >=3.8, <4
install-requires =
    # numba
    numpy<2
    Django [argon2] >= 4 ; python_version > "3.8"  # why %(not)s

; a comment of the other kind
    lib @ https://user:secret@files.example/lib.zip
packages = find:

[options.extras_require]
docs = sphinx; mkdocs>=1
All =
  my_shop[docs]
  six

[flake8]
numpy = <1
"""


def test_every_requirement_with_its_place() -> None:
    manifest = read(SHOP, "setup.cfg")
    assert (manifest.project, manifest.requires_python) == ("my-shop", ">=3.8,<4")
    found = [(need.name, need.specifier, need.group, *need.location[1:]) for need in manifest.requirements]
    assert found == [
        ("numpy", "<2", "main", 8, 5),
        ("django", ">=4", "main", 9, 5),
        ("lib", "", "main", 12, 5),
        ("sphinx", "", "extra:docs", 16, 8),
        ("mkdocs", ">=1", "extra:docs", 16, 16),
        ("six", "", "extra:all", 19, 3),
        ("sphinx", "", "extra:all", 16, 8),
        ("mkdocs", ">=1", "extra:all", 16, 16),
    ]


def test_details() -> None:
    numpy, django, lib, *_ = read(SHOP, "setup.cfg").requirements
    assert numpy == Requirement("numpy", "<2", "main", Location("setup.cfg", 8, 5), written="<2", comment="numba")
    assert (django.extras, django.marker, django.written, django.comment) == (
        ("argon2",),
        'python_version > "3.8"',
        ">= 4",
        "why %(not)s",
    )
    assert lib.url == "https://files.example/lib.zip"


def test_extras_that_ask_for_each_other_are_followed_to_the_end() -> None:
    text = "[metadata]\nname = s\n[options.extras_require]\na = s[b]\nb = s[a, c]\nc = six\n"
    found = [(need.name, need.group) for need in read(text, "setup.cfg").requirements]
    assert found == [("six", "extra:c"), ("six", "extra:a"), ("six", "extra:b")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "[flake8]\nignore = E203,  # space\n    W503\n",
        "[options]\ninstall_requires =\n",
        "[options]\ninstall_requires = file: requirements.txt\n",
        "[options.extras_require]\ndocs = file: docs.txt\n",
    ],
)
def test_what_declares_nothing(text: str) -> None:
    assert read(text, "setup.cfg") == Manifest("setup.cfg", None, ())


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a = b\n", "1:1", "no section stands above this line"),
        ("[a]\nb = 1\n[a]\n", "3:1", "the section [a] is there twice"),
        ("[a]\nb = 1\n c = 2\nb: 3\n", "4:1", "the option 'b' is there twice"),
        ("[a]\nb\n", "2:1", "'b' is neither a section nor an option"),
        ("[a]\n= b\n", "2:1", "'= b' is neither a section nor an option"),
        ("[a]\n  b = 1\n [c\n", "3:2", "'[c' is neither a section nor an option"),
        ("[a]\n<<<<<<< ours\n", "2:1", "unresolved merge conflict"),
        ("[options]\ninstall_requires =\n  a\n  b>>1\n", "4:3", "'b>>1' is not a requirement"),
        ("[options]\ninstall_requires = a; b>>1\n", "2:23", "'b>>1' is not a requirement"),
        ("[options]\ninstall_requires = %(a)s\n", "2:20", "'%(a)s' is not a requirement"),
        ("[options]\ninstall_requires = ../a\n", "2:20", "'../a' is not a requirement"),
        ("[options]\ninstall_requires =\n  a[" + "x" * 20_000 + "]\n", "3:3", "a requirement this long"),
        ("[options]\npython_requires = three\n", "2:19", "'three' is not a constraint on Python"),
        ("[options]\npython_requires = >=3 ; os_name == 'nt'\n", "2:19", "\">=3 ; os_name == 'nt'\" is not"),
        ("[options.extras_require]\n../x = a\n", "2:1", "'../x' is not the name of an extra"),
        ("[options]\ninstall_requires =\n" + " a\n" * 100_001, "100003:2", "more than 100,000 requirements"),
    ],
)
def test_what_cannot_be_read_has_its_place(text: str, place: str, message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        read(text, "setup.cfg")
    assert str(caught.value).startswith(f"setup.cfg:{place}: {message}")


def by_configparser(text: str) -> dict[str, dict[str, list[str]]]:
    parser = RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # as setuptools sets it
    parser.read_string(text)
    return {
        section: {name: _filled(value.split("\n")) for name, value in parser.items(section)}
        for section in parser.sections()
    }


def _filled(lines: list[str]) -> list[str]:
    return [line for line in lines if line]


def by_us(text: str) -> dict[str, dict[str, list[str]]]:
    return {
        section: {name: _filled([line.text for line in lines]) for name, lines in options.items()}
        for section, options in sections_of(text, "setup.cfg").items()
    }


LINE = st.text("ab=:#;[] ", max_size=8)


@given(st.lists(LINE | st.sampled_from(["[a]", "[b]", "b = c", "  more", "\tc: d", "# x", ""]), max_size=8))
@settings(max_examples=500)
def test_lines_are_read_as_configparser_reads_them(lines: list[str]) -> None:
    text = "\n".join(["[z]", *lines])
    try:
        expected = by_configparser(text)
    except Error:
        with pytest.raises(WhypinError):
            sections_of(text, "setup.cfg")
        return
    assert by_us(text) == expected


def test_places_of_lines() -> None:
    assert sections_of("[a]\n b  =  c\n     d", "x")["a"]["b"] == [("c", 2, 8), ("d", 3, 6)]


@needs_corpus
def test_the_files_of_the_corpus_read_as_configparser_reads_them() -> None:
    paths = sorted(CORPUS.rglob("setup.cfg"))
    assert len(paths) > 4
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert by_us(text) == by_configparser(text)
        assert read(text, "setup.cfg") == Manifest("setup.cfg", None, ())
