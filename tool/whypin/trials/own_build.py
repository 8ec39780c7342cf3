"""Whether a build that failed is that of the project itself, or of what lies beside it, by a tool's own words. Pure."""

from __future__ import annotations

import re

#: What is built from a folder of the copy; what comes from an index has a version here, or a name alone.
_OWN = re.compile(
    r"Failed to build `[^`\n]+ @ file:"  # uv
    r"|Failed to build\s+'file:"  # pip 26 and Pipenv, which breaks its lines anywhere
    r"|^[ \t]*(?:ERROR: )?Failed building editable for "  # pip
    r"|one of the following issues with (?!\S+ \(\S+\)[ \t]*$)\S",  # Poetry
    re.MULTILINE,
)
_PDM = "Installing the project as an editable package"
#: What pip is about to look at; an archive may lie in a folder that serves as an index.
_BEGUN = re.compile(r"^[ \t]*(Collecting|Processing|Obtaining) (\S+)", re.MULTILINE)
_ARCHIVES = (".gz", ".zip", ".whl", ".bz2", ".xz")


def is_own(text: str) -> bool:
    """Tell it from the output of a build that failed; in doubt it is not."""
    if _OWN.search(text) or "[BuildError]" in text.partition(_PDM)[2]:
        return True
    before, failed, _ = text.partition("error: subprocess-exited-with-error")
    begun = _BEGUN.findall(before)
    # Once all are collected they are built in another order.
    if not failed or not begun or "Building wheels for collected packages" in before:
        return False
    verb, what = begun[-1]
    return what.startswith("file:") if verb == "Obtaining" else verb == "Processing" and not what.endswith(_ARCHIVES)
