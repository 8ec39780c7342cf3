"""Drafts as records: what a team already wrote about its versions, as proposals that a person completes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

from whypin.drafts import comments
from whypin.drafts.draft import Draft as Found
from whypin.drafts.draft import Sure, context_of
from whypin.model import glob
from whypin.model.lock import Lock
from whypin.model.manifest import Manifest
from whypin.model.project import Project
from whypin.model.record import NOBODY, Attempt, Option, Record
from whypin.model.version import accepted_by, parse_item, to_version
from whypin.records.read import read
from whypin.records.scaffold import Draft, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

#: From the surest on.
_SURE: tuple[Sure, ...] = ("high", "medium", "low")

_Packages = dict[str, tuple[str | tuple[str, str], ...]]


class Drafted(NamedTuple):
    """One record to be written: its text, the record that it is, where the words came from, and how sure they are."""

    record: Record
    text: str
    where: str
    sure: Sure


class Told(NamedTuple):
    """A draft that no comment in a manifest gives: the locks that it speaks of (None: all), and its day if known."""

    draft: Found
    locks: tuple[str, ...] | None = None
    day: str = ""


class _Block(NamedTuple):
    """Drafts that share their words: one record. `locks` are those that it speaks of, None for all."""

    found: tuple[Found, ...]
    locks: tuple[str, ...] | None
    day: str = ""
    says: str = "The comment says so"


def from_comments(project: Project, folder: str) -> Iterator[Drafted]:
    """Yield a record for each comment that gives a reason for the bounds below or beside it.

    Packages that a record names already are left out: somebody has been there. What could not be a record is passed
    over.
    """
    known = {package.name for package in project.packages}
    named = {name for record in project.records for name in record.packages}
    taken = _ids(project)
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for manifest in project.manifests:
        for found in _blocks(manifest, known):
            left = tuple(draft for draft in found if draft.package not in named)
            key = (found[0].quote, tuple(draft.package for draft in left))
            if left and key not in seen:
                seen.add(key)
                drafted = _drafted(project, folder, _Block(left, manifest.locks), taken)
                if drafted is not None:
                    taken.add(drafted.record.id)
                    yield drafted


def from_others(project: Project, folder: str, told: Iterable[Told], before: Iterable[Drafted]) -> Iterator[Drafted]:
    """Yield a record for what commits and the rules of bots tell, one for those that share their words.

    Packages that a record or a draft names already are left out: of several that tell of one, the first counts.
    """
    drafted_before = [drafted.record for drafted in before]
    named = {name for record in (*project.records, *drafted_before) for name in record.packages}
    taken = _ids(project) | {record.id for record in drafted_before}
    blocks: dict[tuple[object, ...], list[Told]] = {}
    for each in told:
        if each.draft.package not in named:
            named.add(each.draft.package)
            source = each.draft.source
            key = (source.commit, source.file, source.line, each.draft.quote, each.locks)
            blocks.setdefault(key, []).append(each)
    for several in blocks.values():
        first = several[0]
        says = "The commit says so" if first.draft.source.commit else "The rule says so"
        found = tuple(each.draft._replace(quote=_visible(each.draft.quote)) for each in several)
        block = _Block(found, first.locks, first.day, says)
        drafted = _drafted(project, folder, block, taken)
        if drafted is not None:
            taken.add(drafted.record.id)
            yield drafted


def _ids(project: Project) -> set[str]:
    taken = {record.id for record in project.records}
    return taken | {invalid.path.rpartition("/")[2].rpartition(".")[0] for invalid in project.invalid_records}


def _blocks(manifest: Manifest, known: set[str]) -> Iterator[list[Found]]:
    """Yield the drafts of a manifest by their comment: one that stands above several lines speaks of them all."""
    blocks: dict[tuple[str, str], list[Found]] = {}
    for draft in comments.drafts(manifest, known):
        blocks.setdefault((draft.source.file, draft.quote), []).append(draft)
    yield from blocks.values()


def _drafted(project: Project, folder: str, block: _Block, taken: set[str]) -> Drafted | None:
    locks = [lock for lock in project.locks if block.locks is None or lock.path in block.locks]
    packages = _packages(project, locks, block.found)
    if not packages:
        return None
    stem = _free(f"{project.today}-{_slug(next(iter(packages)))}", taken)
    # The words are the same, and how sure they are of one package may not be how sure they are of another.
    first = max(block.found, key=lambda draft: _SURE.index(draft.sure))
    source = first.source
    attempts, options = _failed(block)
    draft = Draft(
        title=_title(packages),
        deciders=_owners(project, packages),
        packages=packages,
        context=context_of(first),
        considered_options=options,
        exit_criteria=(first.facts.lapses,) if first.facts.lapses else (),
        attempts=attempts,
        locks=(block.locks or ()) if len(project.locks) > 1 else (),
        links=tuple(link for link in first.facts.links if link.startswith(("http://", "https://"))),
        tags=("security",) if first.facts.security else (),
        source=source,
    )
    where = f"commit {source.commit[:9]}" if source.commit else f"{source.file}:{source.line}"
    return _readable(draft, f"{folder}/{stem}.yaml", where, first.sure)


def _visible(text: str) -> str:
    """Return a text without what cannot be seen, which no record may hold; lines and gaps stay."""
    seen = (each if each.isprintable() or each == "\n" else " " * each.isspace() for each in text)
    return "".join(seen)


def _failed(block: _Block) -> tuple[tuple[Attempt, ...], tuple[Option, ...]]:
    """Return the versions that the words say to fail: attempts where a day is known, since an attempt has one."""
    quote = " ".join(block.found[0].quote.split())
    failing = dict.fromkeys((draft.package, each) for draft in block.found for each in draft.facts.failing_versions)
    attempts, options = [], []
    for name, version in failing:
        day = _day(block.day)
        if day is not None and _is_version(version):
            attempts.append(Attempt(day, name, version, "failed", quote, (), "", "", "", ""))
        else:
            options.append(Option(f"{name} {version}", "rejected", f"{block.says}: {quote}"))
    return tuple(attempts), tuple(options)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_version(text: str) -> bool:
    try:
        to_version(text)
    except ValueError:
        return False
    return True


def _readable(draft: Draft, path: str, where: str, sure: Sure) -> Drafted | None:
    """Return the draft as a record; what the words give that no record could hold is left in the quote alone."""
    plain = draft._replace(exit_criteria=(), links=(), considered_options=(), attempts=())
    for each in (draft, draft._replace(exit_criteria=()), plain):
        text = text_of(each)
        record, _ = read(text, path)
        if record is not None:
            return Drafted(record, text, where, sure)
    return None


def _packages(project: Project, locks: Sequence[Lock], found: Sequence[Found]) -> _Packages:
    """Return what the words explain: the bounds, or where these do not tell it all, the locked versions.

    That is so where a requirement is no specifier, and where another line asks for another version elsewhere.
    """
    packages: _Packages = {}
    for draft in found:
        locked = _locked(project, locks, draft.package)
        exact = re.fullmatch(r"==\s*([^\s,*]+)", draft.specifier)
        bound = exact[1] if exact else draft.specifier
        partly = len(locked) > 1 and not _accepts(bound, locked)
        held = locked if not bound or partly else (bound,)
        packages[draft.package] = tuple(dict.fromkeys((*packages.get(draft.package, ()), *held)))
    return {name: held for name, held in packages.items() if held}


def _locked(project: Project, locks: Sequence[Lock], name: str) -> tuple[str, ...]:
    found = (entry.version for lock in locks for entry in project.entries_of(lock, name) if entry.version)
    return tuple(dict.fromkeys(found))


def _accepts(bound: str, versions: Sequence[str]) -> bool:
    try:
        item = parse_item(bound)
        return all(all(accepted_by((item,), version, None)) for version in versions)
    except ValueError:
        return False


def _title(packages: Mapping[str, Sequence[str | tuple[str, str]]]) -> str:
    (name, held), *others = packages.items()
    if not others:
        return f"Hold {name} at {', '.join(map(str, held))}"
    names = list(packages)
    shown = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"]
    return f"Hold {', '.join(shown[:-1])} and {shown[-1]} where they are"


def _owners(project: Project, packages: Mapping[str, object]) -> tuple[str, ...]:
    owners = project.settings.owners
    for pattern, deciders in owners.items():
        if any(glob.matches(pattern, name) for name in packages):
            return deciders
    return (NOBODY,)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", name.lower())[:60].strip("-._") or "draft"


def _free(stem: str, taken: set[str]) -> str:
    return next(each for each in chain((stem,), (f"{stem}-{number}" for number in count(2))) if each not in taken)
