"""What to type so that a lock fixes a manifest."""

from __future__ import annotations

from whypin.model.lock import Lock
from whypin.model.manifest import Manifest

_COMMANDS = {
    "uv": "uv lock",
    "poetry": "poetry lock",
    "pdm": "pdm lock",
    "pipfile": "pipenv lock",
    "pixi": "pixi lock",
    "conda-lock": "conda-lock",
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
    if lock.format == "pylock":
        return "export it again, with hashes"
    if lock.format != "requirements":
        return f"run {command_of(lock)}"
    if manifest.path == lock.path:
        return lock_it(manifest)
    return f"run pip-compile --generate-hashes -o {lock.path} {manifest.path}"


def command_of(lock: Lock, options: str = "") -> str:
    """Return what makes a lock anew, typed in its folder; `options` are for what compiles requirements."""
    if lock.path.endswith(".py.lock"):
        return f"uv lock --script {lock.path.rpartition('/')[2].removesuffix('.lock')}"
    if lock.format == "requirements":
        return f"pip-compile{options} or uv pip compile{options}"
    return _COMMANDS.get(lock.format, "the command that wrote it")
