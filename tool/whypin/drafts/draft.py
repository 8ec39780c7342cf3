"""A draft: what a team already wrote about a bound, where it stands, and how sure it is that this is the reason."""

from __future__ import annotations

from typing import Literal, NamedTuple

from whypin.model.record import ExitCriterion, Origin

Sure = Literal["high", "medium", "low"]


class Facts(NamedTuple):
    """What the words themselves give; nothing here is concluded from anything else.

    `links` are URLs, `org/repo#1`, `#1` and tracker keys, as written and in their order. `failing_versions` are those
    of this package that the bound keeps out. `blocker` is the package that imposes the bound. `exit_criterion` are the
    words that say when it can go, `lapses` is what of them a record can check. `advisories` are CVE and other ids.
    """

    links: tuple[str, ...] = ()
    failing_versions: tuple[str, ...] = ()
    blocker: str | None = None
    exit_criterion: str | None = None
    lapses: ExitCriterion | None = None
    advisories: tuple[str, ...] = ()
    security: bool = False


class Draft(NamedTuple):
    """One possible reason for the bound of a package; `package` is as records write it, `specifier` is the bound.

    The quote is context for a person who decides, never a rationale.
    """

    package: str
    specifier: str
    quote: str
    source: Origin
    sure: Sure
    facts: Facts = Facts()


def context_of(draft: Draft) -> str:
    """Return the quote with its source and how sure it is, as Markdown for a record's context."""
    source = draft.source
    where = f"commit {source.commit}" if source.commit else source.file
    if source.line is not None and not source.commit:
        where += f", line {source.line}"
    quoted = "\n".join(f"> {line}".rstrip() for line in draft.quote.splitlines())
    return f"{quoted}\n\nFound in {where}. That this is the reason for the bound: {_SURENESS[draft.sure]}."


_SURENESS: dict[Sure, str] = {"high": "very likely", "medium": "likely", "low": "perhaps"}
