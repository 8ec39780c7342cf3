"""pixi.lock by small locks of our own."""

from __future__ import annotations

import pytest

from whypin.errors import WhypinError
from whypin.locks.pixi import read
from whypin.model.lock import Edge, Lock
from whypin.syntax.text import decode

CHANNEL = "https://conda.index.example/conda-forge"
FILES = "https://files.index.example"
INDEX = "https://index.example/simple"

SHOP = f"""\
version: 6
environments:
  default:
    channels:
    - url: {CHANNEL}/
    indexes:
    - https://u:p@index.example/simple
    packages:
      linux-64:
      - conda: {CHANNEL}/linux-64/openssl-3.1-h1_0.conda
      - conda: {CHANNEL}/noarch/python_abi-3.12-8_cp312.tar.bz2
      - pypi: {FILES}/requests-2.0-py3-none-any.whl
      - pypi: ./
      osx-64:
      - conda: {CHANNEL}/osx-64/openssl-3.0-h1_0.conda
      - conda: {CHANNEL}/noarch/python_abi-3.12-8_cp312.tar.bz2
  test:
    channels:
    - url: {CHANNEL}/
    packages:
      linux-64:
      - conda: {CHANNEL}/linux-64/openssl-3.1-h9_9.conda
packages:
- conda: {CHANNEL}/linux-64/openssl-3.1-h1_0.conda
  sha256: '00'
  depends:
  - __glibc >=2.17,<3.0.a0
  timestamp: 1700000000000
- conda: {CHANNEL}/linux-64/openssl-3.1-h9_9.conda
  sha256: '00'
  timestamp: 1600000000000
- conda: {CHANNEL}/osx-64/openssl-3.0-h1_0.conda
  md5: '00'
- conda: {CHANNEL}/noarch/python_abi-3.12-8_cp312.tar.bz2
  sha256: '00'
  depends:
  - openssl
  - python 3.12.*
- pypi: {FILES}/requests-2.0-py3-none-any.whl
  name: Requests
  version: '2.0'
  sha256: '00'
  requires_dist:
  - openssl>=1
  - Python.ABI[x,A_b]~=3.12 ; os_name == 'nt'
  - pysocks ; extra == 'socks'
  - win ; os_name == 'nt' and extra == 'Use_Chardet'
  - both ; extra == 'a' or extra == 'b'
  - always ; os_name == 'nt' or extra == 'a'
  - requests[socks] ; extra == 'all'
  requires_python: '>=3.8'
- pypi: ./
  name: shop
  version: 0.1.0
  requires_dist:
  - requests @ git+https://git.example/requests
"""
HEAD = "version: 6\nenvironments:\n  default:\n    channels: []\n    packages:\n      linux-64:\n"


def lock(record: str, version: str = "6", selector: str = "", indexes: str = "") -> str:
    """A lock of one package, which the default environment selects as its record begins."""
    first = selector or record.partition("\n")[0]
    head = HEAD.replace("version: 6", f"version: {version}").replace("    packages:", f"{indexes}    packages:")
    return f"{head}      {first}\npackages:\n{record}"


def told(text: str) -> Lock:
    return read(text, "pixi.lock")


def only(text: str) -> tuple[str | None, str, str | None, str | None]:
    (entry,) = told(text).entries
    return entry.version, entry.source, entry.index, entry.ref


def test_the_builds_and_platforms_of_a_package_are_one_entry() -> None:
    found = told(SHOP)
    assert (found.format, found.roots, found.universal, found.covers) == ("pixi", None, False, None)
    new, old, abi, requests, shop = found.entries
    assert (new.name, new.version, new.source, new.index, new.ref) == ("openssl", "3.1", "conda", CHANNEL, None)
    assert (new.location.line, new.platforms, new.groups) == (24, ("linux-64",), ("main", "group:test"))
    assert (new.uploaded, old.uploaded, new.hashed, old.hashed) == ("2020-09-13", None, True, False)
    assert (old.version, old.platforms, old.groups) == ("3.0", ("osx-64",), ("main",))
    assert (abi.name, abi.version, abi.platforms) == ("python_abi", "3.12", ("linux-64", "osx-64"))
    assert (requests.name, requests.version, requests.source, requests.index) == ("requests", "2.0", "registry", INDEX)
    assert (shop.source, shop.ref, shop.member, shop.version) == ("directory", "./", True, "0.1.0")


