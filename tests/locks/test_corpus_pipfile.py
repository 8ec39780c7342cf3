"""Real Pipfile.lock files: packages and categories as pipenv's own library read them."""

from __future__ import annotations

import pytest

from tests.corpus import CORPUS, needs_corpus, projects, truth_of
from whypin.locks import pipfile
from whypin.manifests import pipfile as manifest
from whypin.model.graph import settle
from whypin.model.lock import Lock

pytestmark = needs_corpus


def lock_of(folder: str, lock: str) -> Lock:
    return pipfile.read((CORPUS / folder / lock).read_text(encoding="utf-8"), lock)


@pytest.mark.parametrize(("folder", "lock"), projects("Pipfile.lock"))
def test_packages(folder: str, lock: str) -> None:
    found = lock_of(folder, lock).entries
    kinds = {"vcs": "git"}
    assert [(entry.name, entry.version, entry.source, entry.groups) for entry in found] == [
        (
            package["name"],
            package["version"],
            kinds.get(package["source"], package["source"]),
            (pipfile.CATEGORIES[package["section"]],),
        )
        for package in truth_of(folder)["packages"]
    ]
    for entry, package in zip(found, truth_of(folder)["packages"], strict=True):
        told = package.get("markers", "")
        assert (entry.marker or "") == told or "dependency_groups" in told
        assert "dependency_groups" not in (entry.marker or "")
        assert entry.edges is None
        assert entry.ref == (f"{package['git']}@{package['ref']}" if "git" in package else None)
        assert entry.index == (None if "git" in package else "https://index.example/simple")
        assert entry.hashed is ("git" not in package)


@pytest.mark.parametrize(("folder", "lock"), projects("Pipfile.lock"))
def test_every_line_is_that_of_the_name(folder: str, lock: str) -> None:
    lines = (CORPUS / folder / lock).read_text(encoding="utf-8").split("\n")
    found = lock_of(folder, lock)
    assert [lines[entry.location.line - 1].replace(".", "-") for entry in found.entries] == [
        f'        "{entry.name}": {{' for entry in found.entries
    ]
    numbers = [entry.location.line for entry in found.entries]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(("folder", "lock"), projects("Pipfile.lock"))
def test_what_the_pipfile_asks_for_is_direct(folder: str, lock: str) -> None:
    text = (CORPUS / folder / "Pipfile").read_text(encoding="utf-8")
    asked = manifest.read(text, "Pipfile").requirements
    settled = settle(lock_of(folder, lock), asked)
    assert {entry.name for entry in settled.entries if entry.direct} == {requirement.name for requirement in asked} & {
        entry.name for entry in settled.entries
    }
    told = [entry.groups for entry in lock_of(folder, lock).entries]
    assert [entry.groups for entry in settled.entries] == told
