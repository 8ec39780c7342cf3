"""unknown-rule: the settings name a rule that does not exist.

## What it does
Looks up every code under `[tool.whypin.rules]` and every `rule` under `ignore_findings`. It cannot be switched off.

## Why
A misspelt code switches nothing off, or leaves a rule switched on that somebody thinks is off.

## Example
```toml
[tool.whypin.rules]
WHY1O3 = "off"
```

## Fix
Write the code as the list of rules has it.
"""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.finding import Finding, Rule
from whypin.model.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield one finding for each code that no rule has."""
    from whypin.rules import RULES

    known = {rule.code: rule for rule in RULES}
    settings = project.settings
    named = [(code, ("rules", code)) for code in settings.rules]
    ignored = [
        (item.rule, ("ignore_findings", position, "rule")) for position, item in enumerate(settings.ignore_findings)
    ]
    for code, key in (*named, *ignored):
        if code not in known:
            meant = [rule.code for rule in known.values() if code.lower() in (rule.slug, rule.code.lower())]
            fix = f"write {meant[0]}" if meant else f"known are {', '.join(known)}"
            yield Finding(settings.place(*key), f"there is no rule {code}", fix)


RULE = Rule("WHY902", "unknown-rule", "error", check)
