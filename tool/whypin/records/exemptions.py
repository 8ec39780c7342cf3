"""Exemptions: required packages that are excused at exactly the versions they had."""

from __future__ import annotations

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.project import Exemptions
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
    exemptions: Exemptions = EXEMPTIONS.read(tree, report) if tree is not None else {}
    return exemptions
