"""The page of the policy in force: what has to be decided, by whom, and how long a decision holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whypin.catalogue import paths
from whypin.catalogue.lists import NOTHING
from whypin.catalogue.markup import Html, heading, inward, join, paragraph, table, tag, text
from whypin.catalogue.parts import Page, chip, code, codes, count, day, facts, place, ways
from whypin.catalogue.view import View
from whypin.model import glob
from whypin.model.settings import IgnoredFinding, Policy, Scope, Settings

_REQUIRE = {
    "critical": "Only packages on the critical list need a decision.",
    "production": "Every direct package that goes to production needs a decision, and every critical one.",
    "direct": "Every direct package needs a decision, and every critical one.",
    "all": "Every locked package needs a decision.",
}


def page(view: View) -> Page:
    """Return the page of the policy."""
    path = paths.policy_page(view.options.folder)
    return Page(path, "The policy in force", "\n".join(_blocks(view, path)))


def _blocks(view: View, path: str) -> Iterator[str]:
    settings = view.project.settings
    policy = settings.policy
    yield heading(1, "The policy in force")
    yield ways(view, path)
    yield paragraph(_REQUIRE[policy.require], " The rest may float under the lock.")
    required = sum(subject.required is not None for subject in view.subjects.values())
    if required:
        packages = paths.all_packages_page(view.options.folder)
        needs = "needs" if required == 1 else "need"
        yield paragraph(inward(count(required, "package"), packages, path, role="required"), f" {needs} one today.")
    yield _facts(view, policy)
    yield from _scopes(settings)
    yield from _owners(view, settings)
    yield from _rules(settings)
    yield from _ignored(settings)
    if settings.path:
        yield paragraph("It stands in ", place(view, settings.place()), ".")
    else:
        yield paragraph("Nothing is set: these are the defaults.")


def _facts(view: View, policy: Policy) -> str:
    return facts(
        [
            ("Required", code(policy.require)),
            ("Critical", codes(policy.critical)),
            ("Never required", codes(policy.ignore)),
            ("Development groups", codes(policy.development)),
            ("Reviewed after", count(policy.review_after_days, "day")),
            ("Grace", count(policy.grace_days, "day")),
        ]
    )


def _scopes(settings: Settings) -> Iterator[str]:
    if settings.scopes:
        yield heading(2, "Elsewhere it differs")
        headers = ("Locks", "Groups", "Required", "Critical too", "Never required too")
        yield table("scopes", headers, [_scope(scope) for scope in settings.scopes], "Scopes of the policy")


def _scope(scope: Scope) -> Sequence[object]:
    return (
        codes(scope.locks) or text("all"),
        codes(scope.groups) or text("all"),
        code(scope.require) if scope.require else text("as above"),
        codes(scope.critical) or NOTHING,
        codes(scope.ignore) or NOTHING,
    )


def _owners(view: View, settings: Settings) -> Iterator[str]:
    if settings.owners:
        yield heading(2, "Owners")
        yield paragraph("One of them stands in every decision about these packages.")
        locked = list(view.subjects)
        rows = [
            (code(pattern), text(", ".join(owners)), text(str(sum(glob.matches(pattern, name) for name in locked))))
            for pattern, owners in settings.owners.items()
        ]
        yield table("owners", ("Packages", "Owners", "Locked"), rows, "Owners of packages")


def _rules(settings: Settings) -> Iterator[str]:
    if settings.rules:
        yield heading(2, "Rules that count otherwise")
        items = [tag("li", code(rule), " ", chip(level)) for rule, level in settings.rules.items()]
        yield f"{tag('ul', *items, class_='whypin-rules')}\n"


def _ignored(settings: Settings) -> Iterator[str]:
    if settings.ignore_findings:
        yield heading(2, "Findings that are ignored")
        yield f"{tag('ul', *[_one(item) for item in settings.ignore_findings], class_='whypin-ignored')}\n"


def _one(item: IgnoredFinding) -> Html:
    of = join([" of ", code(item.package)]) if item.package else Html("")
    until = join([", until ", day(item.expires)]) if item.expires else Html("")
    return tag("li", code(item.rule), of, ": ", item.reason, until)
