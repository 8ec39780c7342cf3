from __future__ import annotations

import os
import sys
from subprocess import run

import pytest

from whypin.errors import WhypinError
from whypin.locks.uv import read
from whypin.model.location import Location
from whypin.model.lock import Edge, Entry, Lock

INDEX = "https://index.example/simple"
SHOP = """\
version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "numpy"
version = "1.26.4"
source = { registry = "https://index.example/simple" }
sdist = { url = "https://files.index.example/numpy-1.26.4.tar.gz", hash = "sha256:00", size = 1 }

[[package]]
name = "pandas"
version = "2.2.3"
source = { registry = "https://index.example/simple" }
dependencies = [
    { name = "numpy", marker = "python_full_version < '3.12'" },
]
wheels = [
    { url = "https://files.index.example/pandas-2.2.3-py3-none-any.whl" },
]

[package.optional-dependencies]
parquet = [
    { name = "pyarrow" },
]

[[package]]
name = "pyarrow"
version = "18.0.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "pandas", extra = ["parquet"] },
]

[package.optional-dependencies]
all = [
    { name = "shop", extra = ["plain", "more"] },
]
plain = [
    { name = "numpy" },
]

[package.dev-dependencies]
lint = [
    { name = "numpy" },
]

[package.metadata]
requires-dist = [{ name = "pandas", extras = ["parquet"], specifier = ">=2" }]
"""


def lock(*packages: str, head: str = "version = 1\n", root: bool = True) -> str:
    """Return a lock of packages given by their lines; the root requires nothing unless it is among them."""
    own = 'name = "shop"\nversion = "0.1.0"\nsource = { virtual = "." }\n'
    return head + "".join(f"\n[[package]]\n{package}" for package in (*packages, *([own] if root else [])))


def package(name: str, rest: str = "", version: str = "1.0", source: str = f'registry = "{INDEX}"') -> str:
    """Return the lines of one package."""
    return f'name = "{name}"\nversion = "{version}"\nsource = {{ {source} }}\n{rest}'


def needs(*items: str) -> str:
    """Return a dependencies array as uv writes it."""
    return "dependencies = [\n" + "".join(f"    {{ {item} }},\n" for item in items) + "]\n"


def test_a_whole_lock() -> None:
    def at(line: int) -> Location:
        return Location("uv.lock", line)

    extra, group = (Edge("numpy", (0,), gate=gate) for gate in ("extra:plain", "group:lint"))
    assert read(SHOP, "uv.lock") == Lock(
        "uv.lock",
        "uv",
        (
            Entry("numpy", "1.26.4", "registry", at(6), INDEX, edges=(), hashed=True),
            Entry(
                "pandas",
                "2.2.3",
                "registry",
                at(12),
                INDEX,
                edges=(
                    Edge("numpy", (0,), marker="python_full_version < '3.12'"),
                    Edge("pyarrow", (2,), gate="extra:parquet"),
                ),
            ),
            Entry("pyarrow", "18.0.0", "registry", at(28), INDEX, edges=()),
            Entry(
                "shop",
                "0.1.0",
                "virtual",
                at(33),
                ref=".",
                edges=(Edge("pandas", (1,), ("parquet",)), extra, group),
                member=True,
                implied=(("extra:all", "plain"), ("extra:all", "more")),
            ),
        ),
        universal=True,
    )


def test_a_lock_that_only_tomllib_understands_is_read_the_same() -> None:
    assert read(SHOP + "# last\n[odd]\nday = 2026-11-22\n", "uv.lock") == read(SHOP, "uv.lock")


