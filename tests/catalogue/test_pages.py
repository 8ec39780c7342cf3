from __future__ import annotations

import posixpath
import re
from datetime import date
from html import unescape

import markdown  # type: ignore[import-untyped]
import pytest

from tests.build import entry, lock, project, record
from tests.catalogue import reading
from tests.catalogue.hostile import PAYLOADS
from whypin import rules
from whypin.catalogue import pages
from whypin.catalogue.parts import Page
from whypin.catalogue.view import Options
from whypin.model.lock import Edge
from whypin.model.project import Project

FULL = {
    "packages": "{numpy: 1.26.4}",
    "rationale": "The pipeline **breaks** with 2.0.",
    "context": "A question.",
    "considered_options": "[{option: numpy 2.2, verdict: rejected, because: Crashes.}]",
    "consequences": "[Write plain types.]",
    "confirmation": "[{run: pytest -q}, {check: The plot looks the same.}]",
    "exit_criteria": "[{locked: scipy>=1.13}, {unlocked: pandas}, {date: 2027-06-01}, {issue: 'https://a.example/1'}]",
    "waivers": "[{advisory: CVE-2023-44271, reason: No fonts., expires: 2027-05-22}]",
    "attempts": "[{date: 2026-11-20, package: numpy, version: 2.0.0, outcome: failed, evidence: It fails., "
    "commands: [uv lock]}]",
    "links": "['https://b.example/notes']",
    "tags": "[numerics]",
    "locks": "[uv.lock]",
    "source": "{file: requirements.in, line: 12}",
}
SECTIONS = [
    "What raised the question", "Options considered", "Consequences", "Exit criteria",
    "Before another version is taken", "Attempts", "Advisories accepted", "Read on",
]  # fmt: skip


def catalogue(subject: Project, **options: str) -> dict[str, Page]:
    """Every page by its path below the folder."""
    found = pages(subject, rules.run(subject), Options(**options))
    assert len({page.path.lower() for page in found}) == len(found)
    return {page.path.partition("/")[2]: page for page in found}


def html(page: Page) -> str:
    return str(markdown.markdown(page.text, extensions=["tables", "toc", "fenced_code"]))


def text(page: Page) -> str:
    return reading.text(html(page))


def headings(page: Page) -> list[str]:
    return re.findall(r"^#+ (.*)", page.text, re.MULTILINE)


def rows(page: Page) -> list[str]:
    """The rows of all tables of a page, as text."""
    return [reading.text(row) for row in re.findall("<tr>(.*?)</tr>", html(page), re.DOTALL) if "<td" in row]


def names(page: Page) -> list[str]:
    """The names in the first column of the tables of a page."""
    return [reading.text(cell) for cell in re.findall(r"<tr>\s*<td>(.*?)</a>", html(page), re.DOTALL)]


def assert_links_lead_somewhere(found: dict[str, Page]) -> None:
    for path, page in found.items():
        for link in re.findall(r"\]\((.*?)\)", page.text):
            target = re.sub(r"[?#].*", "", link)
            assert posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) in found, (path, link)


def test_the_first_page_lists_what_is_direct_decided_or_required_and_nothing_else() -> None:
    subject = project(
        record(packages="{numpy: 1.26.4, six: '<2'}"),
        locks=[
            lock(
                entry("app", "0.1", member=True, source="editable"),
                entry("numpy"),
                entry("pandas", "2.2.0"),
                entry("six", "1.16.0", direct=False),
                entry("torch", "2.3.0", direct=False),
                entry("tzdata", "2026.1", direct=False),
            )
        ],
        policy={"critical": ("torch",)},
    )
    found = catalogue(subject)
    assert names(found["index.md"]) == ["torch", "numpy", "pandas", "six"]
    assert names(found["packages/index.md"]) == ["numpy", "pandas", "six", "torch", "tzdata"]
    assert "All 5 locked packages" in text(found["index.md"])
    assert "packages/app.md" not in found
    assert_links_lead_somewhere(found)


