"""The level of a manifest, and the lines that hold it down."""

from __future__ import annotations

from typing import Any

import pytest

from tests.build import entry, lock, manifest, override, project, record, requirement
from whypin.metrics.levels import lowest, spelled, standings
from whypin.model.debt import Standing
from whypin.model.location import Location
from whypin.model.manifest import Requirement
from whypin.model.project import Project

COMMIT = "0123456789abcdef0123456789abcdef01234567"
NUMPY = record(packages="{numpy: 1.26.4}")
DIRECT = {"require": "direct"}


def standing(subject: Project) -> Standing:
    """Return how the one manifest of a project stands."""
    (found,) = standings(subject)
    return found


def unlocked(*needs: Requirement, **fields: Any) -> Standing:
    return standing(project(manifests=[manifest(*needs, locks=(), **fields)]))


@pytest.mark.parametrize(
    ("need", "level"),
    [
        (requirement("numpy"), 1),
        (requirement("numpy", ">=1.26"), 2),
        (requirement("numpy", "<2"), 2),
        (requirement("numpy", "==1.26.*"), 2),
        (requirement("numpy", "!=1.26.1"), 2),
        (requirement("numpy", "==1.26.4"), 3),
        (requirement("numpy", "===1.26.4"), 3),
        (requirement("app", url="https://files.index.example/app-1-py3-none-any.whl"), 1),
        (requirement("app", url=f"https://files.index.example/app-1-py3-none-any.whl#sha256={'0' * 64}"), 3),
        (requirement("shop", url="git+https://git.example/shop@main"), 1),
        (requirement("shop", url=f"git+https://git.example/shop@{COMMIT}"), 3),
    ],
)
def test_without_a_lock_a_requirement_is_judged_by_its_own_words(need: Requirement, level: int) -> None:
    found = unlocked(need)
    assert (found.level, found.requirements) == (level, 1)
    (line,) = found.held_down_by
    assert (line.level, line.location, line.requirement) == (level, need.location, spelled(need))


def test_the_lowest_line_decides_and_all_lines_are_told_the_lowest_first() -> None:
    found = unlocked(
        requirement("numpy", "==1.26.4", 1), requirement("pandas", "", 2), requirement("scipy", ">=1", 3), path="x.in"
    )
    assert found.level == 1
    assert [(line.level, line.location) for line in found.held_down_by] == [
        (1, Location("x.in", 2)),
        (2, Location("x.in", 3)),
        (3, Location("x.in", 1)),
    ]


def test_only_production_is_judged_and_nothing_that_the_project_carries_itself() -> None:
    needs = (
        requirement("pytest", group="group:dev"),
        requirement("sphinx", group="extra:docs"),
        requirement("shop", url="../shop", tree=True),
    )
    assert unlocked(*needs) == Standing("pyproject.toml", None, (), 0, ())
    assert unlocked(*needs, requirement("torch", "==2.2.0", group="extra:gpu")).level == 3


def test_what_stands_in_several_groups_is_one_line() -> None:
    found = unlocked(requirement("torch", group="extra:gpu"), requirement("torch", group="extra:all"))
    assert (found.requirements, len(found.held_down_by)) == (1, 1)


def test_a_fresh_lock_with_hashes_is_level_4_whatever_the_specifiers() -> None:
    needs = manifest(requirement("numpy", "", 1), requirement("pandas", ">=2", 2), requirement("scipy", "==1.1", 3))
    locked = lock(entry("numpy"), entry("pandas", "2.1.0"), entry("scipy", "1.1"))
    found = standing(project(locks=[locked], manifests=[needs]))
    assert (found.level, found.locks) == (4, ("uv.lock",))


def test_at_level_4_a_policy_that_asks_for_nothing_is_what_holds_it_down() -> None:
    found = standing(project(NUMPY, locks=[lock(entry("numpy"))], manifests=[manifest(requirement("numpy"))]))
    (line,) = found.held_down_by
    assert (line.level, line.requirement, "requires no decision" in line.why) == (4, "policy", True)


def test_a_policy_that_asks_for_other_packages_is_no_reason_for_these() -> None:
    policy = {"critical": ("torch",)}
    subject = project(locks=[lock(entry("numpy"))], manifests=[manifest(requirement("numpy"))], policy=policy)
    assert standing(subject).level == 4


def test_with_every_required_package_decided_it_is_level_5() -> None:
    subject = project(NUMPY, locks=[lock(entry("numpy"))], manifests=[manifest(requirement("numpy"))], policy=DIRECT)
    assert standing(subject) == Standing("pyproject.toml", 5, ("uv.lock",), 1, ())