def test_edges_lead_to_what_is_locked_for_the_same_environments() -> None:
    new, _, abi, requests, shop = told(SHOP).entries
    assert new.edges == (Edge("__glibc", ()),)
    assert abi.edges == (Edge("openssl", (0, 1)), Edge("python", ()))
    assert requests.edges == (
        Edge("openssl", (0,)),
        Edge("python-abi", (2,), ("a-b", "x"), "", "os_name == 'nt'"),
        Edge("pysocks", (), (), "extra:socks"),
        Edge("win", (), (), "extra:use-chardet", "os_name == 'nt'"),
        Edge("both", (), (), "extra:a"),
        Edge("both", (), (), "extra:b"),
        Edge("always", ()),
        Edge("always", (), (), "extra:a"),
    )
    assert requests.implied == (("extra:all", "socks"),)
    assert shop.edges == (Edge("requests", (3,)),)


def test_what_is_only_there_to_build_others_is_left_out() -> None:
    text = SHOP.replace("      - conda: https://conda.index.example/conda-forge/linux-64/openssl-3.1-h9_9.conda\n", "")
    assert [entry.uploaded for entry in told(text).entries][:2] == ["2023-11-14", None]


@pytest.mark.parametrize("version", ["4", "5"])
def test_older_locks_name_what_they_hold(version: str) -> None:
    head = HEAD.replace("6", version, 1)
    text = f"""{head}      - conda: {CHANNEL}/noarch/tzdata-2024a-0.conda
      - pypi: {FILES}/six-1.16.0-py2.py3-none-any.whl
      - pypi: ./lib/a
packages:
- kind: conda
  name: tzdata
  version: 2024a
  build: '0'
  subdir: noarch
  noarch: generic
  url: {CHANNEL}/noarch/tzdata-2024a-0.conda
  sha256: '00'
  depends: []
  timestamp: 1706737200
- kind: pypi
  name: six
  version: 1.16.0
  url: {FILES}/six-1.16.0-py2.py3-none-any.whl
  sha256: '00'
- kind: pypi
  name: a
  version: 1.0.0
  path: ./lib/a
  editable: true
"""
    tzdata, six, a = told(text).entries
    assert (tzdata.name, tzdata.version, tzdata.index, tzdata.location.line) == ("tzdata", "2024a", CHANNEL, 12)
    assert (tzdata.uploaded, tzdata.platforms, tzdata.edges) == ("2024-01-31", ("linux-64",), ())
    assert (six.version, six.source, six.index, six.hashed) == ("1.16.0", "registry", None, True)
    assert (a.source, a.ref, a.member) == ("editable", "./lib/a", True)


@pytest.mark.parametrize(
    ("version", "manager", "needs"),
    [
        ("1", "pip", "\n    certifi: '>=1'\n    colorama: '*'"),
        ("2", "pip", "\n  - certifi >=1\n  - colorama ; os_name == 'nt'"),
        ("3", "pypi", "\n  - certifi >=1\n  - colorama ; os_name == 'nt'"),
    ],
)
def test_the_oldest_locks_are_lists(version: str, manager: str, needs: str) -> None:
    key = "requires_dist" if version == "3" else "dependencies"
    text = f"""\
version: {version}
metadata:
  channels:
  - url: {CHANNEL}/
  platforms:
  - linux-64
  - osx-64
package:
- platform: linux-64
  name: ca-certificates
  version: 2024.2.2
  manager: conda
  dependencies: {"{}" if version == "1" else "[]"}
  url: {CHANNEL}/linux-64/ca-certificates-2024.2.2-h0_0.conda
  hash:
    md5: '00'
    sha256: '00'
  build: h0_0
- platform: osx-64
  name: ca-certificates
  version: 2024.2.2
  manager: conda
  dependencies: null
  url: {CHANNEL}/osx-64/ca-certificates-2024.2.2-h0_1.conda
  hash:
    md5: '00'
- platform: osx-64
  name: Certifi
  version: 2024.2.2
  manager: {manager}
  {key}: []
  url: {FILES}/certifi-2024.2.2-py3-none-any.whl
- platform: osx-64
  name: requests
  version: '2.0'
  manager: {manager}
  {key}: {needs}
  url: {FILES}/requests-2.0-py3-none-any.whl
"""
    first, certifi, requests = told(text).entries
    assert (first.name, first.platforms, first.groups) == ("ca-certificates", ("linux-64", "osx-64"), ("main",))
    assert (first.hashed, first.location.line, certifi.name) == (False, 10, "certifi")
    assert requests.edges is not None
    assert [(edge.name, edge.targets) for edge in requests.edges] == [("certifi", (1,)), ("colorama", ())]


