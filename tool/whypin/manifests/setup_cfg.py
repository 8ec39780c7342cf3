"""setup.cfg: what setuptools is told that a project needs; most of these files only configure other tools.

Sources: setuptools' documentation of declarative configuration, and the reading rules of Python's configparser, whose
places are lost: so the lines are read here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from whypin.errors import WhypinError
from whypin.manifests.document import written
from whypin.model.location import Location
from whypin.model.lock import MAIN
from whypin.model.manifest import Manifest, Requirement
from whypin.model.names import is_valid, normalise
from whypin.syntax import pep508
from whypin.syntax.comments import beside
from whypin.syntax.text import reject_conflict
from whypin.syntax.url import redact

MAX_REQUIREMENTS = 100_000
MAX_STEPS = 1_000_000

_SECTION = re.compile(r"\[(.+)\]")
_OPTION = re.compile(r"([^=:]*+)[=:]\s*+")
_EXTRAS = "options.extras_require"


class Line(NamedTuple):
    """One line of a value: its text without white space around it, and where it stands."""

    text: str
    number: int
    column: int


Sections = dict[str, dict[str, list[Line]]]


def read(text: str, path: str, load: Callable[[str], str] | None = None) -> Manifest:
    """Return what a setup.cfg declares; raises WhypinError with the place of what can't be read.

    A value that names a file (`file: requirements.txt`) declares nothing here.
    """
    reject_conflict(text, path)
    sections = sections_of(text, path)
    options = {name.lower().replace("-", "_"): lines for name, lines in sections.get("options", {}).items()}
    reader = _Reader(path, text.split("\n"))
    project = " ".join(line.text for line in sections.get("metadata", {}).get("name", ()))
    name = normalise(project) if is_valid(project) else None
    found = list(reader.requirements(options.get("install_requires", []), MAIN))
    for extra, lines in sections.get(_EXTRAS, {}).items():
        if not is_valid(extra):
            where = Location(path, lines[0].number)
            raise WhypinError(f"{extra!r:.80} is not the name of an extra", where, "use letters, digits and -")
        found += reader.requirements(lines, f"extra:{normalise(extra)}")
    python = reader.python(options.get("python_requires", []))
    return Manifest(path, name, tuple(_without_itself(found, name, path)), requires_python=python)


def sections_of(text: str, path: str) -> Sections:
    """Return the lines of every option by section and name; raises WhypinError where configparser would refuse."""
    sections: Sections = {}
    options: dict[str, list[Line]] | None = None
    lines: list[Line] | None = None
    margin = 0
    for number, raw in enumerate(text.split("\n"), 1):
        value = raw.strip()
        if not value or value[0] in "#;":
            continue
        indent = len(raw) - len(raw.lstrip())
        where = Location(path, number, indent + 1)
        if lines is not None and indent > margin:
            lines.append(Line(value, number, indent + 1))
            continue
        margin = indent
        if section := _SECTION.match(value):
            if section[1] in sections:
                raise WhypinError(f"the section [{section[1]:.80}] is there twice", where, "make them one")
            options, lines = sections.setdefault(section[1], {}), None
            continue
        if options is None:
            raise WhypinError("no section stands above this line", where, "write [options] above it")
        option = _OPTION.match(value)
        name = option[1].rstrip() if option else ""
        if option is None or not name:
            raise WhypinError(f"{value!r:.80} is neither a section nor an option", where, "write name = value")
        if name in options:
            raise WhypinError(f"the option {name!r:.80} is there twice", where, "keep one of them")
        lines = options[name] = [Line(value[option.end() :], number, indent + 1 + option.end())]
    return sections


class _Reader:
    """Reads requirements out of values."""

    def __init__(self, path: str, lines: list[str]) -> None:
        self.path = path
        self.lines = lines
        self.count = 0

    def requirements(self, value: list[Line], group: str) -> Iterator[Requirement]:
        """Yield the requirements of a list: one a line, or all on the first line with semicolons between them."""
        if value and value[0].text.startswith("file:"):
            return
        for line in value if len(value) > 1 else _split(value):
            text = line.text.partition(" #")[0].rstrip()
            if text and text[0] != "#":
                yield self._requirement(text, line, group)

    def _requirement(self, text: str, line: Line, group: str) -> Requirement:
        where = Location(self.path, line.number, line.column)
        self.count += 1
        if self.count > MAX_REQUIREMENTS:
            raise WhypinError(f"more than {MAX_REQUIREMENTS:,} requirements, extras and all", where)
        try:
            found = pep508.parse(text)
        except ValueError as error:
            raise WhypinError(str(error), where, "write name>=1.0, as pip takes it, one a line") from None
        return Requirement(
            found.name,
            found.specifier,
            group,
            where,
            found.extras,
            found.marker,
            redact(found.url) if found.url else None,
            written=written(text) if found.specifier else "",
            comment=beside(self.lines, where.line, where.column),
        )

    def python(self, value: list[Line]) -> str | None:
        """Return the constraint on Python without spaces, None where there is none."""
        text = " ".join(line.text for line in value).strip()
        if not text:
            return None
        try:
            found = pep508.parse(f"python {text}")
        except ValueError:
            found = None
        if found != ("python", found.specifier if found else "", (), None, None):
            where = Location(self.path, value[0].number, value[0].column)
            raise WhypinError(f"{text!r:.80} is not a constraint on Python", where, "write >=3.11")
        return found[1]


def _split(value: list[Line]) -> Iterator[Line]:
    """Yield what stands between semicolons on one line."""
    for text, number, column in value:
        for part in text.split(";"):
            yield Line(part.strip(), number, column + len(part) - len(part.lstrip()))
            column += len(part) + 1


def _without_itself(found: list[Requirement], project: str | None, path: str) -> list[Requirement]:
    """Return what is required of others; `all = shop[web]` in the project shop means what the extra web requires."""
    others = [requirement for requirement in found if requirement.name != project]
    by_group: dict[str, list[Requirement]] = {}
    asked: dict[str, list[Requirement]] = {}
    for requirement in found:
        (asked if requirement.name == project else by_group).setdefault(requirement.group, []).append(requirement)
    steps = 0
    for group in asked:
        seen = {group}
        waiting = [f"extra:{extra}" for requirement in asked[group] for extra in requirement.extras]
        while waiting:
            extra = waiting.pop()
            steps += 1
            if extra not in seen:
                seen.add(extra)
                waiting += (f"extra:{inner}" for requirement in asked.get(extra, ()) for inner in requirement.extras)
                others += (requirement._replace(group=group) for requirement in by_group.get(extra, ()))
            if steps > MAX_STEPS or len(others) > MAX_REQUIREMENTS:
                message = "the extras of the project ask for each other too often to be followed"
                raise WhypinError(message, Location(path))
    return others
