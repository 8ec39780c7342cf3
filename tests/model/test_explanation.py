"""What a project knows about one package."""

from __future__ import annotations

from datetime import date

import pytest

from tests.build import entry, lock, manifest, override, project, record, requirement
from whypin.model.explanation import Explanation, Question, explain, parse
from whypin.model.location import Location
from whypin.model.project import Project
from whypin.model.tree import Problem

LOCK = lock(entry("numpy"))


def asked(subject: Project, text: str = "numpy") -> Explanation:
    """Return what the project knows about what was typed."""
    return explain(subject, parse(text, subject))


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("My_Package", "my-package", None),
        ("numpy==1.24.3", "numpy", "1.24.3"),
        (" numpy == 1.24.3 ", "numpy", "1.24.3"),
        ("conda:_libgcc_mutex", "conda:_libgcc_mutex", None),
    ],
)
def test_a_question_is_a_name_or_a_version_of_it(text: str, name: str, version: str | None) -> None:
    assert parse(text, project()) == Question(name, version)


def test_a_name_of_conda_may_be_typed_as_conda_writes_it() -> None:
    subject = project(locks=[lock(entry("python_abi", source="conda"), entry("typing-extensions"))])
    assert asked(subject, "python_abi").question.name == "conda:python_abi"
    assert asked(subject, "typing_extensions").question.name == "typing-extensions"


