"""Drafts from commits that added a bound or took a version back: only from words that say why, never a relock's."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from typing import Literal, NamedTuple

from whypin.drafts.draft import Draft
from whypin.drafts.facts import facts
from whypin.drafts.mentions import MAX_LENGTH, is_same
from whypin.drafts.reason import Reason, weigh
from whypin.model.change import Commit
from whypin.model.record import Origin

Kind = Literal["cap", "pin", "exclusion", "floor", "downgrade", "revert"]

#: A commit that moves more packages than these is a relock, whatever it says.
HANDFUL = 5
#: What a commit does can be seen; only these say why.
_WHY = frozenset({"breakage", "compatibility", "cause", "time", "imposed", "security", "advisory", "ticket"})

_MACHINE = re.compile(
    r"\[bot\]|\b(?:dependabot|renovate|pre-commit-ci|pyup-bot|github-actions|greenkeeper|snyk-bot)\b", re.I
)
#: Subjects that every relock and every release has: what was done to all there is.
_ROUTINE = re.compile(
    r"""merge\b|release\b|v?\d+(?:\.\d+)+\s*(?:[:(-]|\Z)|(?:prepare|cut|tag)\s.*\brelease|
    (?:auto(?:matic|mated|matically)?\s|weekly\s|monthly\s|daily\s|minor\s|routine\s|regular\s|periodic\s)*
    (?:re-?)?(?:updat|upgrad|bump|refresh|lock|compil|sync|generat)\w*
    (?:(?:\s+[\w.-]+){0,4}?\s+(?:dependenc(?:y|ies)|deps|requirements?|packages|lock\s?-?files?|locks?|pre-commit|hooks)\b|
    (?:\s+\S+){0,4}?\.(?:lock|txt)\b|\s.*\bfrom\s+\S+\s+to\s+\S+|\b.*\bgroup\b.*\bupdates?\b|\Z|[,:;])|
    (?:lock\s?-?file|dependenc(?:y|ies)|deps|requirements)\s(?:maintenance|updates?|upgrades?|bumps?)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PREFIX = re.compile(r"^(?:\[[^\]]{1,40}\]\s*|[A-Za-z]+(?:\([^)]{0,60}\))?!?:\s+|:[a-z_]+:\s*)*")
_PULL_REQUEST = re.compile(r"(?<!\s)\s*\((?:#|!|GH-)\d+\)\s*\Z")
_TRAILER = re.compile(
    r"(?:[A-Z][A-Za-z]+(?:-[A-Za-z]+)+:\s|This\sreverts\scommit\b|\(cherry\spicked\sfrom\b|git-svn-id:)"
)
#: What machines paste into the message of a squashed commit begins so.
_PASTED = re.compile(r"^(?:---+|diff --git .*|Bumps? \[.*|updated-dependencies:.*|<details>.*)$", re.MULTILINE)
_BULLET = re.compile(r"^\s*(?:[*+-]|\d+[.)])\s+")


class Event(NamedTuple):
    """What a commit did to one package: `old` and `new` are specifiers, or versions where `kind` is a downgrade."""

    package: str
    kind: Kind
    old: str
    new: str

    @property
    def bound(self) -> str:
        """What the commit holds the package to, as a specifier."""
        return f"=={self.new}" if self.new[:1].isdigit() else self.new


def drafts(
    commit: Commit, body: str, events: Sequence[Event], moved: int | None = None, known: Container[str] = ()
) -> tuple[Draft, ...]:
    """Return a draft for each package that a commit bounds and gives a reason for; none for what machines wrote.

    `body` is the message below its subject. `moved` is how many packages the commit moved in all, where they are
    more than the events tell.
    """
    moved = len(events) if moved is None else moved
    if moved > HANDFUL or _MACHINE.search(commit.author) or _MACHINE.search(commit.subject):
        return ()
    told = [from_commit(commit, body, event, moved == 1, known) for event in events]
    return tuple(draft for draft in told if draft is not None)


def from_commit(commit: Commit, body: str, event: Event, alone: bool, known: Container[str] = ()) -> Draft | None:
    """Return the draft that a message gives for one package; `alone` tells that the commit is about nothing else."""
    parts = list(_parts(commit.subject, body))
    names_it = alone or any(_names(part, event.package) for part in parts[:1])
    chosen: list[str] = []
    best = Reason(0, ())
    for part in parts:
        reason = weigh(part, event.package, event.bound)
        if reason.sure and _WHY.intersection(reason.signs) and (names_it or _names(part, event.package)):
            chosen.append(part)
            best = max(best, reason)
    if best.sure is None:
        return None
    quote = "\n".join(chosen)
    where = Origin("", None, commit.hash)
    return Draft(event.package, event.bound, quote, where, best.sure, facts(quote, event.package, event.bound, known))


def _parts(subject: str, body: str) -> Iterator[str]:
    """Yield the subject, if it is no routine one, and the paragraphs and list items that a person wrote."""
    plain = _PULL_REQUEST.sub("", _PREFIX.sub("", subject.strip()[:MAX_LENGTH], count=1))
    if not _ROUTINE.match(plain) and not plain.startswith("Revert "):
        # That a commit fixes something is what every commit does.
        yield re.sub(r"^fix(?:e[sd])?\b[\s:]*", "", plain, flags=re.IGNORECASE)
    pasted = _PASTED.search(body)
    for paragraph in re.split(r"\n\s*\n", body[: pasted.start() if pasted else MAX_LENGTH][:MAX_LENGTH]):
        item: list[str] = []
        for line in paragraph.splitlines():
            if _TRAILER.match(line):
                continue
            if _BULLET.match(line) and item:
                yield " ".join(item)
                item = []
            item.append(_BULLET.sub("", line, count=1).strip())
        if any(item) and not _ROUTINE.match(" ".join(item)):
            yield " ".join(item)


def _names(text: str, package: str) -> bool:
    return any(is_same(word.rstrip(".,"), package) for word in re.findall(r"[A-Za-z][\w.-]*", text))
