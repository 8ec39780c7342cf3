"""`[tool.uv]` in a pyproject.toml: sources, overrides, constraints, exclusions. Source: uv's reference of settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whypin.manifests.document import Document, Keys, is_tree, reference
from whypin.model.lock import MAIN
from whypin.model.manifest import Override, OverrideKind, Requirement
from whypin.model.names import is_valid, normalise

_SOURCES = ("tool", "uv", "sources")
_LISTS: tuple[tuple[str, OverrideKind], ...] = (
    ("override-dependencies", "override"),
    ("constraint-dependencies", "constraint"),
    ("exclude-dependencies", "exclude"),
)
_STRINGS = ("git", "url", "path", "index", "rev", "tag", "branch", "subdirectory", "marker", "extra", "group")


class Sources:
    """`[tool.uv.sources]`: where packages come from instead of the index; a source may be for one extra or group."""

    def __init__(self, document: Document) -> None:
        self.by_name = {normalise(name): _alternatives(document, name) for name in document.table(*_SOURCES)}

    def apply(self, requirement: Requirement) -> Requirement:
        """Return the requirement with its source; it keeps to the index where any alternative does."""
        alternatives = self.by_name.get(requirement.name)
        if alternatives is None or requirement.url is not None or requirement.conda:
            return requirement
        meant = [source for source in alternatives if _is_for(source, requirement.group)]
        trees = [source.get("workspace") is True or is_tree(source) for source in meant]
        urls = [reference(source) for source in meant]
        if not meant or not all(tree or url for tree, url in zip(trees, urls, strict=True)):
            return requirement
        return requirement._replace(url=next(filter(None, urls), None), tree=all(trees))


def overrides(document: Document, sources: Sources) -> Iterator[Override]:
    """Yield what uv is told beside the requirements, in the order of kinds; `parent` is set where it is for one."""
    for name, kind in _LISTS:
        keys = ("tool", "uv", name)
        for position, item in enumerate(document.array(*keys)):
            where = (*keys, position)
            if not isinstance(item, dict):
                yield Override(kind, sources.apply(_told(document, item, kind, where)))
                continue
            parent = _parent(document, item, where)
            for at, need in enumerate(item["dependencies"]):
                yield Override(kind, _told(document, need, kind, (*where, "dependencies", at)), parent)


def has_environments(document: Document) -> bool:
    """Whether uv is told to lock for some environments only."""
    told = document.table("tool", "uv").get("environments")
    if not isinstance(told, str | list | None):
        raise document.error("tool.uv.environments must be an array", ("tool", "uv", "environments"))
    return bool(told)


def _told(document: Document, item: Any, kind: OverrideKind, keys: Keys) -> Requirement:
    if kind != "exclude" or not isinstance(item, str):
        return document.requirement(item, MAIN, keys)
    if not is_valid(item):
        raise document.error(f"{item!r:.80} is not a package name", keys, "write the name alone")
    where = document.place(keys)
    return Requirement(normalise(item), "", MAIN, where, comment=document.comment(where))


def _parent(document: Document, item: dict[str, Any], keys: Keys) -> str:
    """Return the package whose own dependencies an item changes."""
    package = item.get("package")
    name = package.get("name") if isinstance(package, dict) else None
    if not isinstance(name, str) or not is_valid(name) or not isinstance(item.get("dependencies"), list):
        hint = 'write "name>=1.0", or {package = {name = "…"}, dependencies = ["name>=1.0"]}'
        raise document.error("neither a requirement nor those of one package", keys, hint)
    return normalise(name)


def _alternatives(document: Document, name: str) -> list[dict[str, Any]]:
    keys = (*_SOURCES, name)
    source = document.table(*_SOURCES)[name]
    alternatives: list[Any] = source if isinstance(source, list) else [source]
    for position, each in enumerate(alternatives):
        where = (*keys, position) if isinstance(source, list) else keys
        if not isinstance(each, dict):
            raise document.error(f"the source of {name:.80} must be a table", where, 'write {git = "https://…"}')
        for key in _STRINGS:
            if not isinstance(each.get(key, ""), str):
                raise document.error(f"`{key}` of the source of {name:.80} must be a string", where)
    return alternatives


def _is_for(source: dict[str, Any], group: str) -> bool:
    """Whether a source is for a group: it may name one extra or group that it is for alone."""
    named = [f"{kind}:{normalise(source[kind])}" for kind in ("extra", "group") if kind in source]
    return not named or named == [group]
