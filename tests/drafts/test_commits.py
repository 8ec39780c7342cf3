"""Drafts from commits: words that say why a bound came, never those of a relock or of a machine."""

from __future__ import annotations

import pytest

from whypin.drafts.commits import HANDFUL, Event, drafts
from whypin.drafts.draft import Draft
from whypin.model.change import Commit
from whypin.model.record import Origin

CAP = Event("widget", "cap", ">=1", ">=1,<2")


def told(subject: str, body: str = "", *events: Event, author: str = "Ada", moved: int | None = None) -> list[Draft]:
    commit = Commit("c0ffee", "2026-11-20T10:00:00+00:00", author, subject)
    return list(drafts(commit, body, events or (CAP,), moved))


@pytest.mark.parametrize(
    ("subject", "body", "quote"),
    [
        ("Cap widget below 2, it breaks our models", "", "Cap widget below 2, it breaks our models"),
        ("fix(deps): hold widget, 2.0 segfaults on arm64 (#41)", "", "hold widget, 2.0 segfaults on arm64"),
        ("Cap widget", "2.0 dropped the names that\nour models need.", "2.0 dropped the names that our models need."),
        (
            "Pin things",
            "* a new page\n* widget 2.0 fails on Windows\n  with old drivers\n* typos",
            "widget 2.0 fails on Windows with old drivers",
        ),
        (
            'Revert "Bump widget to 2.0"',
            "This reverts commit 1234567.\n\nThe importer crashes with it.",
            "The importer crashes with it.",
        ),
        ("Pin widget since newer versions break us", "", "Pin widget since newer versions break us"),
        ("Cap widget\n", "Broken since 2.0.\n\nSigned-off-by: Ada <ada@example.com>", "Broken since 2.0."),
    ],
)
def test_the_part_that_says_why_is_quoted(subject: str, body: str, quote: str) -> None:
    draft, *others = told(subject, body)
    assert (draft.quote, others) == (quote, [])
    assert (draft.package, draft.specifier, draft.source) == ("widget", ">=1,<2", Origin("", None, "c0ffee"))


@pytest.mark.parametrize(
    "subject",
    [
        "Cap widget",
        "Pin widget to 1.9",
        "Downgrade widget",
        "Fix widget",
        "Update dependencies",
        "chore(deps): lock file maintenance",
        "chore(deps): update all dependencies to fix conflicts",
        "Bump widget from 1.8 to 1.9 to fix CVE-2024-12345",
        "Merge branch 'fix-broken-widget'",
        "Merge pull request #12 from acme/fix-crash",
        "Release 2.1.0: fixes crashes",
        "[pre-commit.ci] pre-commit autoupdate",
        "Bump the pip group across 1 directory with 3 updates to fix crashes",
        "Relock, requirements were broken",
        'Revert "Fix the crash in widget until 2.0"',
        "Weekly update of requirements.txt, avoids conflicts",
    ],
)
def test_what_a_commit_does_is_no_reason_and_a_relocks_subject_never_is(subject: str) -> None:
    assert told(subject) == []


@pytest.mark.parametrize("author", ["dependabot[bot]", "renovate[bot]", "pre-commit-ci[bot]", "Renovate Bot"])
def test_machines_have_no_reasons(author: str) -> None:
    assert told("Cap widget, 2.0 breaks our models", author=author) == []


def test_what_a_machine_pasted_is_not_read() -> None:
    pasted = "---\nupdated-dependencies:\n- widget crashes until 2.0, see #7\n"
    assert told("Cap widget", pasted) == []
    assert told("Cap widget", "Bumps [widget](https://example.com) because 1.8 crashes.") == []


def test_a_commit_that_moves_more_than_a_handful_is_a_relock() -> None:
    words = "Cap widget, 2.0 breaks our models"
    assert told(words, moved=HANDFUL)
    assert told(words, moved=HANDFUL + 1) == []
    many = [Event(f"widget-{at}", "pin", "", "1.0") for at in range(HANDFUL + 1)]
    assert told(words, "", *many) == []


def test_of_several_packages_those_get_the_reason_that_it_names() -> None:
    gadget = Event("gadget", "downgrade", "4.1", "4.0")
    found = told("Downgrades for the release branch", "gadget 4.1 leaks memory.\n\nTidy up.", CAP, gadget)
    assert [(draft.package, draft.specifier, draft.facts.failing_versions) for draft in found] == [
        ("gadget", "==4.0", ("4.1",))
    ]


def test_a_routine_subject_does_not_hide_what_a_person_wrote_below() -> None:
    body = "- widget stays below 2: it breaks our models\n- everything else to its latest version"
    assert [draft.quote for draft in told("Update dependencies", body)] == [
        "widget stays below 2: it breaks our models"
    ]
