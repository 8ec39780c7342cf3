"""What words give besides the reason: links, versions that fail, who imposes the bound, when it can go."""

from __future__ import annotations

import pytest

from whypin.drafts.facts import facts
from whypin.model.record import ExitCriterion


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://example.com/a_(b)/issues/3.", ("https://example.com/a_(b)/issues/3",)),
        ("(see https://example.com/pull/9).", ("https://example.com/pull/9",)),
        ("acme/widget#77, #12 and ABC-123", ("acme/widget#77", "#12", "ABC-123")),
        ("CVE-2024-1 and CVE-2024-12345 in UTF-8, PEP-517", ()),
        (
            "https://tracker.example/browse/ABC-1 https://tracker.example/browse/ABC-1",
            ("https://tracker.example/browse/ABC-1",),
        ),
    ],
)
def test_links_are_as_written_and_advisories_are_none(text: str, links: tuple[str, ...]) -> None:
    assert facts(text, "widget", "<2").links == links


@pytest.mark.parametrize(
    ("text", "specifier", "failing"),
    [
        ("2.0 breaks the parser, 1.9 works", "<2", ("2.0",)),
        ("Widget >= 3.6 hangs", "<3.6", (">= 3.6",)),
        ("2.x and 2.5.1 fail beside torch 2.4", ">=1,<2", ("2.x", "2.5.1")),
        ("1.4.1/1.4.2 lose data", "!=1.4.1,!=1.4.2", ("1.4.1", "1.4.2")),
        ("1.5 fails with Python 3.9", "==1.4", ("1.5",)),
        ("1.1 crashes at exit", ">=1.2", ("1.1",)),
        ("since 1.1 we use sessions, which 1.2 made stable", ">=1.2", ()),
        ("hold until 2.1 is out", "<2", ()),
        ("gadget requires widget<1.8", "<1.8", ()),
        ("5 seconds slower, 2.5x the memory, 3.5 GB", "<2", ()),
    ],
)
def test_failing_versions_are_those_of_the_package_that_the_bound_keeps_out(
    text: str, specifier: str, failing: tuple[str, ...]
) -> None:
    assert facts(text, "widget", specifier).failing_versions == failing


@pytest.mark.parametrize(
    ("text", "blocker"),
    [
        ("upper bound imposed by gadget-core", "gadget-core"),
        ("2.0 is incompatible with gadget", "gadget"),
        ("Gadget does not support 2.0 yet", "Gadget"),
        ("because `gadget` requires an older one", "gadget"),
        ("gadget 4.1 wheel metadata caps it", "gadget"),
        ("conflicts with the gadget[extra] pin", "gadget"),
        ("our test suite needs the old names", None),
        ("works only with older versions", None),
        ("2.0 breaks rendering on Windows", None),
        ("widget 2.0 needs a compiler", None),
        ("fails on Python 3.9", None),
    ],
)
def test_the_blocker_is_the_other_package_that_imposes_the_bound(text: str, blocker: str | None) -> None:
    assert facts(text, "widget", "<2").blocker == blocker


def test_a_plain_word_is_a_package_where_the_project_has_it() -> None:
    text = "2.0 breaks gadget in production"
    assert facts(text, "widget", "<2").blocker is None
    assert facts(text, "widget", "<2", {"gadget"}).blocker == "gadget"


@pytest.mark.parametrize(
    ("text", "words", "lapses"),
    [
        ("hold until gadget 4.1 is out", "until gadget 4.1 is out", ExitCriterion("locked", "gadget>=4.1")),
        ("Slow. Remove this once gadget>=4.1 lands.", "once gadget>=4.1 lands", ExitCriterion("locked", "gadget>=4.1")),
        (
            "unpin when https://example.com/a/pull/9 is merged",
            "when https://example.com/a/pull/9 is merged",
            ExitCriterion("issue", "https://example.com/a/pull/9"),
        ),
        ("keep until 2027-03-01, then look again", "until 2027-03-01", ExitCriterion("date", "2027-03-01")),
        ("drop after the migration", "after the migration", None),
        ("revert when 2.1 fixes it", "when 2.1 fixes it", None),
        ("crashes when the file is empty", None, None),
        ("fails after an hour", None, None),
    ],
)
def test_an_exit_criterion_says_when_the_bound_can_go(
    text: str, words: str | None, lapses: ExitCriterion | None
) -> None:
    told = facts(text, "widget", "<2")
    assert (told.exit_criterion, told.lapses) == (words, lapses)


def test_security_is_told_with_the_advisories() -> None:
    told = facts("fixes cve-2024-12345 and GHSA-aaaa-bbbb-cccc", "widget", ">=2")
    assert (told.security, told.advisories) == (True, ("CVE-2024-12345", "GHSA-aaaa-bbbb-cccc"))
    assert not facts("2.0 breaks the parser", "widget", "<2").security
