"""The locks against the index: what is affected, and what could not be checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from whypin.advisories.index import Index
from whypin.advisories.match import affects, contradicts, fixes, parsed_or_none
from whypin.advisories.severity import rated
from whypin.model.advisory import Advisory, Alerts, Hit, Unchecked
from whypin.model.lock import Entry, Lock

#: Why nothing can be said of what does not come from an index, by where it comes from.
_NOT_FROM_INDEX: Mapping[str, str] = {
    "conda": "a conda package",
    "git": "from git",
    "url": "from a URL",
    "path": "from a file",
    "directory": "a source tree",
    "editable": "a source tree",
    "virtual": "a source tree",
}


def audit(index: Index, locks: Iterable[Lock], asked: Iterable[str], source: str) -> Alerts:
    """Return what the index says of the locks, and of the ids that are `asked` for; `source` names the data.

    The project's own members are left out: nobody publishes advisories about what is only here.
    """
    found = [
        one for lock in locks for entry in lock.entries if not entry.member for one in _of(entry, lock.path, index)
    ]
    hits = tuple(one for one in found if isinstance(one, Hit))
    unchecked = tuple(one for one in found if isinstance(one, Unchecked))
    known = {name: told for name in asked if (told := index.known(name)) is not None}
    return Alerts(source, index.date, index.count, index.left_out, hits, unchecked, known)


def _of(entry: Entry, lock: str, index: Index) -> Iterator[Hit | Unchecked]:
    why = _NOT_FROM_INDEX.get(entry.source) or ("without a version" if entry.version is None else "")
    if why:
        yield Unchecked(entry, lock, why)
        return
    unclear: list[str] = []
    for advisory in index.about(entry.name):
        answer = affects(advisory, entry.version or "")
        if answer:
            yield _hit(advisory, entry, lock)
        elif answer is None:
            unclear.append(advisory.name)
    if unclear:
        odd = parsed_or_none(entry.version or "") is None
        which = "its version is not PEP 440" if odd else f"no version of it can be compared with {', '.join(unclear)}"
        yield Unchecked(entry, lock, which)


def _hit(advisory: Advisory, entry: Entry, lock: str) -> Hit:
    version = entry.version or ""
    advisory = advisory._replace(severity=rated(advisory.severity))
    return Hit(advisory, entry, lock, *fixes(advisory, version), contradicts(advisory, version))
