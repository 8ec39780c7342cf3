"""pip-audit: its arguments `--ignore-vuln ID`, one a line, for a shell to put into the command: it reads no file."""

from __future__ import annotations

import re

from whypin.emitters.emitted import Emitted, check_own
from whypin.emitters.waived import waived_once
from whypin.model.project import Project

_OWN = re.compile(r"(?:--ignore-vuln [A-Za-z0-9][A-Za-z0-9._:-]*\r?\n)*")


def render(project: Project, text: str | None, path: str) -> Emitted:
    """Return the arguments; an id has no character that a shell would take for its own."""
    check_own(text, path, lambda found: _OWN.fullmatch(found) is not None)
    return Emitted("".join(f"--ignore-vuln {each.waiver.advisory}\n" for each in waived_once(project)))
