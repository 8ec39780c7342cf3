"""Environment markers as text: what is left of one when some of its comparisons are dropped."""

from __future__ import annotations

import re
from collections.abc import Callable

_TOKEN = re.compile(r"'[^']*'|\"[^\"]*\"|\(|\)| or | and ")
_MAX_DEPTH = 20
#: Longer markers with parentheses in parentheses are not taken apart; tools write flat ones.
_MAX_NESTED = 20_000


def without(
    marker: str, drop: Callable[[str], bool], impossible: Callable[[list[str]], bool] = lambda terms: False
) -> str | None:
    """Return the marker without the comparisons that `drop` names; None where nothing is left.

    What is left holds wherever the marker can hold: a dropped comparison counts as true. Of alternatives, those are
    left out whose comparisons are `impossible` together.
    """
    alternatives = marker.split(" or ")
    if not all(map(_is_flat, alternatives)):
        return _nested(marker, drop, 0) if len(marker) <= _MAX_NESTED else None
    parts = [_bare(each).split(" and ") for each in alternatives]
    return _join([_kept(terms, drop) for terms in parts if not impossible(terms)])


def _nested(marker: str, drop: Callable[[str], bool], depth: int) -> str | None:
    if depth > _MAX_DEPTH:
        return None
    alternatives = []
    for alternative in _split(marker, " or "):
        terms = []
        for term in _split(alternative.strip(), " and "):
            bare = _bare(term.strip())
            if bare == term.strip():
                terms.append(bare)
            elif inner := _nested(bare, drop, depth + 1):
                terms.append(f"({inner})" if " or " in inner else inner)
        alternatives.append(_kept(terms, drop))
    return _join(alternatives)


def _kept(terms: list[str], drop: Callable[[str], bool]) -> str:
    return " and ".join(term for term in terms if not drop(term))


def _join(alternatives: list[str]) -> str | None:
    if not alternatives or not all(alternatives):
        return None
    unique = dict.fromkeys(alternatives)
    if len(unique) == 1:
        return alternatives[0]
    return " or ".join(f"({each})" if " and " in each else each for each in unique)


def _is_flat(text: str) -> bool:
    """Whether a piece between two `or`s has no parentheses but one pair around it."""
    opened = text.count("(")
    return opened == text.count(")") and (opened == 0 or (opened == 1 and text[0] == "(" and text[-1] == ")"))


def _bare(text: str) -> str:
    """Return the text without the pair of parentheses around it, if one pair is around all of it."""
    if text[:1] != "(" or text[-1:] != ")":
        return text
    depth = 0
    for match in _TOKEN.finditer(text):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth == 0 and match.end() < len(text):
            return text
    return text[1:-1]


def _split(text: str, word: str) -> list[str]:
    """Split at a word that stands outside of parentheses and quotation marks."""
    parts = []
    depth = start = 0
    for match in _TOKEN.finditer(text):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth == 0 and match[0] == word:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]
