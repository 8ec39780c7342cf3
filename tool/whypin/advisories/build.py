"""From the files of an OSV export to the index: aliases put together, what is withdrawn or foreign left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date as Day
from typing import NamedTuple

from whypin.advisories.decode import ECOSYSTEM, About, Document, read
from whypin.advisories.index import LETTERS, WITHDRAWN, Index
from whypin.advisories.match import in_ranges
from whypin.errors import WhypinError
from whypin.model.advisory import Affected, Severity
from whypin.model.location import Location

#: The ids that most people know come first.
_PREFIXES = ("CVE-", "GHSA-", "PYSEC-", "MAL-")
_RATINGS = ("critical", "high", "medium", "low", "none", "unknown")


class Built(NamedTuple):
    """An index, and what of the export is not in it: why each file was left out, how many are withdrawn or foreign."""

    index: Index  # type: ignore[assignment]  # a tuple's own index() is not missed here
    left_out: tuple[str, ...]
    withdrawn: int
    foreign: int


def build(files: Iterable[tuple[str, bytes | str]], path: str, today: Day) -> Built:
    """Make the index of an export's files, given as (name, bytes, or why there are none); `path` is where they lie.

    Raises WhypinError where there is no advisory about PyPI among them: that is no export of it.
    """
    documents: dict[str, Document] = {}
    left_out: list[str] = []
    for name, data in files:
        if isinstance(data, str):
            left_out.append(f"{name}: {data}")
            continue
        try:
            document = read(data, name)
        except WhypinError as error:
            left_out.append(str(error))
            continue
        before = documents.get(document.id)
        if before is None or before.modified <= document.modified:
            documents[document.id] = document
    _check_ecosystem(documents, left_out, path)
    live = [document for document in documents.values() if not document.withdrawn]
    ours = [document for document in live if document.packages]
    withdrawn = [document for document in documents.values() if document.withdrawn]
    index = Index(_body(live, withdrawn), _date(documents.values(), today), len(ours), len(left_out), path)
    return Built(index, tuple(left_out), len(withdrawn), len(live) - len(ours))


def _check_ecosystem(documents: Mapping[str, Document], left_out: list[str], path: str) -> None:
    if any(document.packages for document in documents.values()):
        return
    hint = f"give OSV's bulk export of {ECOSYSTEM}, as a zip or a folder of .json or .yaml files"
    others = sorted({name for document in documents.values() for name in document.ecosystems})
    if others:
        raise WhypinError(f"an export of {', '.join(others[:3])}, not of {ECOSYSTEM}", Location(path), hint)
    why = f": {left_out[0]}" if left_out else ""
    raise WhypinError(f"there is no advisory in it{why}", Location(path), hint)


def _date(documents: Iterable[Document], today: Day) -> Day:
    """Return the day on which the data was last modified; a time to come says nothing, and no time at all means old."""
    days = {document.modified[:10] for document in documents}
    return Day.fromisoformat(max((day for day in days if day and day <= str(today)), default=str(Day.min)))


def _body(live: Iterable[Document], withdrawn: Iterable[Document]) -> bytes:
    import json

    def line(name: str, data: object) -> bytes:
        return f"{name}\t{json.dumps(data, ensure_ascii=False, separators=(',', ':'))}".encode()

    gone = sorted({name for document in withdrawn for name in (document.id, *document.aliases)})
    lines = [line(WITHDRAWN, gone)]
    lines += [line(name, groups) for name, groups in _by_package(list(live)).items()]
    return b"\n".join(sorted(lines))


def _by_package(documents: list[Document]) -> dict[str, list[object]]:
    """Return the lines of the index before they are written: from package to its advisories, aliases in one."""
    found: dict[str, list[object]] = {}
    for ids, members in _groups(documents):
        about: dict[str, list[tuple[Document, About]]] = {}
        for document in members:
            for each in document.packages:
                about.setdefault(each.name, []).append((document, each))
        for name, parts in about.items():
            found.setdefault(name, []).append(_group(ids, parts))
    return found


def _groups(documents: list[Document]) -> list[tuple[list[str], list[Document]]]:
    """Put together what is an alias of each other, directly or through others: (all ids, the documents)."""
    parents: dict[str, str] = {}

    def root(name: str) -> str:
        parents.setdefault(name, name)
        while parents[name] != name:
            parents[name] = parents[parents[name]]
            name = parents[name]
        return name

    for document in documents:
        for alias in document.aliases:
            parents[root(alias)] = root(document.id)
    members: dict[str, list[Document]] = {}
    for document in sorted(documents, key=lambda document: _known_first(document.id)):
        members.setdefault(root(document.id), []).append(document)
    ids: dict[str, list[str]] = {}
    for name in sorted(parents, key=_known_first):
        ids.setdefault(root(name), []).append(name)
    return [(ids[top], found) for top, found in sorted(members.items(), key=lambda item: _known_first(ids[item[0]][0]))]


def _known_first(name: str) -> tuple[int, str]:
    return next((rank for rank, prefix in enumerate(_PREFIXES) if name.startswith(prefix)), len(_PREFIXES)), name


def _group(ids: list[str], parts: list[tuple[Document, About]]) -> object:
    severity = _severity([about.severity for _, about in parts])
    published = min((document.published for document, _ in parts if document.published is not None), default=None)
    summary = next((document.summary for document, _ in parts if document.summary), "")
    members = [_member(about.affected) for _, about in parts]
    return [ids, severity.rating, severity.vector, str(published or ""), summary, members]


def _severity(given: list[Severity]) -> Severity:
    """Return the worst rating that any alias has, with its vector; else the first vector."""
    worst = min(given, key=lambda each: (_RATINGS.index(each.rating), not each.vector))
    vector = worst.vector or next((each.vector for each in given if each.vector), "")
    return Severity(worst.rating, vector)


def _member(affected: Affected) -> object:
    ranges = [[LETTERS[kind] + version for kind, version in each] for each in affected.ranges]
    told = [version for version in affected.versions if not in_ranges(affected.ranges, version)]
    return [ranges, told]
