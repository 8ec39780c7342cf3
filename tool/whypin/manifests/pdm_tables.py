"""`[tool.pdm]` in a pyproject.toml: development groups and overrides. Source: PDM's documentation of its settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whypin.errors import WhypinError
from whypin.manifests.document import Document, Keys
from whypin.manifests.groups import Groups
from whypin.model.lock import MAIN, SOURCE_TREES
from whypin.model.manifest import Override, Requirement
from whypin.model.names import is_valid, normalise
from whypin.syntax import pep508
from whypin.syntax.url import redact

_GROUPS = ("tool", "pdm", "dev-dependencies")
#: PDM moved its overrides below `resolution` with version 2.
_OVERRIDES = (("tool", "pdm", "resolution", "overrides"), ("tool", "pdm", "overrides"))
_EXCLUDES = ("tool", "pdm", "resolution", "excludes")


def add_groups(document: Document, groups: Groups) -> None:
    """Add the development groups that PDM kept before there were dependency groups."""
    for name in document.table(*_GROUPS):
        keys = (*_GROUPS, name)
        items = enumerate(document.array(*keys))
        groups.add(name, [need for at, item in items for need in _requirement(document, item, (*keys, at))], keys)


def overrides(document: Document) -> Iterator[Override]:
    """Yield the versions or URLs that stand in for what is required, and the packages to leave out."""
    for keys in _OVERRIDES:
        for name, value in document.table(*keys).items():
            yield Override("override", _override(document, name, value, (*keys, name)))
    for position, name in enumerate(document.array(*_EXCLUDES)):
        where = (*_EXCLUDES, position)
        if not isinstance(name, str) or not is_valid(name):
            raise document.error(f"{name!r:.80} is not a package name", where, "write the name alone")
        yield Override("exclude", _plain(document, name, where))


def _requirement(document: Document, item: Any, keys: Keys) -> Iterator[Requirement]:
    """Read a requirement as pip takes it, `-e` and URLs without a name included; the project itself is none."""
    if not isinstance(item, str) or not (item.lstrip().startswith("-") or _is_url(item)):
        yield document.requirement(item, "", keys)
        return
    from whypin.syntax.requirements import named, parse

    try:
        found = named(parse(" ".join(item.split()), document.path, _refuse))
    except WhypinError as error:
        raise document.error(error.message, keys, error.hint) from None
    for name, each in found:
        yield _plain(document, name, keys)._replace(
            group="",
            specifier=each.specifier,
            extras=each.extras,
            marker=each.marker,
            url=each.ref,
            tree=each.source in SOURCE_TREES,
        )


def _override(document: Document, name: str, value: Any, keys: Keys) -> Requirement:
    """Read an override: a URL, specifiers, or a bare version, which is an exact one."""
    if not is_valid(name):
        raise document.error(f"{name!r:.80} is not a package name", keys, "use letters, digits and -_.")
    if not isinstance(value, str):
        raise document.error(f"the override of {name} must be a string", keys, f'write {name} = ">=1.0"')
    text = value.strip()
    plain = _plain(document, name, keys)
    if _is_url(text):
        return plain._replace(url=redact(text))
    if text == "*":
        return plain._replace(written=text)
    operator = "" if text[:1] in ("<", ">", "=", "!", "~") else "=="
    try:
        found = pep508.parse(f"{name} {operator}{text}")
    except ValueError:
        found = pep508.Parsed("")
    if not found.specifier or found.marker or found.extras:
        raise document.error(f"{value!r:.80} is not a version of {name}", keys, f'write {name} = ">=1.0"')
    return plain._replace(specifier=found.specifier, written=text)


def _plain(document: Document, name: str, keys: Keys) -> Requirement:
    where = document.place(keys)
    return Requirement(normalise(name), "", MAIN, where, comment=document.comment(where))


def _is_url(text: str) -> bool:
    """Whether a text begins as a URL does, with no name before it."""
    return "://" in text and "@" not in text.partition("://")[0] and " " not in text.partition("://")[0].strip()


def _refuse(path: str) -> str:
    raise WhypinError(f"a group includes no file, and so not {path!r:.80}", hint="write the requirements themselves")
