"""What a change does, as text, as JSON and as a comment on a pull request."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import pytest

from tests.build import entry, lock, project, record
from tests.catalogue.reading import elements, text
from tests.reporters.hostile import COMMAND, TEXTS, UNSEEN
from tests.reporters.test_markdown import REFERENCE, html
from whypin.model.difference import (
    Check,
    Difference,
    Excused,
    LockDifference,
    Moved,
    RecordChanges,
    Superseded,
    difference,
)
from whypin.model.lock import Edge
from whypin.model.project import Package, Verdict
from whypin.model.record import ExitCriterion, Step
from whypin.model.version import Item
from whypin.reporters import diff, diff_json, diff_markdown
from whypin.reporters.markdown import LIMIT

COMMIT = "0123456789abcdef0123456789abcdef01234567"
NUMPY = record(
    "2026-11-01-numpy",
    packages="{numpy: 1.26.4}",
    confirmation="[{run: pytest -q}, {check: Look at the curves}]",
    exit_criteria='[{locked: "tensorflow>=2.14"}]',
)
RICH = record("2026-11-01-rich", packages='{rich: "<14"}', title="Rich 13 as long as it works")
NEW = record("2026-11-22-torch", packages="{torch: 2.2.0}", title="Torch for the new model")


def change() -> Difference:
    """One of everything: against a decision, without one, decided, floating, transitive, gone."""
    roots = {"rich": (4,), "pandas": (5,)}
    versions = {"numpy": "1.26.4", "pandas": "2.2.2", "rich": "13.0.0", "torch": None, "leaf": "1", "six": None}
    after = versions | {
        "numpy": "2.0.0",
        "pandas": "2.3.0",
        "rich": "13.0.1",
        "torch": "2.2.0",
        "leaf": "2",
        "six": "1",
    }
    locks = [
        lock(
            *(
                entry(
                    name,
                    version,
                    at * 10 + 1,
                    direct=name not in ("leaf", "six"),
                    edges=tuple(Edge("x", (target,)) for target in roots.get(name, ())),
                )
                for at, (name, version) in enumerate(side.items())
                if version or side is after
            )
        )
        for side in (versions, after)
    ]
    base = project(NUMPY, RICH, locks=[locks[0]._replace(entries=tuple(e for e in locks[0].entries if e.version))])
    settings = {"require": "critical", "critical": ("numpy", "pandas", "torch")}
    return difference(project(NUMPY, RICH, NEW, locks=[locks[1]], base=base, policy=settings), COMMIT)


def test_text_is_a_table_with_what_one_has_to_know_below_a_row() -> None:
    assert (
        diff.render(change())
        == """\
uv.lock: 6 moved, 4 direct and 2 transitive
  torch   added          2.2.0             main  decided
      2026-11-22-torch: Torch for the new model
  numpy   major upgrade  1.26.4 -> 2.0.0   main  against
      data-platform decided for 1.26.4 on 2026-11-01 (2026-11-01-numpy: Hold NumPy where the
        pipeline works); it lapses when tensorflow>=2.14 is locked
      fix: lock numpy as decided, or run whypin supersede 2026-11-01-numpy and say why
  pandas  minor upgrade  2.2.2 -> 2.3.0    main  undecided
      it is critical
      fix: write decisions/2026-11-22-pandas.yaml with packages: {pandas: 2.3.0}
  rich    patch upgrade  13.0.0 -> 13.0.1  main  decided
      2026-11-01-rich: Rich 13 as long as it works
  six     added          1                 main             by pandas
  leaf    major upgrade  1 -> 2            main             by rich

decision records
  added 2026-11-22-torch: Torch for the new model

to confirm
  [ ] run: pytest -q (2026-11-01-numpy)
  [ ] check: Look at the curves (2026-11-01-numpy)

6 packages moved since 012345678: 4 direct, 2 transitive; 1 against a decision, 1 undecided
"""
    )


def test_a_comment_begins_with_its_marker_and_the_verdict() -> None:
    assert (
        diff_markdown.render(change())
        == """\