def test_a_required_package_without_a_decision_holds_it_at_4_with_its_place_in_the_lock() -> None:
    locked = lock(entry("numpy", line=7), entry("pandas", "2.0.2", line=9))
    subject = project(NUMPY, locks=[locked], manifests=[manifest(requirement("numpy"))], policy=DIRECT)
    (line,) = standing(subject).held_down_by
    assert (line.level, str(line.location), line.requirement) == (4, "uv.lock:9:1", "pandas 2.0.2")
    assert line.fix == "write a record with packages: {pandas: 2.0.2}"


def test_an_exemption_excuses_and_does_not_explain() -> None:
    subject = project(
        locks=[lock(entry("numpy"))],
        manifests=[manifest(requirement("numpy"))],
        policy=DIRECT,
        exemptions={"uv.lock": {"numpy": ("1.26.4",)}},
    )
    found = standing(subject)
    assert (found.level, found.held_down_by[0].why.partition(":")[0]) == (4, "exempt, not decided")


def test_a_version_that_a_record_rejects_is_not_decided() -> None:
    subject = project(
        NUMPY, locks=[lock(entry("numpy", "2.0.0"))], manifests=[manifest(requirement("numpy"))], policy=DIRECT
    )
    found = standing(subject)
    assert (found.level, found.held_down_by[0].why) == (4, f"locked against {NUMPY.id}")


def test_a_required_package_without_a_hash_is_at_3_where_it_is_declared() -> None:
    locked = lock(entry("numpy", hashed=False, line=7), entry("pandas"))
    found = standing(project(locks=[locked], manifests=[manifest(requirement("numpy", ">=1", 4))]))
    assert found.level == 3
    (line,) = found.held_down_by
    assert (str(line.location), line.requirement) == ("pyproject.toml:4:1", "numpy>=1")


def test_every_fork_has_to_be_hashed() -> None:
    forks = lock(entry("numpy", "1.26.4", 5, marker="a"), entry("numpy", "2.0.0", 9, marker="b", hashed=False))
    found = standing(project(locks=[forks], manifests=[manifest(requirement("numpy"))]))
    assert (found.level, found.held_down_by[0].why) == (3, "locked in uv.lock:9, but without a hash")


def test_where_others_have_a_hash_it_is_the_index_that_tells_none() -> None:
    some = lock(entry("numpy", hashed=False), entry("pandas"))
    (line,) = standing(project(locks=[some], manifests=[manifest(requirement("numpy"))])).held_down_by
    assert line.fix == "run uv lock; what comes from an index that tells no hashes cannot be verified"
    none = lock(entry("numpy", hashed=False))
    found = standing(project(locks=[none], manifests=[manifest(requirement("numpy"))]))
    assert {line.fix for line in found.held_down_by} == {"run uv lock"}


def test_what_a_requirement_needs_in_its_turn_has_to_be_hashed_too() -> None:
    locked = lock(entry("pandas"), entry("numpy", hashed=False, direct=False, line=9))
    found = standing(project(locks=[locked], manifests=[manifest(requirement("pandas"))]))
    (line,) = found.held_down_by
    assert (found.level, line.level, str(line.location)) == (3, 3, "uv.lock:9:1")


def test_a_development_package_without_a_hash_holds_nothing_down() -> None:
    locked = lock(entry("pandas"), entry("pytest", hashed=False, groups=("group:dev",)))
    assert standing(project(locks=[locked], manifests=[manifest(requirement("pandas"))])).level == 4


def test_a_lock_without_any_hash_is_one_line_beside_those_of_the_manifest() -> None:
    locked = lock(*(entry(name, hashed=False, direct=name == "a") for name in "abcd"), path="poetry.lock")
    needs = manifest(requirement("a", line=3), locks=("poetry.lock",))
    found = standing(project(locks=[locked], manifests=[needs]))
    assert [str(line.location) for line in found.held_down_by] == ["pyproject.toml:3:1", "poetry.lock:1:1"]
    assert found.held_down_by[1].why == "none of its 4 packages for production has a hash"


@pytest.mark.parametrize(
    "fields",
    [
        {"source": "editable", "ref": "."},
        {"source": "directory", "ref": "../shop"},
        {"source": "virtual", "member": True},
        {"source": "path", "ref": "wheels/shop-1-py3-none-any.whl"},
        {"source": "git", "ref": f"https://git.example/shop@{COMMIT}"},
        {"source": "conda", "name": "__osx"},
    ],
)
def test_what_can_be_one_thing_only_needs_no_hash(fields: dict[str, Any]) -> None:
    locked = lock(entry("numpy"), entry(fields.pop("name", "shop"), "1.0", hashed=False, **fields))
    assert standing(project(locks=[locked], manifests=[manifest(requirement("numpy"))])).level == 4


