"""What to type so that a lock fixes a manifest."""

from __future__ import annotations

from whypin.model.lock import Lock
from whypin.model.manifest import Manifest

_BY_FORMAT = {
    "uv": "run uv lock",
    "poetry": "run poetry lock",
    "pdm": "run pdm lock",
    "pipfile": "run pipenv lock",
    "pixi": "run pixi lock",
    "conda-lock": "run conda-lock lock",
    "pylock": "export it again, with hashes",
}
_BY_NAME = {
    "pyproject.toml": "run uv lock, poetry lock or pdm lock",
    "Pipfile": "run pipenv lock",
    "pixi.toml": "run pixi lock",
}


def lock_it(manifest: Manifest) -> str:
    """Return what to do for a manifest that no lock fixes."""
    name = manifest.path.rpartition("/")[2]
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.endswith((".yml", ".yaml")):
        return f"run conda-lock -f {manifest.path}"
    if name.endswith(".txt"):
        source = f"{manifest.path.removesuffix('.txt')}.in"
        return f"move it to {source} and run pip-compile --generate-hashes {source}"
    return f"run pip-compile --generate-hashes {manifest.path}"


def lock_again(manifest: Manifest, lock: Lock) -> str:
    """Return what to do for a manifest whose lock is stale or lacks hashes."""
    if lock.format in _BY_FORMAT:
        return _BY_FORMAT[lock.format]
    if manifest.path == lock.path:
        return lock_it(manifest)
    return f"run pip-compile --generate-hashes -o {lock.path} {manifest.path}"
