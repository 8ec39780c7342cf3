"""pixi.lock: lock versions 1 to 7.

Source: conda/rattler, crates/rattler_lock/src/parse. Versions 1 to 3 are lists of packages for one environment, as
conda-lock has them; since version 4 environments select packages by their place, and since version 6 the place alone
tells the name and version of a conda package.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import MAIN, Lock, Source
from whypin.model.tree import Node
from whypin.syntax.conda_package import channel_of, file_of, is_file, is_name, needed, public
from whypin.syntax.platforms import MAX_PLACES, Need, Package, asked, entries
from whypin.syntax.url import redact
from whypin.syntax.yaml_lock import YamlShape, is_null, last_line, load

NAME = "pixi"

_VERSIONS = ("1", "2", "3", "4", "5", "6", "7")
#: The last version that is a list of packages without environments.
_LISTS = ("1", "2", "3")
_KINDS = ("conda", "pypi", "conda_source")
_SOURCE_ID = re.compile(r"([^\s\[]+)\[[^\]]*\] @ (\S.*)\Z")
_WHEEL = re.compile(r"(?:\.whl|\.zip|\.tar\.(?:gz|bz2|xz)|\.tgz|\.tar)(?:#.*)?\Z")
_FOLDER = re.compile(r"(?:[?&#]|\A)subdirectory=([^&#]+)")
_EPOCH_DAY = 719_163
_MILLISECONDS = 86_400_000
#: Old time stamps are in seconds; what is later than the year 9999 is no second.
_LAST_SECOND = 253_402_300_799
_AGAIN = "run pixi lock again"


def read(text: str, path: str, _: Callable[[str], str] | None = None) -> Lock:
    """Read a pixi.lock; raises WhypinError with a place. It includes no other file.

    A package is one entry for all its platforms and environments; edges lead to what is locked for the same ones, and
    to nothing for virtual packages (`__glibc`) and what no environment holds. What no environment holds is needed to
    build something, never installed, and left out. The lock does not tell what the project itself asks for: `roots`
    is None, and the manifest tells what is direct.
    """
    tree = load(text, path, _AGAIN)
    version = _version(tree, path)
    reader = _Reader(path, _AGAIN)
    if version in _LISTS:
        packages = reader.listed(_part(tree, "package", text, path))
    else:
        reader.read_environments(_part(tree, "environments", text, path))
        packages = reader.selected(_part(tree, "packages", text, path))
    return Lock(path, NAME, entries(packages, path, _AGAIN))


def _version(tree: Node, path: str) -> str:
    found = tree.find("version")
    if found is None:
        raise WhypinError("no `version`: this is not a pixi.lock", Location(path), _AGAIN)
    if not isinstance(found.value, str) or found.value not in _VERSIONS:
        shown = f"{found.value:.20}" if isinstance(found.value, str) else "that is none"
        where = Location(path, found.line, found.column)
        raise WhypinError(f"unsupported lock version {shown}", where, "whypin reads 1 to 7 of pixi.lock")
    return found.value


def _part(tree: Node, key: str, text: str, path: str) -> Node:
    """Return a part that no lock is without."""
    node = tree.find(key)
    if node is None:
        raise WhypinError(f"no `{key}`: it is damaged or cut short", Location(path, last_line(text)), _AGAIN)
    return node


class _Selected(NamedTuple):
    """What the environments select by one name: where it stands first, and for which of them."""

    line: int
    told: str
    places: int
    platforms: set[str]
    groups: set[str]
    indexes: set[str]


class _Origin(NamedTuple):
    """Where a package is from."""

    source: Source
    registry: str | None = None
    ref: str | None = None
    member: bool = False


class _Reader(YamlShape):
    """One lock while it is read: by what its environments select packages, and for which of them."""

    def __init__(self, path: str, hint: str) -> None:
        super().__init__(path, hint)
        self.places = 0
        self.chosen: dict[tuple[str, ...], _Selected] = {}
        self.needs: dict[tuple[bool, str], list[Need]] = {}

    def read_environments(self, node: Node) -> None:
        """Read what every environment holds on every platform."""
        for name, environment in self.mapping(node, "environments").items():
            table = self.mapping(environment, name)
            group = MAIN if name == "default" else f"group:{self.name(name, environment.line)}"
            indexes = {self.text(url, "indexes") for url in self.sequence(table.get("indexes"), "indexes")}
            told = table.get("packages")
            platforms = self.mapping(told, "packages") if told is not None else {}
            for platform, items in platforms.items():
                shown = f"{platform:.80} of {name}"
                place = self._place(items.line)
                for item in self.sequence(items, platform):
                    self._select(self._selector(item, shown), item.line, shown, place, platform, group, indexes)

    def _place(self, line: int) -> int:
        self.places += 1
        if self.places > MAX_PLACES:
            raise self.fail(f"more than {MAX_PLACES:,} environments and platforms", line)
        return 1 << self.places

    def _selector(self, item: Node, shown: str) -> tuple[str, ...]:
        """Return by what an environment selects a package; several outputs of one source are told apart by name."""
        table = self.mapping(item, "packages")
        for kind in _KINDS:
            if kind in table:
                place = self.text(table[kind], kind)
                if kind == "conda" and not is_file(place) and "name" in table:
                    return kind, place, self.text(table["name"], "name")
                return kind, place
        raise self.fail(f"a package of {shown} that is neither of conda nor of an index", item.line)

    def _select(
        self, key: tuple[str, ...], line: int, told: str, place: int, platform: str, group: str, indexes: set[str]
    ) -> None:
        known = self.chosen.get(key)
        if known is None:
            self.chosen[key] = _Selected(line, told, place, {platform}, {group}, set(indexes))
            return
        known.platforms.add(platform)
        known.groups.add(group)
        known.indexes.update(indexes)
        if not known.places & place:
            self.chosen[key] = known._replace(places=known.places | place)

    def selected(self, node: Node) -> Iterator[Package]:
        """Yield the packages that an environment holds, in the order of the file.

        Raises WhypinError where an environment selects one that is not there.
        """
        missing = dict(self.chosen)
        for item in self.sequence(node, "packages"):
            table = self.mapping(item, "packages")
            kind, place = self._kind_and_place(table, item.line)
            if kind != "conda":
                keys: tuple[tuple[str, ...], ...] = ((kind, place),)
            else:
                keys = ((kind, place), (kind, place, self.string(table, "name") or ""))
            for key in keys:
                chosen = self.chosen.get(key)
                if chosen is not None:
                    missing.pop(key, None)
                    yield self._package(kind, place, table, chosen, item.line)
        for key, chosen in missing.items():
            message = (
                f"a package of {chosen.told} is not in the lock: {redact(key[1])!r:.200}; it is damaged or cut short"
            )
            raise self.fail(message, chosen.line)

    def _kind_and_place(self, table: dict[str, Node], line: int) -> tuple[str, str]:
        """Return the kind of a package and its place, by which environments select it."""
        for kind in _KINDS:
            if kind in table:
                return kind, self.text(table[kind], kind)
        kind = self.string(table, "kind") or ""
        place = self.string(table, "url") or self.string(table, "path")
        if kind not in ("conda", "pypi") or not place:
            raise self.fail("a package that is neither of conda nor of an index, or has no place", line)
        return kind, place

    def _package(self, kind: str, place: str, table: dict[str, Node], chosen: _Selected, line: int) -> Package:
        conda = kind != "pypi"
        name, version, origin = (
            self._conda(kind, place, table, line) if conda else self._pypi(place, table, chosen, line)
        )
        needs = self._all_needs(table, conda)
        hashed = self.string(table, "sha256") is not None
        return Package(
            name,
            version,
            origin.source,
            origin.registry,
            origin.ref,
            conda,
            table["name"].line if "kind" in table and "name" in table else line,
            needs,
            hashed,
            chosen.places,
            chosen.platforms,
            chosen.groups,
            origin.member,
            self._uploaded(table),
        )

    def _conda(self, kind: str, place: str, table: dict[str, Node], line: int) -> tuple[str, str | None, _Origin]:
        """Return name, version and origin of a conda package; its place tells what the lock does not."""
        name = self.string(table, "name")
        if kind == "conda_source":
            match = _SOURCE_ID.match(place)
            if not match:
                raise self.fail(f"{place!r:.80} is not the name of a source package", line)
            name, origin = match[1], _tree(match[2])
        elif not is_file(place):
            origin = _tree(place)
        else:
            file = file_of(place)
            name = name or (file.name if file else None)
            channel = self.string(table, "channel")
            index = public(channel) if channel and "://" in channel else channel_of(place.rpartition("/")[0])
            origin = _Origin("conda", index, None if index else redact(place))
            if "version" not in table and file:
                return self._conda_name(name, line), file.version, origin
        name = self._conda_name(name, line)
        version = self.version(table, name)
        if version is None and is_file(place):
            raise self.fail(f"{name} has no version", line)
        return name, version, origin

    def _conda_name(self, name: str | None, line: int) -> str:
        if name is None or not is_name(name):
            message = "a package without a name" if name is None else f"{name!r:.80} is not the name of a conda package"
            raise self.fail(message, line)
        return name

    def _pypi(
        self, place: str, table: dict[str, Node], chosen: _Selected, line: int
    ) -> tuple[str, str | None, _Origin]:
        """Return name, version and origin of a package of an index, or of one that takes its place."""
        told_name = self.string(table, "name")
        if told_name is None:
            raise self.fail("a package without a name", line)
        name = self.name(told_name, line)
        version = self.version(table, name)
        editable = self.string(table, "editable") == "true"
        told = self.string(table, "index_url") or self.string(table, "index")
        if told is None and len(chosen.indexes) == 1:
            told = next(iter(chosen.indexes))
        origin = _pypi_origin(place, editable, redact(told) if told else None)
        if version is None and origin.source == "registry":
            raise self.fail(f"{name} has no version", line)
        return name, version, origin

    def _all_needs(self, table: dict[str, Node], conda: bool) -> list[Need]:
        key = "depends" if conda else "requires_dist"
        needs = [need for node in self.sequence(table.get(key), key) for need in self._needs(node, key, conda)]
        told = table.get("extra_depends")
        for extra, nodes in self.mapping(told, "extra_depends").items() if told is not None else ():
            gate = f"extra:{self.name(extra, nodes.line)}"
            for node in self.sequence(nodes, "extra_depends"):
                needs += [need._replace(gate=gate) for need in self._needs(node, "extra_depends", conda)]
        return needs

    def _needs(self, node: Node, key: str, conda: bool) -> list[Need]:
        """Return what a requirement asks for; many packages say the same."""
        text = self.text(node, key)
        if (conda, text) not in self.needs:
            name = needed(text) if conda else None
            self.needs[conda, text] = found = ([Need(name)] if name else []) if conda else asked(text)
            if not found:
                raise self.fail(f"{text!r:.80} is not a requirement", node.line)
        return self.needs[conda, text]

    def _uploaded(self, table: dict[str, Node]) -> str | None:
        """Return the day of the time stamp, which counts milliseconds, in old locks seconds."""
        stamp = self.string(table, "timestamp")
        if stamp is None:
            return None
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 15):
            raise self.fail("`timestamp` is not a number", table["timestamp"].line)
        number = int(stamp) if int(stamp) > _LAST_SECOND else int(stamp) * 1000
        from datetime import date

        return date.fromordinal(_EPOCH_DAY + number // _MILLISECONDS).isoformat() if number else None

    def listed(self, node: Node) -> Iterator[Package]:
        """Yield the packages of a lock without environments, in the order of the file."""
        places: dict[str, int] = {}
        for item in self.sequence(node, "package"):
            table = self.mapping(item, "package")
            line = table["name"].line if "name" in table else item.line
            manager, platform, url = (self.string(table, key) or "" for key in ("manager", "platform", "url"))
            if manager not in ("conda", "pip", "pypi") or not platform or not url:
                raise self.fail("a package without a manager, a platform or a place: it is damaged or cut short", line)
            if platform not in places:
                places[platform] = self._place(line)
            conda = manager == "conda"
            chosen = _Selected(line, platform, places[platform], {platform}, {MAIN}, set())
            hashes = self.mapping(table["hash"], "hash") if "hash" in table else {}
            plain = {**table, **hashes, "depends" if conda else "requires_dist": self._old_needs(table, conda)}
            yield self._package("conda" if conda else "pypi", url, plain, chosen, line)

    def _old_needs(self, table: dict[str, Node], conda: bool) -> Node:
        """Return dependencies as a list of requirements; the oldest locks have a table of names and versions."""
        node = table.get("dependencies") or table.get("requires_dist")
        if node is None or is_null(node):
            return Node([], 1, 1)
        if isinstance(node.value, dict):
            return Node([Node(name, need.line, need.column) for name, need in node.value.items()], node.line, 1)
        return node


def _tree(place: str) -> _Origin:
    """Return the origin of what is built from its source: the project's own tree, else still a package of conda."""
    if "://" not in place:
        return _Origin("directory", None, place, _is_root(place))
    return _Origin("conda", None, _git_ref(place) if place.startswith("git+") else redact(place))


def _pypi_origin(place: str, editable: bool, index: str | None) -> _Origin:
    if place.startswith("git+"):
        return _Origin("git", None, _git_ref(place))
    if place.startswith("direct+"):
        return _Origin("url", None, redact(place.removeprefix("direct+")))
    if "://" in place and not place.startswith("file:"):
        return _Origin("registry", index)
    if _WHEEL.search(place):
        return _Origin("path", None, redact(place))
    return _Origin("editable" if editable else "directory", None, redact(place), editable or _is_root(place))


def _is_root(place: str) -> bool:
    """Whether a path is the project's own folder."""
    return place.replace("/", "").replace("\\", "") == "." and not place.startswith("/")


def _git_ref(place: str) -> str:
    """Return a repository as URL and commit; which branch or tag led there is not looked at."""
    url, _, commit = place.removeprefix("git+").partition("#")
    url, _, query = url.partition("?")
    folder = _FOLDER.search(query)
    return redact(url) + (f"@{commit}" if commit else "") + (f"#subdirectory={folder[1]}" if folder else "")
