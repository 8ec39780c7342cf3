"""TOML as tools and tidy hands write it, read by a few regular expressions: over ten times faster than tomllib.

The scanner knows regular shapes and gives up on the rest. What it does read is what tomllib would have read: every
shape is matched to its last character, so that quotes, escapes or a cut line can't be mistaken for something else.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any


class Table(dict[str, Any]):
    """A table that a header opened; `line` is that of its `name` where that comes first, else of the header.

    `line` is 0 as long as only headers of tables below it have named it.
    """

    __slots__ = ("line",)
    line: int

    @classmethod
    def at(cls, line: int) -> Table:
        """Return an empty table that stands at a line."""
        table = cls()
        table.line = line
        return table


class Raw(tuple[str, int, int]):
    """The (text, start, end) of a bulky value that nobody asked to read: its shape is checked, it is not decoded."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return the TOML of the value, without the brackets around an array."""
        text, start, end = self
        return text[start:end]


_CONTROL = r"\x00-\x08\x0a-\x1f\x7f"
_TAIL = rf"[ \t]*(?:\#[^{_CONTROL}]*+)?\n"
_KEY = rf'(?:[A-Za-z0-9_-]+|"[^"\\=\t{_CONTROL}]+")'
_PATH = rf"{_KEY}(?:\.{_KEY}){{0,7}}"
_PLAIN = rf'[^"\\\t{_CONTROL}]*+'
_TEXT = rf'"{_PLAIN}"'
_INTEGER = r"(?:0|[1-9][0-9]{0,17})"
# Plain ASCII is what URLs, file names and hashes are made of, and twice as fast to skip as any text.
_ASCII = r'"[ !#-\[\]-~]*+"'
_DAY = r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_TIME = rf"[12][0-9]{{3}}-{_DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{{1,6}})?Z"
# A distribution file as uv, Poetry, PDM and pylock writers put it: the order is fixed, so no key can come twice.
_FILE = (
    rf"\{{ ?(?:name = {_ASCII}, ?)?(?:url|file|path|filename) = {_ASCII}"
    rf"(?:(?:, hash = {_ASCII})?(?:, size = {_INTEGER})?(?:, upload[-_]time = {_ASCII})?"
    rf"|(?:, ?upload-time = {_TIME})?(?:, ?size = {_INTEGER})?(?:, ?hashes = \{{ ?sha256 = {_ASCII} ?\}})?) ?\}}"
)
# What most lines are: a string, a truth value, a table of one string, an array of strings.
_FIELD = rf"{_KEY} = (?:{_TEXT}|true|false|\{{ {_KEY} = {_TEXT} \}}|\[{_TEXT}(?>(?:, {_TEXT})*)\])"
_LIST = rf'({_KEY}) = \[\n(?!    [^\n]*(?:hash|sha256) = ")((?>(?:    .+,\n)+))\]\n'
# Groups are kept whole by `(?>...)`: Python before 3.11.5 loses track of groups under `*+`, `++` and `?+` (gh-106052).
# One match reads a stretch: a header, the name and version that come first in a lock, fields, two arrays of one value a
# line, one file, many files; each may be absent.
_STRETCH = re.compile(
    rf"(?>(?:{_TAIL})*)(?>(?:[ \t]*\[(?:\[({_PATH})\]|({_PATH}))\]{_TAIL}"
    rf'(?>(?:name = "({_PLAIN})"\nversion = "({_PLAIN})"\n(?>(?:source = \{{ ([a-z]+) = "({_PLAIN})" \}}\n)?))?))?)'
    rf"(?>((?>(?:{_FIELD}\n)+))?)(?>(?:{_LIST})?)(?>(?:{_LIST})?)"
    rf"(?>(?:({_KEY}) = ({_FILE}|\[{_FILE}\])\n)?)(?>(?:({_KEY}) = \[\n((?>(?:    {_FILE},\n)+))\]\n)?)"
)
_FIELDS = re.compile(
    rf'({_KEY}) = (?:"([^"]*)"|(true|false)|\{{ ({_KEY}) = "([^"]*)" \}}|\[("[^"]*"(?>(?:, "[^"]*")*))\])'
)
_FLAT = re.compile(rf"\{{ ?{_FIELD}(?>(?:, {_FIELD})*) ?\}}\Z")
_NAMED = re.compile(rf"\{{ name = ({_TEXT})(?:, marker = ({_TEXT}))? \}}\Z")
_ASSIGNMENT = re.compile(rf"[ \t]*({_PATH})[ \t]*=[ \t]*")
_VALUE = re.compile(
    "|".join(
        (
            rf'"([^"\\{_CONTROL}]*+)"(?!")',  # 1 string
            rf"'([^'{_CONTROL}]*+)'(?!')",  # 2 literal string
            r"(true|false)(?![\w-])",  # 3
            rf"([+-]?{_INTEGER})(?![\w.:+-])",  # 4
            rf"([+-]?{_INTEGER}\.[0-9]{{1,17}})(?![\w.:+-])",  # 5
            r"(\[)",  # 6
            r"(\{)",  # 7
            rf'"((?>(?:[^"\\{_CONTROL}]++|\\["\\bfnrt])*))"(?!")',  # 8 string with escapes
            rf'"""\n?((?>(?:[^"\\{_CONTROL}]++|\n|"(?!""))*))"""(?!")',  # 9 string of several lines
            rf"'''\n?((?>(?:[^'{_CONTROL}]++|\n|'(?!''))*))'''(?!')",  # 10 literal string of several lines
        )
    )
)
_TRUTH, _WHOLE, _FLOAT, _OPEN_ARRAY, _OPEN_TABLE, _ESCAPED = range(3, 9)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {'"': '"', "\\": "\\", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_GAP = re.compile(rf"(?>(?:[ \t\n]++|\#[^{_CONTROL}]*+\n)*)")
_SPACE = re.compile(r"[ \t]*+")
_END = re.compile(_TAIL)
_MAX_DEPTH = 16


class _OddError(Exception):
    """The text is not of a shape that the scanner knows."""


def scan(text: str, skip: Collection[str] = ()) -> Table | None:
    """Return what tomllib would, or None where the text is not as tools and tidy hands write it.

    Every table under a header is a `Table`. A value under a key in `skip`, or in a table of that name, may be `Raw`.
    Equal values may be one object: change none of them. Time is linear in the text.
    """
    try:
        return _scan(text if text.endswith("\n") else text + "\n", skip)
    except _OddError:
        return None


def _scan(text: str, skip: Collection[str]) -> Table:
    root = table = Table.at(1)
    values = _Values()
    arrays: dict[str, list[Table]] = {}
    position = counted = 0
    line = 1
    bulky = False  # whether the table itself is one of those to skip
    while True:
        for match in _STRETCH.finditer(text, position):
            array, header, name, version, kind, source, fields = match.group(1, 2, 3, 4, 5, 6, 7)
            key1, list1, key2, list2, key3, key4 = match.group(8, 9, 10, 11, 12, 14)
            if array or header:
                start = match.start(1 if array else 2)
                line += text.count("\n", counted, start)
                counted = start
                bulky = False
                if array in arrays:
                    table = Table()
                    table.line = line
                    arrays[array].append(table)
                else:
                    table = _open(root, array or header, line, arrays if array else None)
                    bulky = bool(skip) and _split(array or header)[-1] in skip
                if name is not None:
                    table["name"] = name
                    table["version"] = version
                    table.line = line + 1
                    if kind:
                        table["source"] = values.pair(kind, source)
                if fields:
                    _fill(table, fields, values)
                    if name is None:
                        table.line = _name_line(fields, line + 1) or line
            elif fields:
                _fill(table, fields, values)
                if "name" in fields:
                    first = line + text.count("\n", counted, match.start(7))
                    table.line = _name_line(fields, first) or table.line
            elif not (key1 or key3 or key4):
                if match.end() == len(text):
                    return root
                position = _assign(table, text, match.end())
                break
            if key1:
                _put(table, key1, [values[item] for item in list1[4:-2].split(",\n    ")])
                if key2:
                    _put(table, key2, [values[item] for item in list2[4:-2].split(",\n    ")])
            if key3:
                file = Raw((text, *match.span(13))) if bulky or key3 in skip else _value(match[13], 0)[0]
                _put(table, key3, file)
            if key4:
                start, end = match.span(15)
                files = Raw((text, start, end)) if bulky or key4 in skip else _array(text, start, 0)[0]
                _put(table, key4, files)


class _Dotted(dict[str, Any]):
    """A table that only dotted keys made: more of them may add to it, a header may not."""


class _Values(dict[Any, Any]):
    """From the text of a value to the value: most lines of a lock repeat others."""

    def __missing__(self, text: str) -> Any:
        value: Any = {}
        if named := _NAMED.match(text):
            name, marker = named.groups()
            value = {"name": name[1:-1], "marker": marker[1:-1]} if marker else {"name": name[1:-1]}
        elif _FLAT.match(text):
            _fill(value, text, self)
        else:
            value, end = _value(text, 0)
            if end != len(text):
                raise _OddError
        self[text] = value
        return value

    def pair(self, key: str, text: str) -> dict[str, str]:
        """Return a table of one string."""
        pair: dict[str, str] = self.get((key, text)) or self.setdefault((key, text), {_unquote(key): text})
        return pair


def _fill(table: dict[str, Any], text: str, values: _Values) -> None:
    """Put fields into the table; their shape is checked already."""
    fields = _FIELDS.findall(text)
    size = len(table) + len(fields)
    for key, string, word, inner, inner_string, row in fields:
        if key[0] == '"':
            key = key[1:-1]
        if string:
            table[key] = string
        elif inner:
            table[key] = values.pair(inner, inner_string)
        elif row:
            table[key] = row[1:-1].split('", "')
        else:
            table[key] = word == "true" if word else ""
    if len(table) != size:
        raise _OddError


def _name_line(fields: str, first: int) -> int:
    """The line of `name` among fields that begin on line `first`; 0 where it is not among them."""
    if fields.startswith("name = "):
        return first
    place = fields.find("\nname = ")
    return 0 if place < 0 else first + fields.count("\n", 0, place) + 1


def _unquote(key: str) -> str:
    return key[1:-1] if key[0] == '"' else key


def _split(header: str) -> list[str]:
    return [_unquote(part) for part in re.findall(_KEY, header)]


def _open(root: Table, header: str, line: int, arrays: dict[str, list[Table]] | None) -> Table:
    """Open the table of a header, and note in `arrays` a new array of tables at the root.

    A table that a key made is closed for good, and nothing is opened twice: tomllib says what is wrong with it.
    """
    *path, key = _split(header)
    parent = _parent(root, path)
    known = parent.get(key)
    table = Table.at(line)
    if known is None:
        parent[key] = table if arrays is None else [table]
        if arrays is not None and not path:
            arrays[header] = parent[key]
    elif arrays is None and isinstance(known, Table) and known.line == 0:
        table = known
        table.line = line
    elif arrays is not None and isinstance(known, list) and known and isinstance(known[-1], Table):
        known.append(table)
    else:
        raise _OddError
    return table


def _parent(root: Table, path: list[str]) -> Table:
    parent = root
    for part in path:
        child = parent.get(part)
        if child is None:
            child = parent[part] = Table.at(0)
        elif isinstance(child, list) and child:
            child = child[-1]
        if not isinstance(child, Table):
            raise _OddError
        parent = child
    return parent


def _assign(table: Table, text: str, position: int) -> int:
    """Read a key and any value that stands at a position; return where the next line begins."""
    match = _ASSIGNMENT.match(text, position)
    if match is None:
        raise _OddError
    value, end = _value(text, match.end())
    *path, key = _split(match[1])
    target: dict[str, Any] = table
    for part in path:
        target = target.setdefault(part, _Dotted())
        if not isinstance(target, _Dotted):
            raise _OddError
    if key in target:
        raise _OddError
    target[key] = value
    return _after(text, end)


def _put(table: Table, key: str, value: Any) -> None:
    key = _unquote(key)
    if key in table:
        raise _OddError
    table[key] = value


def _value(text: str, position: int, depth: int = 0) -> tuple[Any, int]:
    """Read the value that stands at a position; return it and the position after it."""
    match = _VALUE.match(text, position)
    if match is None or depth > _MAX_DEPTH:
        raise _OddError
    kind = match.lastindex
    assert kind is not None, "every alternative has a group"
    if kind == _OPEN_ARRAY:
        return _array(text, match.end(), depth)
    if kind == _OPEN_TABLE:
        return _inline_table(text, match.end(), depth)
    found: Any = match[kind]
    if kind == _TRUTH:
        found = found == "true"
    elif kind == _WHOLE:
        found = int(found)
    elif kind == _FLOAT:
        found = float(found)
    elif kind == _ESCAPED:
        found = _ESCAPE.sub(lambda escape: _ESCAPES[escape[1]], found)
    return found, match.end()


def _array(text: str, position: int, depth: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    while True:
        position = _skip(_GAP, text, position)
        if text.startswith("]", position):
            return items, position + 1
        item, position = _value(text, position, depth + 1)
        items.append(item)
        position = _skip(_GAP, text, position)
        if text.startswith(",", position):
            position += 1
        elif not text.startswith("]", position):
            raise _OddError


def _inline_table(text: str, position: int, depth: int) -> tuple[dict[str, Any], int]:
    table: dict[str, Any] = {}
    position = _skip(_SPACE, text, position)
    if text.startswith("}", position):
        return table, position + 1
    while True:
        match = _ASSIGNMENT.match(text, position)
        if match is None:
            raise _OddError
        key, *dotted = _split(match[1])
        if dotted or key in table:
            raise _OddError
        table[key], position = _value(text, match.end(), depth + 1)
        position = _skip(_SPACE, text, position)
        if text.startswith("}", position):
            return table, position + 1
        if not text.startswith(",", position):
            raise _OddError
        position += 1


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _after(text: str, position: int) -> int:
    """Return where the line after a value begins; nothing but a comment may follow the value."""
    match = _END.match(text, position)
    if match is None:
        raise _OddError
    return match.end()
