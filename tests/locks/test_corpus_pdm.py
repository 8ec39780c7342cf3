"""Real pdm.lock files: packages, edges and groups as PDM itself read them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.corpus import CORPUS, needs_corpus, projects, truth_of
from whypin.locks import pdm
from whypin.manifests import pyproject
from whypin.model.graph import settle
from whypin.model.lock import Entry, Lock

pytestmark = needs_corpus


def lock_of(folder: str, lock: str) -> Lock:
    return pdm.read((CORPUS / folder / lock).read_text(encoding="utf-8"), lock)


def key(entry: Entry) -> str:
    return f"{entry.name}=={entry.version}"


@pytest.mark.parametrize(("folder", "lock"), projects("pdm.lock"))
def test_packages(folder: str, lock: str) -> None:
    found = lock_of(folder, lock).entries
    truth: dict[tuple[str, str], dict[str, Any]] = {}
    groups: dict[tuple[str, str], set[str]] = {}
    for package in truth_of(folder)["packages"]:
        identity = (package["name"], package["version"])
        if not package["extras"]:
            truth[identity] = package
        groups.setdefault(identity, set()).update(package.get("groups", []))
    assert [(entry.name, entry.version, entry.source, entry.ref) for entry in found] == [
        (*identity, package["source"], package["ref"]) for identity, package in truth.items()
    ]
    assert [_spaced(entry.marker) for entry in found] == [package.get("marker", "") for package in truth.values()]
    assert all(entry.hashed for entry in found)
    if any(groups.values()):
        names = {
            identity: {"main" if name == "default" else f"group:{name}" for name in each}
            for identity, each in groups.items()
        }
        assert {(entry.name, entry.version): set(entry.groups) for entry in found} == names


def _spaced(marker: str | None) -> str:
    """PDM's own spelling of a marker: double quotes, and two bounds as one where they can be."""
    text = (marker or "").replace("'", '"')
    return text.replace('python_version >= "3.8" and python_version < "4.0"', 'python_version ~= "3.8"')


@pytest.mark.parametrize(("folder", "lock"), projects("pdm.lock"))
def test_edges(folder: str, lock: str) -> None:
    found = lock_of(folder, lock)
    edges = Counter(
        (
            key(entry),
            edge.gate.removeprefix("extra:"),
            edge.name,
            edge.extras,
            _spaced(edge.marker),
            tuple(sorted(str(found.entries[at].version) for at in edge.targets)),
        )
        for entry in found.entries
        for edge in entry.edges or ()
    )
    expected = Counter(
        (parent.partition("[")[0], gate, child, tuple(extras), marker, tuple(versions))
        for parent, child, _, extras, marker, versions in truth_of(folder)["edges"]
        for gate in parent.partition("[")[2].rstrip("]").split(",")
        if f"{child}==" != parent.partition("[")[0][: len(child) + 2]
    )
    assert edges == expected


@pytest.mark.parametrize(("folder", "lock"), projects("pdm.lock"))
def test_every_line_is_that_of_the_name(folder: str, lock: str) -> None:
    lines = (CORPUS / folder / lock).read_text(encoding="utf-8").split("\n")
    for entry in lock_of(folder, lock).entries:
        assert lines[entry.location.line - 1].lower() == f'name = "{entry.name}"'
        below = lines[entry.location.line : entry.location.line + 3]
        assert not [line for line in below if line.startswith("extras")]


@pytest.mark.parametrize(("folder", "lock"), projects("pdm.lock"))
def test_the_manifest_leads_to_what_the_lock_groups(folder: str, lock: str) -> None:
    """By the edges alone, main reaches all that PDM has put into its default group: no edge is lost."""
    found = lock_of(folder, lock)
    bare = found._replace(entries=tuple(entry._replace(groups=()) for entry in found.entries))
    text = (CORPUS / folder / "pyproject.toml").read_text(encoding="utf-8")
    requirements = pyproject.read(text, "pyproject.toml").requirements
    by_graph = {key(entry) for entry in settle(bare, requirements).entries if "main" in entry.groups}
    by_lock = {key(entry) for entry in found.entries if "main" in entry.groups}
    assert not requirements or by_lock <= by_graph
