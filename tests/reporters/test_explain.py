"""What is known about one package, as text and as JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.build import entry, lock, manifest, override, project, record, requirement
from whypin.model.explanation import explain, parse
from whypin.model.lock import Edge, Entry, Lock
from whypin.model.project import Project
from whypin.reporters.explain import renderer

REFERENCE = Path(__file__).resolve().parents[2] / "site/reference/json.md"


def told(subject: Project, asked: str = "numpy", everything: bool = False, color: bool = False) -> str:
    return renderer("text")(explain(subject, parse(asked, subject)), color, everything)


def as_json(subject: Project, asked: str = "numpy") -> dict[str, Any]:
    data: dict[str, Any] = json.loads(renderer("json")(explain(subject, parse(asked, subject)), False, False))
    return data


def need(name: str, *targets: int, **fields: Any) -> Edge:
    return Edge(name, targets, **fields)


def member(*edges: Edge, name: str = "app") -> Entry:
    return entry(name, "0.1.0", member=True, direct=False, source="virtual", edges=edges)


def graph() -> Lock:
    return lock(
        member(need("pandas", 1), need("seaborn", 2), need("pytest-np", 3, gate="group:dev"), need("numpy", 4)),
        entry("pandas", "2.0.2", 5, edges=(need("numpy", 4, marker="python_version < '3.12'"),)),
        entry("seaborn", "0.13.2", 9, edges=(need("pandas", 1, extras=("plot",)),)),
        entry("pytest-np", "1.0", 12, edges=(need("numpy", 4),), groups=("group:dev",)),
        entry("numpy", "1.26.4", 15, index="https://index.example/simple", edges=(need("blas", 5),)),
        entry("blas", "1.0", 20, direct=False),
    )


FULL = {
    "packages": "{numpy: 1.26.4}",
    "rationale": "'The first paragraph.\n\n\n  The second.'",
    "exit_criteria": "[{locked: 'tensorflow>=2.14'}, {unlocked: keras}, {date: 2027-01-01}]",
    "waivers": "[{advisory: CVE-2026-1, reason: No such input., expires: 2027-05-22}]",
    "attempts": "[{date: 2026-11-20, package: numpy, version: 2.2.6, outcome: failed, evidence: 'It broke.'}]",
    "considered_options": "[{option: NumPy 2.2.6, verdict: rejected, because: It breaks pandas.}]",
    "supersedes": "[2026-01-01-numpy]",
}


def full() -> Project:
    return project(
        record("2026-01-01-numpy", title="Stay", packages="{numpy: 1.24.3}"),
        record("2026-11-22-numpy", **FULL),
        locks=[graph()],
        manifests=[
            manifest(
                requirement("numpy", ">=1.26,<2", 4, written="<2,>=1.26", comment="until pandas 2.2"),
                override("constraint", "numpy", "<1.27", 30),
            )
        ],
        policy={"critical": ("num*",)},
    )


def test_all_of_it() -> None:
    assert (
        told(full())
        == """\
numpy
  uv.lock:15:1: 1.26.4, decided

Decisions in force
  2026-11-22-numpy: Hold NumPy where the pipeline works
    decisions/2026-11-22-numpy.yaml:4:19
    accepted on 2026-11-22 by data-platform; review by 2027-05-21
    accepts 1.26.4
    decides it in uv.lock

    The first paragraph.

    The second.

    lapses when the lock holds tensorflow>=2.14
    lapses when keras is no longer locked
    lapses on 2027-01-01
    CVE-2026-1 is accepted until 2027-05-22: No such input.

Attempts
  2026-11-20: 2.2.6 failed, logged in 2026-11-22-numpy
    It broke.

Not in force
  decisions/2026-01-01-numpy.yaml:4:19: superseded by 2026-11-22-numpy: Stay

In uv.lock
  a decision is required: it is critical (num*)
  uv.lock:15:1: 1.26.4
    from registry https://index.example/simple, in main
  pyproject.toml:4:1: declared as numpy <2,>=1.26, in main  # until pandas 2.2
  pyproject.toml:30:1: constraint numpy <1.27, in main
  3 direct dependencies need it; 3 packages in all, directly or not:
    directly
      pandas -> numpy (if python_version < '3.12')
      pytest-np -> numpy  [group:dev]
    through 1 other
      seaborn -> pandas -> numpy (if python_version < '3.12')
  it needs blas
