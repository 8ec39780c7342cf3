"""From an export to the index: what is in it, what is left out and said, what belongs together."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.advisories.osv import TODAY, advisory, affected, built
from whypin.advisories.build import build
from whypin.advisories.index import Index, load
from whypin.errors import WhypinError
from whypin.model.advisory import Affected, Event, Severity


def only(index: Index, name: str = "pillow") -> Any:
    (found,) = index.about(name)
    return found


def test_aliases_are_one_advisory_directly_and_through_others() -> None:
    index = built(
        advisory("PYSEC-1", aliases=["CVE-1"]),
        advisory("GHSA-1", affected("Pillow", "introduced 9", "fixed 10.0.1"), aliases=["CVE-1"]),
        advisory("OSV-1", aliases=["GHSA-1"], related=["CVE-2"], upstream=["CVE-3"]),
        advisory("CVE-2"),
    ).index
    one, other = index.about("pillow")
    assert one.ids == ("CVE-1", "GHSA-1", "PYSEC-1", "OSV-1")
    assert len(one.affected) == 3
    assert other.ids == ("CVE-2",)


def test_what_is_withdrawn_is_out_and_so_are_its_aliases() -> None:
    gone = advisory("PYSEC-2", aliases=["CVE-1", "CVE-2"], withdrawn="2026-01-01T00:00:00Z")
    made = built(advisory("PYSEC-1", aliases=["CVE-1"]), gone)
    assert only(made.index).ids == ("CVE-1", "PYSEC-1")
    assert (made.index.count, made.withdrawn) == (1, 1)
    known = made.index.known("CVE-2")
    assert known is not None and known.withdrawn


def test_of_two_with_one_id_the_later_one_counts() -> None:
    new = advisory("PYSEC-1", affected("pillow", "introduced 0"), modified="2026-11-21T00:00:00Z")
    index = built(new, advisory("PYSEC-1")).index
    assert only(index).affected == (Affected(((Event("introduced", "0"),),)),)


def test_commits_are_skipped_and_what_stands_behind_them_is_not() -> None:
    git = {"type": "GIT", "repo": "https://git.example/a", "events": [{"introduced": "0"}, {"fixed": "1" * 40}]}
    ranges = [git, {"type": "ECOSYSTEM", "events": [{"introduced": "1"}]}]
    index = built(advisory("PYSEC-1", affected("a", ranges=ranges)), advisory("PYSEC-2", affected("b", ranges=[git])))
    assert only(index.index, "a").affected == (Affected(((Event("introduced", "1"),),)),)
    assert only(index.index, "b").affected == (Affected(),)


def test_versions_that_the_ranges_imply_are_not_enumerated() -> None:
    index = built(advisory("A-1", affected("a", "introduced 1", "fixed 2", versions=["1.0", "1.5", "2.0", "odd"])))
    assert only(index.index, "a").affected[0].versions == ("2.0", "odd")


@pytest.mark.parametrize(
    ("whole", "part", "expected"),
    [
        ({}, {}, Severity()),
        ({"severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N"}]}, {}, Severity("unknown", "CVSS:3.1/AV:N")),
        (
            {"severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N"}]},
            {"severity": [{"type": "CVSS_V2", "score": "AV:L"}, {"type": "CVSS_V4", "score": "CVSS:4.0/AV:L"}]},
            Severity("unknown", "CVSS:4.0/AV:L"),
        ),
        ({"database_specific": {"severity": "MODERATE"}}, {}, Severity("medium")),
        ({"database_specific": {"severity": 7}}, {}, Severity()),
    ],
)
def test_severity_is_what_the_advisory_says_and_else_unknown(
    whole: dict[str, Any], part: dict[str, Any], expected: Severity
) -> None:
    found = only(built(advisory("A-1", affected("pillow", "introduced 0", **part), **whole)).index)
    assert found.severity == expected


def test_of_several_aliases_the_worst_rating_counts() -> None:
    low = advisory("A-1", aliases=["A-2"], database_specific={"severity": "LOW"})
    assert only(built(low, advisory("A-2", database_specific={"severity": "HIGH"})).index).severity.rating == "high"


def test_malicious_packages_are_in_it_whatever_time_they_claim() -> None:
    index = built(advisory("MAL-1", affected("evil", "introduced 0"), modified="1-01-01T00:00:00Z")).index
    assert only(index, "evil").name == "MAL-1"


def test_names_are_compared_as_indexes_compare_them() -> None:
    assert only(built(advisory("A-1", affected("jw.util", "introduced 0"))).index, "jw-util").name == "A-1"


def test_the_date_is_the_newest_change_and_never_one_to_come() -> None:
    dates = ("2026-11-01T00:00:00Z", "2026-11-20T23:59:59Z", "2030-01-01T00:00:00Z")
    assert built(*(advisory(f"A-{n}", modified=when) for n, when in enumerate(dates))).index.date == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"{", "not valid JSON"),
        (b'{"id": "A-1", "id": "A-2"}', "the key 'id' stands twice"),
        (b"[]", "not a JSON object"),
        (b'{"modified": "2026-01-01"}', "there is no id"),
        (b'{"id": "../x", "modified": "2026-01-01"}', "there is no id"),
        (b'{"id": "A-9", "schema_version": "2.0.0"}', "version 2.0.0 of the OSV format is not known"),
        (b'{"id": "A-9", "affected": [3]}', "affected is not a list of tables"),
        (
            b'{"id": "A-9", "affected": [{"package": {"ecosystem": "PyPI", "name": "a/b"}}]}',
            "is not the name of a pack",
        ),
        (b"\xff", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        ("a link", "a link"),
    ],
)
def test_what_cannot_be_read_is_left_out_by_name_and_counted(data: bytes | str, why: str) -> None:
    made = built(advisory(), **{"bad.json": data})
    (message,) = made.left_out
    assert message.startswith("bad.json") and why in message
    assert (made.index.count, made.index.left_out) == (1, 1)


def test_yaml_is_read_like_json() -> None:
    text = b"""\
