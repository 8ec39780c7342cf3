"""TOML to plain values, and the place of every key.

`load` and `load_lock` try the scanner first and leave what it does not know to tomllib.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.syntax.text import line_at, reject_conflict
from whypin.syntax.toml_scan import Raw, Table, scan

MAX_DEPTH = 50

_TOO_DEEP = "values are nested too deeply to be read"
#: tomllib takes time and memory by the square of the parts of a dotted key.
_LONG_KEY = r"(?<![\w.-])(?:[\w-]++[ \t]*+\.[ \t]*+){100}"

Path: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = tuple[int, int]


@lru_cache(maxsize=8)
def load(text: str, path: str) -> dict[str, Any]:
    """Return the document as tomllib would, parsed once for all who ask; change nothing in it.

    Raises WhypinError with line and column.
    """
    data = scan(text)
    return _parse(text, path) if data is None else data


def load_lock(text: str, path: str, skip: Collection[str] = ()) -> dict[str, Any]:
    """Return the document with every member of an array of tables a `Table` that knows its line.

    A value under a key in `skip`, or in a table of that name, may come as `Raw`; change nothing in what comes.
    Raises WhypinError with line and column.
    """
    data = scan(text, skip)
    return _with_lines(_parse(text, path), text) if data is None else data


def mentions(value: Any, key: str) -> bool:
    """Whether a value, read or `Raw`, holds a table with this key."""
    if isinstance(value, Raw):
        text, start, end = value
        return text.find(f'{key} = "', start, end) >= 0
    if isinstance(value, dict):
        return key in value
    return isinstance(value, list) and any(mentions(item, key) for item in value)


def day_of(value: Any, key: str) -> str | None:
    """Return the first day (`2026-11-22`) behind a key that begins like this, in a value that is read or `Raw`."""
    if isinstance(value, Raw):
        text, start, end = value
        at = text.find(f"{key}", start, end)
        match = _DAY.match(text, at, end) if at >= 0 else None
        return match[1] if match else None
    if isinstance(value, dict):
        days = (str(item)[:10] for name, item in value.items() if name.startswith(key))
        return next((day for day in days if _IS_DAY.match(day)), None)
    return next(filter(None, (day_of(item, key) for item in value)), None) if isinstance(value, list) else None


def place_of(text: str, *keys: str | int) -> Place:
    """Return line and column of a key path, such as `("project", "dependencies", 3)`; never raises.

    A key stands where it is written, a member of an array where it begins. What is not in the text is looked for one
    step further up, at worst at (1, 1).
    """
    places = _places(text)
    while keys and keys not in places:
        keys = keys[:-1]
    return places.get(keys, (1, 1))


def _parse(text: str, path: str) -> dict[str, Any]:
    import tomllib

    reject_conflict(text, path)
    if dotted := re.search(_LONG_KEY, text):
        raise WhypinError(_TOO_DEEP, Location(path, line_at(text, dotted.start())))
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _located(str(error), text, path) from None
    except RecursionError:
        raise WhypinError(_TOO_DEEP, Location(path, *_deepest(text))) from None
    except ValueError:
        number = re.search(r"[0-9][0-9_]{4000}", text)
        line = line_at(text, number.start()) if number else 1
        raise WhypinError("a number is too long to be read", Location(path, line)) from None
    if _is_deep(data):
        raise WhypinError(_TOO_DEEP, Location(path, *_deepest(text)))
    return data


def _is_deep(data: dict[str, Any]) -> bool:
    """Whether values stand deeper than any file means them: what walks them later may then recurse without fear."""
    level: list[Any] = [data]
    for _ in range(MAX_DEPTH):
        below = (value.values() if isinstance(value, dict) else value for value in level)
        level = [child for children in below for child in children if isinstance(child, dict | list) and child]
        if not level:
            return False
    return True


def _located(message: str, text: str, path: str) -> WhypinError:
    """Turn tomllib's message, which ends with its place, into an error at that place."""
    match = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z", message)
    what = message[: match.start()] if match else message
    problem = f"not valid TOML: {what[:1].lower()}{what[1:]}"
    if match and match[1]:
        return WhypinError(problem, Location(path, int(match[1]), int(match[2])))
    last = line_at(text, len(text.rstrip("\n")))
    return WhypinError(f"{problem} at the end of the file", Location(path, last), "is the file cut short?")