"""
    )


def test_a_version_is_asked_about() -> None:
    text = told(full(), "numpy==2.2.6")
    assert (
        """\
numpy==2.2.6
  uv.lock:15:1: 1.26.4, decided

Version 2.2.6
  not locked
  2026-11-22-numpy rejects it: it accepts 1.26.4
  considered in 2026-11-22-numpy: NumPy 2.2.6: rejected, because It breaks pandas.
  2026-11-20: 2.2.6 failed, logged in 2026-11-22-numpy
    It broke.
"""
        in text
    )
    assert "Attempts" not in text


def test_of_many_paths_some_of_each_length_are_shown_and_all_on_request() -> None:
    numpy, tops = 41, list(range(1, 31))
    entries = [member(*(need(f"p{at}", at) for at in (*tops, *range(31, 41))))]
    entries += [entry(f"p{at}", edges=(need("numpy", numpy),)) for at in tops]
    entries += [entry(f"p{at}", edges=(need(f"p{at - 30}", at - 30),)) for at in range(31, 41)]
    subject = project(locks=[lock(*entries, entry("numpy"))])
    short, whole = told(subject), told(subject, everything=True)
    assert "    directly (30)\n" in short and "    through 1 other (10)\n" in short
    assert short.count(" -> numpy") == 12 and "    and 28 more: --all\n" in short
    assert whole.count(" -> numpy") == 40 and "--all" not in whole


def test_forks_tell_their_markers_and_who_needs_which() -> None:
    subject = project(
        locks=[
            lock(
                member(need("pandas", 1), need("scipy", 2), need("jax", 3)),
                entry("pandas", edges=(need("numpy", 4), need("numpy", 5))),
                entry("scipy", edges=(need("numpy", 4),)),
                entry("jax", edges=(need("numpy", 5),)),
                entry("numpy", "1.26.4", 40, marker="python_version < '3.12'", direct=False),
                entry("numpy", "2.2.6", 50, marker="python_version >= '3.12'", direct=False),
            )
        ]
    )
    text = told(subject)
    assert "  uv.lock:40:1: 1.26.4, 2.2.6, not required\n" in text
    assert (
        """\
  locked 2 times:
    uv.lock:40:1: 1.26.4 for python_version < '3.12'
      from registry, in main
      needed by scipy
    uv.lock:50:1: 2.2.6 for python_version >= '3.12'
      from registry, in main
      needed by jax
    any of them may be meant by pandas
