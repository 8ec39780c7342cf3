"""YAML text to a tree of strings, lists and mappings with places; every surprise of YAML is a problem.

Regular text is scanned line by line; everything else is read from libyaml's events. No tag, anchor, alias or implicit
type ever takes effect, and nesting is refused before anything can recurse.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from whypin.model.tree import Node, Problem
from whypin.syntax.text import find_conflict
from whypin.syntax.yaml_scan import scan

MAX_DEPTH = 20
MAX_CHARACTERS = 1_000_000

_BLOCK_SPECIFIER = r"^(\s*(?:-\s+)?(?:[^\s#\"'\[{][^#]*?:\s+)?)((?:>=?|!=)\s*\d[\w.,<>=!~*+ -]*?)(\s+#.*|\s*)$"
_UNQUOTED = "YAML reads an unquoted"
_FLOW_SPECIFIER = r"([\[{,:]\s*)((?:>=?|!=)\s*\d[^,\]}#]*?)(?=\s*[,\]}])"


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
    tree = scan(text)
    return parse_events(text) if tree is None else (tree, [])


def parse_events(text: str) -> tuple[Node | None, list[Problem]]:
    """Do what `parse` does by libyaml's events, whatever the text holds."""
    import yaml

    quoted: list[Problem] = []
    while True:
        problems: list[Problem] = []
        try:
            root = _build(_events(text), problems)
        except yaml.YAMLError as error:
            problem = _describe(error, text)
            mended = _quote_specifiers(text, problem.line) if len(quoted) < 100 else None
            if mended is not None:
                text, found = mended
                quoted += found
                continue
            return None, [*quoted, *problems, problem]
        return root, sorted(quoted + problems)


def quoted(text: str) -> str:
    """Return the text with the specifiers quoted that `parse` reads as if they were; else as it is."""
    import yaml

    mended = text
    for _ in range(100):
        problems: list[Problem] = []
        try:
            _build(_events(mended), problems)
            bare = [problem.line for problem in problems if problem.message.startswith(_UNQUOTED)]
        except yaml.YAMLError as error:
            bare = [_describe(error, mended).line]
        if not bare:
            return mended
        found = _quote_specifiers(mended, bare[0])
        if found is None:
            return text
        mended = found[0]
    return text


def _events(text: str) -> Callable[[], Any]:
    """Return a function that gives the next event of the text, and None at its end."""
    import yaml

    if not yaml.__with_libyaml__:
        return yaml.SafeLoader(text).get_event
    from yaml._yaml import CParser

    return CParser(text).get_event


def _build(next_event: Callable[[], Any], problems: list[Problem]) -> Node | None:
    """Turn events into a tree. One flat loop: it sees every scalar of every record, and calls cost more than lines."""
    from yaml import MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

    top: list[Node] = []
    stack: list[tuple[Any, dict[str, tuple[int, int]] | None, str | None]] = []
    into: Any = top  # the list or dict that is being filled
    places: dict[str, tuple[int, int]] | None = None  # where the keys of a dict stand; None inside a list
    key: str | None = None  # the key that waits for its value
    while (event := next_event()) is not None:
        kind = type(event)
        if kind is ScalarEvent:
            mark = event.start_mark
            if places is not None and key is None:
                key = _key(event, places, problems)
                places.setdefault(key, (mark.line + 1, mark.column + 1))
                continue
            node = Node(event.value, mark.line + 1, mark.column + 1, event.style or "")
            if event.tag or event.anchor:
                _refuse_properties(event, node, problems)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            mark = event.start_mark
            value: Any = {} if kind is MappingStartEvent else []
            node = Node(value, mark.line + 1, mark.column + 1, "", {} if kind is MappingStartEvent else None)
            if event.tag or event.anchor:
                _refuse_properties(event, node, problems)
            if places is not None and key is None:
                problems.append(_problem(event, "a key must be plain text", "write a name and a colon"))
                return top[0]
            if len(stack) >= MAX_DEPTH:
                message = f"nested deeper than {MAX_DEPTH} levels"
                problems.append(_problem(event, message, "no field of a record is nested so deep"))
                return top[0]
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            into, places, key = stack.pop()
            continue
        else:
            found = _other(event, top, problems)
            if found is None:
                continue
            if found is _STOP:
                break
            if places is not None and key is None:
                key = "*"
                continue
            node = found
        if places is None:
            into.append(node)
        else:
            into[key] = node
            key = None
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            stack.append((into, places, key))
            into, places, key = node.value, node.key_places, None
    return top[0] if top else None


_STOP = Node("", 1, 1)


def _problem(event: Any, message: str, fix: str) -> Problem:
    mark = event.start_mark
    return Problem(mark.line + 1, mark.column + 1, message, fix)


def _key(event: Any, places: dict[str, tuple[int, int]], problems: list[Problem]) -> str:
    """Return the key; one that must not stand here is reported, and gets a name that no field has."""
    name: str = event.value
    if event.tag or event.anchor:
        problems.append(_problem(event, "YAML tags and anchors are not allowed in a record", "write the bare key"))
    if name == "<<" and not event.style:
        problems.append(_problem(event, "YAML merge keys are not allowed", "write the keys out"))
    elif name in places:
        message = f"{_shown(name)} is given twice; the first is on line {places[name][0]}"
        problems.append(_problem(event, message, "keep one of them"))
    return name


def _refuse_properties(event: Any, node: Node, problems: list[Problem]) -> None:
    """Report a tag or an anchor; an unquoted `!=` is read as if it were quoted."""
    if event.tag and event.tag.startswith("!=") and isinstance(node.value, str):
        node.value = f"{event.tag}{node.value}"
        problems.append(_quote_problem(node.line, node.column, node.value))
    elif event.tag:
        problems.append(_problem(event, "YAML tags are not allowed in a record", "write the value without the tag"))
        node.style = "!"
    if event.anchor:
        problems.append(_problem(event, "YAML anchors are not allowed in a record", f"remove &{event.anchor}"))
        node.style = "!"


def _other(event: Any, top: list[Node], problems: list[Problem]) -> Node | None:
    """Return the node that stands for an alias, None for what says nothing, and _STOP at a second document."""
    from yaml import AliasEvent, DocumentStartEvent

    if isinstance(event, AliasEvent):
        fix = f"write the value of *{event.anchor} out"
        problems.append(_problem(event, "YAML aliases are not allowed in a record", fix))
        mark: Any = event.start_mark
        return Node("", mark.line + 1, mark.column + 1, "!")
    if isinstance(event, DocumentStartEvent) and top:
        fix = "one file holds one record: move it to its own file"
        problems.append(_problem(event, "a second YAML document", fix))
        return _STOP
    return None


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
    if match := re.match(_BLOCK_SPECIFIER, source):
        found = [(match.start(2), match[2])]
        lines[line - 1] = f'{match[1]}"{match[2]}"{match[3]}'
    else:
        found = [(match.start(2), match[2]) for match in re.finditer(_FLOW_SPECIFIER, source)]
        lines[line - 1] = re.sub(_FLOW_SPECIFIER, r'\1"\2"', source)
    if not found:
        return None
    problems = [_quote_problem(line, start + 1, spec.strip()) for start, spec in found]
    return "\n".join(lines), problems


def _quote_problem(line: int, column: int, specifier: str) -> Problem:
    kind = "a tag" if specifier.startswith("!") else "a block of text"
    operator = re.match(r"[>!=]+", specifier)
    sign = operator[0] if operator else ">"
    return Problem(line, column, f"{_UNQUOTED} {sign} as {kind}", f'quote the specifier: "{specifier}"')
