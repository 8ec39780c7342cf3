"""WHY505: the exemptions may only shrink."""

import pytest

from tests.build import entry, found, lock, project
from whypin.rules.exemption_added import RULE

BASE = project(exemptions={"uv.lock": {"numpy": ("1.26.4",), "pandas": ("2.2.3",)}})


@pytest.mark.parametrize(
    ("exemptions", "added"),
    [
        ({"uv.lock": {"numpy": ("1.26.4",)}}, []),
        ({"uv.lock": {"numpy": ("1.26.5",)}}, ["numpy 1.26.5"]),
        ({"uv.lock": {"numpy": ("1.26.4", "2.0"), "torch": ("2.1",)}}, ["numpy 2.0", "torch 2.1"]),
        ({"services/new/uv.lock": {"torch": ("2.1",)}}, []),
        ({}, []),
    ],
    ids=["fewer", "another version", "more", "a lock that had none", "none left"],
)
def test_what_was_not_exempt_before(exemptions: dict[str, dict[str, tuple[str, ...]]], added: list[str]) -> None:
    findings = found(RULE, project(exemptions=exemptions, base=BASE))
    assert [finding.message.partition(" is newly exempt in uv.lock")[0] for finding in findings] == added


def test_a_lock_that_replaces_another_has_its_exemptions() -> None:
    before = project(exemptions={"uv.lock": {"numpy": ("1.26.4",)}}, locks=[lock(entry("numpy"))])
    names = {"numpy": ("1.26.4",), "torch": ("2.1",)}
    renamed = project(exemptions={"pylock.toml": names}, locks=[lock(entry("numpy"), path="pylock.toml")], base=before)
    assert [finding.package for finding in found(RULE, renamed)] == ["torch"]


def test_adopting_adds_them_all() -> None:
    assert found(RULE, project(exemptions={"uv.lock": {"numpy": ("1.26.4",)}}, base=project())) == []
