"""environment.yml: the packages of a conda environment, and those that pip installs into it.

Sources: conda's documentation of environment files; conda-lock's of the keys `category` and `platforms` and of
selectors such as `# [linux64]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from whypin.errors import WhypinError
from whypin.manifests import requirements
from whypin.model.location import Location
from whypin.model.lock import MAIN
from whypin.model.manifest import Manifest, Override, Requirement
from whypin.model.names import is_valid, normalise
from whypin.model.tree import Node, Problem
from whypin.syntax import match_spec, yaml
from whypin.syntax.comments import beside

_KEY = "dependencies"
_LOOKS_LIKE_ONE = r"(?m)^[\"']?dependencies[\"']?\s*:"
_PLATFORMS = {"unix", "linux", "linux64", "aarch64", "ppc64le", "osx", "osx64", "arm64", "win", "win64"}
#: What ends a line in YAML.
_LINE_END = r"\r\n|[\r\n\x85\u2028\u2029]"
_SELECTOR = r"\A(.*?)\[([a-z0-9]+)\]"
_HINT = 'write "- numpy=1.26" or "- pip: [requests]"'

Load = Callable[[str], str]


def read(text: str, path: str, load: Load) -> Manifest:
    """Return what a conda environment asks for; raises WhypinError with the place of what can't be read.

    A file without `dependencies` is no conda environment, and asks for nothing. A marker is the name of a platform, as
    in `# [linux64]`. Requirements of other installers than pip are left out.
    """
    root, problems = yaml.parse(text)
    dependencies = root.find(_KEY) if root is not None else None
    if dependencies is None and not re.search(_LOOKS_LIKE_ONE, text):
        return Manifest(path, None, ())
    _reject(problems, root, path)
    if root is None or dependencies is None:
        return Manifest(path, None, ())
    reader = _Reader(root, text, path, load)
    found = tuple(reader.requirements(dependencies))
    return Manifest(path, None, found, tuple(reader.overrides), environments=True)


def _reject(problems: list[Problem], root: Node | None, path: str) -> None:
    """Raise what is wrong with the file or its dependencies; what else is odd YAML is none of ours."""
    first, last = _extent(root)
    for line, column, message, fix in problems:
        if column == 1 or first <= line < last:
            message = re.sub(r" (?:in|for) a record\b", "", message)
            raise WhypinError(message, Location(path, line, column), "" if "record" in fix else fix)


def _extent(root: Node | None) -> tuple[float, float]:
    """Return the line of `dependencies` and that of the key behind it; every line where there are none."""
    places = (root.key_places if root is not None else None) or {}
    if _KEY not in places:
        return 0, float("inf")
    first = places[_KEY][0]
    return first, min((line for line, _ in places.values() if line > first), default=float("inf"))


class _Reader:
    """One environment while it is read."""

    def __init__(self, root: Node, text: str, path: str, load: Load) -> None:
        self.path = path
        self.load = load
        self.lines = re.split(_LINE_END, text)
        self.overrides: list[Override] = []
        self.group = self._group(root.find("category"))

    def requirements(self, dependencies: Node) -> Iterator[Requirement]:
        """Yield the packages of conda in the order of the file, those of pip in the place of their list."""
        for item in self._items(dependencies, f"`{_KEY}`"):
            if isinstance(item.value, str):
                yield self._conda(item)
                continue
            if not isinstance(item.value, dict):
                raise self._error("neither a package nor a list of another installer", item, _HINT)
            for installer, below in item.value.items():
                if not isinstance(below.value, list) and (installer != "pip" or below.value != ""):
                    raise self._error(f"{installer!r:.80} must be a list of requirements", below, _HINT)
                if installer == "pip":
                    yield from self._pip(below)

    def _conda(self, item: Node) -> Requirement:
        try:
            spec = match_spec.parse(str(item.value))
        except ValueError as error:
            raise self._error(str(error), item, 'write "- numpy=1.26", as conda takes it') from None
        where = Location(self.path, item.line, item.column)
        comment, platform = self._comment(item)
        return Requirement(
            spec.name,
            spec.specifier,
            self.group,
            where,
            marker=platform,
            url=spec.url,
            written=spec.constraint,
            comment=comment,
            conda=True,
        )

    def _pip(self, below: Node) -> Iterator[Requirement]:
        """Yield what pip is to install: conda writes the items into a requirements file, one a line."""
        items = self._items(below, "`pip`")
        for item in items:
            if not isinstance(item.value, str):
                raise self._error("a requirement of pip must be text", item, _HINT)
        text = "\n".join(re.sub(_LINE_END, " ", str(item.value)) for item in items)
        try:
            found = requirements.read(text, self.path, self.load, self.group)
        except WhypinError as error:
            if error.where is None or error.where.path != self.path:
                raise
            raise WhypinError(error.message, self._place(error.where, items), error.hint) from None
        self.overrides += found.overrides
        for requirement in found.requirements:
            yield self._placed(requirement, items) if requirement.location.path == self.path else requirement

    def _placed(self, requirement: Requirement, items: list[Node]) -> Requirement:
        """Return a requirement of pip as it stands in the list; the rest is of a file that the list includes."""
        where = requirement.location
        comment, platform = self._comment(items[where.line - 1])
        return requirement._replace(
            location=self._place(where, items), marker=requirement.marker or platform, comment=comment
        )

    def _comment(self, item: Node) -> tuple[str, str | None]:
        """Return the comment beside an item without the platform that selects it, and that platform."""
        comment = beside(self.lines, item.line, item.column)
        selector = re.match(_SELECTOR, comment)
        if selector is None or selector[2] not in _PLATFORMS or f"[{selector[2]}]" not in self.lines[item.line - 1]:
            return comment, None
        return f"{selector[1]}{comment[selector.end() :]}".strip(), selector[2]

    def _group(self, category: Node | None) -> str:
        name = category.value if category is not None else "main"
        if category is not None and (not isinstance(name, str) or not is_valid(name)):
            raise self._error("`category` must be the name of a group", category, "write category: dev")
        return MAIN if name == "main" else f"group:{normalise(str(name))}"

    def _items(self, node: Node, what: str) -> list[Node]:
        if isinstance(node.value, list):
            return node.value
        if node.value == "" and not node.style:
            return []
        raise self._error(f"{what} must be a list", node, _HINT)

    def _place(self, where: Location, items: list[Node]) -> Location:
        """Return where something stands in the file that stands at a place in the text for pip."""
        item = items[where.line - 1]
        start = item.column + len(item.style)
        # Of text with escapes, or over several lines, only the start can be told.
        as_it_stands = self.lines[item.line - 1].startswith(str(item.value), start - 1)
        return Location(self.path, item.line, start + where.column - 1 if as_it_stands else item.column)

    def _error(self, message: str, node: Node, hint: str = "") -> WhypinError:
        return WhypinError(message, Location(self.path, node.line, node.column), hint)
