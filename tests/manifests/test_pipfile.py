"""Pipfile by small manifests of our own."""

from __future__ import annotations

import pytest

from tests.corpus import CORPUS, needs_corpus
from whypin.errors import WhypinError
from whypin.manifests.pipfile import read

SHOP = """\
[[source]]
url = "https://index.example/simple"
verify_ssl = true
name = "pypi"

[packages]
Requests = {version = ">=2.31,<3", extras = ["socks", "use_chardet"], index = "pypi"}
numpy = "==1.26.*"  # the model files need it
pandas = "*"
pinned = "1.0"
starred = {version = "26.1.*", sys_platform = "== 'linux'", markers = "python_version < '3.9' or os_name == 'nt'"}
"mkdocs-material[imaging]" = "~= 9.0"
lib = {git = "https://user:secret@git.example/lib.git", ref = "v1", subdirectory = "py", editable = true}
here = {path = ".", editable = true}
wheel = {file = "https://files.example/wheel-1.0.zip"}

[dev-packages]
numpy = "*"

[docs_site]
mkdocs = ""

[requires]
python_version = "3.11"

[scripts]
test = "pytest"

[pipenv]
allow_prereleases = true
"""


def test_every_category_with_its_specifiers_and_places() -> None:
    manifest = read(SHOP, "Pipfile")
    assert manifest.project is None
    found = [(need.name, need.specifier, need.group, need.location.line) for need in manifest.requirements]
    assert found == [
        ("requests", ">=2.31,<3", "main", 7),
        ("numpy", "==1.26.*", "main", 8),
        ("pandas", "", "main", 9),
        ("pinned", "==1.0", "main", 10),
        ("starred", "==26.1.*", "main", 11),
        ("mkdocs-material", "~=9.0", "main", 12),
        ("lib", "", "main", 13),
        ("here", "", "main", 14),
        ("wheel", "", "main", 15),
        ("numpy", "", "group:dev", 18),
        ("mkdocs", "", "group:docs-site", 21),
    ]


def test_details() -> None:
    by_name = {need.name: need for need in read(SHOP, "Pipfile").requirements}
    assert by_name["requests"].extras == ("socks", "use-chardet")
    assert by_name["mkdocs-material"].extras == ("imaging",)
    assert by_name["starred"].marker == "(python_version < '3.9' or os_name == 'nt') and sys_platform == 'linux'"
    assert by_name["lib"].url == "https://git.example/lib.git@v1#subdirectory=py"
    assert (by_name["here"].url, by_name["wheel"].url) == (".", "https://files.example/wheel-1.0.zip")
    assert (by_name["pandas"].marker, by_name["pandas"].url) == (None, None)


def test_the_words_of_the_file_stay() -> None:
    found = read(SHOP, "Pipfile").requirements
    written = [each.written for each in found]
    assert written == [">=2.31,<3", "==1.26.*", "*", "1.0", "26.1.*", "~= 9.0", "", "", "", "*", ""]
    assert {each.name: each.comment for each in found if each.comment} == {"numpy": "the model files need it"}
    assert [each.name for each in found if each.tree] == ["here"]


def test_a_comment_above() -> None:
    text = "[packages]\n# see https://me:secret@tracker.example/1\n# until May\na = '<2'\nb = '<3'\n"
    found = read(text, "Pipfile").requirements
    assert [each.comment for each in found] == ["see https://tracker.example/1 until May", ""]


@pytest.mark.parametrize(
    ("table", "tree"),
    [
        ('{path = "./libs/core", editable = true}', True),
        ('{path = "./dist/core-1.0.tar.gz"}', False),
        ('{file = "file:///srv/core"}', True),
        ('{git = "https://git.example/core.git", editable = true}', False),
    ],
)
def test_a_folder_is_a_tree_and_an_archive_is_not(table: str, tree: bool) -> None:
    assert [each.tree for each in read(f"[packages]\ncore = {table}\n", "Pipfile").requirements] == [tree]


@pytest.mark.parametrize(
    ("requires", "python"),
    [
        ('python_version = "3.11"', "==3.11.*"),
        ('python_version = "3"', "==3.*"),
        ('python_version = ">=3.8"', ">=3.8"),
        ('python_full_version = "3.11.4"', "==3.11.4"),
        ('python_version = "3.11"\npython_full_version = "3.11.4"', "==3.11.4"),
        ('python_version = "*"', None),
        ("", None),
    ],
)
def test_the_python_that_pipenv_is_told_to_use(requires: str, python: str | None) -> None:
    assert read(f"[requires]\n{requires}\n", "Pipfile").requires_python == python
    assert read(SHOP, "Pipfile").requires_python == "==3.11.*"


def test_a_table_for_each_package() -> None:
    text = '[packages.requests]\nversion = "*"\nmarkers = "os_name == \'nt\'"\n'
    (need,) = read(text, "Pipfile").requirements
    assert (need.name, need.marker, need.location.line) == ("requests", "os_name == 'nt'", 1)


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("[packages\n", "1:10", "not valid TOML"),
        ('[packages]\n"../a" = "*"\n', "2:1", "'../a' is not a package name"),
        ('[packages]\n"a]" = "*"\n', "2:1", "'a]' is not a package name"),
        ("[packages]\na = 1\n", "2:1", "a must be a version or a table"),
        ('[packages]\na = ">>1"\n', "2:1", "'>>1' is not a version of a"),
        ('[packages]\na = "b"\n', "2:1", "'b' is not a version of a"),
        ("[packages]\na = \"; os_name == 'nt'\"\n", "2:1", "\"; os_name == 'nt'\" is not a version of a"),
        ('[packages]\na = "[x]"\n', "2:1", "'[x]' is not a version of a"),
        ('[packages]\na = "@ https://a.example/a.zip"\n', "2:1", "'@ https://a.example/a.zip' is not a version of a"),
        ("[packages]\na = {version = 1}\n", "2:1", "1 is not a version of a"),
        ('[packages]\na = {extras = "x"}\n', "2:1", "`extras` must be an array of names"),
        ('[packages]\na = {extras = ["../x"]}\n', "2:1", "`extras` must be an array of names"),
        ("[packages]\na = {markers = 1}\n", "2:1", "`markers` must be a string"),
        ('packages = "a"\n', "1:1", "'packages' is not a table"),
        ('["../a"]\nb = "*"\n', "1:1", "'../a' is not the name of a category"),
        ("[packages]\n<<<<<<< ours\n", "2:1", "unresolved merge conflict"),
        ("[requires]\npython_version = 3.11\n", "2:1", "requires.python_version must be a string"),
        ('[requires]\npython_version = "three"\n', "2:1", "'three' is not a version of Python"),
        ('[requires]\npython_version = "3.11; a"\n', "2:1", "'3.11; a' is not a version of Python"),
        ('requires = "3.11"\n', "1:1", "requires must be a table"),
    ],
)
def test_what_cannot_be_read_has_its_place(text: str, where: str, message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        read(text, "Pipfile")
    assert str(caught.value).startswith(f"Pipfile:{where}: {message}")


@needs_corpus
def test_the_pipfiles_of_the_corpus() -> None:
    paths = sorted(CORPUS.rglob("Pipfile"))
    assert len(paths) > 4
    for path in paths:
        text = path.read_text(encoding="utf-8")
        requirements = read(text, "Pipfile").requirements
        lines = text.split("\n")
        assert requirements
        for need in requirements:
            key = lines[need.location.line - 1].partition(" =")[0].strip('"').partition("[")[0]
            assert key.lower().replace("_", "-") == need.name
