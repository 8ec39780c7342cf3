"""Manifest readers: what a project asks for. One module for each format, found by file name; FORMATS lists them.

A reader has `read(text, path, load) -> Manifest`, which raises WhypinError with a place; `load(path)` gives the text of
another file, for formats that include some. A module is imported when a manifest of its format is there.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from importlib import import_module
from typing import NamedTuple

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import MAIN, SOURCE_TREES, Lock
from whypin.model.manifest import Manifest

Load = Callable[[str], str]


class Format(NamedTuple):
    """A manifest format: the module that reads it, and the file names it goes by."""

    module: str
    names: tuple[str, ...]


REQUIREMENTS = Format(
    "requirements",
    ("*requirements*.in", "requirements/*.in", "*requirements*.txt", "requirements/*.txt"),
)
#: A script declares in its own comments; it is a manifest only where a lock stands beside it.
SCRIPT = Format("script", ("*.py",))
FORMATS = (
    Format("pyproject", ("pyproject.toml",)),
    Format("setup_cfg", ("setup.cfg",)),
    Format("pipfile", ("Pipfile",)),
    Format("pixi", ("pixi.toml",)),
    Format("environment", ("environment*.yml", "environment*.yaml")),
    REQUIREMENTS,
)
#: Globs below any folder, by which manifests are looked for.
PATTERNS = tuple(name for known in FORMATS for name in known.names)

#: The manifests of a Python project, and those of an environment of conda's.
_PROJECT = ("pyproject.toml", "setup.cfg")
_BESIDE = {
    "pipfile": ("Pipfile",),
    "conda-lock": ("environment.yml", "environment.yaml", "pixi.toml", *_PROJECT),
    "pixi": ("pixi.toml", "pyproject.toml"),
}
_ASKS = re.compile(
    r"^\s*(?:-[rce]\b|--[a-z]|[A-Za-z0-9][\w.-]*(?:\[[^\]\n]*\])? ?(?:[=!<>~]=|[<>]|@|;|\#|\\?$))", re.MULTILINE
)
_CONDA_SOURCES = re.compile(r"^ {2}sources:\n((?: *- .*\n)+)", re.MULTILINE)


def format_of(path: str) -> Format | None:
    """Return the format that a file has by its name, or None."""
    parts = path.split("/")
    ends = (parts[-1], "/".join(parts[-2:]))
    for known in (*FORMATS, SCRIPT):
        if any(fnmatchcase(ends["/" in name], name) for name in known.names):
            return known
    return None


def is_candidate(path: str) -> bool:
    """Whether a file may be a manifest by its name."""
    return format_of(path) not in (None, SCRIPT)


def read(text: str, path: str, load: Load) -> Manifest:
    """Read a manifest by its name; raises WhypinError where it cannot be read."""
    known = format_of(path) or (REQUIREMENTS if path.endswith((".in", ".txt", ".lock")) else None)
    if known is None:
        raise WhypinError("not a manifest that whypin reads", Location(path), f"it reads {', '.join(PATTERNS)}")
    manifest: Manifest = import_module(f"whypin.manifests.{known.module}").read(text, path, load)
    return manifest


def is_prose(text: str, path: str) -> bool:
    """Whether a file that is named like requirements, and cannot be read as such, has no line that asks for any."""
    return format_of(path) is REQUIREMENTS and _ASKS.search(text) is None


def with_hashes(manifest: Manifest, text: str) -> Manifest:
    """Return the manifest with the hashes by which a lock can know its text, which must be that of the manifest."""
    name = manifest.path.rpartition("/")[2]
    if manifest.hashes or name != "pyproject.toml":
        return manifest
    from whypin.manifests.content_hash import hashes
    from whypin.syntax import toml

    return manifest._replace(hashes=hashes(toml.load(text, manifest.path), name))


def fixed_by(lock: Lock, text: str, exists: Callable[[str], bool]) -> list[str]:
    """Return the paths where the manifests that a lock fixes may stand; the project's own first.

    Those are the manifests beside it, the files that it says it was made from, and those of the source trees in it.
    `text` is the lock's own; `exists` tells whether there is a file at a path below the root.
    """
    folder, _, name = lock.path.rpartition("/")
    if lock.format == "requirements":
        from whypin.manifests import compiled

        names = [f"{name.rpartition('.')[0]}.in", *compiled.sources(text, folder, exists), *_PROJECT]
    elif lock.format == "uv" and name != "uv.lock" and name.endswith(".py.lock"):
        names = [name.removesuffix(".lock")]
    elif lock.format == "pylock" and 'created-by = "pipenv"' in text[:10_000].replace("'", '"'):
        names = ["Pipfile"]
    elif lock.format == "conda-lock":
        # Where it tells its sources, another manifest beside it has nothing to do with it.
        told = _conda_sources(text)
        names = [path for path in told if is_candidate(path)] or list(() if told else _BESIDE["conda-lock"])
    elif lock.format == "pixi" and exists(posixpath.join(folder, "pixi.toml")):
        names = ["pixi.toml"]
    else:
        names = list(_BESIDE.get(lock.format, _PROJECT))
    trees = [f"{tree}/{manifest}" for tree in _trees(lock) for manifest in _PROJECT]
    paths = (posixpath.normpath(posixpath.join(folder, path)) for path in (*names, *trees))
    return [path for path in dict.fromkeys(paths) if not path.startswith(("../", "/"))]


def fixes(lock: Lock, text: str, manifest: Manifest) -> bool:
    """Whether a lock fixes a manifest that stands where one may stand.

    Pinned requirements beside a pyproject.toml are its lock where they say so, or where they hold all of its main.
    """
    name = manifest.path.rpartition("/")[2]
    if lock.format != "requirements" or name not in _PROJECT or name in text:
        return True
    locked = {entry.name for entry in lock.entries}
    main = [requirement.name for requirement in manifest.requirements if requirement.group == MAIN]
    return bool(main) and locked.issuperset(main)


def tells_roots(lock: Lock, manifest: Manifest) -> bool:
    """Whether a manifest tells which entries of a lock are direct, where the lock itself does not."""
    if lock.format == "requirements":
        return manifest.path.endswith(".in")
    return lock.format == "conda-lock" or manifest.path.rpartition("/")[0] == lock.path.rpartition("/")[0]


def _trees(lock: Lock) -> Iterator[str]:
    """Yield the folders of the source trees in a lock, relative to it."""
    for entry in lock.entries:
        if entry.source in SOURCE_TREES and entry.ref and "://" not in entry.ref:
            yield entry.ref.partition("#")[0].replace("\\", "/")


def _conda_sources(text: str) -> list[str]:
    match = _CONDA_SOURCES.search(text)
    return [line.strip()[2:].strip("'\" ") for line in match[1].splitlines()] if match else []
