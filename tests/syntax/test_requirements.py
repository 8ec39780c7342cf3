"""pip's requirements file syntax."""

from __future__ import annotations

import codecs
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.syntax.requirements import (
    MAX_DEPTH,
    ParsedRequirement,
    RequirementsFile,
    decode_requirements,
    group_of,
    name_of,
    named,
    parse,
)
from whypin.syntax.url import redact

HASH = "--hash=sha256:" + "0a" * 32
COMMIT = "da39a3ee5e6b4b0d3255bfef95601890afd80709"


def from_files(**files: str) -> Callable[[str], str]:
    """Return a loader of files, `a__b` standing for `a/b` and every name ending in .txt."""
    texts = {f"{name.replace('__', '/')}.txt": text for name, text in files.items()}

    def load(path: str) -> str:
        if path not in texts:
            raise WhypinError("cannot be read: No such file or directory", Location(path))
        return texts[path]

    return load


def read(text: str, path: str = "requirements.txt", **files: str) -> RequirementsFile:
    return parse(text, path, from_files(**files))


def one(text: str) -> ParsedRequirement:
    (found,) = read(text).requirements
    return found


def error(text: str, path: str = "requirements.txt", **files: str) -> WhypinError:
    with pytest.raises(WhypinError) as caught:
        read(text, path, **files)
    return caught.value


# --- what a requirement is -----------------------------------------------------------------------------------------


def test_a_hashed_pin_is_read_whole() -> None:
    text = (
        "# generated\n"
        "--index-url https://me:secret@index.example/simple\n"
        "\n"
        "Foo_Bar[Z.y, b]==1.2.3 ; python_version >= '3.9' \\\n"
        f"    {HASH} \\\n"
        f"    {HASH}\n"
        "    # via\n"
        "    #   -r requirements.in\n"
        "    #   Shop_Core\n"
    )
    file = read(text)
    assert file == RequirementsFile(
        "requirements.txt",
        (
            ParsedRequirement(
                "foo-bar",
                "==1.2.3",
                "1.2.3",
                Location("requirements.txt", 4),
                extras=("b", "z-y"),
                marker="python_version >= '3.9'",
                hashes=2,
                via=("-r requirements.in", "shop-core"),
            ),
        ),
        options=file.options,
        index_url="https://index.example/simple",
        files=("requirements.txt",),
    )
    assert file.options == (("--index-url", "https://index.example/simple", Location("requirements.txt", 2)),)


@pytest.mark.parametrize(
    ("text", "specifier", "version"),
    [
        ("a==1.0", "==1.0", "1.0"),
        ("a == 1.0", "==1.0", "1.0"),
        ("a==2.1.0+cu118", "==2.1.0+cu118", "2.1.0+cu118"),
        ("a==1!2.0rc1.post2.dev3", "==1!2.0rc1.post2.dev3", "1!2.0rc1.post2.dev3"),
        ("a==v1.0", "==v1.0", "v1.0"),
        ("a==2021.05.30", "==2021.05.30", "2021.05.30"),
        ("a===1.0-weird", "===1.0-weird", "1.0-weird"),
        ("a==1.0,!=1.1", "==1.0,!=1.1", "1.0"),
        ("a==1.*", "==1.*", None),
        ("a>=2.10.0", ">=2.10.0", None),
        ("a>=0.6.0,<1", ">=0.6.0,<1", None),
        ("a>=0.6.0 , <1", ">=0.6.0,<1", None),
        ("a<=1.0", "<=1.0", None),
        ("a~=1.4.2", "~=1.4.2", None),
        ("a==1,==2", "==1,==2", None),
        ("a (>=1)", ">=1", None),
        ("a", "", None),
    ],
)
def test_only_an_exact_pin_is_a_version(text: str, specifier: str, version: str | None) -> None:
    assert one(text)[:3] == ("a", specifier, version)


def test_a_bare_requirement_counts() -> None:
    assert [found.name for found in read("uvicorn\n").requirements] == ["uvicorn"]


def test_spelling_of_names_does_not_matter() -> None:
    assert one("My_Package==1").name == one("my-package==1").name == one("my.package==1").name == "my-package"


