"""pylock.toml by small locks of our own."""

from __future__ import annotations

import pytest

from whypin.errors import WhypinError
from whypin.locks.pylock import read
from whypin.model.lock import Edge, Lock

SHOP = """\
lock-version = "1.0"
environments = ["sys_platform == 'linux'"]
extras = ["web"]
dependency-groups = ["default", "dev"]
default-groups = ["default"]
created-by = "hand"

[[packages]]
name = "certifi"
version = "2025.1.31"
index = "https://user:secret@index.example/simple"
wheels = [
    {name = "certifi-2025.1.31-py3-none-any.whl", url = "https://files.example/c.whl", hashes = {sha256 = "00"}},
]

[[packages]]
name = "My_Lib"
marker = "'web' in extras"
vcs = {type = "git", url = "https://u:p@git.example/lib.git", requested-revision = "main", commit-id = "abc"}

[[packages]]
name = "requests"
version = "2.32.5"
marker = "python_version >= '3.9' and 'default' in dependency_groups"
dependencies = [{name = "certifi"}, {name = "my-lib", vcs = {commit-id = "abc"}}]

[packages.sdist]
name = "requests-2.32.5.tar.gz"
upload-time = "2025-01-01T00:00:00Z"
path = "requests-2.32.5.tar.gz"

[packages.sdist.hashes]
sha256 = "00"
"""
HEAD = 'lock-version = "1.0"\ncreated-by = "hand"\n'


def told(text: str, path: str = "pylock.toml") -> Lock:
    return read(text, path)


def lock(*packages: str, head: str = HEAD) -> str:
    return head + "".join(f"\n[[packages]]\n{package}\n" for package in packages)


def test_packages_with_their_sources_groups_and_edges() -> None:
    certifi, lib, requests = told(SHOP).entries
    assert (certifi.name, certifi.version, certifi.source) == ("certifi", "2025.1.31", "registry")
    assert (certifi.index, certifi.hashed, certifi.location.line) == ("https://index.example/simple", True, 9)
    assert (certifi.marker, certifi.groups, certifi.edges) == (None, ("main",), ())
    assert (lib.name, lib.version, lib.source, lib.hashed) == ("my-lib", None, "git", False)
    assert (lib.ref, lib.marker, lib.groups) == ("https://git.example/lib.git@abc", None, ("extra:web",))
    assert (requests.marker, requests.groups) == ("python_version >= '3.9'", ("main",))
    assert requests.edges == (Edge("certifi", (0,)), Edge("my-lib", (1,)))
    assert (requests.hashed, requests.location.line) == (True, 22)
    assert told(SHOP).roots is None


def test_a_lock_without_dependencies_records_no_edges() -> None:
    entries = told(lock('name = "a"\nversion = "1"', 'name = "b"\nversion = "1"')).entries
    assert [(entry.edges, entry.groups) for entry in entries] == [(None, ()), (None, ())]


@pytest.mark.parametrize(
    ("lines", "source", "ref"),
    [
        ('vcs = {type = "hg", url = "https://hg.example/a", commit-id = "1"}', "git", "hg+https://hg.example/a@1"),
        ('vcs = {type = "git", path = "../a", requested-revision = "v1"}', "git", "../a@v1"),
        (
            'vcs = {type = "git", url = "https://git.example/a", subdirectory = "x"}',
            "git",
            "https://git.example/a#subdirectory=x",
        ),
        ('directory = {path = "."}', "directory", "."),
        ('directory = {path = "lib", editable = true, subdirectory = "x"}', "editable", "lib#subdirectory=x"),
        ('archive = {url = "https://u:p@files.example/a.zip"}', "url", "https://files.example/a.zip"),
        ('archive = {path = "../a.zip", hashes = {sha256 = "0"}}', "path", "../a.zip"),
        ('wheels = [{name = "a-1-py3-none-any.whl", path = "a-1-py3-none-any.whl"}]', "registry", None),
    ],
)
def test_sources(lines: str, source: str, ref: str | None) -> None:
    entry = told(lock(f'name = "a"\n{lines}')).entries[0]
    assert (entry.version, entry.source, entry.ref, entry.index) == (None, source, ref, None)
    assert entry.hashed is ("sha256" in lines)