id: PYSEC-2023-227
modified: "2026-11-20T10:00:00Z"
withdrawn: null
aliases: [CVE-2023-44271]
affected:
- package: {ecosystem: PyPI, name: pillow}
  ranges:
  - type: ECOSYSTEM
    events: [{introduced: "0"}, {fixed: 10.0.0}]
"""
    index = build([("a.yaml", text)], "vulns", TODAY).index
    assert index.body == built(advisory(aliases=["CVE-2023-44271"])).index.body


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ([], "there is no advisory in it"),
        ([advisory("A-1", {"package": {"name": "pillow", "ecosystem": "npm"}})], "an export of npm, not of PyPI"),
    ],
)
def test_what_is_no_export_of_python_packages_is_refused(documents: list[Any], message: str) -> None:
    with pytest.raises(WhypinError, match=message):
        built(*documents)


def test_a_package_of_another_ecosystem_is_another_package() -> None:
    npm = affected("docker", "introduced 0", package={"name": "docker", "ecosystem": "npm"})
    made = built(advisory("A-1", npm), advisory("A-2"))
    assert (made.index.about("docker"), made.foreign, made.index.count) == ((), 1, 1)


def test_an_index_comes_back_as_it_was_written() -> None:
    index = built(advisory(aliases=["CVE-2023-44271"], summary="Eine Lücke"), **{"bad.json": b"{"}).index
    read = load(index.dump(), "osv.index")
    assert (read.body, read.date, read.count, read.left_out) == (index.body, index.date, 1, 1)
    assert only(read).summary == "Eine Lücke"


@pytest.mark.parametrize("name", ["PYSEC-2023-227", "CVE-2023-44271", "cve-2023-44271"])
def test_an_advisory_is_known_by_every_alias_in_any_spelling(name: str) -> None:
    index = built(advisory(aliases=["CVE-2023-44271"]), advisory("A-2", affected("other", "introduced 0"))).index
    known = index.known(name)
    assert known is not None and (known.ids, known.packages) == (("CVE-2023-44271", "PYSEC-2023-227"), ("pillow",))
    assert index.known(f"{name}0") is None


def test_a_summary_that_quotes_an_id_is_not_taken_for_it() -> None:
    assert built(advisory(summary="CVE-1")).index.known("CVE-1") is None


@pytest.mark.parametrize("cut", [slice(0, 60), slice(0, -9), slice(0, 19)])
def test_a_damaged_index_is_one_clear_line(cut: slice) -> None:
    with pytest.raises(
        WhypinError, match=r"osv\.index:1:1: the index of advisories is damaged or cut short; make it anew"
    ):
        load(built(advisory()).index.dump()[cut], "osv.index")


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"2026-11-20", b"2026-11-21"), (b'"count": 1', b'"count": 2'), (b'"count": 1', b'"count": Infinity')],
)
def test_a_date_or_count_that_was_changed_is_damage_too(old: bytes, new: bytes) -> None:
    data = built(advisory()).index.dump()
    assert old in data
    with pytest.raises(WhypinError, match="damaged"):
        load(data.replace(old, new), "osv.index")


def test_an_index_of_another_version_is_refused() -> None:
    with pytest.raises(WhypinError, match="of another version"):
        load(b"whypin-advisories 2\n{}\n", "osv.index")


@pytest.mark.parametrize(
    "body",
    [
        b"pillow\t[[1]]",
        b'pillow\t[[[],"","","","",[]]]',
        b"pillow\t{",
        b'pillow\t[[["A"],"","","x","",[]]]',
        b"pillow\t3",
    ],
)
def test_a_body_that_is_not_one_is_damage_too(body: bytes) -> None:
    with pytest.raises(WhypinError, match="damaged"):
        load(Index(body, TODAY, 1).dump(), "osv.index").about("pillow")
