"""What the pages say of advisories: alerts and waivers, the day of the data, and nothing at all without data."""

from __future__ import annotations

import pytest

from tests.advisories.osv import advisory, affected, alerted
from tests.build import entry, lock, project, record
from tests.catalogue.hostile import PAYLOADS
from tests.catalogue.reading import elements, text
from tests.reporters.test_markdown import html
from whypin.catalogue import pages
from whypin.model.project import Project

WAIVER = "[{advisory: A-2, reason: No such input., expires: 2027-05-22}]"
DATA = (
    advisory(aliases=["CVE-2023-44271"], summary="Fonts exhaust the memory"),
    advisory("A-2", affected("torch", "introduced 0", "fixed 1.13.1")),
)


def subject() -> Project:
    return project(
        record("2026-11-20-pillow", title="Hold Pillow", packages="{pillow: 9.5.0}"),
        record("2026-11-20-torch", title="Hold Torch", packages="{torch: <2}", waivers=WAIVER),
        locks=[
            lock(
                entry("torch", "1.12.1", 3),
                entry("pillow", "9.5.0", 5),
                entry("fork", "1.0", 7, source="git"),
                entry("click", "8.3.1", 9),
            )
        ],
    )


def words(found: Project, name: str) -> str:
    """The text of a page of a project's catalogue."""
    (page,) = [page for page in pages(found, ()) if page.path == f"catalogue/{name}"]
    return " ".join(text(html(page.text)).split())


def test_the_page_of_a_package_tells_its_alert_and_who_blocks_the_fix() -> None:
    told = words(alerted(subject(), *DATA), "packages/pillow.md")
    assert "Advisories" in told
    assert "CVE-2023-44271 Fonts exhaust the memory" in told.replace("CVE-2023-44271Fonts", "CVE-2023-44271 Fonts")
    assert "blocked by Hold Pillow" in told and "The data is of 2026-11-20." in told


def test_a_waiver_is_told_with_its_day_and_reason() -> None:
    assert "waived until 2027-05-22: No such input. (Hold Torch)" in words(
        alerted(subject(), *DATA), "packages/torch.md"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [("click", "No advisory of 2026-11-20 matches what is locked."), ("fork", "Not checkable: from git.")],
)
def test_where_there_is_no_alert_it_says_of_which_day_or_why_not(name: str, said: str) -> None:
    told = words(alerted(subject(), *DATA), f"packages/{name}.md")
    assert said in told and "vulnerab" not in told


def test_the_first_page_has_all_and_what_was_not_checked() -> None:
    told = words(alerted(subject(), *DATA), "index.md")
    assert (
        "Advisories of 2026-11-20: 2 alerts: 1 blocked, 1 waived; 1 error; 3 checked packages, 1 could not be checked."
    ) in told
    assert "Could not be checked: fork." in told


def test_without_data_no_page_speaks_of_it() -> None:
    assert not any("## Advisories\n" in page.text for page in pages(subject(), ()))


@pytest.mark.parametrize("name", PAYLOADS)
def test_what_an_advisory_says_is_text_and_nothing_else(name: str) -> None:
    def shown(words: str) -> list[tuple[str, list[str]]]:
        said = {"summary": words, "severity": [{"type": "CVSS_V3", "score": words}]}
        found = alerted(subject(), advisory("A-2", affected("torch", "introduced 0"), **said), advisory("A-3", **said))
        return [(page.path, [element.tag for element in elements(html(page.text))]) for page in pages(found, ())]

    assert shown(PAYLOADS[name]) == shown("plain")
