"""Package names: the one normal form, and what is a name at all."""

from __future__ import annotations

import re
from functools import lru_cache

_SEPARATORS = re.compile(r"[-_.]+")
_VALID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z")


@lru_cache(maxsize=65536)
def normalise(name: str) -> str:
    """Return the name as indexes compare it: lower case, runs of `-_.` as one `-`.

    Source: the name normalisation of the Python packaging specifications (PEP 503).
    """
    return _SEPARATORS.sub("-", name).lower()


def is_valid(name: str) -> bool:
    """Whether this is a package name: ASCII letters, digits and `-_.`, with a letter or digit at both ends."""
    return len(name) <= 200 and _VALID.match(name) is not None


def spelt(name: str) -> str:
    """Return a regular expression for a name however its separators are spelt; case is for its user to ignore."""
    return "[-_.]+".join(map(re.escape, _SEPARATORS.split(name)))


def fold_glob(pattern: str) -> str:
    """Return a glob over names as names are compared: `Pillow`, `my_package` and `jaraco.*` match what they mean."""
    return pattern if pattern.startswith("conda:") else _SEPARATORS.sub("-", pattern).lower()


def record_key(text: str) -> str:
    """Return the normal form of a key under `packages`: `conda:NAME` keeps its name as conda spells it."""
    return text if text.startswith("conda:") else normalise(text)
