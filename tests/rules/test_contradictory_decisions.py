"""WHY004: records that no version satisfies together."""

import pytest

from tests.build import entry, found, lock, project, record
from whypin.rules.contradictory_decisions import RULE

LOCK = lock(entry("numpy"))


def _findings(*versions: str) -> list[str]:
    records = [record(f"2026-0{number}-01-r", packages=f"{{numpy: {text}}}") for number, text in enumerate(versions, 1)]
    return [item.record or "" for item in found(RULE, project(*records, locks=[LOCK]))]


@pytest.mark.parametrize(
    "versions",
    [
        ('"<1.24"', '">=1.26"'),
        ("1.26.4", "1.26.5"),
        ("2.1.0+cu118", "2.1.0+cu121"),
        ("[1.24.0, 1.25.0]", '">=1.26"'),
        ('">=1.24"', '"<1.26"', '"!=1.24.*,!=1.25.*"'),
        ('">2,<1"',),
    ],
)
def test_the_last_record_that_leaves_no_version_is_reported(versions: tuple[str, ...]) -> None:
    assert _findings(*versions) == [f"2026-0{len(versions)}-01-r"]


@pytest.mark.parametrize(
    "versions",
    [
        ('"<2"', '">=1.26"'),
        ("2.1.0", "2.1.0+cu118"),
        ("[1.24.0, 1.26.4]", '">=1.26"'),
        ("1.26.4", '"!=1.25.0"', '">=1.20"'),
    ],
)
def test_records_that_some_version_satisfies_are_quiet(versions: tuple[str, ...]) -> None:
    assert _findings(*versions) == []


def test_records_about_different_locks_do_not_contradict_each_other() -> None:
    one = record("a", packages="{numpy: 1.26.4}", locks="[api/*]")
    two = record("b", packages="{numpy: 2.2.6}", locks="[train/*]")
    locks = [lock(entry("numpy"), path="api/uv.lock"), lock(entry("numpy", "2.2.6"), path="train/uv.lock")]
    assert found(RULE, project(one, two, locks=locks)) == []


def test_a_contradiction_is_reported_once_for_all_locks() -> None:
    locks = [lock(entry("numpy"), path=f"{name}/uv.lock") for name in "abc"]
    records = [record("a", packages='{numpy: "<1"}'), record("b", packages='{numpy: ">1"}')]
    assert len(found(RULE, project(*records, locks=locks))) == 1
