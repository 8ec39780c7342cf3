"""pyproject.toml by small manifests of our own, and by those of the corpus."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import CORPUS, needs_corpus
from whypin.errors import WhypinError
from whypin.manifests.pyproject import read
from whypin.model.location import Location
from whypin.model.manifest import Manifest, Override, Requirement


def only(text: str) -> Requirement:
    """Return the one requirement of a text."""
    (requirement,) = read(text, "pyproject.toml").requirements
    return requirement


def files(**texts: str) -> Any:
    """Return a `load` that knows some files, `a_txt` for `a.txt`."""

    def load(path: str) -> str:
        if (name := path.replace(".", "_").replace("/", "__")) not in texts:
            raise WhypinError("no such file", Location(path))
        return texts[name]

    return load


def told(text: str) -> list[tuple[str, str, str]]:
    """Return (group, name, specifier) of every requirement."""
    return [(each.group, each.name, each.specifier) for each in read(text, "pyproject.toml").requirements]


def test_the_standard_tables() -> None:
    text = """\
[project]
name = "My.Shop"
dependencies = [
  "numpy<2",  # a cap
  "requests[socks]>=2; python_version < '3.12'",
  "torch @ https://me:secret@files.index.example/torch.whl",
]

[project.optional-dependencies]
Web_App = ["Flask>=3"]

[dependency-groups]
Dev = ["pytest>=8", {include-group = "LINT"}]
lint = ["ruff"]
none = []
"""

    def at(line: int, column: int) -> Location:
        return Location("pyproject.toml", line, column)

    assert read(text, "pyproject.toml") == Manifest(
        "pyproject.toml",
        "my-shop",
        (
            Requirement("numpy", "<2", "main", at(4, 3), written="<2", comment="a cap"),
            Requirement("requests", ">=2", "main", at(5, 3), ("socks",), "python_version < '3.12'", written=">=2"),
            Requirement("torch", "", "main", at(6, 3), url="https://files.index.example/torch.whl"),
            Requirement("flask", ">=3", "extra:web-app", at(10, 12), written=">=3"),
            Requirement("pytest", ">=8", "group:dev", at(13, 8), written=">=8"),
            Requirement("ruff", "", "group:dev", at(14, 9)),
            Requirement("ruff", "", "group:lint", at(14, 9)),
        ),
    )


def test_the_tables_of_poetry() -> None:
    text = """\
