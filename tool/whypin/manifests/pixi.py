"""pixi.toml, and the same tables below `[tool.pixi]` of a pyproject.toml: packages of conda and of indexes.

Source: pixi's documentation of its manifest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from whypin.errors import WhypinError
from whypin.manifests.document import is_tree, reference
from whypin.model.location import Location
from whypin.model.lock import MAIN
from whypin.model.manifest import Manifest, Override, Requirement
from whypin.model.names import is_valid, normalise
from whypin.syntax import match_spec, pep508, toml
from whypin.syntax.comments import beside
from whypin.syntax.conda_package import is_file

MAX_REQUIREMENTS = 100_000

_CONDA = ("dependencies", "host-dependencies", "build-dependencies")
_PYPI = "pypi-dependencies"
#: What a package that is built here needs, when it runs and where it is built: no environment asks for these itself.
_OF_PACKAGE = {"run-dependencies": "run", "host-dependencies": "host", "build-dependencies": "build"}
_BARE_VERSION = re.compile(r"[0-9][0-9A-Za-z.!+]*\Z")

Keys = tuple[str, ...]


def read(text: str, path: str, load: Callable[[str], str] | None = None) -> Manifest:
    """Return what a pixi.toml asks for; raises WhypinError with the place of what can't be read.

    A marker is the name of a target, as in `[target.linux-64.dependencies]`. What only environments other than the
    default one use is in their groups; a feature that no environment uses asks for nothing.
    """
    data = _load(text, path)
    found = tuple(requirements(data, text, path))
    told = tuple(overrides(data, text, path))
    return Manifest(path, _Reader(data, text, path, ()).project(), found, told, environments=True)


def _load(text: str, path: str) -> dict[str, Any]:
    """Return the document; pixi reads TOML 1.1, where a table in braces may be spread over lines."""
    try:
        return toml.load(text, path)
    except WhypinError:
        joined = _joined(text)
        if joined == text:
            raise
        return toml.load(joined, path)


def requirements(data: dict[str, Any], text: str, path: str, prefix: Keys = ()) -> Iterator[Requirement]:
    """Yield what the tables below a prefix (`("tool", "pixi")`) ask for, in the order of features and tables."""
    reader = _Reader(data, text, path, prefix)
    count = 0
    for groups, keys in reader.features():
        for requirement in reader.of_feature(keys):
            yield from (requirement._replace(group=group) for group in groups)
            count += len(groups)
            if count > MAX_REQUIREMENTS:
                raise WhypinError(f"more than {MAX_REQUIREMENTS:,} requirements, environments and all", Location(path))
    yield from reader.of_package()


def overrides(data: dict[str, Any], text: str, path: str, prefix: Keys = ()) -> Iterator[Override]:
    """Yield `dependency-overrides` of the options for indexes, and the constraints on conda's packages."""
    reader = _Reader(data, text, path, prefix)
    for groups, keys in reader.features():
        for override in reader.overrides(keys):
            requirement = override.requirement
            yield from (override._replace(requirement=requirement._replace(group=group)) for group in groups)


class _Environment(NamedTuple):
    """One environment: the group that it is, its features, and whether it has the tables outside of features too."""

    group: str
    features: tuple[str, ...]
    default: bool