def test_a_row_tells_version_decision_state_groups_and_days() -> None:
    subject = project(record(review_by="2027-01-31"), locks=[lock(entry("numpy", groups=("main", "group:dev")))])
    assert rows(catalogue(subject)["index.md"]) == [
        "numpy direct 1.26.4 Hold NumPy where the pipeline works decided main group:dev data-platform 2027-01-31"
    ]


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "2027-05-21"),
        ({"review_by": "never"}, "\N{EN DASH}"),
        ({"review_by": "2026-11-23"}, "2026-11-23"),
        ({"review_by": "2026-11-22"}, "2026-11-22"),
    ],
)
def test_the_review_is_due_on_its_day(fields: dict[str, str], shown: str) -> None:
    (row,) = rows(catalogue(project(record(**fields), locks=[lock(entry("numpy"))]))["index.md"])
    assert row.endswith(f"data-platform {shown}")
    assert ("decided review due" in row) == (shown == "2026-11-22")


def test_a_package_page_begins_with_the_version_and_the_reason() -> None:
    page = catalogue(project(record(**FULL), locks=[lock(entry("numpy"))]))["packages/numpy.md"]
    words = text(page)
    order = ["numpy", "1.26.4", "decided", "Hold NumPy", "Accepts", "breaks with 2.0", "A question.", "Crashes."]
    assert sorted(order, key=words.index) == order
    assert headings(page)[2:-2] == SECTIONS
    assert headings(page)[-2:] == ["Locked", "Needed by"]


def test_sections_without_data_are_absent() -> None:
    found = catalogue(project(record(), locks=[lock(entry("numpy", direct=False))]))
    title = "[Hold NumPy where the pipeline works](../decisions/2026-11-22-numpy.md)"
    assert headings(found["packages/numpy.md"]) == ["numpy", title, "Locked"]
    assert headings(found["decisions/2026-11-22-numpy.md"]) == ["Hold NumPy where the pipeline works", "Why"]
    assert headings(found["index.md"]) == ["Catalogue", "Recent decisions", "What somebody chose"]


def test_a_decision_page_tells_everything_its_record_does() -> None:
    page = catalogue(project(record(**FULL), locks=[lock(entry("numpy"))]))["decisions/2026-11-22-numpy.md"]
    words = text(page)
    assert headings(page)[1:] == ["Why", *SECTIONS, "Findings"]
    for said in (
        "accepted numerics", "Decided 2026-11-22 by data-platform", "Review by 2027-05-21", "Only for uv.lock",
        "Drafted from requirements.in:12", "Record decisions/2026-11-22-numpy.yaml", "numpy 1.26.4 1.26.4 decided",
        "numpy 2.2 rejected Crashes.", "Write plain types.", "not met The lock holds scipy>=1.13",
        "met pandas is no longer locked", "not met From 2027-06-01 on",
        "look there This is settled: https://a.example/1", "pytest -q", "The plot looks the same.",
        "CVE-2023-44271 until 2027-05-22", "No fonts.", "numpy 2.0.0 failed 2026-11-20", "uv lock", "It fails.",
        "https://b.example/notes",
    ):  # fmt: skip
        assert said.replace(" ", "") in words.replace(" ", ""), said


def test_the_steps_are_a_checklist() -> None:
    page = catalogue(project(record(**FULL), locks=[lock(entry("numpy"))]))["packages/numpy.md"]
    boxes = [element for element in reading.elements(html(page)) if element.tag == "input"]
    assert [box.attributes["type"] for box in boxes] == ["checkbox", "checkbox"]
    assert [box.attributes["aria-label"] for box in boxes] == ["pytest -q", "The plot looks the same."]


