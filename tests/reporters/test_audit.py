"""Advisories against the locks: as a table, as Markdown for an issue, as JSON."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from tests.advisories.osv import advisory, affected, alerted
from tests.build import entry, lock, project, record
from tests.catalogue.reading import elements, text
from tests.reporters.hostile import COMMAND, TEXTS, UNSEEN
from tests.reporters.test_markdown import REFERENCE, html
from tests.site_examples import ROOT
from whypin.app import audit
from whypin.model.advisory import Advisory, Alerts, Hit, Severity, Unchecked
from whypin.model.alert import PlacedWaiver, Standing, Way
from whypin.model.audit import Audit
from whypin.model.location import Location
from whypin.reporters.audit import COLUMNS, LIMIT, RENDERERS, render_json, render_markdown, render_text

VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"
WAIVER = "[{advisory: A-2, reason: No such input., expires: 2027-05-22}]"
DATA = (
    advisory(aliases=["CVE-2023-44271"], published="2023-11-03T05:15:00Z", summary="Fonts exhaust the memory"),
    advisory("A-2", affected("torch", "introduced 0", "fixed 1.13.1")),
    advisory("A-3", affected("rich", "introduced 0"), severity=[{"type": "CVSS_V3", "score": VECTOR}]),
    advisory("A-4", affected("rich", "introduced 0", "fixed 14"), database_specific={"severity": "LOW"}),
)


def full(**policy: Any) -> Audit:
    subject = project(
        record("2026-11-20-pillow", packages="{pillow: 9.5.0}"),
        record("2026-11-20-torch", packages="{torch: <2}", waivers=WAIVER),
        locks=[
            lock(
                entry("app", "0.1.0", member=True, source="virtual"),
                entry("torch", "1.12.1+cu116", 3),
                entry("pillow", "9.5.0", 5),
                entry("fork", "1.0", 7, source="git"),
                entry("own", None, 9, source="directory"),
                entry("click", "8.3.1", 11),
            ),
            lock(entry("rich", "13.0", 4), path="services/api/uv.lock"),
        ],
        policy=policy,
    )
    return audit(alerted(subject, *DATA))


def test_the_table_has_the_worst_first_and_what_is_settled_last() -> None:
    lines = render_text(full(fail_on_severity="medium")).splitlines()
    assert lines == [
        "package  version       lock                  advisory        severity  fixed in    state",
        "pillow   9.5.0         uv.lock               CVE-2023-44271  unknown   10.0.0      "
        "blocked by 2026-11-20-pillow",
        "rich     13.0          services/api/uv.lock  A-3             high 7.5  none named  open",
        "rich     13.0          services/api/uv.lock  A-4             low       14          open (a warning)",
        "torch    1.12.1+cu116  uv.lock               A-2             unknown   1.13.1      "
        "waived until 2027-05-22 by 2026-11-20-torch",
        "",
        "not checkable, from git: 1 (fork 1.0)",
        "not checkable, a source tree: 1 (own)",
        "",
        "advisories of 2026-11-20: 4 (osv.index)",
        "4 alerts: 2 open, 1 blocked, 1 waived; 2 errors; 4 checked packages, 2 could not be checked",
    ]


def quiet() -> Audit:
    return audit(alerted(project(locks=[lock(entry("click", "8.3.1"), entry("f", "1", source="git"))]), *DATA))


def test_where_nothing_matches_it_says_so_of_this_data_only() -> None:
    assert (
        render_text(quiet())
        == """\
not checkable, from git: 1 (f 1)

advisories of 2026-11-20: 4 (osv.index)
no advisory of this data matches 1 checked package; 1 could not be checked
"""
    )


def test_markdown_is_a_table_with_what_was_not_checked_folded() -> None:
    assert (
        render_markdown(full(fail_on_severity="medium"))
        == """\
**whypin audit: 4 alerts: 2 open, 1 blocked, 1 waived; 2 errors; 4 checked packages, 2 could not be checked**

advisories of 2026-11-20: 4 (osv.index)