[tool.poetry]
name = "shop"
[tool.poetry.dependencies]
python = "^3.10"
numpy = [
  {version = "^1.26", python = "<3.10"},
  {version = ">=2.0,<3", python = ">=3.10", platform = "linux"},
]
pandas = "~2.2"
Six = "1.16"
flask = { version = "^3", optional = true, extras = ["Async"] }
rich = { version = "*", optional = true }
torch = { git = "https://token@git.example/torch.git", tag = "v2", subdirectory = "py", markers = "os_name == 'nt'" }
lib = { path = "../lib", develop = true }
[tool.poetry.extras]
web = ["Flask"]
All = ["flask"]
[tool.poetry.group.docs]
optional = true
include-groups = ["lint"]
[tool.poetry.group.docs.dependencies]
mkdocs = "^1.6 || ^2"
[tool.poetry.group.lint.dependencies]
ruff = "*"
[tool.poetry.dev-dependencies]
pytest = "^8.0"
"""
    found = read(text, "pyproject.toml")
    assert found.project == "shop"
    assert [
        (each.group, each.name, each.specifier, each.location.line, each.marker, each.url)
        for each in found.requirements
    ] == [
        ("main", "numpy", ">=1.26,<2", 6, 'python_version < "3.10"', None),
        ("main", "numpy", ">=2.0,<3", 7, 'python_version >= "3.10" and sys_platform == "linux"', None),
        ("main", "pandas", ">=2.2,<2.3", 9, None, None),
        ("main", "six", "==1.16", 10, None, None),
        ("extra:web", "flask", ">=3,<4", 11, None, None),
        ("extra:all", "flask", ">=3,<4", 11, None, None),
        ("main", "rich", "", 12, None, None),
        ("main", "torch", "", 13, "os_name == 'nt'", "https://git.example/torch.git@v2#subdirectory=py"),
        ("main", "lib", "", 14, None, "../lib"),
        ("group:docs", "mkdocs", ">=1.6,<3", 22, None, None),
        ("group:docs", "ruff", "", 24, None, None),
        ("group:lint", "ruff", "", 24, None, None),
        ("group:dev", "pytest", ">=8.0,<9", 26, None, None),
    ]
    assert found.requirements[4].extras == ("async",)


CHAIN = "[dependency-groups]\n" + "".join(f'g{at} = [{{include-group = "g{at + 1}"}}]\n' for at in range(9000))
POETRY = '[tool.poetry.dependencies]\nnumpy = "^2"\nrich = { version = "^13", optional = true }\n'


@pytest.mark.parametrize(
    ("project", "names"),
    [
        ("", ["numpy", "rich"]),
        ('[project]\nname = "a"\n', ["numpy", "rich"]),
        ('[project]\ndependencies = []\ndynamic = ["version"]\n', ["numpy", "rich"]),
        ('[project]\ndependencies = ["attrs", "numpy<3"]\n', ["attrs", "numpy"]),
        ('[project]\noptional-dependencies = { web = ["flask"] }\n', ["flask"]),
        ('[project]\noptional-dependencies = { web = ["flask"] }\ndynamic = ["dependencies"]\n', ["flask", "numpy"]),
        ('[project]\ndependencies = ["attrs"]\ndynamic = ["optional-dependencies"]\n', ["attrs", "rich"]),
    ],
)
def test_beside_the_standard_tables_poetrys_own_only_adds_details(project: str, names: list[str]) -> None:
    assert [name for _, name, _ in told(project + POETRY)] == names


def test_a_standard_group_wins_over_poetrys_of_the_same_name() -> None:
    text = '[dependency-groups]\ndev = ["ruff"]\nnone = []\n[tool.poetry.group.Dev.dependencies]\nmypy = "*"\n'
    text += '[tool.poetry.group.none.dependencies]\ntox = "^4"\n'
    assert told(text) == [("group:dev", "ruff", ""), ("group:none", "tox", ">=4,<5")]


def test_development_dependencies_of_uv_join_the_group_dev() -> None:
    text = '[dependency-groups]\ndev = ["ruff"]\n[tool.uv]\ndev-dependencies = ["mypy>=1"]\n'
    assert told(text) == [("group:dev", "ruff", ""), ("group:dev", "mypy", ">=1")]


def test_a_requirement_on_the_project_itself_means_what_its_extras_require() -> None:
    text = """\
