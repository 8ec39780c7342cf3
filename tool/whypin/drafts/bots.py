"""Drafts from the rules of update bots: what Renovate or Dependabot is told to leave alone, where somebody says why."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import Any

from whypin.drafts.draft import Draft
from whypin.drafts.facts import facts
from whypin.drafts.reason import weigh
from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.names import is_valid, normalise
from whypin.model.record import Origin
from whypin.model.tree import Node
from whypin.syntax.comments import beside

_MATCHERS = ("matchPackageNames", "matchDepNames", "packageNames")
_PYTHON = re.compile(r"pypi|pip|poetry|pep621|pep723|setup-cfg|uv|pdm|pixi|conda|pyenv", re.IGNORECASE)
#: One token of JSON5 that JSON does not have, or a string, which may hold what looks like one.
_JSON5 = re.compile(
    r"""(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<single>'(?:[^'\\\n]|\\.)*')|(?P<comment>//[^\n]*|/\*.*?\*/)|
    (?P<comma>,(?=(?:\s|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*[\]}]))|(?P<key>(?<![\w$."'])[A-Za-z_$][\w$]*(?=\s*:))""",
    re.VERBOSE | re.DOTALL,
)
_IGNORED = re.compile(r"\s*(>=|<=|>|<|=|==)?\s*(\d+(?:\.\d+)*(?:(?:a|b|rc)\d+)?)((?:\.[x*])*)\s*\Z")
_OPPOSITE = {">=": "<", ">": "<=", "<": ">=", "<=": ">", "": "!=", "=": "!=", "==": "!="}
#: Stands for a bound where a rule leaves a package alone without naming versions.
_HELD = "held"
#: A column behind every comment: then the one above the line is asked for.
_BEHIND_IT_ALL = 1_000_000


def from_renovate(text: str, path: str, known: Container[str] = ()) -> Iterator[Draft]:
    """Yield a draft for each package that a rule of renovate.json(5), or of package.json, limits with a reason.

    Raises WhypinError where the text is no JSON.
    """
    from whypin.syntax.json import load, place_of

    plain = _to_json(text) if path.endswith(("5", "c")) or re.search(r"^\s*//", text, re.MULTILINE) else text
    data = load(plain, path)
    keys: tuple[str | int, ...] = ()
    if path.rpartition("/")[2] == "package.json":
        data, keys = data.get("renovate"), ("renovate",)  # type: ignore[assignment]
    rules = data.get("packageRules") if isinstance(data, dict) else None
    for at, rule in enumerate(rules if isinstance(rules, list) else ()):
        if not isinstance(rule, dict) or not _is_pythons(rule) or not _limits(rule):
            continue
        line = None
        for name in _literal_names(rule):
            line = line or place_of(plain, *keys, "packageRules", at, next(iter(rule)))[0]
            draft = _draft(name, _allowed(rule), _description(rule), Origin(path, line, ""), known)
            if draft is not None:
                yield draft


def from_dependabot(text: str, path: str, known: Container[str] = ()) -> Iterator[Draft]:
    """Yield a draft for each entry under `ignore` of dependabot.yml with a reason in a comment beside or above it.

    Raises WhypinError where the text is no YAML.
    """
    from whypin.syntax.yaml import parse

    tree, problems = parse(text)
    if tree is None:
        if not problems:
            return
        first = problems[0]
        raise WhypinError(first.message, Location(path, first.line, first.column), first.fix)
    lines = text.splitlines()
    for update in _items(tree.find("updates")):
        if _PYTHON.fullmatch(_text(update.find("package-ecosystem"))) is None:
            continue
        for entry in _items(update.find("ignore")):
            name = _text(entry.find("dependency-name"))
            if not is_valid(name):
                continue
            where = Origin(path, entry.line, "")
            draft = _draft(name, _kept(entry.find("versions")), _comment(entry, lines), where, known)
            if draft is not None:
                yield draft


def _draft(name: str, specifier: str, words: str, where: Origin, known: Container[str]) -> Draft | None:
    sure = weigh(words, name, specifier or _HELD).sure
    if sure is None:
        return None
    return Draft(normalise(name), specifier, words, where, sure, facts(words, name, specifier, known))


def _to_json(text: str) -> str:
    """Return JSON5 as JSON with every line where it was; what else JSON5 can say stays, and is an error there."""
    import json

    def plain(match: re.Match[str]) -> str:
        if match["string"]:
            return match[0]
        if match["single"]:
            return json.dumps(match[0][1:-1].replace("\\'", "'"))
        return f'"{match[0]}"' if match["key"] else "\n" * match[0].count("\n")

    return _JSON5.sub(plain, text)


def _is_pythons(rule: Mapping[str, Any]) -> bool:
    """Whether a rule may be about Python: nothing says that it is about another language."""
    told = [*_strings(rule.get("matchDatasources")), *_strings(rule.get("matchManagers"))]
    return not told or any(map(_PYTHON.search, told))


def _limits(rule: Mapping[str, Any]) -> bool:
    return rule.get("enabled") is False or isinstance(rule.get("allowedVersions"), str)


def _literal_names(rule: Mapping[str, Any]) -> Iterator[str]:
    """Yield the packages that a rule names; patterns name none."""
    for key in _MATCHERS:
        yield from filter(is_valid, _strings(rule.get(key)))


def _allowed(rule: Mapping[str, Any]) -> str:
    """Return the versions that a rule allows as PEP 440 text, `""` where it is none."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    allowed = rule.get("allowedVersions")
    try:
        return str(SpecifierSet(allowed)) if isinstance(allowed, str) else ""
    except InvalidSpecifier:
        return ""


def _description(rule: Mapping[str, Any]) -> str:
    return " ".join(" ".join(_strings(rule.get("description"))).split())


def _strings(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str)]


def _kept(versions: Node | None) -> str:
    """Return what is left when versions are ignored, as PEP 440 text; `""` where that cannot be said."""
    clauses = []
    for item in _items(versions) or ([versions] if versions is not None else []):
        match = _IGNORED.match(_text(item))
        if match is None or (match[3] and match[1]):
            return ""
        clauses.append(f"{_OPPOSITE[match[1] or '']}{match[2]}{'.*' if match[3] else ''}")
    return ",".join(clauses)


def _comment(entry: Node, lines: list[str]) -> str:
    """Return the comments above and beside an entry and its values, as one text."""
    nodes = list(entry.value.values()) if isinstance(entry.value, dict) else []
    nodes += [item for node in nodes for item in _items(node)]
    places = sorted({(node.line, node.column) for node in (entry, *nodes)})
    found = [beside(lines, line, at) for line, column in places for at in (_BEHIND_IT_ALL, column)]
    return " ".join(dict.fromkeys(filter(None, found)))


def _items(node: Node | None) -> list[Node]:
    return node.value if node is not None and isinstance(node.value, list) else []


def _text(node: Node | None) -> str:
    return node.value if node is not None and isinstance(node.value, str) else ""
