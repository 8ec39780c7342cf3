"""The use case of a new record: what it is to be about, what is known of that, and the file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from whypin.app.mend import new_record, schema_text
from whypin.errors import WhypinError
from whypin.git.files import user_name
from whypin.model import glob
from whypin.model.project import Project
from whypin.records.proposal import Subject, draft, has_choice, in_words, slug_of, subject
from whypin.workspace import SCHEMA, Workspace, find_root

if TYPE_CHECKING:
    from whypin.model.change import Change
    from whypin.model.finding import Finding, Report
    from whypin.records.scaffold import Draft

#: So many commits that touch a lock are looked at for the last moves, and so many seconds git may take to find them.
_COMMITS, _SECONDS = 50, 2.0
#: With more packages than this, a decision is about the change at hand, and not about what moved before.
_FEW = 5


class Proposal(NamedTuple):
    """A draft, the second half of its id, and what is to be told about it."""

    draft: Draft
    slug: str
    notes: tuple[str, ...] = ()


class Written(NamedTuple):
    """A new record: its path, its text, and the line on which the reason is to stand."""

    path: str
    text: str
    line: int


def about_packages(root: str | None, locks: Sequence[str], project: Project, asked: Sequence[str]) -> Proposal:
    """Return the draft of a decision about packages by name; raises WhypinError for one that it can't be about.

    With `locks`, which the user named, it speaks of these alone where others hold other versions.
    """
    names = tuple(dict.fromkeys(_key(typed, project) for typed in asked))
    for name in names:
        _check_known(name, project)
    whole, within = _whole(root, locks, project)
    changes = _changes(root, whole, names)
    return _proposal(root, whole, names, within, changes=changes)


def about_moves(root: str | None, project: Project, base: str) -> Proposal | None:
    """Return the draft of one decision about all that the project's change moved and that needs one, or None."""
    moved = [
        package
        for package in project.packages
        if package.state == "undecided" and has_choice(package) and project.move_of(package.lock, package.name)
    ]
    if not moved:
        return None
    names = tuple(dict.fromkeys(package.name for package in sorted(moved, key=lambda one: not one.direct)))
    within = list(dict.fromkeys(package.lock.path for package in moved))
    return _proposal(root, project, names, within, base=base)


def _proposal(
    root: str | None,
    project: Project,
    names: tuple[str, ...],
    within: Sequence[str],
    changes: Sequence[Change] = (),
    base: str = "",
) -> Proposal:
    try:
        about = subject(project, names, within)
    except ValueError as error:
        raise WhypinError(str(error), hint="write one record each") from None
    deciders = deciders_of(project, names, folder_of(root))
    return Proposal(draft(project, about, deciders, changes, base), slug_of(about), tuple(_notes(project, about)))


def deciders_of(project: Project, names: Sequence[str], folder: str) -> tuple[str, ...]:
    """Return an owner of each package, and git's user where the policy names none; nobody where git knows none."""
    found: dict[str, None] = {}
    for name in names:
        owners = [
            who for pattern, some in project.settings.owners.items() if glob.matches(pattern, name) for who in some
        ]
        found.update(dict.fromkeys(owners[:1] or [_line(user_name(folder))]))
    return tuple(filter(None, found))


def review_day(project: Project) -> date | None:
    """Return the day on which a decision of today falls due for review by the policy; None is never."""
    try:
        return project.today + timedelta(days=project.settings.policy.review_after_days)
    except OverflowError:
        return None


def _line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _notes(project: Project, about: Subject) -> list[str]:
    notes = []
    for record in project.records:
        if record.status == "proposed" and not set(about.names).isdisjoint(record.packages):
            notes.append(f"{record.path} proposes a decision already")
    if about.replaced:
        ids = in_words([record.id for record in about.replaced])
        notes.append(f"it supersedes {ids}: take out of supersedes what stays in force beside it")
    if about.elsewhere:
        from shlex import quote

        others = [lock.path for lock in about.elsewhere]
        told = f"{others[0]} holds" if len(others) == 1 else f"{others[0]} and {len(others) - 1} more hold"
        command = f"whypin new {' '.join(about.names)} --lock {quote(others[0])}"
        notes.append(f"it speaks of {about.locks[0].path}; {told} other versions: {command}")
    return notes