def test_the_same_pin_with_and_without_extras_is_no_conflict() -> None:
    assert [found.extras for found in read("dash==1\ndash[compress]==1\n").requirements] == [(), ("compress",)]


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("a==1;python_version<'3.8'", "python_version<'3.8'"),
        ("a ; (os_name == 'nt' or os_name=='x') and 'linux' in sys_platform", None),
        ("a ; platform.python_implementation == 'CPython'", "platform.python_implementation == 'CPython'"),
        ('a ; extra == "it\'s"', 'extra == "it\'s"'),
        ("a ;", ""),
        ("https://h.example/a-1-py3-none-any.whl ; os_name == 'nt'", "os_name == 'nt'"),
        ("a @ https://h.example/a.zip ; os_name == 'nt'", "os_name == 'nt'"),
        ("./libs/a;os_name == 'nt'", "os_name == 'nt'"),
        ("-e ./libs/a ; os_name == 'nt'", "os_name == 'nt'"),
        ("-e './libs/a ; os_name == \"nt\"'", 'os_name == "nt"'),
        ("-e ./libs/a ; os_name == 'nt' --config-settings k=v", "os_name == 'nt'"),
    ],
)
def test_markers_are_kept_as_written(text: str, marker: str | None) -> None:
    expected = text.partition(" ; ")[2] if marker is None else marker
    assert one(text).marker == (expected or None)


@pytest.mark.parametrize(
    ("text", "name", "version", "source", "ref"),
    [
        # URLs to files: the name of a wheel or source archive tells the version
        ("https://h.example/x/foo_bar-1.2-py3-none-any.whl", "foo-bar", "1.2", "url", "https://h.example/x/foo_bar-1.2-py3-none-any.whl"),
        ("foo @ https://h.example/foo-1.2%2Bcu118-1-py3-none-any.whl", "foo", "1.2+cu118", "url", None),
        ("Foo@https://h.example/foo-1.2.tar.gz", "foo", "1.2", "url", "https://h.example/foo-1.2.tar.gz"),
        ("https://h.example/SomePackage-1.0.4.zip", "somepackage", "1.0.4", "url", None),
        ("https://h.example/1.2.3.tar.gz#egg=foo", "foo", None, "url", "https://h.example/1.2.3.tar.gz"),
        ("https://h.example/foo.zip#egg=foo==1.2", "foo", "1.2", "url", "https://h.example/foo.zip"),
        ("foo @ https://h.example/other-1.2-py3-none-any.whl", "foo", None, "url", None),
        ("https://git.example/o/repo/archive/my-branch-2.zip", None, None, "url", None),
        # repositories
        (f"git+https://git.example/o/r.git@{COMMIT}#egg=foo&subdirectory=a/b", "foo", None, "git", f"https://git.example/o/r.git@{COMMIT}#subdirectory=a/b"),
        ("foo @ git+ssh://git@git.example/o/r.git@v1", "foo", None, "git", "ssh://git@git.example/o/r.git@v1"),
        ("git+git@git.example:o/r.git#egg=foo", "foo", None, "git", "git@git.example:o/r.git"),
        ("-e git+https://git.example/o/r#egg=foo", "foo", None, "git", "https://git.example/o/r"),
        ("-e git://git.example/o/r#egg=foo", "foo", None, "git", "git://git.example/o/r"),
        ("hg+https://hg.example/r@2019#egg=foo", "foo", None, "url", "hg+https://hg.example/r@2019"),
        ("-e svn+http://svn.example/r/trunk@2019#egg=foo", "foo", None, "url", "svn+http://svn.example/r/trunk@2019"),
        ("bzr+lp:foo#egg=foo", "foo", None, "url", "bzr+lp:foo"),
        # paths
        (".", None, None, "directory", "."),
        (".[pdf]", None, None, "directory", "."),
        ("-e .", None, None, "editable", "."),
        ("-e.", None, None, "editable", "."),
        ("--editable=path", None, None, "editable", "path"),
        ("path/to/project", None, None, "directory", "path/to/project"),
        ("..\\libs\\foo", None, None, "directory", "..\\libs\\foo"),
        ("./wheels/foo-1.2-py3-none-any.whl[x]", "foo", "1.2", "path", "./wheels/foo-1.2-py3-none-any.whl"),
        ("foo-1.2-py2.py3-none-any.whl", "foo", "1.2", "path", "foo-1.2-py2.py3-none-any.whl"),
        ("lib/foo-1.0.6.tar.gz", "foo", "1.0.6", "path", "lib/foo-1.0.6.tar.gz"),
        ("-e ../one#egg=one", "one", None, "editable", "../one"),
        ("foo @ file:///build/foo_1/work", "foo", None, "directory", "file:///build/foo_1/work"),
        ("file:///w/foo-1.2-py3-none-any.whl", "foo", "1.2", "path", "file:///w/foo-1.2-py3-none-any.whl"),
        ("foo @ ./libs/foo", "foo", None, "directory", "./libs/foo"),
    ],
)  # fmt: skip
def test_every_kind_of_source(text: str, name: str | None, version: str | None, source: str, ref: str | None) -> None:
    found = one(text)
    assert (found.name, found.version, found.source) == (name, version, source)
    assert ref is None or found.ref == ref
    assert found.editable is text.startswith("-")


