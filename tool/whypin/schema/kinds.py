"""The kinds of value a field can have: each reads a node, and describes itself to people and to JSON Schema.

`read(node, report)` returns the value, or INVALID after calling `report(node, message, fix)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from whypin.model.names import fold_glob, is_valid, record_key
from whypin.model.tree import NOT_TEXT, Node
from whypin.model.version import Item, parse_item
from whypin.syntax.url import redact

Report = Callable[[Node, str, str], None]
Schema = dict[str, Any]


class _Invalid:
    """The value of a field that could not be read."""

    def __bool__(self) -> bool:
        return False


INVALID: Final = _Invalid()

_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
# Patterns that few records need stay text until they are first used: compiling them costs every start.
_URL = r"(?i:https?)://[^\s<>\"'\\^`{|}\x00-\x1f\x7f]+\Z"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_ADVISORY = r"[A-Za-z0-9][A-Za-z0-9._:-]*\Z"
_CONDA_NAME = r"conda:[a-z0-9_][a-z0-9_.-]*\Z"
_RECORD_ID = r"[a-z0-9][a-z0-9._-]*\Z"
_REQUIREMENT = r"\s*((?:conda:)?[A-Za-z0-9_][A-Za-z0-9._-]*)\s*((?:===|==|~=|!=|<=|>=|<|>).*)\Z"


def shown(value: object) -> str:
    """Return a value as it is quoted in a message: short, and on one line."""
    text = str(value)
    return repr(text if len(text) <= 60 else text[:57] + "...")


class Kind:
    """A kind of value: `words` says in a few words what to write."""

    words = "text"

    def read(self, node: Node, report: Report) -> Any:
        """Return the value of the node, or INVALID after reporting why not."""
        text = node.value
        if isinstance(text, str) and (text := text.strip()) and node.style != "!":
            if text.isprintable() or _CONTROL.search(text) is None:
                return self.convert(text, node, report)
            report(node, "a control or direction-changing character in the text", "remove it")
        elif isinstance(text, str):
            if node.style != "!":
                report(node, f"empty, where {self.words} is expected", f"write {self.words}, or remove the key")
        else:
            what = "a list" if isinstance(text, list) else "a mapping"
            report(node, f"{what} where {self.words} is expected", f"write {self.words}")
        return INVALID

    def convert(self, text: str, node: Node, report: Report) -> Any:
        """Turn the text, without the white space around it, into the value."""
        return text

    def schema(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "string", "minLength": 1}


#: Editors read 1.10 as a number and yes as a truth value; whypin reads every value as text.
_ANY_SCALAR = ["string", "number", "boolean"]


class Text(Kind):
    """One line of text."""

    words = "one line of text"

    def schema(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": _ANY_SCALAR, "minLength": 1}

    def convert(self, text: str, node: Node, report: Report) -> Any:
        """Refuse line breaks: titles and names stand in tables."""
        if node.style == NOT_TEXT:
            report(node, f"{text} is not text", f'quote it: "{text}"')
            return INVALID
        if "\n" in text:
            report(node, "several lines, where one line is expected", "keep the first line")
            return INVALID
        return text


class Markdown(Kind):
    """Markdown text; `empty_allowed` for texts that are required only later."""

    words = "Markdown text"

    def __init__(self, empty_allowed: bool = False) -> None:
        self.empty_allowed = empty_allowed

    def read(self, node: Node, report: Report) -> Any:
        """Return the text; an empty one only where that is allowed."""
        if self.empty_allowed and isinstance(node.value, str) and not node.value.strip() and node.style != "!":
            return ""
        return super().read(node, report)

    def schema(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": [*_ANY_SCALAR, "null"]} if self.empty_allowed else {"type": _ANY_SCALAR, "minLength": 1}


class Matching(Kind):
    """One line of text of a given shape."""

    def __init__(self, pattern: str, words: str, fix: str) -> None:
        self.pattern = pattern
        self.words = words
        self.fix = fix

    def convert(self, text: str, node: Node, report: Report) -> Any:
        """Refuse text of another shape."""
        if re.match(self.pattern, text) is None:
            report(node, f"{shown(text)} is not {self.words}", self.fix)
            return INVALID
        return text

    def schema(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "string", "pattern": "^" + self.pattern.replace(r"\Z", "$")}


def record_id() -> Matching:
    """The id of a record: its file's stem."""
    return Matching(_RECORD_ID, "the id of a record", "write the file's name without .yaml")


def advisory_id() -> Matching:
    """The id of an advisory, or any of its aliases."""
    return Matching(_ADVISORY, "the id of an advisory", "write it like CVE-2023-44271")


