"""Exemptions: required packages that are excused at exactly the versions they had."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.names import record_key
from whypin.model.project import Exemptions, PlacedExemptions
from whypin.model.tree import Node
from whypin.schema.kinds import ListOf, MapOf, PackageName, Text, Version
from whypin.syntax.yaml import parse

EXEMPTIONS = MapOf(Text(), MapOf(PackageName(), ListOf(Version(), 1)))


def read(text: str, path: str) -> Exemptions:
    """Return lock path to name to versions; raises WhypinError at the first thing that is not right."""
    tree, problems = parse(text)

    def report(node: Node, message: str, fix: str) -> None:
        raise WhypinError(message, Location(path, node.line, node.column), fix)

    if problems:
        first = problems[0]
        raise WhypinError(first.message, Location(path, first.line, first.column), first.fix)
    if tree is None:
        return {}
    return PlacedExemptions(EXEMPTIONS.read(tree, report), _placing(tree, path))


def _placing(tree: Node, path: str) -> Callable[[str, str], Location]:
    """Return a function from lock and name to where the exemption stands."""
    places: dict[tuple[str, str], Location] = {}

    def place(lock: str, name: str) -> Location:
        if not places:
            for key, names in _pairs(tree):
                for text, _ in _pairs(names):
                    places[key.strip(), record_key(text.strip())] = Location(path, *names.key_place(text))
        return places.get((lock, name), Location(path))

    return place


def _pairs(node: Node) -> Iterable[tuple[str, Node]]:
    return node.value.items() if isinstance(node.value, dict) else ()


def render(exemptions: Exemptions) -> str:
    """Return the file's text: locks and names sorted, one line for each package."""
    from whypin.records.scaffold import scalar

    lines: list[str] = []
    for lock, names in sorted(exemptions.items()):
        lines.append(f"{scalar(lock)}:")
        for name, versions in sorted(names.items()):
            lines.append(f"  {scalar(name)}: [{', '.join(map(scalar, versions))}]")
    return "".join(f"{line}\n" for line in lines)


def without(text: str, kept: Exemptions) -> str:
    """Return the text with those exemptions only that are kept; everything else stays as it is, comments included.

    Expects text that `read` accepts.
    """
    import yaml

    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        return text
    parts: list[str] = []
    position = 0
    for start, end in sorted(_cuts(text, root, kept)):
        parts.append(text[position:start])
        position = max(position, end)
    return "".join([*parts, text[position:]])


def _cuts(text: str, root: Any, kept: Exemptions) -> Iterator[tuple[int, int]]:
    """Yield from where to where the text goes: locks, names and versions that are not kept."""
    left = [kept.get(lock.value.strip(), {}) for lock, _ in root.value]
    yield from _dropped(text, root, [bool(names) for names in left])
    for (_, names), versions_left in zip(root.value, left, strict=True):
        if versions_left:
            told = [versions_left.get(record_key(name.value.strip()), ()) for name, _ in names.value]
            yield from _dropped(text, names, [bool(versions) for versions in told])
            for (_, versions), stay in zip(names.value, told, strict=True):
                if stay:
                    yield from _dropped(text, versions, [version.value.strip() in stay for version in versions.value])


def _dropped(text: str, node: Any, stays: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield where the items of a list or mapping stand that do not stay."""
    spans = [_span(item) for item in node.value]
    if not node.flow_style:
        for item, stay in zip(node.value, stays, strict=True):
            if not stay:
                yield from _lines(text, item)
    elif not any(stays):
        yield node.start_mark.index + 1, node.end_mark.index - 1
    else:
        last = max(position for position, stay in enumerate(stays) if stay)
        for position, stay in enumerate(stays[:last]):
            if not stay:
                yield spans[position][0], spans[position + 1][0]
        if last + 1 < len(spans):
            # The comma stays where a comment stands behind it, and may: YAML allows one at the end.
            tail = text[spans[last][1] : spans[last + 1][0]]
            yield spans[last + 1][0] if "#" in tail else spans[last][1], spans[-1][1]


def _lines(text: str, item: Any) -> Iterator[tuple[int, int]]:
    """Yield the whole lines of an item in block style; what libyaml calls its end lies behind the comments after it."""
    key, value = item if isinstance(item, tuple) else (item, item)
    nested = isinstance(value.value, list) and not value.flow_style
    end = (key if nested else value).end_mark.index
    yield text.rfind("\n", 0, key.start_mark.index) + 1, (text.find("\n", end) + 1 or len(text))
    for each in value.value if nested else ():
        yield from _lines(text, each)


def _span(item: Any) -> tuple[int, int]:
    first, last = item if isinstance(item, tuple) else (item, item)
    return first.start_mark.index, last.end_mark.index
