"""Edits to records: what is not edited stays byte for byte."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whypin.model.record import Record
from whypin.records.edit import appended, renewed, with_normal_names, with_quoted_specifiers, with_schema_line
from whypin.records.read import read

RECORD = """\
# kept: why this file is here
title: "Hold NumPy"   # a title
status: accepted
deciders: [data-platform]

packages:
  numpy: 1.26.4  # 🐍 the pin
rationale: |
  SciPy 1.10 was built against the 1.x C API.

  # not a comment
"""
DAY = date(2027, 5, 22)


def valid(text: str) -> str:
    found, problems = read(text, "decisions/2026-11-22-numpy.yaml")
    assert found is not None, problems
    return text


def test_a_review_date_is_replaced_and_everything_else_stays() -> None:
    text = RECORD.replace("packages:", "review_by: '2026-11-01' # soon\npackages:")
    assert valid(renewed(text, DAY, "renewed on 2026-11-22: still needed")) == RECORD.replace(
        "packages:", "# renewed on 2026-11-22: still needed\nreview_by: 2027-05-22 # soon\npackages:"
    )


def test_a_missing_review_date_is_added_as_the_last_field() -> None:
    assert valid(renewed(RECORD, DAY, "renewed\nagain")) == RECORD + "# renewed again\nreview_by: 2027-05-22\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RECORD.rstrip("\n"), RECORD.rstrip("\n") + "\n# n\nreview_by: 2027-05-22\n"),
        (RECORD.replace("\n", "\r\n"), RECORD.replace("\n", "\r\n") + "# n\r\nreview_by: 2027-05-22\r\n"),
        (RECORD + "...\n# after\n", RECORD + "# n\nreview_by: 2027-05-22\n...\n# after\n"),
        (RECORD + "...\r\n", RECORD + "# n\r\nreview_by: 2027-05-22\r\n...\r\n"),
        (RECORD + "\n# last words\n", RECORD + "\n# last words\n# n\nreview_by: 2027-05-22\n"),
    ],
    ids=["no newline at the end", "CRLF", "end mark", "end mark and CRLF", "comment at the end"],
)
def test_a_record_may_end_in_any_way(text: str, expected: str) -> None:
    assert valid(renewed(text, DAY, "n")) == expected


@pytest.mark.parametrize("end", ["}", ", }", ", review_by: never}"])
def test_a_record_in_flow_style_is_renewed_too_with_the_note_above_it(end: str) -> None:
    text = "---\n{title: a, status: accepted, deciders: [b], packages: {numpy: 1.0}, rationale: because it is so}\n"
    renewed_text = renewed(text.replace("}\n", f"{end}\n"), DAY, "n")
    expected = text.replace("so}", "so, review_by: 2027-05-22}").replace("---\n", "---\n# n\n")
    assert valid(renewed_text).replace(",  ", ", ") == expected


@pytest.mark.parametrize("last", ["", "review_by: never\n"])
def test_an_indented_record_keeps_its_indentation(last: str) -> None:
    text = "".join(f"  {line}" if line.strip() else line for line in (RECORD + last).splitlines(keepends=True))
    assert valid(renewed(text, DAY, "n")).endswith("  # n\n  review_by: 2027-05-22\n")


def test_names_are_normalised_where_they_stand() -> None:
    text = RECORD.replace(
        "  numpy: 1.26.4", '  "Torch_Vision": 0.15.2  # tv\n  conda:_libgcc_mutex: "0.1"\n  numpy: 1.26.4'
    )
    expected = text.replace('"Torch_Vision"', "torch-vision")
    assert valid(with_normal_names(text)) == expected
    assert with_normal_names(expected) == expected


def test_names_that_would_fall_together_are_left_alone() -> None:
    text = RECORD.replace("  numpy: 1.26.4", "  NumPy: 1.26.4\n  numpy: 1.26.4")
    assert with_normal_names(text) == text


@pytest.mark.parametrize(
    ("bare", "quoted"),
    [
        ("  numpy: >=1.26,<2  # why", '  numpy: ">=1.26,<2"  # why'),
        ("  posthog: !=3.12.0", '  posthog: "!=3.12.0"'),
        ("  posthog: [!=3.12.0, >=2]", '  posthog: ["!=3.12.0", ">=2"]'),
    ],
)
def test_specifiers_that_yaml_would_swallow_are_quoted(bare: str, quoted: str) -> None:
    text = RECORD.replace("  numpy: 1.26.4  # 🐍 the pin", bare)
    assert valid(with_quoted_specifiers(text)) == RECORD.replace("  numpy: 1.26.4  # 🐍 the pin", quoted)


@pytest.mark.parametrize("text", ["a: [", "a: *b", "\x00", "a: !!x y", RECORD, ""])
def test_what_cannot_be_quoted_stays_as_it_is(text: str) -> None:
    assert with_quoted_specifiers(text) == text


def test_the_schema_line_is_added_once() -> None:
    line = "# yaml-language-server: $schema=../record.schema.json\n"
    assert with_schema_line(RECORD, 1) == line + RECORD
    assert with_schema_line(line + RECORD) == line + RECORD


COMMENT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=20)


@given(comments=st.lists(COMMENT, min_size=4, max_size=4), quote=st.sampled_from(["", "'", '"']))
def test_renewing_changes_one_value_and_adds_one_line(comments: list[str], quote: str) -> None:
    first, second, third, fourth = (f"# {comment}" for comment in comments)
    text = (
        f"{first}\ntitle: Hold NumPy\nstatus: accepted\ndeciders: [d] {second}\npackages:\n  numpy: 1.26.4\n"
        f"review_by: {quote}2026-01-01{quote} {third}\nrationale: >-\n  It is so.\n{fourth}\n"
    )
    after = valid(renewed(text, DAY, "note")).split("\n")
    changed = [line for line in after if line not in text.split("\n")]
    assert changed == ["# note", f"review_by: 2027-05-22 {third}"]
    assert len(after) == len(text.split("\n")) + 1


WAIVER = {"advisory": "CVE-2023-44271", "reason": "No fonts: none.", "expires": "2027-05-22", "justification": ""}
LINES = ["- advisory: CVE-2023-44271", '  reason: "No fonts: none."', "  expires: 2027-05-22"]
BRACES = '{advisory: CVE-2023-44271, reason: "No fonts: none.", expires: 2027-05-22}'


def waivers(indent: int = 2) -> str:
    return "".join(" " * indent + f"{line}\n" for line in LINES)


def test_a_list_that_is_not_there_becomes_the_last_field() -> None:
    assert valid(appended(RECORD, "waivers", WAIVER)) == RECORD + "waivers:\n" + waivers()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RECORD.rstrip("\n"), RECORD.rstrip("\n") + "\nwaivers:\n" + waivers()),
        (RECORD + "...\n# after\n", RECORD + "waivers:\n" + waivers() + "...\n# after\n"),
        (RECORD + "tags:\n- a\n", RECORD + "tags:\n- a\nwaivers:\n" + waivers(0)),
        (RECORD + "waivers: []  # none\nlinks: []\n", RECORD + "waivers:  # none\n" + waivers() + "links: []\n"),
        (RECORD + "waivers : []", RECORD + "waivers :\n" + waivers()),
        (RECORD + "waivers:\n  []\n", RECORD + f"waivers:\n  [{BRACES}]\n"),
        (RECORD + "waivers: [ # none\n  ]\n", RECORD + f"waivers: [{BRACES} # none\n  ]\n"),
    ],
    ids=["no newline", "end mark", "as other lists", "empty", "empty at the end", "below its key", "over two lines"],
)
def test_a_list_without_items_gets_its_first_one(text: str, expected: str) -> None:
    assert valid(appended(text, "waivers", WAIVER)) == expected


ONE = "advisory: A-1\n{0}  reason: |\n{0}    Why.\n\n{0}    # text\n{0}  expires: 2027-01-01  # soon\n"


@pytest.mark.parametrize("indent", [0, 2, 4])
def test_an_item_goes_behind_the_last_one_and_its_comments_and_before_everything_else(indent: int) -> None:
    lead = " " * indent
    own = f"{lead} # until the upgrade\n{lead}      # of March\n"
    before = f"{RECORD}waivers:  # accepted\n{lead}- {ONE.format(lead)}{own}"
    rest = f"\n{lead}# - advisory: A-2\n# where to read on\nlinks: []\n"
    assert valid(appended(before + rest, "waivers", WAIVER)) == before + waivers(indent) + rest


@pytest.mark.parametrize(
    ("last", "between"),
    [
        ("expires: 2027-01-01\n    reason: |\n      Why.\n", "\n\n# next\ntags: [a]\n"),
        ("expires: 2027-01-01\n    reason: >-\n      Why.\n\n      Because.\n", "  # not its own\n"),
        ("expires: 2027-01-01\n    reason: |+\n      Why.\n", "\n...\n"),
        ("expires: 2027-01-01\n    reason: 'Why,\n      because.'  # so\n", "tags: [a]\n"),
        ("expires: 2027-01-01\n    reason:\n      because\n      it is\n", ""),
    ],
    ids=["literal", "folded", "kept", "quoted", "plain"],
)
def test_a_text_at_the_end_of_the_last_item_stays_what_it_is(last: str, between: str) -> None:
    before = f"{RECORD}waivers:\n  - advisory: A-1\n    {last}"
    assert valid(appended(before + between, "waivers", WAIVER)) == before + waivers() + between


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("waivers: [%s]  # all\n", "waivers: [%s, %s]  # all\n"),
        ("waivers: [%s, ]\n", "waivers: [%s, %s, ]\n"),
        ("waivers: [\n    %s\n  ]\n", "waivers: [\n    %s,\n    %s\n  ]\n"),
        ("waivers: [\n    %s  # one\n  ]\n", "waivers: [\n    %s,  # one\n    %s\n  ]\n"),
        ("waivers: [\n    %s,  # one\n  ]\n", "waivers: [\n    %s,  # one\n    %s,\n  ]\n"),
        ("waivers: [\n    %s]\n", "waivers: [\n    %s, %s]\n"),
    ],
)
def test_a_list_in_brackets_stays_one(text: str, expected: str) -> None:
    one = "{advisory: A-1, reason: Why, expires: 2027-01-01}"
    found = appended(RECORD + text.replace("%s", one), "waivers", WAIVER)
    assert valid(found) == RECORD + expected.replace("%s", one, 1).replace("%s", BRACES)


FLOW = "{title: a, status: accepted, deciders: [b], packages: {numpy: 1.0}, rationale: it is%s}\n"


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("", ", waivers: [%s]"),
        (", ", ", waivers: [%s], "),
        (",\n# last\n", ", waivers: [%s],\n# last\n"),
        (", waivers: []", ", waivers: [%s]"),
        (",\n  tags: [c]  # d\n", ",\n  tags: [c],  # d\n  waivers: [%s]\n"),
    ],
)
def test_a_record_in_flow_style_gets_its_item_in_braces(end: str, expected: str) -> None:
    after = appended("---\n" + FLOW % end + "...\n", "waivers", WAIVER)
    assert valid(after) == "---\n" + FLOW % (expected % BRACES) + "...\n"


def test_an_item_in_braces_on_a_line_of_its_own_is_an_item_like_others() -> None:
    text = RECORD + "waivers:\n  - {advisory: A-1, reason: Why, expires: 2027-01-01}  # soon\n"
    assert valid(appended(text, "waivers", WAIVER)) == text + waivers()


def test_an_explicit_key_keeps_its_list() -> None:
    text = RECORD + "? waivers\n: - advisory: A-1\n    reason: Why\n    expires: 2027-01-01\n"
    assert valid(appended(text, "waivers", WAIVER)) == text + waivers()


def test_an_attempt_is_added_the_same_way_with_its_lists_and_lines() -> None:
    attempt = {
        "date": "2026-11-20",
        "package": "numpy",
        "version": "1.24.3",
        "outcome": "failed",
        "evidence": "tensorflow==2.12.0 depends on numpy<1.24\n\n  # and so on",
        "commands": ["uv lock", "python -c 'a, b'"],
    }
    after = valid(appended(RECORD, "attempts", attempt))
    assert after == RECORD + (
        "attempts:\n"
        "  - date: 2026-11-20\n"
        "    package: numpy\n"
        "    version: 1.24.3\n"
        "    outcome: failed\n"
        "    evidence: |\n"
        "      tensorflow==2.12.0 depends on numpy<1.24\n"
        "\n"
        "        # and so on\n"
        "    commands: [uv lock, \"python -c 'a, b'\"]\n"
    )
    assert parsed(appended(after, "attempts", attempt)).attempts == parsed(after).attempts * 2


def parsed(text: str) -> Record:
    found, problems = read(text, "decisions/2026-11-22-numpy.yaml")
    assert found is not None, problems
    return found


REASON = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=40).filter(
    str.strip
)
REASONS = st.lists(REASON, min_size=1, max_size=3).map("\n".join).filter(lambda text: text == text.strip())


@st.composite
def lists(draw: st.DrawFn) -> str:
    """A list of waivers, or none, as somebody might write it; a comment of any text wherever one can stand."""
    comments = (f"# {draw(COMMENT)}" for _ in range(20))
    ids = [f"A-{number}" for number in range(draw(st.integers(0, 3)))]
    if not ids:
        return draw(st.sampled_from(["", f"waivers: [] {next(comments)}\n", "waivers: []\n"]))
    if draw(st.booleans()):
        item = "{{advisory: {}, reason: 'Why, so', expires: 2027-01-01}}"
        between, after = draw(st.sampled_from([(", ", ""), (",\n   ", "\n  "), (f", {next(comments)}\n   ", ",\n ")]))
        return f"waivers: [{between[1:]}{between.join(map(item.format, ids))}{after}] {next(comments)}\n"
    lead = " " * draw(st.integers(0, 4))
    last = st.sampled_from(["reason: Why.", f"reason: |-\n{lead}    # Why\n\n{lead}      so", 'reason: "Why\\n"'])
    return f"waivers: {next(comments)}\n" + "".join(
        f"{lead}- advisory: {name}\n{lead}  expires: 2027-01-01 {next(comments)}\n{lead}  {draw(last)}\n"
        + draw(st.sampled_from(["", "\n", f"{lead}  {next(comments)}\n", f"{next(comments)}\n"]))
        for name in ids
    )


@given(
    written=lists(),
    before=COMMENT,
    rest=st.sampled_from(["", "# end", "\n# b\ntags: [a]\n", "links:\n- https://index.example\n", "...\n# after\n"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    reason=REASONS,
)
def test_an_item_is_added_to_any_list_and_nothing_is_taken_away(
    written: str, before: str, rest: str, newline: str, reason: str
) -> None:
    text = f"# {before}\n{RECORD}{written}{rest}".replace("\n", newline)
    old = parsed(text)
    after = appended(text, "waivers", {"advisory": "B-1", "reason": reason, "expires": "2027-05-22"})
    new = parsed(after)
    assert new._replace(waivers=new.waivers[:-1], tree=old.tree) == old
    added = new.waivers[-1]
    assert (added.advisory, added.expires) == ("B-1", DAY)
    assert [line.rstrip() for line in added.reason.split("\n")] == [line.rstrip() for line in reason.split("\n")]
    assert is_spread(text.replace("\nwaivers: []", "\nwaivers:"), after)
    assert after.count("\n") == after.count(newline)


def is_spread(part: str, whole: str) -> bool:
    """Whether all characters of a text stand in another, in their order."""
    rest = iter(whole)
    return all(character in rest for character in part)