@pytest.mark.parametrize(
    ("text", "extras"),
    [
        ("git+https://git.example/o/r#egg=foo[dev]&subdirectory=s", ("dev",)),
        ("foo[a,B] @ https://h.example/foo.zip", ("a", "b")),
        ("./x.whl/../foo[a]", ("a",)),
        ("-e .[socks]", ("socks",)),
        ("sphinx [tests]", ("tests",)),
        ("foo[]", ()),
    ],
)
def test_extras_of_every_kind(text: str, extras: tuple[str, ...]) -> None:
    assert one(text).extras == extras


@pytest.mark.parametrize(
    ("revision", "commit"),
    [
        (f"@{COMMIT}", COMMIT),
        (f"@{COMMIT.upper()}", COMMIT),
        (f"@{'ab' * 32}", "ab" * 32),
        (f"@{COMMIT[:7]}", None),
        ("@main", None),
        ("", None),
    ],
)
def test_only_a_full_hash_is_a_commit(revision: str, commit: str | None) -> None:
    assert one(f"foo @ git+https://git.example/o/r.git{revision}").commit == commit


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("git+https://git.example/o/Requests.git@refs/pull/1/head", "requests"),
        ("git+git@git.example:o/r.git@v1", "r"),
        ("-e ./libs/Foo_Bar/", "foo-bar"),
        ("https://git.example/traumtopf/faker/tarball/master", "faker"),
        ("https://git.example/o/repo/archive/refs/heads/my-branch-2.zip", "repo"),
        ("https://h.example/download?id=5", None),
        (".", None),
        ("../..", None),
        ("-e './my lib!'", None),
    ],
)
def test_what_a_nameless_requirement_is_called(text: str, name: str | None) -> None:
    assert name_of(one(text)) == name


def test_a_url_without_any_name_is_reported() -> None:
    with pytest.raises(WhypinError) as caught:
        named(read("a==1\nhttps://h.example/download?id=5\n"))
    assert str(caught.value) == "requirements.txt:2:1: no package name can be told from this URL; write name @ URL"
    assert [name for name, _ in named(read("a==1\n-e .\n"))] == ["a"]


# --- hashes and options --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        f"{HASH} {HASH}",
        f"{HASH}   {HASH}",
        f"--hash sha256:aa {HASH}",
        "--hash sha384:aa\t--hash=sha512:bb",
        "--hash='sha256:aa' --hash \"sha256:bb\"",
        f"--config-settings k=v {HASH} -C k=v {HASH}",
        f"--global-option=--x {HASH} --no-binary :all: {HASH}",
    ],
)
def test_every_valid_spelling_of_hashes(options: str) -> None:
    assert one(f"a==1 {options}").hashes == 2


def test_the_hash_of_a_url_counts() -> None:
    assert one("a @ https://h.example/a-1-py3-none-any.whl#sha256=0a0b").hashes == 1
    assert one("a @ https://h.example/a-1-py3-none-any.whl").hashes == 0


def test_options_of_a_requirement_stay_with_it() -> None:
    found = one('a==1 --config-settings "k=v w" --global-option="--no-user-cfg"')
    assert found.options == (("--config-settings", "k=v w"), ("--global-option", "--no-user-cfg"))
    assert read("a==1 --no-binary a").options == ()


