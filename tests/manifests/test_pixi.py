"""pixi's manifests, by small ones of our own and the real ones of the corpus."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from tests.corpus import CORPUS, needs_corpus
from whypin.errors import WhypinError
from whypin.manifests import pixi, pyproject
from whypin.manifests.pixi import read
from whypin.model.location import Location
from whypin.model.manifest import Requirement

SHOP = """\
[workspace]
name = "shop"
channels = ["conda-forge"]
platforms = ["linux-64", "win-64"]

[workspace.dependencies]
boost = "1.80.*"

[dependencies]
python = "3.11.*"
NumPy = { version = ">=1.26,<2", build = "py311*" }  # numba needs it
boost = { workspace = true }
core = { path = "./core" }

[target.win-64.dependencies]
pywin32 = "*"

[pypi-dependencies]
Requests_Cache = { version = "~=1.2", extras = ["mongodb"], env-markers = "python_version < '3.12'" }
# the last with the old API
flask = "2.3"
shop = { path = ".", editable = true }
lib = { git = "https://user:secret@git.example/lib.git", rev = "v1", subdirectory = "py" }
wheel = { path = "./wheel-1.0-py3-none-any.whl" }

[feature.test.dependencies]
pytest = "=8"

[feature.cuda.target.linux-64.pypi-dependencies]
torch = ">=2"

[feature.unused.dependencies]
gone = "*"

[environments]
default = ["cuda"]
test = { features = ["test", "cuda"], solve-group = "default" }
bare = { features = ["test"], no-default-feature = true }
"""


def found(text: str) -> list[tuple[str, str, str]]:
    return [(need.key, need.specifier, need.group) for need in read(text, "pixi.toml").requirements]


def test_every_requirement_with_its_group() -> None:
    assert found(SHOP) == [
        ("conda:python", "==3.11.*", "main"),
        ("conda:numpy", ">=1.26,<2", "main"),
        ("conda:boost", "==1.80.*", "main"),
        ("conda:core", "", "main"),
        ("requests-cache", "~=1.2", "main"),
        ("flask", "==2.3", "main"),
        ("shop", "", "main"),
        ("lib", "", "main"),
        ("wheel", "", "main"),
        ("conda:pywin32", "", "main"),
        ("conda:pytest", "==8.*", "group:test"),
        ("conda:pytest", "==8.*", "group:bare"),
        ("torch", ">=2", "main"),
        ("torch", ">=2", "group:test"),
    ]


def test_details() -> None:
    manifest = read(SHOP, "pixi.toml")
    assert (manifest.project, manifest.environments, manifest.requires_python) == (None, True, None)
    by_name = {need.name: need for need in manifest.requirements}
    assert by_name["numpy"] == Requirement(
        "numpy",
        ">=1.26,<2",
        "main",
        Location("pixi.toml", 11, 1),
        written=">=1.26,<2 py311*",
        comment="numba needs it",
        conda=True,
    )
    assert (by_name["boost"].location.line, by_name["boost"].written) == (12, "1.80.*")
    cache = by_name["requests-cache"]
    assert (cache.extras, cache.marker, cache.location.line) == (("mongodb",), "python_version < '3.12'", 19)
    assert (by_name["flask"].comment, by_name["flask"].written) == ("the last with the old API", "2.3")
    assert (by_name["pywin32"].marker, by_name["torch"].marker) == ("win-64", "linux-64")


def test_places_instead_of_versions() -> None:
    by_name = {need.name: need for need in read(SHOP, "pixi.toml").requirements}
    assert {name: (need.url, need.tree) for name, need in by_name.items() if need.url} == {
        "core": ("./core", True),
        "shop": (".", True),
        "lib": ("https://git.example/lib.git@v1#subdirectory=py", False),
        "wheel": ("./wheel-1.0-py3-none-any.whl", False),
    }
    digest = "a" * 64
    text = f'[dependencies]\na = {{ url = "https://files.example/a-1.0-0.conda", sha256 = "{digest}" }}\n'
    (need,) = read(text, "pixi.toml").requirements
    assert (need.url, need.strictness) == (f"https://files.example/a-1.0-0.conda#sha256={digest}", "exact")


def test_overrides_and_constraints() -> None:
    text = """\
