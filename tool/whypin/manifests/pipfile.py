"""Pipfile: what a project asks of pipenv, category by category.

Source: pypa/pipenv, its documentation of the Pipfile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from whypin.manifests.document import Document, Keys, is_tree, reference
from whypin.model.lock import MAIN
from whypin.model.manifest import Manifest, Requirement
from whypin.model.names import is_valid, normalise
from whypin.syntax import pep508

_GROUPS = {"packages": MAIN, "dev-packages": "group:dev"}
_NO_CATEGORIES = frozenset({"source", "requires", "scripts", "pipenv", "pipfile"})
_KEY = re.compile(r"([^\[\]]+?)\s*(?:\[([^\[\]]*)\])?\Z")
_VARIABLES = (
    "os_name",
    "sys_platform",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "python_version",
    "python_full_version",
    "implementation_name",
    "implementation_version",
)
#: The keys by which pipenv is told which Python to use, and what completes an exact version.
_PYTHONS = (("python_full_version", ""), ("python_version", ".*"))


def read(text: str, path: str, load: Callable[[str], str] | None = None) -> Manifest:
    """Return what a Pipfile declares; raises WhypinError with the place of what can't be read. It includes no file."""
    document = Document(text, path)
    return Manifest(path, None, tuple(_requirements(document)), requires_python=_python(document))


def _requirements(document: Document) -> Iterator[Requirement]:
    """Yield them in the order of the file."""
    for category, packages in document.data.items():
        if category in _NO_CATEGORIES:
            continue
        keys = (category,)
        if not isinstance(packages, dict):
            raise document.error(f"{category!r:.80} is not a table", keys, "a category of packages is a table")
        if not is_valid(category):
            raise document.error(f"{category!r:.80} is not the name of a category", keys, "use letters and -")
        group = _GROUPS.get(category) or f"group:{normalise(category)}"
        for key, value in packages.items():
            yield _requirement(document, key, value, group, (category, key))


def _requirement(document: Document, key: str, value: Any, group: str, keys: Keys) -> Requirement:
    match = _KEY.match(key)
    if match is None or not is_valid(match[1]):
        raise document.error(f"{key!r:.80} is not a package name", keys, "use letters, digits and -_.")
    need = {"version": value} if isinstance(value, str) else value
    if not isinstance(need, dict):
        raise document.error(f"{match[1]} must be a version or a table", keys, f'write {match[1]} = ">=1.0"')
    name = normalise(match[1])
    specifier = _specifier(document, name, need.get("version", "*"), keys)
    asked = [*(match[2] or "").split(","), *_extras(document, need, keys)]
    extras = tuple(sorted({normalise(extra.strip()) for extra in asked} - {""}))
    where = document.place(keys)
    return Requirement(
        name,
        specifier,
        group,
        where,
        extras,
        _marker(document, need, keys),
        reference(need),
        is_tree(need),
        need.get("version", "").strip(),
        document.comment(where),
    )


def _specifier(document: Document, name: str, version: Any, keys: Keys) -> str:
    """Return PEP 440 text; to pipenv a bare version is an exact one."""
    text = version.strip() if isinstance(version, str) else None
    if text in ("*", ""):
        return ""
    if text is not None:
        if text[0].isdigit():
            text = f"=={text}"
        try:
            found = pep508.parse(f"{name} {text}")
        except ValueError:
            found = None
        if found and found.name == name and not (found.extras or found.marker or found.url):
            return found.specifier
    raise document.error(f"{version!r:.80} is not a version of {name}", keys, f'write {name} = ">=1.0"')


def _extras(document: Document, need: dict[str, Any], keys: Keys) -> list[str]:
    extras = need.get("extras", [])
    if not isinstance(extras, list) or not all(isinstance(extra, str) and is_valid(extra) for extra in extras):
        raise document.error("`extras` must be an array of names", keys, 'write extras = ["name"]')
    return extras


def _marker(document: Document, need: dict[str, Any], keys: Keys) -> str | None:
    """Return `markers` and the variables that stand as keys of their own, together."""
    parts = [need["markers"]] if need.get("markers") else []
    parts += [f"{key} {need[key]}" for key in _VARIABLES if isinstance(need.get(key), str)]
    if not all(isinstance(part, str) for part in parts):
        raise document.error("`markers` must be a string", keys)
    if len(parts) < 2:
        return parts[0] if parts else None
    return " and ".join(f"({part})" if " or " in part else part for part in parts)


def _python(document: Document) -> str | None:
    """Return what `[requires]` asks of Python, as PEP 440 text: the full version where it is told."""
    for key, end in _PYTHONS:
        version = document.string("requires", key).strip()
        if not version or version == "*":
            continue
        text = f"=={version}{end}" if version[0].isdigit() else version
        try:
            found = pep508.parse(f"python {text}")
        except ValueError:
            found = pep508.Parsed("")
        if not found.specifier or found.extras or found.marker:
            raise document.error(f"{version!r:.80} is not a version of Python", ("requires", key), 'write "3.11"')
        return found.specifier
    return None
