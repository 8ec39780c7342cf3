"""What is a reason for a bound: sentences as people write them beside requirements."""

from __future__ import annotations

import pytest

from whypin.drafts.reason import weigh

REASONS = """
2.0 breaks the ABI of our extension
keep below 2 until scipy catches up
https://github.com/acme/widget/issues/77
acme/widget#77
PLAT-221
https://github.com/acme/widget/security/dependabot/3
CVE-2023-12345
needs 2.0 for async sessions
first version with type hints
must match the version in the Dockerfile
avoid the yanked release
Last version that supports Python 3.7
Not tested with newer versions
tensorflow 2.11 pins this
required by transformers
Broken on windows
latest release segfaults on arm64
do not upgrade, 4.0 removes the legacy client
to fix a memory leak
ABI mismatch with torch
TODO: unpin when upstream publishes wheels
needed because of the resolver
needed to avoid a crash at exit
required for Python 3.13
not compatible with Django 5 yet
Hold: performance regression in joins
floor for GHSA-aaaa-bbbb-cccc
earlier versions leak file handles
"""
OTHERS = """
HTTP client
used for tests
Core dependencies
For the documentation
Needed for the docs build
Required for Python <3.11 to read TOML
optional: speedups
Apache-2.0
BSD License (3 clause)
Used by app/foo.py for parsing
Async support
Error tracking
Sentry SDK for error tracking and performance monitoring
Security scanning
Issue tracker client
Backport of dataclasses for Python <3.7
Needed to parse YAML front matter
Runtime dependencies:
Test dependencies (keep sorted)
Adds colours to the terminal
Parser for changelogs and release notes
dependency of pandas
Handles timeouts and retries
"gadget>=1.2,<2",
gadget==1.4
gadget==1.4  # no longer builds
Only needed on Windows, therefore not locked elsewhere
PLEASE DO NOT REMOVE THIS PIN
See the manual of the gadget
"""


@pytest.mark.parametrize("text", REASONS.strip().splitlines())
def test_what_breaks_is_needed_or_can_be_looked_up_is_a_reason(text: str) -> None:
    assert weigh(text, "widget", "<2").sure


@pytest.mark.parametrize("text", OTHERS.strip().splitlines())
def test_what_a_package_is_for_and_headings_are_none(text: str) -> None:
    assert weigh(text, "widget", "<2").sure is None


def test_where_there_is_no_bound_nothing_is_a_reason_for_one() -> None:
    assert weigh("2.0 breaks our extension, see https://github.com/acme/widget/issues/77", "widget").sure is None


def test_words_in_a_link_are_not_what_somebody_says() -> None:
    assert weigh("https://example.com/how-to-fix-a-crash-until-it-breaks", "widget", "<2").sure is None


def test_a_reason_that_can_be_looked_up_is_surer_than_a_few_words() -> None:
    much = "2.0 fails to start because of https://github.com/acme/widget/issues/77, hold until 2.1"
    assert weigh(much, "widget", "<2").sure == "high"
    assert weigh("crashes", "widget", "<2").sure == "low"


def test_who_is_very_sure_names_something_to_look_up() -> None:
    words = "temporarily held, it crashes since nobody maintains the required driver"
    assert weigh(words, "widget", "<2").sure == "medium"