[project]
name = "shop"
optional-dependencies.web = ["flask"]
optional-dependencies.all = ["shop[web,cli]", "Shop[all]"]
optional-dependencies.cli = ["click"]
[dependency-groups]
dev = ["shop[all]", "pytest"]
"""
    assert sorted(told(text)) == [
        ("extra:all", "click", ""),
        ("extra:all", "flask", ""),
        ("extra:cli", "click", ""),
        ("extra:web", "flask", ""),
        ("group:dev", "click", ""),
        ("group:dev", "flask", ""),
        ("group:dev", "pytest", ""),
    ]


def test_a_group_included_twice_counts_once() -> None:
    groups = "".join(
        f'g{at} = [{{include-group = "g{at + 1}"}}, {{include-group = "g{at + 1}"}}]\n' for at in range(40)
    )
    found = told(f'[dependency-groups]\n{groups}g40 = ["ruff"]\n')
    assert len(found) == 41 and found[0] == ("group:g0", "ruff", "")


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ('[project]\ndependencies = [\n  "numpy",\n  "pandas ^2",\n]\n', "4:3", "'pandas ^2' is not a requirement"),
        ("[project]\ndependencies = [1]\n", "2:17", "a requirement must be a string"),
        ('[project]\ndependencies = "numpy"\n', "2:1", "project.dependencies must be an array"),
        ("project = 1\n", "1:1", "project must be a table"),
        ("[project]\noptional-dependencies = []\n", "2:1", "project.optional-dependencies must be a table"),
        ("[tool]\npoetry = 1\n", "2:1", "tool.poetry must be a table"),
        ('[dependency-groups]\na = [{include-group = "b"}]\nb = [{include-group = "a"}]\n', "3:6",
         "a dependency group includes itself: a includes b includes a"),
        ('[dependency-groups]\na = ["x", {include-group = "gone"}]\n', "2:11", "there is no dependency group gone"),
        ("[dependency-groups]\na = [{path = 1}]\n", "2:6", "neither a requirement nor an include-group"),
        ('[dependency-groups]\n"a b" = []\n', "2:1", "'a b' is not the name of a group"),
        (CHAIN, "52:8", "dependency groups include each other too deeply"),
        ('[tool.poetry.dependencies]\nnumpy = "^one"\n', "2:1", "'^one' is not a version constraint"),
        ('[tool.poetry.dependencies]\nnumpy = [\n  "^1",\n  "||",\n]\n', "4:3", "'||' is not a version constraint"),
        ('[tool.poetry.dependencies]\na = {version = "*", python = "~"}\n', "2:1", "'~' is not a version constraint"),
        ("[tool.poetry.dependencies]\nnumpy = 1\n", "2:1", "numpy must be a version or a table"),
        ('[tool.poetry.dependencies]\n"../a" = "1"\n', "2:1", "'../a' is not a package name"),
        ("[project\n", "1:9", "not valid TOML"),
        ("[tool.poetry.dependencies]\na = {version = 1.2}\n", "2:1", "`version` of a must be a string"),
        ("[tool.poetry.dependencies]\na = {markers = true}\n", "2:1", "`markers` of a must be a string"),
        ('[tool.poetry.dependencies]\na = {extras = "x"}\n', "2:1", "`extras` of a must be an array of names"),
        ("[tool.poetry.dependencies]\npython = 3.11\n", "2:1", "python must be a version"),
        ('[tool.poetry.dependencies]\npython = "^three"\n', "2:1", "'^three' is not a version constraint"),
        ("[tool.poetry.extras]\nx = 1\n[tool.poetry.dependencies]\na = '1'\n", "2:1",
         "tool.poetry.extras.x must be an array"),
        ("[project]\nrequires-python = 3.11\n", "2:1", "project.requires-python must be a string"),
        ('[project]\nrequires-python = "three"\n', "2:1", "'three' is not a constraint on Python"),
        ('[project]\nrequires-python = "; a"\n', "2:1", "'; a' is not a constraint on Python"),
        ('[tool.uv]\noverride-dependencies = ["a b"]\n', "2:26", "'a b' is not a requirement"),
        ("[tool.uv]\noverride-dependencies = [1]\n", "2:26", "a requirement must be a string"),
        ('[tool.uv]\noverride-dependencies = "a"\n', "2:1", "tool.uv.override-dependencies must be an array"),
        ("[tool.uv]\nconstraint-dependencies = [{}]\n", "2:28", "neither a requirement nor those of one package"),
        ('[tool.uv]\nexclude-dependencies = ["a>1"]\n', "2:25", "'a>1' is not a package name"),
        ("[tool.uv]\nenvironments = 1\n", "2:1", "tool.uv.environments must be an array"),
        ("[tool.uv.sources]\na = 1\n", "2:1", "the source of a must be a table"),
        ("[tool.uv.sources]\na = [{}, 1]\n", "2:10", "the source of a must be a table"),
        ("[tool.uv.sources]\na = {git = 1}\n", "2:1", "`git` of the source of a must be a string"),
        ('[tool.pdm.dev-dependencies]\na = "b"\n', "2:1", "tool.pdm.dev-dependencies.a must be an array"),
        ('[tool.pdm.dev-dependencies]\na = ["-e"]\n', "2:6", "--editable"),
        ('[tool.pdm.dev-dependencies]\na = ["-r b.txt"]\n', "2:6", "the included file 'b.txt'"),
        ('[tool.pdm.dev-dependencies]\na = ["https://h.example/d?id=5"]\n', "2:6", "no package name can be told"),
        ("[tool.pdm.resolution.overrides]\na = 1\n", "2:1", "the override of a must be a string"),
        ('[tool.pdm.resolution.overrides]\na = "one"\n', "2:1", "'one' is not a version of a"),
        ('[tool.pdm.resolution.overrides]\na = ""\n', "2:1", "'' is not a version of a"),
        ('[tool.pdm.resolution.overrides]\n"../a" = "1"\n', "2:1", "'../a' is not a package name"),
        ("[tool.pdm.resolution]\nexcludes = [1]\n", "2:13", "1 is not a package name"),
        ("[tool]\npdm = 1\n", "2:1", "tool.pdm must be a table"),
    ],
)  # fmt: skip
def test_what_is_broken_is_an_error_with_its_place(text: str, where: str, message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        read(text, "pyproject.toml")
    assert str(caught.value).startswith(f"pyproject.toml:{where}: {message}")


@pytest.mark.parametrize(
    ("item", "written"),
    [
        ("numpy>=1.26,<2", ">=1.26,<2"),
        ("numpy >= 1.26, < 2 ; python_version < '3.12'", ">= 1.26, < 2"),
        ("requests (>=2.32.3,<3.0.0)", "(>=2.32.3,<3.0.0)"),
        ("requests[socks] (==2.*); os_name == 'nt'", "(==2.*)"),
        ("flask[async]~=3.0", "~=3.0"),
        ("flask", ""),
        ("flask ; os_name == 'nt'", ""),
        ("flask @ https://files.index.example/flask.zip", ""),
    ],
)
def test_the_constraint_stays_as_it_is_spelled(item: str, written: str) -> None:
    assert only(f'[project]\ndependencies = ["{item}"]\n').written == written


def test_poetrys_constraints_stay_as_they_are_spelled() -> None:
    text = '[tool.poetry.dependencies]\na = "^1.2"\nb = {version = "*"}\nc = {git = "https://git.example/c"}\n'
    text += 'd = [{version = "~1", python = "<3.11"}, {version = " 2.* ", python = ">=3.11"}]\n'
    found = read(text, "pyproject.toml").requirements
    assert [each.written for each in found] == ["^1.2", "*", "", "~1", "2.*"]


def test_comments_beside_and_above() -> None:
    text = """\
