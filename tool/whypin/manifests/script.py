"""What a Python script asks for in its own comments: the `# /// script` block of PEP 723.

Source: the Python packaging specification of inline script metadata.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from whypin.errors import WhypinError
from whypin.manifests import pyproject
from whypin.model.location import Location
from whypin.model.manifest import Manifest, Requirement
from whypin.syntax.text import line_at, reject_conflict

_OPENS = re.compile(r"^# /// script$", re.MULTILINE)
_CLOSES = "# ///"
_COLUMNS = 2


def read(text: str, path: str, load: Callable[[str], str] | None = None) -> Manifest:
    """Return what a script declares; raises WhypinError with the place of what can't be read.

    A script without such a block asks for nothing.
    """
    reject_conflict(text, path)
    opened = [line_at(text, match.start()) for match in islice(_OPENS.finditer(text), 2)]
    if not opened:
        return Manifest(path, None, ())
    if len(opened) > 1:
        message = f"a second script block; the first is on line {opened[0]}"
        raise WhypinError(message, Location(path, opened[1]), "make them one")
    block = _block(text.split("\n")[opened[0] :])
    if block is None:
        hint = 'end it with a line "# ///", and begin every line before that with "# "'
        raise WhypinError("the script block is never closed", Location(path, opened[0]), hint)
    try:
        found = pyproject.read(_as_pyproject(block, opened[0]), path, load)
    except WhypinError as error:
        if error.where is None or error.where.path != path:
            raise
        raise WhypinError(error.message.replace("project.", ""), _shifted(error.where), error.hint) from None
    return found._replace(
        project=None,
        requirements=tuple(map(_moved, found.requirements)),
        overrides=tuple(each._replace(requirement=_moved(each.requirement)) for each in found.overrides),
    )


def _block(lines: list[str]) -> list[str] | None:
    """Return the lines of a block that begins here; it ends with the last closing line of the comment it stands in."""
    end = None
    for position, line in enumerate(lines):
        if line != "#" and not line.startswith("# "):
            break
        end = position if line == _CLOSES else end
    return None if end is None else lines[:end]


def _as_pyproject(block: list[str], line: int) -> str:
    """Return the pyproject.toml that says the same, each line where it is in the script.

    What the block says at its top stands in the table of a project; the rest is the same in both.
    """
    return "\n" * (line - 1) + "\n".join(("[project]", *(content[_COLUMNS:] for content in block), ""))


def _moved(requirement: Requirement) -> Requirement:
    return requirement._replace(location=_shifted(requirement.location))


def _shifted(where: Location) -> Location:
    return where._replace(column=where.column + _COLUMNS)
