"""Dependabot: `ignore` entries in each entry for pip or uv of dependabot.yml: the versions that records keep out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from whypin.emitters.allowed import Allowed, Clause, allowed, beyond, decided, left_out
from whypin.emitters.emitted import Emitted, quoted, reason_of
from whypin.emitters.marked import Section, between, emptied, with_lines
from whypin.errors import WhypinError
from whypin.model import glob
from whypin.model.location import Location
from whypin.model.project import Project
from whypin.model.record import Record
from whypin.model.tree import Node
from whypin.model.version import to_version
from whypin.syntax.yaml_lock import load

_TARGET = "dependabot"
_ECOSYSTEMS = ("pip", "uv")
_BY_HAND = "put the lines # whypin: begin and # whypin: end below ignore:, as deep as its entries"


class _Entry(NamedTuple):
    """One entry for Python under `updates`: its mapping, the node of it, and its marked section if it has one."""

    node: dict[str, Node]
    at: Node
    section: Section | None

    @property
    def by_hand(self) -> list[Node]:
        """What is ignored by hand."""
        ignore = self.node.get("ignore")
        return ignore.value if ignore is not None and isinstance(ignore.value, list) else []


def render(project: Project, text: str | None, path: str) -> Emitted:
    """Return the file with a marked section in each entry for pip or uv; the rest stays to the byte."""
    notes = left_out(project)
    if text is None:
        items = _items(project, None)
        lines = between(_TARGET, ["    ignore:", *(f"      {line}" for line in items)], "    ") if items else []
        return Emitted("".join(f"{line}\n" for line in lines) or None, notes, fragment=bool(lines))
    base, sections = emptied(text, path)
    if not sections and not any(_ignored(project, None)):
        return Emitted(text, notes)
    entries = _entries(base, sections, path)
    added: dict[int, list[str]] = {}
    for entry in entries:
        added.update(_added(base, entry, _items(project, _folders(entry)), path))
    new = with_lines(base, added)
    _check(project, entries, _entries(new, (), path), path)
    return Emitted(new, notes)


def _entries(text: str, sections: Sequence[Section], path: str) -> list[_Entry]:
    """Return the entries for Python; raises WhypinError where there is none, or a section stands in none."""
    tree = load(text.replace("\r\n", "\n"), path, "mend it")
    updates = tree.find("updates")
    nodes = updates.value if updates is not None and isinstance(updates.value, list) else []
    places = tree.key_places or {}
    after = [line for line, _ in places.values() if nodes and line > nodes[0].line]
    ends = [*(node.line for node in nodes[1:]), min(after, default=text.count("\n") + 2)]
    entries, taken = [], set[Section]()
    for node, end in zip(nodes, ends, strict=True) if nodes else ():
        ecosystem = node.find("package-ecosystem")
        if ecosystem is None or ecosystem.value not in _ECOSYSTEMS or not isinstance(node.value, dict):
            continue
        own = [section for section in sections if node.line <= section.line < end]
        if len(own) > 1:
            message = "a second marked section in this entry"
            raise WhypinError(message, Location(path, own[1].line), "remove one of them")
        entries.append(_Entry(node.value, node, own[0] if own else None))
        taken.update(own)
    stray = next((section for section in sections if section not in taken), None)
    if stray is not None:
        message = "this marked section is in no entry for pip or uv"
        raise WhypinError(message, Location(path, stray.line), "move it into one, or remove it")
    if not entries:
        raise WhypinError("no entry under updates is for pip or uv", Location(path), "add one")
    return entries


def _added(text: str, entry: _Entry, items: list[str], path: str) -> Mapping[int, list[str]]:
    """Return the lines that an entry gets, by the line that they stand behind."""
    own, lines = entry.node.get("ignore"), text.split("\n")
    if entry.section is None and not items:
        return {}
    if own is None:
        indent = " " * (entry.at.column - 1)
        inner = [f"{indent}ignore:", *(f"{indent}  {item}" for item in items)] if items else []
        behind = entry.node["package-ecosystem"].line
    elif _is_flow(lines, own):
        raise WhypinError("this list is written in brackets", Location(path, own.line, own.column), _BY_HAND)
    else:
        behind, column = (entry.at.key_places or {})["ignore"]
        deep = own.column if entry.by_hand else len(entry.section.indent) + 1 if entry.section else column + 2
        indent = " " * (deep - 1)
        # A list without any entry would be null, which Dependabot refuses.
        inner = [f"{indent}{item}" for item in items or ([] if entry.by_hand else ["[]"])]
    if entry.section is not None:
        return {entry.section.line: inner}
    if _is_flow(lines, entry.at):
        place = Location(path, entry.at.line, entry.at.column)
        raise WhypinError("this entry is written in braces", place, "write it with one key a line")
    return {behind: between(_TARGET, inner, indent)}


def _is_flow(lines: Sequence[str], node: Node) -> bool:
    """Whether a list or mapping is written in brackets or braces."""
    return isinstance(node.value, list | dict) and lines[node.line - 1][node.column - 1 : node.column] in ("[", "{")


def _check(project: Project, before: Sequence[_Entry], after: Sequence[_Entry], path: str) -> None:
    """Refuse a section that stands where it does not become part of the list."""
    for old, new in zip(before, after, strict=True):
        names = [*(name for name, _ in _ignored(project, _folders(old))), *map(_name, old.by_hand)]
        same = set(old.node) | {"ignore"} == set(new.node) | {"ignore"}
        if not same or sorted(names) != sorted(map(_name, new.by_hand)):
            line = old.section.line if old.section else old.at.line
            raise WhypinError("the marked section stands in no list of what to ignore", Location(path, line), _BY_HAND)


def _name(node: Node) -> str:
    name = node.find("dependency-name")
    return str(name.value) if name is not None else ""


def _folders(entry: _Entry) -> list[str]:
    """Return the folders that an entry is for, as globs; the root is the empty one."""
    node = entry.node.get("directory") or entry.node.get("directories")
    listed = node.value if node is not None and isinstance(node.value, list) else [node] if node is not None else []
    return [str(each.value).removeprefix(".").strip("/") for each in listed]


def _items(project: Project, folders: Sequence[str] | None) -> list[str]:
    """Return the lines of the list for an entry, or those for all folders."""
    lines: list[str] = []
    for name, (records, versions) in _ignored(project, folders):
        lines += [f"# {_comment(record)}" for record in records]
        lines += [f"- dependency-name: {quoted(name)}", f"  versions: [{', '.join(map(quoted, versions))}]"]
    return lines


def _comment(record: Record) -> str:
    """Return the reason as a comment that is not taken for one that begins or ends a section."""
    reason = reason_of(record)
    return f'"{reason}' if reason.startswith("whypin:") else reason


def _ignored(
    project: Project, folders: Sequence[str] | None
) -> Iterator[tuple[str, tuple[list[Record], tuple[str, ...]]]]:
    """Yield each package with the records that speak of it in these folders, and the versions that they keep out."""
    for name, records in decided(project).items():
        speaking = [record for record in records if folders is None or _speaks_of(project, record, folders)]
        found = allowed(speaking, name) if speaking else None
        if found is not None:
            yield name, (speaking, tuple(dict.fromkeys(kept_out(found))))


def _speaks_of(project: Project, record: Record, folders: Sequence[str]) -> bool:
    if not record.locks:
        return True
    own = (lock.path.rpartition("/")[0] for lock in project.locks_in_scope(record))
    return any(folder == pattern or glob.matches(pattern, folder) for folder in own for pattern in folders)


def kept_out(found: Allowed) -> Iterator[str]:
    """Yield the ranges above the lowest allowed version that are not allowed: Dependabot never goes down."""
    if found.exact is None:
        yield from (kept for clause in found.clauses if (kept := _kept_out(clause)))
        return
    try:
        versions = sorted({to_version(to_version(item.version or "").public) for item in found.exact})
    except ValueError:
        versions = []
    yield from (f">{version},<{following}" for version, following in pairwise(versions))
    yield f">{versions[-1]}" if versions else ">=0"


def _kept_out(clause: Clause) -> str:
    """Return what a clause keeps out; a floor keeps out nothing that lies above, and text has no order."""
    operator, version, star = clause
    if operator == "<":
        return f">={version}"
    if operator == "<=" or (operator == "==" and not star):
        return f">{version}"
    if operator == "!=":
        return f">={version},<{beyond(clause)}" if star else f"=={version}"
    return f">={beyond(clause)}" if operator in ("~=", "==") else ""
