"""The YAML that people write in records, read line by line: faster than libyaml's events, and without the library.

The scanner knows block mappings and lists, plain scalars, simple quotes, short flow lists and literal blocks. It gives
up on everything else, and on anything that is wrong: then libyaml reads the text. What it does read is the tree that
libyaml's events would give, places and styles included.
"""

from __future__ import annotations

import re
from typing import Any

from whypin.model.tree import Node

MAX_DEPTH = 12

_PLAIN = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`][^\n:#]*+(?>(?::(?! |$)[^\n:#]*+|(?<! )#[^\n:#]*+)*)"
_KEY = r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,200}"
#: One tuple a line: indent, dash, key, space, plain, double, single, list, block; else the whole line at the end.
_LINE = re.compile(
    rf"^( *)(- )?(?:({_KEY}):(?= |$))?( *)"
    rf"(?:({_PLAIN})|(\"[^\"\\\n]*\")|('[^'\n]*')|(\[[\w.+/ ,-]*\])|(\|))? *(?:(?<![^ \n])\#.*)?$|^(.+)$",
    re.MULTILINE,
)
_ITEM = re.compile(r" *(\w[\w.+/-]*(?: [\w.+/-]+)*) *")


def scan(text: str) -> Node | None:
    """Return the tree of the text, or None where the text is not as regular as that."""
    if not text.replace("\n", "").isprintable():
        return None
    rows = _LINE.findall(text)
    lines = text.split("\n")
    return _tree(rows, lines) if len(rows) == len(lines) else None


def _tree(rows: list[tuple[str, ...]], lines: list[str]) -> Node | None:
    """Build the tree. One flat loop: it sees every line of every record, and calls cost more than lines."""
    root: Node | None = None
    stack: list[tuple[int, Any]] = []  # containers that are open, with the indent of their items
    waiting: tuple[int, dict[str, Node], str] | None = None  # a key without a value yet: its indent, mapping and name
    number, total = 0, len(rows)
    while number < total:
        lead, dash, key, space, plain, double, single, flow, block, other = rows[number]
        number += 1
        if other:
            return None
        indent, column = len(lead), len(lead) + 1
        if waiting is not None and (dash or key):
            above, mapping, name = waiting
            if len(stack) > MAX_DEPTH or indent < above or (indent == above and not dash):
                return None
            node = Node([], number, column) if dash else Node({}, number, column, "", {})
            mapping[name] = node
            stack.append((indent, node))
            waiting = None
        elif dash or key:
            while stack and (
                stack[-1][0] > indent or (stack[-1][0] == indent and not dash and type(stack[-1][1].value) is list)
            ):
                stack.pop()
            if not stack:
                if root is not None or dash or indent:
                    return None
                root = Node({}, number, 1, "", {})
                stack.append((0, root))
            elif stack[-1][0] != indent or bool(dash) is not (type(stack[-1][1].value) is list):
                return None
        elif plain or double or single or flow or block:
            return None
        else:
            continue
        into = stack[-1][1]
        if dash:
            column += 2
            if key:
                item = Node({}, number, column, "", {})
                into.value.append(item)
                into = item
                indent += 2
                stack.append((indent, item))
        if key:
            if key in into.key_places:
                return None
            into.key_places[key] = (number, column)
            column += len(key) + 1
        column += len(space)
        if plain:
            node = Node(plain.rstrip(" "), number, column)
        elif double or single:
            quoted = double or single
            node = Node(quoted[1:-1], number, column, quoted[0])
        elif flow:
            items = _items(flow, number, column)
            if items is None:
                return None
            node = Node(items, number, column)
        elif block and key:
            found = _literal(lines, number, indent)
            if found is None:
                return None
            node = Node(found[0], number, column, "|")
            number = found[1]
        elif key:
            waiting = (indent, into.value, key)
            continue
        else:
            return None
        if key:
            into.value[key] = node
        else:
            into.value.append(node)
    return root if waiting is None else None


def _items(flow: str, number: int, column: int) -> list[Node] | None:
    """Return the items of a list in brackets, each a few plain words."""
    items: list[Node] = []
    start = 1
    for part in flow[1:-1].split(",") if flow[1:-1].strip() else ():
        match = _ITEM.fullmatch(part)
        if match is None:
            return None
        items.append(Node(match[1], number, column + start + match.start(1)))
        start += len(part) + 1
    return items


def _literal(lines: list[str], number: int, indent: int) -> tuple[str, int] | None:
    """Return the text of a literal block that begins on the next line, and the number of lines up to its end."""
    first = lines[number] if number < len(lines) else ""
    margin = len(first) - len(first.lstrip(" "))
    if margin <= indent or margin == len(first):
        return None
    content: list[str] = []
    while number < len(lines):
        line = lines[number]
        lead = len(line) - len(line.lstrip(" "))
        if lead == len(line):
            if lead > margin:
                return None
            content.append("")
        elif lead >= margin:
            content.append(line[margin:])
        elif lead <= indent:
            break
        else:
            return None
        number += 1
    if number == len(lines) and lines[-1]:
        return None
    while not content[-1]:
        content.pop()
    return "\n".join(content) + "\n", number
