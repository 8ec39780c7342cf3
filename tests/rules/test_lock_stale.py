"""WHY206: a lock that does not hold what the manifest declares."""

from __future__ import annotations

import pytest

from tests.build import TODAY, entry, found, lock, manifest, project, requirement
from tests.corpus import CORPUS, needs_corpus, projects
from whypin import rules
from whypin.errors import WhypinError
from whypin.locks import is_candidate
from whypin.model.project import Project
from whypin.rules.lock_stale import RULE
from whypin.workspace import Workspace

LOCK = lock(entry("numpy", line=12), content_hash="ab" * 32)


def test_what_is_not_held_is_reported_at_its_line_in_the_manifest() -> None:
    subject = project(locks=[LOCK], manifests=[manifest(requirement("numpy"), requirement("pandas", ">=2", line=8))])
    [finding] = found(RULE, subject)
    assert str(finding.location) == "pyproject.toml:8:1"
    assert finding.message == "pandas is declared, and uv.lock does not hold it"
    assert finding.fix == "run uv lock and commit both"
    assert finding.package == "pandas"


def test_what_is_held_outside_of_the_specifier_is_told_with_its_version() -> None:
    subject = project(locks=[LOCK], manifests=[manifest(requirement("numpy", ">=2", written="^2"))])
    [finding] = found(RULE, subject)
    assert finding.message == "uv.lock holds numpy 1.26.4, and ^2 is declared"


def test_a_fresh_lock_is_quiet() -> None:
    assert found(RULE, project(locks=[LOCK], manifests=[manifest(requirement("numpy", ">=1.26"))])) == []


def test_without_a_lock_nothing_is_stale() -> None:
    assert found(RULE, project(manifests=[manifest(requirement("numpy"), locks=())])) == []


@pytest.mark.parametrize(
    ("lock_format", "path", "fix"),
    [
        ("poetry", "poetry.lock", "run poetry lock and commit both"),
        ("uv", "tools/gen.py.lock", "run uv lock --script gen.py in tools and commit both"),
        ("pdm", "api/pdm.lock", "run pdm lock in api and commit both"),
        ("requirements", "requirements.txt", "run pip-compile or uv pip compile and commit both"),
        ("pylock", "pylock.toml", "run the command that wrote it and commit both"),
    ],
)
def test_the_fix_is_the_command_of_the_tool(lock_format: str, path: str, fix: str) -> None:
    subject = project(
        locks=[lock(format=lock_format, path=path)], manifests=[manifest(requirement("numpy"), locks=[path])]
    )
    assert [finding.fix for finding in found(RULE, subject)] == [fix]


def test_several_groups_at_one_place_are_one_finding() -> None:
    needs = [requirement("pandas", group=group) for group in ("group:dev", "group:test")]
    assert len(found(RULE, project(locks=[LOCK], manifests=[manifest(*needs)]))) == 1


def test_several_locks_are_one_finding_each() -> None:
    locks = [lock(path=f"{folder}/uv.lock") for folder in ("a", "b")]
    subject = project(locks=locks, manifests=[manifest(requirement("numpy"), locks=["a/uv.lock", "b/uv.lock"])])
    assert [finding.fix for finding in found(RULE, subject)] == [
        "run uv lock in a and commit both",
        "run uv lock in b and commit both",
    ]


def hashed(*given: tuple[str, str], specifier: str = "") -> Project:
    return project(locks=[LOCK], manifests=[manifest(requirement("numpy", specifier), hashes=given)])


def test_a_hash_that_differs_alone_is_a_warning_at_the_lock() -> None:
    [finding] = rules.run(hashed(("uv", "cd" * 32)))
    assert (finding.code, finding.severity, str(finding.location)) == ("WHY206", "warning", "uv.lock:1:1")
    assert finding.message == "pyproject.toml has changed since uv.lock was made from it: the content hash differs"


def test_beside_names_and_versions_the_hash_says_nothing_more() -> None:
    findings = rules.run(hashed(("uv", "cd" * 32), specifier=">=2"))
    assert [(finding.severity, finding.location.path) for finding in findings] == [("error", "pyproject.toml")]


@pytest.mark.parametrize(
    "given",
    [(), (("uv", "cd" * 32), ("uv", "ab" * 32)), (("poetry", "cd" * 32),), (("uv", "md5:cd"),)],
    ids=["none known", "one of the ways gives it", "of another tool", "of another algorithm"],
)
def test_a_hash_that_proves_nothing_is_quiet(given: tuple[tuple[str, str], ...]) -> None:
    assert rules.run(hashed(*given)) == ()


@pytest.mark.parametrize(("setting", "expected"), [("error", ["error"]), ("warning", ["warning"]), ("off", [])])
def test_the_settings_have_the_last_word_on_the_severity(setting: str, expected: list[str]) -> None:
    subject = project(
        locks=[LOCK],
        manifests=[manifest(requirement("numpy"), hashes=(("uv", "cd" * 32),))],
        rules={"WHY206": setting},
    )
    assert [finding.severity for finding in rules.run(subject)] == expected


#: What is stale in the corpus, looked at one by one: the others were locked from the manifests beside them.
STALE = {
    "poetry.lock/SeldonIO__MLServer__runtimes-mlflow": {"uvicorn"},
    "pylock.toml/ISARICResearch__VERTEX": {
        "pyjwt",
        "cryptography",
        "sphinxcontrib-email",
        "sphinxext-remoteliteralinclude",
    },
    "pylock.toml/pypa__pipenv": {"urllib3", "requests"},
    "pylock.toml/pypa__pipenv__examples": {"requests", "urllib3", "certifi", "idna", "charset-normalizer", "pytest"},
    "uv.lock/NovaSky-AI__SkyRL__skyrl-agent": {"ray"},
    # Locked by a uv that did not know dependency groups yet.
    "same-project/uv-history/0.2.20": {"pytest", "ruff"},
    "same-project/uv-history/0.2.37": {"pytest", "ruff"},
}
FORMATS = (
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
    "pylock.toml",
    "requirements",
    "conda-lock.yml",
    "pixi.lock",
)


@needs_corpus
@pytest.mark.parametrize("folder", sorted({folder for name in FORMATS for folder, _ in projects(name)}))
def test_no_false_alarm_on_real_projects(folder: str) -> None:
    try:
        subject = Workspace(str(CORPUS / folder)).load(on_day=TODAY)
    except WhypinError as error:
        assert error.where is not None
        assert is_candidate(error.where.path)
        pytest.skip("a lock of this folder cannot be read, and has to say so: tests/locks")
    assert {finding.package for finding in RULE.check(subject)} == STALE.get(folder, set())