@pytest.mark.parametrize(
    "text", ["", "numpy>=1.2", "numpy==", "numpy==new", "==1.0", "a b", "../x", "nümpy", "x" * 300]
)
def test_anything_else_is_no_question(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        parse(text, project())


def test_decisions_in_force_tell_where_they_decide_accept_and_reject() -> None:
    other = lock(entry("numpy", "2.2.6"), path="other/uv.lock")
    subject = project(
        record("2026-01-01-exact"),
        record("2026-01-02-floor", packages='{numpy: ">=1.20"}'),
        record("2026-01-03-scoped", locks="[elsewhere/*]"),
        locks=[LOCK, other],
    )
    found = {decision.record.id: decision for decision in asked(subject).decisions}
    assert list(found) == ["2026-01-03-scoped", "2026-01-01-exact", "2026-01-02-floor"], "exact ones first, then newer"
    exact, floor, scoped = (found[f"2026-01-0{day}"] for day in ("1-exact", "2-floor", "3-scoped"))
    assert (exact.decides, exact.accepts, exact.rejects) == (("uv.lock",), (), ("other/uv.lock",))
    assert (floor.decides, floor.accepts, floor.rejects) == ((), ("uv.lock", "other/uv.lock"), ())
    assert (scoped.decides, scoped.accepts, scoped.rejects) == ((), (), ())
    assert exact.review_by == date(2026, 6, 30)


def test_what_is_superseded_or_proposed_is_not_in_force() -> None:
    subject = project(
        record("2026-01-01-old"),
        record("2026-02-01-new", supersedes="[2026-01-01-old]"),
        record("2026-03-01-idea", status="proposed"),
        locks=[LOCK],
    )
    found = asked(subject)
    assert [decision.record.id for decision in found.decisions] == ["2026-02-01-new"]
    assert [each.id for each in found.others] == ["2026-03-01-idea", "2026-01-01-old"]
    assert found.replaced_by(found.others[1]) == "2026-02-01-new"


def test_only_locks_that_hold_the_package_are_told_with_what_their_manifests_say() -> None:
    subject = project(
        locks=[lock(entry("pandas"), path="a/uv.lock"), LOCK],
        manifests=[
            manifest(
                requirement("numpy", "<2", 7, comment="ABI"), requirement("pandas"), override("override", "numpy")
            ),
            manifest(requirement("numpy", "<3"), path="a/pyproject.toml", locks=("a/uv.lock",)),
        ],
    )
    (holding,) = asked(subject).holdings
    assert holding.package.lock.path == "uv.lock"
    assert [(each.location.line, each.comment) for each in holding.declared] == [(7, "ABI")]
    assert [each.kind for each in holding.overrides] == ["override"]


def test_the_setting_that_asks_is_told_where_there_is_one() -> None:
    def place(*keys: str | int) -> Location:
        return Location(".".join(map(str, keys)))

    (holding,) = asked(project(locks=[LOCK], policy={"critical": ("numpy",)}, path="x", place=place)).holdings
    assert holding.asked_at == Location("policy.critical.0")
    (unset,) = asked(project(locks=[LOCK])).holdings
    assert unset.asked_at is None


def test_attempts_of_all_records_are_told_newest_first() -> None:
    def attempt(day: str, version: str, package: str = "numpy") -> str:
        return f"{{date: {day}, package: {package}, version: {version}, outcome: failed}}"

    subject = project(
        record("2026-01-01-a", attempts=f"[{attempt('2026-01-02', '1.0')}, {attempt('2026-01-02', '1.1')}]"),
        record("2026-01-01-b", packages="{tensorflow: 2.12.0}", attempts=f"[{attempt('2026-03-01', '1.2')}]"),
        record("2026-01-01-c", packages="{jax: 1.0}", attempts=f"[{attempt('2026-04-01', '9', 'jax')}]"),
        locks=[LOCK],
    )
    assert [attempt.version for _, attempt in asked(subject).attempts] == ["1.2", "1.1", "1.0"]


def test_one_version_is_held_against_records_options_and_attempts() -> None:
    options = (
        "[{option: numpy 1.24.30, verdict: rejected, because: too new},"
        " {option: Move on, verdict: rejected, because: 1.24.3 fails.}]"
    )
    attempts = "[{date: 2026-01-01, package: numpy, version: 1.24.3.0, outcome: failed}]"
    indexed = "{numpy: [{version: 1.24.3, index: 'https://index.example/simple'}]}"
    subject = project(
        record("2026-01-01-a", considered_options=options, attempts=attempts),
        record("2026-01-01-b", packages=indexed),
        locks=[LOCK],
    )
    about = asked(subject, "numpy==1.24.3").about_version
    assert about is not None
    assert {each.id: answer for each, answer in about.answers} == {
        "2026-01-01-a": "rejects",
        "2026-01-01-b": "accepts",
    }
    assert [option.option for _, option in about.options] == ["Move on"]
    assert (len(about.attempts), about.locked) == (1, ())
    locked = asked(subject, "numpy==1.26.4.0").about_version
    assert locked is not None and locked.locked == ("uv.lock",)


def test_conda_is_meant_where_no_index_has_such_a_package() -> None:
    conda = entry("numpy", source="conda")
    assert asked(project(locks=[lock(conda)])).question.name == "conda:numpy"
    both = asked(project(locks=[lock(conda, entry("numpy"))]))
    assert (both.question.name, both.in_conda) == ("numpy", True)


def test_an_artifact_is_verified_by_its_file() -> None:
    text = '[{name: cuda, kind: image, version: 12.1.1, file: Dockerfile, pattern: "cuda:{version}-"}]'
    subject = project(record("2026-01-01-cuda", packages="{}", artifacts=text), locks=[LOCK])

    def read(files: dict[str, str | Problem]) -> tuple[list[tuple[int, str, bool]], str]:
        subject.files = files
        (stated,) = asked(subject, "CUDA").artifacts
        return [(place.line, version, good) for place, version, good in stated.places], stated.problem

    held = read({"Dockerfile": "FROM cuda:12.1.1-base\nFROM cuda:12.2.0-base\n"})
    assert held == ([(1, "12.1.1", True), (2, "12.2.0", False)], "")
    assert read({"Dockerfile": "FROM python\n"}) == ([], "the pattern matches nothing in it")
    assert read({"Dockerfile": Problem(1, 1, "lies outside the root")}) == ([], "lies outside the root")
    assert read({}) == ([], "there is no such file")


def test_what_nobody_knows_is_not_known() -> None:
    subject = project(record("2026-01-01-jax", packages="{jax: 1.0}"), locks=[LOCK])
    assert asked(subject, "jax").known
    assert asked(subject, "numpy").known
    assert not asked(subject, "nunpy").known
