"""conda's environment files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.corpus import CORPUS, needs_corpus
from whypin.errors import WhypinError
from whypin.manifests.environment import read
from whypin.model.location import Location
from whypin.model.manifest import Manifest, Requirement

SHOP = """\
name: shop
channels: [conda-forge]
variables: {HOME: &home there}
dependencies:
  - python=3.11  # the base image has it
  # numba
  - conda-forge::numpy=1.26=py311_0
  - "scipy[version='>=1.2']"   # [linux64] needs MKL
  # [osx] is no selector here
  - openssl
  - pip
  - pip:
    - Requests[socks] >= 2 ; python_version < "3.9"  # kept for the proxy
    - 'six==1.16'
    - -e ./libs/core
    - -e .
    - lib @ git+https://user:secret@git.example/lib.git@v1#egg=lib  # [win]
    - -r reqs/web.txt
  - npm:
    - left-pad
platforms:
  - linux-64
"""


def nothing(path: str) -> str:
    raise WhypinError("it is not there", Location(path))


def manifest(text: str, path: str = "environment.yml", **files: str) -> Manifest:
    def load(other: str) -> str:
        return files[other] if other in files else nothing(other)

    return read(text, path, load)


def shop() -> Manifest:
    return manifest(SHOP, "env/environment.yml", **{"env/reqs/web.txt": "# old API\nflask<3\n"})


def test_every_requirement_with_its_place() -> None:
    found = [(need.key, need.specifier, need.group, *need.location) for need in shop().requirements]
    path = "env/environment.yml"
    assert found == [
        ("conda:python", "==3.11.*", "main", path, 5, 5),
        ("conda:numpy", "==1.26", "main", path, 7, 5),
        ("conda:scipy", ">=1.2", "main", path, 8, 5),
        ("conda:openssl", "", "main", path, 10, 5),
        ("conda:pip", "", "main", path, 11, 5),
        ("requests", ">=2", "main", path, 13, 7),
        ("six", "==1.16", "main", path, 14, 8),
        ("core", "", "main", path, 15, 7),
        ("lib", "", "main", path, 17, 7),
        ("flask", "<3", "main", "env/reqs/web.txt", 2, 1),
    ]


def test_details() -> None:
    by_name = {need.name: need for need in shop().requirements}
    assert by_name["python"] == Requirement(
        "python",
        "==3.11.*",
        "main",
        Location("env/environment.yml", 5, 5),
        written="=3.11",
        comment="the base image has it",
        conda=True,
    )
    assert (by_name["numpy"].written, by_name["numpy"].comment) == ("=1.26=py311_0", "numba")
    assert (by_name["scipy"].marker, by_name["scipy"].comment) == ("linux64", "needs MKL")
    assert (by_name["openssl"].marker, by_name["openssl"].comment) == (None, "[osx] is no selector here")
    assert (by_name["requests"].extras, by_name["requests"].written) == (("socks",), ">= 2")
    assert (by_name["requests"].marker, by_name["requests"].comment) == (
        'python_version < "3.9"',
        "kept for the proxy",
    )
    assert (by_name["core"].tree, by_name["core"].url) == (True, "./libs/core")
    assert (by_name["lib"].url, by_name["lib"].marker) == ("https://git.example/lib.git@v1", "win")
    assert by_name["flask"].comment == "old API"
    assert shop().environments


def test_the_category_of_conda_lock_is_the_group() -> None:
    text = "category: Dev\ndependencies: [numpy, {pip: [six]}]\n"
    assert [need.group for need in manifest(text).requirements] == ["group:dev", "group:dev"]
    (need,) = manifest("category: main\ndependencies: [numpy]\n").requirements
    assert need.group == "main"


def test_what_a_constraints_file_leaves_open_is_an_override() -> None:
    found = manifest("dependencies:\n- pip:\n  - -c limits.txt\n  - six\n", **{"limits.txt": "six<2\n"})
    ((kind, limit, _),) = found.overrides
    assert (kind, limit.name, limit.location) == ("constraint", "six", Location("limits.txt", 1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n- list\n",
        "production:\n  database: x\n",
        "anchors: &a {x: 1}\nagain: *a\n",
        "not: [closed\n",
        "a: 1\n\tb: 2\n",
        "dependencies:\n",
        "dependencies: []\n",
        "dependencies:\n- pip:\n",
    ],
)
def test_what_is_no_conda_environment_asks_for_nothing(text: str) -> None:
    assert manifest(text).requirements == ()


def test_odd_yaml_beside_the_dependencies_is_not_looked_at() -> None:
    text = "variables:\n  A: &a 1\n  B: *a\ndependencies: [numpy]\nmore: !tag x\n"
    assert [need.name for need in manifest(text).requirements] == ["numpy"]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("name: x\ndependencies: [a\n", "3:1", "not YAML: "),
        ("dependencies:\n- a\n- b: c: d\n", "3:7", "not YAML: a colon in a value that is not quoted"),
        ("dependencies:\n\t- a\n", "2:1", "a tab in the indentation"),
        ("dependencies: &a [numpy]\n", "1:15", "YAML anchors are not allowed"),
        ("x: &a [numpy]\ndependencies: *a\n", "2:15", "YAML aliases are not allowed"),
        ("dependencies: [a]\ndependencies: [b]\n", "2:1", "'dependencies' is given twice; the first is on line 1"),
        ("dependencies:\n- pip: [a]\n  pip: [b]\n", "3:3", "'pip' is given twice; the first is on line 2"),
        ("dependencies:\n- a\n--- \ndependencies: [b]\n", "3:1", "a second YAML document"),
        ("dependencies: " + "[" * 60_000, "1:34", "nested deeper than 20 levels"),
        ("dependencies: [a]\n# " + "x" * 1_000_000, "1:1", "the file is too large (more than 1,000,000 characters)"),
        ("dependencies:\n<<<<<<< ours\n- a\n", "2:1", "unresolved merge conflict"),
        ("dependencies: numpy\n", "1:15", "`dependencies` must be a list"),
        ("dependencies: {numpy: 1}\n", "1:15", "`dependencies` must be a list"),
        ("dependencies:\n- python: 3.9\n", "2:11", "'python' must be a list of requirements"),
        ("dependencies:\n- [a, b]\n", "2:3", "neither a package nor a list of another installer"),
        ("dependencies:\n- pip:\n  - [a]\n", "3:5", "a requirement of pip must be text"),
        ("dependencies:\n- a b c d\n", "2:3", "'b c d' is not a version constraint"),
        ('dependencies:\n- "\\e[31m"\n', "2:3", "'\\x1b[31m' is not a package spec"),
        ("dependencies:\n- python:\n", "2:10", "'python' must be a list of requirements"),
        ("dependencies:\n- pip:\n  - a\n  - 'b >>1'\n", "4:6", "'b >>1' is not a requirement"),
        ("dependencies:\n- pip:\n  - a\n  - -r  gone.txt\n", "4:5", "the included file 'gone.txt': it is not there"),
        ("dependencies:\n- pip:\n  - -r environment.yml\n", "3:5", "'environment.yml' includes itself"),
        ("dependencies:\n- pip:\n  - -r ../x.txt\n", "3:5", "the included file '../x.txt' lies outside the root"),
        ("category: [a]\ndependencies: [b]\n", "1:11", "`category` must be the name of a group"),
    ],
)
def test_what_cannot_be_read_has_its_place(text: str, place: str, message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        manifest(text)
    assert str(caught.value).startswith(f"environment.yml:{place}: {message}")
    assert "record" not in str(caught.value)


def test_the_place_of_text_that_is_not_written_as_it_reads() -> None:
    text = "dependencies:\n- pip:\n  - 'six\n    ==1'\n  - \"\\x66lask\"\n  - >\n    numpy\n"
    found = [(need.name, *need.location[1:]) for need in manifest(text).requirements]
    assert found == [("six", 3, 5), ("flask", 5, 5), ("numpy", 6, 5)]


def test_a_mistake_in_an_included_file_has_its_place_there() -> None:
    with pytest.raises(WhypinError, match=r"\Awe\.txt:2:1: "):
        manifest("dependencies:\n- pip:\n  - -r we.txt\n", **{"we.txt": "a\n%\n"})


def _plain_names(items: list[Any]) -> list[str]:
    names: list[str] = []
    for item in items:
        names += _plain_names(item["pip"]) if isinstance(item, dict) else [re.split(r"[=<> ]", item)[0]]
    return names


def _files() -> list[Path]:
    return sorted(path for pattern in ("environment*.yml", "environment*.yaml") for path in CORPUS.rglob(pattern))


@needs_corpus
def test_the_environments_of_the_corpus() -> None:
    assert len(_files()) > 5
    for path in _files():
        text = path.read_text(encoding="utf-8")
        found = read(text, path.name, nothing).requirements
        assert [need.name for need in found] == _plain_names(yaml.safe_load(text)["dependencies"])
        for need in found:
            line = text.split("\n")[need.location.line - 1]
            assert line[need.location.column - 1 :].startswith(need.name + need.written)