@pytest.mark.parametrize(
    "text",
    [
        "-i https://i.example/s",
        "-ihttps://i.example/s",
        "--index-url=https://i.example/s",
        "--pypi-url https://i.example/s",
        "--ind 'https://i.example/s'",
    ],
)
def test_every_spelling_of_an_option(text: str) -> None:
    assert read(text).options == (("--index-url", "https://i.example/s", Location("requirements.txt", 1)),)


def test_options_that_pip_knows() -> None:
    text = (
        "--extra-index-url https://i.example/s\n-f ./links\n--no-binary :all:\n--only-binary=a\n--prefer-binary --pre\n"
        "--require-hashes\n--trusted-host h.example\n--use-feature=x\n--uploaded-prior-to 2026-01-01\n"
    )
    assert [(option.name, option.location.line, option.location.column) for option in read(text).options] == [
        ("--extra-index-url", 1, 1),
        ("--find-links", 2, 1),
        ("--no-binary", 3, 1),
        ("--only-binary", 4, 1),
        ("--prefer-binary", 5, 1),
        ("--pre", 5, 17),
        ("--require-hashes", 6, 1),
        ("--trusted-host", 7, 1),
        ("--use-feature", 8, 1),
        ("--uploaded-prior-to", 9, 1),
    ]


def test_the_last_index_is_in_force_wherever_it_stands() -> None:
    assert (
        read("a\n-i https://one.example\n-r b.txt\n", b="-i https://two.example\n").index_url == "https://two.example"
    )
    assert read("-i https://one.example\n--no-index\n").index_url is None
    assert read("a --index-url https://one.example\n").index_url is None


# --- lines ---------------------------------------------------------------------------------------------------------


def test_a_backslash_joins_lines_and_a_comment_does_not_stop_it() -> None:
    """pip joins before it strips comments, so the comment swallows b."""
    file = read("a==1 # x \\\nb==2\nc==3\n")
    assert [(found.name, found.location.line) for found in file.requirements] == [("a", 1), ("c", 3)]


def test_a_comment_line_ends_a_joined_line() -> None:
    assert [found.name for found in read("a==1 \\\n# note \\\nb==2\n").requirements] == ["a", "b"]


def test_several_continuations() -> None:
    found = one("  \\\n foo \\\n \\\n  ==1.0 \\\n " + HASH + "\\")
    assert (found.name, found.version, found.hashes) == ("foo", "1.0", 1)
    assert found.location == Location("requirements.txt", 2, 2)


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_everything_that_splits_lines(separator: str) -> None:
    assert [found.name for found in read(f"a==1{separator}b==2{separator}").requirements] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a\n  b==1\n", 2, 3),
        ("a\r\nb==1\r\n", 2, 1),
        ("a\rb==1\r", 2, 1),
        # not the lines of an editor: b stands on the same one
        ("a\x0cb==1\n", 1, 3),
        ("é\u2028b==1\n".replace("é", "a"), 1, 3),
        ("# x\x85a\n\nb==1\n", 3, 1),
    ],
)
def test_places_are_those_of_an_editor(text: str, line: int, column: int) -> None:
    assert read(text).requirements[-1].location == Location("requirements.txt", line, column)