[project]
dependencies = [
  "a<2",  # breaks https://me:secret@tracker.example/1
  # b must stay
  # for the old model
  "b<3",
  "c<4",
]
[tool.poetry.dependencies]
d = "^1"  # not read: the standard table declares
[tool.uv]
override-dependencies = [
  "e==1",  # a hole
]
[tool.poetry.group.dev.dependencies]
# the last with Python 3.8
f = "<9"
"""
    found = read(text, "pyproject.toml")
    assert [(each.name, each.comment) for each in found.requirements] == [
        ("a", "breaks https://tracker.example/1"),
        ("b", "b must stay for the old model"),
        ("c", ""),
        ("f", "the last with Python 3.8"),
    ]
    assert found.overrides[0].requirement.comment == "a hole"


def test_where_packages_come_from_by_uvs_sources() -> None:
    text = """\
[project]
dependencies = ["a>=1", "b", "c", "d", "e", "f", "g", "h", "i @ https://files.index.example/i.zip", "k", "l"]
[tool.uv.sources]
A = {git = "https://me:secret@git.example/a", rev = "abc", subdirectory = "py"}
b = {url = "https://files.index.example/b.whl"}
c = {path = "libs/c", editable = true}
d = {path = "dist/d-1-py3-none-any.whl"}
e = {workspace = true}
f = {index = "other"}
g = [{git = "https://git.example/g", tag = "v1", marker = "os_name == 'nt'"}, {path = "libs/g"}]
h = [{index = "cpu", marker = "os_name == 'nt'"}, {git = "https://git.example/h"}]
i = {git = "https://git.example/i"}
k = {git = "https://git.example/k", branch = "main"}
"""
    found = read(text, "pyproject.toml").requirements
    assert [(each.name, each.url, each.tree) for each in found] == [
        ("a", "https://git.example/a@abc#subdirectory=py", False),
        ("b", "https://files.index.example/b.whl", False),
        ("c", "libs/c", True),
        ("d", "dist/d-1-py3-none-any.whl", False),
        ("e", None, True),
        ("f", None, False),
        ("g", "https://git.example/g@v1", False),
        ("h", None, False),
        ("i", "https://files.index.example/i.zip", False),
        ("k", "https://git.example/k@main", False),
        ("l", None, False),
    ]
    assert (found[0].specifier, found[0].written) == (">=1", ">=1")


def test_a_source_of_uvs_may_be_for_one_extra_or_group() -> None:
    text = """\