[pypi-options.dependency-overrides]
numpy = ">=2"  # tensorflow's cap is wrong
[constraints]
openssl = "<4"
[feature.test.target.linux.constraints]
Curl = ">8"
[feature.test.pypi-options]
dependency-overrides = { six = "==1.16" }
[feature.unused.constraints]
gone = "*"
[environments]
test = ["test"]
"""
    overrides = read(text, "pixi.toml").overrides
    told = [(kind, need.key, need.specifier, need.group, *need.location[1:]) for kind, need, _ in overrides]
    assert told == [
        ("override", "numpy", ">=2", "main", 2, 1),
        ("constraint", "conda:openssl", "<4", "main", 4, 1),
        ("override", "six", "==1.16", "group:test", 8, 26),
        ("constraint", "conda:curl", ">8", "group:test", 6, 1),
    ]
    assert overrides[0].requirement.comment == "tensorflow's cap is wrong"


def test_a_default_environment_without_the_nameless_feature() -> None:
    text = """\
[dependencies]
shared = "*"
[host-dependencies]
cmake = "*"
[feature.a.build-dependencies]
ninja = "*"
[environments]
default = { features = ["a"], no-default-feature = true }
full = []
"""
    assert found(text) == [
        ("conda:shared", "", "group:full"),
        ("conda:cmake", "", "group:full"),
        ("conda:ninja", "", "main"),
    ]


def test_what_the_package_itself_needs_has_groups_of_its_own() -> None:
    text = """\
[workspace]
name = "My.Shop"
[package]
name = { workspace = true }
[package.run-dependencies]
numpy = ">=1.26"
[package.host-dependencies]
hatchling = "*"
[package.target.linux.build-dependencies]
gcc = "*"
"""
    assert read(text, "pixi.toml").project == "my-shop"
    assert found(text) == [
        ("conda:numpy", ">=1.26", "group:run"),
        ("conda:hatchling", "", "group:host"),
        ("conda:gcc", "", "group:build"),
    ]


def test_tables_in_braces_may_be_spread_over_lines() -> None:
    text = """\
