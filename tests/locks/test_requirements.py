"""Requirements files that pin everything."""

from __future__ import annotations

import pytest

from whypin.errors import WhypinError
from whypin.locks.requirements import NAME, is_exact, read
from whypin.model.location import Location
from whypin.model.lock import Edge, Entry, Lock
from whypin.syntax.requirements import parse

COMMIT = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
HASH = "--hash=sha256:" + "0a" * 32


def no_files(path: str) -> str:
    raise WhypinError("cannot be read", Location(path))


def lock(text: str, path: str = "requirements.txt") -> Lock:
    return read(text, path, no_files)


def entry(text: str) -> Entry:
    (found,) = lock(text).entries
    return found


def roots(text: str, path: str = "requirements.txt") -> list[str]:
    return [edge.name for edge in lock(text, path).roots or ()]


def exact(text: str) -> bool:
    return is_exact(parse(text, "requirements.txt", no_files))


def test_a_lock_is_read_whole() -> None:
    text = (
        "-i https://me:pw@index.example/simple\n"
        "numpy==1.24.4 ; python_version < '3.9' \\\n"
        f"    {HASH}\n"
        "    # via\n"
        "    #   -r requirements.in\n"
        "    #   pandas\n"
        "numpy==1.26.4 ; python_version >= '3.9'\n"
        "    # via pandas\n"
        "pandas==2.2.3\n"
        "    # via -r requirements.in\n"
    )
    index = "https://index.example/simple"
    assert lock(text, "a/requirements.txt") == Lock(
        "a/requirements.txt",
        NAME,
        (
            Entry(
                "numpy",
                "1.24.4",
                "registry",
                Location("a/requirements.txt", 2),
                index=index,
                marker="python_version < '3.9'",
                edges=(),
                hashed=True,
            ),
            Entry(
                "numpy",
                "1.26.4",
                "registry",
                Location("a/requirements.txt", 7),
                index=index,
                marker="python_version >= '3.9'",
                edges=(),
            ),
            Entry(
                "pandas",
                "2.2.3",
                "registry",
                Location("a/requirements.txt", 9),
                index=index,
                edges=(Edge("numpy", (0, 1)),),
            ),
        ),
        roots=(Edge("numpy", (0,)), Edge("pandas", (2,))),
    )


def test_without_via_comments_no_edge_is_known() -> None:
    found = lock("numpy==1.26.4\npandas==2.2.3  # pinned for a reason\n")
    assert [each.edges for each in found.entries] == [None, None]
    assert found.roots is None


@pytest.mark.parametrize(
    "source",
    ["-r requirements.in", "-r /srv/in.txt", "shop (pyproject.toml)", "shop", "-r a.in, other", "-c c.txt, -r a.in"],
)
def test_what_a_file_or_the_project_asks_for_is_direct(source: str) -> None:
    assert roots(f"other==1  # via a\na==1  # via {source}\n") == ["a"]


@pytest.mark.parametrize("source", ["other", "-c c.txt", "--override o.txt", "other, -c c.txt"])
def test_what_another_package_pulls_in_is_not_direct(source: str) -> None:
    assert roots(f"other==1  # via -r a.in\na==1  # via {source}\n") == ["other"]


def test_an_entry_that_forgot_its_comment_is_direct() -> None:
    assert roots("a==1\nb==1  # via a\n") == ["a"]


def test_what_the_projects_own_folder_asks_for_is_direct() -> None:
    text = "-e ./libs/shop  # via -r requirements.in\na==1  # via shop\nb==1  # via a\n"
    assert roots(text) == ["shop", "a"]
    assert lock(text).entries[0].edges == (Edge("a", (1,)),)


def test_every_fork_of_a_parent_gets_the_edges() -> None:
    text = "a==1 ; os_name == 'nt'  # via -r x.in\na==2 ; os_name != 'nt'  # via -r x.in\nb==1  # via A\n"
    assert [each.edges for each in lock(text).entries] == [(Edge("b", (2,)),), (Edge("b", (2,)),), ()]