def test_of_several_decisions_the_most_exact_comes_first() -> None:
    subject = project(
        record("2026-11-01-floor", title="Floor", packages='{numpy: ">=1.20"}'),
        record("2026-03-01-exact", title="Exact", packages="{numpy: 1.26.4}"),
        record("2026-10-01-cap", title="Cap", packages='{numpy: "<2"}'),
        record("2026-11-01-cap", title="Newer cap", packages='{numpy: "<3"}'),
        locks=[lock(entry("numpy"))],
    )
    found = headings(catalogue(subject)["packages/numpy.md"])[1:5]
    assert [re.sub(r"\[(.*)\].*", r"\1", title) for title in found] == ["Exact", "Newer cap", "Cap", "Floor"]


def test_what_replaced_what_is_told_on_both_sides_and_on_the_package() -> None:
    subject = project(
        record("2025-01-01-old", title="Old", packages="{numpy: 1.23.5, scipy: 1.10.0}"),
        record("2026-01-01-new", title="New", packages="{numpy: 1.26.4}", supersedes="[2025-01-01-old]"),
        record("2026-02-01-idea", title="Idea", status="proposed", packages="{numpy: 2.2.0}"),
        locks=[lock(entry("numpy"), entry("scipy", "1.10.0"))],
    )
    found = catalogue(subject)
    assert "Superseded by New" in text(found["decisions/2025-01-01-old.md"])
    assert "Supersedes Old" in text(found["decisions/2026-01-01-new.md"])
    assert text(found["packages/numpy.md"]).endswith(
        "it Idea proposed 2026-02-01 2.2.0 Old superseded 2025-01-01 1.23.5"
    )
    assert "Other decisions" not in text(found["packages/scipy.md"])
    assert rows(found["decisions/2025-01-01-old.md"]) == [
        "numpy 1.23.5 1.26.4 superseded",
        "scipy 1.10.0 1.10.0 decided",
    ]
    standings = [re.findall("proposed|accepted|superseded$", row) for row in rows(found["decisions/index.md"])]
    assert standings == [["proposed"], ["accepted"], ["accepted"]]
    assert_links_lead_somewhere(found)


def test_every_fork_is_shown_with_what_tells_it_apart() -> None:
    subject = project(
        locks=[
            lock(
                entry("torch", "2.1.0", 3, marker="sys_platform == 'darwin'"),
                entry("torch", "2.1.0+cu118", 9, index="https://index.example/cu118", groups=("group:train",)),
                entry("torch", None, 12, source="git", ref="https://git.example/torch@abc"),
            )
        ]
    )
    page = catalogue(subject)["packages/torch.md"]
    assert rows(page) == [
        "2.1.0 sys_platform == 'darwin' registry main uv.lock:3",
        "2.1.0+cu118 registry https://index.example/cu118 group:train uv.lock:9",
        "no version git https://git.example/torch@abc main uv.lock:12",
    ]


def test_what_needs_it_and_what_it_needs() -> None:
    entries = (
        entry("app", "0.1", member=True, source="editable", edges=(Edge("pandas", (1,)),)),
        entry("pandas", "2.2.0", edges=(Edge("numpy", (2,)), Edge("numpy", (2,), gate="extra:x"), Edge("gone", ()))),
        entry("numpy", direct=False),
        entry("scipy", "1.13.0", direct=False, edges=(Edge("numpy", (2,)), Edge("scipy", (3,), gate="extra:all"))),
    )
    found = catalogue(project(locks=[lock(*entries)]))
    assert text(found["packages/numpy.md"]).endswith("Needed by pandas 2.2.0")
    assert text(found["packages/pandas.md"]).endswith("Needed by the project itself Needs numpy 1.26.4")
    assert headings(found["packages/scipy.md"])[-1] == "Needs"
    assert text(found["packages/scipy.md"]).endswith("Needs numpy 1.26.4")
    assert "Needs" not in headings(found["packages/numpy.md"])


def test_unknown_edges_are_not_shown_as_none() -> None:
    page = catalogue(project(locks=[lock(entry("numpy", edges=None, direct=False))]))["packages/numpy.md"]
    assert headings(page) == ["numpy", "No decision", "Locked"]


