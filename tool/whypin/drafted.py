"""Drafts as records: what a team wrote beside its requirements, as proposals that a person completes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

from whypin.drafts import comments
from whypin.drafts.draft import Draft as Found
from whypin.drafts.draft import context_of
from whypin.model import glob
from whypin.model.manifest import Manifest
from whypin.model.project import Project
from whypin.model.record import Option, Record
from whypin.model.version import accepted_by, parse_item
from whypin.records.read import read
from whypin.records.scaffold import Draft, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Somebody has to stand for a decision, and of a comment nobody knows who did.
NOBODY = "to be named"

_Packages = dict[str, tuple[str | tuple[str, str], ...]]


class Drafted(NamedTuple):
    """One record to be written: its text, the record that it is, and where the words came from."""

    record: Record
    text: str
    where: str


def from_comments(project: Project, folder: str) -> Iterator[Drafted]:
    """Yield a record for each comment that gives a reason for the bounds below or beside it.

    Packages that a record names already are left out: somebody has been there. What could not be a record is passed
    over.
    """
    known = {package.name for package in project.packages}
    named = {name for record in project.records for name in record.packages}
    taken = {record.id for record in project.records}
    taken |= {invalid.path.rpartition("/")[2].rpartition(".")[0] for invalid in project.invalid_records}
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for manifest in project.manifests:
        for found in _blocks(manifest, known):
            left = [draft for draft in found if draft.package not in named]
            key = (found[0].quote, tuple(draft.package for draft in left))
            if left and key not in seen:
                seen.add(key)
                drafted = _drafted(project, folder, manifest, left, taken)
                if drafted is not None:
                    taken.add(drafted.record.id)
                    yield drafted


def _blocks(manifest: Manifest, known: set[str]) -> Iterator[list[Found]]:
    """Yield the drafts of a manifest by their comment: one that stands above several lines speaks of them all."""
    blocks: dict[tuple[str, str], list[Found]] = {}
    for draft in comments.drafts(manifest, known):
        blocks.setdefault((draft.source.file, draft.quote), []).append(draft)
    yield from blocks.values()


def _drafted(
    project: Project, folder: str, manifest: Manifest, found: Sequence[Found], taken: set[str]
) -> Drafted | None:
    packages = _packages(project, manifest, found)
    if not packages:
        return None
    stem = _free(f"{project.today}-{_slug(next(iter(packages)))}", taken)
    first = found[0]
    draft = Draft(
        title=_title(packages),
        deciders=_owners(project, packages),
        packages=packages,
        context=context_of(first),
        considered_options=tuple(_failed(found)),
        exit_criteria=(first.facts.lapses,) if first.facts.lapses else (),
        locks=manifest.locks if len(project.locks) > 1 else (),
        links=tuple(link for link in first.facts.links if link.startswith(("http://", "https://"))),
        tags=("security",) if first.facts.security else (),
        source=first.source,
    )
    return _readable(draft, f"{folder}/{stem}.yaml", f"{first.source.file}:{first.source.line}")


def _failed(found: Sequence[Found]) -> Iterator[Option]:
    """Yield the versions that the comment says to fail. An attempt has a day, and of these nobody knows it."""
    for name, version in dict.fromkeys(
        (draft.package, each) for draft in found for each in draft.facts.failing_versions
    ):
        yield Option(f"{name} {version}", "rejected", f"The comment says so: {' '.join(found[0].quote.split())}")


def _readable(draft: Draft, path: str, where: str) -> Drafted | None:
    """Return the draft as a record; what the words give that no record could hold is left in the quote alone."""
    plain = draft._replace(exit_criteria=(), links=(), considered_options=())
    for each in (draft, draft._replace(exit_criteria=()), plain):
        text = text_of(each)
        record, _ = read(text, path)
        if record is not None:
            return Drafted(record, text, where)
    return None


def _packages(project: Project, manifest: Manifest, found: Sequence[Found]) -> _Packages:
    """Return what the comment explains: the bounds, or where these do not tell it all, the locked versions.

    That is so where a requirement is no specifier, and where another line asks for another version elsewhere.
    """
    packages: _Packages = {}
    for draft in found:
        locked = _locked(project, manifest, draft.package)
        exact = re.fullmatch(r"==\s*([^\s,*]+)", draft.specifier)
        bound = exact[1] if exact else draft.specifier
        partly = len(locked) > 1 and not _accepts(bound, locked)
        held = locked if not bound or partly else (bound,)
        packages[draft.package] = tuple(dict.fromkeys((*packages.get(draft.package, ()), *held)))
    return {name: held for name, held in packages.items() if held}


def _locked(project: Project, manifest: Manifest, name: str) -> tuple[str, ...]:
    found = (
        entry.version
        for lock in project.locks_of(manifest)
        for entry in project.entries_of(lock, name)
        if entry.version
    )
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