@pytest.mark.parametrize(
    ("path", "gate"),
    [("requirements.txt", ""), ("requirements-dev.txt", "group:dev"), ("requirements/docs.txt", "group:docs")],
)
def test_the_file_name_tells_the_group(path: str, gate: str) -> None:
    assert lock("a==1  # via -r a.in\n", path).roots == (Edge("a", (0,), gate=gate),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "foo @ https://u:p@h.example/foo-1.2%2Bcu118-py3-none-any.whl#sha256=0a",
            Entry("foo", "1.2+cu118", "url", Location("requirements.txt"), hashed=True)._replace(
                ref="https://h.example/foo-1.2%2Bcu118-py3-none-any.whl"
            ),
        ),
        (
            f"foo @ git+https://u:p@git.example/o/foo@{COMMIT}",
            Entry("foo", None, "git", Location("requirements.txt"), ref=f"https://git.example/o/foo@{COMMIT}"),
        ),
        (
            "-e git+https://git.example/o/Foo.git",
            Entry("foo", None, "git", Location("requirements.txt"), ref="https://git.example/o/Foo.git"),
        ),
        (
            "-e ./libs/foo",
            Entry("foo", None, "editable", Location("requirements.txt"), ref="./libs/foo", member=True),
        ),
        (
            "libs/foo/ ; os_name == 'nt'",
            Entry("foo", None, "directory", Location("requirements.txt"), ref="libs/foo/", member=True)._replace(
                marker="os_name == 'nt'"
            ),
        ),
        (
            "foo @ file:///home/conda/feedstock_root/foo_1/work",
            Entry("foo", None, "directory", Location("requirements.txt"))._replace(
                ref="file:///home/conda/feedstock_root/foo_1/work"
            ),
        ),
        (
            "./wheels/foo-1.2-py3-none-any.whl",
            Entry("foo", "1.2", "path", Location("requirements.txt"), ref="./wheels/foo-1.2-py3-none-any.whl"),
        ),
        ("foo>=1.2", Entry("foo", None, "registry", Location("requirements.txt"))),
    ],
)
def test_every_kind_of_source(text: str, expected: Entry) -> None:
    assert entry(text) == expected


def test_the_index_that_uv_noted_beside_one_entry() -> None:
    first, second = lock("-i https://a.example/s\na==1\n    # via x\n    # from https://b.example/s\nb==1\n").entries
    assert (first.index, second.index) == ("https://b.example/s", "https://a.example/s")


def test_the_project_itself_is_no_entry() -> None:
    assert [each.name for each in lock("-e .\n.[pdf]\na==1\n").entries] == ["a"]


def test_a_url_that_tells_no_name_is_reported() -> None:
    with pytest.raises(WhypinError, match="no package name can be told"):
        lock("a==1\nhttps://h.example/download?id=5\n")


def test_the_same_thing_twice_is_no_fork() -> None:
    found = lock("dash==1  # via a\ndash[compress]==1  # via b\nDash==2\n")
    assert [(each.version, each.location.line) for each in found.entries] == [("1", 1), ("2", 3)]


def test_an_included_file_is_part_of_the_lock() -> None:
    found = read("-r base.txt\nb==1\n", "requirements.txt", {"base.txt": "a==1\n"}.__getitem__)
    assert [str(each.location) for each in found.entries] == ["base.txt:1:1", "requirements.txt:2:1"]


@pytest.mark.parametrize(
    "text",
    [
        "a==1\nb===2-x\n",
        "a==1\n-e .\n./libs/b\n./c-1-py3-none-any.whl\n",
        "a @ https://h.example/a.zip\n",
        f"a @ git+https://git.example/o/a@{COMMIT}\n",
        f"-e git+https://git.example/o/a@{COMMIT}#egg=a\n",
        f"a @ hg+https://hg.example/a@{COMMIT}\n",
        "a==1 ; os_name == 'nt'\na==2 ; os_name != 'nt'\n",
        "-c c.txt\n--pre\na==1\n",
    ],
)
def test_a_file_where_everything_is_exact_is_a_lock(text: str) -> None:
    assert exact(text)


@pytest.mark.parametrize(
    "text",
    [
        "a==1\nb>=2.10.0\n",
        "a==1\nb>=0.6.0,<1\n",
        "a==1\nb==2.*\n",
        "a==1\nb\n",
        f"a==1\nb @ git+https://git.example/o/b@{COMMIT[:7]}\n",
        "a==1\nb @ git+https://git.example/o/b@v1.0\n",
        "a==1\n-e git+https://git.example/o/b#egg=b\n",
        "a==1\nsvn+https://svn.example/b@12#egg=b\n",
        "-e .\n./libs/b\n./c-1-py3-none-any.whl\n",
        "-c c.txt\n--pre\n",
        "",
    ],
)
def test_a_file_where_something_is_not_exact_is_none(text: str) -> None:
    assert not exact(text)


@pytest.mark.parametrize(
    "text",
    ["a=1\n", "a==1#x\n", "a==1\n  --hash=sha256:aa\n", "<<<<<<< x\na==1\n>>>>>>> y\n", "-r gone.txt\n"],
)
def test_bad_text_raises_with_a_place(text: str) -> None:
    with pytest.raises(WhypinError) as caught:
        lock(text)
    assert caught.value.where is not None


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        ("a==1  # via app (pyproject.toml:dev)\nb==1  # via a\n", ("group:dev",)),
        ("a==1  # via app (pyproject.toml:dev), app (pyproject.toml:Docs)\n", ("group:dev", "group:docs")),
        ("a==1  # via app (pyproject.toml:dev)\nb==1  # via app (pyproject.toml)\n", None),
        ("a==1  # via app (pyproject.toml:dev)\nb==1  # via -r b.in\n", None),
        ("a==1\n", None),
    ],
    ids=["one group", "two groups", "main too", "a file too", "nothing told"],
)
def test_a_file_that_only_groups_ask_for_covers_these(text: str, covers: tuple[str, ...] | None) -> None:
    assert lock(text).covers == covers