@pytest.mark.parametrize(
    ("place", "told_of_it"),
    [
        (f"conda: {CHANNEL}/linux-64/a-b_c-1.0-h0_0.conda", ("1.0", "conda", CHANNEL, None)),
        (f"conda: {CHANNEL}/noarch/a-b_c-1%212.0-0.tar.bz2", ("1!2.0", "conda", CHANNEL, None)),
        (
            "conda: https://u:p@conda.index.example/t/s3-cr3t/own/label/dev/noarch/a-b_c-1-0.conda",
            ("1", "conda", "https://conda.index.example/own/label/dev", None),
        ),
        (
            f"conda: {CHANNEL}/noarch/a-b_c-1-0.conda\n  channel: https://conda.index.example/other/",
            ("1", "conda", "https://conda.index.example/other", None),
        ),
        ("conda: ./built/a-b_c-1.0-h0_0.conda", ("1.0", "conda", None, "./built/a-b_c-1.0-h0_0.conda")),
        ("conda: ./a\n  name: a-b_c\n  version: '1.0'\n  subdir: noarch", ("1.0", "directory", None, "./a")),
        (
            "conda: git+https://u:p@git.example/a?tag=v1&subdirectory=x#abc\n  name: a-b_c\n  version: '1'",
            ("1", "conda", None, "https://git.example/a@abc#subdirectory=x"),
        ),
        ("conda_source: a-b_c[0badcafe] @ ./a", (None, "directory", None, "./a")),
        (
            "conda_source: a-b_c[0badcafe] @ git+https://git.example/a?branch=b#abc\n  version: '1.0'",
            ("1.0", "conda", None, "https://git.example/a@abc"),
        ),
    ],
)
def test_sources_of_conda_packages(place: str, told_of_it: tuple[str | None, ...]) -> None:
    text = lock(f"- {place}\n  depends: []\n", "7")
    assert only(text) == told_of_it
    name = told(text).entries[0].name
    assert name == ("a-b-c" if told_of_it[1] == "directory" else "a-b_c")


@pytest.mark.parametrize(
    ("place", "told_of_it"),
    [
        (f"{FILES}/a-1.0.tar.gz\n  version: '1.0'", ("1.0", "registry", INDEX, None)),
        (
            f"{FILES}/a-1.0.tar.gz\n  version: '1.0'\n  index: https://u:p@own.example/simple",
            ("1.0", "registry", "https://own.example/simple", None),
        ),
        ("git+https://git.example/a.git?rev=v1#abc", (None, "git", None, "https://git.example/a.git@abc")),
        (f"direct+{FILES}/a-1.0.zip\n  version: '1.0'", ("1.0", "url", None, f"{FILES}/a-1.0.zip")),
        ("./wheels/a-1.0-py3-none-any.whl\n  version: '1.0'", ("1.0", "path", None, "./wheels/a-1.0-py3-none-any.whl")),
        ("../a", (None, "directory", None, "../a")),
        (".", (None, "directory", None, ".")),
    ],
)
def test_sources_of_packages_of_an_index(place: str, told_of_it: tuple[str | None, ...]) -> None:
    text = lock(f"- pypi: {place}\n  name: a\n", "7", indexes=f"    indexes:\n    - {INDEX}\n")
    assert only(text) == told_of_it
    assert told(text).entries[0].member is (place == ".")