[dependencies]
python = {
    version = ">=3.12",  # not } the end
    channel = "a,\\"}", # nor this
}
after = { version = "1.*", # one
  build = '''x
}''',
} # two
last = "*"
"""
    needs = read(text, "pixi.toml").requirements
    assert [(need.name, need.specifier, need.location.line) for need in needs] == [
        ("python", ">=3.12", 2),
        ("after", "==1.*", 6),
        ("last", "", 10),
    ]


def test_the_same_tables_in_a_pyproject() -> None:
    text = '[tool.pixi.workspace]\n[tool.pixi.dependencies]\nnumpy = "1.*"\n[tool.pixi.constraints]\nmkl = "<3"\n'
    data = tomllib.loads(text)
    (need,) = pixi.requirements(data, text, "pyproject.toml", ("tool", "pixi"))
    assert (need.key, need.location) == ("conda:numpy", Location("pyproject.toml", 3))
    ((_, limit, _),) = pixi.overrides(data, text, "pyproject.toml", ("tool", "pixi"))
    assert (limit.key, limit.location) == ("conda:mkl", Location("pyproject.toml", 5))


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("[dependencies\n", "1:14", "not valid TOML"),
        ("[dependencies]\na = {\n b = 1\n c = 2\n}\nd = \n", "2:", "not valid TOML"),
        ('[dependencies]\na = {\n b = "1",\n}\nd = \n', "5:5", "not valid TOML"),
        ('[dependencies]\na = "1"\na = "2"\n', "3:", "not valid TOML"),
        ("a = " + "{b=" * 60_000, "1:", "values are nested too deeply to be read"),
        ("a = " + "{b=\n" * 60_000, "1:", "values are nested too deeply to be read"),
        ("<<<<<<< ours\n", "1:1", "unresolved merge conflict"),
        ('dependencies = "a"\n', "1:1", "dependencies must be a table"),
        ('feature = "a"\n', "1:1", "feature must be a table"),
        ('[feature]\na = "b"\n[environments]\nx = ["a"]\n', "2:1", "feature.a must be a table"),
        ("[dependencies]\na = 1\n", "2:1", "'a' must be a version or a table"),
        ("[dependencies]\na = { version = 1 }\n", "2:1", "1 is not a version of a"),
        ('[dependencies]\na = ">>1"\n', "2:1", "'>>1' is not a version constraint"),
        ('[dependencies]\n"../a" = "1"\n', "2:1", "'../a' is not the name of a conda package"),
        ('[dependencies]\n"a\\u001b" = "1"\n', "1:1", "'a\\x1b' is not the name of a conda package"),
        ('[pypi-dependencies]\n"../a" = "1"\n', "2:1", "'../a' is not a package name"),
        ('[pypi-dependencies]\na = ">>1"\n', "2:1", "'>>1' is not a version of a"),
        ('[pypi-dependencies]\na = "; os_name"\n', "2:1", "'; os_name' is not a version of a"),
        ('[pypi-dependencies]\na = { extras = "x" }\n', "2:1", "`extras` must be an array of names"),
        ("[environments]\na = 1\n", "2:1", "an environment must be an array of features"),
        ("[environments]\na = [1]\n", "2:1", "an environment must be an array of features"),
        ('[environments]\n"../a" = []\n', "2:1", "'../a' is not the name of an environment"),
        ('[pypi-options]\ndependency-overrides = "a"\n', "2:1", "pypi-options.dependency-overrides must be a table"),
    ],
)
def test_what_cannot_be_read_has_its_place(text: str, place: str, message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        read(text, "pixi.toml")
    assert str(caught.value).startswith(f"pixi.toml:{place}")
    assert caught.value.message.startswith(message)


def test_many_environments_times_many_packages_is_refused() -> None:
    text = "[feature.a.dependencies]\n" + "".join(f'p{at} = "*"\n' for at in range(1000)) + "[environments]\n"
    text += "".join(f'e{at} = ["a"]\n' for at in range(200))
    with pytest.raises(WhypinError, match="more than 100,000 requirements"):
        read(text, "pixi.toml")


TABLES = ("dependencies", "pypi-dependencies")


def declared(data: dict[str, Any]) -> list[str]:
    """The names that one feature declares, by a plain reading of the document."""
    return [name.lower().replace("_", "-") for table in TABLES for name in data.get(table, {})]


@needs_corpus
def test_the_pixi_manifests_of_the_corpus() -> None:
    paths = sorted(CORPUS.rglob("pixi.toml"))
    assert len(paths) > 4
    for path in paths:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(re.sub(r"\{[^{}]*\}", lambda braces: " ".join(braces[0].split()), text))
        expected = declared(data)
        for feature in data.get("feature", {}).values():
            expected += declared(feature)
        expected += data.get("package", {}).get("host-dependencies", {})
        needs = read(text, "pixi.toml").requirements
        assert [need.name.replace("_", "-") for need in needs] == expected
        for need in needs:
            line = text.split("\n")[need.location.line - 1]
            assert line.partition(" =")[0].replace("_", "-") == need.name.replace("_", "-")


@needs_corpus
def test_the_pixi_tables_of_the_pyprojects_of_the_corpus() -> None:
    seen = 0
    for path in sorted(CORPUS.rglob("pyproject.toml")):
        text = path.read_text(encoding="utf-8")
        tables = tomllib.loads(text).get("tool", {}).get("pixi")
        if tables is not None:
            needs = [need for need in pyproject.read(text, "pyproject.toml").requirements if need.conda]
            assert [need.name for need in needs] == declared(tables)
            seen += len(needs)
    assert seen > 4