@pytest.mark.parametrize(
    ("marker", "left", "groups"),
    [
        ("os_name == 'nt'", "os_name == 'nt'", ("main",)),
        ("'a' in extras", None, ("extra:a",)),
        ("'A_b' in dependency_groups", None, ("group:a-b",)),
        ("'default' in dependency_groups or 'dev' in dependency_groups", None, ("main", "group:dev")),
        ("'a' in extras or os_name == 'nt'", None, ("main", "extra:a")),
        ("('a' in extras or 'b' in extras) and os_name == 'nt'", "os_name == 'nt'", ("extra:a", "extra:b")),
        ("('dev' in dependency_groups) and (os_name == 'nt')", "os_name == 'nt'", ("group:dev",)),
        ("os_name == 'nt' and (python_version < '3' or ('a' in extras))", "os_name == 'nt'", ("main", "extra:a")),
        ("'a' not in extras and os_name == 'nt'", "'a' not in extras and os_name == 'nt'", ("main",)),
        ("'a' not in extras and 'b' in extras", None, ("extra:b",)),
        ("'linux' in sys_platform and 'a' in extras", "'linux' in sys_platform", ("extra:a",)),
    ],
)
def test_markers_tell_groups(marker: str, left: str | None, groups: tuple[str, ...]) -> None:
    head = HEAD + 'extras = ["a"]\n'
    entry = told(lock(f'name = "a"\nversion = "1"\nmarker = "{marker}"', head=head)).entries[0]
    assert (entry.marker, entry.groups) == (left, groups)


def test_forks_are_told_apart_by_what_a_dependency_says() -> None:
    text = lock(
        'name = "a"\nversion = "1"\ndependencies = [{name = "b", version = "2"}, {name = "b", index = "https://i.example/x"}]',
        'name = "b"\nversion = "1"\nindex = "https://i.example/x"',
        'name = "b"\nversion = "2"\nindex = "https://i.example/y"\ndependencies = [{name = "b"}]',
    )
    entries = told(text).entries
    assert [edge.targets for edge in entries[0].edges or ()] == [(2,), (1,)]
    assert [edge.targets for edge in entries[2].edges or ()] == [(1, 2)]


def test_a_package_that_needs_itself_has_no_edge_to_itself() -> None:
    assert told(lock('name = "a"\nversion = "1"\ndependencies = [{name = "a"}]')).entries[0].edges == ()


def test_packages_in_one_array() -> None:
    text = HEAD + 'packages = [\n    {name = "a", version = "1"},\n    {name = "b", directory = {path = "."}},\n]\n'
    assert [(entry.name, entry.location.line) for entry in told(text).entries] == [("a", 4), ("b", 5)]
    assert told(HEAD + "packages = []\n").entries == ()


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.99"])
def test_lock_versions_and_keys_to_come(version: str) -> None:
    assert len(told(SHOP.replace('"1.0"', f'"{version}"') + '\n[tool.new]\nkey = "x"\n').entries) == 3


@pytest.mark.parametrize("name", ["pylock.toml", "a/pylock.dev.toml", "pylock.a-b_c.toml", "other.lock"])
def test_names(name: str) -> None:
    assert told(SHOP, name).path == name


