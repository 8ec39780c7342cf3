"""What compiled requirements files say they were made from: pip-compile and uv note it in comments."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

_COMMENT = re.compile(r"#.*")
_VIA_FILE = re.compile(
    r"-r +([^\s,]+\.(?:in|txt|toml|cfg))(?=[\s,]|\Z)|\(([^\s,():]*(?:pyproject\.toml|setup\.cfg))[:)]"
)
#: The command stands in the first lines; what its options name is no source.
_HEADER = 10
_ENDS = (".in", "pyproject.toml", "setup.cfg")
_MOST_SOURCES = 200
_COMPILE = re.compile(r"\bpip-compile\b|\bpip compile\b")
_NO_SOURCE = re.compile(r"(?<!\S)(?:-c|--constraints?|--overrides?|-o|--output-file|--config)[ =]\S+")


def sources(text: str, folder: str, exists: Callable[[str], bool]) -> list[str]:
    """Return the files, relative to its folder, that a compiled requirements file says it was made from.

    It names them as they were typed, from a folder that it does not tell: its own, or one of those above it. Of a path
    that leads nowhere the last part is taken.
    """
    comments = _COMMENT.findall(text)
    typed = [path for comment in comments for pair in _VIA_FILE.findall(comment) for path in pair if path]
    commands = " ".join(comment for comment in comments[:_HEADER] if _COMPILE.search(comment))
    typed += [word for word in _NO_SOURCE.sub(" ", commands).split() if word.endswith(_ENDS)]
    parts = folder.split("/") if folder else []
    above = ["/".join(parts[:depth]) for depth in range(len(parts), -1, -1)]
    found = []
    for path in list(dict.fromkeys(typed))[:_MOST_SOURCES]:
        places = (posixpath.normpath(posixpath.join(start, path)) for start in above)
        place = next((place for place in places if not place.startswith(("../", "/")) and exists(place)), None)
        if place is None or _is_anothers(path, place, folder, exists):
            place = posixpath.join(folder, path.rpartition("/")[2])
        found.append(posixpath.relpath(place, folder or "."))
    return found


def _is_anothers(typed: str, place: str, folder: str, exists: Callable[[str], bool]) -> bool:
    """Whether a source of a bare name, found in a folder above, has a compiled file of its own: then it is another."""
    if "/" in typed or posixpath.dirname(place) == folder:
        return False
    return exists(f"{place.rpartition('.')[0]}.txt")
