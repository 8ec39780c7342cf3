"""What the name of a file tells: name and version of a wheel or source archive, the group of a requirements file."""

from __future__ import annotations

import re

from whypin.model.lock import MAIN
from whypin.model.names import is_valid, normalise
from whypin.syntax.requirements.grammar import MAX_WORD, VERSION

ARCHIVES = (
    ".whl",
    ".zip",
    ".tar.gz",
    ".tgz",
    ".tar.bz2",
    ".tbz",
    ".tar.xz",
    ".txz",
    ".tlz",
    ".tar.lz",
    ".tar.lzma",
    ".tar",
)
_GROUPS = {
    "dev": "dev",
    "development": "dev",
    "test": "test",
    "tests": "tests",
    "testing": "test",
    "docs": "docs",
    "doc": "docs",
    "lint": "lint",
    "typing": "typing",
    "ci": "ci",
}


def group_of(path: str) -> str:
    """Return the group that a file name tells: `requirements-dev.txt` and `requirements/dev.in` are `group:dev`.

    Only names that are about development tell one (`development`, `testing` and `doc` are the short names of
    themselves); everything else is `main`.
    """
    folder, _, name = path.lower().rpartition("/")
    stem, _, ending = name.rpartition(".")
    words = re.split("[-_.]", stem)
    if len(words) == 2 and "requirements" in words:
        words.remove("requirements")
    elif folder.rpartition("/")[2] != "requirements":
        return MAIN
    group = _GROUPS.get(words[0]) if len(words) == 1 and ending in ("txt", "in", "lock") else None
    return f"group:{group}" if group else MAIN


def wheel(file_name: str) -> tuple[str, str] | None:
    """Return normalised name and version of a wheel's file name (PEP 427)."""
    parts = file_name[:-4].split("-")
    has_build = len(parts) == 6 and parts[2][:1].isdigit()
    return _name_and_version(parts[0], parts[1]) if len(parts) == 5 or has_build else None


def source_archive(file_name: str) -> tuple[str, str] | None:
    """Return normalised name and version of a source archive's file name."""
    for ending in ARCHIVES:
        if file_name.lower().endswith(ending):
            name, _, version = file_name[: -len(ending)].rpartition("-")
            return _name_and_version(name, version)
    return None


def _name_and_version(name: str, version: str) -> tuple[str, str] | None:
    if is_valid(name) and len(version) <= MAX_WORD and _is_version(version):
        return normalise(name), version
    return None


def _is_version(text: str) -> bool:
    if re.fullmatch(VERSION, text):
        return True
    from packaging.version import InvalidVersion, Version

    try:
        Version(text)
    except InvalidVersion:
        return False
    return True
