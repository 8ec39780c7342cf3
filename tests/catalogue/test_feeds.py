from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.build import project, record
from tests.catalogue.hostile import hostile_project
from tests.catalogue.reading import dangers
from whypin.catalogue import feeds
from whypin.catalogue.addresses import Style, address
from whypin.catalogue.view import Options, View
from whypin.model.project import Project

ATOM = "{http://www.w3.org/2005/Atom}"


def read(subject: Project, base: str = "", folder: str = "catalogue", style: Style = "folder") -> ElementTree.Element:
    """The feed, with what RFC 4287 asks of every feed and entry checked."""
    view = View(subject, (), Options(folder=folder))
    feed = ElementTree.fromstring(feeds.render(view, lambda path: address(path, folder, style), base).encode())
    assert feed.tag == f"{ATOM}feed"
    for one in (feed, *feed.iter(f"{ATOM}entry")):
        assert [len(one.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert one.findtext(f"{ATOM}id", "").startswith("urn:uuid:")
        assert len(one.findall(f"{ATOM}link[@rel='alternate']")) == 1
    assert all(entry.findall(f"{ATOM}author/{ATOM}name") for entry in entries(feed))
    ids = [one.text for one in feed.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids)
    return feed


def entries(feed: ElementTree.Element) -> list[ElementTree.Element]:
    return feed.findall(f"{ATOM}entry")


def ids(feed: ElementTree.Element) -> list[str | None]:
    return [one.text for one in feed.iter(f"{ATOM}id")]


def test_an_entry_says_what_was_decided_when_by_whom_and_why() -> None:
    attempt = "[{date: 2026-12-01, package: numpy, version: 2.0.0, outcome: failed}]"
    subject = project(record(rationale="It **breaks**.", deciders="[ann, bob]", tags="[numerics]", attempts=attempt))
    feed = read(subject)
    (entry,) = entries(feed)
    assert entry.findtext(f"{ATOM}title") == "Hold NumPy where the pipeline works"
    assert entry.findtext(f"{ATOM}published") == "2026-11-22T00:00:00Z"
    assert entry.findtext(f"{ATOM}updated") == "2026-12-01T00:00:00Z" == feed.findtext(f"{ATOM}updated")
    assert [one.text for one in entry.iter(f"{ATOM}name")] == ["ann", "bob"]
    assert [one.attrib["term"] for one in entry.iter(f"{ATOM}category")] == ["numpy", "numerics"]
    assert entry.findtext(f"{ATOM}summary") == "accepted: numpy 1.26.4"
    content = entry.find(f"{ATOM}content")
    assert content is not None and content.attrib == {"type": "html"}
    assert "<strong>breaks</strong>" in (content.text or "")


@pytest.mark.parametrize(
    ("style", "base", "link"),
    [
        ("folder", "", "decisions/2026-11-22-numpy/"),
        ("html", "", "decisions/2026-11-22-numpy.html"),
        ("markdown", "", "decisions/2026-11-22-numpy.md"),
        ("folder", "https://a.example/x/catalogue/", "https://a.example/x/catalogue/decisions/2026-11-22-numpy/"),
    ],
)
def test_links_are_relative_unless_the_site_has_an_address(style: Style, base: str, link: str) -> None:
    (entry,) = entries(read(project(record()), base, style=style))
    assert [one.attrib["href"] for one in entry.iter(f"{ATOM}link")] == [link]


def test_ids_stay_whatever_a_record_says_and_differ_between_catalogues() -> None:
    first = ids(read(project(record())))
    assert ids(read(project(record(title="Another title", date="2026-11-23")), style="html")) == first
    for other in (read(project(record()), "https://a.example/"), read(project(record()), folder="b")):
        assert not set(ids(other)) & set(first)


def test_the_newest_come_first_and_not_for_ever() -> None:
    records = [record(f"2026-{month:02}-{day:02}-x") for month in range(1, 11) for day in range(1, 13)]
    found = [entry.findtext(f"{ATOM}published", "")[:10] for entry in entries(read(project(*records)))]
    assert found == sorted((str(one.date) for one in records), reverse=True)[:100]


def test_a_project_without_decisions_has_a_feed() -> None:
    feed = read(project())
    assert (entries(feed), feed.findtext(f"{ATOM}updated")) == ([], "2026-11-22T00:00:00Z")


def test_hostile_words_stay_words() -> None:
    subject = hostile_project()
    found = entries(read(subject))
    titles = {" ".join(one.title.split()) for one in subject.records}
    assert {" ".join(entry.findtext(f"{ATOM}title", "").split()) for entry in found} == titles
    assert [dangers(entry.findtext(f"{ATOM}content") or "") for entry in found] == [[]] * len(found)


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800", "\uffff", "\u202e", "\x85"])
def test_what_xml_cannot_hold_or_nobody_sees_is_replaced(character: str) -> None:
    (entry,) = entries(read(project(record()._replace(title=f"a{character}b"))))
    assert entry.findtext(f"{ATOM}title") == "a\ufffdb"