class Url(Kind):
    """A link, http or https only."""

    words = "a link"

    def convert(self, text: str, node: Node, report: Report) -> Any:
        """Refuse every other scheme, and characters no URL has."""
        if re.match(_URL, text) is None:
            report(node, f"{shown(text)} is not a link", "write a full https:// address")
            return INVALID
        return text

    def schema(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"}


class Choice(Kind):
    """One of a few words."""

    def __init__(self, *choices: str) -> None:
        self.choices = choices
        self.words = "one of " + ", ".join(choices)

    def convert(self, text: str, node: Node, report: Report) -> Any:
        """Refuse other words, and name the nearest."""
        if text not in self.choices:
            near = nearest(text, self.choices)
            fix = f"did you mean {near}?" if near else f"write {self.words}"
            report(node, f"{shown(text)} is not {self.words}", fix)
            return INVALID
        return text

    def schema(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"enum": list(self.choices)}


class Date(Kind):
    """A day, as YYYY-MM-DD; `word` is allowed in its place."""

    def __init__(self, word: str = "") -> None:
        self.word = word
        self.words = f"a date (YYYY-MM-DD) or {word}" if word else "a date (YYYY-MM-DD)"

    def convert(self, text: str, node: Node, report: Report) -> Any:
        """Return a datetime.date, or the word."""
        if self.word and text == self.word:
            return text
        if _DATE.match(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                report(node, f"{text} is not a day of the calendar", f"write {self.words}")
                return INVALID
        report(node, f"{shown(text)} is not {self.words}", "write it like 2026-11-22")
        return INVALID

    def schema(self) -> Schema:
        """Return the JSON Schema of the kind."""
        day = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
        return {"anyOf": [{"const": self.word}, day]} if self.word else day


class Number(Kind):
    """A whole number from `minimum` on."""

    def __init__(self, minimum: int = 0) -> None:
        self.minimum = minimum
        self.words = f"a whole number from {minimum}"

    def convert(self, text: str, node: Node, report: Report) -> Any:
        """Return an int."""
        if not re.match(r"\d{1,9}\Z", text) or int(text) < self.minimum:
            report(node, f"{shown(text)} is not {self.words}", f"write {self.words}")
            return INVALID
        return int(text)

    def schema(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "integer", "minimum": self.minimum}


class PackageName(Kind):
    """The name of a package; read in normal form."""

    words = "the name of a package"

    def convert(self, text: str, node: Node, report: Report) -> Any:
        """Return the name in normal form; `conda:NAME` keeps conda's spelling."""
        if is_valid(text) or re.match(_CONDA_NAME, text):
            return record_key(text)
        report(
            node, f"{shown(text)} is not the name of a package", "write the bare name; versions stand behind the colon"
        )
        return INVALID

    def schema(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "string", "pattern": "^(conda:[a-z0-9_][a-z0-9_.-]*|[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)$"}


class NameGlob(Text):
    """A glob over names of packages; read in the form in which names are compared."""

    words = "the name of a package, or a glob"

    def convert(self, text: str, node: Node, report: Report) -> Any:
        """Return the glob, folded as names are."""
        line = super().convert(text, node, report)
        return line if line is INVALID else fold_glob(line)


class Requirement(Kind):
    """A package with a specifier, such as `tensorflow>=2.12.1`; read as (name, specifier)."""

    words = "a package with a specifier"

    def schema(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "string", "pattern": "^[^<>=!~]+(===|==|~=|!=|<=|>=|<|>)"}

    def convert(self, text: str, node: Node, report: Report) -> Any:
        """Return the text, after checking that both halves can be read."""
        match = re.match(_REQUIREMENT, text)
        fix = 'write it like "tensorflow>=2.12.1"'
        if match is None or not (is_valid(match[1]) or re.match(_CONDA_NAME, match[1])):
            report(node, f"{shown(text)} is not {self.words}", fix)
            return INVALID
        try:
            parse_item(match[2].strip())
        except ValueError as error:
            report(node, str(error), fix)
            return INVALID
        return text


class Version(Kind):
    """A bare version, of whatever: images, models and conda packages have their own rules for them."""

    words = "a version"

    def convert(self, text: str, node: Node, report: Report) -> Any:
        """Refuse specifiers, and words."""
        if text[0] in "<>=!~" or len(text.split()) > 1:
            report(node, f"{shown(text)} is not one version", "write it like 1.24.3")
            return INVALID
        return text

    def read(self, node: Node, report: Report) -> Any:
        """Return the text; YAML's block scalars are an unquoted `>`."""
        return INVALID if _swallowed(node, report) else super().read(node, report)

    def schema(self) -> Schema:
        """Return the JSON Schema of the kind: editors read 1.10 as a number, whypin never does."""
        return {"type": ["string", "number"]}


class Versions(Kind):
    """What a record accepts of a package: a version, a specifier set, or a list of them; read as a tuple of items."""

    words = 'a version or a quoted specifier, such as 1.23.5 or "<2,>=1.23"'

    def read(self, node: Node, report: Report) -> Any:
        """Return a tuple of model.version.Item."""
        if not isinstance(node.value, list):
            item = self._item(node, report)
            return INVALID if item is None else (item,)
        if not node.value:
            report(node, "an empty list of versions", f"write {self.words}")
            return INVALID
        items = [self._item(element, report) for element in node.value]
        return tuple(item for item in items if item is not None) if None not in items else INVALID

    def _item(self, node: Node, report: Report) -> Item | None:
        if isinstance(node.value, dict):
            return self._indexed(node, report)
        if _swallowed(node, report):
            return None
        text = super().read(node, report)
        return self._parse(text, None, node, report) if isinstance(text, str) else None

    def _indexed(self, node: Node, report: Report) -> Item | None:
        assert isinstance(node.value, dict)
        unknown = [key for key in node.value if key not in ("version", "index")]
        if unknown or len(node.value) != 2:
            report(node, "not a version with its index", "write {version: 2.1.0, index: https://index.example/simple}")
            return None
        texts = [Kind.read(self, node.value[key], report) for key in ("version", "index")]
        if not all(isinstance(text, str) for text in texts) or _swallowed(node.value["version"], report):
            return None
        return self._parse(texts[0], redact(texts[1]), node.value["version"], report)

    def _parse(self, text: str, index: str | None, node: Node, report: Report) -> Item | None:
        try:
            return parse_item(text, index)
        except ValueError as error:
            report(node, str(error), f"write {self.words}")
            return None

    def schema(self) -> Schema:
        """Return the JSON Schema of the kind."""
        plain: Schema = {"type": ["string", "number"]}
        indexed: Schema = {
            "type": "object",
            "properties": {"version": plain, "index": {"type": "string", "minLength": 1}},
            "required": ["version", "index"],
            "additionalProperties": False,
        }
        return {"anyOf": [plain, {"type": "array", "minItems": 1, "items": {"anyOf": [plain, indexed]}}, indexed]}


def _swallowed(node: Node, report: Report) -> bool:
    """Report a version that YAML took for the header of a block scalar, as in `numpy: >2`."""
    if node.style not in (">", "|"):
        return False
    report(node, f"YAML reads an unquoted {node.style} as a block of text", 'quote the specifier: ">2"')
    return True


class ListOf(Kind):
    """A list of values of one kind; read as a tuple."""

    def __init__(self, kind: Kind, minimum: int = 0) -> None:
        self.kind = kind
        self.minimum = minimum
        self.words = f"a list, each item {kind.words}"

    def read(self, node: Node, report: Report) -> Any:
        """Return a tuple of those items that could be read."""
        if not isinstance(node.value, list):
            shape = "a mapping" if isinstance(node.value, dict) else "a single value"
            fix = f'write ["{node.value}"]' if isinstance(node.value, str) and node.value.strip() else "write a list"
            report(node, f"{shape} where a list is expected", fix)
            return INVALID
        if len(node.value) < self.minimum:
            report(node, "an empty list", f"write at least one: {self.kind.words}")
            return INVALID
        read = self.kind.read
        values = [read(element, report) for element in node.value]
        return tuple([value for value in values if value is not INVALID])

    def schema(self) -> Schema:
        """Return the JSON Schema of the kind."""
        schema: Schema = {"type": "array", "items": self.kind.schema()}
        return {**schema, "minItems": self.minimum} if self.minimum else schema


class MapOf(Kind):
    """A mapping with free keys; read as a dict."""

    def __init__(self, key: Kind, value: Kind) -> None:
        self.key = key
        self.value = value
        self.words = f"a mapping from {key.words} to {value.words}"

    def read(self, node: Node, report: Report) -> Any:
        """Return a dict of those pairs that could be read; two keys with one normal form are reported."""
        if not isinstance(node.value, dict):
            report(node, "not a mapping", f"write {self.words}")
            return INVALID
        pairs: dict[Any, Any] = {}
        for text, child in node.value.items():
            at = Node(text, *node.key_place(text))
            key = self.key.read(at, report)
            value = self.value.read(child, report)
            if key in pairs:
                report(at, f"{shown(text)} is given twice, in another spelling", "keep one of them")
            elif key is not INVALID and value is not INVALID:
                pairs[key] = value
        return pairs

    def schema(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "object", "propertyNames": self.key.schema(), "additionalProperties": self.value.schema()}


def nearest(word: str, words: Sequence[str]) -> str | None:
    """Return the word a misspelt one most likely means."""
    from difflib import get_close_matches

    found = get_close_matches(word, words, 1, 0.6)
    return found[0] if found else None