def test_variables_are_not_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "s3cret")
    file = read("--extra-index-url https://${TOKEN}@i.example/${TOKEN}/s\na @ https://u:${TOKEN}@h.example/a.zip#x\n")
    assert file.options[0].value == "https://i.example/${TOKEN}/s"
    assert file.requirements[0].ref == "https://h.example/a.zip"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:pass@h.example/x", "https://h.example/x"),
        ("https://token@h.example/x", "https://h.example/x"),
        ("git+ssh://git@h.example/x@v1", "git+ssh://git@h.example/x@v1"),
        ("ssh://git:pw@h.example/x", "ssh://h.example/x"),
        ("https://h.example/x@v1", "https://h.example/x@v1"),
        ("see https://a:b@h.example and https://c:d@i.example", "see https://h.example and https://i.example"),
        ("https://h.example/x?private_token=abc&raw=1", "https://h.example/x?private_token=***&raw=1"),
        ("https://h.example/x?X-Amz-Signature=abc", "https://h.example/x?X-Amz-Signature=***"),
    ],
)
def test_credentials_are_not_kept(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_messages_hold_no_credentials() -> None:
    assert "hunter2" not in str(error("foo bar https://me:hunter2@h.example/x\n"))
    assert "hunter2" not in str(error("-r https://me:hunter2@h.example/x.txt\n"))
    assert "hunter2" not in str(error("-e . -ihttps://me:hunter2@h.example/x\n"))


# --- included files ------------------------------------------------------------------------------------------------


def test_included_files_are_relative_to_the_one_that_includes_them() -> None:
    file = read(
        "-r reqs/base.txt\nb==1\n",
        reqs__base="-rmore/deep.txt\n--requirement=../top.txt\na==1\n",
        reqs__more__deep="c==1\n",
        top="d==1\n",
    )
    assert [(found.name, found.location) for found in file.requirements] == [
        ("c", Location("reqs/more/deep.txt", 1)),
        ("d", Location("top.txt", 1)),
        ("a", Location("reqs/base.txt", 3)),
        ("b", Location("requirements.txt", 2)),
    ]
    assert file.files == ("requirements.txt", "reqs/base.txt", "reqs/more/deep.txt", "top.txt")


def test_a_file_that_is_included_twice_is_read_once() -> None:
    """Else n files that each include the next one twice would be read 2 to the n times."""
    files = {f"f{number}": f"-r f{number + 1}.txt\n-r f{number + 1}.txt\n" for number in range(40)}
    assert len(read("-r f0.txt", **files, f40="a==1\n").requirements) == 1


def test_constraints_declare_nothing_and_are_not_read() -> None:
    file = read("-c ../constraints.txt\n-c https://h.example/c.txt\na\n", "reqs/x.txt")
    assert [found.name for found in file.requirements] == ["a"]
    assert [(found.value, found.location.line) for found in file.constraints] == [
        ("constraints.txt", 1),
        ("https://h.example/c.txt", 2),
    ]
    assert file.files == ("reqs/x.txt",)


OUTSIDE = "lies outside the root; include files below the root only"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\n-r requirements.txt\n", "requirements.txt:2:1: 'requirements.txt' includes itself; remove this line"),
        ("-r b.txt\n", "b.txt:1:3: 'requirements.txt' includes itself; remove this line"),
        (
            "-r https://h.example/r.txt\n",
            "requirements.txt:1:1: whypin fetches nothing, and so cannot include 'https://h.example/r.txt'; "
            "save it below the root and include that",
        ),
        ("a\n--requirement ../../x.txt\n", f"requirements.txt:2:1: the included file '../../x.txt' {OUTSIDE}"),
        ("-r /etc/passwd\n", f"requirements.txt:1:1: the included file '/etc/passwd' {OUTSIDE}"),
        ("-r 'C:\\x.txt'\n", f"requirements.txt:1:1: the included file 'C:\\x.txt' {OUTSIDE}"),
        ("-r '..\\x.txt'\n", f"requirements.txt:1:1: the included file '..\\x.txt' {OUTSIDE}"),
        (
            "a\n\n -r gone.txt\n",
            "requirements.txt:3:2: the included file 'gone.txt': cannot be read: No such file or directory; "
            "correct the path: it is relative to this file",
        ),
    ],
)
def test_what_cannot_be_included(text: str, message: str) -> None:
    assert str(error(text, b="  -r requirements.txt")) == message


def test_includes_have_a_greatest_depth() -> None:
    files = {f"f{number}": f"-r f{number + 1}.txt\n" for number in range(2000)}
    assert f"more than {MAX_DEPTH} deep" in str(error("-r f0.txt", **files))


def test_an_error_in_an_included_file_has_its_place() -> None:
    assert error("-r b.txt\n", b="ok==1\nbad=1\n").where == Location("b.txt", 2)


