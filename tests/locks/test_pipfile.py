"""Pipfile.lock by small locks of our own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from whypin.errors import WhypinError
from whypin.locks.pipfile import read
from whypin.model.lock import Lock

SHOP = """\
{
    "_meta": {
        "hash": {
            "sha256": "00"
        },
        "pipfile-spec": 6,
        "requires": {},
        "sources": [
            {
                "name": "pypi",
                "url": "https://user:secret@index.example/simple",
                "verify_ssl": true
            },
            {
                "name": "private",
                "url": "https://private.example/simple",
                "verify_ssl": true
            }
        ]
    },
    "default": {
        "PySocks": {
            "hashes": [
                "sha256:00"
            ],
            "index": "private",
            "markers": "python_version >= '3.9'",
            "version": "==1.7.1"
        },
        "requests": {
            "extras": [
                "socks"
            ],
            "version": "==2.32.5"
        }
    },
    "develop": {
        "requests": {
            "version": "==2.31.0"
        }
    },
    "Docs_Site": {
        "mkdocs": {
            "version": "==1.6.1+local"
        }
    }
}
"""


def told(text: str) -> Lock:
    return read(text, "Pipfile.lock")


def lock(categories: dict[str, Any], **meta: Any) -> str:
    return json.dumps({"_meta": {"pipfile-spec": 6, **meta}, "default": {}, **categories})


def test_a_name_in_two_categories_is_two_entries() -> None:
    entries = told(SHOP).entries
    assert [(entry.name, entry.version, entry.groups, entry.location.line) for entry in entries] == [
        ("pysocks", "1.7.1", ("main",), 22),
        ("requests", "2.32.5", ("main",), 30),
        ("requests", "2.31.0", ("group:dev",), 38),
        ("mkdocs", "1.6.1+local", ("group:docs-site",), 43),
    ]
    assert (entries[0].index, entries[0].marker, entries[0].hashed) == (
        "https://private.example/simple",
        "python_version >= '3.9'",
        True,
    )
    assert (entries[1].index, entries[1].marker, entries[1].hashed) == (None, None, False)
    assert all(entry.edges is None for entry in entries)
    assert told(SHOP).roots is None


def test_an_only_index_is_that_of_every_package() -> None:
    sources = [{"name": "a", "url": "https://user:secret@index.example/simple"}]
    packages = {"x": {"version": "==1"}, "y": {"version": "==1", "index": "gone"}, "z": {"path": "."}}
    entries = told(lock({"default": packages}, sources=sources)).entries
    assert [entry.index for entry in entries] == ["https://index.example/simple", "gone", None]


@pytest.mark.parametrize(
    ("package", "version", "source", "ref"),
    [
        ({"git": "https://u:p@git.example/a", "ref": "abc"}, None, "git", "https://git.example/a@abc"),
        ({"git": "https://git.example/a", "subdirectory": "x"}, None, "git", "https://git.example/a#subdirectory=x"),
        ({"hg": "https://hg.example/a", "ref": "1"}, None, "git", "hg+https://hg.example/a@1"),
        ({"path": ".", "editable": True}, None, "editable", "."),
        ({"path": "./lib/a"}, None, "directory", "./lib/a"),
        ({"path": "./a-1.0.zip", "version": "==1.0"}, "1.0", "path", "./a-1.0.zip"),
        ({"file": "https://u:p@files.example/a-1.0.zip"}, None, "url", "https://files.example/a-1.0.zip"),
        ({"file": "file:///srv/a-1.0.whl"}, None, "path", "file:///srv/a-1.0.whl"),
        ({"version": "===1.0-odd"}, "1.0-odd", "registry", None),
        ("==1.0", "1.0", "registry", None),
    ],
)
def test_sources(package: Any, version: str | None, source: str, ref: str | None) -> None:
    entry = told(lock({"default": {"a": package}})).entries[0]
    assert (entry.version, entry.source, entry.ref) == (version, source, ref)


def test_the_category_that_pipenv_writes_into_markers_is_left_out() -> None:
    marker = "('dev' in dependency_groups) and (python_version >= '3.10')"
    packages = {
        "a": {"version": "==1", "markers": marker},
        "b": {"version": "==1", "markers": "('dev' in dependency_groups)"},
    }
    entries = told(lock({"develop": packages})).entries
    assert [entry.marker for entry in entries] == ["python_version >= '3.10'", None]


def test_a_key_with_extras_is_the_package() -> None:
    packages = {"a": {"version": "==1"}, "A[x]": {"version": "==1"}, "b[y]": {"version": "==2"}}
    assert [(entry.name, entry.version) for entry in told(lock({"default": packages})).entries] == [
        ("a", "1"),
        ("b", "2"),
    ]


def test_lines_are_told_of_any_layout() -> None:
    one_line = json.dumps(json.loads(SHOP))
    assert [entry.location.line for entry in told(one_line).entries] == [1, 1, 1, 1]
    wide = json.dumps(json.loads(SHOP), indent=2)
    assert [entry.location.line for entry in told(wide).entries] == [22, 30, 38, 43]
    escaped = SHOP.replace('"mkdocs"', '"mk\\u0064ocs"')
    assert told(escaped) == told(SHOP)


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("", "1:1", "not valid JSON: expecting value at the end of the file"),
        ("[]", "1:1", "not a JSON object"),
        ("{}", "1:1", "no `_meta`: this is not a Pipfile.lock"),
        (lock({}).replace('"default": {}', '"develop": {}'), "1:1", "no `default`: it is damaged"),
        (SHOP.replace(": 6", ": 7"), "6:9", "unsupported pipfile-spec 7"),
        (SHOP.replace(": 6", ": true"), "6:9", "unsupported pipfile-spec True"),
        (SHOP.replace('"pipfile-spec": 6,', ""), "2:5", "unsupported pipfile-spec None"),
        (SHOP[: SHOP.index('"develop"')], "36:1", "not valid JSON: expecting property name"),
        (SHOP[:-3], "46:1", "not valid JSON: expecting ',' delimiter at the end of the file"),
        (SHOP.replace('    "develop"', '<<<<<<< ours\n    "develop"'), "37:1", "unresolved merge conflict"),
        (SHOP.replace('"mkdocs"', '"../a"'), "43:1", "'../a' is not a package name"),
        (SHOP.replace('"mkdocs"', '"a\\u001b"'), "43:1", "'a\\x1b' is not a package name"),
        (SHOP.replace('"Docs_Site"', '"../a"'), "42:1", "'../a' is not a package name"),
        (SHOP.replace('"==1.6.1+local"', '"*"'), "43:1", "mkdocs has no exact version"),
        (SHOP.replace('"==1.6.1+local"', '">=1,<2"'), "43:1", "mkdocs has no exact version"),
        (SHOP.replace('"==1.6.1+local"', '"==1.*"'), "43:1", "mkdocs has no exact version"),
        (SHOP.replace('"==1.6.1+local"', "1.6"), "43:1", "mkdocs has a version that is none"),
        (SHOP.replace("1.6.1", "1" * 201), "43:1", "mkdocs has a version that is none"),
        (SHOP.replace('"PySocks"', '"Requests"').replace("1.7.1", "2.32.5"), "30:1", "requests 2.32.5 is locked twice"),
        (SHOP.replace('"PySocks"', '"requests"'), "30:9", "the key 'requests' stands twice"),
        (SHOP.replace('"develop"', '"default"'), "37:5", "the key 'default' stands twice"),
        (lock({"default": []}), "1:1", "`default` is not a table"),
        (lock({"default": {"a": 1}}), "1:1", "`a` is not a table"),
        (lock({"default": {"a": {"version": "==1", "hashes": "x"}}}), "1:1", "`hashes` is not an array"),
        (lock({"default": {"a": {"version": "==1", "markers": 1}}}), "1:1", "`markers` is not a string"),
        (lock({"default": {"a": {"version": "==1", "index": 1}}}), "1:1", "`index` is not a string"),
        (lock({}, sources={}), "1:1", "`sources` is not an array of tables"),
        (lock({}, sources=[1]), "1:1", "`sources` is not an array of tables"),
    ],
)
def test_a_damaged_lock_is_an_error_with_its_place(text: str, where: str, message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        told(text)
    assert str(caught.value).startswith(f"Pipfile.lock:{where}: {message}")
