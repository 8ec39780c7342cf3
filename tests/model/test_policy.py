"""What the policy asks, package by package."""

from typing import Any

import pytest

from tests.build import entry
from whypin.model.policy import Demand, demanded, required_by
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


def _demanded(policy: Policy, name: str = "numpy", scopes: tuple[Scope, ...] = (), **fields: Any) -> Demand:
    return demanded(Settings(policy=policy, scopes=scopes), "services/api/uv.lock", name, [entry(name, **fields)])


@pytest.mark.parametrize(
    ("policy", "fields", "reason", "keys"),
    [
        (Policy(), {}, "the policy requires only critical packages", ("policy", "require")),
        (
            Policy(require="direct"),
            {"direct": False},
            "the policy requires direct packages, and it is transitive",
            ("policy", "require"),
        ),
        (
            Policy(require="production"),
            {"groups": ("group:dev",)},
            "the policy requires direct production packages, and it is for development only",
            ("policy", "require"),
        ),
        (Policy(require="all", ignore=("b", "n*")), {}, "the policy ignores n*", ("policy", "ignore", 1)),
        (Policy(require="all"), {"member": True}, "it is the project's own", ()),
        (Policy(require="all"), {"source": "directory"}, "it is a source tree that the project carries", ()),
        (Policy(require="all"), {"version": None}, "the lock gives no version of it that a record could accept", ()),
    ],
)
def test_what_is_not_required_says_why_and_by_which_setting(
    policy: Policy, fields: dict[str, Any], reason: str, keys: tuple[str | int, ...]
) -> None:
    assert _demanded(policy, **fields) == Demand(False, reason, keys)


def test_what_is_required_says_by_which_setting() -> None:
    assert _demanded(Policy(critical=("torch", "num*"))).keys == ("policy", "critical", 1)
    assert _demanded(Policy(require="all")).keys == ("policy", "require")


def test_a_scope_that_asks_is_the_setting_that_asks() -> None:
    scopes = (Scope(("jobs/*",), (), "all", (), ()), Scope((), (), "direct", ("numpy",), ("pandas",)))
    assert _demanded(Policy(), scopes=scopes) == Demand(True, "it is critical", ("scope", 1, "critical", 0))
    assert _demanded(Policy(), "scipy", scopes).keys == ("scope", 1, "require")
    assert _demanded(Policy(), "pandas", scopes) == Demand(
        False, "the policy ignores pandas", ("scope", 1, "ignore", 0)
    )
    assert _demanded(Policy(), "numpy", scopes[:1]).keys == ("policy", "require")
