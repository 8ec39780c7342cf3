"""Drafts from the comments beside the requirements of a manifest."""

from __future__ import annotations

from collections.abc import Container, Iterator

from whypin.drafts.draft import Draft
from whypin.drafts.facts import facts
from whypin.drafts.reason import weigh
from whypin.model.manifest import Manifest, Requirement
from whypin.model.record import Origin


def drafts(manifest: Manifest, known: Container[str] = ()) -> Iterator[Draft]:
    """Yield a draft for each requirement, override and constraint whose comment gives a reason, in their order.

    `known` are the normalised names of packages that the project has: they help to tell a package from a word.
    """
    seen = set()
    for requirement in (*manifest.requirements, *(override.requirement for override in manifest.overrides)):
        place = (requirement.location, requirement.key)
        if place not in seen:
            seen.add(place)
            draft = from_requirement(requirement, known)
            if draft is not None:
                yield draft


def from_requirement(requirement: Requirement, known: Container[str] = ()) -> Draft | None:
    """Return the draft that the comment beside a requirement gives; None where it gives no reason for its bound."""
    bound = requirement.specifier or requirement.url or ""
    sure = weigh(requirement.comment, requirement.name, bound).sure
    if sure is None:
        return None
    where = requirement.location
    return Draft(
        requirement.key,
        requirement.specifier,
        requirement.comment,
        Origin(where.path, where.line, ""),
        sure,
        facts(requirement.comment, requirement.name, requirement.specifier, known),
    )