@pytest.mark.parametrize(
    ("source", "kind", "index", "ref"),
    [
        (f'registry = "{INDEX}"', "registry", INDEX, None),
        ('registry = "https://me:secret@index.example/simple"', "registry", "https://index.example/simple", None),
        ('registry = "vendor/wheels"', "registry", "vendor/wheels", None),
        ('git = "https://git.example/a.git?rev=main#0123abc"', "git", None, "https://git.example/a.git@0123abc"),
        (
            'git = "https://token@git.example/a?subdirectory=b&rev=v1#0123abc"',
            "git",
            None,
            "https://git.example/a@0123abc#subdirectory=b",
        ),
        ('git = "ssh://git@git.example/a#0123abc"', "git", None, "ssh://git@git.example/a@0123abc"),
        ('url = "https://me:pw@files.index.example/a.whl"', "url", None, "https://files.index.example/a.whl"),
        (
            'url = "https://files.index.example/a.zip", subdirectory = "b"',
            "url",
            None,
            "https://files.index.example/a.zip#subdirectory=b",
        ),
        ('path = "vendor/a.whl"', "path", None, "vendor/a.whl"),
        ('directory = "libs/a"', "directory", None, "libs/a"),
        ('editable = "libs/a"', "editable", None, "libs/a"),
        ('virtual = "libs/a"', "virtual", None, "libs/a"),
    ],
)
def test_every_kind_of_source_is_told_without_credentials(
    source: str, kind: str, index: str | None, ref: str | None
) -> None:
    entry = read(lock(package("a", source=source)), "uv.lock").entries[0]
    assert (entry.source, entry.index, entry.ref, entry.member) == (kind, index, ref, False)


@pytest.mark.parametrize("source", ["directory", "editable", "virtual"])
def test_a_source_tree_may_lack_a_version(source: str) -> None:
    dynamic = f'name = "a"\nsource = {{ {source} = "." }}\n'
    entry = read(lock(dynamic, root=False), "uv.lock").entries[0]
    assert entry.version is None and entry.member


def test_forks_are_entries_of_their_own_and_edges_lead_to_the_right_one() -> None:
    torch = 'resolution-markers = [\n    "{}",\n]\n'
    other = "https://other.example/simple"
    text = lock(
        package("torch", torch.format("sys_platform == 'darwin'")),
        package("torch", torch.format("sys_platform != 'darwin'"), "1.0", f'registry = "{other}"'),
        package("torch", "", "2.0+cu128"),
        package(
            "model",
            needs(
                f'name = "torch", version = "1.0", source = {{ registry = "{INDEX}" }}',
                f'name = "torch", version = "1.0", source = {{ registry = "{other}" }}',
                'name = "torch", version = "2.0+cu128"',
            ),
        ),
    )
    *torches, model, _ = read(text, "uv.lock").entries
    assert [(entry.version, entry.index, entry.marker) for entry in torches] == [
        ("1.0", INDEX, "sys_platform == 'darwin'"),
        ("1.0", other, "sys_platform != 'darwin'"),
        ("2.0+cu128", INDEX, None),
    ]
    assert model.edges is not None
    assert [edge.targets for edge in model.edges] == [(0,), (1,), (2,)]


def test_several_resolution_markers_are_alternatives() -> None:
    markers = "resolution-markers = [\n    \"python_version < '3.9'\",\n    \"a == 'b' and os_name == 'nt'\",\n]\n"
    entry = read(lock(package("a", markers)), "uv.lock").entries[0]
    assert entry.marker == "python_version < '3.9' or a == 'b' and os_name == 'nt'"
    old = markers.replace("resolution", "environment")
    assert read(lock(package("a", old)), "uv.lock").entries[0].marker == entry.marker


@pytest.mark.parametrize(
    ("marker", "left"),
    [
        ("extra == 'extra-4-shop-cpu'", None),
        (
            "sys_platform == 'linux' and extra == 'extra-4-shop-cpu' and extra != 'group-4-shop-dev'",
            "sys_platform == 'linux'",
        ),
        (
            "(os_name == 'nt' and extra == 'project-4-shop') or (os_name == 'nt' and extra != 'project-4-shop')",
            "os_name == 'nt'",
        ),
        ("extra == 'extra-9-shop'", "extra == 'extra-9-shop'"),
    ],
)
def test_the_made_up_extras_of_conflicts_are_never_shown(marker: str, left: str | None) -> None:
    rest = f'resolution-markers = [\n    "{marker}",\n]\n' + needs(f'name = "b", marker = "{marker}"')
    entry = read(lock(package("a", rest), package("b")), "uv.lock").entries[0]
    assert entry.edges is not None
    assert (entry.marker, entry.edges[0].marker) == (left, left)