# --- comments ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "via"),
    [
        ("a==1  # via b", ("b",)),
        ("a==1  # via -r requirements.in, B_c", ("-r requirements.in", "b-c")),
        ("a==1\n    # via b\n", ("b",)),
        ("a==1\n    # via\n    #   b\n    #   -r x.in\n    #   -c y.txt\n", ("b", "-r x.in", "-c y.txt")),
        ("a==1\n    # via shop (pyproject.toml)\n", ("shop (pyproject.toml)",)),
        ("a==1\n    # via b[extra]\n", ("b",)),
        (f"a==1 \\\n    {HASH} \\\n    {HASH} \\\n    # via b, c\n", ("b", "c")),
        (f"a==1 \\\n    {HASH}\n    # via\n    #   b\n", ("b",)),
        ("a==1\n    # via b\n    # via -r x.in\n", ("b", "-r x.in")),
        ("a==1\n    # via -r requirements.in (line 3)\n", ("-r requirements.in (line 3)",)),
        ("a==1 # via the old resolver, see the wiki\n", ()),
        ("a==1\n\n# via b\n", ()),
        ("a==1\n# The next one came via b\nc==1\n", ()),
    ],
)
def test_sources_after_via(text: str, via: tuple[str, ...]) -> None:
    assert read(text).requirements[0].via == via


def test_sources_end_where_other_comments_begin() -> None:
    text = "a==1\n    # via\n    #   b\n    # from https://u:p@i.example/simple\n# pinned for c\nd==1\n"
    first, second = read(text).requirements
    assert (first.via, first.index_url, first.comment) == (("b",), "https://i.example/simple", "")
    assert (second.via, second.index_url) == ((), None)


def test_the_comment_beside_a_requirement() -> None:
    first, second, third = read("a<2 # Upper bound: see #12  \nb  # via c\nd # via c, says the wiki\n").requirements
    assert (first.comment, first.via) == ("Upper bound: see #12", ())
    assert (second.comment, second.via) == ("", ("c",))
    assert (third.comment, third.via) == ("via c, says the wiki", ())


# --- what is refused -----------------------------------------------------------------------------------------------


