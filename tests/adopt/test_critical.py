"""What is proposed as critical: by what the locks and manifests show, never by a name."""

from __future__ import annotations

from tests.build import entry, lock, manifest, override, project, requirement
from whypin.adopt.critical import MOST, propose
from whypin.model.lock import Edge, Entry


def needs(*targets: int) -> tuple[Edge, ...]:
    return tuple(Edge(f"p{target}", (target,)) for target in targets)


def said(*entries: Entry, **more: object) -> dict[str, str]:
    subject = project(locks=[lock(*entries)], **more)  # type: ignore[arg-type]
    return {proposal.name: proposal.why for proposal in propose(subject).critical}


def test_much_depends_on_it() -> None:
    users = [entry(f"u{number}", direct=False, edges=needs(0)) for number in range(12)]
    assert said(entry("base"), *users) == {"base": "12 locked packages need it"}


def test_it_brings_much() -> None:
    brought = [entry(f"b{number}", direct=False) for number in range(24)]
    assert said(entry("frame", edges=needs(*range(1, 25))), *brought) == {"frame": "it brings 24 packages"}


def test_a_cap_an_override_forks_and_other_sources_tell() -> None:
    subject = project(
        locks=[
            lock(
                entry("capped", index="https://index.example/simple"),
                entry("forked", "1.0", index="https://index.example/simple"),
                entry("forked", "2.0", index="https://index.example/simple"),
                entry("patched", source="git", ref="https://git.example/patched@0123"),
                entry("nightly", index="https://nightly.example/simple"),
                entry("held"),
                entry("plain", index="https://index.example/simple"),
            )
        ],
        manifests=[manifest(requirement("capped", "<2"), requirement("plain"), override("override", "held", ">=3"))],
    )
    assert {proposal.name: proposal.why for proposal in propose(subject).critical} == {
        "capped": "pyproject.toml holds it at <2",
        "forked": "locked at 2 versions",
        "held": "pyproject.toml has an override for it",
        "nightly": "comes from another index than the rest",
        "patched": "comes from a repository",
    }


def test_what_the_team_explained_counts() -> None:
    subject = project(locks=[lock(*(entry(name) for name in ("a", "b")))])
    assert [proposal.why for proposal in propose(subject, {"b"}).critical] == ["a comment says why it is held"]


def test_what_nobody_chose_for_production_is_no_candidate() -> None:
    asked = propose(
        project(
            locks=[
                lock(
                    entry("dev", groups=("group:dev",), source="git"),
                    entry("transitive", direct=False, source="git"),
                    entry("own", member=True, source="virtual"),
                    entry("tree", source="editable"),
                    entry("unversioned", None, source="git"),
                    entry('bad"\nname', source="git"),
                )
            ]
        )
    )
    assert asked == ((), 0)


def test_a_handful_that_nothing_tells_apart_are_all_asked_for() -> None:
    assert propose(project(locks=[lock(*(entry(f"p{number}") for number in range(4)))])) == ((), 4)


def test_the_list_is_short_and_its_order_is_by_weight_and_name() -> None:
    entries = [entry(f"p{number:02}", source="git") for number in range(30)]
    asked = propose(project(locks=[lock(*entries, entry("top", edges=needs(*range(30))))]))
    assert (len(asked.critical), asked.candidates) == (MOST, 31)
    assert [proposal.name for proposal in asked.critical[:3]] == ["p00", "p01", "p02"]


def test_what_a_file_says_cannot_leave_the_line() -> None:
    path = "re\nquire\u202e.in"
    subject = project(
        locks=[lock(entry("numpy"))], manifests=[manifest(requirement("numpy", "<2"), path=path, locks=["uv.lock"])]
    )
    (proposal,) = propose(subject).critical
    assert proposal.why == "re?quire?.in holds it at <2"
