"""Where a marker holds, in environments that are sampled: never in those of the machine that runs the test."""

from __future__ import annotations

import pytest

from whypin.model.environments import holds


@pytest.mark.parametrize(
    ("marker", "python", "somewhere", "everywhere"),
    [
        ("sys_platform == 'win32'", "", True, False),
        ("sys_platform != 'emscripten'", "", True, True),
        ("sys_platform == 'emscripten'", "", False, False),
        ("python_version >= '3.7'", "", True, True),
        ("python_version < '3.11'", ">=3.11", False, False),
        ("python_version < '3.11'", ">=3.9", True, False),
        ("python_version >= '3.10'", ">=3.10", True, True),
        ("python_full_version < '3.11.9'", "~=3.11.5", False, False),
        ("platform_python_implementation == 'PyPy' and platform_machine == 'ARM64'", "", True, False),
        ("platform_system == 'Linux' or os_name == 'nt' or platform_system == 'Darwin'", "", True, True),
        ("extra == 'gpu'", "", False, False),
        ("python_version >= '3.7'", "<3", False, False),
    ],
)
def test_where_a_marker_holds(marker: str, python: str, somewhere: bool, everywhere: bool) -> None:
    assert holds(marker, python, False) is somewhere
    assert holds(marker, python, True) is everywhere


@pytest.mark.parametrize(
    "marker", ["", "linux-64", "python_version", "nothing == 'x'", "(" * 5000, "os_name ~= 'posix'"]
)
def test_what_cannot_be_evaluated_holds_nowhere(marker: str) -> None:
    assert not holds(marker, "", False)


def test_a_python_that_cannot_be_read_admits_nothing() -> None:
    assert not holds("sys_platform == 'linux'", "three", False)