[project]
name = "shop"
dependencies = ["torch"]
optional-dependencies.cu12 = ["torch"]
optional-dependencies.all = ["shop[cu12]"]
dependency-groups.gpu = ["torch"]
[dependency-groups]
GPU = ["torch"]
more = [{include-group = "gpu"}]
[tool.uv.sources]
torch = [{url = "https://files.index.example/12.whl", extra = "CU12"}, {path = "torch", group = "gpu"}]
"""
    found = read(text, "pyproject.toml").requirements
    assert {each.group: (each.url, each.tree) for each in found} == {
        "main": (None, False),
        "extra:cu12": ("https://files.index.example/12.whl", False),
        "extra:all": ("https://files.index.example/12.whl", False),
        "group:gpu": ("torch", True),
        "group:more": (None, False),
    }


def test_what_uv_is_told_beside_the_requirements() -> None:
    text = """\
[tool.uv]
override-dependencies = [
  "numpy==1.26.4 ; python_version < '3.12'",
  {package = {name = "Old.Lib", version = "1.0"}, dependencies = ["idna<3"]},
  "lib",
]
constraint-dependencies = ["grpcio < 1.65"]
exclude-dependencies = ["Py_Spy", {package = {name = "bar"}, dependencies = ["lightning"]}]
build-constraint-dependencies = ["setuptools<80"]
environments = ["sys_platform == 'linux'"]
[tool.uv.sources]
lib = {git = "https://git.example/lib"}
"""

    def need(name: str, line: int, column: int, specifier: str = "", **more: Any) -> Requirement:
        return Requirement(name, specifier, "main", Location("pyproject.toml", line, column), **more)

    found = read(text, "pyproject.toml")
    assert found.requirements == ()
    assert found.environments
    assert found.overrides == (
        Override("override", need("numpy", 3, 3, "==1.26.4", marker="python_version < '3.12'", written="==1.26.4")),
        Override("override", need("idna", 4, 67, "<3", written="<3"), "old-lib"),
        Override("override", need("lib", 5, 3, url="https://git.example/lib")),
        Override("constraint", need("grpcio", 7, 28, "<1.65", written="< 1.65")),
        Override("exclude", need("py-spy", 8, 25)),
        Override("exclude", need("lightning", 8, 78), "bar"),
    )


@pytest.mark.parametrize(
    ("text", "limited"),
    [
        ("environments = [\"os_name == 'nt'\"]", True),
        ("environments = \"os_name == 'nt'\"", True),
        ("environments = []", False),
        ("required-environments = [\"os_name == 'nt'\"]", False),
    ],
)
def test_only_environments_limit_what_a_lock_is_for(text: str, limited: bool) -> None:
    assert read(f"[tool.uv]\n{text}\n", "pyproject.toml").environments is limited


def test_development_groups_of_pdm() -> None:
    text = """\
[dependency-groups]
test = ["pytest"]
[tool.pdm.dev-dependencies]
Test = ["tox~=4.0 ; python_version >= '3.11'"]  # until nox
trees = [
  "-e file:///${PROJECT_ROOT}/libs/core#egg=shop-core",
  "-e git+https://me:secret@git.example/click.git@main#egg=click",
  "-e ./my_lib/",
  "-e .",
  "git+https://git.example/flask.git@2.0",
  "lib @ file:///${PROJECT_ROOT}/lib",
]
"""
    found = read(text, "pyproject.toml").requirements
    assert [(each.group, each.name, each.specifier, each.location.line, each.url, each.tree) for each in found] == [
        ("group:test", "pytest", "", 2, None, False),
        ("group:test", "tox", "~=4.0", 4, None, False),
        ("group:trees", "shop-core", "", 6, "file:///${PROJECT_ROOT}/libs/core", True),
        ("group:trees", "click", "", 7, "https://git.example/click.git@main", False),
        ("group:trees", "my-lib", "", 8, "./my_lib/", True),
        ("group:trees", "flask", "", 10, "https://git.example/flask.git@2.0", False),
        ("group:trees", "lib", "", 11, "file:///${PROJECT_ROOT}/lib", True),
    ]
    assert (found[1].marker, found[1].comment) == ("python_version >= '3.11'", "until nox")


def test_overrides_of_pdm() -> None:
    text = """\