def test_an_alternative_that_asks_for_two_conflicting_extras_is_left_out() -> None:
    pair = '    { package = "shop", extra = "a" },\n    { package = "shop", group = "b" },\n'
    head = f"version = 1\nconflicts = [[\n{pair}]]\n"
    both = "extra == 'extra-4-shop-a' and extra == 'group-4-shop-b'"
    marker = f"(os_name == 'nt' and extra == 'extra-4-shop-a') or (sys_platform == 'linux' and {both})"
    text = lock(package("a", needs(f'name = "b", marker = "{marker}"')), package("b"), head=head)
    edges = read(text, "uv.lock").entries[0].edges
    assert edges is not None and edges[0].marker == "os_name == 'nt'"


def test_members_are_those_of_the_manifest_else_the_root() -> None:
    head = 'version = 1\n\n[manifest]\nmembers = [\n    "Shop_Web",\n    "shop",\n]\n'
    text = lock(package("shop-web", source='editable = "web"'), package("lib", source='editable = "lib"'), head=head)
    assert [entry.member for entry in read(text, "uv.lock").entries] == [True, False, True]
    without = text.replace(head, "version = 1\n")
    assert [entry.member for entry in read(without, "uv.lock").entries] == [False, False, True]


def test_a_script_and_a_project_without_a_name_tell_their_roots() -> None:
    head = (
        'version = 1\n\n[manifest]\nrequirements = [\n    { name = "Rich", extras = ["jupyter"] },\n'
        '    { name = "pywin32", marker = "sys_platform == \'win32\'" },\n]\n\n'
        '[manifest.dependency-groups]\ndev = [{ name = "ruff", specifier = "==2.0" }]\n'
    )
    text = lock(package("rich"), package("ruff"), package("ruff", version="2.0"), head=head, root=False)
    assert read(text, "tool.py.lock").roots == (
        Edge("rich", (0,), ("jupyter",)),
        Edge("pywin32", (), marker="sys_platform == 'win32'"),
        Edge("ruff", (2,), gate="group:dev"),
    )


def test_the_distributions_of_old_locks_and_unknown_keys_of_new_ones() -> None:
    old = SHOP.replace("[[package]]", "[[distribution]]").replace("[package.", "[distribution.")
    assert read(old, "uv.lock") == read(SHOP, "uv.lock")
    new = SHOP.replace("revision = 3", "revision = 99").replace('requires-python = ">=3.11"', 'novelty = [{ a = "b" }]')
    assert read(new, "uv.lock") == read(SHOP, "uv.lock")
    bare = SHOP[: SHOP.index("[package.metadata]")]
    assert read(bare, "uv.lock") == read(SHOP, "uv.lock")
    alias = SHOP.replace("dev-dependencies", "dependency-groups")
    assert read(alias, "uv.lock") == read(SHOP, "uv.lock")


