"""The pieces that several pages share: chips, facts, findings, links to packages and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from whypin.catalogue import paths
from whypin.catalogue.markup import Html, Markdown, inward, join, outward, tag, text
from whypin.catalogue.view import Subject, View
from whypin.model.finding import Finding
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


def package_link(view: View, name: str, source: str) -> Markdown | Html:
    """Return a link to a package's page; the bare name where it is not locked."""
    if name not in view.subjects:
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


def finding_list(findings: Sequence[Finding]) -> str:
    """Return findings as an HTML block, errors first: what is wrong, what to type, where."""
    ordered = sorted(findings, key=lambda finding: finding.severity)
    items = [
        tag(
            "li",
            tag("p", chip(finding.severity, f"{finding.severity} {finding.code}"), " ", finding.message),
            tag("p", tag("span", "Fix", class_="whypin-label"), " ", finding.fix),
            tag("p", code(str(finding.location)), class_="whypin-place"),
            class_=f"whypin-finding whypin-is-{finding.severity}",
        )
        for finding in ordered
    ]
    return f"{tag('ul', *items, class_='whypin-findings')}\n"