def test_several_indexes_do_not_tell_one() -> None:
    indexes = f"    indexes:\n    - {INDEX}\n    - https://own.example/simple\n"
    assert only(lock(f"- pypi: {FILES}/a-1.0.tar.gz\n  name: a\n  version: '1'\n", indexes=indexes))[2] is None


def test_several_outputs_of_one_source_are_told_apart_by_name() -> None:
    records = "- conda: .\n  name: a\n  version: '1'\n- conda: .\n  name: b\n  version: '1'\n"
    text = lock(records, selector="- conda: .\n        name: b")
    assert [entry.name for entry in told(text).entries] == ["b"]
    both = lock(records, selector="- conda: .\n        name: b\n      - conda: .\n        name: a")
    assert [(entry.name, entry.member) for entry in told(both).entries] == [("a", True), ("b", True)]


def test_what_an_extra_of_a_conda_package_needs_stands_behind_it() -> None:
    text = lock(f"- conda: {CHANNEL}/noarch/a-1-0.conda\n  extra_depends:\n    gui:\n    - conda-forge::qt[build=x]\n")
    assert told(text).entries[0].edges == (Edge("qt", (), (), "extra:gui"),)


def test_environments_without_packages() -> None:
    text = "version: 7\nenvironments:\n  default:\n    channels: []\n    packages: {}\npackages: []\n"
    assert told(text).entries == ()
    assert told("version: 7\nenvironments: {}\npackages: []\n").entries == ()


def test_bytes_as_windows_writes_them() -> None:
    data = b"\xef\xbb\xbf" + SHOP.replace("\n", "\r\n").encode()
    assert told(decode(data, "pixi.lock")) == told(SHOP)


