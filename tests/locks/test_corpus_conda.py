"""Real conda-lock.yml files: packages, categories and edges as conda-lock itself read them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.corpus import CORPUS, needs_corpus, projects, truth_of
from whypin import locks
from whypin.locks import conda_lock
from whypin.model.lock import Lock

pytestmark = needs_corpus

PROJECTS = projects("conda-lock.yml")
SOURCES = {"conda": "conda", "pip": "registry"}


def lock_of(folder: str, lock: str) -> Lock:
    return conda_lock.read((CORPUS / folder / lock).read_text(encoding="utf-8"), lock)


def groups_of(package: dict[str, Any]) -> set[str]:
    """The categories of a package: a list from conda-lock, one word from PyYAML, nothing where the lock tells none.

    conda-lock 0.x listed virtual packages (`__osx`) without a category; conda-lock takes that for main.
    """
    told = package["category"] or "main"
    names = [told] if isinstance(told, str) else told
    return {"main" if name == "main" else f"group:{name}" for name in names}


@pytest.mark.parametrize(("folder", "lock"), PROJECTS)
def test_packages_platforms_and_categories(folder: str, lock: str) -> None:
    """The truth lists a package once for each platform; here the platforms of one are one entry."""
    truth: dict[tuple[str, str, str], dict[str, set[str]]] = {}
    for package in truth_of(folder)["packages"]:
        key = (package["name"], package["version"], SOURCES[package["source"]])
        found = truth.setdefault(key, {"platforms": set(), "groups": set()})
        found["platforms"].add(package["platform"])
        found["groups"] |= groups_of(package)
    entries = lock_of(folder, lock).entries
    assert {
        (entry.name, entry.version, entry.source): {"platforms": set(entry.platforms), "groups": set(entry.groups)}
        for entry in entries
    } == truth
    assert len(entries) == len(truth)


@pytest.mark.parametrize(("folder", "lock"), PROJECTS)
def test_edges(folder: str, lock: str) -> None:
    """Every edge of the truth and no other, virtual packages included: these lead to nothing.

    Edges lead to all versions of the child on the platforms of the parent, and to no other.
    """
    entries = lock_of(folder, lock).entries
    told: dict[tuple[str, str], set[str]] = {}
    parents: dict[tuple[str, str], set[str]] = {}
    for parent, child, _ in truth_of(folder)["edges"]:
        name, _, rest = parent.partition("==")
        version, _, platform = rest.rpartition("@")
        told.setdefault((name, version), set()).add(child)
        parents.setdefault((name, version), set()).add(platform)
    found = {(entry.name, entry.version): {edge.name for edge in entry.edges or ()} for entry in entries}
    assert {key: edges for key, edges in found.items() if edges} == told
    for entry in entries:
        for edge in entry.edges or ():
            # Virtual packages are the machine's; torch of an index is brought by conda under the name pytorch.
            assert edge.targets or edge.name.startswith("__") or (entry.name, edge.name) == ("flash-attn", "torch")
            assert all(set(entries[at].platforms) & set(entry.platforms) for at in edge.targets)
            assert {entries[at].name for at in edge.targets} <= {edge.name}


@pytest.mark.parametrize(("folder", "lock"), PROJECTS)
def test_every_line_is_that_of_the_name(folder: str, lock: str) -> None:
    lines = (CORPUS / folder / lock).read_text(encoding="utf-8").split("\n")
    entries = lock_of(folder, lock).entries
    assert [lines[entry.location.line - 1].lstrip("- ") for entry in entries] == [
        f"name: {entry.name}" for entry in entries
    ]
    numbers = [entry.location.line for entry in entries]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(("folder", "lock"), PROJECTS)
def test_all_but_virtual_packages_have_hashes_and_channels(folder: str, lock: str) -> None:
    for entry in lock_of(folder, lock).entries:
        virtual = entry.name.startswith("__")
        assert entry.hashed is not virtual
        assert (entry.index is not None) is (entry.source == "conda" and not virtual)
        assert entry.index is None or entry.index.rpartition("/")[2] in {"conda-forge", "pytorch", "nvidia", "main"}


@pytest.mark.parametrize(("folder", "lock"), PROJECTS)
def test_under_another_name_the_text_tells_the_format(folder: str, lock: str) -> None:
    text = (CORPUS / folder / lock).read_text(encoding="utf-8")
    assert locks.read(text, "linux.lock.yml", lambda path: path).format == "conda-lock"