ANY = "write name==version, one requirement a line"
EXTRAS_FIRST = "write the extras before the version: name[extra]==version"
OWN_LINE = "put it on a line of its own"
MARKER = 'write ; python_version < "3.12"'


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("a==1#x", "put a space before the # of a comment"),
        ("a==1 \\", "remove the white space after the backslash"),
        ("a==1--hash=sha256:aa", "put a space before the option"),
        ("a=1", "write == for an exact version"),
        ("a>=1 <2", "put a comma between the specifiers"),
        ("a>=1[x]", EXTRAS_FIRST),
        ("a===1[x]", EXTRAS_FIRST),
        ("a ^1.2", "pip knows no ^: write a range such as >=1.2,<2"),
        ("a b", "put each requirement on a line of its own"),
        ("s3://b/a.whl", "write name @ URL"),
        ("a==2004d", ANY),
        ("a==1.*.2", ANY),
        ("a>1+x", ANY),
        ("a~=1", ANY),
        ("foo-", ANY),
        ("ａ==1", ANY),
        ("<!DOCTYPE html>", ANY),
        ("", ANY),
    ],
)
def test_what_is_no_requirement_and_what_to_type(text: str, advice: str) -> None:
    """The white space after it matters to a backslash only; the marker lets even nothing stand on a line."""
    found = error(f"ok\n  {text} " if text else "ok\n  ; os_name == 'x'")
    assert str(found) == f"requirements.txt:2:3: '{text}' is not a requirement; {advice}"


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("a==1\t--hash=sha256:aa", "1:1", "'a==1�--hash=sha256:aa' is not a requirement",
         "put a space, not a tab, before the option"),
        (f"a==1\n  {HASH}\n", "2:3", "this --hash belongs to no requirement",
         "end the line before it with a backslash"),
        ("a==1 --hash=md5:aa", "1:13", "pip does not take 'md5:aa' for a hash",
         "write --hash=sha256:… (or sha384, sha512)"),
        ("a==1 \\\n  --hash=sha256", "2:10", "pip does not take 'sha256' for a hash",
         "write --hash=sha256:… (or sha384, sha512)"),
        ('a==1 --hash=sha256:aa"', "1:1", "a quotation mark or a backslash has no partner", "close the quotation"),
        ("a[b c]", "1:3", "'b c' is not the name of an extra", "write name[extra,extra]"),
        ("a ; bogus > '1'", "1:5", "'bogus > '1'' is not an environment marker", MARKER),
        ("a ; os_name == 'x' and", "1:5", "'os_name == 'x' and' is not an environment marker", MARKER),
        ("a ; (os_name == 'x'", "1:5", "'(os_name == 'x'' is not an environment marker", MARKER),
        ("foo-1.2.whl", "1:1", "'foo-1.2.whl' is not the file name of a wheel", "give it the name it was built with"),
        ("a @ s3://b/a.whl", "1:1", "pip cannot fetch 's3://b/a.whl'",
         "begin it with https:// or, for a repository, git+https://"),
        ("https://h.example/a b", "1:1", "'https://h.example/a b' is not a URL or path",
         "write name @ URL, without spaces in the URL"),
        ("git+https://h.example/r#egg=<x>", "1:25", "egg='<x>' is not a package name", "write name @ URL instead"),
        ("-e https://h.example/a.zip", "1:1", "'https://h.example/a.zip' cannot be editable",
         "-e takes a folder or a repository; remove -e"),
        ("-e foo==1.0", "1:1", "'foo==1.0' cannot be editable", "-e takes a folder or a repository; remove -e"),
        ("-e ./a -e ./b", "1:1", "pip ignores '-e' here", "put each option on a line of its own"),
        ("-e ./a --pre", "1:8", "pip ignores '--pre' here", "put each option on a line of its own"),
        ("a -e ./b", "1:3", "pip ignores --editable beside a requirement", OWN_LINE),
        ("a -rb.txt", "1:3", "pip ignores --requirement beside a requirement", OWN_LINE),
        ("-r b.txt --pre", "1:1", "pip reads nothing else beside --requirement",
         "put each option on a line of its own"),
        ("--pre a", "1:7", "pip ignores 'a' after an option", OWN_LINE),
        ("--pre=a", "1:1", "--pre takes no value", "write --pre"),
        ("--index-url", "1:1", "--index-url needs a value", "write --index-url VALUE"),
        ("--find-link x\n--idex-url x", "2:1", "pip knows no option '--idex-url'", "did you mean --index-url?"),
        ("--re x", "1:1", "--re is short for several options", "write --require-hashes or --requirement"),
        ("--gone-for-good x", "1:1", "pip knows no option '--gone-for-good'", "remove it: pip refuses the file"),
        ("a>=1 \\\n  --install-option=x", "2:3", "pip knows no option '--install-option'",
         "pip dropped it in 23.1: write --config-settings"),
        ("-Z", "1:1", "pip knows no option '-Z'", "pip dropped it: remove it"),
        ("-C kv", "1:4", "--config-settings takes KEY=VALUE", 'write --config-settings "KEY=VALUE"'),
        ("a\n<<<<<<< HEAD\nb==1\n=======\nb==2\n>>>>>>> x\n", "2:1", "unresolved merge conflict",
         "resolve it, then lock again"),
        ("./a\x1b[31m", "1:1", "the requirement holds a control character", "type the line again"),
        ("a\x00==1", "1:1", "the requirement holds a control character", "type the line again"),
    ],
)  # fmt: skip
def test_what_is_refused_where_and_what_to_type(text: str, place: str, message: str, hint: str) -> None:
    assert str(error(text)) == f"requirements.txt:{place}: {message}; {hint}"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 20_000,
        "a" * 300 + "==1",
        "a==" + "9" * 5000,
        "a===" + "9" * 5000,
        "a>=" + "9" * 20_000,
        "a @ https://h.example/" + "x" * 20_000,
        "a==1 ; " + "(" * 5000 + "os_name == 'x'" + ")" * 5000,
        "a==1 ; " + " and ".join(["os_name == 'x'"] * 5000),
        "a==1 " + "--no-binary x " * 1000,
        "--pre '" + "x" * 30_000 + "'",
    ],
    ids=lambda text: text[:8],
)
def test_what_is_too_long_to_be_read(text: str) -> None:
    assert error(text).where is not None


def test_a_marker_as_deep_as_allowed_is_read_by_those_who_read_it_next() -> None:
    from packaging.markers import Marker

    marker = one("a ; " + "(" * MAX_DEPTH + "os_name == 'x'" + ")" * MAX_DEPTH).marker
    assert marker and str(Marker(marker)).count("os_name") == 1


