"""What an environment holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from whypin.trials.installed import installed


@pytest.mark.parametrize("place", ["lib/python3.11", "Lib", "lib64/pypy3.10"])
def test_packages_are_found_by_what_installers_leave(tmp_path: Path, place: str) -> None:
    names = ["Dotty_Name-1!2.0+cpu.dist-info", "old-1.2-py3.11.egg-info", "dotty_name", "x.dist-info"]
    for name in names:
        (tmp_path / "[e]" / place / "site-packages" / name).mkdir(parents=True)
    assert installed(str(tmp_path / "[e]")) == {"dotty-name": "1!2.0+cpu", "old": "1.2"}


def test_an_environment_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert installed(str(tmp_path / "gone")) == {}
