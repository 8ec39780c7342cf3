"""The real advisories against the real locks, and a second matcher that has to agree on every version."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.advisories.naive import naively_affected, order
from tests.corpus import CORPUS, needs_corpus
from whypin import feed
from whypin.advisories.build import Built
from whypin.advisories.index import Index, load
from whypin.advisories.match import affects, fixes

DATA = CORPUS.parent / "advisories" / "PyPI-all-2024-10-10.zip"
TODAY = date(2026, 11, 22)

needs_advisories = pytest.mark.skipif(not DATA.is_file(), reason="the real advisories are not beside the checkout")


@cache
def built() -> Built:
    return feed.read(str(DATA), "osv.zip", TODAY)


@cache
def index() -> Index:
    return load(built().index.dump(), "osv.index")


@cache
def documents() -> dict[str, list[dict[str, Any]]]:
    """The advisories as they stand that are in force, by package."""
    found: dict[str, list[dict[str, Any]]] = {}
    with zipfile.ZipFile(DATA) as archive:
        for name in archive.namelist():
            document = json.loads(archive.read(name))
            if not document.get("withdrawn"):
                for package in {each["package"]["name"].lower().replace(".", "-") for each in document["affected"]}:
                    found.setdefault(package, []).append(document)
    return found


def disagreements(package: str, version: str) -> Iterator[str]:
    """Yield the advisories on which the two matchers differ; aliases are one, so that one of them is enough."""
    ours = {advisory.ids: affects(advisory, version) for advisory in index().about(package)}
    for ids, answer in ours.items():
        theirs = [
            naively_affected(document, package, version) for document in documents()[package] if document["id"] in ids
        ]
        if bool(answer) != any(theirs):
            yield f"{package} {version}: {ids[0]} {answer} {theirs}"


@needs_advisories
def test_all_but_the_withdrawn_are_in_the_index() -> None:
    assert (index().date, index().count, built().withdrawn, built().left_out) == (date(2024, 10, 10), 2651, 10, ())
    ids = {name for package in documents() for advisory in index().about(package) for name in advisory.ids}
    assert {document["id"] for found in documents().values() for document in found} <= ids


@needs_advisories
def test_the_index_enumerates_only_what_the_ranges_do_not_imply() -> None:
    about = [advisory for package in documents() for advisory in index().about(package)]
    assert sum(len(each.versions) for advisory in about for each in advisory.affected) == 118
    assert len(index().dump()) < 100_000


def pairs() -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for truth in CORPUS.rglob("truth.json"):
        found |= set(_versions(truth))
    return found


def _versions(truth: Path) -> Iterator[tuple[str, str]]:
    for package in json.loads(truth.read_text(encoding="utf-8")).get("packages", ()):
        if package.get("version") and order(package["version"]) is not None:
            yield package["name"].lower().replace("_", "-").replace(".", "-"), package["version"]


@needs_corpus
@needs_advisories
def test_both_matchers_agree_on_every_version_of_the_corpus() -> None:
    locked = [pair for pair in pairs() if pair[0] in documents()]
    assert len(locked) > 300
    assert [one for pair in locked for one in disagreements(*pair)] == []
    assert sum(bool(affects(one, version)) for name, version in locked for one in index().about(name)) > 100


def boundaries() -> Iterator[tuple[str, str]]:
    """Every version at which an advisory begins or ends, and what lies just beside it."""
    for package, found in documents().items():
        texts = {
            text
            for document in found
            for each in document["affected"]
            for span in each.get("ranges", ())
            if span["type"] != "GIT"
            for event in span["events"]
            for text in event.values()
        }
        for text in sorted(texts):
            if (version := order(text)) is not None:
                beside = (
                    ("+cu116", ".post1", ".dev0", "rc1") if not (version.pre or version.dev or version.local) else ()
                )
                yield from ((package, text + suffix) for suffix in ("", *beside))


@needs_advisories
def test_both_matchers_agree_on_the_versions_at_which_advisories_begin_and_end() -> None:
    sample = sorted({pair for pair in boundaries() if order(pair[1]) is not None})
    assert len(sample) > 10_000
    assert [one for pair in sample[::20] for one in disagreements(*pair)] == []


@needs_advisories
@pytest.mark.parametrize(
    ("package", "version", "name", "expected"),
    [
        ("torch", "1.12.1+cu116", "PYSEC-2022-43015", True),
        ("pyspark", "2.3.1", "PYSEC-2019-169", True),
        ("pyspark", "3.1.3", "PYSEC-2019-169", False),
        ("gevent", "23.9.0", "PYSEC-2023-177", True),
    ],
)
def test_what_other_tools_get_wrong(package: str, version: str, name: str, expected: bool) -> None:
    answers = [affects(advisory, version) for advisory in index().about(package) if advisory.is_called(name)]
    assert answers == [expected]


@needs_advisories
def test_no_fixed_version_that_is_told_is_affected_itself() -> None:
    for package, version in [pair for pair in boundaries() if order(pair[1]) is not None][::40]:
        for advisory in index().about(package):
            if affects(advisory, version):
                assert all(affects(advisory, text) is False for text in fixes(advisory, version)[0])