<!-- whypin diff -->

**whypin: 6 packages moved, 4 direct: 1 against a decision, 1 undecided**

**Decided against**

- **numpy** 1.26.4 -&gt; 2.0.0, major upgrade in uv.lock<br>data-platform decided for 1.26.4 on 2026-11-01 \
(2026-11-01-numpy: Hold NumPy where the pipeline works); it lapses when tensorflow&gt;=2.14 is locked<br>\
fix: lock numpy as decided, or run whypin supersede 2026-11-01-numpy and say why

**Without a decision**

- **pandas** 2.2.2 -&gt; 2.3.0, minor upgrade in uv.lock: it is critical<br>\
fix: write decisions/2026-11-22-pandas.yaml with packages: \\{pandas: 2.3.0\\}

**Decision records**

- added 2026-11-22-torch: Torch for the new model

**uv.lock: 6 moved, 4 direct and 2 transitive**

<details>

<summary>2 added, 4 upgraded</summary>

| package | change | before | now | asked for by | decision |
| --- | --- | --- | --- | --- | --- |
| **torch** | added |  | 2.2.0 | the project (main) | decided, 2026-11-22-torch: Torch for the new model |
| **numpy** | major upgrade | 1.26.4 | 2.0.0 | the project (main) | decided against, 2026-11-01-numpy: \
Hold NumPy where the pipeline works |
| **pandas** | minor upgrade | 2.2.2 | 2.3.0 | the project (main) | undecided |
| **rich** | patch upgrade | 13.0.0 | 13.0.1 | the project (main) | decided, 2026-11-01-rich: \
Rich 13 as long as it works |
| six | added |  | 1 | pandas (main) |  |
| leaf | major upgrade | 1 | 2 | rich (main) |  |

</details>

**To confirm before this is merged**

