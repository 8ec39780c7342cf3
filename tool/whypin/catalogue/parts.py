"""The pieces that several pages share: chips, facts, findings, links to packages and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from whypin.catalogue import paths
from whypin.catalogue.markup import Html, Markdown, inward, join, marked, outward, paragraph, tag, text
from whypin.catalogue.view import Subject, View
from whypin.model.finding import Finding
from whypin.model.location import Location
from whypin.model.record import Record
from whypin.model.version import Item


class Page(NamedTuple):
    """One page: its path below the site's sources, its title as plain text, and its Markdown, first heading included.

    `wide` is whether it is a table that wants the whole width; `boost` is how much a search prefers the page.
    """

    path: str
    title: str
    text: str
    wide: bool = False
    boost: int = 1


def chip(word: str, words: str | None = None) -> Html:
    """Return a small coloured label; the word tells all, the colour only helps."""
    return tag("span", words or word.replace("-", " "), class_=f"whypin-chip whypin-is-{word}")


def code(value: object) -> Html:
    """Return a value in the type of code."""
    return tag("code", value)


def day(value: object) -> Html:
    """Return a date that does not break over two lines."""
    return tag("time", value)


def facts(pairs: Iterable[tuple[str, object]]) -> str:
    """Return a list of terms with their values, those without a value left out, as an HTML block."""
    shown = [tag("div", tag("dt", term), tag("dd", value)) for term, value in pairs if value]
    return f"{tag('dl', *shown, class_='whypin-facts')}\n" if shown else ""


def codes(values: Iterable[object]) -> Html:
    """Return values in the type of code, in a row."""
    return join([code(value) for value in values], " ")


def words_of(item: Item) -> str:
    """Return an accepted version as the record has it, with its index."""
    return f"{item.text} from {item.index}" if item.index else item.text


def accepted(record: Record, name: str) -> Html:
    """Return the versions of a package that a decision accepts."""
    return codes(words_of(item) for item in record.packages.get(name, ()))


def labels(kind: str, words: Iterable[str]) -> Html:
    """Return words as small labels of a kind in a row; the lists' filters read them."""
    return join([tag("span", word, class_=f"whypin-{kind}") for word in words], " ")


def back(view: View, path: str, *more: Markdown | Html) -> str:
    """Return the links from the page of one thing back to the two lists, and others; there are thousands of these."""
    folder = view.options.folder
    links = [
        inward(view.options.title, paths.start_page(folder), path),
        inward("Packages", paths.all_packages_page(folder), path),
        inward("Decisions", paths.all_decisions_page(folder), path),
    ]
    return marked("ways", paragraph(in_a_row([*links, *more])))


def ways(view: View, path: str) -> str:
    """Return the links from a list to all lists of the catalogue."""
    folder = view.options.folder
    lists = [
        (view.options.title, paths.start_page(folder)),
        ("Packages", paths.all_packages_page(folder)),
        ("Decisions", paths.all_decisions_page(folder)),
        ("Reviews", paths.reviews_page(folder)),
        ("Findings", paths.findings_page(folder)),
        *([("Level", paths.debt_page(folder))] if view.debt else []),
        ("Policy", paths.policy_page(folder)),
        ("Read first", paths.read_first_page(folder)),
    ]
    links = [inward(words, target, path) if target != path else tag("strong", words) for words, target in lists]
    return marked("ways", paragraph(in_a_row(links)))


def place(view: View, location: Location) -> Html:
    """Return a line of a file, linked to where the site says that files are shown."""
    return _shown(view, location, f"{location.path}:{location.line}")


def source(view: View, record: Record) -> Html:
    """Return the file of a decision, linked likewise."""
    return _shown(view, Location(record.path), record.path)


def edit(view: View, record: Record) -> list[Html]:
    """Return a link to where the file of a decision is edited, if the site says where that is."""
    template = view.options.edit_url
    return [outward(template.replace("{path}", quote(record.path)), "Edit")] if template else []


def _shown(view: View, location: Location, words: str) -> Html:
    template = view.options.source_url
    if not template:
        return code(words)
    address = template.replace("{path}", quote(location.path)).replace("{line}", str(location.line))
    return outward(address, code(words))


def count(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def span(days: int) -> str:
    """Return a number of days as people say it: whole days, weeks or months, and years with a tenth."""
    for least, length, noun in ((730, 365.25, "year"), (60, 30.44, "month"), (21, 7, "week")):
        if days >= least:
            return f"{days / length:.1f} years" if noun == "year" else count(int(days / length), noun)
    return count(days, "day")


def package_link(view: View, name: str, source: str) -> Markdown | Html:
    """Return a link to a package's page; the bare name where nothing is known of it."""
    if name not in view.subjects and name not in view.gone:
        return text(name)
    return inward(name, paths.package_page(view.options.folder, name), source)


def decision_link(view: View, record: Record, source: str) -> Markdown:
    """Return a link to a decision's page, by its title."""
    return inward(record.title, paths.decision_page(view.options.folder, record.id), source)


def described_elsewhere(view: View, subject: Subject) -> list[Html]:
    """Return a link for each locked version that came from a registry to where the site says packages are described."""
    template = view.options.package_url
    if not template:
        return []
    versions = dict.fromkeys(
        entry.version for entry in subject.entries if entry.source == "registry" and entry.version is not None
    )
    host = urlsplit(template).netloc
    links = []
    for version in versions:
        url = template.replace("{name}", quote(subject.name, "")).replace("{version}", quote(version, ""))
        links.append(outward(url, f"{version} on {host}" if len(versions) > 1 else f"On {host}"))
    return links


def in_a_row(parts: Sequence[Markdown | Html]) -> Markdown:
    """Return links and texts on one line, a middle dot between them."""
    return Markdown(" · ".join(parts))


def finding_list(view: View, findings: Sequence[Finding]) -> str:
    """Return findings as an HTML block, errors first: what is wrong, what to type, where."""
    ordered = sorted(findings, key=lambda finding: finding.severity)
    items = [
        tag(
            "li",
            tag("p", chip(finding.severity, f"{finding.severity} {finding.code}"), " ", finding.message),
            tag("p", tag("span", "Fix", class_="whypin-label"), " ", finding.fix),
            tag("p", _shown(view, finding.location, str(finding.location)), class_="whypin-place"),
            class_=f"whypin-finding whypin-is-{finding.severity}",
        )
        for finding in ordered
    ]
    return f"{tag('ul', *items, class_='whypin-findings')}\n"
