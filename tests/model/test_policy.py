"""What the policy asks, package by package."""

from typing import Any

import pytest

from tests.build import entry
from whypin.model.policy import required_by
from whypin.model.settings import Policy, Scope, Settings


def _asked(policy: Policy, name: str = "numpy", scopes: tuple[Scope, ...] = (), **fields: Any) -> str | None:
    return required_by(Settings(policy=policy, scopes=scopes), "services/api/uv.lock", name, [entry(name, **fields)])


@pytest.mark.parametrize(
    ("require", "fields", "expected"),
    [
        ("critical", {}, False),
        ("production", {}, True),
        ("production", {"groups": ("group:dev",)}, False),
        ("production", {"groups": ("group:dev", "extra:api")}, True),
        ("production", {"groups": ("group:train",)}, True),
        ("production", {"direct": False}, False),
        ("direct", {"groups": ("group:dev",)}, True),
        ("direct", {"direct": False}, False),
        ("all", {"direct": False}, True),
        ("all", {"member": True}, False),
        ("all", {"source": "directory"}, False),
        ("all", {"source": "git"}, True),
        ("all", {"source": "git", "version": None}, False),
    ],
)
def test_require(require: str, fields: dict[str, Any], expected: bool) -> None:
    assert (_asked(Policy(require=require), **fields) is not None) is expected  # type: ignore[arg-type]


def test_critical_globs_say_which_one_asked() -> None:
    assert _asked(Policy(critical=("torch*",)), "torchvision", direct=False) == "it is critical (torch*)"
    assert _asked(Policy(critical=("numpy",))) == "it is critical"


def test_ignored_names_are_never_required_unless_critical() -> None:
    assert _asked(Policy(require="all", ignore=("types-*",)), "types-six") is None
    assert _asked(Policy(require="all", ignore=("n*",), critical=("numpy",))) == "it is critical"


def test_the_development_list_is_the_policys() -> None:
    assert _asked(Policy(require="production", development=("train",)), groups=("group:train",)) is None


@pytest.mark.parametrize(
    ("scope", "fields", "expected"),
    [
        (Scope(("services/*/uv.lock",), (), "all", (), ()), {"direct": False}, True),
        (Scope(("jobs/*",), (), "all", (), ()), {"direct": False}, False),
        (Scope((), ("group:train",), "all", (), ()), {"direct": False, "groups": ("group:train",)}, True),
        (Scope((), ("group:train",), "all", (), ()), {"direct": False, "groups": ("main",)}, False),
        (Scope((), (), None, ("num*",), ()), {"direct": False}, True),
        (Scope((), (), "all", (), ("numpy",)), {}, False),
    ],
)
def test_a_scope_is_policy_for_some_locks_or_groups(scope: Scope, fields: dict[str, Any], expected: bool) -> None:
    assert (_asked(Policy(), scopes=(scope,), **fields) is not None) is expected


def test_of_two_scopes_the_last_that_matches_counts() -> None:
    scopes = (Scope((), (), "all", (), ()), Scope(("services/**",), (), "critical", (), ()))
    assert _asked(Policy(), scopes=scopes) is None


def test_a_package_in_a_lenient_and_a_strict_group_is_required() -> None:
    scopes = (Scope((), ("group:notebooks",), "critical", (), ()),)
    assert _asked(Policy(require="direct"), scopes=scopes, groups=("main", "group:notebooks")) is not None
    assert _asked(Policy(require="direct"), scopes=scopes, groups=("group:notebooks",)) is None
