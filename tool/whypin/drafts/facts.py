"""What the words of a reason give: links, versions that fail, who imposes the bound, when it can go, advisories."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from whypin.drafts.draft import Facts
from whypin.drafts.mentions import (
    MAX_LENGTH,
    Mention,
    advisories,
    is_python,
    is_same,
    is_ticket,
    links,
    versions,
    without_links,
)
from whypin.drafts.words import is_common
from whypin.model.names import normalise
from whypin.model.record import ExitCriterion

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

_SECURITY = re.compile(r"\b(?:vulnerab\w*|security|insecure|exploit\w*|cves?)\b", re.IGNORECASE)

_UNTIL = re.compile(r"\b(?:until|till|as\s+soon\s+as|once)\b", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:when|whenever|after|if)\b", re.IGNORECASE)
#: What one does to a bound that is no longer needed.
_LIFT = re.compile(
    r"\b(?:remov|drop|relax|revert|unpin|upgrad|updat|bump|lift|delet|rais|switch|reconsider|revisit|re-?enabl|"
    r"loosen|undo|go\s+back|get\s+rid|move\s+to|todo|temporar|not\s+needed|no\s+longer)\w*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z#(])|\n|\s\*\s")
_CLAUSE_END = re.compile(r"[;)\n]|[.!?](?:\s|\Z)|,\s|\s-\s|\s—\s")
_ASKED = re.compile(
    r"\b(?:requires?|depends?\s+on|pins?|needs?|caps?|with|declares?|wants?|expects?)\s+[`'\"]?[A-Za-z][\w.-]*\s?\Z"
)
_FAILS = re.compile(
    r"\b(?:break|broke|fail|error|bug|crash|hang|leak|regress|conflict|incompatib|problem|corrupt|segfault|throw|rais|"
    r"wrong|slow|yank|vulnerab|insecure|malicious|cannot|does(?:n't|\s+not)|lack|miss)",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b(20\d\d-\d\d-\d\d)\b")

_NAME = r"(?P<name>(?<![\w.@/-])[A-Za-z][\w.-]*\w)"
_AFTER = r"[`'\"]?(?:\[[\w,-]+\])?(?:'s)?"
_VERSION = r"(?P<version>(?:\s?[<>=!~]=?\s?|\sv?)\d[\w.]*(?:,\s?[<>=!~]+\s?\d[\w.]*)*)"
_ARTICLE = r"(?:(?:the|an?|our|upstream|current|latest|older|newer|some|all)\s)*[`'\"]?"
_NOT_YET = (
    r"(?:(?:does|do|is|are|has|have)(?:n't|\snot)\s(?:yet\s)?"
    r"(?:support|work|pin|compatible|compile|build|allow|accept)\w*)"
)
_VERBS = (
    r"(?:requires?|needs?|depends?\son|imports?|wants?|expects?|relies\son|declares?|"
    rf"(?:pins?|caps?|limits?)(?!\s(?:for|to|are|is)\b)|{_NOT_YET})"
)
#: How a text says which package imposes a bound, the surest way first; `True` where any word but the commonest may be
#: its name, `False` where it has to look like a name.
_IMPOSES = (
    (
        True,
        rf"\b(?:imposed|required|needed|forced|pinned|capped|limited|constrained|restricted|blocked|held\sback)\sby\s{_ARTICLE}{_NAME}",
    ),
    (
        True,
        rf"\b(?:(?:in)?compatib\w*|conflict\w*|clash\w*|align\w*|sync\w*|together|interact\w*)\s(?:\w+ly\s)?with\s{_ARTICLE}{_NAME}{_AFTER}{_VERSION}?",
    ),
    (True, rf"\balongside\s{_ARTICLE}{_NAME}"),
    (
        False,
        rf"{_NAME}{_AFTER}{_VERSION}?(?:\s[a-z]+){{0,2}}?\s(?:currently\s|still\s|only\s|also\s|itself\s|explicitly\s)?{_VERBS}\b",
    ),
    (False, rf"\b(?:works?|errors?|issues?|problems?|bugs?|fails?)\swith\s{_ARTICLE}{_NAME}{_AFTER}{_VERSION}?"),
    (False, rf"\b(?:required|needed|necessary)\s(?:for|with)\s{_ARTICLE}{_NAME}{_AFTER}{_VERSION}"),
    (False, rf"{_NAME}{_AFTER}(?:\s|-)(?:(?:in)?compatib|related)\w*"),
    (False, rf"{_NAME}{_AFTER}{_VERSION}\s(?:support|compatib)\w*"),
    (False, rf"\b(?:breaks?|breaking|broke|due\sto|because\sof|caused\sby)\s{_ARTICLE}{_NAME}{_AFTER}{_VERSION}?"),
    (
        False,
        rf"\b(?:until|once|when|after)\s{_ARTICLE}{_NAME}{_AFTER}\s(?:\w+\s)?(?:supports?|releases?|updates?|fix(?:es)?|drops?|removes?|bumps?|lifts?)\b",
    ),
)
_BLOCKERS = tuple((any_word, re.compile(pattern, re.IGNORECASE)) for any_word, pattern in _IMPOSES)
_SHAPED = re.compile(r"[\w.]*[a-z0-9][-_.\d]\w|\w+[A-Z0-9]|\w*\d")
_BEGINS = re.compile(r"(?:^|[.:;,(\n—-]\s*|\b(?:and|but|because|since|as|that)\s)[`'\"]?\Z", re.IGNORECASE)


def facts(text: str, package: str, specifier: str = "", known: Container[str] = ()) -> Facts:
    """Return what a text says about a bound of a package, in its own words."""
    text = text[:MAX_LENGTH]
    plain = without_links(text)
    mentions = list(versions(text, package))
    until = _until(plain)
    condition = text[slice(*until)].strip() if until else None
    found = advisories(text)
    return Facts(
        links(text),
        tuple(dict.fromkeys(_failing(plain, mentions, package, specifier, until))),
        _blocker(plain, package, known),
        condition,
        _lapses(text[slice(*until)], package) if until else None,
        found,
        bool(found or _SECURITY.search(plain)),
    )


def _until(text: str) -> tuple[int, int] | None:
    """Return where the words stand that say when the bound can go."""
    for start, end in _sentences(text):
        sentence = text[start:end]
        match = _UNTIL.search(sentence)
        if match is None and _LIFT.search(sentence):
            match = _WHEN.search(sentence)
        if match is None:
            continue
        close = _CLAUSE_END.search(sentence, match.end())
        return start + match.start(), start + (close.start() if close else len(sentence))
    return None


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _failing(
    text: str, mentions: list[Mention], package: str, specifier: str, until: tuple[int, int] | None
) -> Iterator[str]:
    """Yield the versions of this package that a text names and the bound keeps out.

    What an upper bound or an exclusion keeps out is tried and failed by being named; what a floor keeps out may be
    just old, so the sentence has to say that it fails. What another package asks for is no trial.
    """
    above, all_of_it = _specifier(_without_floors(specifier)), _specifier(specifier)
    if above is None or all_of_it is None:
        return
    for mention in mentions:
        if until and until[0] <= mention.start < until[1]:
            continue
        own = not mention.name or is_same(mention.name, package)
        if (
            not own
            or mention.operator.startswith("<")
            or _ASKED.search(text, max(0, mention.start - 80), mention.start)
        ):
            continue
        if _rejects(above, mention.number) or (_rejects(all_of_it, mention.number) and _fails(text, mention)):
            yield mention.written


def _without_floors(specifier: str) -> str:
    """Return what of a bound keeps newer versions out; an exact pin does that too."""
    clauses = [part.strip() for part in specifier.split(",")]
    exact = [f"<={clause.lstrip('=')}" for clause in clauses if clause.startswith("==") and "*" not in clause]
    return ",".join(exact + [clause for clause in clauses if clause.startswith(("<", "!="))])


def _fails(text: str, mention: Mention) -> bool:
    """Whether the sentence that names a version says that something goes wrong with it."""
    start, end = next(place for place in _sentences(text) if mention.start < place[1])
    return _FAILS.search(text, start, end) is not None


def _specifier(specifier: str) -> SpecifierSet | None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(specifier)
    except InvalidSpecifier:
        return None


def _rejects(allowed: SpecifierSet, number: str) -> bool:
    from packaging.version import InvalidVersion, Version

    try:
        version = Version(re.sub(r"(?:\.[xX*])+\Z", "", number))
    except InvalidVersion:
        return False
    return not allowed.contains(version, prereleases=True)


def _blocker(text: str, package: str, known: Container[str]) -> str | None:
    """Return the package that imposes the bound, as the text spells it."""
    for any_word, pattern in _BLOCKERS:
        for match in pattern.finditer(text):
            name = match["name"].rstrip(".")
            if is_same(name, package) or not _may_be_package(name):
                continue
            if any_word or normalise(name) in known or _looks_like_one(match, text):
                return name
    return None


def _may_be_package(word: str) -> bool:
    return not (is_common(word) or is_python(word) or word.endswith(".py"))


def _looks_like_one(match: re.Match[str], text: str) -> bool:
    """Whether a word is written like a name: with a version, in parts, with a capital, or first in its sentence."""
    name, start = match["name"], match.start("name")
    if match.groupdict().get("version") or _SHAPED.match(name):
        return True
    if text[start - 1 : start] == "`":
        return True
    begins = _BEGINS.search(text, max(0, start - 12), start) is not None
    return (begins and match.start() == start) or (name[0].isupper() and not begins)


def _lapses(clause: str, package: str) -> ExitCriterion | None:
    """Return what of an exit criterion a record can check: a ticket, a day, or a version of another package."""
    for link in links(clause):
        if link.startswith("http") and is_ticket(link):
            return ExitCriterion("issue", link)
    if match := _DATE.search(clause):
        return ExitCriterion("date", match[1])
    for mention in versions(clause, package):
        other = mention.name and not is_same(mention.name, package) and not is_python(mention.name)
        if other and mention.operator in ("", ">=", "=="):
            return ExitCriterion("locked", f"{normalise(mention.name)}>={mention.number}")
    return None