A = f"- conda: {CHANNEL}/noarch/a-1.0-0.conda\n"
P = f"- pypi: {FILES}/a-1.0.zip\n"


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("", "1:1", "nothing in it: it is damaged or cut short"),
        ("a", "1:1", "not a YAML mapping"),
        ("environments: {}\npackages: []\n", "1:1", "no `version`: this is not a pixi.lock"),
        (lock(A, "8"), "1:10", "unsupported lock version 8"),
        (lock(A, "[6]"), "1:10", "unsupported lock version that is none"),
        ("version: 6\npackages: []\n", "2:1", "no `environments`: it is damaged or cut short"),
        (SHOP[: SHOP.index("packages:\n- conda")], "22:1", "no `packages`: it is damaged or cut short"),
        ("version: 3\nmetadata: {}\n", "2:1", "no `package`: it is damaged or cut short"),
        (
            SHOP[: SHOP.index("- pypi: ./\n  name")],
            "13:1",
            "a package of linux-64 of default is not in the lock: './'; it is damaged or cut short",
        ),
        (lock(A, selector="- conda: https://u:p@x.example/b-1-0.conda"), "7:1", "a package of linux-64 of default is"),
        (SHOP.replace("  test:", "=======\n  test:\n>>>>>>> b"), "17:1", "unresolved merge conflict"),
        (lock(A, selector="- a"), "7:1", "`packages` is not a mapping"),
        (lock(A, selector="- deb: a"), "7:1", "a package of linux-64 of default that is neither"),
        (lock(A, selector="- conda: [a]"), "7:1", "`conda` is not text"),
        (lock(A, selector="a: b"), "7:1", "`a` is not a list"),
        (lock(A).replace("  default:", "  ../x:"), "4:1", "'../x' is not a package name"),
        (lock(A).replace("channels: []", "indexes: a"), "4:1", "`indexes` is not a list"),
        ("version: 6\nenvironments: []\npackages: []\n", "2:1", "`environments` is not a mapping"),
        ("version: 6\nenvironments:\n  default: a\npackages: []\n", "3:1", "`default` is not a mapping"),
        ("version: 6\nenvironments: {}\npackages: {}\n", "3:1", "`packages` is not a list"),
        ("version: 6\nenvironments: {}\npackages:\n- a\n", "4:1", "`packages` is not a mapping"),
        ("version: 6\nenvironments: {}\npackages:\n- name: a\n", "4:1", "a package that is neither of conda nor"),
        ("version: 5\nenvironments: {}\npackages:\n- kind: conda\n", "4:1", "a package that is neither of conda nor"),
        (lock("- conda: x/noarch/a.conda\n"), "9:1", "a package without a name"),
        (lock("- conda: x/noarch/a.conda\n  name: a\n"), "9:1", "a has no version"),
        (lock("- conda: ./a\n"), "9:1", "a package without a name"),
        (lock("- conda: 'x/noarch/a b-1-0.conda'\n"), "9:1", "'a b' is not the name of a conda package"),
        (lock("- conda_source: a @ b\n"), "9:1", "'a @ b' is not the name of a source package"),
        (lock(A + "  version: ''\n"), "10:1", "a has a version that is none"),
        (lock(A + "  depends: a\n"), "10:1", "`depends` is not a list"),
        (lock(A + "  depends:\n  - [a]\n"), "11:1", "`depends` is not text"),
        (lock(A + "  depends:\n  - '>=1'\n"), "11:1", "'>=1' is not a requirement"),
        (lock(A + '  depends:\n  - "a\\e[1m"\n'), "11:1", "'a\\x1b[1m' is not a requirement"),
        (lock(A + "  timestamp: yesterday\n"), "10:1", "`timestamp` is not a number"),
        (lock(A + f"  timestamp: {'9' * 5000}\n"), "10:1", "`timestamp` is not a number"),
        (lock(A + "  extra_depends: []\n"), "10:1", "`extra_depends` is not a mapping"),
        (lock(P), "9:1", "a package without a name"),
        (lock(P + "  name: _a\n"), "9:1", "'_a' is not a package name"),
        (lock(P + "  name: a\n"), "9:1", "a has no version"),
        (lock(P + "  name: a\n  version: '1'\n  requires_dist:\n  - a b\n"), "13:1", "'a b' is not a requirement"),
        ("version: 3\npackage:\n- name: a\n", "3:1", "a package without a manager, a platform or a place"),
        (lock(A + "  md5: '0'\n  md5: '0'\n"), "11:3", "'md5' is given twice"),
        (lock(A + "  x: &a b\n"), "10:6", "YAML anchors are not allowed"),
        (lock(A + "  <<: b\n"), "10:3", "YAML merge keys are not allowed"),
        (lock(A + f"  x: {'[' * 50_000}\n"), "10:", "nested deeper than 20 levels"),
        (lock(A + "  x: 'a\n"), "1", "not YAML"),
        (lock(A + "\tx: a\n"), "10:1", "a tab in the indentation"),
    ],
)
def test_a_damaged_lock_is_an_error_with_its_place(text: str, where: str, message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        told(text)
    assert str(caught.value).startswith(f"pixi.lock:{where}")
    assert caught.value.message.startswith(message)
    assert caught.value.hint
    assert "u:p@" not in str(caught.value)


def test_environments_and_forks_without_end_are_refused() -> None:
    names = "".join(f"  e{number}:\n    packages:\n      linux-64: []\n" for number in range(2001))
    with pytest.raises(WhypinError, match="more than 2,000 environments"):
        told(f"version: 6\nenvironments:\n{names}packages: []\n")
    forks = [f"conda: {CHANNEL}/noarch/a-{number}-0.conda" for number in range(1500)]
    needs = "  depends:\n" + "".join(f"  - a >={number}\n" for number in range(1400))
    selectors = "".join(f"      - {fork}\n" for fork in forks)
    records = "".join(f"- {fork}\n" for fork in forks)
    with pytest.raises(WhypinError, match="more than 2,000,000 steps"):
        told(f"{HEAD}{selectors}packages:\n{records}{needs}")
