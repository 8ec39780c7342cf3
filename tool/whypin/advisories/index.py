"""The compact index: a line of JSON for each package, so that only what is locked has to be parsed.

The file is a line that names the format and its version, a line of JSON (`date`, `count`, `left_out`, and `crc32` of
these and the body), then the body, compressed by zlib. The body's lines are sorted: first what has been withdrawn, then
for each package its normal name, a tab, and its advisories:
`[ids, rating, vector, published, summary, [[ranges, versions], ...]]`. A range is a list of events, `i` introduced, `f`
fixed, `l` last_affected, `x` limit before the version. Versions that the ranges imply are not enumerated.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date as Day
from typing import Any, NoReturn

from whypin.errors import WhypinError
from whypin.model.advisory import Advisory, Affected, Event, EventKind, Known, Severity
from whypin.model.location import Location

FORMAT = b"whypin-advisories"
VERSION = b"1"
#: Sorts before every name.
WITHDRAWN = "!withdrawn"
LETTERS: dict[EventKind, str] = {"introduced": "i", "fixed": "f", "last_affected": "l", "limit": "x"}
#: What may come out of the compressed part; all of PyPI's advisories take a tenth of that.
MAX_BODY = 256 * 1024 * 1024

_KINDS = {letter: kind for kind, letter in LETTERS.items()}
_MEND = "make it anew: whypin advisories build SOURCE"


class Index:
    """Advisories by package: `date` is the day the data was last modified, `count` how many advisories there are.

    `left_out` is how many files of the export could not be read. What a damaged body holds is a WhypinError once it is
    asked for.
    """

    def __init__(self, body: bytes, date: Day, count: int, left_out: int = 0, path: str = "") -> None:
        self.body = body
        self.date = date
        self.count = count
        self.left_out = left_out
        self.path = path
        self._lines = body.split(b"\n")

    def about(self, name: str) -> tuple[Advisory, ...]:
        """Return the advisories about a package, by its normal name."""
        start = f"{name}\t".encode()
        at = bisect_left(self._lines, start)
        if at == len(self._lines) or not self._lines[at].startswith(start):
            return ()
        try:
            return tuple(map(_advisory, _loaded(self._lines[at])))
        except (ValueError, TypeError, KeyError, IndexError, RecursionError):
            damaged(self.path)

    def known(self, asked: str) -> Known | None:
        """Return what there is under an id or an alias, whatever its capitals; None where it is not in the data."""
        spellings = (asked, asked.upper(), f"GHSA-{asked[5:].lower()}" if asked[:5].upper() == "GHSA-" else asked)
        for spelling in dict.fromkeys(spellings):
            found = list(self._holding(f'"{spelling}"'.encode()))
            if found:
                return self._known(spelling, [line.partition(b"\t")[0].decode() for line in found])
        return None

    def _known(self, name: str, packages: list[str]) -> Known | None:
        about = {package: self.about(package) for package in packages if package != WITHDRAWN}
        meant = {
            package: [each.ids for each in found if name in each.ids]
            for package, found in about.items()
            if any(name in each.ids for each in found)
        }
        if meant:
            return Known(next(iter(meant.values()))[0], tuple(meant))
        return Known((name,), (), withdrawn=True) if WITHDRAWN in packages else None

    def _holding(self, text: bytes) -> Iterator[bytes]:
        """Yield every line that holds a text."""
        at = self.body.find(text)
        while at >= 0:
            start, end = self.body.rfind(b"\n", 0, at) + 1, self.body.find(b"\n", at)
            yield self.body[start : end if end >= 0 else None]
            at = self.body.find(text, end) if end >= 0 else -1

    def dump(self) -> bytes:
        """Return the index as a file."""
        import json

        about = {"date": str(self.date), "count": self.count, "left_out": self.left_out}
        head = json.dumps({**about, "crc32": _crc32(self.body, about)}).encode()
        return b"\n".join((FORMAT + b" " + VERSION, head, zlib.compress(self.body, 9)))


def is_index(data: bytes) -> bool:
    """Whether bytes begin as an index does, of whatever version."""
    return data.startswith(FORMAT + b" ")


def load(data: bytes, path: str) -> Index:
    """Return the index in a file's bytes; raises WhypinError where it is damaged or of another version."""
    import json

    first, _, rest = data.partition(b"\n")
    if first != FORMAT + b" " + VERSION:
        raise WhypinError("the index is of another version of its format", Location(path), _MEND)
    head, _, compressed = rest.partition(b"\n")
    try:
        told = json.loads(head)
        unpacking = zlib.decompressobj()
        body = unpacking.decompress(compressed, MAX_BODY)
        if not unpacking.eof or _crc32(body, told) != told["crc32"]:
            damaged(path)
        return Index(body, Day.fromisoformat(told["date"]), _number(told["count"]), _number(told["left_out"]), path)
    except (ValueError, TypeError, KeyError, RecursionError, zlib.error):
        damaged(path)


def _crc32(body: bytes, told: Any) -> int:
    """Return the sum over the body and what the line above it tells: a date that is wrong would pass for fresh data."""
    return zlib.crc32(body, zlib.crc32(f"{told['date']} {told['count']} {told['left_out']}".encode()))


def damaged(path: str) -> NoReturn:
    """Raise the WhypinError for an index that is not as it was written."""
    raise WhypinError("the index of advisories is damaged or cut short", Location(path), _MEND) from None


def _loaded(line: bytes) -> Any:
    import json

    return json.loads(line.partition(b"\t")[2])


def _advisory(data: Any) -> Advisory:
    ids, rating, vector, published, summary, members = data
    if not ids:
        raise ValueError
    return Advisory(
        tuple(map(_text, ids)),
        tuple(_affected(*member) for member in members),
        Severity(_text(rating), _text(vector)),
        Day.fromisoformat(published) if published else None,
        _text(summary),
    )


def _affected(ranges: Any, versions: Any) -> Affected:
    return Affected(
        tuple(tuple([Event(_KINDS[text[0]], text[1:]) for text in map(_text, each)]) for each in ranges),
        tuple(map(_text, versions)),
    )


def _number(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
