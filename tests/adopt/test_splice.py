"""Lines added to the YAML of others: one more item, and every other byte as it was."""

from __future__ import annotations

import pytest
import yaml

from whypin.adopt.splice import has_plugin, with_hook, with_plugin

HOOK = "- repo: https://git.example/whypin\n  rev: v1\n  hooks:\n    - id: whypin-check\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("site_name: x\n", "site_name: x\nplugins:\n  - search\n  - whypin\n"),
        ("site_name: x", "site_name: x\nplugins:\n  - search\n  - whypin\n"),
        ("plugins:\n- search # a\n# b\nnav: []\n", "plugins:\n- search # a\n- whypin\n# b\nnav: []\n"),
        (
            "plugins:\n  - search:\n      lang: en\n\nnav: []\n",
            "plugins:\n  - search:\n      lang: en\n  - whypin\n\nnav: []\n",
        ),
        ("plugins:\n  - search:\n  - tags", "plugins:\n  - search:\n  - tags\n  - whypin\n"),
        ("plugins: [search, tags]  # a\n", "plugins: [search, tags, whypin]  # a\n"),
        ("plugins: [\n  search,  # a\n]\n", "plugins: [\n  search, whypin,  # a\n]\n"),
        ("plugins:\r\n  - search\r\n", "plugins:\r\n  - search\r\n  - whypin\r\n"),
        (
            "plugins:\n  - a:\n      b: |\n        c\n\n\nnav: []\n",
            "plugins:\n  - a:\n      b: |\n        c\n  - whypin\n\n\nnav: []\n",
        ),
        (
            "x: !!python/name:a.b\ny: !ENV [A, b]\nplugins: [a]\n",
            "x: !!python/name:a.b\ny: !ENV [A, b]\nplugins: [a, whypin]\n",
        ),
    ],
)
def test_the_plugin_comes_last(text: str, expected: str) -> None:
    assert with_plugin(text) == expected
    assert not has_plugin(text) and has_plugin(expected)


@pytest.mark.parametrize(
    "text",
    [
        "plugins: {search: {}}\n",
        "plugins:\n  search: {}\n",
        "plugins: []\n",
        "plugins: search\n",
        "INHERIT: base.yml\n",
        "{site_name: x}\n",
        "- a\n",
        "",
        "a: [\n",
        "a: &a [1]\nb: *a\nplugins: [search]\n",
        "a: &a [*a]\nplugins: [search]\n",
        "plugins: [search]\nx: " + "[" * 20_000 + "]" * 20_000 + "\n",
        "plugins: [search] \n---\nplugins: [tags]\n",
    ],
)
def test_what_cannot_be_added_to_safely_is_left_alone(text: str) -> None:
    assert with_plugin(text) is None


@pytest.mark.parametrize(
    "text", ["plugins: [whypin]", "plugins:\n  - whypin:\n      root: ..\n", "plugins:\n  whypin: {}\n"]
)
def test_a_plugin_that_is_there_is_seen(text: str) -> None:
    assert has_plugin(text)


@pytest.mark.parametrize(
    "text",
    [
        "repos:\n- repo: local\n  hooks:\n  - id: a\n    args: [b]  # c\n# end\n",
        "# top\nrepos:\n  - repo: https://x.example\n    rev: v1\n    hooks:\n      - id: a\nci: {x: 1}\n",
        "repos:\r\n  - repo: local\r\n    hooks: []",
    ],
)
def test_the_hook_comes_last_among_the_repositories(text: str) -> None:
    new = with_hook(text, HOOK)
    assert new is not None
    before, after = yaml.safe_load(text), yaml.safe_load(new)
    assert after["repos"][:-1] == before["repos"] and after["repos"][-1] == yaml.safe_load(HOOK)[0]
    added = new.splitlines()
    for line in text.splitlines():
        added.remove(line)
    assert [line.strip() for line in added] == [line.strip() for line in HOOK.splitlines()]


@pytest.mark.parametrize("text", ["repos: []\n", "repos: [{repo: local}]\n", "x: 1\n", "- repo: local\n", "a: [\n"])
def test_hooks_that_are_written_otherwise_are_left_alone(text: str) -> None:
    assert with_hook(text, HOOK) is None