def _deepest(text: str) -> Place:
    """Return the place where brackets first stand a hundred deep, as near as can be told without reading strings."""
    match = re.search(r"[\[{](?:[^\[\]{}\"'\n]*+[\[{]){99}", text)
    if match is None:
        return 1, 1
    return line_at(text, match.start()), match.start() - text.rfind("\n", 0, match.start())


def _with_lines(data: dict[str, Any], text: str) -> dict[str, Any]:
    places = dict(_walk(text, depth=3))
    for key, value in data.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            for position, item in enumerate(value):
                header = places.get((key, position), (1, 1))
                table = Table.at(places.get((key, position, "name"), header)[0])
                table.update(item)
                value[position] = table
    return data


_TOKEN = re.compile(
    r"""(?P<gap>[ \t\r]++|\#[^\n]*+)
      |(?P<word>"{3}(?>(?:[^"\\]++|\\.|"(?!""))*)(?:"{3,5}|\Z) | '{3}(?>(?:[^']++|'(?!''))*)(?:'{3,5}|\Z)
               |"(?>(?:[^"\\\n]++|\\.)*)"? | '[^'\n]*+'? | [^\s\[\]{},=."'\#]++)
      |(?P<mark>[\n\[\]{},=])
      |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_KEY, _HEADER, _VALUE, _REST = range(4)
_MAX_DEPTH = 12
_DAY = re.compile(r"[\w-]+ = [\"']?(\d{4}-\d\d-\d\d)")
_IS_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


@lru_cache(maxsize=8)
def _places(text: str) -> dict[Path, Place]:
    places: dict[Path, Place] = {}
    for path, place in _walk(text):
        places[path] = place
        parent = path[:-1]
        while parent and parent not in places:
            places[parent] = place
            parent = parent[:-1]
    return places


def _walk(text: str, depth: int = _MAX_DEPTH) -> Iterator[tuple[Path, Place]]:
    """Yield every path down to a depth with its place, in one pass; of broken text what can be made of it."""
    table: Path = ()
    path: Path = ()
    members: dict[Path, int] = {}
    stack: list[tuple[Path, int]] = []  # what is open: an array and the position of its next member; -1: a table
    words: list[str] = []
    first = (1, 1)
    mode, double = _KEY, False
    line, line_start = 1, 0
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        here = (line, match.start() - line_start + 1)
        if "\n" in token:
            line += token.count("\n")
            line_start = match.start() + token.rfind("\n") + 1
        if mode == _VALUE and (kind == "word" or token in "[{"):
            if stack and stack[-1][1] >= 0:
                path = _below(stack[-1], depth)
                if len(path) <= depth:
                    yield path, here
            mode = _REST
            if kind == "mark":
                stack.append((path, 0 if token == "[" else -1))
                mode, words = (_VALUE if token == "[" else _KEY), []
        elif kind == "word":
            if mode != _REST and len(words) <= depth:
                first = first if words or mode == _HEADER else here
                words.append(token[1:-1] if token[0] in "\"'" else token)
        elif kind != "mark":
            continue
        elif token == "\n":
            if not stack:
                mode, words = _KEY, []
        elif token == "=" and mode == _KEY:
            path = (*(stack[-1][0] if stack else table), *words)[: depth + 1]
            if len(path) <= depth:
                yield path, first
            mode = _VALUE
        elif token == "[" and not stack and mode in (_KEY, _HEADER):
            first = first if mode == _HEADER else here
            mode, double = _HEADER, mode == _HEADER
        elif token == "," and stack:
            opened, position = stack[-1]
            stack[-1] = (opened, position + 1 if position >= 0 else -1)
            mode, words = (_VALUE if position >= 0 else _KEY), []
        elif token == "]" and mode == _HEADER:
            table = _table_path(words, members, double)[:depth]
            yield table, first
            mode = _REST
        elif token in "]}" and stack:
            stack.pop()
            mode = _REST


def _below(opened: tuple[Path, int], depth: int) -> Path:
    path, position = opened
    return (*path, position) if len(path) <= depth else path


def _table_path(words: list[str], members: dict[Path, int], array: bool) -> Path:
    """Return the path of the table a header opens: through arrays of tables it leads to their last member."""
    path: Path = ()
    for word in words[:-1]:
        path = (*path, word)
        if path in members:
            path = (*path, members[path])
    path = (*path, *words[-1:])
    if array:
        members[path] = members.get(path, -1) + 1
        path = (*path, members[path])
    return path