[tool.pdm.resolution]
excludes = ["Requests"]
[tool.pdm.resolution.overrides]
asgiref = "3.2.10"  # exact
urllib3 = ">=1.26.2, <2"
any = "*"
Pytz = "https://me:secret@files.index.example/pytz-2020.9-py3-none-any.whl"
[tool.pdm.overrides]
old = "1.0"
"""
    found = read(text, "pyproject.toml").overrides
    assert [
        (each.kind, each.requirement.name, each.requirement.specifier, each.requirement.written, each.requirement.url)
        for each in found
    ] == [
        ("override", "asgiref", "==3.2.10", "3.2.10", None),
        ("override", "urllib3", ">=1.26.2,<2", ">=1.26.2, <2", None),
        ("override", "any", "", "*", None),
        ("override", "pytz", "", "", "https://files.index.example/pytz-2020.9-py3-none-any.whl"),
        ("override", "old", "==1.0", "1.0", None),
        ("exclude", "requests", "", "", None),
    ]
    assert (found[0].requirement.location.line, found[0].requirement.comment) == (4, "exact")
    assert {each.requirement.group for each in found} == {"main"}


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ('[project]\nrequires-python = ">= 3.11, <4"\n', ">=3.11,<4"),
        ('[project]\nrequires-python = ">=3.8.*"\n', ">=3.8"),
        ('[project]\nrequires-python = ">=3.11"\n[tool.poetry.dependencies]\npython = "^3.9"\n', ">=3.11"),
        ('[tool.poetry.dependencies]\npython = "^3.9"\n', ">=3.9,<4"),
        ('[tool.poetry.dependencies]\npython = "~2.7 || ^3.6"\n', ">=2.7,<4"),
        ('[tool.poetry.dependencies]\npython = {version = "3.*"}\n', "==3.*"),
        ('[tool.poetry.dependencies]\npython = "*"\n', None),
        ('[tool.pdm]\npython_requires = ">=3.6"\n', ">=3.6"),
        ("[tool.poetry.dependencies]\n[tool.pdm]\n", None),
        ("", None),
    ],
)
def test_the_python_that_a_project_asks_for(text: str, python: str | None) -> None:
    found = read(text, "pyproject.toml")
    assert (found.requires_python, found.requirements) == (python, ())


def test_what_poetry_itself_needs_is_no_dependency() -> None:
    text = '[tool.poetry]\nrequires-poetry = ">=2.0"\n[tool.poetry.requires-plugins]\npoetry-plugin-export = ">=1.8"\n'
    assert told(text + '[build-system]\nrequires = ["poetry-core>=2,<3"]\n') == []


def test_details_of_poetrys_table_are_urls_and_paths() -> None:
    text = """\
