"""Drafts as records: one for each text, with the words and their source, and nothing that nobody said."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.build import entry, lock, manifest, project, record, requirement
from whypin.app.drafted import Drafted, Told, from_comments, from_others
from whypin.drafts.draft import Draft, Facts
from whypin.model.project import Project
from whypin.model.record import NOBODY, ExitCriterion, Origin

BREAKS = "2.0 breaks our extension, see https://git.example/app/issues/7"


def drafted(subject: Project) -> list[Drafted]:
    return list(from_comments(subject, "decisions"))


def one(*requirements: object, **more: object) -> Project:
    return project(locks=[lock(entry("numpy"), entry("scipy", "1.11.0"))], manifests=[manifest(*requirements)], **more)  # type: ignore[arg-type]


def test_the_words_and_their_source_are_kept_and_no_reason_is_made_of_them() -> None:
    (found,) = drafted(one(requirement("numpy", "<2", 7, comment=BREAKS)))
    said = found.record
    assert (said.id, said.status, said.rationale, said.deciders) == ("2026-11-22-numpy", "proposed", "", (NOBODY,))
    assert [item.text for item in said.packages["numpy"]] == ["<2"]
    assert f"> {BREAKS}" in said.context and "pyproject.toml, line 7" in said.context
    assert said.links == ("https://git.example/app/issues/7",)
    assert said.source is not None and (said.source.file, said.source.line) == ("pyproject.toml", 7)
    assert (found.where, found.sure) == ("pyproject.toml:7", "high")


def test_a_comment_above_several_lines_is_one_draft_for_all_of_them() -> None:
    subject = one(requirement("numpy", "<2", 7, comment=BREAKS), requirement("scipy", "<1.12", 8, comment=BREAKS))
    (found,) = drafted(subject)
    assert {name: items[0].text for name, items in found.record.packages.items()} == {"numpy": "<2", "scipy": "<1.12"}
    assert found.record.title == "Hold numpy and scipy where they are"


def test_an_exact_pin_is_a_version_and_what_another_line_adds_is_seen_in_the_lock() -> None:
    subject = project(
        locks=[lock(entry("numpy", "1.26.4"), entry("torch", "2.1.0"), entry("torch", "2.2.0"))],
        manifests=[
            manifest(
                requirement("numpy", "==1.26.4", 3, comment=BREAKS),
                requirement("torch", "==2.1.0", 5, comment=f"torch {BREAKS}", marker="sys_platform == 'win32'"),
            )
        ],
    )
    held = {name: [i.text for i in items] for each in drafted(subject) for name, items in each.record.packages.items()}
    assert held == {"numpy": ["1.26.4"], "torch": ["2.1.0", "2.2.0"]}


def test_a_repository_is_held_at_its_locked_version() -> None:
    url = "git+https://git.example/numpy@main"
    (found,) = drafted(one(requirement("numpy", "", 7, url=url, comment=BREAKS)))
    assert [item.text for item in found.record.packages["numpy"]] == ["1.26.4"]


def test_what_a_record_names_already_is_left_out_whatever_became_of_it() -> None:
    subject = one(requirement("numpy", "<2", 7, comment=BREAKS))
    rejected = record(status="rejected")
    assert drafted(project(rejected, locks=subject.locks, manifests=subject.manifests)) == []


def test_names_of_files_are_free_and_plain() -> None:
    noted = [
        requirement("numpy", "<2", 7, comment=BREAKS),
        requirement("numpy", "!=1.25.1", 9, comment="1.25.1 crashes on import, https://git.example/app/issues/8"),
        requirement("_lib_x", "<2", 11, conda=True, comment=f"lib-x {BREAKS}"),
    ]
    assert [each.record.path for each in drafted(one(*noted))] == [
        "decisions/2026-11-22-numpy.yaml",
        "decisions/2026-11-22-numpy-2.yaml",
        "decisions/2026-11-22-conda-_lib_x.yaml",
    ]


def test_with_several_locks_it_speaks_of_those_of_its_manifest() -> None:
    subject = project(
        locks=[lock(entry("numpy")), lock(entry("numpy", "2.1.0"), path="b/uv.lock")],
        manifests=[manifest(requirement("numpy", "<2", 7, comment=BREAKS))],
    )
    (found,) = drafted(subject)
    assert found.record.locks == ("uv.lock",)


def test_a_comment_that_gives_no_reason_makes_no_record() -> None:
    assert drafted(one(requirement("numpy", "<2", 7, comment="numerics"), requirement("scipy", "<2", 8))) == []


def test_an_owner_decides_where_the_settings_name_one() -> None:
    (found,) = drafted(one(requirement("numpy", "<2", 7, comment=BREAKS), owners={"num*": ("numerics",)}))
    assert found.record.deciders == ("numerics",)


COMMIT = Origin("", None, "c0ffee" * 6 + "abcd")
RULE = Origin("renovate.json", 4, "")


def from_told(subject: Project, *told: Told) -> list[Drafted]:
    return list(from_others(subject, "decisions", told, from_comments(subject, "decisions")))


def said(package: str = "numpy", specifier: str = "<2", source: Origin = COMMIT, **more: Any) -> Draft:
    given: dict[str, Any] = {"quote": BREAKS, "sure": "medium"} | more
    return Draft(package, specifier, source=source, **given)


def test_a_commit_gives_its_hash_its_words_and_failed_attempts_on_its_day() -> None:
    facts = Facts(
        links=("https://git.example/app/issues/7", "#7"),
        failing_versions=("2.0", "2.x"),
        lapses=ExitCriterion("locked", "scipy>=1.13"),
        security=True,
    )
    (found,) = from_told(one(requirement("numpy", "<2", 7)), Told(said(facts=facts), ("uv.lock",), "2026-01-05"))
    kept = found.record
    assert (kept.status, kept.rationale, kept.deciders) == ("proposed", "", (NOBODY,))
    assert kept.source == COMMIT and f"> {BREAKS}" in kept.context and f"commit {COMMIT.commit}" in kept.context
    (attempt,) = kept.attempts
    assert (attempt.date, attempt.package, attempt.version) == (date(2026, 1, 5), "numpy", "2.0")
    assert (attempt.outcome, attempt.evidence) == ("failed", BREAKS)
    assert [(option.option, option.verdict) for option in kept.considered_options] == [("numpy 2.x", "rejected")]
    assert (kept.links, kept.exit_criteria) == (("https://git.example/app/issues/7",), (facts.lapses,))
    assert kept.tags == ("security",)
    assert (found.where, found.sure) == ("commit c0ffeec0f", "medium")


def test_a_rule_has_no_day_so_what_fails_is_an_option() -> None:
    draft = said(source=RULE, facts=Facts(failing_versions=("2.0",)))
    (found,) = from_told(one(), Told(draft))
    assert found.record.attempts == ()
    assert found.record.considered_options[0].because == f"The rule says so: {BREAKS}"
    assert (found.where, found.record.source) == ("renovate.json:4", RULE)


def test_a_rule_that_names_no_versions_holds_those_that_are_locked() -> None:
    (found,) = from_told(one(), Told(said("scipy", "", RULE)))
    assert [item.text for item in found.record.packages["scipy"]] == ["1.11.0"]


def test_one_commit_is_one_record_and_as_sure_as_it_is_of_the_least() -> None:
    (found,) = from_told(one(), Told(said(sure="high")), Told(said("scipy", "<1.12", sure="low")))
    assert (set(found.record.packages), found.sure) == ({"numpy", "scipy"}, "low")
    assert "perhaps" in found.record.context


def test_a_comment_goes_before_a_commit_and_a_commit_before_a_rule() -> None:
    subject = one(requirement("numpy", "<2", 7, comment=BREAKS))
    told = (Told(said()), Told(said("scipy", "<1.12")), Told(said("scipy", "<1.13", RULE)))
    (found,) = from_told(subject, *told)
    assert [item.text for item in found.record.packages["scipy"]] == ["<1.12"]
    assert from_told(project(record(status="rejected"), locks=subject.locks), Told(said())) == []


def test_its_file_is_free_beside_those_of_comments() -> None:
    subject = one(requirement("numpy", "<2", 7, comment=BREAKS))
    (found,) = from_told(subject, Told(said("NumPy", "<2")))
    assert found.record.id == "2026-11-22-numpy-2"


def test_with_several_locks_a_commit_speaks_of_its_own_and_a_rule_of_all() -> None:
    subject = project(locks=[lock(entry("numpy")), lock(entry("scipy", "1.11.0"), path="b/uv.lock")])
    first, second = from_told(subject, Told(said(), ("uv.lock",)), Told(said("scipy", "<2", RULE)))
    assert (first.record.locks, second.record.locks) == (("uv.lock",), ())
