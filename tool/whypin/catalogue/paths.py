"""Where each page of the catalogue stands: names that every file system, server and generator takes."""

from __future__ import annotations

import re
from hashlib import sha256

_PLAIN = re.compile(r"[a-z0-9_]+(?:[._-][a-z0-9_]+)*\Z")
#: Generators take the first two for the page of a folder; the rest are devices to Windows.
_RESERVED = re.compile(r"(?:index|readme|con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)")
_MAX_LENGTH = 80


def slug(name: str) -> str:
    """Return a name for a file: the name itself where it is plain, else what is plain of it with a hash behind `--`.

    A plain name never holds `--`, so two names never share a file; the same name has the same file for ever.
    """
    if len(name) <= _MAX_LENGTH and _PLAIN.match(name) and not _RESERVED.match(name):
        return name
    plain = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:40].strip("-") or "x"
    return f"{plain}--{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


def package_page(folder: str, name: str) -> str:
    """Return the path of a package's page, given the package as records write it (`conda:NAME`)."""
    conda, bare = name.startswith("conda:"), name.removeprefix("conda:")
    return f"{folder}/packages/{'conda/' if conda else ''}{slug(bare)}.md"


def decision_page(folder: str, record_id: str) -> str:
    """Return the path of a decision's page."""
    return f"{folder}/decisions/{slug(record_id)}.md"


def start_page(folder: str) -> str:
    """Return the path of the catalogue's first page."""
    return f"{folder}/index.md"


def all_packages_page(folder: str) -> str:
    """Return the path of the list of all packages."""
    return f"{folder}/packages/index.md"


def all_decisions_page(folder: str) -> str:
    """Return the path of the list of all decisions."""
    return f"{folder}/decisions/index.md"


def findings_page(folder: str) -> str:
    """Return the path of the list of findings."""
    return f"{folder}/findings.md"


def reviews_page(folder: str) -> str:
    """Return the path of the list of what falls due."""
    return f"{folder}/reviews.md"


def policy_page(folder: str) -> str:
    """Return the path of the policy in force."""
    return f"{folder}/policy.md"


def read_first_page(folder: str) -> str:
    """Return the path of the decisions to read first."""
    return f"{folder}/read-first.md"


def debt_page(folder: str) -> str:
    """Return the path of the level of each manifest and what holds it down."""
    return f"{folder}/debt.md"