# --- encodings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        "é==1\r\n".encode(),
        codecs.BOM_UTF8 + "é==1\n".encode(),
        codecs.BOM_UTF16_LE + "é==1\r\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "é==1\n".encode("utf-16-be"),
        codecs.BOM_UTF32_LE + "é==1\n".encode("utf-32-le"),
        codecs.BOM_UTF32_BE + "é==1\n".encode("utf-32-be"),
    ],
)
def test_byte_order_marks(data: bytes) -> None:
    assert decode_requirements(data, "r.txt") == "é==1\n"


def test_a_coding_comment_on_the_first_two_lines() -> None:
    assert decode_requirements("#!x\n# -*- coding: latin-1 -*-\n# é\n".encode("latin-1"), "r.txt").endswith("# é\n")
    with pytest.raises(WhypinError):
        decode_requirements("#\n#\n# coding: latin-1\n# é\n".encode("latin-1"), "r.txt")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a==1\n# \xe9\n", "r.txt:2:1: the file is not UTF-8; save it as UTF-8"),
        (b"\xff\xfea", "r.txt:1:1: the file is not UTF-16-LE; save it as UTF-8"),
        (b"# coding: ascii\n\xe9\n", "r.txt:1:1: the file is not ASCII; save it as UTF-8"),
        (b"\n# coding: klingon\n", "r.txt:2:1: unknown encoding 'klingon'; save it as UTF-8"),
        (b"# coding: punycode\n", "r.txt:1:1: unknown encoding 'punycode'; save it as UTF-8"),
        (b"# coding: unicode_escape\n", "r.txt:1:1: unknown encoding 'unicode_escape'; save it as UTF-8"),
        (b"# coding: zip\n", "r.txt:1:1: the file is not ZLIB; save it as UTF-8"),
        (bytes(32 * 1024 * 1024 + 1), "r.txt:1:1: the file is too large (32 MB; at most 32 MB is read)"),
    ],
    ids=lambda value: repr(value[:12]),
)
def test_bytes_that_are_not_what_they_claim(data: bytes, message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        decode_requirements(data, "r.txt")
    assert str(caught.value) == message


# --- groups --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("requirements.txt", "main"),
        ("requirements-dev.txt", "group:dev"),
        ("a/requirements.dev.in", "group:dev"),
        ("requirements_TEST.txt", "group:test"),
        ("test-requirements.txt", "group:test"),
        ("requirements-tests.txt", "group:tests"),
        ("requirements/docs.in", "group:docs"),
        ("requirements/doc.txt", "group:docs"),
        ("requirements-development.txt", "group:dev"),
        ("requirements/ci.txt", "group:ci"),
        ("requirements/lint.txt", "group:lint"),
        ("requirements/typing.txt", "group:typing"),
        ("requirements-testing.lock", "group:test"),
        ("requirements/main.txt", "main"),
        ("requirements-gpu.txt", "main"),
        ("other/dev.txt", "main"),
        ("requirements-dev/base.txt", "main"),
        ("requirements-dev-extra.txt", "main"),
    ],
)
def test_the_group_that_a_file_name_tells(path: str, group: str) -> None:
    assert group_of(path) == group


# --- anything ------------------------------------------------------------------------------------------------------

_WORDS = """a==1 b>=2 [x] ; python_version>'3' ( ) and \\ # via -r -c -e . / ./x.whl @ https:// git+ #egg= == ===
--hash=sha256:aa --pre --index-url -- - ' " % %2B = ${X} u:p@ é ★"""
_PIECES = st.sampled_from([*_WORDS.split(), *" \t\n\r\x0c\x85\u2028\ufeff\x00\x1b", "\\\n"])


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=30).map("".join)))
@example("git+@")
@example("-e ;")
@example("a @ [x]")
@example("# coding: x\n-r ''")
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def is_inside(place: Location) -> bool:
        return 1 <= place.line <= len(lines) and 1 <= place.column <= len(lines[place.line - 1]) + 1

    try:
        file = parse(text, "r.txt", from_files())
    except WhypinError as refused:
        assert refused.where is not None
        assert is_inside(refused.where)
        return
    assert all(is_inside(found.location) for found in file.requirements)
    assert all(found.name is None or found.name == found.name.lower() for found in file.requirements)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    for start in (b"", codecs.BOM_UTF16_LE, b"# coding: "):
        try:
            decode_requirements(start + data, "r.txt")
        except WhypinError as refused:
            assert refused.where is not None