@pytest.mark.parametrize(
    ("name", "hint"), [("pylock.a.b.toml", "rename it to pylock.a-b.toml"), ("x/pylock..toml", "")]
)
def test_names_that_the_standard_forbids(name: str, hint: str) -> None:
    with pytest.raises(WhypinError) as caught:
        told(SHOP, name)
    assert caught.value.message == "not a name for a pylock.toml: what stands between has no dots"
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("", "1:1", "no lock-version: this is not a pylock.toml"),
        (SHOP.replace('lock-version = "1.0"\n', ""), "1:1", "no lock-version"),
        (SHOP.replace('"1.0"', '"2.0"'), "1:1", "unsupported lock version 2.0"),
        (SHOP.replace('"1.0"', "1.0"), "1:1", "unsupported lock version 1.0"),
        ('lock-version = "666"\n', "1:1", "unsupported lock version 666"),
        (HEAD, "1:1", "no `packages`: it is damaged or cut short"),
        (HEAD + 'packages = "a"\n', "1:1", "`packages` is not an array"),
        (HEAD + "packages = [1]\n", "3:1", "`packages` is not a table"),
        (SHOP[:-5], "33:1", "not valid TOML: invalid value at the end of the file"),
        (SHOP.replace("[[packages]]", "=======\n<<<<<<< a\n[[packages]]", 1), "8:1", "unresolved merge conflict"),
        ("numpy==1.26.4 \\\n    --hash=sha256:00\n", "1:1", "these are requirements, not a pylock.toml"),
        ("# made by a tool\n-e .\nnumpy==1.26.4\n", "2:1", "these are requirements, not a pylock.toml"),
        (SHOP.replace('"certifi"', '"../a"', 1), "9:1", "'../a' is not a package name"),
        (SHOP.replace('"certifi"', '"a\\u001b"', 1), "9:1", "'a\\x1b' is not a package name"),
        (SHOP.replace('name = "My_Lib"\n', ""), "16:1", "None is not a package name"),
        (lock('name = "a"'), "5:1", "a has neither a version nor a source"),
        (lock('name = "a"\nversion = 1'), "5:1", "`version` is not a string"),
        (lock('name = "a"\nversion = ""'), "5:1", "a has a version that is none"),
        (lock(f'name = "a"\nversion = "{"1" * 201}"'), "5:1", "a has a version that is none"),
        (lock('name = "a"\nversion = "1"\nmarker = 1'), "5:1", "`marker` is not a string"),
        (lock('name = "a"\nversion = "1"\nindex = 1'), "5:1", "`index` is not a string"),
        (lock('name = "a"\nvcs = 1'), "5:1", "`vcs` is not a table"),
        (lock('name = "a"\ndirectory = {}'), "5:1", "a has a source without a place"),
        (lock('name = "a"\ndirectory = {path = "."}\narchive = {path = "a"}'), "5:1", "a has several sources"),
        (lock('name = "a"\ndirectory = {path = "."}\nwheels = []'), "5:1", "a has several sources"),
        (lock('name = "a"\nversion = "1"', 'name = "A"\nversion = "1"'), "9:1", "a 1 is locked twice"),
        (lock('name = "a"\nversion = "1"\ndependencies = 1'), "5:1", "`dependencies` is not an array"),
        (lock('name = "a"\nversion = "1"\ndependencies = ["b"]'), "5:1", "`dependency` is not a table"),
        (lock('name = "a"\nversion = "1"\ndependencies = [{}]'), "5:1", "None is not a package name"),
        (SHOP.replace('commit-id = "abc"}}', 'commit-id = "d"}}'), "22:1", "the dependency my-lib is not in the lock"),
        (SHOP.replace('[{name = "certifi"}', '[{name = "gone"}'), "22:1", "the dependency gone is not in the lock"),
        (lock('name = "a"\nversion = "1"\nmarker = "\'../x\' in extras"'), "5:1", "'../x' is not the name of a group"),
        (lock(f'name = "a"\nversion = {"[" * 2000}'), "6:11", "values are nested too deeply"),
    ],
)
def test_a_damaged_lock_is_an_error_with_its_place(text: str, where: str, message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        told(text)
    assert str(caught.value).startswith(f"pylock.toml:{where}: {message}")


@pytest.mark.parametrize("piece", ["'x' in extras or ", "(", "a", "a ", "a == ", "'", "1 and "])
def test_hostile_markers_come_to_an_end(piece: str) -> None:
    marker = "'x' in extras and " + piece * (200_000 // len(piece))
    for text in (marker, marker[:19_000]):
        (entry,) = told(lock(f'name = "a"\nversion = "1"\nmarker = "{text}"')).entries
        assert (entry.name, entry.version) == ("a", "1")


@pytest.mark.parametrize(
    ("head", "path", "covers"),
    [
        (HEAD, "pylock.toml", ("main",)),
        (HEAD, "pylock.dev.toml", ()),
        (
            HEAD + 'extras = ["Web_UI"]\ndependency-groups = ["dev"]\n',
            "pylock.dev.toml",
            ("main", "extra:web-ui", "group:dev"),
        ),
    ],
)
def test_the_groups_that_a_lock_was_made_for(head: str, path: str, covers: tuple[str, ...]) -> None:
    assert told(head + "packages = []\n", path).covers == covers


def test_what_a_newer_minor_version_has_brought_is_a_warning() -> None:
    found = told('lock-version = "1.1"\ncreated-by = "hand"\nnew-key = 1\npackages = []\n')
    assert [(problem.line, problem.message) for problem in found.warnings] == [
        (1, "lock version 1.1 is newer than whypin knows: 1.0"),
        (3, "the key 'new-key' is not known to lock version 1.0"),
    ]


def test_the_day_of_publication_is_known_where_the_lock_tells() -> None:
    wheel = (
        'wheels = [{ url = "https://files.index.example/a.whl", upload-time = 2026-03-04T10:11:12Z, hashes = {} }]\n'
    )
    text = lock(f'name = "a"\nversion = "1"\n{wheel}', 'name = "b"\nversion = "1"\n')
    assert [entry.uploaded for entry in told(text).entries] == ["2026-03-04", None]