def test_findings_stand_where_people_look() -> None:
    subject = project(record(), locks=[lock(entry("numpy", "2.0.0", 7))])
    found = catalogue(subject)
    for path in ("index.md", "packages/numpy.md", "decisions/2026-11-22-numpy.md"):
        assert "WHY102 numpy is locked 2.0.0, and 2026-11-22-numpy accepts 1.26.4" in text(found[path])
        assert "uv.lock:7:1" in text(found[path])
    assert "undecided 1 finding" in rows(found["index.md"])[0]


def test_too_many_findings_are_counted() -> None:
    subject = project(locks=[lock(*(entry(f"p{i}") for i in range(600)))], policy={"require": "direct"})
    found = catalogue(subject)
    assert text(found["index.md"]).count("WHY101") == 5
    assert "All 600 findings" in text(found["index.md"])
    words = text(found["findings.md"])
    assert words.count("WHY101") == 500
    assert "And 100 more: whypin check tells them all." in words


def test_no_decision_says_whether_one_is_asked_for() -> None:
    subject = project(
        locks=[lock(entry("numpy"), entry("six", "1.16.0", direct=False), entry("rich", "13.0"))],
        policy={"require": "direct"},
        exemptions={"uv.lock": {"rich": ("13.0",)}},
    )
    found = catalogue(subject)
    assert "None is in force. The reason for asking: the policy requires direct" in text(found["packages/numpy.md"])
    assert "the policy asks for none" in text(found["packages/six.md"])
    assert "exempt at exactly this version" in text(found["packages/rich.md"])


def test_a_package_of_several_locks_has_one_page_and_its_worst_state() -> None:
    subject = project(
        record(locks="[a/uv.lock]"),
        locks=[lock(entry("numpy"), path="a/uv.lock"), lock(entry("numpy", "2.0.0", 5), path="b/uv.lock")],
        policy={"require": "direct"},
    )
    found = catalogue(subject)
    assert rows(found["index.md"])[0].startswith(
        "numpy direct required 1.26.4 2.0.0 Hold NumPy where the pipeline works undecided"
    )
    assert rows(found["packages/numpy.md"]) == ["1.26.4 registry main a/uv.lock:1", "2.0.0 registry main b/uv.lock:5"]
    assert "What is locked in a/uv.lock b/uv.lock and why" in text(found["index.md"])


def test_a_decision_about_what_is_not_locked_or_beside_the_lock_has_its_place_too() -> None:
    subject = project(
        record("2026-01-01-pydantic", title="No pydantic", status="rejected", packages="{pydantic: '>=2'}"),
        record("2026-01-02-cuda", title="CUDA", packages=None, artifacts="[{name: cuda, kind: image, version: 12.1}]"),
        locks=[lock(entry("numpy"))],
    )
    found = catalogue(subject)
    assert rows(found["decisions/2026-01-01-pydantic.md"]) == ["pydantic >=2 not locked"]
    assert rows(found["index.md"])[-1] == "cuda 12.1 CUDA image 2026-01-02"
    assert len(rows(found["decisions/index.md"])) == 2
    assert_links_lead_somewhere(found)


def test_an_artifact_is_shown_where_its_file_holds_it_or_as_unverified() -> None:
    pattern = "'FROM cuda:{version}-'"
    artifacts = f"[{{name: cuda, kind: image, version: 12.1, file: Dockerfile, pattern: {pattern}}}, "
    artifacts += "{name: driver, kind: driver, version: 550}]"
    held = record("2026-01-02-cuda", title="CUDA", packages=None, artifacts=artifacts)
    subject = project(
        held, locks=[lock(entry("numpy"))], files={"Dockerfile": "# x\nFROM cuda:12.1-a\nFROM cuda:12.1-b"}
    )
    first, second = rows(catalogue(subject)["decisions/2026-01-02-cuda.md"])
    assert first == "cuda image 12.1 Dockerfile:2 Dockerfile:3 FROM cuda:{version}-"
    assert second == "driver driver 550 unverified"


