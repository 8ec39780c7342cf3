"""The rules: one module each. RULES lists them in the order of their codes; a rule's docstring is its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whypin.model.lifecycle import ignored_by
from whypin.rules import (
    accepted_record_rewritten,
    advisories_old,
    artifact_mismatch,
    contradictory_decisions,
    decided_against,
    downgrade_unexplained,
    duplicate_decision,
    exemption_added,
    exemption_unused,
    exit_criterion_met,
    fork_uncovered,
    invalid_record,
    lock_missing,
    lock_stale,
    lower_bound_only,
    moved_without_decision,
    no_hashes,
    not_locked,
    placeholder_rationale,
    proposal_stale,
    record_deleted,
    review_overdue,
    stack_split,
    undecided,
    unexplained_cap,
    unexplained_override,
    unknown_advisory,
    unknown_rule,
    unknown_supersedes,
    unowned_decision,
    unpinned,
    unused_setting,
    version_mismatch,
    vulnerable,
    waiver_expired,
    waiver_unneeded,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from whypin.model.finding import Finding, Rule, Severity
    from whypin.model.project import Project

RULES: tuple[Rule, ...] = (
    invalid_record.RULE,
    unknown_supersedes.RULE,
    duplicate_decision.RULE,
    contradictory_decisions.RULE,
    placeholder_rationale.RULE,
    unowned_decision.RULE,
    undecided.RULE,
    version_mismatch.RULE,
    not_locked.RULE,
    fork_uncovered.RULE,
    stack_split.RULE,
    artifact_mismatch.RULE,
    unpinned.RULE,
    lower_bound_only.RULE,
    unexplained_cap.RULE,
    unexplained_override.RULE,
    lock_missing.RULE,
    lock_stale.RULE,
    no_hashes.RULE,
    review_overdue.RULE,
    exit_criterion_met.RULE,
    proposal_stale.RULE,
    waiver_expired.RULE,
    exemption_unused.RULE,
    vulnerable.RULE,
    waiver_unneeded.RULE,
    unknown_advisory.RULE,
    advisories_old.RULE,
    moved_without_decision.RULE,
    decided_against.RULE,
    accepted_record_rewritten.RULE,
    record_deleted.RULE,
    exemption_added.RULE,
    downgrade_unexplained.RULE,
    unused_setting.RULE,
    unknown_rule.RULE,
)

#: What cannot be read, and settings that mean nothing, are never switched off: silence would look like "nothing found".
ALWAYS = frozenset({invalid_record.RULE.code, unknown_rule.RULE.code})


def run(project: Project, only: Collection[str] | None = None) -> tuple[Finding, ...]:
    """Return what all rules find, in the order of places, with the severities that the settings give.

    Given the codes of some, these are run `only`.

    What two locks share, such as a requirements file that another one includes, is found once.
    """
    chosen = RULES if only is None else [rule for rule in RULES if rule.code in only]
    found = {finding for rule in chosen for finding in _run_one(rule, project)}
    return tuple(sorted(found, key=lambda finding: (finding.location, finding.code, finding.message)))


def _run_one(rule: Rule, project: Project) -> list[Finding]:
    always = rule.code in ALWAYS
    chosen = None if always else project.settings.rules.get(rule.code)
    if chosen == "off":
        return []
    given: Severity | None = "error" if chosen == "error" else "warning" if chosen == "warning" else None
    return [
        finding._replace(code=rule.code, slug=rule.slug, severity=given or finding.own or rule.severity, own=None)
        for finding in rule.check(project)
        if always or ignored_by(project, rule.code, finding.package) is None
    ]


def page(rule: Rule) -> str:
    """Return a rule's page as Markdown: its module's docstring under its code."""
    from importlib import import_module

    docstring = import_module(rule.check.__module__).__doc__ or ""
    summary, _, body = docstring.strip().partition("\n\n")
    sentence = summary.partition(": ")[2].replace("\n", " ")
    return (
        f"# {rule.code} {rule.slug}\n\n{sentence[:1].upper()}{sentence[1:]}\n\nSeverity: {rule.severity}.\n\n{body}\n"
    )
