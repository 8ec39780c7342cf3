"""Manifest readers: what a project asks for, where its lock does not tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import Lock
from whypin.model.manifest import Manifest

Load = Callable[[str], str]


def beside(lock: Lock, text_of: Callable[[str], str | None], load: Load) -> Iterator[Manifest]:
    """Yield the manifests that tell which packages of a lock are direct, those that are there.

    `text_of` gives the text of a file or None; `load` raises WhypinError instead. Raises it for a manifest that
    cannot be read.
    """
    if lock.roots is not None or any(entry.member for entry in lock.entries):
        return
    folder, _, name = lock.path.rpartition("/")
    stem = name.rpartition(".")[0]
    names = ("pyproject.toml", "Pipfile", f"{stem}.in")
    pyproject, pipfile, declared = (f"{folder}/{file}".lstrip("/") for file in names)
    if lock.format == "requirements":
        if (text := text_of(declared)) is not None:
            from whypin.manifests import requirements

            yield requirements.read(text, declared, load)
    elif _is_by_pipenv(lock, text_of):
        if (text := text_of(pipfile)) is not None:
            from whypin.manifests import pipfile as pipfile_reader

            yield pipfile_reader.read(text, pipfile)
    elif (text := text_of(pyproject)) is not None:
        from whypin.manifests import pyproject as reader

        manifest = reader.read(text, pyproject)
        if lock.format == "uv" and not lock.entries and manifest.project:
            message = f"there is no package in it, not even {manifest.project} itself: it is damaged or cut short"
            raise WhypinError(message, Location(lock.path), "run uv lock again")
        yield manifest


def _is_by_pipenv(lock: Lock, text_of: Callable[[str], str | None]) -> bool:
    """Whether a Pipfile tells what is direct: pipenv writes a pylock.toml too."""
    if lock.format != "pylock":
        return lock.format == "pipfile"
    return 'created-by = "pipenv"' in (text_of(lock.path) or "")[:10_000].replace("'", '"')
