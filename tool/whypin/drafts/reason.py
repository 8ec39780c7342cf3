"""Whether a text beside a version bound is a human reason for it: a small sum of named signs and one threshold.

Each sign is a kind of words, not a phrase: that something breaks, that something is needed, a condition of time, a
version, a ticket. Each counts once, however often it stands there. What a package is for counts against it.
The weights are set by hand; `benchmarks/draft_reasons.py` measures them by repository.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from whypin.drafts.draft import Sure
from whypin.drafts.mentions import MAX_LENGTH, advisories, is_python, is_same, is_ticket, links, versions, without_links

#: From this sum on, a text is taken for a reason.
THRESHOLD = 2
_MEDIUM, _HIGH = 3, 5
#: What a text refers to can be looked up; without any of these nobody is very sure.
_REFERENCES = frozenset({"version", "other-version", "ticket", "advisory", "imposed"})


class Sign(NamedTuple):
    """One kind of words with its weight."""

    name: str
    weight: int
    words: re.Pattern[str]


class Reason(NamedTuple):
    """The sum of the signs in a text, and which they were."""

    score: int
    signs: tuple[str, ...]

    @property
    def sure(self) -> Sure | None:
        """How sure it is that the text is a reason; None where it is taken for something else."""
        if self.score < THRESHOLD:
            return None
        if self.score >= _HIGH and _REFERENCES.intersection(self.signs):
            return "high"
        return "medium" if self.score >= _MEDIUM else "low"


def _sign(name: str, weight: int, words: str) -> Sign:
    return Sign(name, weight, re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE | re.VERBOSE))


_SIGNS = (
    _sign(
        "breakage",
        2,
        r"""break(?:s|ing|age|ages)?|broken?|fail(?:s|ed|ing|ures?)?|buggy|crash(?:es|ed|ing)?|hangs?|
        leak(?:s|ed|ing)?|regress\w*|conflict(?:s|ed|ing)?|clash(?:es)?|problematic|corrupt\w*|segfault\w*|
        faulty|throws?|rais(?:es?|ing)|wrong|slow(?:er|s|down)?|deadlocks?|unusable|unstable|flaky|yanked|
        malicious|compromised|unsatisfiable|unresolvable|deprecat\w*|removed|renamed|dropped|drops|avoid\w*|prevent(?:s|ed|ing)?|
        suppress(?:es)?|work\s?-?arounds?|bugfix(?:es)?|fix(?:es|ed)?""",
    ),
    _sign("trouble", 1, r"errors?|bugs?|issues?|problems?|warnings?|exceptions?|security"),
    _sign(
        "compatibility",
        2,
        r"(?:in)?compatib\w*|mismatch\w*|(?:in|out\sof)[\s-]?sync|sync\w*\swith|match(?:es|ing)?|align\w*|interoperab\w*",
    ),
    _sign(
        "support",
        1,
        r"(?:un)?support(?:s|ed|ing)?|introduc(?:es?|ed|ing)|add(?:s|ed)|chang(?:es?|ed|ing)|works?|working",
    ),
    _sign(
        "bound",
        1,
        r"""(?:un)?pin(?:s|ned|ning)?|cap(?:s|ped|ping)?|(?:upper|lower)[\s-]bounds?|hold(?:s|ing)?|held|fr[eo]ezen?|
        limit(?:s|ed)?|restrict\w*|constrain\w*|exclud\w*|(?:down|up)grad\w*|bump(?:s|ed|ing)?|minimum|at\sleast|newer|older|
        versions?|releases?|released|major|relax|forced?|allow(?:s|ed|ing)?|fixed""",
    ),
    _sign(
        "cause",
        1,
        r"because|since|due\sto|as\s(?:it|we|they|this|there)|so\sthat|otherwise|in\sorder\sto|caus(?:es?|ed|ing)|therefore|hence|thus",
    ),
    _sign(
        "time",
        2,
        r"""until|till|once|as\ssoon\sas|for\snow|temporar(?:y|ily)|not\syet|at\sthe\smoment|revert\w*|
        (?:remov|drop|relax|lift|delet|unpin|updat|upgrad|bump|rais|loosen|revisit)\w*\s(?:\w+\s){0,6}(?:when|after|once|if)""",
    ),
    _sign("current", 1, r"currently|still|todo|fixme|hack|now|anymore|any\smore|no\slonger"),
    _sign(
        "need",
        1,
        r"requires?|required|requiring|needs?|needed|must|depend(?:s|ed|ing)\s?(?:on|upon)?|necessary|expects?|wants?",
    ),
    _sign("imposed", 1, r"(?:required|imposed|pinned|capped|constrained|limited|forced|dictated)\sby"),
    _sign("negation", 1, r"(?<!do\s)not|(?!don't)\w+n't|cannot|never|without|neither|unable|nothing|no|lacks?|missing"),
    _sign("security", 2, r"vulnerab\w*|insecure|exploit\w*|snyk|cves?|advisor(?:y|ies)"),
    _sign(
        "platform",
        1,
        r"windows|mac\s?os|osx|linux|arm64|aarch64|x86_64|apple|wheels?|glibc|musl|cuda|conda|anaconda|pypi|python",
    ),
    _sign(
        "which",
        1,
        r"(?:first|last|same|min(?:imum)?|max(?:imum)?|oldest|earliest|exact|specific|this)\s(?:\w+\s){0,2}(?:version|release)",
    ),
    _sign("next", 2, r"(?:newer|older|later|earlier|next|future|major|recent)\s(?:\w+\s)?(?:versions?|releases?)"),
)
#: What a package is for. What is needed to avoid something, or for a version, is said of a bound; what is needed for
#: an older Python is a replacement for something newer.
_PURPOSE = re.compile(
    r"""(?:^(?:(?:only|also|not|mainly|just|still|is|are)\s)*
    (?:for|dependenc(?:y|ies)|deps?|requirements?|tools?|utilit(?:y|ies)|librar(?:y|ies)|plugins?|types?|stubs?|enables?)|
    \b(?:used\s(?:by|for|in|via|to|as|when)|provides?|optional|only\s(?:needed|used|required)|(?:needed|used|required)\sonly|(?:needed|required|necessary)\s(?:for|to|in)))\b
    (?!\s(?!python\s?<)(?:[\w`]+\s){0,2}(?:avoid|prevent|fix|suppress|work|resolve|compatib|support|security|v?\d|[<>=]=?\s?\d|python\s>?=?\s?\d))""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME = re.compile(r"[A-Za-z][\w.-]*(?:\[[\w,.-]*\])?")
_RUNS = re.compile(r"\b(?:run|execute)\s?[`:]|^(?:run|execute|use|install)\s", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][\w'-]*")


def weigh(text: str, package: str, specifier: str = "") -> Reason:
    """Return the signs in a text that speak for or against its being the reason for a bound of this package.

    `specifier` is the bound as PEP 440 text, or a URL. Without one there is nothing to give a reason for.
    """
    text = text[:MAX_LENGTH].strip()
    if not specifier or not text or _is_code(text, package):
        return Reason(0, ())
    found = [*_by_words(text), *_by_reference(text, package, specifier)]
    return Reason(sum(weight for _, weight in found), tuple(name for name, _ in found))


def _by_words(text: str) -> Iterator[tuple[str, int]]:
    plain = without_links(text)
    for sign in _SIGNS:
        if sign.words.search(plain):
            yield sign.name, sign.weight
    if _PURPOSE.search(plain):
        yield "purpose", -3
    if _RUNS.search(plain):
        yield "instruction", -2
    if text.endswith(":"):
        yield "heading", -1


def _by_reference(text: str, package: str, specifier: str) -> Iterator[tuple[str, int]]:
    """Yield what the text refers to: advisories, links, versions of this package, of another and of Python."""
    if advisories(text):
        yield "advisory", 2
    found = links(text)
    if any(map(is_ticket, found)):
        yield "ticket", 2
    elif found:
        yield "link", 1
    mentions = list(versions(text, package))
    if any(not mention.name or is_same(mention.name, package) for mention in mentions):
        yield "version", 2
    if any(mention.name and not is_same(mention.name, package) and not is_python(mention.name) for mention in mentions):
        yield "other-version", 2


def _is_code(text: str, package: str) -> bool:
    """Whether this is a requirement that somebody put out of use, or one of another package with what is said of it."""
    bare = text.strip("\"', \\")
    match = _NAME.match(bare)
    rest = bare[match.end() :].split() if match else []
    if match is None or not rest or rest[0][0] not in "<>=!~^@":
        return False
    if "#" in rest and not is_same(match[0].partition("[")[0], package):
        return True
    return not any(word[0].isalpha() and "://" not in word for word in rest)
