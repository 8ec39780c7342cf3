"""The pages about the project as a whole: the first page, what falls due, the policy, the level, what to read first."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.build import entry, lock, manifest, project, record, requirement
from tests.catalogue import reading
from tests.catalogue.test_pages import assert_links_lead_somewhere, catalogue, headings, html, rows, text
from whypin import rules
from whypin.catalogue import charts, pages
from whypin.catalogue.charts import Share
from whypin.catalogue.view import Options
from whypin.metrics.debt import debt
from whypin.model.lock import Edge
from whypin.model.project import Project
from whypin.model.settings import IgnoredFinding, Scope


def tiles(subject: Project) -> dict[str, str]:
    """The numbers of the first page, each with the page and query behind it."""
    found = pages(subject, rules.run(subject), debt=debt(subject))
    links = re.findall(r"^- \[(.*?)\]\((.*?)\)$", found[0].text.partition("whypin-tiles")[2], re.MULTILINE)
    return {reading.text(words): target for words, target in links}


def busy() -> Project:
    """A project in which everything that the first page can tell is the case."""
    return project(
        record("2026-03-01-numpy", review_by="2026-11-20", exit_criteria="[{unlocked: gone}, {locked: 'six>=9'}]"),
        record("2026-11-01-old", title="Old", packages="{pydantic: 1.10.2}"),
        locks=[lock(entry("numpy"), entry("six", "1.16.0", 2), entry("rich", "13.0", 3), entry("idna", direct=False))],
        manifests=[manifest(requirement("numpy"), requirement("six"), requirement("rich"))],
        policy={"require": "direct"},
        exemptions={"uv.lock": {"six": ("1.16.0",)}},
    )


def test_each_number_of_the_first_page_leads_to_the_list_behind_it() -> None:
    found = tiles(busy())
    findings = next(words for words in found if "finding" in words)
    assert found == {
        "1 of 3 required packages decided": "packages/index.md?role=required",
        "4 level: a fresh lock with hashes": "debt.md",
        "1 undecided": "packages/index.md?state=undecided",
        findings: "findings.md",
        "1 review due": "reviews.md",
        "1 exit criterion met": "reviews.md",
        "1 exemption left": "packages/index.md?state=exempt",
        "2 decisions": "decisions/index.md",
        "4 packages locked": "packages/index.md",
    }
    assert_links_lead_somewhere(catalogue(busy()))


def test_a_number_without_data_is_absent() -> None:
    assert tiles(project(locks=[lock(entry("numpy"))])) == {
        "0 open findings": "findings.md",
        "0 decisions": "decisions/index.md",
        "1 package locked": "packages/index.md",
    }


def test_the_first_page_says_in_the_row_what_wants_attention() -> None:
    found = rows(catalogue(busy())["index.md"])
    assert "undecided 1 finding" in next(row for row in found if row.startswith("rich"))
    assert "review due exit met" in next(row for row in found if row.startswith("numpy"))


def test_a_long_list_stays_off_the_first_page() -> None:
    subject = project(locks=[lock(*(entry(f"p{number}") for number in range(61)))])
    first = catalogue(subject)["index.md"]
    assert rows(first) == []
    assert "61 direct packages" in text(first)


def test_drawings_say_in_words_what_they_show() -> None:
    found = pages(busy(), (), debt=debt(busy()))
    elements = reading.elements(html(found[0]))
    drawings = [element for element in elements if element.tag == "svg"]
    told = {element.attributes["id"]: "".join(element.text) for element in elements if element.tag in ("title", "desc")}
    said = [" ".join(told[name] for name in one.attributes["aria-labelledby"].split()) for one in drawings]
    assert said == [
        "Required packages decided 1, exempt 1, undecided 1.",
        "Level Level 4 of 5: a fresh lock with hashes.",
        "Reviews in the coming year due 1, Nov 0, Dec 0, Jan 0, Feb 0, Mar 0, Apr 1, May 0, Jun 0, Jul 0, Aug 0, "
        "Sep 0, Oct 0, Nov 0.",
    ]
    assert all(one.attributes["role"] == "img" for one in drawings)


def test_shares_of_a_bar_have_the_widths_of_their_numbers() -> None:
    drawn = charts.bar("x", "X", [Share("a", 3, "decided"), Share("b", 0), Share("c", 1, "exempt")])
    widths = [float(e.attributes["width"]) for e in reading.elements(drawn) if e.tag == "rect"]
    assert widths == [238.5, 79.5]
    assert charts.bar("x", "X", [Share("a", 0)]) == charts.columns("x", "X", [Share("a", 0)]) == ""


def test_what_falls_due_is_told_by_how_soon() -> None:
    subject = project(
        record("2026-01-01-now", title="Now", review_by="2026-11-22"),
        record("2026-01-02-soon", title="Soon", packages="{six: 1.16.0}", review_by="2027-01-10"),
        record("2026-01-03-later", title="Later", packages="{rich: 13.0}", review_by="2028-01-10"),
        record("2026-01-04-never", title="Never", packages="{idna: 3.0}", review_by="never"),
        record(
            "2026-01-05-gone", title="Gone", packages="{attrs: 1.0}", review_by="never",
            waivers="[{advisory: CVE-1, reason: x, expires: 2026-12-01}]", exit_criteria="[{unlocked: gone}]",
        ),
        locks=[lock(entry("numpy"))],
    )  # fmt: skip
    page = catalogue(subject)["reviews.md"]
    assert headings(page) == ["Reviews due", "Due now", "Within three months", "Later"]
    assert rows(page) == [
        "2026-11-22 due today Now review data-platform",
        "2026-11-22 met Gone exit criteriongone is no longer locked data-platform",
        "2026-12-01 9 days Gone waiver endswaiver of CVE-1 data-platform",
        "2027-01-10 7 weeks Soon review data-platform",
        "2028-01-10 13 months Later review data-platform",
    ]


def test_the_policy_page_tells_what_is_in_force() -> None:
    subject = project(
        locks=[lock(entry("numpy"), entry("torch-x", "1.0"))],
        policy={"require": "production", "critical": ("torch*",), "review_after_days": 90},
        owners={"torch*": ("ml-platform",)},
        scopes=[Scope(("b/*",), (), "all", (), ())],
        rules={"WHY203": "off"},
        ignore_findings=(IgnoredFinding("WHY102", "numpy", "Known <b>.", date(2027, 1, 1)),),
    )
    page = catalogue(subject)["policy.md"]
    assert headings(page)[1:] == [
        "Elsewhere it differs", "Owners", "Rules that count otherwise", "Findings that are ignored",
    ]  # fmt: skip
    words = text(page)
    for said in (
        "Every direct package that goes to production needs a decision", "2 packages need one today.", "torch*",
        "Reviewed after90 days", "WHY203 off", "WHY102 of numpy: Known <b>., until 2027-01-01",
    ):  # fmt: skip
        assert said.replace(" ", "") in words.replace(" ", ""), said
    assert "torch* ml-platform 1" in rows(page)


def test_the_level_page_tells_what_holds_it_down() -> None:
    subject = project(
        locks=[lock(entry("numpy"), entry("six", "1.16.0"))],
        manifests=[manifest(requirement("numpy", "<2", 7), requirement("six"), requirement("lost", "", 9))],
    )
    (page,) = [page for page in pages(subject, (), debt=debt(subject)) if page.path.endswith("/debt.md")]
    assert "Level 1 of 5" in text(page)
    assert any(row.startswith("pyproject.toml:9 ") for row in rows(page))
    assert "numpy numpy<2 pyproject.toml:7" in [row.replace("numpy <2", "numpy<2") for row in rows(page)]
    assert "debt.md" not in catalogue(subject)


def test_what_most_depends_on_is_to_be_read_first() -> None:
    needs = [entry(f"p{number}", "1.0", edges=(Edge("numpy", (0,)),)) for number in range(3)]
    subject = project(
        record("2026-01-01-six", title="Six", packages="{six: 1.16.0}"),
        record("2026-01-02-numpy", title="NumPy", rationale="It *breaks* the __init__ of ours."),
        record("2026-01-03-idea", title="Idea", status="proposed"),
        locks=[lock(entry("numpy"), *needs, entry("six", "1.16.0"))],
    )
    page = catalogue(subject)["read-first.md"]
    assert page.title == "Read these two decisions first"
    told = re.findall(r"^1\. (.*)$", page.text, re.MULTILINE)
    assert [reading.text(str(line)).partition("]")[0].strip("[") for line in told] == ["NumPy", "Six"]
    assert "4 packages of the lock" in text(page)
    assert "It breaks the __init__ of ours." in text(page)
    assert "Idea" not in text(page)


def test_a_package_that_has_gone_keeps_its_page() -> None:
    subject = project(record("2026-01-01-x", title="Hold six", packages="{six: 1.16.0}"), locks=[lock(entry("numpy"))])
    found = catalogue(subject)
    page = found["packages/six.md"]
    assert "No lock of this project holds six on 2026-11-22." in text(page)
    assert "Hold six accepted 2026-01-01 1.16.0" in text(page)
    assert "](../packages/six.md)" in found["decisions/2026-01-01-x.md"].text
    assert_links_lead_somewhere(found)


def test_what_is_declared_stands_with_its_place_and_comment() -> None:
    need = requirement("numpy", "<2", 12, comment="until <b>pandas</b> is ported")
    subject = project(locks=[lock(entry("numpy"))], manifests=[manifest(need)])
    found = catalogue(subject)["packages/numpy.md"]
    assert "Declared <2 in pyproject.toml:12 for main" in text(found)
    assert "\u201cuntil <b>pandas</b> is ported\u201d" in text(found)


@pytest.mark.parametrize("template", ["", "https://git.example/{path}#L{line}"])
def test_places_are_linked_where_the_site_says_so(template: str) -> None:
    subject = project(record(), locks=[lock(entry("numpy", "2.0.0", 7))])
    found = pages(subject, rules.run(subject), Options(source_url=template, package_url=""))
    links = {
        element.attributes["href"]
        for page in found
        for element in reading.elements(html(page))
        if element.tag == "a" and element.attributes["href"].startswith("http")
    }
    expected = {
        "https://git.example/uv.lock#L7",
        "https://git.example/decisions/2026-11-22-numpy.yaml#L1",
        "https://git.example/decisions/2026-11-22-numpy.yaml#L4",
    }
    assert links <= expected
    assert {"https://git.example/uv.lock#L7"} <= links if template else not links


def test_an_exit_criterion_that_is_met_says_by_what() -> None:
    criteria = "[{locked: 'six>=1.16'}, {locked: 'six>=2'}, {date: 2026-11-22}]"
    subject = project(record(exit_criteria=criteria), locks=[lock(entry("numpy"), entry("six", "1.16.0"))])
    words = text(catalogue(subject)["decisions/2026-11-22-numpy.md"])
    assert "met The lock holds six>=1.16 six is locked 1.16.0, and this waited for six>=1.16".replace(" ", "") in (
        words.replace(" ", "")
    )
    assert "not met The lock holds six>=2".replace(" ", "") in words.replace(" ", "")
    assert re.search(r"(?<!not )met ?From 2026-11-22", words)
