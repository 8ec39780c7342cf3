"""vulnerable: an advisory affects a locked version, and no waiver is in force.

## What it does
Where advisories are configured, it holds every locked entry of an index against them: the version that is locked, and
for a local version such as `1.12.1+cu116` the public one too. It names the fixed versions, and whether the decisions in
force accept one of them. Where they keep the fix out, it says which, and what would lift it. Where a decision was made
for the affected version itself, it says that too. A waiver in a record of the package silences it, by any alias, until
its day and the policy's `grace_days` have passed.

What comes from git, a URL, a file or a source tree, conda packages, and what has no version cannot be checked: `check`
lists these on stderr. Where this rule finds nothing, the advisories of that date name nothing that is locked; it does
not mean more.

## Why
The pin that protects you from one change keeps another one out. Whoever reads the alert needs to know whether it is
safe to upgrade, and who knows why it isn't.

## Example
```yaml
# decisions/2026-11-20-pillow.yaml: the advisory CVE-2023-44271 is fixed in 10.0.0
packages: {pillow: 9.5.0}
exit_criteria:
  - locked: "reportlab>=4"
```

## Fix
Lock the fixed version; where a decision keeps it out, try the fix with the record's confirmation steps and begin the
successor: `whypin supersede ID`. Or accept it knowingly, under `waivers` of a record of the package, with a reason and
a day.

What an alert counts for is the policy's to say: `fail_on_severity` is the least severity that is an error, and
`development_alerts` is for what only development groups need. What is below warns, and what nobody has rated is an
error whatever the threshold. A severity under `rules` for `WHY401` counts before both.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.advice import lifted_by, past
from whypin.model.advisory import Hit
from whypin.model.alert import Way, level, waived, way_out
from whypin.model.finding import Finding, Rule, Severity
from whypin.model.project import Project, entry_key
from whypin.model.record import Record


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each locked entry and advisory, all aliases being one."""
    for hit in project.advisories.hits if project.advisories is not None else ():
        own = level(project, hit)
        if own is not None and waived(project, hit) is None:
            yield _finding(hit, way_out(project, hit), own)


def _finding(hit: Hit, way: Way, own: Severity) -> Finding:
    name = entry_key(hit.entry)
    told = [_what(hit), _fixed(hit), *(_made_for(record, hit) for record in way.deciding)]
    told += [_kept_out(record) for record in way.blocking]
    record = next(iter((*way.blocking, *way.deciding)), None)
    at, record_id = hit.entry.location, record.id if record else None
    return Finding(at, "; ".join(told), past(hit, way), name, record_id, own=own)


def _what(hit: Hit) -> str:
    advisory = hit.advisory
    others = f" ({', '.join(advisory.ids[1:4])})" if len(advisory.ids) > 1 else ""
    vector = f" ({advisory.severity.vector})" if advisory.severity.vector else ""
    summary = f": {advisory.summary}" if advisory.summary else ""
    named = f"{hit.entry.name} {hit.entry.version} is affected by {advisory.name}{others}{summary}"
    contradicted = "; its ranges call this version fixed, and its list calls it affected" if hit.contradicted else ""
    return f"{named}; severity {advisory.severity.rating}{vector}{contradicted}"


def _fixed(hit: Hit) -> str:
    doubtful = f"{', '.join(hit.doubtful[:3])} is called fixed, and can't be relied upon" if hit.doubtful else ""
    if hit.fixed:
        return f"fixed in {', '.join(hit.fixed[:5])}"
    return doubtful or "it names no fixed version"


def _made_for(record: Record, hit: Hit) -> str:
    published = hit.advisory.published
    known = f", when the advisory of {published} was out" if published and published <= record.date else ""
    return f"{record.id} decided for this very version on {record.date}{known}"


def _kept_out(record: Record) -> str:
    told = lifted_by(record)
    return f"{record.id} keeps the fix out" + (f" until {' or '.join(told)}" if told else "")


RULE = Rule("WHY401", "vulnerable", "error", check)