def test_a_branch_of_a_repository_can_be_anything() -> None:
    locked = lock(entry("shop", None, source="git", ref="https://git.example/shop@main", hashed=False))
    assert standing(project(locks=[locked], manifests=[manifest(requirement("shop"))])).level == 3


@pytest.mark.parametrize(("specifier", "level"), [("", 1), (">=1", 2), ("==1.0", 3)])
def test_what_the_lock_does_not_hold_is_judged_by_its_own_words(specifier: str, level: int) -> None:
    needs = manifest(requirement("numpy"), requirement("scipy", specifier, 2))
    found = standing(project(locks=[lock(entry("numpy"))], manifests=[needs]))
    (line,) = found.held_down_by
    assert (found.level, line.why) == (level, "uv.lock is stale: it is not locked there")
    assert line.fix == "run uv lock"


def test_what_is_locked_outside_its_specifier_is_judged_by_its_own_words() -> None:
    needs = manifest(requirement("numpy", ">=2"))
    found = standing(project(locks=[lock(entry("numpy"))], manifests=[needs]))
    assert (found.level, found.held_down_by[0].why) == (2, "uv.lock is stale: it has 1.26.4")


def test_an_override_that_the_lock_does_not_follow_holds_down_what_it_replaces() -> None:
    needs = manifest(requirement("numpy", ">=1", 2), override("override", "numpy", "==2.0.0", 9))
    found = standing(project(locks=[lock(entry("numpy"))], manifests=[needs]))
    assert (found.level, str(found.held_down_by[0].location)) == (2, "pyproject.toml:2:1")


def test_what_the_tool_is_told_to_leave_out_is_not_missed() -> None:
    needs = manifest(requirement("numpy"), requirement("scipy"), override("exclude", "scipy"))
    assert standing(project(locks=[lock(entry("numpy"))], manifests=[needs])).level == 4


def test_a_group_that_no_lock_was_made_for_is_judged_by_its_own_words() -> None:
    needs = manifest(requirement("numpy"), requirement("torch", ">=2", group="extra:gpu"))
    found = standing(project(locks=[lock(entry("numpy"), covers=("main",))], manifests=[needs]))
    assert (found.level, "no lock of this manifest has it" in found.held_down_by[0].why) == (2, True)


def test_of_several_locks_the_lowest_decides() -> None:
    good, bad = lock(entry("numpy"), path="a/uv.lock"), lock(entry("numpy", hashed=False), path="b/uv.lock")
    needs = manifest(requirement("numpy"), locks=("a/uv.lock", "b/uv.lock"))
    assert standing(project(locks=[good, bad], manifests=[needs])).level == 3
    assert standing(project(locks=[good, bad._replace(entries=good.entries)], manifests=[needs])).level == 4


@pytest.mark.parametrize(("hashed", "level", "lines"), [(False, 3, 2), (True, 4, 1)])
def test_pinned_requirements_are_their_own_lock(hashed: bool, level: int, lines: int) -> None:
    path = "requirements.txt"
    locked = lock(
        *(entry(name, "1.0", line, hashed=hashed) for line, name in enumerate("ab", 1)),
        path=path,
        format="requirements",
        universal=False,
    )
    needs = [requirement(name, "==1.0", line) for line, name in enumerate("ab", 1)]
    found = standing(project(locks=[locked], manifests=[manifest(*needs, path=path, locks=(path,))]))
    assert (found.level, len(found.held_down_by)) == (level, lines)


def test_a_conda_package_is_found_by_the_name_that_conda_gives_it() -> None:
    locked = lock(entry("PyTorch", source="conda", hashed=False), format="conda-lock")
    needs = manifest(requirement("pytorch", conda=True), path="environment.yml")
    found = standing(project(locks=[locked], manifests=[needs]))
    assert [line.requirement for line in found.held_down_by] == ["conda:pytorch", "uv.lock"]


def test_the_project_stands_where_its_lowest_manifest_stands() -> None:
    subject = project(
        locks=[lock(entry("numpy"))],
        manifests=[
            manifest(requirement("numpy")),
            manifest(requirement("numpy", "==1.26.4"), path="docs/requirements.in", locks=()),
            manifest(path="empty/pyproject.toml", locks=()),
        ],
    )
    found = standings(subject)
    assert [item.level for item in found] == [4, 3, None]
    assert (lowest(found), lowest(found[2:]), lowest(())) == (3, None, None)


