"""Requirements files that declare: requirements.in, and requirements.txt where not everything is exact."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import MAIN, SOURCE_TREES
from whypin.model.manifest import Manifest, Override, Requirement
from whypin.syntax.comments import beside
from whypin.syntax.requirements import Load, Option, ParsedRequirement, group_of, named, parse
from whypin.syntax.url import redact

_OUTSIDE = r"(?i)\.\.(?:/|\Z)|/|[a-z]:|(?:https?|ftp|file):|.*[\\$]"
_HASH = r"(?:[#&]|--hash[= ]+)(sha256|sha384|sha512)[=:]([0-9a-fA-F]{64,128})"
_BEHIND_NAME = r"[A-Za-z0-9._-]+[ \t]*(?:\[[^\]]*\])?[ \t]*((?>(?:[^;#\\ \t]|[ \t]+(?![#\-\\]))*))"


def read(text: str, path: str, load: Load, group: str | None = None) -> Manifest:
    """Read what a requirements file and those it includes ask for; raises WhypinError with a place.

    The group is that of the file itself, also for what it includes. The project itself (`.`) and a local path that
    no name can be told of are left out. What a constraints file leaves open is a decision, and so an override; what it
    pins is another lock. Constraints that would have to be fetched, or lie outside the root, are not read.
    """
    files = _Files(load)
    file = parse(text, path, files.keep(path, text))
    group = group or group_of(path)
    declared = [files.requirement(name, requirement, group) for name, requirement in named(file)]
    return Manifest(path, None, tuple(declared), tuple(files.overrides(file.constraints)))


class _Files:
    """The files that were read, with their lines: what the parser does not keep is looked up there."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.texts: dict[str, str] = {}
        self.lines: dict[str, list[str]] = {}

    def keep(self, path: str, text: str) -> Load:
        """Keep the text of a file, and return a `load` that keeps those of others."""
        self.texts[path] = text.removeprefix("\ufeff")

        def load(other: str) -> str:
            found = self.load(other)
            self.texts[other] = found.removeprefix("\ufeff")
            return found

        return load

    def requirement(self, name: str, found: ParsedRequirement, group: str) -> Requirement:
        """Return a requirement with its words and its comment."""
        lines = self._lines(found.location.path)
        return Requirement(
            name,
            found.specifier,
            group,
            found.location,
            found.extras,
            found.marker,
            _url(lines, found),
            found.source in SOURCE_TREES,
            _written(lines, found),
            _comment(lines, found),
        )

    def overrides(self, constraints: tuple[Option, ...]) -> Iterator[Override]:
        """Yield what constraints files leave open, each file read once; they may name others."""
        waiting = list(reversed(constraints))
        seen: set[str] = set()
        while waiting:
            option = waiting.pop()
            if option.value in seen or not _is_below_root(option.value):
                continue
            seen.add(option.value)
            text = self._text(option)
            file = parse(text, option.value, self.keep(option.value, text))
            for name, found in named(file):
                requirement = self.requirement(name, found, MAIN)
                if requirement.strictness != "exact" and (requirement.specifier or requirement.url):
                    yield Override("constraint", requirement)
            waiting += reversed(file.constraints)

    def _text(self, option: Option) -> str:
        try:
            return self.load(option.value)
        except WhypinError as error:
            if error.where is not None and error.where != Location(option.value):
                raise
            message = f"the constraints file {option.value!r:.80}: {error.message}"
            hint = error.hint or "correct the path: it is relative to this file"
            raise WhypinError(message, option.location, hint) from None

    def _lines(self, path: str) -> list[str]:
        if path not in self.lines:
            self.lines[path] = self.texts[path].split("\n")
        return self.lines[path]


def _is_below_root(path: str) -> bool:
    """Whether the parser could place the file below the root; else it left the path as it was."""
    return posixpath.normpath(path) == path and not re.match(_OUTSIDE, path)


def _url(lines: list[str], found: ParsedRequirement) -> str | None:
    """Return the URL or path with its first hash, also one that stands beside it: what makes it exact."""
    if found.ref is None or not found.hashes:
        return found.ref
    for at in range(found.location.line - 1, len(lines)):
        if hashed := re.search(_HASH, lines[at]):
            return f"{found.ref}{'&' if '#' in found.ref else '#'}{hashed[1]}={hashed[2].lower()}"
        if not lines[at].endswith("\\"):
            break
    return found.ref


def _written(lines: list[str], found: ParsedRequirement) -> str:
    """Return the constraint as the line spells it; one that is spread over lines as it was understood."""
    line = found.location.line - 1
    if not found.specifier or line >= len(lines):
        return found.specifier
    match = re.compile(_BEHIND_NAME).match(lines[line], found.location.column - 1)
    text = match[1].strip() if match else ""
    return text if _clauses(text) == _clauses(found.specifier) else found.specifier


def _clauses(specifier: str) -> list[str]:
    return sorted("".join(specifier.split()).strip("()").split(","))


def _comment(lines: list[str], found: ParsedRequirement) -> str:
    """Return the comment in someone's own words: what resolvers note is none."""
    own = found.comment.lstrip("# ")
    words = redact(beside(lines, found.location.line, found.location.column))
    if own:
        return words if words.startswith(own) else own
    noted = found.via or found.index_url or words.startswith("via ") or "autogenerated by" in words
    return "" if noted else words
