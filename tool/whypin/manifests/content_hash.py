"""The hashes by which locks know the manifest that they were made from.

Sources: python-poetry/poetry `packages/locker.py`, pdm-project/pdm `project/project_file.py`. What each of them hashes
has changed over the years, and locks do not say by which of these ways they were made: a lock is as its manifest if any
of them gives its hash. The URLs of indexes are hashed too, and mirrors rewrite them: a manifest that names an index of
its own is left out, and with it every Pipfile.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whypin.model.names import normalise

_POETRY_ALWAYS = ("dependencies", "source", "extras", "dev-dependencies")
_POETRY = (*_POETRY_ALWAYS, "group")
_PROJECT = ("requires-python", "dependencies", "optional-dependencies")


def hashes(data: dict[str, Any], file_name: str) -> tuple[tuple[str, str], ...]:
    """Return (format of the lock, hash as such a lock keeps it) for all ways that the tools have had.

    `data` is the parsed file; nothing is returned where it is of no such tool, or of a shape whose hash is not known.
    """
    try:
        return tuple(dict.fromkeys(_pyproject(data))) if file_name == "pyproject.toml" else ()
    except (AttributeError, TypeError, ValueError, RecursionError):
        # A date, or a table where the tool takes a list: the tool itself could not have hashed it.
        return ()


def _pyproject(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    tool = data.get("tool", {})
    project = data.get("project", {})
    groups = data.get("dependency-groups", {})
    if any(tool.get(name, {}).get("source") for name in ("poetry", "pdm")):
        return
    for content in _by_poetry(tool.get("poetry", {}), project, groups):
        yield "poetry", _sha256(content)
    if project:
        for content in _by_pdm(tool.get("pdm", {}), project, groups):
            yield "pdm", f"sha256:{_sha256(content)}"


def _by_poetry(poetry: dict[str, Any], project: dict[str, Any], groups: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what Poetry hashes: its own table before 2.0; then `[project]` too, and since 2.3 the groups."""
    standard = {key: project[key] for key in _PROJECT if key in project}
    for told in ({}, groups):
        always = () if standard or told else _POETRY_ALWAYS
        own = {key: poetry.get(key) for key in _POETRY if key in poetry or key in always}
        content: dict[str, Any] = {"project": standard, "tool": {"poetry": own}} if standard or told else own
        yield content | ({"dependency-groups": told} if told else {})
    yield {key: poetry.get(key) for key in _POETRY if key in poetry or key in _POETRY_ALWAYS}


def _by_pdm(pdm: dict[str, Any], project: dict[str, Any], groups: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what PDM hashes: without overrides, with them, and with the whole table of the resolution."""
    own = pdm.get("dev-dependencies", {})
    included = any(isinstance(need, dict) for needs in groups.values() for need in needs)
    if included or not {*map(normalise, groups)}.isdisjoint(map(normalise, own)):
        return
    resolution = pdm.get("resolution", {})
    overrides = pdm.get("overrides", resolution.get("overrides", {}))
    merged = {**groups, **own}
    for development in (own, merged, {normalise(name): needs for name, needs in merged.items()}):
        common = {
            "sources": pdm.get("source", []),
            "dependencies": project.get("dependencies", []),
            "dev-dependencies": development,
            "optional-dependencies": project.get("optional-dependencies", {}),
            "requires-python": project.get("requires-python", ""),
        }
        yield common
        yield {**common, "overrides": overrides}
        yield {**common, "resolution": resolution}


def _sha256(content: dict[str, Any]) -> str:
    """Return the digest of what JSON makes of the content, its keys sorted."""
    from hashlib import sha256
    from json import dumps

    return sha256(dumps(content, sort_keys=True).encode()).hexdigest()