class _Reader:
    """One document while it is read; every value is found by its keys, which also tell its place."""

    def __init__(self, data: dict[str, Any], text: str, path: str, prefix: Keys) -> None:
        self.data = data
        self.text = text
        self.lines = text.split("\n")
        self.path = path
        self.prefix = prefix

    def project(self) -> str | None:
        """Return the normalised name of the package that is built here, if there is one."""
        name = self.table("package").get("name")
        if isinstance(name, dict) and name.get("workspace") is True:
            name = self.table("workspace").get("name")
        return normalise(name) if isinstance(name, str) and is_valid(name) else None

    def features(self) -> Iterator[tuple[list[str], Keys]]:
        """Yield the groups of every feature that an environment uses, with its keys; the nameless one first.

        What the default environment shares with all others is in main alone.
        """
        environments = list(self._environments())
        nameless = [each.group for each in environments if each.default]
        if nameless:
            yield [MAIN] if MAIN in nameless else nameless, ()
        users: dict[str, dict[str, None]] = {}
        for each in environments:
            for name in each.features:
                users.setdefault(name, {})[each.group] = None
        for name in self.table("feature"):
            if name in users:
                yield list(users[name]), ("feature", name)

    def _environments(self) -> Iterator[_Environment]:
        environments = self.table("environments")
        if "default" not in environments:
            yield _Environment(MAIN, (), True)
        for name, value in environments.items():
            keys = ("environments", name)
            table = {"features": value} if isinstance(value, list) else value
            features = table.get("features", []) if isinstance(table, dict) else None
            if not isinstance(features, list) or not all(isinstance(feature, str) for feature in features):
                raise self._error(
                    "an environment must be an array of features", keys, f'write {name:.80} = ["feature"]'
                )
            if not is_valid(name):
                raise self._error(f"{name!r:.80} is not the name of an environment", keys, "use letters, digits and -")
            group = MAIN if name == "default" else f"group:{normalise(name)}"
            yield _Environment(group, tuple(features), table.get("no-default-feature") is not True)

    def of_feature(self, feature: Keys) -> Iterator[Requirement]:
        """Yield the requirements of one feature, those of its targets last."""
        for base, target in self._targets(feature):
            for table in _CONDA:
                yield from self._conda_table((*base, table), target)
            for name in self.table(*base, _PYPI):
                yield self._pypi((*base, _PYPI, name), target)

    def of_package(self) -> Iterator[Requirement]:
        """Yield what the package that is built here needs, in groups of their own."""
        for base, target in self._targets(("package",)):
            for table, group in _OF_PACKAGE.items():
                for requirement in self._conda_table((*base, table), target):
                    yield requirement._replace(group=f"group:{group}")

    def overrides(self, feature: Keys) -> Iterator[Override]:
        """Yield the overrides and constraints of one feature."""
        for base, target in self._targets(feature):
            keys = (*base, "pypi-options", "dependency-overrides")
            for name in self.table(*keys):
                yield Override("override", self._pypi((*keys, name), target))
            for requirement in self._conda_table((*base, "constraints"), target):
                yield Override("constraint", requirement)

    def _targets(self, base: Keys) -> Iterator[tuple[Keys, str | None]]:
        """Yield the keys of what holds everywhere, then those of each target with its name."""
        yield base, None
        for target in self.table(*base, "target"):
            yield (*base, "target", target), target

    def _conda_table(self, keys: Keys, target: str | None) -> Iterator[Requirement]:
        for name in self.table(*keys):
            yield self._conda((*keys, name), target)

    def _conda(self, keys: Keys, target: str | None) -> Requirement:
        need = self._need(keys)
        version = need.get("version", "*")
        try:
            name = match_spec.name_of(keys[-1])
            if not isinstance(version, str):
                raise ValueError(f"{version!r:.80} is not a version of {name}")
            specifier = match_spec.specifier_of(version)
        except ValueError as error:
            raise self._error(str(error), keys, 'write name = ">=1.0,<2"') from None
        build = need.get("build")
        written = f"{version} {build}" if isinstance(build, str) else version
        return self._made(name, specifier, target, keys, need, written)._replace(conda=True)

    def _pypi(self, keys: Keys, target: str | None) -> Requirement:
        need = self._need(keys)
        if not is_valid(keys[-1]):
            raise self._error(f"{keys[-1]!r:.80} is not a package name", keys, "use letters, digits and -_.")
        name = normalise(keys[-1])
        extras = need.get("extras", [])
        if not isinstance(extras, list) or not all(isinstance(extra, str) and is_valid(extra) for extra in extras):
            raise self._error("`extras` must be an array of names", keys, 'write extras = ["name"]')
        version = need.get("version", "*")
        specifier = self._specifier(name, version, keys)
        marker = need.get("env-markers")
        both = " and ".join(filter(None, (target, marker if isinstance(marker, str) else None)))
        found = self._made(name, specifier, both or None, keys, need, version)
        return found._replace(extras=tuple(sorted(set(map(normalise, extras)))))

    def _made(
        self, name: str, specifier: str, marker: str | None, keys: Keys, need: dict[str, Any], written: str
    ) -> Requirement:
        """Return a requirement with its place and comment; one that comes from a place of its own has no version."""
        where = self._place(keys)
        comment = beside(self.lines, where.line, where.column)
        url, tree = _reference(need)
        if url is not None:
            specifier = written = ""
        return Requirement(name, specifier, "", where, (), marker, url, tree, written, comment)

    def _specifier(self, name: str, version: Any, keys: Keys) -> str:
        """Return PEP 440 text; a bare version is an exact one."""
        text = version.strip() if isinstance(version, str) else None
        if text in ("*", ""):
            return ""
        if text is not None:
            if _BARE_VERSION.match(text):
                text = f"=={text}"
            try:
                found = pep508.parse(f"{name} {text}")
            except ValueError:
                found = None
            if found and found.name == name and not (found.extras or found.marker or found.url):
                return found.specifier
        raise self._error(f"{version!r:.80} is not a version of {name}", keys, f'write {name} = ">=1.0"')

    def _need(self, keys: Keys) -> dict[str, Any]:
        """Return the table of a requirement; `workspace = true` takes what all packages of the workspace share."""
        value = self._value(keys)
        need = {"version": value} if isinstance(value, str) else value
        if not isinstance(need, dict):
            message = f"{keys[-1]!r:.80} must be a version or a table"
            raise self._error(message, keys, 'write name = ">=1.0"')
        shared = ("workspace", "dependencies", keys[-1])
        if need.get("workspace") is True and keys != shared:
            return {**self._need(shared), **need} if keys[-1] in self.table(*shared[:-1]) else need
        return need

    def table(self, *keys: str) -> dict[str, Any]:
        """Return the table at the keys, an empty one where there is none; raises where it is something else."""
        value = self._value(keys)
        if value is not None and not isinstance(value, dict):
            raise self._error(f"{'.'.join(keys):.80} must be a table", keys)
        return value or {}

    def _value(self, keys: Keys) -> Any:
        value: Any = self.data
        for depth, key in enumerate((*self.prefix, *keys)):
            if not isinstance(value, dict):
                above = (*self.prefix, *keys)[:depth]
                where = Location(self.path, *toml.place_of(self.text, *above))
                raise WhypinError(f"{'.'.join(above):.80} must be a table", where)
            value = value.get(key)
            if value is None:
                return None
        return value

    def _place(self, keys: Keys) -> Location:
        return Location(self.path, *toml.place_of(self.text, *self.prefix, *keys))

    def _error(self, message: str, keys: Keys, hint: str = "") -> WhypinError:
        return WhypinError(message, self._place(keys), hint)


