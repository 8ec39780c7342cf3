"""Drafts from the rules of bots: what Renovate and Dependabot are told to leave alone, and why."""

from __future__ import annotations

import json

import pytest

from whypin.drafts.bots import from_dependabot, from_renovate
from whypin.errors import WhypinError
from whypin.model.record import Origin

WHY = "2.0 breaks our models until https://example.com/issues/7 is fixed"


def renovate(*rules: object) -> str:
    return json.dumps({"extends": ["config:base"], "packageRules": rules}, indent=2)


def test_a_rule_with_a_description_that_gives_a_reason_is_a_draft() -> None:
    text = renovate(
        {"matchPackageNames": ["black"], "automerge": True, "description": WHY},
        {"matchPackageNames": ["Widget_X", "gadget*"], "allowedVersions": "<2.0", "description": ["Hold.", WHY]},
    )
    (draft,) = from_renovate(text, "renovate.json")
    assert (draft.package, draft.specifier, draft.quote) == ("widget-x", "<2.0", f"Hold. {WHY}")
    line = text[: text.index('"Widget_X"')].count("\n")
    assert draft.source == Origin("renovate.json", line, "")
    assert (draft.facts.failing_versions, draft.facts.links) == (("2.0",), ("https://example.com/issues/7",))


def test_a_rule_may_forbid_every_update_and_allow_versions_that_are_no_specifier() -> None:
    text = renovate(
        {"matchPackageNames": ["widget"], "enabled": False, "description": WHY},
        {"matchDepNames": ["gadget"], "allowedVersions": "/^1\\./", "description": "conflicts with torch"},
    )
    found = [(draft.package, draft.specifier) for draft in from_renovate(text, "renovate.json")]
    assert found == [("widget", ""), ("gadget", "")]


@pytest.mark.parametrize(
    "rule",
    [
        {"matchPackageNames": ["widget"], "enabled": False},
        {"matchPackageNames": ["widget"], "enabled": False, "description": "Disable major updates"},
        {"matchPackageNames": ["/^widget/"], "enabled": False, "description": WHY},
        {"matchPackagePatterns": ["widget"], "enabled": False, "description": WHY},
        {"matchPackageNames": ["widget"], "matchManagers": ["npm"], "enabled": False, "description": WHY},
        {"matchPackageNames": "../x", "enabled": False, "description": WHY},
        ["not a rule"],
    ],
)
def test_a_rule_without_a_reason_or_a_python_package_is_none(rule: object) -> None:
    assert list(from_renovate(renovate(rule), "renovate.json")) == []


def test_package_json_holds_it_under_renovate() -> None:
    rules = {"packageRules": [{"matchPackageNames": ["widget"], "enabled": False, "description": WHY}]}
    text = json.dumps({"name": "x", "renovate": rules}, indent=2)
    (draft,) = from_renovate(text, "web/package.json")
    assert draft.source.line == text[: text.index('"matchPackageNames"')].count("\n") + 1
    assert list(from_renovate(json.dumps(rules), "package.json")) == []


def test_json5_is_read_with_its_lines() -> None:
    text = """\
// ours: "don't"
{
  packageRules: [
    /* two
       lines */
    {
      matchPackageNames: ['widget'], // url: http://x
      allowedVersions: '<2',
      description: 'it\\'s broken: "2.0" hangs, see https://example.com/issues/7',
    },
  ],
}
"""
    (draft,) = from_renovate(text, "renovate.json5")
    assert (draft.package, draft.specifier, draft.source.line) == ("widget", "<2", 7)
    assert draft.quote == 'it\'s broken: "2.0" hangs, see https://example.com/issues/7'


@pytest.mark.parametrize("text", ["{", "[]", '{"packageRules": [}'])
def test_what_is_no_json_is_an_error_with_a_place(text: str) -> None:
    with pytest.raises(WhypinError) as error:
        list(from_renovate(text, "renovate.json"))
    assert error.value.where is not None


DEPENDABOT = """\
version: 2
updates:
  - package-ecosystem: npm
    directory: /
    ignore:
      - dependency-name: left  # 2.0 crashes
  - package-ecosystem: "pip"
    directory: "/"
    ignore:
      # 2.0 breaks our models
      - dependency-name: "Widget"
        versions: [">=2.0"]
      - dependency-name: gadget
        # majors crash since 4.0
        versions: ["4.x", "5.0.1"]  # see https://example.com/issues/7
      - dependency-name: "django*"  # 5.0 breaks us
      - dependency-name: black
        update-types: ["version-update:semver-major"]
"""


def test_the_comments_about_an_ignored_package_are_a_draft() -> None:
    first, second = from_dependabot(DEPENDABOT, ".github/dependabot.yml")
    assert (first.package, first.specifier, first.quote) == ("widget", "<2.0", "2.0 breaks our models")
    assert first.source == Origin(".github/dependabot.yml", 11, "")
    assert (second.package, second.specifier) == ("gadget", "!=4.*,!=5.0.1")
    assert second.quote == "majors crash since 4.0 see https://example.com/issues/7"


@pytest.mark.parametrize("text", ["", "updates: 3\n", "updates:\n  - 3\n", "a: &x 1\nupdates: *x\n", "- ignore\n"])
def test_a_file_without_such_rules_gives_nothing(text: str) -> None:
    assert list(from_dependabot(text, ".github/dependabot.yml")) == []


def test_what_is_no_yaml_is_an_error_with_a_place() -> None:
    with pytest.raises(WhypinError) as error:
        list(from_dependabot("updates:\n\t- x: [\n", ".github/dependabot.yml"))
    assert error.value.where is not None and error.value.where.line == 2
