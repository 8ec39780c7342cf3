"""YAML text to a tree of strings, lists and mappings with places; every surprise of YAML is a problem.

Built on libyaml's events: no tag, anchor, alias or implicit type ever takes effect, and nesting is refused before
anything can recurse.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from whypin.model.tree import Node, Problem
from whypin.syntax.text import find_conflict

MAX_DEPTH = 20
MAX_CHARACTERS = 1_000_000

_BLOCK_SPECIFIER = re.compile(
    r"^(\s*(?:-\s+)?(?:[^\s#\"'\[{][^#]*?:\s+)?)((?:>=?|!=)\s*\d[\w.,<>=!~*+ -]*?)(\s+#.*|\s*)$"
)
_FLOW_SPECIFIER = re.compile(r"([\[{,:]\s*)((?:>=?|!=)\s*\d[^,\]}#]*?)(?=\s*[,\]}])")


def parse(text: str) -> tuple[Node | None, list[Problem]]:
    """Return the tree of the one document in the text, and everything about it that is not plain YAML.

    The tree is None where there is none to speak of. A specifier that YAML would swallow (`numpy: >=1.26`) is
    reported, read as if it were quoted, and the rest of the text is still looked at.
    """
    if len(text) > MAX_CHARACTERS:
        return None, [Problem(1, 1, "the file is too large for a record (more than 1,000,000 characters)")]
    conflict = find_conflict(text)
    if conflict is not None:
        return None, [Problem(conflict, 1, "unresolved merge conflict", "resolve it")]
    return _parse_quoting(text)


def _parse_quoting(text: str) -> tuple[Node | None, list[Problem]]:
    import yaml

    quoted: list[Problem] = []
    while True:
        builder = _Builder()
        try:
            _feed(text, builder)
        except yaml.YAMLError as error:
            problem = _describe(error, text)
            mended = _quote_specifiers(text, problem.line) if len(quoted) < 100 else None
            if mended is not None:
                text, found = mended
                quoted += found
                continue
            return None, [*quoted, *builder.problems, problem]
        return builder.root, sorted(quoted + builder.problems)


def _feed(text: str, builder: _Builder) -> None:
    import yaml

    if yaml.__with_libyaml__:
        get_event: Callable[[], Any] = yaml.cyaml.CParser(text).get_event
    else:
        get_event = yaml.SafeLoader(text).get_event
    add = builder.add
    while (event := get_event()) is not None:
        if not add(event):
            break


class _Builder:
    """Turns events into nodes; `problems` gathers what a record must not hold."""

    def __init__(self) -> None:
        import yaml

        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._stack: list[Node] = []
        self._keys: list[Node | None] = []
        self._scalar = yaml.ScalarEvent
        self._mapping = yaml.MappingStartEvent
        self._sequence = yaml.SequenceStartEvent
        self._ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        self._alias = yaml.AliasEvent
        self._document = yaml.DocumentStartEvent
        self._documents = 0

    def add(self, event: Any) -> bool:
        """Take one event; False where the rest of the text is not worth reading."""
        kind = type(event)
        if kind is self._scalar:
            self._attach(self._scalar_node(event))
        elif kind is self._mapping or kind is self._sequence:
            return self._open(event, {} if kind is self._mapping else [])
        elif kind in self._ends:
            self._stack.pop()
            self._keys.pop()
        elif kind is self._alias:
            self._report(event, "YAML aliases are not allowed in a record", f"write the value of *{event.anchor} out")
            self._attach(self._node(event, "", "!"))
        elif kind is self._document:
            self._documents += 1
            if self._documents > 1:
                self._report(event, "a second YAML document", "one file holds one record: move it to its own file")
                return False
        return True

    def _node(self, event: Any, value: Any, style: str = "") -> Node:
        mark = event.start_mark
        return Node(value, mark.line + 1, mark.column + 1, style, {} if isinstance(value, dict) else None)

    def _report(self, event: Any, message: str, fix: str) -> None:
        mark = event.start_mark
        self.problems.append(Problem(mark.line + 1, mark.column + 1, message, fix))

    def _scalar_node(self, event: Any) -> Node:
        mark = event.start_mark
        node = Node(event.value, mark.line + 1, mark.column + 1, event.style or "")
        if event.tag or event.anchor:
            self._refuse_properties(event)
            if event.tag and event.tag.startswith("!="):
                node.value = f"{event.tag}{event.value}"
            else:
                node.style = "!"
        return node

    def _refuse_properties(self, event: Any) -> None:
        if event.tag and event.tag.startswith("!="):
            mark = event.start_mark
            self.problems.append(_quote_problem(mark.line + 1, mark.column + 1, f"{event.tag}{event.value}"))
        elif event.tag:
            self._report(event, "YAML tags are not allowed in a record", "write the value without the tag")
        if event.anchor:
            self._report(event, "YAML anchors are not allowed in a record", f"remove &{event.anchor}")

    def _open(self, event: Any, value: Any) -> bool:
        node = self._node(event, value)
        if event.tag or event.anchor:
            self._refuse_properties(event)
        if len(self._stack) >= MAX_DEPTH:
            self._report(event, f"nested deeper than {MAX_DEPTH} levels", "no field of a record is nested so deep")
            return False
        self._attach(node)
        self._stack.append(node)
        self._keys.append(None)
        return True

    def _attach(self, node: Node) -> None:
        if not self._stack:
            self.root = self.root or node
            return
        parent = self._stack[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif (key := self._keys[-1]) is None:
            self._keys[-1] = node
        else:
            self._keys[-1] = None
            self._put(parent, key, node)

    def _put(self, parent: Node, key: Node, node: Node) -> None:
        name = key.value
        if not isinstance(name, str):
            self.problems.append(Problem(key.line, key.column, "a key must be plain text", "write a name and a colon"))
        elif name == "<<" and not key.style:
            self.problems.append(Problem(key.line, key.column, "YAML merge keys are not allowed", "write the keys out"))
        elif name in parent.value:
            first = parent.key_place(name)[0]
            message = f"{_shown(name)} is given twice; the first is on line {first}"
            self.problems.append(Problem(key.line, key.column, message, "keep one of them"))
        else:
            assert isinstance(parent.value, dict) and parent.key_places is not None
            parent.value[name] = node
            parent.key_places[name] = (key.line, key.column)


def _shown(name: str) -> str:
    return repr(name if len(name) <= 60 else name[:57] + "...")


def _describe(error: Any, text: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        position = min(getattr(error, "position", 0), len(text))
        line = text.count("\n", 0, position) + 1
        column = position - (text.rfind("\n", 0, position) + 1) + 1
        return Problem(line, column, "a control character that YAML does not allow", "remove it")
    line, column = mark.line + 1, mark.column + 1
    source = text.split("\n")[mark.line] if mark.line < text.count("\n") + 1 else ""
    if source[: mark.column + 1].strip(" ").startswith("\t") or source.startswith("\t"):
        return Problem(line, column, "a tab in the indentation", "indent with spaces")
    if error.problem == "mapping values are not allowed in this context":
        return Problem(line, column, "not YAML: a colon in a value that is not quoted", "quote the whole value")
    if error.problem == "found character that cannot start any token":
        return Problem(
            line, column, f"not YAML: a value cannot begin with {source[mark.column :][:1]}", "quote the value"
        )
    if "anchor" in (error.context or "") or "alias" in (error.context or ""):
        return Problem(line, column, "YAML anchors and aliases are not allowed in a record", "quote the value")
    reason = " ".join(part for part in (error.problem, error.context) if part)
    return Problem(line, column, f"not YAML: {reason}", "check the indentation, colons and quotes here")


def _quote_specifiers(text: str, line: int) -> tuple[str, list[Problem]] | None:
    """Quote the bare specifiers of one line; None where there are none."""
    lines = text.split("\n")
    if not 1 <= line <= len(lines):
        return None
    source = lines[line - 1]
    if match := _BLOCK_SPECIFIER.match(source):
        found = [(match.start(2), match[2])]
        lines[line - 1] = f'{match[1]}"{match[2]}"{match[3]}'
    else:
        found = [(match.start(2), match[2]) for match in _FLOW_SPECIFIER.finditer(source)]
        lines[line - 1] = _FLOW_SPECIFIER.sub(r'\1"\2"', source)
    if not found:
        return None
    problems = [_quote_problem(line, start + 1, spec.strip()) for start, spec in found]
    return "\n".join(lines), problems


def _quote_problem(line: int, column: int, specifier: str) -> Problem:
    kind = "a tag" if specifier.startswith("!") else "a block of text"
    operator = re.match(r"[>!=]+", specifier)
    sign = operator[0] if operator else ">"
    return Problem(line, column, f"YAML reads an unquoted {sign} as {kind}", f'quote the specifier: "{specifier}"')
