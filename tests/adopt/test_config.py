"""The configuration that init writes: read back it says what was meant, and nothing else in the file has changed."""

from __future__ import annotations

import tomllib

import pytest

from whypin.adopt.config import appended, table
from whypin.adopt.critical import Asked, Proposal
from whypin.settings.read import read_pyproject, read_whypin_toml

NUMPY = Asked((Proposal("numpy", "12 locked packages need it", 6), Proposal("conda:gcc", "forked", 3)), 9)


def test_the_list_has_a_reason_on_each_line() -> None:
    text = table(NUMPY)
    assert '    "numpy",      # 12 locked packages need it\n    "conda:gcc",  # forked\n' in text
    assert read_whypin_toml(text, "whypin.toml").policy.critical == ("numpy", "conda:gcc")


@pytest.mark.parametrize("candidates", [0, 4])
def test_without_a_list_all_direct_production_packages_are_asked_for(candidates: int) -> None:
    policy = read_whypin_toml(table(Asked((), candidates)), "whypin.toml").policy
    assert (policy.require, policy.critical) == ("production", ())


def test_other_folders_and_locks_are_named() -> None:
    locks = ['a "b"\\c/uv.lock', "x\u00a0y/uv.lock", "\U0001f40d.lock"]
    settings = read_pyproject(table(NUMPY, "adr/versions", locks, "tool.whypin"), "pyproject.toml")
    assert settings is not None
    assert (settings.records, settings.locks) == ("adr/versions", tuple(locks))


@pytest.mark.parametrize(
    "text", ["", "# only this", "[project]\nname = 'x' # y\n", "[tool.x]\r\na = 1\r\n", "a = 1\n\n"]
)
def test_what_stood_there_stays(text: str) -> None:
    new = appended(text, table(NUMPY, prefix="tool.whypin"))
    assert new is not None and new.startswith(text)
    assert tomllib.loads(new)["tool"].pop("whypin")["policy"]["critical"] == ["numpy", "conda:gcc"]
    assert ("\r\n" in text) == ("\r\n" in new) and new.count("\r\n") in (0, new.count("\n"))


@pytest.mark.parametrize("text", ["tool = {x = 1}\n", "[tool]\nwhypin = 1\n", "[broken\n", "x = '''\n"])
def test_where_a_table_cannot_be_added_it_is_not(text: str) -> None:
    assert appended(text, table(NUMPY, prefix="tool.whypin")) is None
