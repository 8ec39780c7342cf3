"""WHY207: a lock without hashes."""

from __future__ import annotations

import pytest

from tests.build import entry, found, lock, project
from whypin.model.lock import Entry
from whypin.rules.no_hashes import RULE

BARE = [entry(name, line=line, hashed=False) for line, name in enumerate(("numpy", "pandas", "scipy", "torch"), 3)]


def test_a_lock_without_hashes_is_one_finding_at_its_first_bare_entry() -> None:
    bare = lock(entry("attrs"), *BARE, path="requirements.txt", format="requirements")
    [finding] = found(RULE, project(locks=[bare]))
    assert str(finding.location) == "requirements.txt:3:1"
    assert finding.message == "4 of 5 entries have no hash: numpy, pandas, scipy, ..."
    assert finding.fix == "run pip-compile --generate-hashes or uv pip compile --generate-hashes"


def test_each_lock_is_one_finding() -> None:
    subject = project(locks=[lock(BARE[0], path="a/uv.lock"), lock(*BARE[:2], path="b/uv.lock"), lock(entry("attrs"))])
    assert [finding.message for finding in found(RULE, subject)] == [
        "1 of 1 entry has no hash: numpy",
        "2 of 2 entries have no hash: numpy, pandas",
    ]


@pytest.mark.parametrize(
    "held",
    [
        entry("numpy"),
        entry("lib", None, source="editable", hashed=False),
        entry("lib", None, source="directory", hashed=False),
        entry("lib", source="git", hashed=False, ref="https://git.example/lib@0123"),
        entry("app", hashed=False, member=True),
        entry("__osx", "11.0", source="conda", hashed=False),
    ],
    ids=["hashed", "editable", "directory", "git", "member", "what conda calls the system"],
)
def test_quiet(held: Entry) -> None:
    assert found(RULE, project(locks=[lock(held)])) == []


@pytest.mark.parametrize("source", ["registry", "url", "conda"])
def test_what_comes_as_a_file_from_elsewhere_can_have_a_hash(source: str) -> None:
    assert len(found(RULE, project(locks=[lock(entry("numpy", source=source, hashed=False))]))) == 1