def test_conda_packages_and_odd_names_have_pages_of_their_own() -> None:
    subject = project(
        record(packages="{numpy: 1.26.4, 'conda:numpy': 1.26.4}"),
        locks=[
            lock(entry("numpy"), entry("numpy", source="conda"), entry("_libgcc_mutex", "0.1", source="conda")),
            lock(entry("index", "0.4"), entry("readme", "1.0"), entry("../../etc/x", "1"), path="b/uv.lock"),
        ],
    )
    found = catalogue(subject)
    assert {"packages/numpy.md", "packages/conda/numpy.md", "packages/conda/_libgcc_mutex.md"} <= set(found)
    assert found["packages/conda/numpy.md"].title == "conda:numpy"
    assert all(re.fullmatch(r"[A-Za-z0-9._/-]+\.md", path) and ".." not in path for path in found)
    assert_links_lead_somewhere(found)


def test_packages_are_described_elsewhere_only_if_they_come_from_a_registry() -> None:
    subject = project(
        locks=[lock(entry("torch", "2.1.0+cu118"), entry("x", source="git"), entry("numpy", source="conda"))]
    )

    def addresses(**options: str) -> list[str]:
        found = [element for page in catalogue(subject, **options).values() for element in reading.elements(html(page))]
        return [e.attributes["href"] for e in found if e.tag == "a" and e.attributes["href"].startswith("http")]

    assert addresses() == ["https://deps.dev/pypi/torch/2.1.0%2Bcu118"]
    assert addresses(package_url="https://pkg.example/{name}") == ["https://pkg.example/torch"]
    assert addresses(package_url="") == []


def test_folder_and_title_are_the_sites_choice() -> None:
    subject = project(record(), locks=[lock(entry("numpy"))])
    found = pages(subject, (), Options(title="Why these", folder="team/stack"))
    assert all(page.path.startswith("team/stack/") for page in found)
    assert found[0].title == "Why these"
    assert all("Why these" in text(page) for page in found)


def test_the_day_is_the_projects_and_equal_projects_give_equal_pages() -> None:
    subject = project(record(), locks=[lock(entry("numpy"))])
    assert "as of 2026-11-22" in text(catalogue(subject)["index.md"])
    assert subject.today == date(2026, 11, 22)
    assert catalogue(subject) == catalogue(project(record(), locks=[lock(entry("numpy"))]))


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=list(PAYLOADS))
def test_no_value_gets_out_of_its_place(payload: str) -> None:
    """One hostile text as every value that is not Markdown: the page still has its own headings and links only."""
    kept = record(**FULL)._replace(title=payload, deciders=(payload,), tags=(payload,), locks=(), links=(payload,))
    kept = kept._replace(packages={payload: kept.packages["numpy"]})
    evil = entry(payload, "1.26.4", marker=payload, index=payload, groups=(payload,), edges=(Edge(payload, (1,)),))
    found = catalogue(project(kept, locks=[lock(evil, entry("x", payload, source="git", ref=payload), path="u.lock")]))
    for page in found.values():
        assert [danger for danger in reading.dangers(html(page)) if danger != "<svg>"] == []
        assert sum(element.tag == "h1" for element in reading.elements(html(page))) == 1
    shown = " ".join(payload.split())
    assert shown in text(found["index.md"])
    assert_links_lead_somewhere(found)


@pytest.mark.parametrize(("log", "shown"), [("", "<strong>b</strong>"), (", log: a.txt", "**b**\n    c</code></pre>")])
def test_what_a_trial_logged_is_output_and_no_markdown(log: str, shown: str) -> None:
    evidence = r'"**b**\n\n    c"'
    attempt = f"{{date: 2026-11-20, package: numpy, version: 2.0.0, outcome: failed, evidence: {evidence}{log}}}"
    subject = project(record(**{**FULL, "attempts": f"[{attempt}]"}), locks=[lock(entry("numpy", "1.26.4"))])
    assert shown in unescape(html(catalogue(subject)["packages/numpy.md"]))