[project]
dependencies = ["a>=1", "b", "c", "d"]
[dependency-groups]
dev = ["e"]
[tool.poetry.dependencies]
a = {git = "https://git.example/a", branch = "main"}
b = {path = "../b", develop = true}
c = [{url = "https://files.index.example/c.whl", python = "<3.11"}, {version = "^1", python = ">=3.11"}]
d = {source = "private"}
[tool.poetry.group.dev.dependencies]
e = {path = "e"}
"""
    found = read(text, "pyproject.toml").requirements
    assert [(each.name, each.specifier, each.url, each.tree) for each in found] == [
        ("a", ">=1", "https://git.example/a@main", False),
        ("b", "", "../b", True),
        ("c", "", None, False),
        ("d", "", None, False),
        ("e", "", "e", True),
    ]


@pytest.mark.parametrize(
    ("table", "tree"),
    [
        ('{path = "../lib"}', True),
        ('{path = "dist/lib-1.0.tar.gz"}', False),
        ('{file = "lib.whl"}', False),
        ('{url = "https://files.index.example/lib"}', False),
        ('{git = "https://git.example/lib", develop = true}', False),
    ],
)
def test_a_folder_is_a_tree_and_an_archive_is_not(table: str, tree: bool) -> None:
    assert only(f"[tool.poetry.dependencies]\nlib = {table}\n").tree is tree


DYNAMIC = """\
[project]
name = "shop"
dynamic = ["version", "dependencies", "optional-dependencies"]
[tool.setuptools.dynamic]
version = {attr = "shop.version"}
dependencies = {file = ["requirements.txt", "../more.txt"]}
optional-dependencies.Web_App = {file = "web.txt"}
"""


def test_setuptools_takes_dependencies_from_requirements_files() -> None:
    load = files(
        api__requirements_txt="# fast\nnumpy >= 1.26\n-r base.txt\n-c limits.txt\n",
        api__base_txt="attrs\n",
        api__limits_txt="idna<3\n",
        more_txt="\nrich<14\n",
        api__web_txt="flask\n",
    )
    found = read(DYNAMIC, "api/pyproject.toml", load)
    assert found.requirements == (
        Requirement("numpy", ">=1.26", "main", Location("api/requirements.txt", 2), written=">= 1.26", comment="fast"),
        Requirement("attrs", "", "main", Location("api/base.txt", 1)),
        Requirement("rich", "<14", "main", Location("more.txt", 2), written="<14"),
        Requirement("flask", "", "extra:web-app", Location("api/web.txt", 1)),
    )
    assert found.overrides == (
        Override("constraint", Requirement("idna", "<3", "main", Location("api/limits.txt", 1), written="<3")),
    )
    assert read(DYNAMIC, "api/pyproject.toml").requirements == ()


def test_only_dynamic_fields_are_taken_from_files() -> None:
    text = DYNAMIC.replace('"dependencies", ', "").replace('"requirements.txt", "../more.txt"', '"gone.txt"')
    assert [each.group for each in read(text, "pyproject.toml", files(web_txt="flask\n")).requirements] == [
        "extra:web-app"
    ]


@pytest.mark.parametrize(
    ("path", "texts", "message"),
    [
        ("api/pyproject.toml", {}, "api/pyproject.toml:6:25: the included file 'api/requirements.txt': no such file"),
        (
            "pyproject.toml",
            {"requirements_txt": ""},
            "pyproject.toml:6:45: the included file '../more.txt' lies outside",
        ),
        ("pyproject.toml", {"requirements_txt": "a ^1\n"}, "requirements.txt:1:1: 'a ^1' is not a requirement"),
    ],
)
def test_a_file_that_cannot_be_taken_has_its_place(path: str, texts: dict[str, str], message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        read(DYNAMIC, path, files(**texts))
    assert str(caught.value).startswith(message)


def test_the_name_of_a_file_is_text() -> None:
    with pytest.raises(WhypinError) as caught:
        read(DYNAMIC.replace('"requirements.txt"', "1"), "pyproject.toml", files())
    assert str(caught.value).startswith("pyproject.toml:6:25: the name of a file must be a string")


def test_requirements_whose_places_cannot_be_told_apart_all_count() -> None:
    assert told('[dependency-groups]\n"d\\u0065v" = ["a", "b"]\n') == [("group:dev", "a", ""), ("group:dev", "b", "")]


EVERY_TABLE = """\
project.name = "a"
project.requires-python = ">=3.11"
project.dependencies = ["b>1"]
project.dynamic = ["dependencies", "optional-dependencies"]
project.optional-dependencies.c = ["d"]
dependency-groups.e = ["f", {include-group = "g"}]
dependency-groups.g = []
tool.setuptools.dynamic.dependencies = {file = ["a.txt"]}
tool.setuptools.dynamic.optional-dependencies.h = {file = "b.txt"}
tool.uv.sources.b = [{git = "x", rev = "y", marker = "m", extra = "c", group = "e"}, {path = "p", workspace = true}]
tool.uv.override-dependencies = ["i", {package = {name = "j", version = "1"}, dependencies = ["k"]}]
tool.uv.constraint-dependencies = ["l"]
tool.uv.exclude-dependencies = ["m"]
tool.uv.environments = ["n"]
tool.uv.dev-dependencies = ["o"]
tool.poetry.name = "a"
tool.poetry.dependencies.python = {version = "^3.11"}
tool.poetry.dependencies.p = [{version = "1", python = "2", markers = "m", platform = "x", extras = ["e"]}]
tool.poetry.dependencies.q = {git = "u", tag = "t", subdirectory = "s", optional = true}
tool.poetry.extras.r = ["q"]
tool.poetry.group.s = {dependencies = {t = "1"}, include-groups = ["g"]}
tool.poetry.dev-dependencies.u = "1"
tool.pdm.python_requires = "3"
tool.pdm.dev-dependencies.v = ["-e ./w", "x"]
tool.pdm.resolution = {overrides = {y = "1"}, excludes = ["z"]}
tool.pdm.overrides.y = "1"
"""


def test_a_value_of_another_kind_anywhere_is_read_or_an_error_with_its_place() -> None:
    load = files(a_txt="one\n", b_txt="two\n")
    assert len(read(EVERY_TABLE, "pyproject.toml", load).requirements) > 8
    values = [
        match.span() for match in re.finditer(r'(?<== )(?:.+)$|"[^"]*"|true|\[.*?\]|\{[^{}]*\}', EVERY_TABLE, re.M)
    ]
    refused = 0
    for start, end in values:
        for other in ("1", '"* *"', "[[]]", "{}", "true", '""', "{a = [{}]}"):
            try:
                read(EVERY_TABLE[:start] + other + EVERY_TABLE[end:], "pyproject.toml", load)
            except WhypinError as error:
                assert error.where is not None
                refused += 1
    assert refused > len(values)


@pytest.mark.parametrize("text", ["", "[project]\n", "[tool.ruff]\nline-length = 120\n", '[project]\nname = "a b"\n'])
def test_a_manifest_of_nothing_declares_nothing(text: str) -> None:
    assert read(text, "pyproject.toml") == Manifest("pyproject.toml", None, ())


MANIFESTS = sorted(CORPUS.rglob("pyproject.toml")) if CORPUS.is_dir() else []


def _names(items: list[Any], groups: dict[str, list[Any]]) -> set[str]:
    """Return the names in requirement strings, and in the groups they include."""
    names: set[str] = set()
    for item in items:
        if isinstance(item, dict):
            names |= _names(groups[_plain(item["include-group"])], groups)
        elif match := re.match(r"[\w.-]+", item):
            names.add(_plain(match[0]))
    return names


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _load(path: str) -> str:
    if not (CORPUS / path).is_file():
        raise WhypinError("no such file", Location(path))
    return (CORPUS / path).read_text(encoding="utf-8-sig")


@needs_corpus
def test_the_corpus_is_there() -> None:
    assert len(MANIFESTS) >= 118


@needs_corpus
@pytest.mark.parametrize("path", MANIFESTS, ids=[str(path.parent.relative_to(CORPUS)) for path in MANIFESTS])
def test_every_manifest_of_the_corpus_is_read_as_it_stands(path: Path) -> None:
    text = path.read_text(encoding="utf-8-sig")
    data = tomllib.loads(text)
    found = read(text, str(path.relative_to(CORPUS)), _load)
    project = data.get("project", {})
    name = project.get("name") or data.get("tool", {}).get("poetry", {}).get("name")
    assert found.project == (_plain(name) if name else None)
    groups = {_plain(name): items for name, items in data.get("dependency-groups", {}).items()}
    own = {found.project}
    by_group: dict[str, set[str]] = {}
    for each in found.requirements:
        by_group.setdefault(each.group, set()).add(each.name)
    if "dependencies" in project:
        assert {each.name for each in found.requirements if each.group == "main" and not each.conda} == (
            _names(project["dependencies"], {}) - own
        )
    for extra, items in project.get("optional-dependencies", {}).items():
        names = _names(items, {})
        told_of = by_group.get(f"extra:{_plain(extra)}", set())
        assert told_of == names if not names & own else told_of >= names - own
    for group, items in groups.items():
        names = _names(items, groups)
        told_of = by_group.get(f"group:{group}", set())
        assert told_of >= names - own
        if not names & own and not {"poetry", "pdm", "uv", "pixi"} & set(data.get("tool", {})):
            assert told_of == names
    lines = text.split("\n")
    for each in found.requirements:
        if each.location.path == found.path:
            line = lines[each.location.line - 1]
            assert each.name in _plain(line) or each.specifier.strip("<>=!~").split(",")[0] in line
        assert bool(each.specifier) <= bool(each.written)
