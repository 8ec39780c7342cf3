"""Which requirements a lock no longer holds: names and versions, after groups, overrides and markers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.build import entry, lock, manifest, override, project, requirement
from whypin.model.lock import Entry, Lock
from whypin.model.manifest import Manifest, Override, Requirement

Declared = Requirement | Override
WIN = "sys_platform == 'win32'"
OLD = "python_version < '3.9'"


def stale(declared: list[Declared], entries: list[Entry], of: dict[str, Any] | None = None, **fields: Any) -> list[str]:
    """Return `name problem` for a manifest with `fields` and a lock with the fields `of`."""
    path = (of or {}).get("path", "uv.lock")
    subject = project(locks=[lock(*entries, **(of or {}))], manifests=[manifest(*declared, locks=[path], **fields)])
    return [f"{each.requirement.name} {each.problem}" for each in subject.stale]


def test_a_fresh_lock_holds_everything_as_declared() -> None:
    assert stale([requirement("numpy", ">=1.26"), requirement("pandas")], [entry("numpy"), entry("pandas")]) == []


def test_what_is_declared_and_not_held() -> None:
    assert stale([requirement("numpy"), requirement("pandas")], [entry("numpy")]) == ["pandas not-locked"]


@pytest.mark.parametrize(
    ("specifier", "version", "problems"),
    [
        (">=1.26,<2", "1.26.4", []),
        (">=2", "1.26.4", ["numpy outside"]),
        ("==2.1.0", "2.1.0+cu118", []),
        ("==2.1.0+cu121", "2.1.0+cu118", ["numpy outside"]),
        (">=2.0", "2.0rc1", ["numpy outside"]),
        (">=1.26", "2.0rc1", []),
        (">=2", None, []),
        (">=2", "not.a.version!", []),
        ("", "1.26.4", []),
    ],
)
def test_versions(specifier: str, version: str | None, problems: list[str]) -> None:
    assert stale([requirement("numpy", specifier)], [entry("numpy", version)]) == problems


def test_entries_that_are_not_admitted_are_told() -> None:
    forks = lock(entry("numpy", "1.26.4"), entry("numpy", "2.2.6"))
    subject = project(locks=[forks], manifests=[manifest(requirement("numpy", ">=2"))])
    [found] = subject.stale
    assert [each.version for each in found.entries] == ["1.26.4"]
    assert (found.manifest.path, found.lock.path) == ("pyproject.toml", "uv.lock")


FORKS = [entry("numpy", "1.26.4"), entry("numpy", "2.2.6")]


@pytest.mark.parametrize(
    ("need", "of", "problems"),
    [
        (requirement("numpy", ">=2"), {}, ["numpy outside"]),
        (requirement("numpy", ">=2", marker="python_version >= '3.11'"), {}, []),
        (requirement("numpy", ">=2"), {"conflicts": True}, []),
        (requirement("numpy", ">=3"), {"conflicts": True}, ["numpy outside"]),
        (requirement("numpy", ">=3", marker="python_version >= '3.11'"), {}, ["numpy outside"]),
    ],
    ids=["all forks", "marker: one of them", "conflicts: one of them", "conflicts: none", "marker: none"],
)
def test_forks(need: Requirement, of: dict[str, Any], problems: list[str]) -> None:
    assert stale([need], FORKS, of) == problems


def test_a_fork_that_only_another_package_asks_for_need_not_fit() -> None:
    entries = [entry("numpy", "2.2.6"), entry("numpy", "1.26.4", direct=False)]
    assert stale([requirement("numpy", ">=2")], entries) == []


@pytest.mark.parametrize(
    ("marker", "python", "problems"),
    [
        (WIN, None, ["numpy not-locked"]),
        (WIN, ">=3.11", ["numpy not-locked"]),
        (OLD, None, ["numpy not-locked"]),
        (OLD, ">=3.11", []),
        ("python_full_version < '3.11.5'", ">=3.11.4,<3.12", []),
        ("sys_platform == 'emscripten'", None, []),
        ("extra == 'gpu'", None, []),
        ("platform_machine == 'arm64' and implementation_name == 'pypy'", None, ["numpy not-locked"]),
        ("this is no marker", None, []),
        (WIN, "not a python", []),
    ],
)
def test_a_universal_lock_holds_what_can_be_needed_somewhere(
    marker: str, python: str | None, problems: list[str]
) -> None:
    assert stale([requirement("numpy", marker=marker)], [], requires_python=python) == problems


@pytest.mark.parametrize(
    ("marker", "of", "fields", "problems"),
    [
        (WIN, {"universal": False}, {}, []),
        (OLD, {"universal": False}, {"requires_python": "<3.9"}, ["numpy not-locked"]),
        (WIN, {}, {"environments": True}, []),
    ],
    ids=["one environment", "one environment, true in all", "some environments only"],
)
def test_a_lock_for_some_environments_holds_what_is_needed_in_all(
    marker: str, of: dict[str, Any], fields: dict[str, Any], problems: list[str]
) -> None:
    assert stale([requirement("numpy", marker=marker)], [], of, **fields) == problems


def test_a_requirement_for_another_environment_may_be_held_in_any_version() -> None:
    need = requirement("numpy", "~=2.1.0", marker="python_version <= '3.13'")
    assert stale([need], [entry("numpy", "2.5.1")], {"universal": False}) == []


@pytest.mark.parametrize(
    ("declared", "problems"),
    [
        ([requirement("numpy", "<2"), override("override", "numpy", ">=2")], []),
        ([requirement("numpy", ">=2"), override("override", "numpy", "<2")], ["numpy outside"]),
        ([requirement("numpy", "<2"), override("constraint", "numpy", ">=2")], ["numpy outside"]),
        (
            [requirement("numpy", "<2"), override("override", "numpy", ">=2")._replace(parent="pandas")],
            ["numpy outside"],
        ),
        ([requirement("gone"), override("exclude", "gone")], []),
        ([requirement("gone"), override("override", "gone", marker="sys_platform == 'never'")], []),
    ],
    ids=["replaced", "replaced by what is not held", "a constraint", "for another", "excluded", "never"],
)
def test_overrides(declared: list[Declared], problems: list[str]) -> None:
    assert stale(declared, [entry("numpy", "2.2.6")]) == problems


@pytest.mark.parametrize(
    ("need", "of", "problems"),
    [
        (requirement("pytest", group="group:dev"), {"covers": ("main",)}, []),
        (requirement("pytest", group="group:dev"), {"covers": ("main", "group:dev")}, ["pytest not-locked"]),
        (requirement("pytest", group="group:dev"), {}, ["pytest not-locked"]),
        (requirement("pytest", group="group:dev"), {"format": "requirements"}, []),
        (requirement("pytest"), {"format": "requirements"}, ["pytest not-locked"]),
        (requirement("ruff", group="group:lint"), {"format": "requirements"}, ["ruff not-locked"]),
        (requirement("setuptools"), {"format": "requirements"}, []),
        (requirement("setuptools"), {}, ["setuptools not-locked"]),
    ],
)
def test_only_groups_that_the_lock_was_made_for_count(
    need: Requirement, of: dict[str, Any], problems: list[str]
) -> None:
    locked = [entry("numpy", groups=("main", "group:dev")), entry("mypy", groups=("group:lint",))]
    assert stale([need], locked, of) == problems


def test_what_another_group_includes_is_not_asked_for_where_its_own_is_not_covered() -> None:
    needs = [requirement("copier", group=group) for group in ("extra:copier", "extra:all")]
    assert stale(list(needs), [], {"covers": ("main", "extra:all")}) == []


def test_the_projects_own_trees_are_never_missed() -> None:
    own = [requirement("app"), requirement("lib"), requirement("tools", url="../tools", tree=True)]
    beside = manifest(path="lib/pyproject.toml", project="lib")
    assert project(locks=[lock()], manifests=[manifest(*own), beside]).stale == ()


@pytest.mark.parametrize(("member", "problems"), [(True, ["pytest"]), (False, [])])
def test_development_of_a_source_tree_is_the_locks_business_only_in_a_member(member: bool, problems: list[str]) -> None:
    tree = entry("lib", None, source="editable", ref="libs/lib", member=member)
    lib = manifest(requirement("pytest", group="group:dev"), path="libs/lib/pyproject.toml", project="lib")
    found = project(locks=[lock(tree)], manifests=[lib]).stale
    assert [each.requirement.name for each in found] == problems


def test_a_source_trees_own_requirements_have_to_be_held() -> None:
    tree = entry("lib", None, source="directory", ref="libs/lib")
    lib = manifest(requirement("numpy"), path="libs/lib/pyproject.toml", project="lib")
    assert [each.requirement.name for each in project(locks=[lock(tree)], manifests=[lib]).stale] == ["numpy"]


CONDA = [entry("PyTorch", "2.4.1", source="conda"), entry("jpeg", "9e", source="conda")]


@pytest.mark.parametrize(
    ("need", "problems"),
    [
        (requirement("pytorch", ">=2", conda=True), []),
        (requirement("PyTorch", ">=3", conda=True), ["PyTorch outside"]),
        (requirement("numpy", conda=True), ["numpy not-locked"]),
        (requirement("JPEG", conda=True), []),
        (requirement("jpeg", ">=8", conda=True), []),
        (requirement("__cuda", conda=True), []),
        (requirement("jpeg"), []),
        (requirement("numpy"), ["numpy not-locked"]),
    ],
)
def test_conda(need: Requirement, problems: list[str]) -> None:
    assert stale([need], CONDA, {"format": "conda-lock", "path": "conda-lock.yml"}) == problems


@pytest.mark.parametrize("name", ["torch", "pytorch", "python-torch"])
def test_a_conda_package_may_stand_for_one_of_an_index(name: str) -> None:
    held = [entry(name, "2.4.1", source="conda")]
    assert stale([requirement("torch", ">=3")], held, {"format": "pixi", "path": "pixi.lock"}) == []


def test_how_pixi_builds_a_package_is_not_in_its_lock() -> None:
    locked = [entry("numpy", source="conda", groups=("main", "group:gpu"))]
    needs = [
        requirement(name, line=line, group=f"group:{name}", conda=True) for line, name in ((1, "host"), (2, "gpu"))
    ]
    assert stale(list(needs), locked, {"format": "pixi", "path": "pixi.lock"}) == ["gpu not-locked"]


@pytest.mark.parametrize(("group", "problems"), [("group:docs", ["numpy outside"]), ("group:test", [])])
def test_pixi_solves_each_environment_by_itself(group: str, problems: list[str]) -> None:
    groups = {"1.26.4": ("group:docs",), "2.2.6": ("group:test",)}
    locked = [entry("numpy", version, source="conda", groups=names) for version, names in groups.items()]
    need = requirement("numpy", ">=2", group=group, conda=True)
    assert stale([need], locked, {"format": "pixi", "path": "pixi.lock"}) == problems


def test_each_lock_is_asked_by_itself() -> None:
    locks: list[Lock] = [lock(entry("numpy")), lock(path="requirements.txt", format="requirements")]
    both: Manifest = manifest(requirement("numpy"), locks=["uv.lock", "requirements.txt"])
    [found] = project(locks=locks, manifests=[both]).stale
    assert found.lock.path == "requirements.txt"


@pytest.mark.parametrize(
    ("root", "member", "problems"),
    [
        (manifest(override("override", "numpy", "==1.26.4")), manifest(requirement("numpy", ">=2")), []),
        (manifest(), manifest(requirement("numpy", ">=2"), override("override", "numpy")), ["numpy outside"]),
        (manifest(override("exclude", "gone")), manifest(requirement("gone")), []),
        (manifest(environments=True), manifest(requirement("gone", marker=WIN)), []),
        (manifest(requires_python=">=3.11"), manifest(requirement("gone", marker=OLD), requires_python=">=3.8"), []),
        (manifest(requirement("gone", marker=OLD), requires_python=">=3.8"), manifest(requires_python=">=3.11"), []),
        (
            manifest(requires_python=">=3.7"),
            manifest(requirement("gone", marker=OLD), requires_python=">=3.8"),
            ["gone not-locked"],
        ),
    ],
    ids=[
        "an override",
        "an override of the member's",
        "an exclusion",
        "some environments",
        "the root's Python",
        "the member's Python",
        "a Python of both",
    ],
)
def test_a_workspace_is_locked_under_the_terms_of_its_root(
    root: Manifest, member: Manifest, problems: list[str]
) -> None:
    workspace = [root, member._replace(path="libs/lib/pyproject.toml", project="lib")]
    tree = entry("lib", source="editable", ref="libs/lib", member=True)
    subject = project(locks=[lock(entry("numpy"), tree, universal=True)], manifests=workspace)
    assert [f"{each.requirement.name} {each.problem}" for each in subject.stale] == problems


def test_time_is_linear_in_manifest_and_lock() -> None:
    """Some thousand requirements against as many entries: a quadratic way would take minutes."""
    names = [f"package-{number}" for number in range(5000)]
    needs = [requirement(name, ">=1,<3", line=line) for line, name in enumerate(names, 1)]
    subject = project(locks=[lock(*(entry(name, "2.0") for name in names))], manifests=[manifest(*needs)])
    assert subject.stale == ()
    assert subject.unfixed == ()
