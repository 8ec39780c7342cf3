"""What a text refers to: links and tickets, advisories, and versions with the package that each belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from whypin.drafts.words import is_common
from whypin.model.names import normalise

#: Nobody reads on in a comment or a message this long.
MAX_LENGTH = 4_000

_URL = re.compile(r"https?://[^\s<>\"'`|\\^{}]+")
#: What closes a sentence or a bracket around a URL, and is none of it.
_TRAILING = ".,;:!?*"
_OPENED = {")": "(", "]": "["}
_ISSUE = re.compile(r"(?<![\w/&#.-])((?:[A-Za-z0-9][\w.-]*(?:/[\w.-]*\w)?)?\#\d{1,7})\b")
_KEY = re.compile(r"(?<![\w./-])([A-Z][A-Z0-9]+-\d{1,7})(?![\w-]|\.\d)")
#: Words of standards, licences and hardware that look like the key of a ticket.
_NO_TRACKER = re.compile(
    r"(?:CVE|PYSEC|OSV|CWE|RHSA|DSA|USN|PEP|RFC|ISO|IEC|ECMA|ANSI|UTF|UCS|SHA|MD|AES|RSA|CRC|BASE|HTTP|TLS|SSL|USB|COVID|"
    r"GPT|CUDA|CU|SM|ARM|AMD|X|PY|CP|UTC|GMT|BSD|MIT|L?GPL|AGPL|APACHE|MPL|CC|ADR)-"
)
_ADVISORY = re.compile(r"\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[a-z0-9]{4}){3}|PYSEC-\d{4}-\d+)\b", re.IGNORECASE)
#: A place where somebody tells of a problem or a change: what stands behind the name of a repository.
_TICKET = re.compile(
    r"/(?:issues?|pulls?|merge_requests|commits?|discussions|security|browse|bugs?|ticket|compare|releases?|tags?|[\w-]*changelog|[\w-]*release-?notes|whatsnew|migrat\w+)(?:[/?#_.]|\b)",
    re.IGNORECASE,
)

_VERSION = re.compile(
    r"""(?:(?P<operator>[<>]=?|[=!~]=)\s?|(?<![\w.\#@:$+-])(?<!\D/))
    (?P<prefix>v\.?\s?)?
    (?P<number>(?>\d{1,9}(?:\.\d{1,9}){0,5}(?:[.-]?(?:a|b|rc|dev|post)\.?\d{1,6})?(?:\.[xX*])?(?:\.[xX*])?\+?))
    (?![\w%]|/(?!v?\d)|-\d|\.\d|\s?(?:[kKMGT]i?B|m?s|seconds?|minutes?|hours?|days?|weeks?|months?|years?|times|bits?)\b)
    """,
    re.VERBOSE,
)
_BEFORE = re.compile(
    r"([A-Za-z][\w.-]*)[`'\"*]*(?:\[[^\]\n]{0,80}\])?[\s(`'\"*]{0,3}(?:(?i:versions?|releases?|series|v)[\s.]{0,2})?\Z"
)
_VERSION_WORD = re.compile(r"\b(?:versions?|releases?|v|series)[\s.:]{0,2}[`'\"(]?\Z", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:,|/|and|or|to|through|-|,\s*(?:and|or))\s*\Z")
#: What distributions of one project in several builds have at the end of their names.
_BUILD = re.compile(r"(?:-(?:python|headless|contrib|binary|c|cpu|gpu|nightly|preview|cuda?\d*x?|rocm\d*|tf\d*))+")
_PYTHON = frozenset({"python", "py", "cpython", "pypy", "python3", "pythons"})


class Mention(NamedTuple):
    """A version in a text: as written, its number alone, and the name before it (`""` where there is none).

    `start` and `end` are where it stands in the text.
    """

    written: str
    operator: str
    number: str
    name: str
    start: int
    end: int


def links(text: str) -> tuple[str, ...]:
    """Return URLs, issue references and tracker keys as written, each once, in the order of the text."""
    found = [(match.start(), _trimmed(match[0])) for match in _URL.finditer(text)]
    plain = without_links(text)
    found += [(match.start(), match[1]) for match in _ISSUE.finditer(plain)]
    found += [(match.start(), match[1]) for match in _KEY.finditer(plain) if not _NO_TRACKER.match(match[1])]
    return tuple(dict.fromkeys(link for _, link in sorted(found)))


def is_ticket(link: str) -> bool:
    """Whether a link leads to one issue, change or discussion, not to a project or a manual."""
    return not link.startswith("http") or _TICKET.search(link) is not None


def without_links(text: str) -> str:
    """Return the text with a blank for each character of a URL, so that every place stays what it is."""
    return _URL.sub(lambda match: " " * len(_trimmed(match[0])) + match[0][len(_trimmed(match[0])) :], text)


def advisories(text: str) -> tuple[str, ...]:
    """Return the ids of advisories in a text, each once."""
    return tuple(
        dict.fromkeys(match[0].upper() if match[0][0] in "cCpP" else match[0] for match in _ADVISORY.finditer(text))
    )


def versions(text: str, package: str) -> Iterator[Mention]:
    """Yield the versions in a text, in their order; those in links are none.

    A lone number is one where a sign, a word, or the name of this package or of Python says so.
    """
    plain = _ADVISORY.sub(lambda match: " " * len(match[0]), without_links(text))
    last: Mention | None = None
    for match in _VERSION.finditer(plain):
        before = plain[max(0, match.start() - 120) : match.start()]
        name = _name_before(before)
        number = match["number"]
        if not name and last is not None and _JOINED.match(plain, last.end, match.start()):
            name = last.name
        sure = match["operator"] or match["prefix"] or not number.isdigit() or _VERSION_WORD.search(before)
        if not sure and not (len(number) < 4 and (is_same(name, package) or is_python(name))):
            continue
        operator = match["operator"] or ""
        written = plain[match.start() : match.end()].strip()
        last = Mention(written, operator, number.rstrip("+").lstrip("v"), name, match.start(), match.end())
        yield last


def is_python(name: str) -> bool:
    """Whether a name before a version is that of the language."""
    return name.lower() in _PYTHON


def is_same(word: str, package: str) -> bool:
    """Whether a word in a text means a package: its name, or that without a build's (`cupy` for `cupy-cuda12x`)."""
    word, package = normalise(word), normalise(package.removeprefix("conda:"))
    if not word or not package:
        return False
    if word == package or package in (f"python-{word}", f"py{word}", f"apache-{word}"):
        return True
    return package.startswith(f"{word}-") and _BUILD.fullmatch(package, len(word)) is not None


def _name_before(before: str) -> str:
    match = _BEFORE.search(before)
    if match is None:
        return ""
    word = match[1].rstrip(".")
    return "" if is_common(word) or len(word) < 2 else word


def _trimmed(url: str) -> str:
    """Return a URL without what follows it in its sentence."""
    while url and (url[-1] in _TRAILING or (url[-1] in _OPENED and url.count(_OPENED[url[-1]]) < url.count(url[-1]))):
        url = url[:-1]
    return url
