"""How often WHY005 is right: real comments beside pins are reasons, section headings and forty empty phrases are not.

The real comments are those of the labelled collection beside the checkout; each is put into a record as its rationale.
Printed are the rates and every comment that was judged wrongly.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from whypin.records.read import read
from whypin.records.scaffold import Draft, text_of
from whypin.rules.placeholder_rationale import says_nothing

COMMENTS = Path(__file__).resolve().parents[2] / "shared" / "comments" / "comments.json"
EMPTY = """\
TODO
tbd
FIXME: explain
n/a
none
-
...
?
bump
Bump version
bumped to latest
version bump
latest version
latest stable release
use the newest release
upgrade
Routine upgrade.
dependency update
update deps
chore: update dependencies
maintenance
housekeeping
pinned
pin version
Pinned for now.
keep as is
keep current version
because it works
works fine
it is required
needed
we need this package
see above
same as before
as discussed
as decided in the meeting
reason: unknown
add reason here
why?
for reproducibility
"""


def is_empty(text: str, name: str = "numpy", spec: str = "1.0") -> bool:
    """Whether the rule finds nothing in a rationale about a package."""
    draft = Draft(f"Hold {name}", ("team",), {name: (spec or "1.0",)}, rationale=text, status="accepted")
    record, problems = read(text_of(draft), "decisions/2026-11-22-x.yaml")
    if record is None:
        raise SystemExit(f"not a record: {problems[0].message}: {text!r}")
    return says_nothing(record)


def show(what: str, wanted: bool, texts: Iterable[tuple[str, str]]) -> None:
    """Print how many of the texts are judged as wanted, and those that are not."""
    judged = [(text, is_empty(text, name)) for name, text in texts if text.strip()]
    wrong = [text for text, empty in judged if empty is not wanted]
    verdict = "reported" if wanted else "let pass"
    right = len(judged) - len(wrong)
    print(f"{what:36} {right:4} of {len(judged):4} {verdict} ({right / len(judged):.1%})")
    for text in wrong:
        print(f"    wrong: {' '.join(text.split())[:100]}")


def main() -> None:
    """Print one paragraph for each kind of text."""
    show("empty phrases of our own", True, (("numpy", line) for line in EMPTY.splitlines()))
    if not COMMENTS.is_file():
        print("the labelled comments are not beside the checkout")
        return
    comments = json.loads(COMMENTS.read_text(encoding="utf-8"))
    for kind, wanted in (("version-reason", False), ("section", True)):
        found = [
            (item["name"], " ".join(filter(None, (item["block"], item["inline"]))))
            for item in comments
            if item["label"]["kind"] == kind
        ]
        show(f"real comments, {kind}", wanted, found)


if __name__ == "__main__":
    main()