@pytest.mark.parametrize(
    ("path", "fix"),
    [
        ("pyproject.toml", "run uv lock, poetry lock or pdm lock"),
        ("api/Pipfile", "run pipenv lock"),
        ("api/pixi.toml", "run pixi lock"),
        ("environment.yml", "run conda-lock -f environment.yml"),
        ("requirements.in", "run pip-compile --generate-hashes requirements.in"),
        ("requirements.txt", "move it to requirements.in and run pip-compile --generate-hashes requirements.in"),
    ],
)
def test_the_fix_is_what_to_type_for_this_manifest(path: str, fix: str) -> None:
    (line,) = unlocked(requirement("numpy"), path=path).held_down_by
    assert line.fix == fix


def test_pdm_is_asked_for_the_extras_too() -> None:
    locked = lock(entry("pandas"), path="pdm.lock", format="pdm", covers=("main",))
    needs = [requirement("pandas"), requirement("copier", ">=8", 2, group="extra:template")]
    (line,) = standing(project(locks=[locked], manifests=[manifest(*needs, locks=("pdm.lock",))])).held_down_by
    assert (line.location.line, line.fix) == (2, "run pdm lock -G :all")


ADDRESS = "write #sha256= and the hash behind the address, or for a repository @ and the full commit"


def test_an_address_that_pip_compile_would_leave_as_it_is_gets_advice_of_its_own() -> None:
    need = requirement("shop", url="git+https://git.example/shop@main")
    assert [line.fix for line in unlocked(need, path="requirements.in").held_down_by] == [ADDRESS]
    assert [line.fix for line in unlocked(need, path="pyproject.toml").held_down_by] != [ADDRESS]


def test_an_address_without_a_hash_is_not_exact_in_requirements_that_are_their_own_lock_either() -> None:
    path = "requirements.txt"
    locked = lock(entry("shop", hashed=False, source="url", lock=path), path=path, format="requirements")
    need = requirement("shop", url="https://files.index.example/shop-1-py3-none-any.whl")
    (line,) = standing(project(locks=[locked], manifests=[manifest(need, path=path, locks=(path,))])).held_down_by
    assert (line.level, line.why, line.fix) == (1, "an address without a hash or a full commit", ADDRESS)


@pytest.mark.parametrize(
    ("settings", "path", "table"),
    [
        (None, "pyproject.toml", "[tool.whypin.policy] of pyproject.toml"),
        (None, "requirements.in", "[policy] of whypin.toml"),
        ("whypin.toml", "pyproject.toml", "[policy] of whypin.toml"),
        ("pyproject.toml", "requirements.in", "[tool.whypin.policy] of pyproject.toml"),
    ],
)
def test_a_policy_that_requires_nothing_is_mended_where_it_stands(settings: str | None, path: str, table: str) -> None:
    needs = manifest(requirement("pandas"), path=path)
    (line,) = standing(project(locks=[lock(entry("pandas"))], manifests=[needs], path=settings)).held_down_by
    assert line.fix.endswith(f", in {table}")


@pytest.mark.parametrize(
    ("need", "words"),
    [
        (requirement("numpy"), "numpy"),
        (requirement("numpy", ">=1.2,<2", written="^1.2"), "numpy ^1.2"),
        (requirement("numpy", "==1.2", written="1.2"), "numpy 1.2"),
        (requirement("shop", "<2", extras=("web", "cli")), "shop[web,cli]<2"),
        (requirement("shop", url="git+https://git.example/shop"), "shop @ git+https://git.example/shop"),
        (requirement("PyTorch", "<2", conda=True), "conda:PyTorch<2"),
    ],
)
def test_a_requirement_is_shown_as_it_is_written(need: Requirement, words: str) -> None:
    assert spelled(need) == words


def test_five_thousand_packages_and_fifty_manifests_of_one_lock_are_no_matter() -> None:
    """A product of the two would be a quarter of a million looks at the lock."""
    names = [f"p{number}" for number in range(5000)]
    members = [
        manifest(*(requirement(name) for name in names[at::50]), path=f"m{at}/pyproject.toml") for at in range(50)
    ]
    looks = 0

    class Counting(tuple):  # type: ignore[type-arg]
        def __iter__(self) -> Any:
            nonlocal looks
            looks += 1
            return super().__iter__()

    locked = lock(*map(entry, names))
    locked = locked._replace(entries=Counting(locked.entries))
    assert {item.level for item in standings(project(locks=[locked], manifests=members))} == {4}
    assert looks < 50
