"""Whether a version is affected: what the OSV schema says, line by line."""

from __future__ import annotations

import pytest

from whypin.advisories.match import affects, contradicts, fixes, is_affected
from whypin.model.advisory import Advisory, Affected, Event, Range


def span(*events: str) -> Range:
    return tuple(Event(*event.split(" ", 1)) for event in events)  # type: ignore[arg-type]


def of(*events: str, versions: tuple[str, ...] = ()) -> Affected:
    return Affected((span(*events),) if events else (), versions)


@pytest.mark.parametrize(
    ("events", "version", "expected"),
    [
        (("introduced 0", "fixed 1.2"), "0", True),
        (("introduced 0", "fixed 1.2"), "0.dev1", True),
        (("introduced 0", "fixed 1.2"), "1.2rc1", True),
        (("introduced 0", "fixed 1.2"), "1.2", False),
        (("introduced 0", "fixed 1.2"), "1.2.0", False),
        (("introduced 0", "fixed 1.2"), "1!0.1", False),
        (("introduced 1.0", "fixed 1.2"), "1.0rc1", False),
        (("introduced 0", "last_affected 1.2"), "1.2.0", True),
        (("introduced 0", "last_affected 1.2"), "1.2.post1", False),
        (("introduced 0", "limit 2"), "1.9", True),
        (("introduced 0", "limit 2"), "2", False),
        (("introduced 0", "limit 2", "limit 3"), "2.5", True),
        (("introduced 0", "limit 2", "limit *"), "9", True),
        (("fixed 3", "introduced 2", "fixed 1", "introduced 0"), "1.5", False),
        (("fixed 3", "introduced 2", "fixed 1", "introduced 0"), "2.5", True),
        (("introduced 1", "fixed 2", "introduced 2", "fixed 3"), "2", True),
        (("introduced 1", "last_affected 1"), "1", True),
        (("introduced 1", "last_affected 1"), "1.1", False),
    ],
)
def test_a_range_is_its_events_in_order(events: tuple[str, ...], version: str, expected: bool) -> None:
    assert is_affected(of(*events), version) is expected


@pytest.mark.parametrize(
    ("affected", "version", "expected"),
    [
        (of("introduced 0", "last_affected 1.12.1"), "1.12.1+cu116", True),
        (of("introduced 0", "fixed 1.12.1"), "1.12.1+cu116", False),
        (of("introduced 1.12.1+cu117", "fixed 1.13"), "1.12.1+cu117", True),
        (of("introduced 1.12.1+cu117", "fixed 1.13"), "1.12.1", False),
        (of(versions=("1.12.1",)), "1.12.1+cu116", True),
        (of(versions=("1.12.1+cu116",)), "1.12.1", False),
    ],
)
def test_a_local_version_is_tested_as_it_is_and_as_its_public_version(
    affected: Affected, version: str, expected: bool
) -> None:
    assert is_affected(affected, version) is expected


def test_enumerated_versions_are_compared_as_versions_and_else_as_text() -> None:
    affected = of(versions=("2022.12.07", "1.0beta6.1"))
    assert [is_affected(affected, text) for text in ("2022.12.7", "1.0beta6.1", "1.0beta6.2")] == [True, True, False]


@pytest.mark.parametrize(
    ("events", "version", "expected"),
    [
        (("introduced 0", "fixed 0.2.0-n653"), "0.1.9", True),  # a fix at an unknown place ends nothing that we know of
        (("introduced 0", "fixed 0.2.0-n653"), "0.2.0-n653", False),
        (("introduced 2019-09-12", "fixed 3"), "2019-09-12", True),
        (("introduced trunk", "fixed 3"), "1", None),  # it may, and it may not: trunk is not the lowest version
        (("introduced trunk", "fixed 3"), "4", None),
        (("introduced 0",), "trunk", True),  # whatever that is, it comes after 0
        (("introduced 0", "fixed 3"), "trunk", None),
        (("introduced 0", "limit trunk"), "5", True),
    ],
)
def test_what_is_not_pep_440_has_no_place_in_the_order(
    events: tuple[str, ...], version: str, expected: bool | None
) -> None:
    assert is_affected(of(*events), version) is expected


def test_nothing_that_names_a_version_is_not_a_no() -> None:
    assert is_affected(Affected(), "1.0") is None


def test_versions_longer_than_any_version_are_text() -> None:
    assert is_affected(of("introduced 0", "fixed " + "9" * 5000), "1" * 5000) is None


def test_fixes_are_those_above_that_no_alias_calls_affected() -> None:
    one = of("introduced 0", "fixed 2.4", "introduced 3", "fixed 3.2")
    other = of("introduced 0", "fixed 2.4", "introduced 3", "fixed 3.3")
    advisory = Advisory(("CVE-1",), (one, other))
    assert fixes(advisory, "2.0") == (("2.4", "3.3"), ("3.2",))
    assert fixes(advisory, "3.1") == (("3.3",), ("3.2",))


def test_a_version_that_is_called_fixed_and_affected_is_affected() -> None:
    advisory = Advisory(("CVE-1",), (of("introduced 0", "fixed 23.9.0", versions=("23.9.0",)),))
    assert affects(advisory, "23.9.0") and contradicts(advisory, "23.9.0")
    assert not contradicts(advisory, "22.8.0")
    assert fixes(advisory, "22.8.0") == ((), ("23.9.0",))


def test_one_alias_that_says_yes_outweighs_another_that_cannot_tell() -> None:
    assert affects(Advisory(("CVE-1",), (Affected(), of("introduced 0"))), "1") is True
    assert affects(Advisory(("CVE-1",), (Affected(), of("introduced 2"))), "1") is None
