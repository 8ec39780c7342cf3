"""placeholder-rationale: an accepted decision whose reason says nothing.

## What it does
Looks at the rationale of accepted records. Empty words (`TODO`, `tbd`, `bump`, `latest`, `update`, `n/a`), the words
that a scaffold leaves, the title over again, and a bare version or package name are no reason. Nor is a heading (`Core
dependencies`, `for reproducibility`): a few words in which nothing happens, fails, is needed or is referred to.

## Why
A gate that takes "bump" for a reason teaches people to write "bump". The next reader needs to know what breaks if the
version moves; a record that does not tell is worse than none, because it looks like one.

## Example
```yaml
status: accepted
rationale: latest version
```

## Fix
Say what would break, or what was needed: "2.13 drops the Keras 2 API that our saved models need." If nobody knows yet,
the record is `status: proposed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from whypin.model.finding import Finding, Rule
from whypin.model.project import Project
from whypin.model.record import Record

#: Words that carry no reason by themselves: a rationale made of nothing else says nothing.
_EMPTY_WORDS = """
    a an the to of for as at on in it is was be this that we our us with and or by from now just only because
    todo tbd tba fixme xxx wip pending none na nil null unknown unsure idk see above below ditto same misc
    various bump bumped bumping update updated updating updates upgrade upgraded upgrading upgrades pin pinned
    pinning lock locked latest newest current recent default standard stable new newer version versions release package
    packages dependency dependencies dep deps requirement requirements required needed need needs necessary
    reason reasons rationale why explain explanation describe here later please write add fill say placeholder
    lorem ipsum text example ok okay fine good works working test testing asdf foo bar baz best use used using
    chosen choice decided decision accepted approved keep kept stay stays hold held routine maintenance chore
    housekeeping
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
#: So few words are a heading, unless one of them says that something happens, which version, or where it can be read.
#: The words are English: text with other letters is taken for a reason. Compiled by its first use, as few need it.
_HEADING = 4
_SAYS_SOMETHING = r"""https?://|\#\d|\d\.\d|[<>=!~]=?\s?\d|[^\x00-\x7f]|\b[A-Z]{2,}-\d|n't\b|`|\b(?:
    because|since|until|unless|due|cannot|not|never|once|when|while|if|would|must|should|may|might|will|can|
    is|are|was|were|has|have|had|does|did|makes?|made|gets?|got|gives?|gave|
    requires?|required|needs?|needed|depends?|expects?|wants?|asks?|
    (?:break|crash|hang|leak|refus|reject|fail|throw|rais|conflict|drop|remov|renam|chang|declar|lack|miss|los|
    introduc|add|support|fix|prevent|avoid|suppress|align|match|allow|contain|import|convert|expos|return|
    deprecat|regress|differ|impos|limit|cap|hold|forc|validat|verif|solv|resolv|reduc|speed|slow|ship|carr|includ)
    (?:e|s|es|ed|d|ing|n)?|
    tested|broke|broken|held|lost|slower|faster|smaller|larger|
    bugs?|errors?|issues?|problems?|failures?|regressions?|workarounds?|temporar(?:y|ily)|incompatib\w+|compatib\w+|
    backward\w*|secur\w+|insecure|vulnerab\w+|cve|segfault\w*|licen[cs]e\w*|memory|performance|sync
    )\b"""
_WORD = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each accepted record without a reason."""
    for record in project.records:
        if record.status == "accepted" and says_nothing(record):
            message = "the rationale gives no reason"
            fix = "say what breaks or what was needed, or set status: proposed"
            yield Finding(record.place("rationale"), message, fix, record=record.id)


def says_nothing(record: Record) -> bool:
    """Whether nothing is left of the rationale without empty words, versions and names, or only a heading."""
    names = {word for name in record.packages for word in _words(name)}
    names |= {word for artifact in record.artifacts for word in _words(artifact.name)}
    telling = (word for word in _words(record.rationale) if not (word[0].isdigit() or word in _EMPTY or word in names))
    says = sum(1 for _ in islice(telling, _HEADING + 1))
    if says > _HEADING:
        return _is_title(record)
    return (
        not says
        or re.search(_SAYS_SOMETHING, record.rationale, re.IGNORECASE | re.VERBOSE) is None
        or _is_title(record)
    )


def _is_title(record: Record) -> bool:
    """Whether the rationale is the title over again."""
    return len(record.rationale) < 2 * len(record.title) + 20 and _folded(record.rationale) == _folded(record.title)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".!")


def _words(text: str) -> Iterator[str]:
    return (match[0] for match in _WORD.finditer(text.lower().replace("n/a", "na")))


RULE = Rule("WHY005", "placeholder-rationale", "warning", check)