def write(root: str | None, project: Project, proposal: Proposal) -> Written:
    """Write a proposal as a new record, and the schema beside it where there is none yet."""
    workspace = Workspace(folder_of(root))
    written = as_text(project, proposal)
    schema = f"{project.settings.records}/{SCHEMA}"
    if not workspace.is_text(schema):
        workspace.write(schema, schema_text())
    workspace.write(written.path, written.text, new=True)
    return written


def as_text(project: Project, proposal: Proposal) -> Written:
    """Return a proposal as it would be written; raises WhypinError where it would not be a record."""
    path, text = new_record(project, proposal.slug, proposal.draft)
    lines = text.splitlines()
    return Written(path, text, next(at for at, line in enumerate(lines, 1) if line.startswith("rationale:")))


def findings_about(report: Report, path: str, said: Draft) -> list[Finding]:
    """Return what is wrong with a new record, and what other records have against its packages in its locks."""

    def is_about(finding: Finding) -> bool:
        place = finding.location.path
        if finding.record == path.rpartition("/")[2].removesuffix(".yaml") or place == path:
            return True
        in_scope = not said.locks or glob.first_match(said.locks, place) is not None
        return finding.package in said.packages and finding.record is not None and in_scope

    return list(filter(is_about, report.findings))


def folder_of(root: str | None) -> str:
    """Return the folder of the project."""
    return root if root is not None else find_root()


def _key(typed: str, project: Project) -> str:
    """Return the name that records write; where an index has no such package and conda has, conda's is meant."""
    from whypin.model import explanation

    try:
        question = explanation.parse(typed, project)
    except ValueError as error:
        raise WhypinError(str(error), hint="give names, such as numpy or conda:openssl") from None
    if question.version is not None:
        raise WhypinError(f"{typed!r} names a version, and a decision is about the locked ones", hint="give the name")
    return question.name


def _check_known(name: str, project: Project) -> None:
    held = [package for package in project.packages if package.name == name]
    if any(map(has_choice, held)):
        return
    if held:
        why = "the project's own" if any(package.member for package in held) else "locked without a version of its own"
        raise WhypinError(f"{name} is {why}: there is nothing to decide", held[0].location, "see whypin list")
    for manifest in project.manifests:
        for requirement in manifest.requirements:
            if requirement.key == name:
                raise WhypinError(f"{name} is not locked", requirement.location, "lock the project first")
    from difflib import get_close_matches

    locked = {package.name for package in project.packages}
    near = get_close_matches(name, locked, 3, 0.6)
    hint = f"did you mean {' or '.join(near)}?" if near else "whypin list --all shows what is locked"
    raise WhypinError(f"{name} is not locked", hint=hint)


def _whole(root: str | None, locks: Sequence[str], project: Project) -> tuple[Project, list[str]]:
    """Return the project with all its locks where only some were read, and the paths of these."""
    within = [lock.path for lock in project.locks] if locks else []
    if within:
        try:
            whole = Workspace(folder_of(root)).load((), project.today)
        except WhypinError:
            return project, within
        if {lock.path for lock in whole.locks}.issuperset(within):
            return whole, within
    return project, within


def _changes(root: str | None, project: Project, names: Sequence[str]) -> Sequence[Change]:
    """Return the last moves of a few packages, as far as git tells them soon."""
    from whypin.app import past

    if len(names) > _FEW:
        return ()
    try:
        found, _ = past.history(root, (), project.today, reach=past.Reach(_COMMITS, _SECONDS))
    except WhypinError:
        return ()
    return [change for change in found.changes if change.package in names and change.old]
