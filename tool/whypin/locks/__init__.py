"""Lock readers: one module for each format, found by file name.

A reader has `NAME` and `read(text, path, load) -> Lock`, which raises WhypinError with a place; `load(path)` gives the
text of another file, for formats that include some. A module is imported when a lock of its format is there.
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from importlib import import_module
from typing import NamedTuple

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import Lock

Load = Callable[[str], str]


class Format(NamedTuple):
    """A lock format: the module that reads it, the file names it goes by, and marks by which its text is known."""

    module: str
    names: tuple[str, ...]
    marks: tuple[str, ...]


#: A requirements file is a lock only where everything in it is exact; beside another lock it is an export.
REQUIREMENTS = Format(
    "requirements",
    ("*requirements*.txt", "*requirements*.lock", "requirements/*.txt", "requirements/*.lock"),
    ("==", "--hash="),
)
FORMATS = (
    Format("uv", ("uv.lock", "*.py.lock"), ("\n[[package]]\n", "\nsource = {")),
    Format("poetry", ("poetry.lock",), ("\n[metadata]\n", "\ncontent-hash = ")),
    Format("pdm", ("pdm.lock",), ("\nlock_version = ", "\ncontent_hash = ")),
    Format("pipfile", ("Pipfile.lock",), ('"_meta": {', '"pipfile-spec": ')),
    Format("pylock", ("pylock.toml", "pylock.*.toml"), ("lock-version = ", "\n[[packages]]\n")),
    Format(
        "conda_lock",
        ("conda-lock.yml", "conda-lock.yaml", "*.conda-lock.yml"),
        ("\npackage:\n", " manager: ", " platform: ", " url: "),
    ),
    Format("pixi", ("pixi.lock",), ("\nenvironments:\n", "\npackages:\n")),
    REQUIREMENTS,
)
#: Globs below any folder, by which locks are looked for.
PATTERNS = tuple(name for known in FORMATS for name in known.names)


def format_of(path: str) -> Format | None:
    """Return the format that a file has by its name, or None."""
    parts = path.split("/")
    ends = (parts[-1], "/".join(parts[-2:]))
    for known in FORMATS:
        if any(fnmatchcase(ends["/" in name], name) for name in known.names):
            return known
    return None


def is_candidate(path: str) -> bool:
    """Whether a file may be a lock by its name."""
    return format_of(path) is not None


def is_requirements(path: str) -> bool:
    """Whether a file goes by the name of a requirements file."""
    return format_of(path) is REQUIREMENTS


def is_exact(text: str, path: str, load: Load) -> bool:
    """Whether a requirements file is a lock: everything in it is exact; raises WhypinError where it cannot be read."""
    from whypin.locks import requirements

    return requirements.is_exact(requirements.parsed(text, path, load))


def read(text: str, path: str, load: Load) -> Lock:
    """Read a lock of any format, by its name, else by its text; raises WhypinError."""
    known = format_of(path) or _by_text(text) or (REQUIREMENTS if path.endswith((".txt", ".in")) else None)
    if known is None:
        names = ", ".join(each.names[0] for each in FORMATS)
        raise WhypinError("not a lock file that whypin reads", Location(path), f"it reads {names}")
    lock: Lock = import_module(f"whypin.locks.{known.module}").read(text, path, load)
    if known is REQUIREMENTS and not any(entry.version or entry.ref for entry in lock.entries):
        raise WhypinError(
            "nothing in it is exact: this is not a lock", Location(path), "pin with ==, or run pip-compile"
        )
    return lock


def _by_text(text: str) -> Format | None:
    return next((known for known in FORMATS[:-1] if all(mark in text for mark in known.marks)), None)
