"""The environments that a project may run in, sampled: where a marker holds, without asking the machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from whypin.model.version import admits

if TYPE_CHECKING:
    from packaging.markers import Marker

_PYTHONS = range(7, 21)
_MACHINES = {
    ("linux", "Linux", "posix"): ("x86_64", "aarch64"),
    ("darwin", "Darwin", "posix"): ("x86_64", "arm64"),
    ("win32", "Windows", "nt"): ("AMD64", "ARM64"),
}
_IMPLEMENTATIONS = (("cpython", "CPython"), ("pypy", "PyPy"))


@lru_cache(maxsize=4096)
def holds(text: str, requires_python: str, everywhere: bool) -> bool:
    """Whether a marker holds somewhere, or `everywhere`, among the environments that the project admits.

    They are sampled; a marker that cannot be evaluated holds nowhere.
    """
    from packaging.markers import Marker, UndefinedComparison, UndefinedEnvironmentName

    try:
        marker = Marker(text)
        results = _results(marker, text, requires_python)
        found = next(results, False)
        return found and all(results) if everywhere else found or any(results)
    except (ValueError, RecursionError, UndefinedComparison, UndefinedEnvironmentName):
        return False


def _results(marker: Marker, text: str, requires_python: str) -> Iterator[bool]:
    """Evaluate the marker once for each combination of what it speaks of."""
    seen = set()
    for environment in _environments(requires_python):
        told = tuple(value for name, value in environment.items() if name in text)
        if told not in seen:
            seen.add(told)
            yield marker.evaluate(environment)


@lru_cache(maxsize=64)
def _environments(requires_python: str) -> tuple[dict[str, str], ...]:
    """Return one environment for each Python, system, machine and implementation that the project admits."""
    return tuple(
        {
            "python_version": python.rpartition(".")[0],
            "python_full_version": python,
            "implementation_version": python,
            "implementation_name": implementation,
            "platform_python_implementation": spelled,
            "sys_platform": platform,
            "platform_system": system,
            "os_name": os_name,
            "platform_machine": machine,
            "platform_release": "",
            "platform_version": "",
            "extra": "",
        }
        for python in _pythons(requires_python)
        for (platform, system, os_name), machines in _MACHINES.items()
        for machine in machines
        for implementation, spelled in _IMPLEMENTATIONS
    )


def _pythons(requires_python: str) -> Iterable[str]:
    """Yield one release of every Python that the project admits: the first, or a late one where only those will do."""
    for minor in _PYTHONS:
        releases = (f"3.{minor}.0", f"3.{minor}.99")
        admitted = next((python for python in releases if not requires_python or admits(requires_python, python)), None)
        if admitted is not None:
            yield admitted