- [ ] run pytest -q (2026-11-01-numpy, for numpy)
- [ ] Look at the curves (2026-11-01-numpy, for numpy)
"""
    )


def test_json_is_version_1() -> None:
    found = json.loads(diff_json.render(change()))
    assert list(found) == ["version", "base", "locks", "records", "checklist", "summary"]
    assert (found["version"], found["base"]) == (1, COMMIT)
    (one,) = found["locks"]
    assert {key: one[key] for key in ("lock", "kind", "was")} == {"lock": "uv.lock", "kind": "changed", "was": None}
    numpy = {moved["name"]: moved for moved in one["moves"]}["numpy"]
    place = {"source": "registry", "index": None, "ref": None}
    assert numpy == {
        "name": "numpy",
        "kind": "upgraded",
        "step": "major",
        "direct": True,
        "groups": ["main"],
        "before": [{"version": "1.26.4", **place}],
        "after": [{"version": "2.0.0", **place}],
        "line": 1,
        "state": "undecided",
        "required": "it is critical",
        "decisions": [],
        "rejected_by": [
            {
                "record": "2026-11-01-numpy",
                "title": NUMPY.title,
                "deciders": ["data-platform"],
                "date": "2026-11-01",
                "accepts": ["1.26.4"],
                "lifted_by": ["tensorflow>=2.14 is locked"],
            }
        ],
        "brought_by": [],
        "fix": "lock numpy as decided, or run whypin supersede 2026-11-01-numpy and say why",
    }
    assert found["records"]["added"] == [
        {"record": NEW.id, "title": NEW.title, "status": "accepted", "path": "decisions/2026-11-22-torch.yaml"}
    ]
    assert found["checklist"][0] == {
        "record": NUMPY.id,
        "kind": "run",
        "text": "pytest -q",
        "packages": ["numpy"],
    }
    assert {key: number for key, number in found["summary"].items() if number} == {
        "moved": 6, "direct": 4, "transitive": 2, "added": 2, "upgraded": 4,
        "decided": 2, "undecided": 2, "rejected": 1, "not-required": 2,
    }  # fmt: skip


def test_nothing_moved_says_so() -> None:
    nothing = Difference(COMMIT, (), RecordChanges(), ())
    assert diff.render(nothing) == "nothing moved since 012345678\n"
    assert diff_markdown.render(nothing) == "<!-- whypin diff -->\n\n**whypin: nothing moved**\n"
    assert json.loads(diff_json.render(nothing))["locks"] == []


def test_colour_is_there_only_when_it_is_asked_for() -> None:
    assert "\x1b" not in diff.render(change())
    assert re.sub("\x1b\\[[0-9;]*m", "", diff.render(change(), True)) == diff.render(change())
    assert "\x1b[31;1m  numpy " in diff.render(change(), True)


@pytest.mark.parametrize(
    ("kind", "was", "heading"),
    [
        ("added", None, "uv.lock is new: nothing moved"),
        ("removed", None, "uv.lock is gone: nothing moved"),
        ("replaced", "poetry.lock", "poetry.lock became uv.lock: nothing moved"),
    ],
)
def test_what_became_of_a_lock_stands_above_it(kind: str, was: str | None, heading: str) -> None:
    found = Difference(COMMIT, (LockDifference("uv.lock", kind, was, ()),), RecordChanges(), ())  # type: ignore[arg-type]
    assert diff.render(found) == f"{heading}\n\nnothing moved since 012345678\n"
    assert f"**{heading}**" in diff_markdown.render(found)


def many(number: int, direct: bool = False) -> Difference:
    """So many packages that float, and went up."""
    locks = [
        lock(*(entry(f"package-{at}", version, direct=direct, edges=()) for at in range(number)))
        for version in ("1.0", "1.1")
    ]
    return difference(project(locks=locks[1:], base=project(locks=locks[:1])), COMMIT)


def test_many_transitive_packages_are_counted_unless_all_are_asked_for() -> None:
    found = many(diff.FEW + 1)
    assert diff.render(found).splitlines()[:2] == [
        "uv.lock: 13 moved, 0 direct and 13 transitive",
        "  13 transitive: 13 upgraded; whypin diff --all lists them",
    ]
    assert diff.render(found, everything=True).count("minor upgrade") == 13
    assert diff.render(many(diff.FEW)).count("minor upgrade") == diff.FEW


def test_a_transitive_package_that_wants_a_decision_is_never_folded() -> None:
    locks = [lock(*(entry(f"p{at}", version, direct=False) for at in range(30))) for version in ("1", "2")]
    policy = {"require": "critical", "critical": ("p7",)}
    found = difference(project(locks=locks[1:], base=project(locks=locks[:1]), policy=policy), COMMIT)
    assert "  p7  major upgrade  1 -> 2  main  undecided\n" in diff.render(found)
    assert "  and 29 transitive: 29 upgraded; " in diff.render(found)


def test_a_line_of_the_table_fits_a_terminal() -> None:
    long = [f"a-package-with-a-rather-long-name-{at}" for at in range(3)]
    groups = ("main", "extra:everything", "group:development")
    locks = [
        lock(*(entry(name, version, groups=groups) for name in long)) for version in ("1.2.3.dev20261122", "2.0.0")
    ]
    rendered = diff.render(difference(project(locks=locks[1:], base=project(locks=locks[:1])), COMMIT))
    assert max(map(len, rendered.splitlines())) <= 100
    assert "1.2.3.dev20261122 -> 2.0.0" in rendered


def test_a_new_origin_is_told() -> None:
    sides = [("registry", "https://index.example/simple"), ("registry", "https://other.example/simple")]
    locks = [lock(entry("torch", "2.2.0", source=source, index=index)) for source, index in sides]
    found = difference(project(locks=locks[1:], base=project(locks=locks[:1])), COMMIT)
    told = "from registry https://index.example/simple to registry https://other.example/simple"
    assert f"re-sourced  2.2.0  main\n      {told}\n" in diff.render(found)
    assert told in text(html(_unfolded(diff_markdown.render(found)))).replace("\u200b", "")


def test_rows_are_left_out_whole_and_counted() -> None:
    source = diff_markdown.render(many(5000, direct=True))
    assert LIMIT * 0.9 < len(source) <= LIMIT
    rows = source.count("| **package-")
    assert rows == source.count(" | the project (main) |  |\n") > 100
    assert source.endswith(f"\n\nLeft out for length: {5000 - rows} packages. `whypin diff --all` lists everything.\n")


def test_everything_at_once_is_not_too_long_for_a_comment() -> None:
    found = hostile(list(TEXTS.values()) * 40)
    source = diff_markdown.render(found)
    assert len(source) <= LIMIT
    for words in ("decided against", "undecided", "lines about records", "steps to confirm", "packages"):
        assert re.search(rf"Left out for length: .*\d+ {words}", source)
    assert source.count("- [ ] ") >= 5
    assert source.count("| **") >= 5


def hostile(texts: Sequence[str]) -> Difference:
    """A difference with each of the texts wherever a text of a file can stand."""
    moved: list[Moved] = []
    records = []
    for said in texts:
        subject = record(title="x")._replace(
            id=said,
            title=said,
            deciders=(said,),
            packages={said: (Item(said),)},
            exit_criteria=(ExitCriterion("locked", said),),
            path=said,
        )
        records.append(subject)
        here = entry(said, said, index=said, ref=said, groups=(said,))
        holder = lock(here, path=said)
        against = Verdict(subject, said, holder, (here,), (False,))
        deciding = against._replace(accepted=(True,))
        package = Package(said, holder, (here,), (against,), said or "it is critical", False)
        first = Moved(
            said, "upgraded", "major", True, (said,), (here._replace(index="x"),), (here,), package,
            (), (subject,), (said, said), said,
        )  # fmt: skip
        needs, decided = package._replace(verdicts=()), package._replace(verdicts=(deciding,))
        moved += [
            first,
            first._replace(package=needs, rejecting=()),
            first._replace(package=decided, rejecting=(), accepting=(subject,), fix=""),
            first._replace(package=None, after=(), rejecting=(), accepting=(subject,), fix=""),
        ]
    changes = RecordChanges(
        tuple(records),
        tuple((one, ("title",)) for one in records),
        tuple(Superseded(one, one.id, (one.id,)) for one in records),
        tuple(records),
        tuple(Excused(one.id, one.id, (one.id,)) for one in records),
        tuple(Excused(one.id, one.id, (one.id,)) for one in records),
    )
    checks = tuple(Check(one, Step(kind, one.id), (one.id,)) for one in records for kind in ("run", "check"))
    path = texts[0]
    return Difference(path, (LockDifference(path, "replaced", path, tuple(moved)),), changes, checks)


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_speaks_to_a_terminal_or_a_log(name: str) -> None:
    for rendered in (
        diff.render(hostile([TEXTS[name]]), everything=True),
        diff_json.render(hostile([TEXTS[name]])),
        diff_markdown.render(hostile([TEXTS[name]])),
    ):
        assert not UNSEEN.search(rendered)
        assert not COMMAND.search(rendered)


def _unfolded(source: str) -> str:
    """A comment without its marker and folds, inside which this Markdown would not look."""
    return re.sub(r"^(<!-- whypin diff -->|</?details>|<summary>[\w ,-]+</summary>)$", "", source, flags=re.MULTILINE)


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_is_markup_or_calls_anybody(name: str) -> None:
    source, plain = (_unfolded(diff_markdown.render(hostile([said]))) for said in (TEXTS[name], "x"))
    page = html(source)
    assert [element.tag for element in elements(page)] == [element.tag for element in elements(html(plain))]
    assert not any(element.attributes for element in elements(page))
    assert not REFERENCE.search(text(page))
    assert source.count("\n") == plain.count("\n")
    assert not re.search(r"<(?!br>)|(?<!\\)`", source)
