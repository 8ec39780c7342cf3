"""`[tool.setuptools.dynamic]` in a pyproject.toml: dependencies that stand in requirements files.

Source: setuptools' documentation of dynamic metadata.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from whypin.errors import WhypinError
from whypin.manifests import requirements
from whypin.manifests.document import Document, Keys
from whypin.model.location import Location
from whypin.model.lock import MAIN
from whypin.model.manifest import Override, Requirement
from whypin.model.names import normalise

_DYNAMIC = ("tool", "setuptools", "dynamic")

Load = Callable[[str], str]


def dynamic(document: Document, load: Load) -> tuple[list[Requirement], list[Override]]:
    """Return what the files declare that the dynamic fields name, each requirement at its own place.

    Raises WhypinError at the file's name where it cannot be read.
    """
    found: list[Requirement] = []
    overrides: list[Override] = []
    for group, keys in _fields(document):
        for path, where in _files(document, keys):
            manifest = requirements.read(_text(path, where, load), path, load, group)
            found += manifest.requirements
            overrides += manifest.overrides
    return found, overrides


def _fields(document: Document) -> Iterator[tuple[str, Keys]]:
    fields = document.array("project", "dynamic")
    if "dependencies" in fields and document.table(*_DYNAMIC).get("dependencies") is not None:
        yield MAIN, (*_DYNAMIC, "dependencies")
    if "optional-dependencies" in fields:
        for extra in document.table(*_DYNAMIC, "optional-dependencies"):
            yield f"extra:{normalise(extra)}", (*_DYNAMIC, "optional-dependencies", extra)


def _files(document: Document, keys: Keys) -> Iterator[tuple[str, Location]]:
    """Yield the files of a field by their paths below the root; `file` is one name or an array of them."""
    files = document.table(*keys).get("file", [])
    for position, name in enumerate(files if isinstance(files, list) else [files]):
        where = (*keys, "file", position) if isinstance(files, list) else (*keys, "file")
        if not isinstance(name, str):
            raise document.error("the name of a file must be a string", where, 'write file = ["requirements.txt"]')
        path = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), name))
        if path.startswith(("../", "/")):
            message = f"the included file {name!r:.80} lies outside the root"
            raise document.error(message, where, "include files below the root only")
        yield path, document.place(where)


def _text(path: str, where: Location, load: Load) -> str:
    try:
        return load(path)
    except WhypinError as error:
        if error.where is not None and error.where != Location(path):
            raise
        hint = error.hint or "correct the path: it is relative to this file"
        raise WhypinError(f"the included file {path!r:.80}: {error.message}", where, hint) from None
