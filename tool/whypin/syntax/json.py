"""JSON to plain values, and the place of every key; what JSON lets pass in silence is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn, TypeAlias

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.syntax.text import line_at, reject_conflict

Path: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = tuple[int, int]

# A string may be cut short: then it goes on to the end of the line.
_TOKEN = re.compile(r'"((?>(?:[^"\\\n]++|\\.)*))("?)|([\[{\]}:,\n])')
_INDENT = "    "
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class _TwiceError(Exception):
    """A table has a key twice."""


def load(text: str, path: str) -> dict[str, Any]:
    """Return the document, which must be a table; raises WhypinError with line and column.

    A key that stands twice is an error, and so is text that is none in UTF-8.
    """
    import json

    try:
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except _TwiceError:
        raise _twice(text, path) from None
    except json.JSONDecodeError as error:
        raise _located(error.msg, error.pos, text, path) from None
    except RecursionError:
        raise WhypinError("values are nested too deeply to be read", Location(path, *_deepest(text))) from None
    except ValueError:
        raise _odd_number(text, path) from None
    if not isinstance(data, dict):
        raise WhypinError("not a JSON object", Location(path))
    if _SURROGATE.search(text):
        _reject_surrogates(data, text, path)
    return data


def lines(data: dict[str, Any], text: str) -> dict[tuple[str, ...], int]:
    """Return the line of every table of the document, and of every table in one of them, by their keys."""
    found = _indented(data, text)
    if found is None:
        found = {tuple(map(str, keys)): place[0] for keys, place in _walk(text, 2)}
    return found


def place_of(text: str, *keys: str | int) -> Place:
    """Return line and column of a key path; what is not there is looked for one step further up, at worst at (1, 1)."""
    places = dict(_walk(text, len(keys)))
    while keys and keys not in places:
        keys = keys[:-1]
    return places.get(keys, (1, 1))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise _TwiceError
    return table


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _twice(text: str, path: str) -> WhypinError:
    seen: set[Path] = set()
    for keys, place in _walk(text):
        if keys in seen:
            return WhypinError(f"the key {keys[-1]!r:.80} stands twice", Location(path, *place), "remove one of them")
        seen.add(keys)
    return WhypinError("a key stands twice", Location(path))


def _located(message: str, position: int, text: str, path: str) -> WhypinError:
    reject_conflict(text, path)
    problem = f"not valid JSON: {message[:1].lower()}{message[1:]}"
    if position >= len(text.rstrip()):
        last = line_at(text, len(text.rstrip()))
        return WhypinError(f"{problem} at the end of the file", Location(path, last), "is the file cut short?")
    return WhypinError(problem, Location(path, *_place(text, position)))


def _odd_number(text: str, path: str) -> WhypinError:
    if match := re.search(r"[0-9]{4001}", text):
        return WhypinError("a number is too long to be read", Location(path, *_place(text, match.start())))
    match = re.search(r"(?:[:\[,]|^)\s*(-?Infinity|NaN)", text)
    where = _place(text, match.start(1)) if match else (1, 1)
    return WhypinError("not valid JSON: no number", Location(path, *where))


def _reject_surrogates(data: dict[str, Any], text: str, path: str) -> None:
    import json

    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        match = _SURROGATE.search(text)
        where = _place(text, match.start()) if match else (1, 1)
        raise WhypinError("not valid JSON: half a character", Location(path, *where)) from None


def _deepest(text: str) -> Place:
    """Return the place where brackets first stand a hundred deep."""
    depth = 0
    for match in _TOKEN.finditer(text):
        depth += (match[0] in ("[", "{")) - (match[0] in ("]", "}"))
        if depth == 100:
            return _place(text, match.start())
    return 1, 1


def _place(text: str, position: int) -> Place:
    return line_at(text, position), position - text.rfind("\n", 0, position)


def _indented(data: dict[str, Any], text: str) -> dict[tuple[str, ...], int] | None:
    """Return what `lines` does for text that is indented as every tool indents it, by four spaces; else None."""
    found: dict[tuple[str, ...], int] = {}
    line, position = 1, 0
    for keys in _tables(data):
        at = text.find(f'\n{_INDENT * len(keys)}"{keys[-1]}": {{', position)
        if at < 0:
            return None
        line += text.count("\n", position, at) + 1
        position = at + 1
        found[keys] = line
    return found


def _tables(data: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for key, table in data.items():
        if isinstance(table, dict):
            yield (key,)
            for name, value in table.items():
                if isinstance(value, dict):
                    yield key, name


def _walk(text: str, depth: int = 20) -> Iterator[tuple[Path, Place]]:
    """Yield every path down to a depth with its place, in one pass; of broken text what can be made of it."""
    stack: list[str | int] = []  # the key in every open table, the position in every open array
    opened: list[bool] = []  # whether what is open is a table
    wants_key = False
    line, start = 1, 0
    for match in _TOKEN.finditer(text):
        token = match[3]
        if token == "\n":
            line, start = line + 1, match.end()
        elif token in ("{", "["):
            stack.append("" if token == "{" else 0)
            opened.append(token == "{")
            wants_key = token == "{"
        elif token in ("}", "]"):
            if stack:
                stack.pop()
                opened.pop()
            wants_key = False
        elif token == "," and opened:
            wants_key = opened[-1]
            last = stack[-1]
            stack[-1] = last + 1 if isinstance(last, int) else last
        elif token is None and wants_key:
            stack[-1] = _unescaped(match[1])
            wants_key = False
            if len(stack) <= depth:
                yield tuple(stack), (line, match.start() - start + 1)


def _unescaped(key: str) -> str:
    if "\\" not in key:
        return key
    import json

    try:
        return str(json.loads(f'"{key}"'))
    except ValueError:
        return key
