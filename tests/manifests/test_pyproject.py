from __future__ import annotations

import pytest

from whypin.errors import WhypinError
from whypin.manifests.pyproject import read
from whypin.model.location import Location
from whypin.model.manifest import Manifest, Requirement


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
            Requirement("numpy", "<2", "main", at(4, 3)),
            Requirement("requests", ">=2", "main", at(5, 3), ("socks",), "python_version < '3.12'"),
            Requirement("torch", "", "main", at(6, 3), url="https://files.index.example/torch.whl"),
            Requirement("flask", ">=3", "extra:web-app", at(10, 12)),
            Requirement("pytest", ">=8", "group:dev", at(13, 8)),
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
    ],
)  # fmt: skip
def test_what_is_broken_is_an_error_with_its_place(text: str, where: str, message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        read(text, "pyproject.toml")
    assert str(caught.value).startswith(f"pyproject.toml:{where}: {message}")


@pytest.mark.parametrize("text", ["", "[project]\n", "[tool.ruff]\nline-length = 120\n", '[project]\nname = "a b"\n'])
def test_a_manifest_of_nothing_declares_nothing(text: str) -> None:
    assert read(text, "pyproject.toml") == Manifest("pyproject.toml", None, ())