"""
        in text
    )
    assert "      jax -> numpy 2.2.6\n      pandas -> numpy\n      scipy -> numpy 1.26.4\n" in text


def test_in_a_workspace_a_path_tells_whose_it_is() -> None:
    subject = project(
        locks=[
            lock(
                member(need("pandas", 2), name="api"),
                member(need("pandas", 2), name="jobs"),
                entry("pandas", edges=(need("numpy", 3),)),
                entry("numpy", direct=False),
            )
        ]
    )
    assert "pandas -> numpy  [of api, jobs]\n" in told(subject)


def test_each_lock_that_holds_it_has_its_part() -> None:
    subject = project(locks=[lock(entry("numpy"), path="a/uv.lock"), lock(entry("jax"), path="b/uv.lock")])
    assert re.findall("^In .*", told(subject), re.MULTILINE) == ["In a/uv.lock"]


def test_what_is_not_known_is_said() -> None:
    without = lock(entry("numpy", edges=None))
    assert "this format records no edges: what else needs it is not known\n" in told(project(locks=[without]))
    behind = entry("a", edges=(need("numpy", 2, gate="extra:x"),))
    unreached = lock(member(need("a", 1)), behind, entry("numpy", direct=False))
    assert "nothing that the project declares leads to it; a may need it, but" in told(project(locks=[unreached]))
    assert "leads to it" not in told(project(locks=[unreached]), "app")
    rootless = lock(entry("pandas", edges=(need("numpy", 1),)), entry("numpy"))
    assert "no manifest tells what the project asks for" in told(project(locks=[rootless]))


def test_a_direct_package_without_a_manifest_is_declared_by_its_members() -> None:
    assert "  declared by app\n" in told(project(locks=[lock(member(need("numpy", 1)), entry("numpy"))]))


def test_a_record_about_what_is_not_locked() -> None:
    text = told(project(record(), locks=[lock(entry("jax"))]))
    assert text.startswith("numpy\n  not locked\n\nDecisions in force\n  2026-11-22-numpy: ")
    assert "In uv.lock" not in text


def test_a_decision_that_does_not_decide_says_why() -> None:
    floor = record("2026-01-01-a", packages='{numpy: ">=1"}')
    elsewhere = record("2026-01-01-b", locks="[x/*]")
    other = record("2026-01-01-c", packages="{numpy: 1.0}")
    text = told(project(floor, elsewhere, other, locks=[lock(entry("numpy"))]))
    assert "has no upper bound, and so does not decide it, in uv.lock\n" in text
    assert "speaks of other locks only: x/*\n" in text
    assert "rejects what is locked in uv.lock\n" in text
    assert "review due since 2026-06-30\n" in text


def test_artifacts_are_verified_or_said_not_to_be() -> None:
    artifacts = "[{name: cuda, kind: driver, version: 535.1}]"
    text = told(project(record(packages="{}", artifacts=artifacts), locks=[lock(entry("numpy"))]), "cuda")
    assert "  cuda 535.1 (driver): Hold NumPy" in text
    assert "    unverified: the record names no file that holds it\n" in text
    assert "not locked" not in text
    held = artifacts.replace("535.1}", '535.1, file: Dockerfile, pattern: "cuda:{version}"}')
    subject = project(record(packages="{}", artifacts=held), files={"Dockerfile": "FROM cuda:535.2\n"})
    assert "    Dockerfile:1:11: 535.2 is another\n" in told(subject, "cuda")


def test_a_long_rationale_is_cut_at_words_and_lines_stay_short() -> None:
    subject = project(record(rationale="word " * 300), locks=[lock(entry("numpy"))])
    text = told(subject)
    assert 60 < text.count("word") < 90 and "word ...\n" in text
    assert max(map(len, text.splitlines())) <= 100
    spaceless = told(project(record(rationale="理" * 900), locks=[lock(entry("numpy"))]))
    assert spaceless.count("理") == 396


def test_what_files_say_is_escaped_on_every_line() -> None:
    evil = "::error::x " + "a " * 44 + "::error::y ##[error]z"
    comment = f"\x1b[31m {evil}"
    fields = {"title": json.dumps(evil), "rationale": json.dumps(evil)}
    pandas = entry("pandas", edges=(need("numpy", 2, marker=comment),))
    subject = project(
        record(**fields),
        locks=[lock(member(need("pandas", 1), need("numpy", 2), name="a\x1b"), pandas, entry("numpy"))],
        manifests=[manifest(requirement("numpy", comment=comment))],
    )
    explained = explain(subject, parse("numpy", subject))
    for text in (told(subject, everything=True), renderer("json")(explained, False, True)):
        assert "error" in text
        assert "\x1b" not in text and "##[" not in text
        assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]


def test_colour_is_there_only_when_it_is_asked_for() -> None:
    assert "\x1b[32;1mdecided\x1b[0m" in told(full(), color=True)
    assert "\x1b" not in told(full())


def test_json_is_the_contract() -> None:
    data = as_json(full())
    assert (data["version"], data["package"], data["asked"], data["artifacts"]) == (1, "numpy", None, [])
    (held,) = data["locks"]
    assert (held["lock"], held["state"], held["reached"]) == ("uv.lock", "decided", True)
    assert held["required"] == {"reason": "it is critical (num*)", "path": None, "line": None}
    assert (held["dependents"], held["dependencies"]) == (3, ["blas"])
    (locked,) = held["entries"]
    assert (locked["version"], locked["line"], locked["needed_by"]) == ("1.26.4", 15, ["app", "pandas", "pytest-np"])
    assert held["paths"][2] == {
        "groups": ["main"],
        "members": ["app"],
        "steps": [
            {"name": "seaborn", "version": "0.13.2", "line": 9, "extras": [], "marker": None},
            {"name": "pandas", "version": "2.0.2", "line": 5, "extras": [], "marker": None},
            {"name": "numpy", "version": "1.26.4", "line": 15, "extras": [], "marker": "python_version < '3.12'"},
        ],
    }
    assert [(each["kind"], each["line"], each["comment"]) for each in held["declared"]] == [
        ("requirement", 4, "until pandas 2.2"),
        ("constraint", 30, ""),
    ]
    (decision,) = data["decisions"]
    assert (decision["id"], decision["decides"], decision["accepts"]) == ("2026-11-22-numpy", ["uv.lock"], ["1.26.4"])
    assert decision["exit_criteria"][0] == {"locked": "tensorflow>=2.14"}
    assert [(each["id"], each["superseded_by"]) for each in data["superseded"]] == [
        ("2026-01-01-numpy", "2026-11-22-numpy")
    ]
    assert [(each["version"], each["record"]) for each in data["attempts"]] == [("2.2.6", "2026-11-22-numpy")]


def test_json_tells_unknown_from_none() -> None:
    (held,) = as_json(project(locks=[lock(entry("numpy", edges=None))]))["locks"]
    assert [held[key] for key in ("paths", "reached", "dependents", "dependencies", "required")] == [None] * 5
    assert held["entries"][0]["needed_by"] is None
    (empty,) = as_json(project(locks=[lock(entry("numpy"))]))["locks"]
    assert [empty[key] for key in ("paths", "dependents", "dependencies")] == [[], 0, []]


def test_json_about_a_version() -> None:
    asked = as_json(full(), "numpy==2.2.6")["asked"]
    assert (asked["locked"], asked["accepted_by"], asked["rejected_by"]) == ([], [], ["2026-11-22-numpy"])
    assert asked["options"] == [
        {
            "record": "2026-11-22-numpy",
            "option": "NumPy 2.2.6",
            "verdict": "rejected",
            "because": "It breaks pandas.",
        }
    ]
    assert [attempt["outcome"] for attempt in asked["attempts"]] == ["failed"]


def _keys(value: Any) -> set[str]:
    if isinstance(value, list):
        return {key for item in value for key in _keys(item)}
    if isinstance(value, dict):
        return set(value) | {key for item in value.values() for key in _keys(item)}
    return set()


def test_every_key_of_the_json_is_documented() -> None:
    artifacts = "[{name: numpy, kind: other, version: 1.0}]"
    said = as_json(
        project(*full().records, record("2026-11-22-x", artifacts=artifacts), locks=[graph()]), "numpy==2.2.6"
    )
    said |= {"locks": said["locks"] + as_json(full())["locks"]}
    section = REFERENCE.read_text(encoding="utf-8").partition("## whypin explain")[2].partition("\n## ")[0]
    shared = {"source", "index", "direct", "groups", "decisions", "lock", "state"}  # told under `list`
    assert said["artifacts"] and said["asked"]["options"]
    assert _keys(said) - {"version"} - shared <= set(re.findall(r"`(\w+)`", section))


def test_a_requirement_in_several_groups_is_told_once() -> None:
    needs = [requirement("numpy", "<2", 4, group=group) for group in ("group:test", "group:dev")]
    text = told(project(locks=[lock(entry("numpy"))], manifests=[manifest(*needs)]))
    assert text.count("declared as") == 1
    assert "pyproject.toml:4:1: declared as numpy <2, in group:dev, group:test\n" in text


def test_in_a_circle_the_package_that_is_asked_for_is_needed_in_turn() -> None:
    entries = (entry("numpy", edges=(need("scipy", 1),)), entry("scipy", direct=False, edges=(need("numpy", 0),)))
    assert "  only what it needs itself needs it in turn: scipy\n" in told(
        project(locks=[lock(*entries, roots=(need("numpy", 0),))])
    )


def test_the_evidence_of_a_trial_keeps_its_lines_and_names_its_log() -> None:
    attempt = "{date: 2026-11-20, package: numpy, version: 2.2.6, outcome: passed, evidence: 'ONE', log: a/log.txt}"
    few = project(
        record(
            packages="{numpy: 1.26.4}",
            attempts=f"[{attempt.replace('ONE', '1 passed#Open: x')}]".replace("#", "\n\n  "),
        )
    )
    assert "    1 passed\n    Open: x\n" in told(few)
    many = project(
        record(packages="{numpy: 1.26.4}", attempts=f"[{attempt.replace('ONE', 'a#b#c#d#e')}]".replace("#", "\n\n  "))
    )
    assert "    d\n    and more in a/log.txt\n" in told(many)
