"""What requirements are called, also those that are URLs and paths."""

from __future__ import annotations

import re

from whypin.errors import WhypinError
from whypin.model.names import is_valid, normalise
from whypin.syntax.requirements.parsed import ParsedRequirement, RequirementsFile
from whypin.syntax.requirements.references import HOSTED, REPOSITORY, behind_host


def name_of(requirement: ParsedRequirement) -> str | None:
    """Return the name, or else what its URL or path is called: the repository, or the last folder.

    None for the project itself (`.`), for a path whose last part is no name, and where a URL tells nothing.
    """
    if requirement.name is not None or requirement.ref is None:
        return requirement.name
    where = re.split("[#?]", requirement.ref)[0].replace("\\", "/").rstrip("/")
    if requirement.local:
        last = where.rpartition("/")[2]
    elif requirement.source == "git" or re.match(REPOSITORY, where):
        last = behind_host(where).partition("@")[0].rpartition("/")[2].removesuffix(".git")
    else:
        hosted = re.search(HOSTED, where)
        last = hosted[1].removesuffix(".git") if hosted else ""
    return normalise(last) if is_valid(last) else None


def named(file: RequirementsFile) -> list[tuple[str, ParsedRequirement]]:
    """Return the requirements with their names, those of URLs and paths told as well as can be.

    The project itself (`.`) and a local path that tells no name are left out: nobody chooses a version of those.
    Raises WhypinError at a URL that tells no name.
    """
    found = []
    for requirement in file.requirements:
        name = name_of(requirement)
        if name is not None:
            found.append((name, requirement))
        elif not requirement.local:
            raise WhypinError("no package name can be told from this URL", requirement.location, "write name @ URL")
    return found