def _reference(need: dict[str, Any]) -> tuple[str | None, bool]:
    """Return the URL, path or `URL@revision` of a requirement that has one, and whether it is a source tree here."""
    url, digest = reference(need), need.get("sha256")
    if url is not None and "#" not in url and isinstance(digest, str):
        url += f"#sha256={digest}"
    return url, is_tree(need) and not is_file(need["path"])


_PART = re.compile(
    r"""\#[^\n]*+|"{3}(?>(?:[^"\\]++|\\.|"(?!""))*)(?:"{3,5}|\Z)|'{3}(?>(?:[^']++|'(?!''))*)(?:'{3,5}|\Z)
      |"(?>(?:[^"\\\n]++|\\.)*)"?|'[^'\n]*+'?|,(?>(?:[ \t\n]++|\#[^\n]*+)*)(?=\})|[\[\]{}\n]""",
    re.VERBOSE | re.DOTALL,
)


def _joined(text: str) -> str:
    """Return the text with every table in braces on one line; what stands behind it keeps its line."""
    parts: list[str] = []
    stack: list[str] = []
    at = owed = 0
    for match in _PART.finditer(text):
        token = match.group()
        parts.append(text[at : match.start()])
        at = match.end()
        inside = bool(stack) and stack[-1] == "{"
        if token in ("[", "{"):
            stack.append(token)
        elif token in ("]", "}"):
            if stack:
                stack.pop()
        elif token == "\n" and not inside:
            token, owed = "\n" * (1 + owed), 0
        elif inside and token[0] in "\n#,":
            owed += token.count("\n")
            token = " "
        parts.append(token)
    return "".join((*parts, text[at:]))
