"""Drafts from comments: what a manifest says beside its requirements, and how well that goes with real ones."""

from __future__ import annotations

import json

import pytest

from benchmarks.draft_reasons import COMMENTS, FIELDS, judge, rates
from whypin.drafts.comments import drafts, from_requirement
from whypin.drafts.draft import context_of
from whypin.manifests.requirements import read
from whypin.model.location import Location
from whypin.model.manifest import Manifest, Override, Requirement
from whypin.model.record import Origin

needs_comments = pytest.mark.skipif(not COMMENTS.is_file(), reason="the labelled comments are not beside the checkout")


def need(comment: str, specifier: str = "<2", line: int = 3, url: str | None = None) -> Requirement:
    return Requirement("widget", specifier, "main", Location("requirements.in", line), url=url, comment=comment)


def test_a_draft_quotes_the_comment_says_where_it_stands_and_gives_no_reason_of_its_own() -> None:
    draft = from_requirement(need("2.0 breaks gadget-core, see https://example.com/issues/7. Hold until 2.1."))
    assert draft is not None
    assert (draft.package, draft.specifier, draft.sure) == ("widget", "<2", "high")
    assert draft.source == Origin("requirements.in", 3, "")
    assert draft.facts.links == ("https://example.com/issues/7",)
    assert draft.facts.failing_versions == ("2.0",)
    assert draft.facts.blocker == "gadget-core"
    assert draft.facts.exit_criterion == "until 2.1"
    assert context_of(draft) == (
        "> 2.0 breaks gadget-core, see https://example.com/issues/7. Hold until 2.1.\n\n"
        "Found in requirements.in, line 3. That this is the reason for the bound: very likely."
    )


def test_a_url_is_a_bound_and_a_bare_name_is_none() -> None:
    words = "our fork, until https://example.com/pull/9 is merged"
    assert from_requirement(need(words, "", url="git+https://example.com/widget@1234567"))
    assert from_requirement(need(words, "")) is None


def test_each_place_of_a_manifest_gives_one_draft_overrides_too() -> None:
    requirement = need("2.0 breaks us")
    twice = requirement._replace(group="extra:all")
    override = Override("constraint", need("2.0 breaks us", "<1.9", line=9))
    found = drafts(Manifest("requirements.in", None, (requirement, twice), (override,)))
    assert [(draft.source.line, draft.specifier) for draft in found] == [(3, "<2"), (9, "<1.9")]


def test_the_line_of_a_draft_is_that_of_the_requirement() -> None:
    text = "# HTTP client\nhttpx<1\n\n# 2.0 removed the names that our models need\nnumpy<2\n"
    manifest = read(text, "requirements.in", lambda path: "")
    assert [(draft.package, draft.source.line) for draft in drafts(manifest)] == [("numpy", 5)]


@needs_comments
def test_real_comments_become_drafts_where_they_are_reasons() -> None:
    """As asked for; what it is now, and how far it spreads, `benchmarks/draft_reasons.py` prints."""
    judged = [judge(item) for item in json.loads(COMMENTS.read_text(encoding="utf-8"))]
    precision, recall = rates(judged)
    assert precision >= 0.9
    assert recall >= 0.85


@needs_comments
@pytest.mark.parametrize("field", FIELDS)
def test_the_fields_of_real_reasons_are_read(field: str) -> None:
    judged = [judge(item) for item in json.loads(COMMENTS.read_text(encoding="utf-8"))]
    right = [one.right[field] for one in judged if one.wanted]
    assert sum(right) / len(right) >= 0.9
