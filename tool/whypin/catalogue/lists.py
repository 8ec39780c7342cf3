"""The lists: all locked packages, all decisions, all findings, and the decisions to read first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from whypin.catalogue import paths
from whypin.catalogue.markup import Html, Markdown, bullets, heading, join, marked, paragraph, table, tag, text
from whypin.catalogue.parts import (
    Page,
    chip,
    code,
    codes,
    count,
    day,
    decision_link,
    finding_list,
    in_a_row,
    labels,
    package_link,
    span,
    ways,
)
from whypin.catalogue.view import Subject, View
from whypin.model.record import Record

#: A page with more is no page any more; `whypin check` tells them all.
_MOST_FINDINGS = 500
_MOST_NAMES = 6
_READ_FIRST = 10
_EXCERPT = 240
NOTHING = Html('<span class="whypin-none">\u2013</span>')  # a dash


def all_packages(view: View) -> Page:
    """Return the list of everything that is locked."""
    path = paths.all_packages_page(view.options.folder)
    title = "All locked packages"
    blocks = [heading(1, title), ways(view, path), package_table(view, view.subjects.values(), path, title)]
    return Page(path, title, "\n".join(blocks), wide=True)


def package_table(view: View, subjects: Iterable[Subject], path: str, caption: str) -> str:
    """Return a table of packages; without any, the column of what no lock tells is absent."""
    headers = ["Package", "Locked", "Decision", "State", "Groups", "Owner", "Review by"]
    dated = any(subject.oldest_upload for subject in view.subjects.values())
    rows = [(*_package_row(view, subject, path), *([_age(view, subject)] if dated else [])) for subject in subjects]
    return table("packages", [*headers, "Age"] if dated else headers, rows, caption)


def _package_row(view: View, subject: Subject, path: str) -> tuple[object, ...]:
    links = [decision_link(view, record, path) for record in subject.records]
    tags = labels("tag", dict.fromkeys(word for record in subject.records for word in record.tags))
    return (
        Markdown(f"{package_link(view, subject.name, path)}{_roles(subject)}"),
        codes(subject.versions),
        Markdown("<br>".join([*links, *([tags] if tags else [])])) or NOTHING,
        join([chip(subject.state), *flags(view, subject)], " "),
        labels("group", subject.groups) or NOTHING,
        labels("owner", view.owners(subject)) or NOTHING,
        _review(view, subject.records),
    )


def _roles(subject: Subject) -> str:
    """Return what tells apart those that somebody chose or has to decide: nothing for the many others."""
    roles = [word for word, holds in (("direct", subject.direct), ("required", subject.required)) if holds]
    return f" {labels('role', roles)}" if roles else ""


def flags(view: View, subject: Subject) -> list[Html]:
    """Return what wants attention of a package, beside its state."""
    found = len(view.findings_of_package(subject.name))
    kinds = [("findings", count(found, "finding"))] if found else []
    kinds += [("due", "review due")] if any(view.is_due(record) for record in subject.records) else []
    kinds += [("met", "exit met")] if any(view.met(record) for record in subject.records) else []
    return [_flag(kind, words) for kind, words in kinds]


def _flag(kind: str, words: str) -> Html:
    return tag("span", words, class_=f"whypin-chip whypin-flag whypin-is-{kind}")


def _age(view: View, subject: Subject) -> Html:
    since = subject.oldest_upload
    if since is None:
        return NOTHING
    days = (view.project.today - since).days
    return tag("data", span(days), value=str(days), title=f"published on {since}")


def _review(view: View, records: Iterable[Record]) -> Html:
    """Return the first day on which one of the decisions falls due."""
    days = [due for record in records if (due := view.review_by(record)) is not None]
    return day(min(days)) if days else NOTHING


def all_decisions(view: View) -> Page:
    """Return the list of all decisions, the newest first, whatever became of them."""
    path = paths.all_decisions_page(view.options.folder)
    title = "All decisions"
    headers = ("Date", "Decision", "Status", "About", "Decided by", "Review by")
    rows = [_decision_row(view, record, path) for record in view.newest_first]
    blocks = [heading(1, title), ways(view, path), table("decisions", headers, rows, title)]
    return Page(path, title, "\n".join(blocks), wide=True)


def _decision_row(view: View, record: Record, path: str) -> tuple[object, ...]:
    status = view.standing(record)
    tags = f"<br>{labels('tag', record.tags)}" if record.tags else ""
    signs = [_flag("due", "review due")] if view.is_due(record) else []
    signs += [_flag("met", "exit met")] if view.met(record) else []
    return (
        day(record.date),
        Markdown(f"{decision_link(view, record, path)}{tags}"),
        join([chip(status), *signs], " "),
        _about(view, record, path),
        labels("owner", record.deciders),
        _review(view, [record]) if status == "accepted" else NOTHING,
    )


def _about(view: View, record: Record, path: str) -> Markdown:
    names = [*record.packages, *(artifact.name for artifact in record.artifacts)]
    links = [package_link(view, name, path) if name in record.packages else text(name) for name in names[:_MOST_NAMES]]
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return Markdown(", ".join(links) + more)


def all_findings(view: View) -> Page:
    """Return the list of everything that a check finds."""
    path = paths.findings_page(view.options.folder)
    title = "Findings"
    blocks = [heading(1, title), ways(view, path)]
    if view.findings:
        blocks += [paragraph(tally(view)), finding_list(view, view.findings[:_MOST_FINDINGS])]
    else:
        blocks.append(paragraph("A check on ", day(view.project.today), " finds nothing."))
    if len(view.findings) > _MOST_FINDINGS:
        more = len(view.findings) - _MOST_FINDINGS
        blocks.append(paragraph(f"And {more} more: ", code("whypin check"), " tells them all."))
    return Page(path, title, "\n".join(blocks))


def tally(view: View) -> str:
    """Return how many findings there are of each severity, in words."""
    errors = sum(finding.severity == "error" for finding in view.findings)
    warnings = len(view.findings) - errors
    told = [count(errors, "error")] if errors else []
    return " and ".join([*told, *([count(warnings, "warning")] if warnings else [])]) + "."


def read_first(view: View) -> Page:
    """Return the decisions in force on which most depends."""
    path = paths.read_first_page(view.options.folder)
    ranked = ranking(view)[:_READ_FIRST]
    title = f"Read these {_in_words(len(ranked))} decisions first" if len(ranked) > 1 else "Read this decision first"
    blocks = [heading(1, title), ways(view, path)]
    if not ranked:
        nothing = [heading(1, "Read first"), ways(view, path), paragraph("No decision is in force yet.")]
        return Page(path, "Read first", "\n".join(nothing))
    blocks.append(paragraph("Ranked by how many locked packages depend on what they decide, those packages included."))
    blocks.append(marked("first", bullets((_first(view, record, depends, path) for record, depends in ranked), "1.")))
    return Page(path, title, "\n".join(blocks))


def _first(view: View, record: Record, depends: int, path: str) -> Markdown:
    about = _about(view, record, path)
    details = in_a_row([about, text(f"{count(depends, 'package')} of the lock"), day(record.date)])
    return Markdown(f"{decision_link(view, record, path)}<br>{details}<br>{text(_excerpt(record.rationale))}")


def _excerpt(rationale: str) -> str:
    """Return the first sentences of a reason, as plain words."""
    words = " ".join(re.sub(r"[*`]+|^[#>]+", "", rationale[: 4 * _EXCERPT], flags=re.MULTILINE).split())
    return words if len(words) <= _EXCERPT else f"{words[:_EXCERPT].rpartition(' ')[0]} \u2026"


def ranking(view: View) -> Sequence[tuple[Record, int]]:
    """Return the decisions in force, each with how many packages it decides or depend on one of these, most first."""
    found = []
    for record in view.in_force:
        names = [name for name in record.packages if name in view.subjects and view.project.is_active(record, name)]
        packages = [package for name in names for package in view.subjects[name].packages]
        found.append((record, len(names) + view.kin.dependents(packages)))
    return sorted(found, key=lambda pair: (-pair[1], pair[0].id))


def _in_words(number: int) -> str:
    words = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[number]
