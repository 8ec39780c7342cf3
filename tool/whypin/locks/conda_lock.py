"""conda-lock.yml: lock versions 1 and 2.

Source: conda/conda-lock, conda_lock/lockfile/v1/models.py and v2prelim/models.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import MAIN, Lock, Source
from whypin.model.tree import Node
from whypin.syntax.conda_package import channel_of, is_name, is_virtual
from whypin.syntax.platforms import MAX_PLACES, Need, Package, asked, entries
from whypin.syntax.url import redact
from whypin.syntax.yaml_lock import YamlShape, is_null, last_line, load

NAME = "conda-lock"

_ARCHIVE = (".whl", ".zip", ".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tar")
_EGG = re.compile(r"#egg=[^&]*&?")
_AGAIN = "run conda-lock again"


def read(text: str, path: str, _: Callable[[str], str] | None = None) -> Lock:
    """Read a conda-lock.yml; raises WhypinError with a place. It includes no other file.

    A package is one entry for all its platforms; edges lead to what is locked for the same platform, and to nothing
    for virtual packages (`__glibc`) and for what a package of an index needs and conda brings under another name. It
    does not lock the project itself: `roots` is None, and the manifest tells what is direct.
    """
    tree = load(text, path, _AGAIN)
    _check_version(tree, text, path)
    reader = _Reader(path, _AGAIN)
    packages = list(reader.packages(_part(tree, "package", text, path)))
    reader.check_ends(_part(tree, "metadata", text, path))
    return Lock(path, NAME, entries(packages, path, _AGAIN))


def _check_version(tree: Node, text: str, path: str) -> None:
    found = _part(tree, "version", text, path)
    if found.value not in ("1", "2"):
        shown = f"{found.value:.20}" if isinstance(found.value, str) else "that is none"
        where = Location(path, found.line, found.column)
        raise WhypinError(f"unsupported lock version {shown}", where, "whypin reads 1 and 2 of conda-lock.yml")


def _part(tree: Node, key: str, text: str, path: str) -> Node:
    """Return a part that no lock is without; older ones have their version at the end."""
    node = tree.find(key)
    if node is None:
        raise WhypinError(f"no `{key}`: it is damaged or cut short", Location(path, last_line(text)), _AGAIN)
    return node


class _Listed(NamedTuple):
    """One package of the list, by what it is sorted by."""

    manager: str
    name: str
    platform: str
    line: int


class _Reader(YamlShape):
    """One lock while it is read."""

    def __init__(self, path: str, hint: str) -> None:
        super().__init__(path, hint)
        self.places: dict[str, int] = {}
        self.seen: dict[tuple[str, str, str], str] = {}
        self.listed: list[_Listed] = []
        self.missing: dict[str, int] = {}

    def packages(self, node: Node) -> Iterator[Package]:
        """Yield the packages in the order of the file, one for each platform and category."""
        for item in self.sequence(node, "package"):
            table = self.mapping(item, "package")
            line = table["name"].line if "name" in table else item.line
            manager, platform, url = (self._given(table, key, line) for key in ("manager", "platform", "url"))
            if manager not in ("conda", "pip"):
                raise self.fail(f"{manager!r:.80} is no manager: it is conda or pip", line)
            conda = manager == "conda"
            name = self._name(table, conda, line)
            version = self.version(table, name)
            if version is None:
                raise self.fail(f"{name} has no version", line)
            self._check_once(manager, name, platform, version, line)
            yield self._package(table, conda, name, version, platform, url, line)

    def _given(self, table: dict[str, Node], key: str, line: int) -> str:
        value = self.string(table, key)
        if not value:
            raise self.fail(f"a package without `{key}`: it is damaged or cut short", line)
        return value

    def _name(self, table: dict[str, Node], conda: bool, line: int) -> str:
        name = self._given(table, "name", line)
        if not conda:
            return self.name(name, line)
        if not is_name(name):
            raise self.fail(f"{name!r:.80} is not the name of a conda package", line)
        return name

    def _check_once(self, manager: str, name: str, platform: str, version: str, line: int) -> None:
        """Raise WhypinError where a platform has two versions: several categories may list a package, but one."""
        if self.seen.setdefault((manager, name, platform), version) != version:
            raise self.fail(f"{name} is locked in two versions for {platform:.80}", line)
        self.listed.append(_Listed(manager, name, platform, line))

    def _package(
        self, table: dict[str, Node], conda: bool, name: str, version: str, platform: str, url: str, line: int
    ) -> Package:
        source, index, ref = ("conda", _channel(name, url), None) if conda else self._origin(table, url)
        return Package(
            name,
            version,
            source,
            index,
            ref,
            conda,
            line,
            self._needs(table, conda, line),
            self._is_hashed(table),
            self._place(platform, line),
            (platform,),
            self._groups(table, line),
        )

    def _origin(self, table: dict[str, Node], url: str) -> tuple[Source, str | None, str | None]:
        """Return kind and reference of a package of an index: the lock names the file, not the index."""
        if url.startswith("git+"):
            return "git", None, redact(_EGG.sub("#", url[4:]).rstrip("#"))
        told = table.get("source")
        if told is not None and not is_null(told):
            place = self.string(self.mapping(told, "source"), "url") or url
            return "url", None, redact(place)
        if "://" not in url or url.startswith("file:"):
            return ("path" if url.endswith(_ARCHIVE) else "directory"), None, redact(url)
        return "registry", None, None

    def _needs(self, table: dict[str, Node], conda: bool, line: int) -> list[Need]:
        node = table.get("dependencies")
        needs = []
        for name, need in self.mapping(node, "dependencies").items() if node is not None else ():
            if not conda:
                found = asked(name)
                if not found:
                    raise self.fail(f"{name!r:.80} is not a package name", need.line)
                needs += found
                continue
            if not is_name(name):
                raise self.fail(f"{name!r:.80} is not the name of a conda package", need.line)
            needs.append(Need(name))
            self.missing.setdefault(name, line)
        return needs

    def _is_hashed(self, table: dict[str, Node]) -> bool:
        """Whether there is a hash to rely on, which MD5 is not."""
        node = table.get("hash")
        return node is not None and bool(self.string(self.mapping(node, "hash"), "sha256"))

    def _place(self, platform: str, line: int) -> int:
        if platform not in self.places and len(self.places) >= MAX_PLACES:
            raise self.fail(f"it is for more than {MAX_PLACES:,} platforms", line)
        return self.places.setdefault(platform, 1 << len(self.places))

    def _groups(self, table: dict[str, Node], line: int) -> list[str]:
        """Return the categories; one that tells none is main, as conda-lock has it."""
        if "categories" in table:
            names = [self.text(node, "categories") for node in self.sequence(table["categories"], "categories")]
        else:
            names = [self.string(table, "category") or MAIN]
        return [MAIN if name == MAIN else f"group:{self.name(name, line)}" for name in names]

    def check_ends(self, metadata: Node) -> None:
        """Raise WhypinError where the list was cut short between two packages.

        Every platform has some. What conda-lock has sorted by name lacks only what comes after its last package;
        else something that is needed and not there is no sign of damage.
        """
        told = self.mapping(metadata, "metadata").get("platforms")
        for node in self.sequence(told, "platforms") if self.listed else ():
            platform = self.text(node, "platforms")
            if platform not in self.places:
                message = f"no package for the platform {platform:.80}: it is damaged or cut short"
                raise self.fail(message, self.listed[-1].line)
        if not self.listed or self.listed[-1].manager != "conda" or self.listed != sorted(self.listed):
            return
        names = {each.name for each in self.listed}
        for name, line in self.missing.items():
            if name > self.listed[-1].name and name not in names and not is_virtual(name):
                raise self.fail(f"the dependency {name} is not in the lock: it is damaged or cut short", line)


def _channel(name: str, url: str) -> str | None:
    """Return the channel of a conda package; a virtual one comes from none, though older locks list some."""
    return None if is_virtual(name) else channel_of(url.rpartition("/")[0])