| Package | Version | Lock | Advisory | Severity | Fixed in | State |
| --- | --- | --- | --- | --- | --- | --- |
| pillow | 9.5.0 | uv.lock | CVE-2023-44271 | unknown | 10.0.0 | blocked by 2026-11-20-pillow |
| rich | 13.0 | services/api/uv.lock | A-3 | high 7.5 | none named | open |
| rich | 13.0 | services/api/uv.lock | A-4 | low | 14 | open (a warning) |
| torch | 1.12.1+cu116 | uv.lock | A-2 | unknown | 1.13.1 | waived until 2027-05-22 by 2026-11-20-torch |

<details>

<summary>2 could not be checked</summary>

- from git: fork 1.0
- a source tree: own

</details>
"""
    )


@pytest.mark.parametrize("form", RENDERERS)
@pytest.mark.parametrize("subject", [full, quiet])
def test_no_form_ever_says_that_there_is_none_and_all_name_the_day_of_the_data(form: str, subject: Any) -> None:
    printed = RENDERERS[form](subject(), False)
    assert "vulnerab" not in printed.lower()
    assert "2026-11-20" in printed


def test_json_has_the_alert_with_all_that_is_known() -> None:
    told = json.loads(render_json(full()))
    assert told["advisories"] == {"source": "osv.index", "date": "2026-11-20", "count": 4, "left_out": 0}
    assert told["alerts"][0] == {
        "package": "pillow",
        "version": "9.5.0",
        "lock": "uv.lock",
        "path": "uv.lock",
        "line": 5,
        "column": 1,
        "groups": ["main"],
        "advisory": "CVE-2023-44271",
        "aliases": ["PYSEC-2023-227"],
        "summary": "Fonts exhaust the memory",
        "published": "2023-11-03",
        "severity": "unknown",
        "score": None,
        "vector": None,
        "fixed": ["10.0.0"],
        "doubtful": [],
        "contradicted": False,
        "state": "blocked",
        "level": "error",
        "allowed": [],
        "blocked_by": ["2026-11-20-pillow"],
        "decided_by": ["2026-11-20-pillow"],
        "waiver": None,
        "ignored": None,
        "fix": "try pillow 10.0.0 and run whypin supersede 2026-11-20-pillow, or accept CVE-2023-44271 under waivers "
        "of a record of pillow, with a reason and a day",
    }
    waived = told["alerts"][-1]
    expected = {"record": "2026-11-20-torch", "expires": "2027-05-22", "reason": "No such input."}
    assert (waived["state"], waived["level"], waived["fix"], waived["waiver"]) == ("waived", None, None, expected)
    assert [(one["package"], one["version"], one["why"], one["line"]) for one in told["unchecked"]] == [
        ("fork", "1.0", "from git", 7),
        ("own", None, "a source tree", 9),
    ]
    counts = {"alerts": 4, "error": 3, "warning": 0, "open": 2, "blocked": 1, "waived": 1, "ignored": 0}
    assert told["summary"] == counts | {"checked": 4, "unchecked": 2}


def test_every_key_of_the_json_is_documented() -> None:
    page = (ROOT / "site/reference/json.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`(\w+)`", page.partition("## whypin audit")[2].partition("\n## ")[0]))
    told = json.loads(render_json(full()))
    keys = {*told, *told["advisories"], *told["alerts"][0], *told["unchecked"][0], *told["summary"]} - {"version"}
    assert keys | set(told["alerts"][-1]["waiver"]) <= listed
    assert {"open", "blocked", "waived", "ignored", "unknown", "none"} <= listed


def test_the_files_of_one_version_are_one_alert_but_not_those_of_two_locks() -> None:
    forks = [entry("pillow", "9.5.0", 1, marker="a"), entry("pillow", "9.5.0", 9, marker="b"), entry("pillow", "9.4.0")]
    subject = project(locks=[lock(*forks), lock(entry("pillow", "9.5.0"), path="b.lock")])
    rows = audit(alerted(subject, *DATA)).rows
    assert sorted((row.hit.lock, row.hit.entry.version) for row in rows) == [
        ("b.lock", "9.5.0"),
        ("uv.lock", "9.4.0"),
        ("uv.lock", "9.5.0"),
    ]


def test_a_fork_that_cannot_be_checked_is_no_checked_package() -> None:
    subject = project(locks=[lock(entry("click", "8.3.1"), entry("click", "8.3.1", source="git"))])
    found = audit(alerted(subject, *DATA))
    assert (found.checked, found.unchecked) == (0, 1)


def test_of_hundreds_that_cannot_be_checked_the_first_are_named_and_the_others_counted() -> None:
    many = [entry(f"p{number:03}", "1", number + 1, source="git") for number in range(186)]
    found = audit(alerted(project(locks=[lock(entry("click", "8.3.1"), *many)]), *DATA))
    told = " ".join(render_text(found).split())
    assert "not checkable, from git: 186 (p000 1, p001 1" in told and "p019 1 and 166 more, which --format json" in told
    assert len(json.loads(render_json(found))["unchecked"]) == 186


def test_colour_tells_errors_from_warnings_and_is_there_only_when_it_is_asked_for() -> None:
    plain = render_text(full(fail_on_severity="medium"))
    coloured = render_text(full(fail_on_severity="medium"), True)
    assert "\x1b" not in plain
    assert "\x1b[31;1mopen\x1b[0m" in coloured and "\x1b[33;1mopen (a warning)\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def hostile(*texts: str) -> Audit:
    """Each text wherever a file can put one: into the names of the lock, the advisory, the settings and the record."""
    rows: list[Standing] = []
    for words in texts:
        locked = entry(words, words, lock=words, groups=(words,))
        found = Advisory((words, words), (), Severity(words, words), date(2026, 11, 20), words)
        hit = Hit(found, locked, words, (words,), (words,))
        held = record("2026-11-20-torch", packages="{torch: <2}", waivers=WAIVER)._replace(id=words)
        placed = PlacedWaiver(held, held.waivers[0]._replace(reason=words), Location(words))
        way = Way((words,), (held,), (held,))
        rows += [
            Standing(hit, "blocked", "error", way),
            Standing(hit, "waived", None, way, placed),
            Standing(hit, "ignored", None, way, None, words),
        ]
    odd = tuple(Unchecked(row.hit.entry, row.hit.lock, row.hit.lock) for row in rows)
    alerts = Alerts("".join(texts[:1]), date(2026, 11, 20), 3, 2, tuple(row.hit for row in rows), odd)
    return Audit(alerts, tuple(rows), 1, 1, odd)


@pytest.mark.parametrize("name", TEXTS)
def test_text_is_one_line_a_row_and_nothing_else(name: str) -> None:
    printed = render_text(hostile(TEXTS[name]))
    assert not UNSEEN.search(printed) and not COMMAND.search(printed)
    assert len(printed.partition("\n\n")[0].splitlines()) == 4


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_is_markup_calls_anybody_or_leaves_its_cell(name: str) -> None:
    source = render_markdown(hostile(TEXTS[name]))
    assert not UNSEEN.search(source) and not COMMAND.search(source)
    found = list(elements(html(source.partition("\n<details>")[0])))
    assert [element.tag for element in found if element.tag == "td"] == ["td"] * 3 * len(COLUMNS)
    assert {element.tag for element in found} <= {"p", "strong", "table", "thead", "tbody", "tr", "th", "td"}
    assert not any(element.attributes for element in found)
    assert not REFERENCE.search(text(html(source)))
    assert source.count("<") == 4  # the fold and its summary


@pytest.mark.parametrize("name", TEXTS)
def test_json_is_json_whatever_a_file_says(name: str) -> None:
    printed = render_json(hostile(TEXTS[name]))
    assert printed.isascii() and not UNSEEN.search(printed) and not COMMAND.search(printed)
    assert json.loads(printed)["alerts"][0]["lock"] == TEXTS[name]


def test_an_issue_is_never_too_long_and_says_what_is_left_out() -> None:
    source = render_markdown(hostile(*(f"~{number}|<" * 30 for number in range(300))))
    assert LIMIT / 2 < len(source) <= LIMIT
    told = source.count("\n| ") - 2
    assert f"Left out for length: {900 - told}. `whypin audit` lists them all." in source
    assert re.search(r"- and \d+ more reasons\n", source)


def test_of_very_many_that_cannot_be_checked_an_issue_has_the_first() -> None:
    many = [entry(f"package-{number}", "1.0", source="conda") for number in range(5000)]
    source = render_markdown(audit(alerted(project(locks=[lock(*many)]), *DATA)))
    assert len(source) < LIMIT
    assert re.search(r"^- a conda package: conda:package-0 1\.0, .*, and \d+ more$", source, re.MULTILINE)
