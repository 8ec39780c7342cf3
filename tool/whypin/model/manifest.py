"""A manifest as read: what the project asks for, and how strictly."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from whypin.model.location import Location

Strictness = Literal["bare", "bounded", "exact"]
OverrideKind = Literal["override", "constraint", "exclude"]

_COMMIT = re.compile(r"@[0-9a-f]{40}(?:[0-9a-f]{24})?(?:#|\Z)")
_HASH = re.compile(r"#(?:[^#]*&)?(?:sha256|sha384|sha512)=[0-9a-f]{64,128}")
_RELEASE = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,5}\Z")


class Requirement(NamedTuple):
    """One declared requirement: `name` is normalised, `specifier` is PEP 440 text (`""` for any version).

    `group` is `main`, `extra:NAME` or `group:NAME`. `url` is set where it names a URL, path or repository; `tree`
    where that is a source tree of the project itself (a path or workspace member). `written` is the constraint as the
    file spells it, such as `^1.2` or `(>=1.2,<2)`. `comment` is what stands beside it, without the `#`. `conda` tells a
    conda package from one of an index: then `name` is as conda spells it, and `specifier` what can be said in PEP 440.
    """

    name: str
    specifier: str
    group: str
    location: Location
    extras: tuple[str, ...] = ()
    marker: str | None = None
    url: str | None = None
    tree: bool = False
    written: str = ""
    comment: str = ""
    conda: bool = False

    @property
    def key(self) -> str:
        """The name as records write it: `conda:NAME` for a conda package."""
        return f"conda:{self.name}" if self.conda else self.name

    @property
    def strictness(self) -> Strictness:
        """How far the words alone fix a version: a URL is exact with a hash, a repository with a full commit."""
        if self.url is not None:
            return "exact" if _COMMIT.search(self.url) or _HASH.search(self.url) else "bare"
        if not self.specifier:
            return "bare"
        return "exact" if is_exact(self.specifier) else "bounded"

    @property
    def bounded_above(self) -> bool:
        """Whether a clause keeps newer versions out, an exact pin included."""
        return any(clause.startswith(("<", "==", "~=")) for clause in _clauses(self.specifier))

    @property
    def caps(self) -> tuple[str, ...]:
        """The clauses that keep versions out from above (`<2`, `~=1.4`, `==1.*`) or single ones (`!=1.5`)."""
        clauses = _clauses(self.specifier)
        return tuple(clause for clause in clauses if clause.startswith(("<", "!=", "~=", "==")))


class Override(NamedTuple):
    """What the tool is told beside the requirements: a version in their place, a limit, or to leave a package out.

    `parent` is the package whose own dependencies it changes, where it changes those of one package alone.
    """

    kind: OverrideKind
    requirement: Requirement
    parent: str | None = None


class Manifest(NamedTuple):
    """One manifest: `project` is the project's own normalised name, where it has one.

    `overrides` are the tool's overrides, constraints and exclusions. `requires_python` is PEP 440 text, None where
    none is told. `environments` says whether the tool is told to lock for some environments only. `locks` are the
    paths of the locks that fix its requirements. `hashes` are the content hashes that locks keep of this manifest, by
    the name of the lock's format, for those whose algorithm is documented.
    """

    path: str
    project: str | None
    requirements: tuple[Requirement, ...]
    overrides: tuple[Override, ...] = ()
    requires_python: str | None = None
    environments: bool = False
    locks: tuple[str, ...] = ()
    hashes: tuple[tuple[str, str], ...] = ()


def is_exact(specifier: str) -> bool:
    """Whether a specifier names one version: `==X` without a star, or `===X`, whatever stands beside it."""
    return any(clause.startswith("==") and not clause.endswith(".*") for clause in _clauses(specifier))


def is_caret(specifier: str) -> bool:
    """Whether this is the range that tools write by themselves: up to the next release that may break (`>=1.2,<2`)."""
    clauses = sorted(_clauses(specifier))
    if len(clauses) != 2 or not clauses[0].startswith("<") or not clauses[1].startswith(">="):
        return False
    low, high = clauses[1][2:].strip(), clauses[0][1:].strip()
    if not (_RELEASE.match(low) and _RELEASE.match(high)):
        return False
    return _next(low) == _trimmed(high)


def _next(version: str) -> list[int]:
    """Return the release that may break: its first number above zero is one more, what follows is gone."""
    numbers = [int(part) for part in version.split(".")]
    at = next((at for at, number in enumerate(numbers) if number), len(numbers) - 1)
    return [*numbers[:at], numbers[at] + 1]


def _trimmed(version: str) -> list[int]:
    numbers = [int(part) for part in version.split(".")]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return numbers


def _clauses(specifier: str) -> list[str]:
    return [clause.strip() for clause in specifier.split(",") if clause.strip()]
