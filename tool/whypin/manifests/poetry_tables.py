"""The tables of Poetry in a pyproject.toml. Source: Poetry's documentation of its dependencies and their groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from whypin.manifests.document import Document, Keys, is_tree, reference
from whypin.manifests.groups import Groups
from whypin.model.lock import MAIN
from whypin.model.manifest import Requirement
from whypin.model.names import is_valid, normalise
from whypin.syntax.constraint import as_one, to_pep440

_MAIN = ("tool", "poetry", "dependencies")
_GROUPS = ("tool", "poetry", "group")
_LEGACY = ("tool", "poetry", "dev-dependencies")
_PLATFORM = re.compile(r"(==|!=|)\s*([A-Za-z0-9_]+)\Z")


def main_and_extras(document: Document, standard: list[Requirement]) -> list[Requirement]:
    """Return main and extras; where the standard tables declare anything, Poetry's table only adds details.

    Unless the standard table says that the other kind is dynamic: then Poetry's table declares that kind.
    """
    poetry = list(_dependencies(document, _MAIN, MAIN))
    if not standard:
        return [requirement for requirement, _ in poetry]
    dynamic = document.array("project", "dynamic")
    extras_only = all(requirement.group != MAIN for requirement in standard)
    main_only = all(requirement.group == MAIN for requirement in standard)
    found = _detailed(standard, [requirement for requirement, _ in poetry])
    for requirement, optional in poetry:
        if (extras_only and not optional and "dependencies" in dynamic) or (
            main_only and optional and "optional-dependencies" in dynamic
        ):
            found.append(requirement)
    return found


def add_groups(document: Document, groups: Groups) -> None:
    """Add Poetry's groups; to a standard group of the same name that declares anything, only details."""
    standard = {name for name, group in groups.groups.items() if group.requirements}
    for name in document.table(*_GROUPS):
        keys = (*_GROUPS, name)
        needs = [need for need, _ in _dependencies(document, (*keys, "dependencies"), "")]
        if normalise(name) in standard:
            own = groups.own(name)
            own[:] = _detailed(own, needs)
            needs = []
        groups.add(name, needs, keys)
        for position, include in enumerate(document.array(*keys, "include-groups")):
            groups.include(name, include, (*keys, "include-groups", position))
    if document.table(*_LEGACY):
        groups.add("dev", (need for need, _ in _dependencies(document, _LEGACY, "")), _LEGACY)


def requires_python(document: Document) -> str | None:
    """Return what Poetry's table asks of Python, as PEP 440 text."""
    keys = (*_MAIN, "python")
    value = document.table(*_MAIN).get("python")
    if isinstance(value, dict):
        value = value.get("version")
    if value is None:
        return None
    if not isinstance(value, str):
        raise document.error("python must be a version", keys, 'write python = "^3.11"')
    try:
        return as_one(to_pep440(value)) or None
    except ValueError as error:
        raise document.error(str(error), keys, 'write a version such as "^3.11"') from None


def _detailed(standard: Iterable[Requirement], poetry: list[Requirement]) -> list[Requirement]:
    """Return standard requirements, with the URL or path that all of Poetry's for the same name give instead."""
    by_name: dict[str, list[Requirement]] = {}
    for requirement in poetry:
        by_name.setdefault(requirement.name, []).append(requirement)
    found = []
    for requirement in standard:
        details = by_name.get(requirement.name, ())
        if requirement.url is None and details and all(each.url is not None for each in details):
            requirement = requirement._replace(url=details[0].url, tree=all(each.tree for each in details))
        found.append(requirement)
    return found


def _dependencies(document: Document, keys: Keys, group: str) -> Iterator[tuple[Requirement, bool]]:
    """Yield a table of Poetry's dependencies with whether they are optional; `python` is none of them."""
    extras = _extras(document) if group == MAIN else {}
    for name, value in document.table(*keys).items():
        if name.lower() == "python":
            continue
        if not is_valid(name):
            raise document.error(f"{name!r:.80} is not a package name", (*keys, name), "use letters, digits and -_.")
        for position, need in enumerate(value if isinstance(value, list) else [value]):
            where = (*keys, name, position) if isinstance(value, list) else (*keys, name)
            requirement = _requirement(document, normalise(name), need, group, where)
            optional = isinstance(need, dict) and need.get("optional") is True
            for gate in (optional and extras.get(requirement.name)) or (group,):
                yield requirement._replace(group=gate) if gate != group else requirement, optional


def _requirement(document: Document, name: str, need: Any, group: str, keys: Keys) -> Requirement:
    if isinstance(need, str):
        need = {"version": need}
    if not isinstance(need, dict):
        raise document.error(f"{name} must be a version or a table", keys, f'write {name} = "^1.0"')
    for key in ("version", "python", "markers", "platform"):
        if not isinstance(need.get(key, ""), str):
            raise document.error(f"`{key}` of {name} must be a string", keys, f'write {key} = "…"')
    extras = need.get("extras", [])
    if not isinstance(extras, list) or not all(isinstance(extra, str) and is_valid(extra) for extra in extras):
        raise document.error(f"`extras` of {name} must be an array of names", keys, 'write extras = ["name"]')
    written = need.get("version", "")
    try:
        specifier = as_one(to_pep440(written))
        marker = _marker(need)
    except ValueError as error:
        raise document.error(str(error), keys, 'write a version such as "^1.0"') from None
    where = document.place(keys)
    return Requirement(
        name,
        specifier,
        group,
        where,
        tuple(sorted(map(normalise, extras))),
        marker,
        reference(need),
        is_tree(need),
        written.strip(),
        document.comment(where),
    )


def _extras(document: Document) -> dict[str, list[str]]:
    """From package to the extras that list it."""
    groups: dict[str, list[str]] = {}
    keys = ("tool", "poetry", "extras")
    for extra in document.table(*keys):
        for name in document.array(*keys, extra):
            bare = normalise(str(name).partition("[")[0].strip())
            groups.setdefault(bare, []).append(f"extra:{normalise(extra)}")
    return groups


def _marker(need: dict[str, Any]) -> str | None:
    """Return the marker of a dependency: its `markers`, `python` and `platform` together."""
    parts = [need["markers"]] if need.get("markers") else []
    if "python" in need:
        parts += _python_marker(need["python"])
    platform = _PLATFORM.match(need.get("platform", ""))
    if platform:
        parts.append(f'sys_platform {platform[1] or "=="} "{platform[2]}"')
    if len(parts) < 2:
        return parts[0] if parts else None
    return " and ".join(f"({part})" if " or " in part else part for part in parts)


def _python_marker(constraint: str) -> list[str]:
    """Return a constraint on Python as a marker, in a list of one; none where every Python will do."""
    alternatives = []
    for alternative in to_pep440(constraint):
        clauses = [re.fullmatch(r"([=!<>~]+)(.*)", clause) for clause in alternative.split(",") if clause]
        terms = [f'{_python_variable(clause[2])} {clause[1]} "{clause[2]}"' for clause in clauses if clause]
        if not terms:
            return []
        alternatives.append(" and ".join(terms))
    return [" or ".join(alternatives)]


def _python_variable(version: str) -> str:
    return "python_version" if version.removesuffix(".*").count(".") < 2 else "python_full_version"
