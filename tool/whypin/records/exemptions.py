"""Exemptions: required packages that are excused at exactly the versions they had."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
    """Return the text with those exemptions only that are kept; the lines of these, and comments, stay as they are.

    Expects text that `read` accepts. What is written in flow style is written anew.
    """
    import yaml

    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        return text
    lines = text.splitlines(keepends=True)
    gone: set[int] = set()
    for key, names in root.value:
        if root.flow_style or names.flow_style:
            return render(kept)
        left = kept.get(key.value, {})
        if not left:
            gone.update(range(key.start_mark.line, key.end_mark.line + 1))
        for name, versions in names.value:
            lines_of = range(name.start_mark.line, versions.end_mark.line + (versions.end_mark.column > 0))
            told = [version.value for version in versions.value]
            if record_key(name.value) not in left:
                gone.update(lines_of)
            elif list(left[record_key(name.value)]) != told:
                return render(kept)
    return "".join(line for number, line in enumerate(lines) if number not in gone)