def test_a_lock_of_nothing_is_a_lock() -> None:
    assert read('version = 1\nrevision = 3\nrequires-python = ">=3.10"\n', "uv.lock").entries == ()


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("version = 2\n" + SHOP[12:], "uv.lock:1:1", "unsupported schema version 2"),
        ('requires-python = ">=3.11"\nversion = "1"\n', "uv.lock:2:1", "unsupported schema version 1"),
        ("revision = 3\n", "uv.lock:1:1", "no schema version: this is not a uv.lock"),
        ("", "uv.lock:1:1", "no schema version: this is not a uv.lock"),
        ("numpy==1.26.4\n", "uv.lock:1:7", "not valid TOML"),
        (SHOP[: SHOP.index('[[package]]\nname = "numpy"')], "", ""),
        (SHOP[: SHOP.index('[[package]]\nname = "shop"')], "uv.lock:1:1", "the project itself is not in the lock"),
        (SHOP[: SHOP.index("virtual")], "uv.lock:35:1", "not valid TOML"),
        (
            SHOP.replace('"numpy"\nversion', '"scipy"\nversion'),
            "uv.lock:16:1",
            "the dependency numpy is not in the lock",
        ),
        (
            SHOP.replace('{ name = "pandas",', '{ name = "polars",'),
            "uv.lock:37:1",
            "the dependency polars is not in the lock",
        ),
        (
            SHOP.replace('[[package]]\nname = "pyarrow"', '<<<<<<< HEAD\n[[package]]\nname = "pyarrow"'),
            "uv.lock:27:1",
            "unresolved merge conflict",
        ),
        (lock(package("a"), package("a")), "uv.lock:9:1", "a 1.0 is locked twice from one source"),
        (
            lock(package("a"), package("a", version="2.0"), package("b", needs('name = "a"'))),
            "uv.lock:18:1",
            "the dependency a could be any of several packages",
        ),
        (
            lock(package("a"), package("b", needs('name = "a", version = "9"'))),
            "uv.lock:13:1",
            "the dependency a 9 is not in the lock",
        ),
        (
            lock(package("a"), head='version = 1\n[manifest]\nmembers = [\n    "gone",\n]\n'),
            "uv.lock:4:1",
            "the member gone is not in the lock",
        ),
        (
            lock(head='version = 1\n[manifest]\nrequirements = [{ name = "gone" }]\n', root=False),
            "uv.lock:3:1",
            "the requirement gone is not in the lock",
        ),
        (
            lock(f'name = "a"\nsource = {{ registry = "{INDEX}" }}\n'),
            "uv.lock:4:1",
            "'a' has no version, which only a source tree may lack",
        ),
        (lock('name = "a"\nversion = "1"\n'), "uv.lock:4:1", "'a' has no source"),
        (lock(package("a", source='svn = "x"')), "uv.lock:4:1", "'a' has a source of an unknown kind"),
        (lock('version = "1"\nsource = { virtual = "." }\n', root=False), "uv.lock:3:1", "a package without a name"),
        (lock(package("../a\\u001b")), "uv.lock:4:1", "'../a\\x1b' is not a package name"),
        (lock(package("a", "dependencies = 1\n")), "uv.lock:4:1", "`dependencies` is not an array"),
        (lock(package("a", 'dependencies = ["b"]\n')), "uv.lock:4:1", "`dependency` is not a table"),
        ('version = 1\npackage = "none"\n', "uv.lock:1:1", "`package` is not an array of tables"),
        ("version = 1\npackage = [1]\n", "uv.lock:1:1", "`package` is not an array of tables"),
        ("version = 1\nmanifest = 1\n", "uv.lock:1:1", "`manifest` is not a table"),
        ("version = 1\nversion = 1\n", "uv.lock:2:12", "not valid TOML: cannot overwrite a value"),
        (lock(package("a")).replace('"1.0"', '"1.0\x00"'), "uv.lock:5:15", "not valid TOML"),
        (lock(package("a", version="9" * 300)), "uv.lock:4:1", "'a' has a version that is none"),
        ("version = " + "9" * 5000 + "\n", "uv.lock:1:1", "a number is too long to be read"),
        ("version = 1\nx = " + "[" * 3000, "uv.lock:2:5", "values are nested too deeply to be read"),
    ],
)
def test_a_damaged_lock_is_an_error_with_its_place(text: str, where: str, message: str) -> None:
    if not message:
        assert read(text, "uv.lock").entries == ()
        return
    with pytest.raises(WhypinError) as caught:
        read(text, "uv.lock")
    assert str(caught.value).startswith(f"{where}: {message}")


def test_single_quotes_are_read_right() -> None:
    assert read(SHOP.replace('"2.2.3"', "'2.2.3'"), "uv.lock") == read(SHOP, "uv.lock")


def test_a_lock_is_read_without_the_packaging_library_and_tomllib() -> None:
    code = (
        "import sys; from whypin.locks.uv import read; read(sys.stdin.read(), 'x');"
        "print({'packaging', 'tomllib', 'json'} & {*sys.modules})"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = run([sys.executable, "-c", code], input=SHOP, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("key", ["upload-time", "upload_time"])
def test_the_day_of_publication_is_known_where_the_lock_tells(key: str) -> None:
    wheel = f'wheels = [\n    {{ url = "{INDEX}/a.whl", hash = "sha256:00", {key} = "2026-03-04T10:11:12.345Z" }},\n]\n'
    sdist = f'sdist = {{ url = "{INDEX}/b.tar.gz", hash = "sha256:00", {key} = "2025-01-02T00:00:00Z" }}\n'
    found = read(lock(package("a", wheel), package("b", sdist), package("c")), "uv.lock").entries
    assert [entry.uploaded for entry in found[:3]] == ["2026-03-04", "2025-01-02", None]


def test_groups_that_exclude_each_other_are_told() -> None:
    conflicts = (
        'version = 1\nconflicts = [[{ package = "shop", extra = "cpu" }, { package = "shop", extra = "gpu" }]]\n'
    )
    assert [read(text, "uv.lock").conflicts for text in (lock(), lock(head=conflicts))] == [False, True]
